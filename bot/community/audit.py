"""Who changed what, when, with before and after: written in the same transaction as the change itself."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.community.database import Database
from bot.community.records import AuditEntry, By
from bot.community.tables import audit

UNDONE = "undone"


async def note(
    connection: AsyncConnection,
    guild_id: int,
    by: By,
    action: str,
    subject: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write one entry, within the transaction of the change; none for what changed nothing."""
    if before is not None and before == after:
        return
    await connection.execute(
        insert(audit).values(
            guild_id=guild_id,
            at=by.at,
            user_id=by.user_id,
            action=action,
            subject=subject,
            before=before,
            after=after,
            undone=False,
            act=by.act,
        )
    )


class AuditLog:
    """Reads the log. Actions are ``added``, ``changed``, ``removed`` and ``undone``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def entries(
        self,
        guild_id: int,
        *,
        user_id: int | None = None,
        subject: str | None = None,
        since: datetime | None = None,
        after_id: int = 0,
        before_id: int | None = None,
        limit: int = 50,
    ) -> list[AuditEntry]:
        """Return a server's entries, newest first; ``subject`` matches its beginning, as in "schedule:"."""
        query = select(audit).where(audit.c.guild_id == guild_id, audit.c.id > after_id)
        if since is not None:
            query = query.where(audit.c.at >= since)
        if before_id is not None:
            query = query.where(audit.c.id < before_id)
        if user_id is not None:
            query = query.where(audit.c.user_id == user_id)
        if subject is not None:
            query = query.where(audit.c.subject.startswith(subject, autoescape=True))
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(audit.c.id.desc()).limit(limit))
            return [AuditEntry(**row) for row in rows.mappings()]

    async def last_act(self, guild_id: int) -> list[AuditEntry]:
        """Return what the newest act changed that is neither taken back nor itself a taking back, newest first.

        What the bot did by itself, such as pausing what failed, is nobody's act.
        """
        undoings = select(audit.c.act).where(
            audit.c.guild_id == guild_id, audit.c.action == UNDONE, audit.c.act.is_not(None)
        )
        standing = (
            select(audit)
            .where(audit.c.guild_id == guild_id, audit.c.undone.is_(False), audit.c.action != UNDONE)
            .where(or_(audit.c.act.is_(None), audit.c.act.not_in(undoings)))
            .where(or_(audit.c.act.is_not(None), audit.c.user_id.is_not(None)))
            .order_by(audit.c.id.desc())
        )
        async with self._database.read() as connection:
            newest = (await connection.execute(standing.limit(1))).mappings().first()
            if newest is None or newest["act"] is None:
                return [AuditEntry(**newest)] if newest else []
            same = await connection.execute(standing.where(audit.c.act == newest["act"]))
            return [AuditEntry(**row) for row in same.mappings()]

    async def mark_undone(self, entries: Sequence[AuditEntry], by: By) -> bool:
        """Mark changes as taken back, and say who did; False where somebody was quicker with any of them."""
        ids = [entry.id for entry in entries]

        async def work(connection: AsyncConnection) -> bool:
            still = select(audit.c.id).where(audit.c.id.in_(ids), audit.c.undone.is_(False)).with_for_update()
            if len((await connection.scalars(still)).all()) < len(ids):
                return False
            await connection.execute(update(audit).where(audit.c.id.in_(ids)).values(undone=True))
            for entry in entries:
                about, old, new = entry.subject, entry.after, entry.before
                await note(connection, entry.guild_id, by, UNDONE, about, before=old, after=new)
            return True

        return await self._database.insist(work)

    async def drop_older(self, moment: datetime) -> int:
        """Delete what is older than ``moment``; returns how many entries went."""
        async with self._database.write() as connection:
            return (await connection.execute(delete(audit).where(audit.c.at < moment))).rowcount
