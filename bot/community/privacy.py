"""Forgetting a server or a person, and showing a person what is stored: driven by the tables' own columns.

A table that is added later is covered as soon as its columns are named as ``bot.community.tables`` asks.
"""

from typing import Any

from sqlalchemy import Column, ColumnElement, Table, Text, cast, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.community.alert_tables import alerts
from bot.community.database import Database
from bot.community.tables import DELETE, audit, deliveries, guilds, metadata

_REMEMBERED_IN_TEXT = (audit.c.before, audit.c.after)  # settings as they were may name people


def guild_tables() -> list[Table]:
    """Return the tables that hold something about a server, children before their parents."""
    return [table for table in reversed(metadata.sorted_tables) if "guild_id" in table.c]


def person_columns() -> list[tuple[Column[Any], str]]:
    """Return every column that names a person, with what happens to it: ``delete``, ``forget`` or ``keep: why``."""
    return [
        (column, column.info["person"])
        for table in metadata.sorted_tables
        for column in table.c
        if "person" in column.info
    ]


def _names() -> dict[Table, list[Column[Any]]]:
    """Return the columns that name a person, by table: a row that names somebody twice is still one row."""
    return {table: own for table in metadata.sorted_tables if (own := [c for c in table.c if "person" in c.info])}


class Privacy:
    """Requests to see and to delete."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def known_guilds(self) -> dict[int, bool]:
        """Return every server that anything is stored about, and whether it has removed the bot."""
        async with self._database.read() as connection:
            found: set[int] = set()
            for table in guild_tables():
                found.update(await connection.scalars(select(table.c.guild_id).distinct()))
            gone = set(await connection.scalars(select(guilds.c.guild_id).where(guilds.c.left_at.is_not(None))))
        return {guild_id: guild_id in gone for guild_id in sorted(found)}

    async def forget_guild(self, guild_id: int) -> int:
        """Delete everything about a server, its log included; returns how many rows went."""
        async with self._database.write() as connection:
            gone = 0
            for table in guild_tables():
                gone += (await connection.execute(delete(table).where(table.c.guild_id == guild_id))).rowcount
            return gone

    async def forget_person(self, user_id: int) -> int:
        """Delete a person's rows and take their name off everything else; returns how many rows were touched."""
        async with self._database.write() as connection:
            touched = (await connection.execute(delete(deliveries).where(_told_directly(user_id)))).rowcount
            for column, way in person_columns():
                if way == "delete":
                    change = await connection.execute(delete(column.table).where(column == user_id))
                    touched += change.rowcount
                elif way == "forget":
                    change = await connection.execute(
                        update(column.table).where(column == user_id).values({column.name: None})
                    )
                    touched += change.rowcount
            return touched + await _scrub(connection, user_id)

    async def about_person(self, user_id: int) -> dict[str, list[dict[str, Any]]]:
        """Return every row that names a person, by table, as JSON-ready data; not what a log says about others."""
        found: dict[str, list[dict[str, Any]]] = {}
        async with self._database.read() as connection:
            for table, named in _names().items():
                theirs = [c for c in table.c if not any(c is remembered for remembered in _REMEMBERED_IN_TEXT)]
                query = select(*theirs).where(or_(*(column == user_id for column in named)))
                rows = (await connection.execute(query)).mappings()
                plain = [{str(name): _plain(value) for name, value in row.items()} for row in rows]
                if plain:
                    found[table.name] = plain
            told = (await connection.execute(select(deliveries).where(_told_directly(user_id)))).mappings()
            if plain := [{str(name): _plain(value) for name, value in row.items()} for row in told]:
                found[deliveries.name] = plain
        return found

    async def about_guild(self, guild_id: int) -> dict[str, list[dict[str, Any]]]:
        """Return every row about a server, by table, as JSON-ready data; not what belongs to one person alone."""
        found: dict[str, list[dict[str, Any]]] = {}
        async with self._database.read() as connection:
            for table in guild_tables():
                ours = [table.c.guild_id == guild_id, *(c.is_(None) for c in table.c if c.info == DELETE)]
                if table is deliveries:
                    private = select(alerts.c.channel_id).where(alerts.c.user_id.is_not(None))
                    ours.append(deliveries.c.channel_id.not_in(private))
                rows = (await connection.execute(select(table).where(*ours))).mappings()
                plain = [{str(name): _plain(value) for name, value in row.items()} for row in rows]
                if plain:
                    found[table.name] = plain
        return found


def _told_directly(user_id: int) -> ColumnElement[bool]:
    """Match what was posted to a person's direct channel: the channels of their private alerts."""
    return deliveries.c.channel_id.in_(select(alerts.c.channel_id).where(alerts.c.user_id == user_id))


async def _scrub(connection: AsyncConnection, user_id: int) -> int:
    """Take a person's id out of the remembered settings."""
    mentions = or_(*(cast(column, Text).contains(str(user_id)) for column in _REMEMBERED_IN_TEXT))
    rows = (await connection.execute(select(audit).where(mentions | (audit.c.subject == f"block:{user_id}")))).all()
    for row in rows:
        await connection.execute(
            update(audit)
            .where(audit.c.id == row.id)
            .values(
                before=_without(row.before, user_id),
                after=_without(row.after, user_id),
                subject=row.subject.replace(str(user_id), "?"),
            )
        )
    return len(rows)


def _without(value: Any, user_id: int) -> Any:
    if isinstance(value, dict):
        return {name: _without(inner, user_id) for name, inner in value.items()}
    if isinstance(value, list):
        return [_without(inner, user_id) for inner in value if inner != user_id]
    return None if value == user_id else value


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if hasattr(value, "isoformat") else value
