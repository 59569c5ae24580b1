"""Alerts: what admins and people set."""

from collections.abc import Collection, Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.alerts.columns import STATE_FIELDS, State, state_of, state_row
from bot.alerts.rule import Rule
from bot.community.alert_records import MOST_PER_GUILD, MOST_PER_PERSON, STORM, Alert, AlertSettings, Full
from bot.community.alert_rows import fetch, one, row
from bot.community.alert_tables import alert_settings, alerts
from bot.community.audit import note
from bot.community.database import Database, upsert
from bot.community.ledger_rows import due_again, withdraw
from bot.community.records import By
from bot.community.tables import deliveries

DRAFT = "draft"


def settings_of(alert: Alert) -> dict[str, Any]:
    """Return what was set, as plain data: for the audit log and for undo."""
    return {
        "rule": alert.rule.plain(),
        "channel_id": alert.channel_id,
        "kind": alert.kind,
        "mention_role_id": alert.mention_role_id,
        "state": alert.state,
        "snoozed_until": alert.snoozed_until.isoformat() if alert.snoozed_until else None,
    }


def _removed(alert: Alert, withdrawn: Collection[str]) -> dict[str, Any]:
    """Return all that is needed to bring a removed alert back as it was."""
    created = alert.created_at.isoformat() if alert.created_at else None
    own = {"author_user_id": alert.author_user_id, "reason": alert.reason, "created_at": created}
    return _left(alert, withdrawn) | own


def _left(alert: Alert, withdrawn: Collection[str]) -> dict[str, Any]:
    """Return what is needed to go back to an alert that was changed: where its rule stood, what was due for it."""
    standing = {"per_year": alert.per_year, "standing": state_row(alert.standing), "withdrawn": sorted(withdrawn)}
    return settings_of(alert) | standing


class Alerts:
    """The alerts of every server and person."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # what people set

    async def add(self, alert: Alert, by: By) -> Alert:
        """Store a new alert; returns it as stored. Raises Full where there are as many as there may be."""
        stored = replace(alert, created_at=alert.created_at or by.at, changed_at=by.at)
        async with self._database.write() as connection:
            await _check_room(connection, stored)
            await connection.execute(insert(alerts).values(**row(stored)))
            if stored.state != DRAFT:
                await _noted(connection, stored, by, "added", after=settings_of(stored))
        return stored

    async def get(self, alert_id: str) -> Alert | None:
        """Return one alert."""
        found = await self._select(alerts.c.id == alert_id)
        return found[0] if found else None

    async def of_guild(self, guild_id: int) -> list[Alert]:
        """Return a server's alerts, oldest first; its members' private ones are not among them."""
        return await self._select(_of_guild(guild_id), alerts.c.state != DRAFT)

    async def of_person(self, user_id: int) -> list[Alert]:
        """Return a person's private alerts, oldest first."""
        return await self._select(alerts.c.user_id == user_id, alerts.c.state != DRAFT)

    async def adopt(self, draft: Alert, standing: State, by: By) -> Alert:
        """Make a draft an alert, from how its rule stands now; it replaces the one it names. Raises Full, KeyError."""
        if draft.reason is None:
            return await self._adopted(replace(draft, state="active", standing=standing, changed_at=by.at), by)
        before = await self.get(draft.reason)
        if before is None:
            raise KeyError(draft.reason)
        await self.drop([draft.id])
        changed = replace(
            before,
            rule=draft.rule,
            channel_id=draft.channel_id,
            kind=draft.kind,
            mention_role_id=draft.mention_role_id,
            per_year=draft.per_year,
            standing=standing,
        )
        return await self.save(changed, by, anew=True)

    async def _adopted(self, alert: Alert, by: By) -> Alert:
        async with self._database.write() as connection:
            await one(connection, alert.id)
            await _check_room(connection, alert)
            await connection.execute(update(alerts).where(alerts.c.id == alert.id).values(**row(alert)))
            await _noted(connection, alert, by, "added", after=settings_of(alert))
        return alert

    async def save_draft(self, draft: Alert, at: datetime) -> None:
        """Store a changed draft."""
        changed = update(alerts).where(alerts.c.id == draft.id, alerts.c.state == DRAFT)
        async with self._database.write() as connection:
            await connection.execute(changed.values(**row(replace(draft, changed_at=at))))

    async def drop(self, drafts: Collection[str]) -> None:
        """Forget drafts."""
        async with self._database.write() as connection:
            await connection.execute(delete(alerts).where(alerts.c.id.in_(sorted(drafts)), alerts.c.state == DRAFT))

    async def drop_drafts(self, before: datetime) -> int:
        """Forget drafts that nobody has saved since then; returns how many."""
        old = and_(alerts.c.state == DRAFT, alerts.c.changed_at < before)
        async with self._database.write() as connection:
            return (await connection.execute(delete(alerts).where(old))).rowcount

    async def save(self, alert: Alert, by: By, *, anew: bool = False) -> Alert:
        """Store a changed alert; what was due for it is called off. Raises KeyError where it is gone.

        Where its rule stands is left to the evaluation, unless it begins ``anew`` from ``alert.standing``.
        """
        stored = replace(alert, changed_at=by.at)
        kept = set() if anew else set(STATE_FIELDS)
        values = {name: value for name, value in row(stored).items() if name not in kept}
        async with self._database.write() as connection:
            before = await one(connection, alert.id)
            await connection.execute(update(alerts).where(alerts.c.id == alert.id).values(**values))
            withdrawn, now = await withdraw(connection, alert.what), settings_of(stored)
            if withdrawn or settings_of(before) != now:  # what changed nothing is no act to be taken back
                await _noted(connection, stored, by, "changed", before=_left(before, withdrawn), after=now)
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
        await self.save(replace(alert, snoozed_until=until), by)

    async def restore(self, guild_id: int, alert_id: str, before: Mapping[str, Any] | None, by: By) -> None:
        """Bring an alert back to what it was: for undo. None: it did not exist.

        Its rule stands where it stood: the days since are made up for, what it had fired for is no news again, and
        what was due for it is due again.
        """
        now = await self.get(alert_id)
        if before is None:
            if now is not None:
                await self.remove(now, by)
            return
        old = _before(guild_id, alert_id, before, now)
        if now is None:
            await self.add(old, by)
        else:
            await self.save(old, by, anew=now.rule.watching != old.rule.watching)
        async with self._database.write() as connection:
            await due_again(connection, before["withdrawn"])

    async def remove(self, alert: Alert, by: By) -> bool:
        """Delete an alert: its history stays, that of a private one goes too. False where it was gone already."""
        async with self._database.write() as connection:
            gone = await connection.execute(delete(alerts).where(alerts.c.id == alert.id))
            if gone.rowcount and alert.private:
                told = deliveries.c.what.in_((alert.what, STORM)) & (deliveries.c.channel_id == alert.channel_id)
                await connection.execute(delete(deliveries).where(told))
            elif gone.rowcount:
                removed = _removed(alert, await withdraw(connection, alert.what))
                await _noted(connection, alert, by, "removed", before=removed)
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
        before = await self.settings(settings.guild_id)
        old = {name: getattr(before, name) for name in plain}
        async with self._database.write() as connection:
            await upsert(connection, alert_settings, plain)
            await note(connection, settings.guild_id, by, "changed", "alert_settings", before=old, after=plain)

    async def _select(self, *where: ColumnElement[bool]) -> list[Alert]:
        async with self._database.read() as connection:
            return await fetch(connection, *where)


