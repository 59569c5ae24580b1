"""The ledger: everything that is due somewhere is a row, claimed before the work and closed after it.

A row is unique on (what, channel, period). Whoever holds a claim proves it by the attempt it was given: every
later step is an update on (id, attempt) and fails where somebody else has taken over since.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, delete, false, func, literal, not_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.community.alert_records import PREFIX
from bot.community.database import Database
from bot.community.deliveries import CALLED_OFF, CLOSED, DIGEST, OPEN, Delivery, NewDelivery, Receipt, State
from bot.community.grouped import Grouped
from bot.community.ledger_rows import COLUMNS, claimable, delivery_of, enter, mark_sent, ready
from bot.community.tables import Moment, deliveries, guilds


class Ledger:
    """Every post that is due, under way or done."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._mark = Grouped(self._mark_all)

    async def settle(self) -> None:
        """Wait for the marks that are being written: before the database is closed."""
        await self._mark.settle()

    async def enter(self, entries: Sequence[NewDelivery]) -> int:
        """Enter what is due; what already stands there stays as it is. Returns how many rows were new."""
        return await self._database.insist(lambda connection: enter(connection, entries))

    async def claim(
        self,
        now: datetime,
        *,
        holder: str,
        lease_until: datetime,
        limit: int,
        per_guild: int = 2,
        busy: Collection[int] = (),
    ) -> list[Delivery]:
        """Claim what may be posted now, the longest due first.

        One row a channel at a time and in order, at most ``per_guild`` rows a server, none of the ``busy`` servers.
        Claims whose lease ran out are claimed again: their ``attempt`` is then above 1.
        """

        async def work(connection: AsyncConnection) -> list[Delivery]:
            chosen = claimable(now, limit=limit, per_guild=per_guild, busy=busy)
            if connection.dialect.name == "postgresql":
                chosen = chosen.with_for_update(of=deliveries, skip_locked=True)
            ids = chosen.cte("chosen")  # as a plain subquery PostgreSQL may run it once for every row, past its limit
            claimed = await connection.execute(
                update(deliveries)
                .where(deliveries.c.id.in_(select(ids.c.id)), ready(now))
                .values(
                    state="claimed",
                    attempt=deliveries.c.attempt + 1,
                    holder=holder,
                    lease_until=lease_until,
                    opened_at=func.coalesce(deliveries.c.opened_at, literal(now, Moment)),
                )
                .returning(*COLUMNS)
            )
            found = [delivery_of(row) for row in claimed.mappings()]
            return sorted(found, key=lambda d: (d.due_at, d.id))

        return await self._database.insist(work)

    async def renew(self, held: Iterable[Delivery], lease_until: datetime) -> set[str]:
        """Prolong leases; returns the ids that are still held."""
        pairs = [(delivery.id, delivery.attempt) for delivery in held]
        if not pairs:
            return set()
        mine = tuple_(deliveries.c.id, deliveries.c.attempt).in_(pairs)

        async def work(connection: AsyncConnection) -> set[str]:
            renewed = await connection.scalars(
                update(deliveries)
                .where(mine, deliveries.c.state == "claimed")
                .values(lease_until=lease_until)
                .returning(deliveries.c.id)
            )
            return set(renewed)

        return await self._database.insist(work)

    async def reclaim(self, holder: str, now: datetime) -> int:
        """At start: let go of the claims that this holder left open when it died; returns how many."""
        return await self._change(and_(deliveries.c.state == "claimed", deliveries.c.holder == holder), lease_until=now)

    async def sent(self, delivery: Delivery, receipt: Receipt) -> bool:
        """Close a claim as posted, and end its place's row of failures; False where it is no longer held.

        Marks that come in at the same time share a transaction; each returns after its commit.
        """
        return await self._mark((delivery, receipt))

    async def _mark_all(self, posted: Sequence[tuple[Delivery, Receipt]]) -> list[bool]:
        async def work(connection: AsyncConnection) -> set[str]:
            return await mark_sent(connection, posted)

        marked = await self._database.insist(work)
        return [delivery.id in marked for delivery, _receipt in posted]

    async def retry(self, delivery: Delivery, at: datetime, reason: str, note: str | None = None) -> bool:
        """Let go of a claim whose outcome is open: it is looked up in the channel before the next try."""
        return await self._settle(delivery, state="retry", ready_at=at, reason=reason, note=note)

    async def postpone(self, delivery: Delivery, at: datetime, reason: str, note: str | None = None) -> bool:
        """Let go of a claim before anything was sent."""
        return await self._settle(
            delivery,
            state="due",
            ready_at=at,
            reason=reason,
            note=note,
            opened_at=None,
            clean=delivery.attempt,
        )

    async def close(self, delivery: Delivery, state: State, reason: str, note: str | None = None) -> bool:
        """Close a claim without a post: ``skipped``, ``failed`` or ``uncertain``."""
        if state not in CLOSED:
            raise ValueError(f"not an end: {state}")
        return await self._settle(delivery, state=state, reason=reason, note=note)

    async def _settle(self, delivery: Delivery, *, state: State, reason: str, **values: Any) -> bool:
        kept = deliveries.c.reason.in_(CALLED_OFF) if state in OPEN else false()
        why = case((kept, deliveries.c.reason), else_=reason)
        return bool(
            await self._change(_held(delivery), lease_until=None, holder=None, state=state, reason=why, **values)
        )

    async def leave_out_paused(self, now: datetime) -> int:
        """Skip what would be posted while everything is paused in its server; returns how many rows.

        What may have been sent already is called off: to be looked up, and posted no more.
        """
        paused = (
            select(guilds.c.guild_id)
            .where(guilds.c.guild_id == deliveries.c.guild_id, guilds.c.paused_until > now)
            .where(deliveries.c.ready_at < guilds.c.paused_until)
        )
        may_stand = deliveries.c.state.in_(("claimed", "retry"))
        not_yet = func.coalesce(deliveries.c.reason, "").not_in(CALLED_OFF)
        left_out = await self._change(and_(may_stand, not_yet, paused.exists()), reason="paused")
        due = and_(deliveries.c.state == "due", paused.exists())
        return left_out + await self._change(due, state="skipped", reason="paused")

    async def mention(self, delivery: Delivery, since: datetime, cap: int) -> bool:
        """Reserve one of the server's ``cap`` pings since then; False where they are used up."""

        async def work(connection: AsyncConnection) -> bool:
            if connection.dialect.name == "postgresql":  # no two posts of a server count at the same time
                await connection.execute(select(func.pg_advisory_xact_lock(delivery.guild_id)))
            mine = await connection.execute(select(deliveries.c.mentioned).where(deliveries.c.id == delivery.id))
            if mine.scalar():
                return True  # reserved by an attempt that was cut short: still the same post
            used = await connection.scalar(
                select(func.count())
                .select_from(deliveries)
                .where(
                    deliveries.c.guild_id == delivery.guild_id,
                    deliveries.c.mentioned.is_(True),
                    deliveries.c.state.not_in(("skipped", "failed")),
                    deliveries.c.ready_at >= since,
                )
            )
            if (used or 0) >= cap:
                return False
            await connection.execute(update(deliveries).where(deliveries.c.id == delivery.id).values(mentioned=True))
            return True

        return await self._database.insist(work)

    async def take_back_mention(self, delivery: Delivery) -> None:
        """Give back the ping that an attempt reserved which came to nothing: now it is too late for one."""
        if delivery.mentioned:
            await self._change(deliveries.c.id == delivery.id, mentioned=False)

    async def get(self, delivery_id: str) -> Delivery | None:
        """Return one row."""
        found = await self._select(select(*COLUMNS).where(deliveries.c.id == delivery_id))
        return found[0] if found else None

    async def history(
        self,
        guild_id: int,
        *,
        what: str | None = None,
        channel_id: int | None = None,
        period: str | None = None,
        limit: int = 20,
    ) -> list[Delivery]:
        """Return what was due in a server, newest first."""
        query = select(*COLUMNS).where(deliveries.c.guild_id == guild_id)
        if what is not None:
            query = query.where(deliveries.c.what == what)
        if channel_id is not None:
            query = query.where(deliveries.c.channel_id == channel_id)
        if period is not None:
            query = query.where(deliveries.c.period == period)
        return await self._select(query.order_by(deliveries.c.due_at.desc(), deliveries.c.id).limit(limit))

    async def of_schedules(self, guild_id: int, limit: int = 20) -> list[Delivery]:
        """Return what schedules made due in a server, newest first: not its alerts, of which some are private."""
        query = select(*COLUMNS).where(
            deliveries.c.guild_id == guild_id, not_(deliveries.c.what.startswith(PREFIX, autoescape=True))
        )
        return await self._select(query.order_by(deliveries.c.due_at.desc(), deliveries.c.id).limit(limit))

    async def members(self, digest_id: str) -> list[Delivery]:
        """Return what a digest stands for, in the order in which it fell due."""
        where = deliveries.c.digest_id == digest_id
        return await self._select(select(*COLUMNS).where(where).order_by(deliveries.c.due_at, deliveries.c.id))

    async def open_digests(self, channel_ids: Sequence[int], now: datetime) -> dict[int, str]:
        """Return the digest that is still to come in each of these channels, if there is one."""
        query = select(deliveries.c.channel_id, deliveries.c.id).where(
            deliveries.c.what == DIGEST,
            deliveries.c.channel_id.in_(channel_ids),
            deliveries.c.state == "due",
            deliveries.c.ready_at >= now,
        )
        async with self._database.read() as connection:
            return {row.channel_id: row.id for row in await connection.execute(query)}

    async def counts(self) -> dict[str, int]:
        """Return how many rows are in each state."""
        query = select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
        async with self._database.read() as connection:
            return {state: count for state, count in await connection.execute(query)}  # noqa: C416  (rows, not pairs)

    async def drop_older(self, moment: datetime) -> int:
        """Delete closed rows that fell due before ``moment``; returns how many."""
        async with self._database.write() as connection:
            gone = await connection.execute(
                delete(deliveries).where(deliveries.c.state.in_(CLOSED), deliveries.c.due_at < moment)
            )
            return gone.rowcount

    async def _select(self, query: Select[Any]) -> list[Delivery]:
        async with self._database.read() as connection:
            return [delivery_of(row) for row in (await connection.execute(query)).mappings()]

    async def _change(self, where: ColumnElement[bool], **values: Any) -> int:
        async def work(connection: AsyncConnection) -> int:
            return (await connection.execute(update(deliveries).where(where).values(**values))).rowcount

        return await self._database.insist(work)


def _held(delivery: Delivery) -> ColumnElement[bool]:
    """Return the condition that whoever claimed the row still holds it."""
    return and_(
        deliveries.c.id == delivery.id, deliveries.c.attempt == delivery.attempt, deliveries.c.state == "claimed"
    )
