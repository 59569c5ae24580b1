from dataclasses import replace
from datetime import time, timedelta

import pytest

from bot.community.deliveries import Receipt, Turn
from bot.community.records import By, Cadence, Destination, Schedule
from bot.community.store import Community
from tests.community.examples import (
    ADMIN,
    BY,
    CHANNEL,
    GUILD,
    MINUTE,
    NOW,
    OTHER_CHANNEL,
    OTHER_GUILD,
    due,
    schedule,
)

BOT = By(None, NOW)


async def _planned(community: Community, record: Schedule) -> Schedule:
    added = await community.schedules.add(record, BY)
    planned = replace(added, next_due_at=NOW, next_period="2026-07-17")
    await community.schedules.plan([planned], again_at=NOW)
    return planned


async def _now(community: Community, record: Schedule) -> Schedule:
    found = await community.schedules.get(record.guild_id, record.id)
    assert found is not None
    return found


async def test_what_is_stored_comes_back(community: Community) -> None:
    monthly = Cadence(kind="monthly", weekdays=(0,), nth=-1, at=time(8, 5), holidays="before")
    places = (
        Destination(channel_id=OTHER_CHANNEL, kind="forum", tags=(3, 4), pin=True),
        Destination(channel_id=CHANNEL, kind="announcement", crosspost=True, dashboard=True),
    )
    record = schedule(cadence=monthly, destinations=places, request={"window": "6m"}, mention="role", mention_role_id=5)
    added = await community.schedules.add(record, BY)
    assert added == replace(record, created_at=NOW)
    assert await _now(community, added) == added
    assert await community.schedules.of_guild(GUILD) == [added]
    assert await community.schedules.of_guild(OTHER_GUILD) == []
    assert await community.schedules.get(OTHER_GUILD, added.id) is None


async def test_new_changed_and_resumed_schedules_wait_to_be_planned(community: Community) -> None:
    planned = await _planned(community, schedule())
    assert await community.schedules.unplanned(NOW, 5) == []
    changed = replace(planned, request={"fund": "VB"})
    await community.schedules.save(changed, BY)
    assert [s.request for s in await community.schedules.unplanned(NOW, 5)] == [{"fund": "VB"}]
    await community.schedules.plan([changed], again_at=NOW)
    await community.schedules.pause(changed, BY)
    assert await community.schedules.unplanned(NOW, 5) == []
    assert await community.schedules.due(NOW, 5) == []
    await community.schedules.resume(changed, BY)
    again = await community.schedules.unplanned(NOW, 5)
    assert [(s.id, s.next_due_at) for s in again] == [(planned.id, None)]


async def test_a_calendar_that_ends_is_looked_at_again_later(community: Community) -> None:
    added = await community.schedules.add(schedule(cadence=Cadence(kind="fomc")), BY)
    await community.schedules.plan([added], again_at=NOW + MINUTE)
    assert await community.schedules.unplanned(NOW, 5) == []
    assert len(await community.schedules.unplanned(NOW + MINUTE, 5)) == 1
    await community.schedules.replan({"fomc"}, NOW)
    assert len(await community.schedules.unplanned(NOW, 5)) == 1


async def test_turning_enters_once_and_moves_on_once(community: Community) -> None:
    planned = await _planned(community, schedule())
    assert [s.id for s in await community.schedules.due(NOW, 5)] == [planned.id]
    turn = Turn(planned.id, NOW, NOW + 7 * 24 * 60 * MINUTE, "2026-07-24", (due(planned.what),))
    assert await community.schedules.turn([turn]) == 1
    assert await community.schedules.turn([turn]) == 0  # by another process, or after a lost answer
    assert (await _now(community, planned)).next_period == "2026-07-24"
    stale = replace(turn, next_due_at=NOW + MINUTE, next_period="wrong")
    assert await community.schedules.turn([stale]) == 0
    assert (await _now(community, planned)).next_period == "2026-07-24"
    assert await community.schedules.due(NOW, 5) == []
    assert await community.schedules.upcoming([GUILD], NOW) == []
    assert len(await community.schedules.upcoming([GUILD, OTHER_GUILD], NOW + timedelta(days=8))) == 1


