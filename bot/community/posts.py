"""Posts that stand: what is still to be done to them, what they show, and what came before them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, not_, or_, select, union, update

from bot.community.alert_records import PREFIX, TAKEN_BACK
from bot.community.alert_tables import alerts
from bot.community.database import Database
from bot.community.deliveries import Delivery
from bot.community.ledger_rows import COLUMNS, delivery_of
from bot.community.tables import deliveries, destinations


class Posts:
    """The rows of the ledger that became messages."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def last(self, what: str, channel_id: int, *, besides: str = "") -> Delivery | None:
        """Return the newest post of this kind in a channel, other than ``besides``."""
        found = await self._select(
            deliveries.c.what == what,
            deliveries.c.channel_id == channel_id,
            deliveries.c.id != besides,
            order=deliveries.c.sent_at.desc(),
            limit=1,
        )
        return found[0] if found else None

    async def last_of(self, content: str, channel_id: int, *, besides: str = "") -> Delivery | None:
        """Return the newest post of this content in a channel, whichever schedule it was of, other than ``besides``."""
        found = await self._select(
            deliveries.c.channel_id == channel_id,
            deliveries.c.parts[0]["content"].as_string() == content,
            deliveries.c.id != besides,
            order=deliveries.c.sent_at.desc(),
            limit=1,
        )
        return found[0] if found else None

    async def fired(self, guild_id: int, moment: datetime, limit: int) -> list[str]:
        """Return what the latest alerts said in a server's own channels since then, oldest first.

        Private alerts stay private; what was taken back later is left out.
        """
        back = deliveries.alias("back")
        taken_back = select(back.c.id).where(
            back.c.what == deliveries.c.what, back.c.period == deliveries.c.period + TAKEN_BACK
        )
        own = [
            select(table.c.channel_id).where(table.c.guild_id == guild_id, *public)
            for table, public in ((destinations, ()), (alerts, (alerts.c.user_id.is_(None),)))
        ]
        query = (
            select(deliveries.c.note)
            .where(
                deliveries.c.guild_id == guild_id,
                deliveries.c.state == "sent",
                deliveries.c.sent_at >= moment,
                deliveries.c.what.startswith(PREFIX, autoescape=True),
                deliveries.c.note.is_not(None),
                deliveries.c.channel_id.in_(union(*own)),
                not_(taken_back.exists()),
            )
            .order_by(deliveries.c.sent_at.desc(), deliveries.c.id)
            .limit(limit)
        )
        async with self._database.read() as connection:
            return list(await connection.scalars(query))[::-1]

    async def unfinished(self, limit: int = 50) -> list[Delivery]:
        """Return posts whose later steps (crosspost, pin) are still to be done, oldest first."""
        return await self._open(deliveries.c.reason.is_(None), limit)

    async def finished(self, post: Delivery) -> None:
        """Note that the later steps are done."""
        await self._update([post.id], unfinished=False, reason=None)

    async def given_up(self, post: Delivery, reason: str) -> None:
        """Note which of the later steps was given up; somebody has to be told."""
        await self._update([post.id], reason=reason)

    async def untold(self, limit: int = 50) -> list[Delivery]:
        """Return posts of which a step was given up and nobody has been told, oldest first."""
        return await self._open(deliveries.c.reason.is_not(None), limit)

    async def told(self, post: Delivery) -> None:
        """Note that somebody was told what was given up."""
        await self._update([post.id], unfinished=False)

    async def reopen(self, guild_id: int, limit: int = 20) -> int:
        """Have what was given up at a server's latest posts done again; returns at how many of them."""
        posts = await self._select(
            deliveries.c.guild_id == guild_id,
            deliveries.c.reason.is_not(None),
            deliveries.c.message_id.is_not(None),
            order=deliveries.c.sent_at.desc(),
            limit=limit,
        )
        await self._update([post.id for post in posts], unfinished=True, reason=None)
        return len(posts)

    async def _open(self, which: ColumnElement[bool], limit: int) -> list[Delivery]:
        return await self._select(deliveries.c.unfinished.is_(True), which, order=deliveries.c.sent_at, limit=limit)

    async def outdated(self, version: str, since: datetime, *, after_id: str = "", limit: int = 200) -> list[Delivery]:
        """Return posts since then that have not been compared with dataset ``version``, by id from ``after_id`` on.

        Of a message that is edited in place only the newest counts: it no longer shows what the others said.
        """
        newer = deliveries.alias("newer")
        replaced = select(newer.c.id).where(
            newer.c.channel_id == deliveries.c.channel_id,
            newer.c.state == "sent",
            newer.c.message_id == deliveries.c.message_id,
            newer.c.sent_at > deliveries.c.sent_at,
        )
        return await self._select(
            not_(replaced.exists()),
            deliveries.c.sent_at >= since,
            deliveries.c.id > after_id,
            deliveries.c.as_of.is_not(None),
            or_(deliveries.c.version.is_(None), deliveries.c.version != version),
            order=deliveries.c.id,
            limit=limit,
        )

    async def compared(self, posts: Iterable[Delivery], version: str) -> None:
        """Note that these posts agree with dataset ``version``."""
        await self._update([post.id for post in posts], version=version)

    async def corrected(self, post: Delivery, shown: Mapping[str, Any], version: str, at: datetime) -> None:
        """Note that a post was edited and what it shows now."""
        await self._update([post.id], shown=dict(shown), version=version, corrected_at=at)

    async def gone(self, post: Delivery) -> None:
        """Note that somebody deleted the message: it is not corrected, pinned or edited any more."""
        await self._update([post.id], message_id=None, as_of=None, unfinished=False)

    async def _select(self, *where: ColumnElement[bool], order: ColumnElement[Any], limit: int) -> list[Delivery]:
        query = select(*COLUMNS).where(deliveries.c.state == "sent", *where).order_by(order).limit(limit)
        async with self._database.read() as connection:
            return [delivery_of(row) for row in (await connection.execute(query)).mappings()]

    async def _update(self, ids: list[str], **values: Any) -> None:
        if not ids:
            return
        async with self._database.write() as connection:
            await connection.execute(update(deliveries).where(deliveries.c.id.in_(ids)).values(**values))
