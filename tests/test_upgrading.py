"""From the first release's tables, with rows in all of them, to today's: nothing that was kept is lost."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Engine,
    Float,
    Integer,
    MetaData,
    Table,
    create_engine,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import BYTEA
from sqlalchemy.types import BLOB, LargeBinary, Numeric, Time

from bot.community import database
from bot.community.tables import metadata as community_tables
from bot.errors import DatabaseUnusable
from bot.market.store import connection, schema
from tests.databases import database_url, postgres

__all__ = ["database_url", "postgres"]

ROWS = 3
MOMENT = datetime(2026, 7, 17, 20, 30, tzinfo=UTC)
PARTS: dict[str, tuple[Callable[..., None], set[str]]] = {
    "market": (connection.migrate, set(schema.metadata.tables)),
    "community": (database.migrate, set(community_tables.tables)),
}
DROPPED = {("people", "theme"), ("people", "default_window")}  # never written by any release


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    engine = create_engine(connection.driven(url))
    yield engine
    engine.dispose()


def made_up(column: Column[Any], n: int, keys: dict[str, list[Any]]) -> Any:
    """Return a value for a column: of its type, different in each row; the referred row's where it refers to one."""
    for key in column.foreign_keys:
        return keys[key.target_fullname][n]
    kind = column.type
    if isinstance(kind, Boolean):
        return n % 2 == 0
    if isinstance(kind, DateTime):
        moment = MOMENT + timedelta(hours=n)
        return moment if kind.timezone else moment.replace(tzinfo=None)
    if isinstance(kind, Date):
        return date(2026, 7, 1 + n)
    if isinstance(kind, Time):
        return (MOMENT + timedelta(hours=n)).time()
    if isinstance(kind, Integer):
        return 1000 + n
    if isinstance(kind, Float | Numeric):
        return 0.5 + n
    if isinstance(kind, LargeBinary | BLOB | BYTEA):
        return bytes([n])
    return f"{column.name[:20]} {n}"


def filled(there: Connection) -> dict[str, tuple[list[str], set[tuple[Any, ...]]]]:
    """Put rows into every table there is; return what is in them, by table: the columns, the rows."""
    tables = MetaData()
    tables.reflect(there)
    keys: dict[str, list[Any]] = {}
    for table in tables.sorted_tables:
        if table.name.endswith("_version"):
            continue
        rows = [{column.name: made_up(column, n, keys) for column in table.columns} for n in range(ROWS)]
        there.execute(table.insert(), rows)
        keys |= {f"{table.name}.{column.name}": [row[column.name] for row in rows] for column in table.columns}
    return contents(there)


def contents(there: Connection) -> dict[str, tuple[list[str], set[tuple[Any, ...]]]]:
    tables = MetaData()
    tables.reflect(there)
    return {t.name: _read(there, t) for t in tables.sorted_tables if not t.name.endswith("_version")}


def _read(there: Connection, table: Table) -> tuple[list[str], set[tuple[Any, ...]]]:
    names = sorted(column.name for column in table.columns if (table.name, column.name) not in DROPPED)
    rows = there.execute(table.select()).mappings()
    return names, {tuple(row[name] for name in names) for row in rows}


@pytest.mark.parametrize("part", PARTS)
def test_rows_of_the_first_release_outlive_every_upgrade(part: str, database_url: str) -> None:
    migrate, tables = PARTS[part]
    migrate(database_url, "0001")
    with opened(database_url) as engine:
        with engine.begin() as there:
            before = filled(there)
        assert all(len(rows) == ROWS for _names, rows in before.values())
        migrate(database_url)
        with engine.begin() as there:
            after = contents(there)
            if engine.dialect.name == "sqlite":
                assert there.execute(sql("PRAGMA foreign_key_check")).all() == []
                assert there.execute(sql("PRAGMA integrity_check")).scalar_one() == "ok"
    assert set(after) == tables
    for table, (names, rows) in before.items():
        now, kept = after[table]
        places = [now.index(name) for name in names]
        assert {tuple(row[place] for place in places) for row in kept} == rows, table


@pytest.mark.parametrize("part", PARTS)
def test_an_upgrade_that_fails_leaves_the_tables_as_they_were(
    part: str,
    database_url: str,
) -> None:
    migrate, _tables = PARTS[part]
    migrate(database_url, "0001")
    with opened(database_url) as engine:
        with engine.begin() as there:
            before = filled(there)
            last = "aggregates" if part == "market" else "public_answers"
            there.execute(sql(f"CREATE TABLE {last} (in_the_way INTEGER)"))
        with pytest.raises(DatabaseUnusable) as caught:
            migrate(database_url)
        assert caught.value.text().startswith(f"The {part} database cannot be used: ")
        with engine.begin() as there:
            assert {name: rows for name, rows in contents(there).items() if name != last} == before
            assert there.execute(sql(f"SELECT version_num FROM {part}_version")).scalar_one() == "0001"
            there.execute(sql(f"DROP TABLE {last}"))
        migrate(database_url)
