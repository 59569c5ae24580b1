"""Alerts at work: read for evaluation, moved on, entered into the ledger, paused when they are refused."""

import functools
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import and_, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.alerts.columns import STATE_FIELDS
from bot.alerts.stored import Stored
from bot.community.alert_records import PREFIX, Alert, Move
from bot.community.alert_rows import fetch
from bot.community.alert_tables import alerts
from bot.community.database import Database
from bot.community.deliveries import Delivery, NewDelivery
from bot.community.ledger_rows import COLUMNS, delivery_of, enter
from bot.community.tables import deliveries

FAILURES_TO_PAUSE = 3
_AT_ONCE = 500
_STATE = tuple(alerts.c[name] for name in STATE_FIELDS)
Arrange = Callable[[Sequence[NewDelivery], int], Sequence[NewDelivery]]


class AlertRuns:
    """Alerts as the evaluation sees them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def stored(self, after: tuple[str, str], limit: int) -> list[Stored]:
        """Return active rules as they are evaluated, by (indicator, id) from ``after`` on."""
        key = (alerts.c.indicator, alerts.c.id)
        query = select(*key, alerts.c.numbers, *_STATE).where(alerts.c.state == "active", tuple_(*key) > tuple_(*after))
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(*key).limit(limit))
            return [Stored(row[1], row[0], row[2], tuple(row[3:])) for row in rows]

    async def several(self, ids: Collection[str]) -> list[Alert]:
        """Return these alerts."""
        listed = sorted(ids)
        found: list[Alert] = []
        for start in range(0, len(listed), _AT_ONCE):
            async with self._database.read() as connection:
                found += await fetch(connection, alerts.c.id.in_(listed[start : start + _AT_ONCE]))
        return found

    async def settle(
        self,
        guild_id: int,
        moves: Sequence[Move],
        entries: Mapping[str, Sequence[NewDelivery]],
        since: datetime,
        arrange: Arrange,
    ) -> int:
        """Store where rules stand now and enter what fired (by rule), in one transaction; returns how many were new.

        A rule that somebody else has moved meanwhile keeps its state, and its fires are theirs. ``arrange`` is given
        the entries that are ours, and how many of the server's alerts are or were to be posted since then.
        """

        async def work(connection: AsyncConnection) -> int:
            ours = await _moved(connection, moves)
            mine = [entry for alert_id in sorted(ours) for entry in entries.get(alert_id, ())]
            recent = await _recent(connection, guild_id, since) if mine else 0
            return await enter(connection, arrange(mine, recent))

        return await self._database.insist(work)

    async def moved(self, moves: Sequence[Move]) -> None:
        """Store where rules stand that did not fire."""
        for start in range(0, len(moves), _AT_ONCE):
            part = moves[start : start + _AT_ONCE]
            await self._database.insist(functools.partial(_moved, moves=part))

    async def through(self, indicator: str, day: date, started: datetime, *, besides: Collection[str]) -> None:
        """Note that every rule of an indicator that stood there at ``started`` has seen ``day``."""
        where = and_(
            alerts.c.indicator == indicator,
            alerts.c.state == "active",
            alerts.c.changed_at <= started,
            alerts.c.through < day.toordinal(),
        )
        if besides:
            where = and_(where, alerts.c.id.not_in(sorted(besides)))

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(update(alerts).where(where).values(through=day.toordinal()))

        await self._database.insist(work)

    async def posted(self, since: datetime) -> list[Delivery]:
        """Return the posts of alerts that stand since then, corrections left out."""
        query = select(*COLUMNS).where(
            deliveries.c.what.startswith(PREFIX, autoescape=True),
            deliveries.c.state == "sent",
            deliveries.c.sent_at >= since,
            deliveries.c.message_id.is_not(None),
        )
        async with self._database.read() as connection:
            found = [delivery_of(row) for row in (await connection.execute(query)).mappings()]
        return [one for one in found if one.target.reply_to is None]

    async def failed(self, what: str, reason: str, at: datetime) -> bool:
        """Pause an alert whose last three posts were all refused; returns whether it was paused by this."""
        alert_id = what.removeprefix(PREFIX)
        query = (
            select(deliveries.c.state)
            .where(deliveries.c.what == what, deliveries.c.state.in_(("sent", "failed")))
            .order_by(deliveries.c.due_at.desc())
            .limit(FAILURES_TO_PAUSE)
        )
        async with self._database.write() as connection:
            last = list(await connection.scalars(query))
            if last != ["failed"] * FAILURES_TO_PAUSE:
                return False
            change = update(alerts).where(alerts.c.id == alert_id, alerts.c.state == "active")
            values = {"state": "paused", "reason": reason, "notice_pending": True, "changed_at": at}
            return bool((await connection.execute(change.values(**values))).rowcount)

    async def notices(self, limit: int = 20) -> list[Alert]:
        """Return alerts that were paused for a reason nobody has been told yet."""
        async with self._database.read() as connection:
            return await fetch(connection, alerts.c.notice_pending.is_(True), limit=limit)

    async def told(self, alert: Alert) -> None:
        """Note that somebody was told."""
        async with self._database.write() as connection:
            await connection.execute(update(alerts).where(alerts.c.id == alert.id).values(notice_pending=False))


async def _moved(connection: AsyncConnection, moves: Sequence[Move]) -> set[str]:
    """Store states; returns the ids of the rules that nobody else had moved."""
    ours = set()
    for move in sorted(moves, key=lambda one: one.id):
        state = {name: int(getattr(move.after, name)) for name in STATE_FIELDS}
        where = and_(alerts.c.id == move.id, alerts.c.through == move.before, alerts.c.state == "active")
        if (await connection.execute(update(alerts).where(where).values(**state))).rowcount:
            ours.add(move.id)
    return ours


async def _recent(connection: AsyncConnection, guild_id: int, at: datetime) -> int:
    """Count the alerts of a server that are or were to be posted from ``at`` on."""
    query = (
        select(func.count())
        .select_from(deliveries)
        .where(
            deliveries.c.guild_id == guild_id,
            deliveries.c.what.startswith(PREFIX, autoescape=True),
            deliveries.c.state.not_in(("skipped", "failed")),
            deliveries.c.ready_at > at,
        )
    )
    return (await connection.scalar(query)) or 0
