"""What an edit does to what is planned and due: by a file, by undo or by a command it has to be the same."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from bot.community.deliveries import Turn
from bot.community.records import By, Cadence, Destination, GuildSettings, Schedule
from bot.community.setup_file import as_file, from_file
from bot.community.store import Community
from tests.community.examples import ADMIN, BY, CHANNEL, GUILD, MINUTE, NOW, OTHER_CHANNEL, OTHER_GUILD, due, schedule

LATER = By(ADMIN, NOW + MINUTE)
WEEK = timedelta(days=7)
EDITS: dict[str, Any] = {
    "content": "highs",
    "request": {"fund": "VB"},
    "cadence": Cadence(kind="session"),
    "destinations": (Destination(channel_id=CHANNEL, pin=True),),
    "mention": "role",
    "mention_role_id": 9,
    "author_user_id": None,
}


async def planned(community: Community, **changes: Any) -> Schedule:
    added = await community.schedules.add(schedule(**changes), BY)
    await community.schedules.plan([replace(added, next_due_at=NOW, next_period="2026-07-17")], again_at=NOW)
    return await stored(community, added)


async def stored(community: Community, record: Schedule) -> Schedule:
    found = await community.schedules.get(record.guild_id, record.id)
    assert found is not None
    return found


async def states(community: Community, record: Schedule) -> list[tuple[str, str | None]]:
    return [(row.state, row.reason) for row in await community.ledger.history(GUILD, what=record.what)]


async def by_command(community: Community, record: Schedule) -> None:
    await community.schedules.pause(record, LATER)


async def by_file(community: Community, record: Schedule) -> None:
    current = await community.transfer.current(GUILD)
    file = as_file(current)
    for plain in file["schedules"]:
        plain["state"] = "paused"
    await community.transfer.apply(from_file(file, current, {CHANNEL: CHANNEL}, LATER), LATER)


async def by_undo(community: Community, record: Schedule) -> None:
    """Take back a resumption: what had been paused is paused again."""
    await community.schedules.pause(record, BY)
    await community.schedules.resume(record, BY)
    await community.schedules.plan([replace(record, next_due_at=NOW, next_period="2026-07-17")], again_at=NOW)
    assert await community.undo.last(GUILD, LATER)


@pytest.mark.parametrize("pause", [by_command, by_file, by_undo], ids=lambda way: way.__name__)
async def test_however_a_schedule_is_paused_nothing_more_is_posted(
    on_sqlite: Community, pause: Callable[[Community, Schedule], Awaitable[None]]
) -> None:
    record = await planned(on_sqlite)
    if pause is not by_undo:
        await on_sqlite.ledger.enter([due(record.what)])
    await pause(on_sqlite, record)
    now = await stored(on_sqlite, record)
    assert (now.state, now.next_due_at, now.next_period) == ("paused", None, None)
    assert all(state == ("skipped", "withdrawn") for state in await states(on_sqlite, record))
    assert await on_sqlite.schedules.due(NOW + WEEK, 5) == []
    assert await on_sqlite.schedules.upcoming([GUILD], NOW + WEEK) == []
    assert await on_sqlite.schedules.unplanned(NOW + WEEK, 5) == []


async def test_what_fell_due_between_a_resumption_and_its_taking_back_is_called_off(on_sqlite: Community) -> None:
    record = await planned(on_sqlite)
    await on_sqlite.schedules.pause(record, BY)
    await on_sqlite.schedules.resume(record, BY)
    await on_sqlite.ledger.enter([due(record.what)])
    assert await on_sqlite.undo.last(GUILD, LATER)
    assert await states(on_sqlite, record) == [("skipped", "withdrawn")]


@pytest.mark.parametrize("pause", [by_command, by_file, by_undo], ids=lambda way: way.__name__)
async def test_what_was_missed_while_paused_is_not_made_up_for(
    on_sqlite: Community, pause: Callable[[Community, Schedule], Awaitable[None]]
) -> None:
    """However it goes on: from its old next time it would post at once what fell due meanwhile."""
    record = await planned(on_sqlite)
    await pause(on_sqlite, record)
    paused = await stored(on_sqlite, record)
    await on_sqlite.schedules.save(replace(paused, state="active"), By(ADMIN, NOW + WEEK))
    assert await on_sqlite.schedules.due(NOW + 2 * WEEK, 5) == []
    assert [one.id for one in await on_sqlite.schedules.unplanned(NOW + WEEK, 5)] == [record.id]


@pytest.mark.parametrize("field", EDITS)
async def test_every_edit_has_it_planned_anew_and_keeps_the_bots_own_books(on_sqlite: Community, field: str) -> None:
    """Until it is planned anew its next time stands: an edit just before it must not lose it."""
    record = await planned(on_sqlite)
    stale = replace(record, next_due_at=None, next_period="nonsense", created_at=None, notice_pending=True)
    await on_sqlite.schedules.save(replace(stale, **{field: EDITS[field]}), LATER)
    now = await stored(on_sqlite, record)
    assert now == replace(record, **{field: EDITS[field]})
    assert [one.id for one in await on_sqlite.schedules.unplanned(LATER.at, 5)] == [record.id]
    assert await on_sqlite.schedules.unplanned(NOW, 5) == []
    assert [one.id for one in await on_sqlite.schedules.due(NOW, 5)] == [record.id]


def test_every_field_an_admin_sets_is_edited_above() -> None:
    own = {"id", "guild_id", "state", "reason", "notice_pending", "created_at", "next_due_at", "next_period"}
    assert set(EDITS) == set(Schedule.__dataclass_fields__) - own


async def test_an_edit_that_changes_nothing_is_no_act(on_sqlite: Community) -> None:
    record = await planned(on_sqlite)
    entries = await on_sqlite.audit.entries(GUILD)
    await on_sqlite.schedules.save(record, LATER)
    assert await on_sqlite.audit.entries(GUILD) == entries
    assert await on_sqlite.schedules.unplanned(LATER.at + WEEK, 5) == []


async def test_a_turn_seen_before_an_edit_does_not_undo_it(on_sqlite: Community) -> None:
    """Two processes: one has read the schedule as due, an admin pauses it, then the first enters its posts."""
    record = await planned(on_sqlite)
    await on_sqlite.schedules.pause(record, LATER)
    await on_sqlite.schedules.turn([Turn(record.id, NOW, NOW + WEEK, "2026-07-24", ())])
    assert (await stored(on_sqlite, record)).next_due_at is None
    await on_sqlite.schedules.resume(record, LATER)
    assert [one.id for one in await on_sqlite.schedules.unplanned(LATER.at, 5)] == [record.id]


async def test_an_edit_elsewhere_touches_no_other_servers_schedule(on_sqlite: Community) -> None:
    record = await planned(on_sqlite)
    stolen = replace(record, guild_id=OTHER_GUILD, content="highs")
    with pytest.raises(KeyError):
        await on_sqlite.schedules.save(stolen, LATER)
    assert not await on_sqlite.schedules.remove(stolen, LATER)
    for change in (on_sqlite.schedules.pause, on_sqlite.schedules.resume):
        with pytest.raises(KeyError):
            await change(stolen, LATER)
    assert await stored(on_sqlite, record) == record
    assert await on_sqlite.audit.entries(OTHER_GUILD) == []


async def test_places_keep_their_order_and_a_place_taken_away_loses_what_was_due(on_sqlite: Community) -> None:
    channels = (OTHER_CHANNEL, 3, CHANNEL)
    record = await planned(on_sqlite, channels=channels)
    assert [place.channel_id for place in record.destinations] == list(channels)
    await on_sqlite.ledger.enter([due(record.what, channel) for channel in channels])
    fewer = replace(record, destinations=record.destinations[::-1][:2])
    await on_sqlite.schedules.save(fewer, LATER)
    assert (await stored(on_sqlite, record)).destinations == fewer.destinations
    rows = await on_sqlite.ledger.history(GUILD, what=record.what)
    assert {row.channel_id: row.state for row in rows} == {CHANNEL: "due", 3: "due", OTHER_CHANNEL: "skipped"}


async def test_another_zone_has_every_schedule_of_that_server_alone_planned_anew(on_sqlite: Community) -> None:
    ours, paused = await planned(on_sqlite), await planned(on_sqlite, content="highs")
    theirs = await planned(on_sqlite, guild_id=OTHER_GUILD)
    await on_sqlite.schedules.pause(paused, BY)
    await on_sqlite.guilds.save(GuildSettings(guild_id=GUILD, zone="Asia/Tokyo", quiet_to=time(7)), LATER)
    assert [one.id for one in await on_sqlite.schedules.unplanned(LATER.at, 5)] == [ours.id]
    assert await stored(on_sqlite, theirs) == theirs


async def test_what_failed_everywhere_goes_on_by_a_file_too(on_sqlite: Community) -> None:
    """Active with every place still paused it would never post, and nobody would be told."""
    record = await planned(on_sqlite)
    for _n in range(3):
        await on_sqlite.schedules.failed(record.what, CHANNEL, "no_access", By(None, NOW))
    current = await on_sqlite.transfer.current(GUILD)
    assert current.schedules[0].state == "paused"
    file = as_file(current)
    file["schedules"][0]["state"] = "active"
    await on_sqlite.transfer.apply(from_file(file, current, {CHANNEL: CHANNEL}, LATER), LATER)
    now = await stored(on_sqlite, record)
    assert (now.state, now.reason, now.notice_pending) == ("active", None, False)
    assert [(place.failures, place.paused_reason) for place in now.destinations] == [(0, None)]


async def test_taking_back_a_pause_leaves_a_place_paused_that_had_failed_before(on_sqlite: Community) -> None:
    record = await planned(on_sqlite, channels=(CHANNEL, OTHER_CHANNEL))
    for _n in range(3):
        await on_sqlite.schedules.failed(record.what, CHANNEL, "no_access", By(None, NOW))
    await on_sqlite.schedules.pause(record, BY)
    assert await on_sqlite.undo.last(GUILD, LATER)
    now = await stored(on_sqlite, record)
    assert now.state == "active"
    assert [place.paused_reason for place in now.destinations] == ["no_access", None]
