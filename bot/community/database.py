"""Connections to the community database: SQLite in WAL mode, or PostgreSQL.

SQLite takes one writer at a time: writers of this process queue on a lock instead of on the file. Migrations run
synchronously, before any event loop.
"""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, Engine, Table, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import DatabaseNewer
from bot.trouble import as_unusable

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

T = TypeVar("T")
ASYNC_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}
SYNC_DRIVERS = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg"}
PAUSES = (0.05, 0.2, 0.8, 2.0)  # seconds between tries when the connection drops
_BUSY_MILLISECONDS = 30_000
_SILENCE = {
    "connect_timeout": "10", "keepalives_idle": "15", "keepalives_interval": "5", "keepalives_count": "4",
    "tcp_user_timeout": "35000",
}  # fmt: skip  # seconds but for the last, which is milliseconds
_MIGRATION_LOCK = 0x68616E64  # any constant: two processes that start at once migrate one after the other


def _driven(url: str, drivers: dict[str, str]) -> URL:
    parsed = make_url(url)
    return parsed.set(drivername=drivers[parsed.get_backend_name()])


def _tune_sqlite(engine: Engine) -> None:
    """Take transactions into our own hands: sqlite3 itself would begin them too late to be repeatable."""

    @event.listens_for(engine, "connect")
    def opened(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={_BUSY_MILLISECONDS}",
            "synchronous=FULL",  # a claim must outlive a power cut: the message it stands for does
            "foreign_keys=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _enter_wal(engine: Engine) -> None:
    """Put the file into WAL mode, for good. Two processes that do so at once are told that it is locked: again then."""
    for pause in (*PAUSES, None):
        try:
            with closing(engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA journal_mode=WAL").close()
        except sqlite3.OperationalError:
            if pause is None:
                raise
            time.sleep(pause)
        else:
            return


def migrate(url: str, revision: str = "head") -> None:
    """Bring the tables to ``revision``. Blocks; safe when several processes start at once.

    Raises DatabaseUnusable, or DatabaseNewer.
    """
    from alembic.util import CommandError

    with as_unusable("community", whatever=True):
        try:
            _migrated(url, revision)
        except CommandError as error:
            raise DatabaseNewer("community") from error


def _migrated(url: str, revision: str) -> None:
    from alembic import command
    from alembic.config import Config

    engine = create_engine(_driven(url, SYNC_DRIVERS), execution_options={"writing": True})
    config = Config()
    config.set_main_option("script_location", "bot.community:migrations")
    try:
        if engine.dialect.name == "sqlite":
            _tune_sqlite(engine)
            _enter_wal(engine)
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
            config.attributes["connection"] = connection
            (command.downgrade if revision == "base" else command.upgrade)(config, revision)
    finally:
        engine.dispose()


def inserting(connection: AsyncConnection, table: Table) -> "sqlite.Insert | postgresql.Insert":
    """Return an INSERT that knows ON CONFLICT, in the database's own dialect; only that one is imported."""
    if connection.dialect.name == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)


async def upsert(connection: AsyncConnection, table: Table, values: dict[str, Any]) -> None:
    """Insert a row, or overwrite the one with the same primary key."""
    key = [column.name for column in table.primary_key]
    rest = {name: value for name, value in values.items() if name not in key}
    await connection.execute(
        inserting(connection, table).values(**values).on_conflict_do_update(index_elements=key, set_=rest)
    )


def _noticing_silence(url: URL) -> URL:
    """Have a PostgreSQL that is gone without a word noticed within a minute, not after the system's two hours.

    What the operator's URL says about it counts.
    """
    return url.update_query_dict({name: value for name, value in _SILENCE.items() if name not in url.query})


def _worth_retrying(error: DBAPIError) -> bool:
    return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)


class Database:
    """An open database. ``read`` and ``write`` are transactions; ``insist`` retries one that can be repeated."""

    def __init__(self, url: str) -> None:
        driven = _driven(url, ASYNC_DRIVERS)
        self.backend = driven.get_backend_name()
        if self.backend == "postgresql":
            driven = _noticing_silence(driven)
        self.engine: AsyncEngine = create_async_engine(driven, pool_pre_ping=self.backend == "postgresql")
        self._writing = self.engine.execution_options(writing=True)
        self._one_writer = asyncio.Lock()
        if self.backend == "sqlite":
            _tune_sqlite(self.engine.sync_engine)

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that sees one state throughout."""
        async with self.engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that may change things; it is committed at the end of the body."""
        if self.backend != "sqlite":
            async with self._writing.begin() as connection:
                yield connection
            return
        async with self._one_writer, self._writing.begin() as connection:
            yield connection

    async def insist(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Run ``work`` in a writing transaction; again on a new connection where the old one broke.

        ``work`` must be repeatable: a commit whose answer was lost may have happened.
        """
        for pause in PAUSES:
            try:
                async with self.write() as connection:
                    return await work(connection)
            except DBAPIError as error:
                if not _worth_retrying(error):
                    raise
            await asyncio.sleep(pause)
        async with self.write() as connection:
            return await work(connection)
