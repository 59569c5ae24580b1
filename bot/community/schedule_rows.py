"""Schedules as rows and back: one row a schedule, one a place."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.community.records import Cadence, Destination, Schedule
from bot.community.tables import destinations, schedules

_CADENCE = ("at", "weekdays", "nth", "delay_minutes", "holidays")
_PLAIN = tuple(field.name for field in fields(Schedule) if field.name not in {"cadence", "destinations"})


async def fetch(
    connection: AsyncConnection,
    *where: ColumnElement[bool],
    order: ColumnElement[Any] | None = None,
    limit: int | None = None,
) -> list[Schedule]:
    """Return the schedules that match, oldest first unless ``order`` says otherwise."""
    by = (schedules.c.created_at, schedules.c.id) if order is None else (order, schedules.c.id)
    rows = (await connection.execute(select(schedules).where(*where).order_by(*by).limit(limit))).mappings().all()
    ids = [row["id"] for row in rows]
    query = select(destinations).where(destinations.c.schedule_id.in_(ids)).order_by(destinations.c.position)
    places: dict[str, list[Destination]] = {schedule_id: [] for schedule_id in ids}
    for place in (await connection.execute(query)).mappings():
        kept = {field.name: place[field.name] for field in fields(Destination)}
        places[place["schedule_id"]].append(Destination(**kept))
    return [_record(row, tuple(places[row["id"]])) for row in rows]


def _record(row: Mapping[Any, Any], places: tuple[Destination, ...]) -> Schedule:
    cadence = Cadence(kind=row["cadence"], **{name: row[name] for name in _CADENCE})
    plain = {name: row[name] for name in _PLAIN}
    return Schedule(cadence=cadence, destinations=places, **plain)


async def one(connection: AsyncConnection, schedule: Schedule) -> Schedule:
    """Return a schedule as it is stored now. Raises KeyError where it is gone."""
    found = await fetch(connection, schedules.c.id == schedule.id, schedules.c.guild_id == schedule.guild_id)
    if not found:
        raise KeyError(schedule.id)
    return found[0]


async def write(connection: AsyncConnection, schedule: Schedule, *, plan_at: datetime | None, new: bool) -> None:
    """Store a schedule with its places."""
    plain = {name: getattr(schedule, name) for name in _PLAIN}
    cadence = {name: getattr(schedule.cadence, name) for name in _CADENCE}
    values = {
        **plain,
        **cadence,
        "cadence": schedule.cadence.kind,
        "plan_at": plan_at,
        "request": dict(schedule.request),
    }
    if new:
        await connection.execute(insert(schedules).values(**values))
    else:
        await connection.execute(update(schedules).where(schedules.c.id == schedule.id).values(**values))
        await connection.execute(delete(destinations).where(destinations.c.schedule_id == schedule.id))
    own = {"schedule_id": schedule.id, "guild_id": schedule.guild_id}
    rows = [
        {**own, "position": position, **{field.name: getattr(place, field.name) for field in fields(place)}}
        for position, place in enumerate(schedule.destinations)
    ]
    await connection.execute(insert(destinations), rows)


def id_of(what: str) -> str:
    """Return the id of the schedule that something in the ledger comes from."""
    return what.removeprefix("schedule:")


def place_of(what: str, channel_id: int) -> ColumnElement[bool]:
    """Return the condition for the place that a row of the ledger posts to."""
    return (destinations.c.schedule_id == id_of(what)) & (destinations.c.channel_id == channel_id)


async def succeeded(connection: AsyncConnection, posted: Sequence[tuple[str, int]]) -> None:
    """Note posts that went well, each (what, channel): failures are counted in a row."""
    places = [(id_of(what), channel_id) for what, channel_id in posted]
    among = tuple_(destinations.c.schedule_id, destinations.c.channel_id).in_(places)
    await connection.execute(update(destinations).where(destinations.c.failures > 0, among).values(failures=0))
