"""A row planted in every table, by the columns that a table has: whoever is named in it finds it and may have it gone.

Nothing here knows the tables by name: one that is added later is planted too.
"""

import json
from datetime import date, datetime, time
from typing import Any

import pytest
from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, Float, Integer, Table, Time, func, insert, select

from bot.community.privacy import guild_tables, person_columns
from bot.community.store import Community
from bot.community.tables import FORGET, Items, Moment, metadata
from tests.community.examples import GUILD, NOW, OTHER_GUILD

ME, SOMEBODY_ELSE = 123_456_789_012_345_678, 123_456_789_012_345_679
EVERY_TABLE = [pytest.param(table, id=table.name) for table in metadata.sorted_tables]
EVERY_GUILD_TABLE = [pytest.param(table, id=table.name) for table in guild_tables()]
EVERY_NAME = [pytest.param(column, way, id=f"{column.table.name}.{column.name}") for column, way in person_columns()]
PLAIN: dict[type, Any] = {
    Moment: NOW, Items: (), JSON: {}, Boolean: False, Float: 0.5, BigInteger: 7, Integer: 7,
    Time: time(9), Date: date(2026, 7, 17),
}  # fmt: skip


def _value(column: Column[Any]) -> Any:
    kind = next((kind for kind in PLAIN if isinstance(column.type, kind)), None)
    return PLAIN[kind] if kind else "text"


async def plant(community: Community, table: Table, **known: Any) -> None:
    """Insert a row: what is not known is plain, what a foreign key points to is planted first."""
    row = {column.name: _value(column) for column in table.c if column.autoincrement is not True}
    row |= {column.name: None for column in table.c if "person" in column.info and column.nullable}
    async with community.database.write() as connection:
        for column in table.c:
            for key in column.foreign_keys:
                parent = {c.name: _value(c) for c in key.column.table.c}
                await connection.execute(insert(key.column.table).values({**parent, "guild_id": known["guild_id"]}))
        await connection.execute(insert(table).values({**row, **known}))


async def count(community: Community, table: Table) -> int:
    async with community.database.read() as connection:
        return int(await connection.scalar(select(func.count()).select_from(table)) or 0)


def _own(table: Table, guild_id: int = GUILD) -> dict[str, int]:
    return {"guild_id": guild_id} if "guild_id" in table.c else {}


@pytest.mark.parametrize(("column", "way"), EVERY_NAME)
async def test_whoever_is_named_anywhere_finds_it_and_is_named_no_more(
    on_sqlite: Community, column: Column[Any], way: str
) -> None:
    table = column.table
    assert isinstance(table, Table)
    await plant(on_sqlite, table, **_own(table), **{column.name: ME})
    found = await on_sqlite.privacy.about_person(ME)
    assert list(found) == [table.name]
    (row,) = found[table.name]
    assert row[column.name] == ME
    assert await on_sqlite.privacy.about_person(SOMEBODY_ELSE) == {}
    assert await on_sqlite.privacy.forget_person(SOMEBODY_ELSE) == 0

    touched = await on_sqlite.privacy.forget_person(ME)
    kept = way.startswith("keep")
    assert touched == (0 if kept else 1)
    assert await count(on_sqlite, table) == (0 if way == "delete" else 1)
    assert bool(await on_sqlite.privacy.about_person(ME)) == kept


@pytest.mark.parametrize("table", dict.fromkeys(column.table for column, _way in person_columns()), ids=str)
async def test_who_is_named_twice_in_a_row_is_shown_it_once(on_sqlite: Community, table: Table) -> None:
    """Somebody's private alert names them as its owner and as its author."""
    names = {column.name: ME for column, _way in person_columns() if column.table is table}
    await plant(on_sqlite, table, **_own(table), **names)
    assert [len(rows) for rows in (await on_sqlite.privacy.about_person(ME)).values()] == [1]


@pytest.mark.parametrize("table", EVERY_GUILD_TABLE)
async def test_a_server_named_in_any_one_table_is_known_shown_it_and_forgotten(
    on_sqlite: Community, table: Table
) -> None:
    await plant(on_sqlite, table, guild_id=GUILD)
    planted = sum([await count(on_sqlite, one) for one in metadata.sorted_tables])
    assert planted == 1 + sum(len(column.foreign_keys) for column in table.c)
    assert list(await on_sqlite.privacy.known_guilds()) == [GUILD]
    found = await on_sqlite.privacy.about_guild(GUILD)
    if all(column.info in ({}, FORGET) or column.nullable or "keep" in column.info["person"] for column in table.c):
        assert len(found[table.name]) == 1
        assert found[table.name][0]["guild_id"] == GUILD
    assert await on_sqlite.privacy.about_guild(OTHER_GUILD) == {}
    assert await on_sqlite.privacy.forget_guild(OTHER_GUILD) == 0
    await on_sqlite.privacy.forget_guild(GUILD)
    assert sum([await count(on_sqlite, one) for one in metadata.sorted_tables]) == 0
    assert await on_sqlite.privacy.known_guilds() == {}


@pytest.mark.parametrize("table", EVERY_TABLE)
async def test_what_is_shown_can_be_written_down(on_sqlite: Community, table: Table) -> None:
    """As JSON, with every moment in UTC: a person reads it without us."""
    names = {column.name: ME for column, _way in person_columns() if column.table is table}
    await plant(on_sqlite, table, **_own(table), **names)
    for found in (await on_sqlite.privacy.about_person(ME), await on_sqlite.privacy.about_guild(GUILD)):
        for row in json.loads(json.dumps(found)).get(table.name, []):
            moments = [row[c.name] for c in table.c if isinstance(c.type, Moment) and c.name in row]
            assert all(datetime.fromisoformat(moment) == NOW for moment in moments)


def test_no_person_is_named_by_a_column_that_could_not_be_emptied() -> None:
    assert all(column.nullable for column, way in person_columns() if way == "forget")
