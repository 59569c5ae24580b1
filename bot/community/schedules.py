"""Schedules and the places they post to: what admins set, and how it is going."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.community.audit import note
from bot.community.database import Database
from bot.community.deliveries import Turn
from bot.community.ledger_rows import enter, reword, withdraw
from bot.community.plain import as_plain
from bot.community.records import By, CadenceKind, Schedule, ScheduleState
from bot.community.schedule_rows import fetch, id_of, one, place_of, write
from bot.community.tables import destinations, schedules

FAILURES_TO_PAUSE = 3
# What the bot itself keeps about a schedule: it changes with every post and is no setting.
_OWN_BOOKS = {"notice_pending", "next_due_at", "next_period", "created_at"}

_NEXT = (
    update(schedules)
    .where(schedules.c.id == bindparam("of"))
    .values(next_due_at=bindparam("due"), next_period=bindparam("period"), plan_at=bindparam("plan"))
)


def settings_of(schedule: Schedule) -> dict[str, Any]:
    """Return what admins set, as plain data: for the audit log, export and undo."""
    return {name: value for name, value in as_plain(schedule).items() if name not in _OWN_BOOKS}


class Schedules:
    """The schedules of every server."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, schedule: Schedule, by: By) -> Schedule:
        """Store a new schedule, to be planned at once; returns it as stored."""
        stored = replace(schedule, created_at=schedule.created_at or by.at)
        async with self._database.write() as connection:
            await write(connection, stored, plan_at=by.at, new=True)
            after = settings_of(stored)
            await note(connection, stored.guild_id, by, "added", f"schedule:{stored.id}", after=after)
        return stored

    async def get(self, guild_id: int, schedule_id: str) -> Schedule | None:
        """Return one schedule of a server."""
        found = await self._select(schedules.c.id == schedule_id, schedules.c.guild_id == guild_id)
        return found[0] if found else None

    async def exists(self, schedule_id: str) -> bool:
        """Whether any server has a schedule of this id."""
        return bool(await self._select(schedules.c.id == schedule_id))

    async def of_guild(self, guild_id: int) -> list[Schedule]:
        """Return a server's schedules, oldest first."""
        return await self._select(schedules.c.guild_id == guild_id)

    async def save(self, schedule: Schedule, by: By) -> None:
        """Store a changed schedule and plan it anew. Raises KeyError where it is gone.

        One that is paused or goes on by this is so as by ``pause`` and ``resume``: nothing due before is made up for.
        What is due and waits is posted as it is now wanted.
        """
        async with self._database.write() as connection:
            before = await one(connection, schedule)
            if settings_of(before) == settings_of(schedule):
                return
            books = {name: getattr(before, name) for name in _OWN_BOOKS}
            schedule = replace(schedule, **books)
            if schedule.state != before.state:
                schedule = _turned(schedule)
            await write(connection, schedule, plan_at=by.at, new=False)
            goes_on = [place.channel_id for place in schedule.destinations if schedule.state == "active"]
            await withdraw(connection, schedule.what, keeping=goes_on)
            await reword(connection, schedule)
            subject, old, after = f"schedule:{schedule.id}", settings_of(before), settings_of(schedule)
            await note(connection, schedule.guild_id, by, "changed", subject, before=old, after=after)

    async def pause(self, schedule: Schedule, by: By, reason: str | None = None) -> None:
        """Stop posting until it is resumed; what is due and not yet posted is withdrawn."""
        async with self._database.write() as connection:
            await _turn_to(connection, schedule, by, "paused", reason)
            await withdraw(connection, schedule.what)

    async def resume(self, schedule: Schedule, by: By) -> None:
        """Go on, everywhere, from now on: what was missed while paused is not made up for."""
        async with self._database.write() as connection:
            await connection.execute(
                update(destinations)
                .where(destinations.c.schedule_id == schedule.id)
                .values(failures=0, paused_reason=None)
            )
            await _turn_to(connection, schedule, by, "active", None)

    async def remove(self, schedule: Schedule, by: By) -> bool:
        """Delete a schedule; its history stays. False where it was gone already."""
        async with self._database.write() as connection:
            gone = await connection.execute(
                delete(schedules).where(schedules.c.id == schedule.id, schedules.c.guild_id == schedule.guild_id)
            )
            if gone.rowcount:
                await withdraw(connection, schedule.what)
                before = settings_of(schedule)
                await note(connection, schedule.guild_id, by, "removed", f"schedule:{schedule.id}", before=before)
            return bool(gone.rowcount)

    async def unplanned(self, now: datetime, limit: int) -> list[Schedule]:
        """Return active schedules whose next time has to be worked out."""
        return await self._select(schedules.c.state == "active", schedules.c.plan_at <= now, limit=limit)

    async def plan(self, planned: Iterable[Schedule], *, again_at: datetime) -> None:
        """Store next times; a schedule that has none yet (the calendar ends) is planned again at ``again_at``."""
        found = [
            {
                "of": one.id,
                "due": one.next_due_at,
                "period": one.next_period,
                "plan": None if one.next_due_at else again_at,
            }
            for one in planned
        ]
        if found:
            async with self._database.write() as connection:
                await connection.execute(_NEXT, found)

    async def replan(self, kinds: Collection[CadenceKind], now: datetime) -> None:
        """Have every schedule of these cadences planned anew: the calendar they follow has changed."""
        async with self._database.write() as connection:
            await connection.execute(update(schedules).where(schedules.c.cadence.in_(kinds)).values(plan_at=now))

    async def due(self, now: datetime, limit: int) -> list[Schedule]:
        """Return active schedules whose time has come, the longest due first."""
        return await self._select(
            schedules.c.state == "active", schedules.c.next_due_at <= now, order=schedules.c.next_due_at, limit=limit
        )

    async def upcoming(self, guild_ids: Sequence[int], until: datetime) -> list[Schedule]:
        """Return the active schedules of these servers that fall due by ``until``."""
        return await self._select(
            schedules.c.state == "active", schedules.c.next_due_at <= until, schedules.c.guild_id.in_(guild_ids)
        )

    async def turn(self, turns: Sequence[Turn]) -> int:
        """Enter what has fallen due and move each schedule on, all at once; returns how many rows were new.

        Doing it again changes nothing: schedules move on only from where they were seen, rows are unique.
        """

        async def work(connection: AsyncConnection) -> int:
            entered = await enter(connection, [entry for turn in turns for entry in turn.entries])
            await connection.execute(_NEXT.where(schedules.c.next_due_at == bindparam("seen")), moves)
            return entered

        moves = [
            {
                "of": turn.schedule_id,
                "seen": turn.seen,
                "due": turn.next_due_at,
                "period": turn.next_period,
                "plan": turn.seen if turn.next_due_at is None else None,
            }
            for turn in sorted(turns, key=lambda turn: turn.schedule_id)
        ]
        return await self._database.insist(work) if moves else 0

    async def failed(self, what: str, channel_id: int, reason: str, by: By) -> bool:
        """Count a failure; the third in a row pauses the place, and the schedule with its last place.

        Somebody has then to be told (``notices``). Returns whether the whole schedule was paused by this.
        """
        async with self._database.write() as connection:
            place = place_of(what, channel_id) & destinations.c.paused_reason.is_(None)
            counted = await connection.execute(
                update(destinations)
                .where(place)
                .values(failures=destinations.c.failures + 1)
                .returning(destinations.c.failures)
            )
            row = counted.first()
            if row is None or row.failures < FAILURES_TO_PAUSE:
                return False
            await connection.execute(update(destinations).where(place).values(paused_reason=reason))
            await _notice(connection, id_of(what))
            return await _pause_whole(connection, id_of(what), reason, by)

    async def notices(self, limit: int = 200) -> list[Schedule]:
        """Return the schedules that were paused, everywhere or in one place, which nobody has been told yet."""
        return await self._select(schedules.c.notice_pending.is_(True), limit=limit)

    async def told(self, schedule: Schedule) -> None:
        """Note that somebody has been told."""
        async with self._database.write() as connection:
            await connection.execute(
                update(schedules).where(schedules.c.id == schedule.id).values(notice_pending=False)
            )

    async def _select(
        self, *where: ColumnElement[bool], order: ColumnElement[Any] | None = None, limit: int | None = None
    ) -> list[Schedule]:
        async with self._database.read() as connection:
            return await fetch(connection, *where, order=order, limit=limit)


