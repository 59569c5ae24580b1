"""Settings of servers and their channels, whom they blocked, and whether the bot is still there."""

from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, insert, select, union, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.community.alert_tables import alerts
from bot.community.audit import note
from bot.community.database import Database, upsert
from bot.community.plain import as_plain
from bot.community.records import Blocks, By, ChannelSettings, GuildSettings
from bot.community.tables import blocked_symbols, blocked_users, channels, guilds, schedules


def _values(record: GuildSettings | ChannelSettings) -> dict[str, Any]:
    return {field.name: getattr(record, field.name) for field in fields(record)}


class Guilds:
    """Servers' settings. A server that never set anything has the defaults and no row."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, guild_id: int) -> GuildSettings:
        """Return a server's settings."""
        return (await self.several([guild_id]))[guild_id]

    async def several(self, guild_ids: list[int]) -> dict[int, GuildSettings]:
        """Return the settings of each of these servers."""
        found = {guild_id: GuildSettings(guild_id=guild_id) for guild_id in guild_ids}
        async with self._database.read() as connection:
            rows = await connection.execute(select(guilds).where(guilds.c.guild_id.in_(guild_ids)))
            found.update({row["guild_id"]: GuildSettings(**row) for row in rows.mappings()})
        return found

    async def save(self, settings: GuildSettings, by: By) -> None:
        """Store a server's settings; another time zone means that its schedules are planned anew."""
        async with self._database.write() as connection:
            row = await _row(connection, guilds, guild_id=settings.guild_id)
            before = None if row is None else GuildSettings(**row)
            if before == settings:
                return
            await upsert(connection, guilds, _values(settings))
            if before is None or before.zone != settings.zone:
                await connection.execute(
                    update(schedules).where(schedules.c.guild_id == settings.guild_id).values(plan_at=by.at)
                )
            old = as_plain(before or GuildSettings(guild_id=settings.guild_id))
            await note(connection, settings.guild_id, by, "changed", "settings", before=old, after=as_plain(settings))

    async def channel(self, guild_id: int, channel_id: int) -> ChannelSettings:
        """Return a channel's own settings."""
        async with self._database.read() as connection:
            row = await _row(connection, channels, channel_id=channel_id)
        return ChannelSettings(guild_id=guild_id, channel_id=channel_id) if row is None else ChannelSettings(**row)

    async def channels(self, guild_id: int) -> list[ChannelSettings]:
        """Return the settings of the channels that differ from their server's, by channel."""
        query = select(channels).where(channels.c.guild_id == guild_id).order_by(channels.c.channel_id)
        async with self._database.read() as connection:
            return [ChannelSettings(**row) for row in (await connection.execute(query)).mappings()]

    async def looks(self, channel_ids: list[int]) -> dict[int, ChannelSettings]:
        """Return the settings of those of these channels that have their own."""
        query = select(channels).where(channels.c.channel_id.in_(channel_ids))
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings()
            return {row["channel_id"]: ChannelSettings(**row) for row in rows}

    async def save_channel(self, settings: ChannelSettings, by: By) -> None:
        """Store a channel's settings; one that differs in nothing leaves no row."""
        async with self._database.write() as connection:
            row = await _row(connection, channels, channel_id=settings.channel_id)
            before = ChannelSettings(**(row or {"guild_id": settings.guild_id, "channel_id": settings.channel_id}))
            if before == settings:
                return
            if settings == ChannelSettings(guild_id=settings.guild_id, channel_id=settings.channel_id):
                await connection.execute(delete(channels).where(channels.c.channel_id == settings.channel_id))
            else:
                await upsert(connection, channels, _values(settings))
            subject = f"channel:{settings.channel_id}"
            await note(
                connection, settings.guild_id, by, "changed", subject, before=as_plain(before), after=as_plain(settings)
            )

    async def blocks(self, guild_id: int) -> Blocks:
        """Return whom and what a server has blocked."""
        async with self._database.read() as connection:
            users = await connection.scalars(
                select(blocked_users.c.user_id).where(blocked_users.c.guild_id == guild_id)
            )
            symbols = await connection.scalars(
                select(blocked_symbols.c.symbol).where(blocked_symbols.c.guild_id == guild_id)
            )
            return Blocks(frozenset(users), frozenset(symbols))

    async def blocked_symbols(self, guild_ids: list[int]) -> dict[int, frozenset[str]]:
        """Return the blocked symbols of each of these servers."""
        query = select(blocked_symbols).where(blocked_symbols.c.guild_id.in_(guild_ids))
        found: dict[int, frozenset[str]] = dict.fromkeys(guild_ids, frozenset())
        async with self._database.read() as connection:
            for row in (await connection.execute(query)).mappings():
                found[row["guild_id"]] |= {row["symbol"]}
        return found

    async def block(self, guild_id: int, blocked: int | str, by: By) -> bool:
        """Block a person (by id) or a symbol; False where it already was."""
        table, key = _block(guild_id, blocked)
        async with self._database.write() as connection:
            if await _row(connection, table, **key) is not None:
                return False
            await connection.execute(insert(table).values(**key))
            await note(connection, guild_id, by, "added", f"block:{blocked}", after={"blocked": blocked})
            return True

    async def unblock(self, guild_id: int, blocked: int | str, by: By) -> bool:
        """Lift a block; False where there was none."""
        table, key = _block(guild_id, blocked)
        async with self._database.write() as connection:
            removed = await connection.execute(delete(table).where(*(table.c[name] == v for name, v in key.items())))
            if removed.rowcount:
                await note(connection, guild_id, by, "removed", f"block:{blocked}", before={"blocked": blocked})
            return bool(removed.rowcount)

    async def pinged_roles(self) -> dict[int, set[int]]:
        """Return the roles that each server's posts, alerts and failures call."""
        named = (
            (guilds, guilds.c.mention_role_id),
            (guilds, guilds.c.log_role_id),
            (schedules, schedules.c.mention_role_id),
            (alerts, alerts.c.mention_role_id),
        )
        query = union(*(select(table.c.guild_id, role.label("role")).where(role.is_not(None)) for table, role in named))
        found: dict[int, set[int]] = {}
        async with self._database.read() as connection:
            for row in await connection.execute(query):
                found.setdefault(row.guild_id, set()).add(row.role)
        return found

    async def left(self, guild_id: int, at: datetime) -> None:
        """Note that the bot was removed from a server."""
        await self._attend(guild_id, at)

    async def joined(self, guild_id: int) -> None:
        """Note that the bot is in a server (again)."""
        await self._attend(guild_id, None)

    async def _attend(self, guild_id: int, left_at: datetime | None) -> None:
        async with self._database.write() as connection:
            changed = await connection.execute(
                update(guilds).where(guilds.c.guild_id == guild_id).values(left_at=left_at)
            )
            if not changed.rowcount and left_at is not None:
                gone = replace(GuildSettings(guild_id=guild_id), left_at=left_at)
                await connection.execute(insert(guilds).values(**_values(gone)))

    async def left_before(self, moment: datetime) -> list[int]:
        """Return the servers that the bot was removed from before ``moment``."""
        async with self._database.read() as connection:
            return list(await connection.scalars(select(guilds.c.guild_id).where(guilds.c.left_at < moment)))


def _block(guild_id: int, blocked: int | str) -> tuple[Table, dict[str, Any]]:
    if isinstance(blocked, int):
        return blocked_users, {"guild_id": guild_id, "user_id": blocked}
    return blocked_symbols, {"guild_id": guild_id, "symbol": blocked}


async def _row(connection: AsyncConnection, table: Table, **key: Any) -> dict[str, Any] | None:
    query = select(table).where(*(table.c[name] == value for name, value in key.items()))
    row = (await connection.execute(query)).mappings().first()
    return None if row is None else {str(name): value for name, value in row.items()}
