import asyncio
import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, make_url, select, text
from sqlalchemy.exc import OperationalError, StatementError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.community import database as module
from bot.community.database import SYNC_DRIVERS, Database, migrate
from bot.community.guilds import Guilds
from bot.community.records import GuildSettings
from bot.community.tables import guilds, metadata
from tests.community.examples import BY, GUILD


def _tables(url: str) -> set[str]:
    engine = create_engine(module._driven(url, SYNC_DRIVERS))
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    return names


def test_the_migrations_make_exactly_the_tables_of_the_code(migrated_url: str) -> None:
    engine = create_engine(module._driven(migrated_url, SYNC_DRIVERS))
    with engine.connect() as connection:
        assert (
            compare_metadata(
                MigrationContext.configure(connection, opts={"version_table": "community_version"}), metadata
            )
            == []
        )
    engine.dispose()


def test_migrating_again_changes_nothing_and_back_leaves_nothing(database_url: str) -> None:
    migrate(database_url)
    migrate(database_url)
    assert _tables(database_url) == {*metadata.tables, "community_version"}
    migrate(database_url, "base")
    assert _tables(database_url) == {"community_version"}


def test_two_processes_may_start_at_once(database_url: str) -> None:
    faults: list[BaseException] = []

    def start() -> None:
        try:
            migrate(database_url)
        except Exception as fault:  # noqa: BLE001  (whatever it is, the test has to see it)
            faults.append(fault)

    threads = [threading.Thread(target=start) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert _tables(database_url) == {*metadata.tables, "community_version"}


async def test_moments_keep_their_zone_and_naive_ones_are_refused(migrated_url: str) -> None:
    database = Database(migrated_url)
    east = datetime(2026, 3, 8, 12, 0, 1, 250, tzinfo=timezone(timedelta(hours=9)))
    await Guilds(database).save(GuildSettings(guild_id=GUILD, paused_until=east), BY)
    async with database.read() as connection:
        stored = await connection.scalar(select(guilds.c.paused_until))
    assert stored == datetime(2026, 3, 8, 3, 0, 1, 250, tzinfo=UTC)
    assert stored.utcoffset() == timedelta(0)
    with pytest.raises(StatementError, match="aware"):
        await Guilds(database).save(GuildSettings(guild_id=GUILD, paused_until=datetime(2026, 1, 1)), BY)  # noqa: DTZ001
    await database.close()


async def test_sqlite_is_in_wal_mode_and_survives_a_power_cut(migrated_url: str) -> None:
    database = Database(migrated_url)
    if database.backend == "sqlite":
        async with database.read() as connection:
            modes = {
                p: await connection.scalar(text(f"PRAGMA {p}")) for p in ("journal_mode", "synchronous", "foreign_keys")
            }
        assert modes == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    async with database.write() as connection:
        assert await connection.scalar(text("SELECT 1")) == 1
    await database.close()


async def test_many_writers_at_once_lose_nothing(migrated_url: str) -> None:
    database = Database(migrated_url)
    settings = [GuildSettings(guild_id=GUILD + n, zone="Europe/Berlin") for n in range(40)]
    await asyncio.gather(*(Guilds(database).save(one, BY) for one in settings))
    stored = await Guilds(database).several([one.guild_id for one in settings])
    assert list(stored.values()) == settings
    await database.close()


async def test_a_dropped_connection_is_replaced_and_the_work_repeated(
    migrated_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAUSES", (0.0, 0.0))
    database = Database(migrated_url)
    tries = 0

    async def work(connection: AsyncConnection) -> int:
        nonlocal tries
        tries += 1
        await connection.execute(text("SELECT 1"))
        if tries == 1:
            await _drop(database, connection)
        return (await connection.execute(select(guilds))).rowcount

    await database.insist(work)
    assert tries == 2
    await database.close()


async def _drop(database: Database, connection: AsyncConnection) -> None:
    if database.backend == "sqlite":
        raise OperationalError("select", {}, Exception("database is locked"))
    pid = await connection.scalar(text("SELECT pg_backend_pid()"))
    async with database.engine.begin() as other:
        await other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})


async def test_a_mistake_is_not_repeated(migrated_url: str) -> None:
    database = Database(migrated_url)
    tries = 0

    async def work(connection: AsyncConnection) -> None:
        nonlocal tries
        tries += 1
        row = {c.name: None for c in guilds.c} | {"guild_id": GUILD}
        await connection.execute(guilds.insert().values(**row))

    with pytest.raises(Exception, match=r"(?i)null"):
        await database.insist(work)
    assert tries == 1
    assert (await Guilds(database).get(GUILD)) == GuildSettings(guild_id=GUILD)
    await database.close()


async def test_a_server_that_falls_silent_is_noticed_and_the_operators_word_counts(postgres: str) -> None:
    own = make_url(postgres).update_query_dict({"keepalives_idle": "7"}).render_as_string(hide_password=False)
    for url, idle in ((postgres, "15"), (own, "7")):
        database = Database(url)
        async with database.read() as connection:
            raw = await connection.get_raw_connection()
            assert raw.driver_connection is not None
            used = raw.driver_connection.info.get_parameters()
        await database.close()
        assert (used["keepalives_idle"], used["tcp_user_timeout"], used["connect_timeout"]) == (idle, "35000", "10")