def _turned(schedule: Schedule) -> Schedule:
    """Return a schedule that has just been paused, or goes on: then in one of its places at least."""
    turned = replace(schedule, notice_pending=False, next_due_at=None, next_period=None)
    if turned.state == "paused":
        return turned
    places = turned.destinations
    if all(place.paused_reason for place in places):
        places = tuple(replace(place, failures=0, paused_reason=None) for place in places)
    return replace(turned, destinations=places, reason=None)


async def _turn_to(
    connection: AsyncConnection, schedule: Schedule, by: By, state: ScheduleState, reason: str | None
) -> None:
    before = await one(connection, schedule)
    after = replace(before, state=state, reason=reason)
    await connection.execute(
        update(schedules)
        .where(schedules.c.id == schedule.id)
        .values(state=state, reason=reason, notice_pending=False, next_due_at=None, next_period=None, plan_at=by.at)
    )
    subject = f"schedule:{schedule.id}"
    await note(
        connection, schedule.guild_id, by, "changed", subject, before=settings_of(before), after=settings_of(after)
    )


async def _pause_whole(connection: AsyncConnection, schedule_id: str, reason: str, by: By) -> bool:
    found = await fetch(connection, schedules.c.id == schedule_id, schedules.c.state == "active")
    if not found or any(place.paused_reason is None for place in found[0].destinations):
        return False
    await _turn_to(connection, found[0], by, "paused", reason)
    await _notice(connection, schedule_id)
    return True


async def _notice(connection: AsyncConnection, schedule_id: str) -> None:
    await connection.execute(update(schedules).where(schedules.c.id == schedule_id).values(notice_pending=True))