async def test_three_failures_in_a_row_pause_a_place_and_the_last_place_the_schedule(community: Community) -> None:
    record = await _planned(community, schedule(channels=(CHANNEL, OTHER_CHANNEL)))
    fail = community.schedules.failed

    assert [await fail(record.what, CHANNEL, "no_access", BOT) for _n in range(2)] == [False, False]
    await community.ledger.enter([due(record.what)])
    (claimed,) = await community.ledger.claim(NOW, holder="a", lease_until=NOW + MINUTE, limit=1)
    await community.ledger.sent(claimed, Receipt(channel_id=CHANNEL, message_id=1, at=NOW))
    assert [await fail(record.what, CHANNEL, "no_access", BOT) for _n in range(3)] == [False, False, False]
    one_paused = await _now(community, record)
    assert [(p.failures, p.paused_reason) for p in one_paused.destinations] == [(3, "no_access"), (0, None)]
    assert one_paused.state == "active"
    assert await community.schedules.notices() == [one_paused]  # somebody has to know, though it goes on elsewhere
    await community.schedules.told(one_paused)
    assert not await fail(record.what, CHANNEL, "no_access", BOT)  # what was under way: nothing new
    assert await community.schedules.notices() == []

    assert [await fail(record.what, OTHER_CHANNEL, "unknown_channel", BOT) for _n in range(3)] == [False, False, True]
    assert not await fail(record.what, OTHER_CHANNEL, "unknown_channel", BOT)
    paused = await _now(community, record)
    assert (paused.state, paused.reason, paused.notice_pending) == ("paused", "unknown_channel", True)
    assert await community.schedules.notices() == [paused]
    newest = (await community.audit.entries(GUILD))[0]
    assert (newest.user_id, newest.after["state"], newest.after["reason"]) == (None, "paused", "unknown_channel")
    await community.schedules.told(paused)
    assert await community.schedules.notices() == []

    await community.schedules.resume(paused, BY)
    assert [p.failures for p in (await _now(community, record)).destinations] == [0, 0]
    assert not await fail(record.what, CHANNEL, "no_access", BOT)
    assert not await fail("alert:x", CHANNEL, "no_access", BOT)  # not a schedule: nothing to pause


async def test_pausing_removing_and_moving_withdraw_what_has_not_been_posted(community: Community) -> None:
    record = await _planned(community, schedule(channels=(CHANNEL, OTHER_CHANNEL)))
    await community.ledger.enter([due(record.what), due(record.what, OTHER_CHANNEL), due("schedule:other")])

    async def states() -> list[tuple[int, str, str | None]]:
        rows = await community.ledger.history(GUILD, what=record.what)
        return sorted((row.channel_id, row.state, row.reason) for row in rows)

    moved = replace(record, destinations=(Destination(channel_id=CHANNEL),))
    await community.schedules.save(moved, BY)
    assert await states() == [(CHANNEL, "due", None), (OTHER_CHANNEL, "skipped", "withdrawn")]
    assert await community.schedules.remove(moved, BY)
    assert not await community.schedules.remove(moved, BY)
    assert await states() == [(CHANNEL, "skipped", "withdrawn"), (OTHER_CHANNEL, "skipped", "withdrawn")]
    assert [d.state for d in await community.ledger.history(GUILD, what="schedule:other")] == ["due"]
    with pytest.raises(KeyError):
        await community.schedules.save(replace(moved, request={"fund": "VB"}), BY)


async def test_the_log_tells_who_set_what_up(community: Community) -> None:
    record = await _planned(community, schedule())
    await community.schedules.save(replace(record, request={"fund": "VB"}), BY)
    await community.schedules.pause(record, BY, "holiday")
    await community.schedules.remove(record, BY)
    entries = await community.audit.entries(GUILD, subject="schedule:")
    assert [e.action for e in entries] == ["removed", "changed", "changed", "added"]
    assert {e.user_id for e in entries} == {ADMIN}
    assert entries[2].before["request"] == {}
    assert entries[2].after["request"] == {"fund": "VB"}
    assert await community.audit.entries(GUILD, user_id=1) == []
    assert len(await community.audit.entries(GUILD, after_id=entries[1].id)) == 1
