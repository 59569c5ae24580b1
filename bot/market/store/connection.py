"""Connections to the market database, and its migrations: SQLite in WAL mode, or PostgreSQL through psycopg."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url

from bot.errors import DatabaseNewer
from bot.trouble import as_unusable

if TYPE_CHECKING:
    from alembic.config import Config

_DRIVERS = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg"}
_BUSY_MILLISECONDS = 30_000
WRITER_LOCK = 0x6D61726B  # any constant: one ingester writes at a time, one process migrates at a time


def driven(url: str) -> URL:
    """Return a URL with the driver used here. ValueError for another database than the two."""
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    if backend not in _DRIVERS:
        raise ValueError(f"the market store lives in SQLite or PostgreSQL, not {backend}")
    return parsed.set(drivername=_DRIVERS[backend])


def connected(url: str) -> Engine:
    """Return an engine; the folder of an SQLite file is made."""
    address = driven(url)
    if address.get_backend_name() == "postgresql":
        return create_engine(address, pool_pre_ping=True)
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address)
    _tune(engine)
    return engine


def _tune(engine: Engine) -> None:
    """Begin transactions ourselves: sqlite3 would begin them too late for readers to see one state throughout."""

    @event.listens_for(engine, "connect")
    def opened(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", f"busy_timeout={_BUSY_MILLISECONDS}"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def take_writer_lock(connection: Connection) -> None:
    """Wait until no other process writes; held until the transaction ends. SQLite's own lock does the same."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITER_LOCK})


def migrate(url: str, revision: str = "head") -> None:
    """Bring the tables to ``revision`` ("base" removes them all). Safe when several processes start at once.

    Raises DatabaseUnusable, or DatabaseNewer.
    """
    from alembic import command
    from alembic.util import CommandError

    with as_unusable(whatever=True):
        engine, config = connected(url), _scripts("market")
        try:
            with engine.execution_options(writing=True).begin() as connection:
                take_writer_lock(connection)
                config.attributes["connection"] = connection
                (command.downgrade if revision == "base" else command.upgrade)(config, revision)
        except CommandError as error:
            raise DatabaseNewer("market") from error
        finally:
            engine.dispose()


def _scripts(part: str) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", f"bot.{part}:migrations")
    return config


def head(part: str = "market") -> str | None:
    """Return the revision that this release's code expects of a part's tables."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_scripts(part)).get_current_head()


def knows(revision: str, part: str = "market") -> bool:
    """Whether this release's code has heard of a revision: not of those that newer releases made."""
    from alembic.script import ScriptDirectory

    return revision in {one.revision for one in ScriptDirectory.from_config(_scripts(part)).walk_revisions()}


def revision(url: str, part: str = "market") -> str | None:
    """Return the revision that the tables of a part (market, community) are at, None where they were never made."""
    from alembic.migration import MigrationContext

    engine = connected(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(
                connection, opts={"version_table": f"{part}_version"}
            ).get_current_revision()
    finally:
        engine.dispose()
