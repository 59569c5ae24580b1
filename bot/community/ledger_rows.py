"""The ledger's rows: as records, entered once, chosen for claiming."""

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, not_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.community.database import inserting
from bot.community.deliveries import DIGEST, Delivery, NewDelivery, Part, Receipt, Target
from bot.community.plain import as_plain, from_plain
from bot.community.records import Schedule
from bot.community.schedule_rows import succeeded
from bot.community.tables import deliveries, guilds

_RANKED, _RANKED_EACH = 500, 20  # rows looked at for a claim: at least, and for each one wanted
COLUMNS = tuple(deliveries.c[field.name] for field in fields(Delivery))


def delivery_of(row: Any) -> Delivery:
    """Return a row of the table as a record."""
    plain = dict(row)
    plain["parts"] = tuple(Part(**part) for part in plain["parts"])
    plain["asked"] = tuple(Part(**part) for part in plain["asked"])
    plain["target"] = from_plain(Target, plain["target"])
    return Delivery(**plain)


async def enter(connection: AsyncConnection, entries: Sequence[NewDelivery]) -> int:
    """Insert rows unless they stand there already, in one order everywhere so that no two writers wait in a ring."""
    if not entries:
        return 0
    rows = [_new_row(entry) for entry in sorted(entries, key=lambda e: (e.what, e.channel_id, e.period))]
    statement = inserting(connection, deliveries).on_conflict_do_nothing().returning(deliveries.c.id)
    entered = set((await connection.scalars(statement, rows)).all())
    await _stay_out_of_started_digests(connection, [e for e in entries if e.digest_id and e.id in entered])
    return len(entered)


async def _stay_out_of_started_digests(connection: AsyncConnection, members: Sequence[NewDelivery]) -> None:
    """Post by itself what came too late for its digest: one that is being posted takes no more members."""
    digests = {member.digest_id for member in members}
    if not digests:
        return
    query = select(deliveries.c.id).where(deliveries.c.id.in_(digests), deliveries.c.state == "due")
    still_open = set((await connection.scalars(query.with_for_update(read=True))).all())
    late = [member.id for member in members if member.digest_id not in still_open]
    if late:
        change = update(deliveries).where(deliveries.c.id.in_(late))
        await connection.execute(change.values(state="due", reason=None, digest_id=None))


def _new_row(entry: NewDelivery) -> dict[str, Any]:
    return {
        **{field.name: getattr(entry, field.name) for field in fields(entry)},
        "parts": [as_plain(part) for part in entry.parts],
        "target": as_plain(entry.target),
        "attempt": 0,
        "clean": 0,
        "late": False,
        "mentioned": False,
        "unfinished": False,
        "asked": [],
        "shown": {},
    }


_MARKED = ("posted_channel_id", "message_id", "sent_at", "late", "unfinished", "asked", "shown", "as_of", "version")
_SENT = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("of"))
    .values({"state": "sent", "reason": None, "lease_until": None, "holder": None})
    .values({name: bindparam(f"new_{name}") for name in _MARKED})
)


async def mark_sent(connection: AsyncConnection, posted: Sequence[tuple[Delivery, Receipt]]) -> set[str]:
    """Close claims as posted and end their places' failures; returns the ids of those that are still held.

    A row that this very attempt has closed with this very message counts as held: the answer to its commit was lost.
    """
    rows = select(deliveries.c.id, deliveries.c.attempt, deliveries.c.state, deliveries.c.message_id)
    ids = [delivery.id for delivery, _receipt in posted]
    found = await connection.execute(rows.where(deliveries.c.id.in_(ids)).order_by(deliveries.c.id).with_for_update())
    stored = {row.id: row for row in found}
    held: list[tuple[Delivery, Receipt]] = []
    closed: set[str] = set()
    for delivery, receipt in posted:
        row = stored.get(delivery.id)
        if row is None or row.attempt != delivery.attempt:
            continue
        if row.state == "claimed":
            held.append((delivery, receipt))
        elif row.state == "sent" and row.message_id == receipt.message_id:
            closed.add(delivery.id)
    if held:
        await connection.execute(_SENT, [_mark(delivery, receipt) for delivery, receipt in held])
        await succeeded(connection, await _places(connection, [delivery for delivery, _receipt in held]))
    return closed | {delivery.id for delivery, _receipt in held}


async def _places(connection: AsyncConnection, posted: Sequence[Delivery]) -> list[tuple[str, int]]:
    """Return what was posted and where: of a digest all that it stands for."""
    digests = [delivery.id for delivery in posted if delivery.what == DIGEST]
    places = [(delivery.what, delivery.channel_id) for delivery in posted if delivery.what != DIGEST]
    if not digests:
        return places
    members = select(deliveries.c.what, deliveries.c.channel_id).where(deliveries.c.digest_id.in_(digests))
    return [*places, *((row.what, row.channel_id) for row in await connection.execute(members))]


