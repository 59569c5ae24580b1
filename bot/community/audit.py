"""Who changed what, when, with before and after: written in the same transaction as the change itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.community.database import Database
from bot.community.records import AuditEntry, By
from bot.community.tables import audit

KEPT_DAYS = 365


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
    """Write one entry, within the transaction of the change."""
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
        after_id: int = 0,
        limit: int = 50,
    ) -> list[AuditEntry]:
        """Return a server's entries, newest first; ``subject`` matches its beginning, as in "schedule:"."""
        query = select(audit).where(audit.c.guild_id == guild_id, audit.c.id > after_id)
        if user_id is not None:
            query = query.where(audit.c.user_id == user_id)
        if subject is not None:
            query = query.where(audit.c.subject.startswith(subject, autoescape=True))
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(audit.c.id.desc()).limit(limit))
            return [AuditEntry(**row) for row in rows.mappings()]

    async def last_undoable(self, guild_id: int) -> AuditEntry | None:
        """Return the newest change that is neither undone nor itself an undoing."""
        query = (
            select(audit)
            .where(audit.c.guild_id == guild_id, audit.c.undone.is_(False), audit.c.action != "undone")
            .order_by(audit.c.id.desc())
            .limit(1)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().first()
        return None if row is None else AuditEntry(**row)

    async def mark_undone(self, entry: AuditEntry, by: By) -> bool:
        """Mark a change as taken back, and say who did; False where somebody was quicker."""

        async def work(connection: AsyncConnection) -> bool:
            changed = await connection.execute(
                update(audit).where(audit.c.id == entry.id, audit.c.undone.is_(False)).values(undone=True)
            )
            if changed.rowcount:
                await note(
                    connection, entry.guild_id, by, "undone", entry.subject, before=entry.after, after=entry.before
                )
            return bool(changed.rowcount)

        return await self._database.insist(work)

    async def absorb(self, guild_id: int, after_id: int) -> None:
        """Make what was noted after that entry not undoable: it is the undoing itself."""
        async with self._database.write() as connection:
            await connection.execute(
                update(audit).where(audit.c.guild_id == guild_id, audit.c.id > after_id).values(undone=True)
            )

    async def drop_older(self, moment: datetime) -> int:
        """Delete what is older than ``moment``; returns how many entries went."""
        async with self._database.write() as connection:
            return (await connection.execute(delete(audit).where(audit.c.at < moment))).rowcount
