import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from bot.community.database import migrate
from bot.community.store import Community
from bot.community.tables import metadata
from tests.databases import database_url, fresh_postgres, postgres

__all__ = ["community", "database_url", "migrated_postgres", "migrated_sqlite", "migrated_url", "postgres"]


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "community.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres: str) -> str:
    url = fresh_postgres(postgres)
    migrate(url)
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URL of a database with every table and no row: copied or emptied, as migrating takes its time."""
    if request.param == "sqlite":
        copy = tmp_path / "community.db"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), copy)
        return f"sqlite:///{copy}"
    url: str = request.getfixturevalue("migrated_postgres")
    with psycopg.connect(url) as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table.name)))
    return url


@pytest.fixture
async def community(migrated_url: str) -> AsyncIterator[Community]:
    async with Community(migrated_url) as opened:
        yield opened


@pytest.fixture
async def on_sqlite(migrated_sqlite: Path, tmp_path: Path) -> AsyncIterator[Community]:
    """Open a database on SQLite alone: for what does not depend on how the SQL is spoken."""
    copy = shutil.copy(migrated_sqlite, tmp_path / "alone.db")
    async with Community(f"sqlite:///{copy}") as opened:
        yield opened