def _mark(delivery: Delivery, receipt: Receipt) -> dict[str, Any]:
    values = {
        "posted_channel_id": receipt.channel_id,
        "message_id": receipt.message_id,
        "sent_at": receipt.at,
        "late": receipt.late,
        "unfinished": receipt.unfinished,
        "asked": [as_plain(part) for part in receipt.asked],
        "shown": dict(receipt.shown),
        "as_of": receipt.as_of,
        "version": receipt.version,
    }
    return {"of": delivery.id, **{f"new_{name}": values[name] for name in _MARKED}}


async def withdraw(connection: AsyncConnection, what: str, *, keeping: Collection[int] = ()) -> list[str]:
    """Skip what is due and untouched, except in the channels kept; returns the ids of what was called off.

    What may have been sent already is only marked so: whoever looks it up and does not find it then skips it. What
    waits in a digest stays out of it.
    """
    mine = and_(deliveries.c.what == what, deliveries.c.channel_id.not_in(keeping))
    under_way = deliveries.c.state.in_(("claimed", "retry"))
    called_off: list[str] = []
    for where, values in (
        (_in_open_digest(), {"digest_id": None}),
        (deliveries.c.state == "due", {"state": "skipped"}),
        (under_way, {}),
    ):
        change = update(deliveries).where(mine, where).values(reason="withdrawn", **values)
        called_off += await connection.scalars(change.returning(deliveries.c.id))
    return called_off


async def reword(connection: AsyncConnection, schedule: Schedule) -> None:
    """Let what is due and untouched show what a changed schedule now asks for, and in the way it now wants."""
    part = Part(schedule.content, dict(schedule.request))
    for place in schedule.destinations:
        mine = and_(deliveries.c.what == schedule.what, deliveries.c.channel_id == place.channel_id)
        change = update(deliveries).where(mine, or_(deliveries.c.state == "due", _in_open_digest()))
        target = as_plain(Target.of(schedule, place))
        await connection.execute(change.values(parts=[as_plain(part)], target=target))


def _in_open_digest() -> ColumnElement[bool]:
    """Return the condition for rows that wait in a digest."""
    waiting = select(deliveries.c.id).where(deliveries.c.what == DIGEST, deliveries.c.state == "due")
    return and_(deliveries.c.state == "skipped", deliveries.c.reason == "digest", deliveries.c.digest_id.in_(waiting))


async def due_again(connection: AsyncConnection, ids: Collection[str]) -> None:
    """Let what was withdrawn be due again."""
    withdrawn = and_(deliveries.c.id.in_(sorted(ids)), deliveries.c.reason == "withdrawn")
    change = update(deliveries).where(withdrawn)
    await connection.execute(change.where(deliveries.c.state == "skipped").values(state="due", reason=None))
    await connection.execute(change.where(deliveries.c.state.in_(("claimed", "retry"))).values(reason=None))


def ready(now: datetime) -> ColumnElement[bool]:
    """Return the condition for a row that may be worked on: its time has come, or its claim was abandoned."""
    waiting = and_(deliveries.c.state.in_(("due", "retry")), deliveries.c.ready_at <= now)
    abandoned = and_(deliveries.c.state == "claimed", deliveries.c.lease_until <= now)
    return or_(waiting, abandoned)


def _at_rest(now: datetime, busy: Collection[int]) -> ColumnElement[bool]:
    """Return the condition for rows whose channel or server has something under way, or that is paused."""
    under_way = select(deliveries.c.channel_id).where(deliveries.c.state == "claimed", deliveries.c.lease_until > now)
    paused = select(guilds.c.guild_id).where(guilds.c.paused_until > now)
    return or_(
        deliveries.c.channel_id.in_(under_way.scalar_subquery()),
        deliveries.c.guild_id.in_(busy),
        deliveries.c.guild_id.in_(paused.scalar_subquery()),
    )


def claimable(now: datetime, *, limit: int, per_guild: int, busy: Collection[int]) -> Select[Any]:
    """Return the query for the ids to claim: the first of each channel, the first few of each server.

    Nothing of servers that have paused everything.
    """
    longest_due = (  # ranking all that is due would cost more than posting it
        select(deliveries.c.id, deliveries.c.guild_id, deliveries.c.channel_id, deliveries.c.due_at)
        .where(ready(now), not_(_at_rest(now, busy)))
        .order_by(deliveries.c.due_at, deliveries.c.id)
        .limit(max(_RANKED, _RANKED_EACH * limit))
        .subquery()
    )
    in_channel = select(
        longest_due,
        func.row_number()
        .over(partition_by=longest_due.c.channel_id, order_by=(longest_due.c.due_at, longest_due.c.id))
        .label("place"),
    ).subquery()
    in_guild = (
        select(
            in_channel.c.id,
            in_channel.c.due_at,
            func.row_number()
            .over(partition_by=in_channel.c.guild_id, order_by=(in_channel.c.due_at, in_channel.c.id))
            .label("place"),
        )
        .where(in_channel.c.place == 1)
        .subquery()
    )
    return (
        select(deliveries.c.id)
        .join(in_guild, in_guild.c.id == deliveries.c.id)
        .where(in_guild.c.place <= per_guild, ready(now))
        .order_by(in_guild.c.due_at, deliveries.c.id)
        .limit(limit)
    )