def _before(guild_id: int, alert_id: str, before: Mapping[str, Any], now: Alert | None) -> Alert:
    """Return an alert as it was; what no change touches comes from how it is now, if it is there."""
    until, created = before["snoozed_until"], before.get("created_at")
    return Alert(
        id=alert_id,
        guild_id=guild_id,
        channel_id=before["channel_id"],
        kind=before["kind"],
        rule=Rule.model_validate(before["rule"]),
        mention_role_id=before["mention_role_id"],
        state=before["state"],
        reason=before.get("reason"),
        snoozed_until=datetime.fromisoformat(until) if until else None,
        per_year=before["per_year"],
        author_user_id=now.author_user_id if now else before["author_user_id"],
        created_at=now.created_at if now else datetime.fromisoformat(created) if created else None,
        standing=state_of(before["standing"]),
    )


async def _check_room(connection: AsyncConnection, alert: Alert) -> None:
    """Raise Full where there are as many alerts as there may be, drafts left out."""
    most, owned = MOST_PER_GUILD, _of_guild(alert.guild_id)
    if alert.user_id is not None:
        most, owned = MOST_PER_PERSON, alerts.c.user_id == alert.user_id
    query = select(func.count()).select_from(alerts).where(owned, alerts.c.state != DRAFT)
    if ((await connection.scalar(query)) or 0) >= most:
        raise Full(most)


def _of_guild(guild_id: int) -> ColumnElement[bool]:
    return and_(alerts.c.guild_id == guild_id, alerts.c.user_id.is_(None))


async def _noted(connection: AsyncConnection, alert: Alert, by: By, action: str, **what: Any) -> None:
    """Write to the server's log; a person's private alerts are nobody else's business."""
    if not alert.private:
        await note(connection, alert.guild_id, by, action, f"alert:{alert.id}", **what)
