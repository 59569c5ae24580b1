"""Alerts: what admins and people set, where each rule stands, and its rows in the ledger."""

import functools
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.alerts.columns import STATE_FIELDS, State, state_of
from bot.alerts.rule import Rule
from bot.alerts.stored import Stored, numbers_of
from bot.community.alert_records import MOST_PER_GUILD, MOST_PER_PERSON, PREFIX, Alert, AlertSettings, Full, Move
from bot.community.alert_tables import alert_settings, alerts
from bot.community.audit import note
from bot.community.database import Database, upsert
from bot.community.deliveries import Delivery, NewDelivery
from bot.community.ledger_rows import COLUMNS, delivery_of, enter, withdraw
from bot.community.records import By
from bot.community.tables import deliveries

FAILURES_TO_PAUSE = 3
_AT_ONCE = 500
Arrange = Callable[[Sequence[NewDelivery], int], Sequence[NewDelivery]]
_PLAIN = tuple(field.name for field in fields(Alert) if field.name not in {"rule", "standing"})
_STATE = tuple(alerts.c[name] for name in STATE_FIELDS)


def settings_of(alert: Alert) -> dict[str, Any]:
    """Return what was set, as plain data: for the audit log."""
    return {
        "rule": alert.rule.plain(),
        "channel_id": alert.channel_id,
        "mention_role_id": alert.mention_role_id,
        "state": alert.state,
    }


class Alerts:
    """The alerts of every server and person."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # what people set

    async def add(self, alert: Alert, by: By) -> Alert:
        """Store a new alert; returns it as stored. Raises Full where there are as many as there may be."""
        stored = replace(alert, created_at=by.at, changed_at=by.at)
        most, owned = (MOST_PER_GUILD, _of_guild(alert.guild_id))
        if alert.user_id is not None:
            most, owned = MOST_PER_PERSON, alerts.c.user_id == alert.user_id
        async with self._database.write() as connection:
            count = await connection.scalar(select(func.count()).select_from(alerts).where(owned))
            if (count or 0) >= most:
                raise Full(most)
            await connection.execute(insert(alerts).values(**_row(stored)))
            await _noted(connection, stored, by, "added", after=settings_of(stored))
        return stored

    async def get(self, alert_id: str) -> Alert | None:
        """Return one alert."""
        found = await self._select(alerts.c.id == alert_id)
        return found[0] if found else None

    async def of_guild(self, guild_id: int) -> list[Alert]:
        """Return a server's alerts, oldest first; its members' private ones are not among them."""
        return await self._select(_of_guild(guild_id))

    async def of_person(self, user_id: int) -> list[Alert]:
        """Return a person's private alerts, oldest first."""
        return await self._select(alerts.c.user_id == user_id)

    async def save(self, alert: Alert, by: By, *, anew: bool = False) -> Alert:
        """Store a changed alert; what was due for it is called off. Raises KeyError where it is gone.

        Where its rule stands is left to the evaluation, unless it begins ``anew`` from ``alert.standing``.
        """
        stored = replace(alert, changed_at=by.at)
        kept = set() if anew else set(STATE_FIELDS)
        values = {name: value for name, value in _row(stored).items() if name not in kept}
        async with self._database.write() as connection:
            before = await _one(connection, alert.id)
            await connection.execute(update(alerts).where(alerts.c.id == alert.id).values(**values))
            await withdraw(connection, alert.what)
            await _noted(connection, stored, by, "changed", before=settings_of(before), after=settings_of(stored))
        return stored

    async def pause(self, alert: Alert, by: By) -> None:
        """Stop evaluating until it is resumed."""
        await self.save(replace(alert, state="paused", reason=None, notice_pending=False), by)

    async def resume(self, alert: Alert, standing: State, by: By) -> None:
        """Go on from ``standing``, how the rule stands now: what happened meanwhile is no news."""
        going = replace(alert, state="active", reason=None, snoozed_until=None, standing=standing, notice_pending=False)
        await self.save(going, by, anew=True)

    async def snooze(self, alert: Alert, until: datetime | None, by: By) -> None:
        """Post nothing until then; the rule goes on watching. None ends it."""
        async with self._database.write() as connection:
            changed = update(alerts).where(alerts.c.id == alert.id).values(snoozed_until=until)
            await connection.execute(changed)
            shown = until.isoformat() if until else None
            await _noted(connection, alert, by, "changed", after={"snoozed_until": shown})

    async def remove(self, alert: Alert, by: By) -> bool:
        """Delete an alert; its history stays. False where it was gone already."""
        async with self._database.write() as connection:
            gone = await connection.execute(delete(alerts).where(alerts.c.id == alert.id))
            if gone.rowcount:
                await withdraw(connection, alert.what)
                await _noted(connection, alert, by, "removed", before=settings_of(alert))
            return bool(gone.rowcount)

    async def settings(self, guild_id: int) -> AlertSettings:
        """Return what a server allows."""
        async with self._database.read() as connection:
            query = select(alert_settings).where(alert_settings.c.guild_id == guild_id)
            row = (await connection.execute(query)).mappings().first()
        return AlertSettings(guild_id=guild_id) if row is None else AlertSettings(**row)

    async def save_settings(self, settings: AlertSettings, by: By) -> None:
        """Store what a server allows."""
        plain = {field.name: getattr(settings, field.name) for field in fields(settings)}
        async with self._database.write() as connection:
            await upsert(connection, alert_settings, plain)
            await note(connection, settings.guild_id, by, "changed", "alert_settings", after=plain)

    # evaluation

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
            found += await self._select(alerts.c.id.in_(listed[start : start + _AT_ONCE]))
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

    # failures

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
        return await self._select(alerts.c.notice_pending.is_(True), limit=limit)

    async def told(self, alert: Alert) -> None:
        """Note that somebody was told."""
        async with self._database.write() as connection:
            await connection.execute(update(alerts).where(alerts.c.id == alert.id).values(notice_pending=False))

    async def _select(self, *where: ColumnElement[bool], limit: int | None = None) -> list[Alert]:
        query = select(alerts).where(*where).order_by(alerts.c.created_at, alerts.c.id).limit(limit)
        async with self._database.read() as connection:
            return [_record(row) for row in (await connection.execute(query)).mappings()]


def _of_guild(guild_id: int) -> ColumnElement[bool]:
    return and_(alerts.c.guild_id == guild_id, alerts.c.user_id.is_(None))


def _row(alert: Alert) -> dict[str, Any]:
    plain = {name: getattr(alert, name) for name in _PLAIN}
    standing = {name: int(getattr(alert.standing, name)) for name in STATE_FIELDS}
    rule = alert.rule
    written = {"indicator": rule.indicator, "rule": json.dumps(rule.plain()), "numbers": numbers_of(rule)}
    return {**plain, **written, **standing}


def _record(row: Any) -> Alert:
    plain = {name: row[name] for name in _PLAIN}
    standing = state_of([row[name] for name in STATE_FIELDS])
    return Alert(**plain, rule=Rule.model_validate_json(row["rule"]), standing=standing)


async def _one(connection: AsyncConnection, alert_id: str) -> Alert:
    row = (await connection.execute(select(alerts).where(alerts.c.id == alert_id))).mappings().first()
    if row is None:
        raise KeyError(alert_id)
    return _record(row)


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


async def _noted(connection: AsyncConnection, alert: Alert, by: By, action: str, **what: Any) -> None:
    """Write to the server's log; a person's private alerts are nobody else's business."""
    if not alert.private:
        await note(connection, alert.guild_id, by, action, f"alert:{alert.id}", **what)
