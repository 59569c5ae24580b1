import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.alerts.columns import State, rule_row
from bot.alerts.rule import Rule
from bot.alerts.stored import numbers_of
from bot.community.alert_records import (
    MOST_PER_GUILD,
    MOST_PER_PERSON,
    USUAL_PER_HOUR,
    Alert,
    AlertSettings,
    Full,
    Move,
)
from bot.community.deliveries import NewDelivery
from bot.community.records import By
from bot.community.store import Community
from tests.community.examples import (
    ADMIN,
    BY,
    CHANNEL,
    GUILD,
    MEMBER,
    MINUTE,
    NOW,
    OTHER_CHANNEL,
    OTHER_GUILD,
    alert,
    due,
)

LATER = By(ADMIN, NOW + MINUTE)
DAY = date(2026, 7, 17)
STANDING = State(armed=True, run=1, last=739_000, month=24_000, count=2, through=739_100)


def as_is(entries: Sequence[NewDelivery], _recent: int) -> Sequence[NewDelivery]:
    return entries


async def test_an_alert_comes_back_as_it_was_stored(community: Community) -> None:
    rule = Rule(indicator="rates.yield_2y", condition="changes_by", threshold=0.005, within=63, note="mind “this” 💡")
    added = await community.alerts.add(
        alert(rule=rule, author_user_id=ADMIN, per_year=3.25, mention_role_id=9, kind="thread", standing=STANDING), BY
    )
    assert added.created_at == added.changed_at == NOW
    assert await community.alerts.get(added.id) == added
    assert await community.alerts.of_guild(GUILD) == [added]
    assert await community.alerts.of_guild(OTHER_GUILD) == []
    assert await community.alerts.get("nothing") is None


async def test_a_rule_is_stored_as_numbers_beside_its_words(community: Community) -> None:
    added = await community.alerts.add(alert(standing=STANDING), BY)
    (stored,) = await community.alert_runs.stored(("", ""), 10)
    assert (stored.id, stored.indicator) == (added.id, "rotation.spread.6m")
    assert stored.numbers == numbers_of(added.rule)
    assert [float(n) for n in stored.numbers.strip("[]").split(",")] == [float(n) for n in rule_row(added.rule)]
    assert stored.state == (1, 1, 739_000, 24_000, 2, -1, -1, 739_100)


async def test_rules_are_read_by_indicator_and_in_parts(community: Community) -> None:
    for n in range(7):
        rule = Rule(indicator=f"i{n % 3}", condition="above", threshold=float(n))
        await community.alerts.add(alert(rule=rule), BY)
    paused = await community.alerts.add(alert(), BY)
    await community.alerts.pause(paused, BY)
    found, after = [], ("", "")
    while part := await community.alert_runs.stored(after, 3):
        found += part
        after = (part[-1].indicator, part[-1].id)
    assert len(found) == len({one.id for one in found}) == 7
    assert [one.indicator for one in found] == sorted(one.indicator for one in found)


async def test_a_server_has_so_many_and_no_more(community: Community) -> None:
    for _n in range(MOST_PER_GUILD):
        await community.alerts.add(alert(), BY)
    with pytest.raises(Full) as caught:
        await community.alerts.add(alert(), BY)
    assert caught.value.most == MOST_PER_GUILD
    await community.alerts.add(alert(guild_id=OTHER_GUILD), BY)
    await community.alerts.add(alert(user_id=MEMBER), BY)


async def test_a_person_has_ten_private_ones_wherever_they_were_made(community: Community) -> None:
    for n in range(MOST_PER_PERSON):
        await community.alerts.add(alert(user_id=MEMBER, guild_id=(GUILD, OTHER_GUILD)[n % 2]), BY)
    with pytest.raises(Full):
        await community.alerts.add(alert(user_id=MEMBER), BY)
    assert len(await community.alerts.of_person(MEMBER)) == MOST_PER_PERSON
    assert await community.alerts.of_guild(GUILD) == []


async def test_changes_of_a_server_stand_in_its_log_and_private_ones_do_not(community: Community) -> None:
    ours = await community.alerts.add(alert(), BY)
    mine = await community.alerts.add(alert(user_id=MEMBER), By(MEMBER, NOW))
    await community.alerts.save(replace(ours, channel_id=OTHER_CHANNEL), LATER)
    await community.alerts.snooze(ours, NOW + timedelta(days=7), LATER)
    await community.alerts.pause(mine, LATER)
    assert await community.alerts.remove(ours, LATER)
    assert not await community.alerts.remove(ours, LATER)
    assert await community.alerts.remove(mine, LATER)
    entries = await community.audit.entries(GUILD)
    assert [(entry.action, entry.subject) for entry in entries] == [
        ("removed", f"alert:{ours.id}"),
        ("changed", f"alert:{ours.id}"),
        ("changed", f"alert:{ours.id}"),
        ("added", f"alert:{ours.id}"),
    ]
    assert entries[2].before is not None
    assert entries[2].after is not None
    assert (entries[2].before["channel_id"], entries[2].after["channel_id"]) == (CHANNEL, OTHER_CHANNEL)


async def test_undo_goes_back_through_the_life_of_an_alert(community: Community) -> None:
    """Each step back finds the alert as it was then: its settings, its place in the list, and where its rule stood."""
    rule, anew = Rule(indicator="x", condition="new_high"), State(armed=True, through=739_200)
    added = await community.alerts.add(alert(author_user_id=ADMIN, per_year=2.5, standing=STANDING), BY)
    await community.alerts.add(alert(user_id=MEMBER), LATER)
    await community.alerts.save(
        replace(added, rule=rule, channel_id=OTHER_CHANNEL, per_year=9.0, standing=anew), LATER, anew=True
    )
    changed = await community.alerts.get(added.id)
    assert changed is not None
    await community.alerts.snooze(changed, NOW + timedelta(days=7), LATER)
    snoozed = await community.alerts.get(added.id)
    assert snoozed is not None
    await community.alerts.remove(snoozed, LATER)

    async def undone() -> Alert | None:
        assert await community.undo.last(GUILD, LATER)
        return await community.alerts.get(added.id)

    assert await undone() == snoozed
    assert await undone() == changed
    assert await undone() == replace(added, changed_at=LATER.at)
    assert await undone() is None
    assert not await community.undo.last(GUILD, LATER)


@pytest.mark.parametrize("act", ["remove", "pause", "snooze", "edit"])
async def test_undo_lets_what_was_due_be_due_again(community: Community, act: str) -> None:
    added = await community.alerts.add(alert(standing=STANDING), BY)
    waiting, sent = due(added.what, due_at=NOW + timedelta(hours=9)), due(added.what, period="2026-07-16")
    await community.ledger.enter([waiting, sent])
    (claimed,) = await community.ledger.claim(NOW, holder="a", lease_until=NOW + MINUTE, limit=1)
    await community.ledger.close(claimed, "skipped", "old_news")
    match act:
        case "remove":
            await community.alerts.remove(added, LATER)
        case "pause":
            await community.alerts.pause(added, LATER)
        case "snooze":
            await community.alerts.snooze(added, NOW + timedelta(days=7), LATER)
        case _:
            await community.alerts.save(replace(added, channel_id=OTHER_CHANNEL), LATER)

    async def rows() -> dict[str, tuple[str, str | None]]:
        return {row.period: (row.state, row.reason) for row in await community.ledger.history(GUILD)}

    assert await rows() == {waiting.period: ("skipped", "withdrawn"), sent.period: ("skipped", "old_news")}
    assert await community.undo.last(GUILD, LATER)
    assert await rows() == {waiting.period: ("due", None), sent.period: ("skipped", "old_news")}
    assert await community.alerts.get(added.id) == replace(added, changed_at=LATER.at)


async def test_undo_takes_back_what_a_server_allows(community: Community) -> None:
    await community.alerts.save_settings(AlertSettings(guild_id=GUILD, private_allowed=True, per_hour=3), BY)
    assert await community.undo.last(GUILD, LATER)
    assert await community.alerts.settings(GUILD) == AlertSettings(guild_id=GUILD)


async def test_a_change_leaves_the_machine_where_it_stands_unless_it_begins_anew(community: Community) -> None:
    added = await community.alerts.add(alert(standing=STANDING), BY)
    await community.alert_runs.moved([Move(added.id, STANDING.through, replace(STANDING, run=0, through=739_101))])
    await community.alerts.save(replace(added, mention_role_id=5), LATER)
    found = await community.alerts.get(added.id)
    assert found is not None
    assert found.standing == replace(STANDING, run=0, through=739_101)
    await community.alerts.save(replace(found, standing=State(through=7)), LATER, anew=True)
    again = await community.alerts.get(added.id)
    assert again is not None
    assert again.standing == State(through=7)


async def test_pausing_calls_off_what_is_due_and_resuming_begins_from_now(community: Community) -> None:
    added = await community.alerts.add(alert(standing=STANDING), BY)
    await community.ledger.enter([due(added.what)])
    await community.alerts.pause(added, LATER)
    (row,) = await community.ledger.history(GUILD)
    assert (row.state, row.reason) == ("skipped", "withdrawn")
    assert await community.alert_runs.stored(("", ""), 10) == []
    await community.alerts.resume(added, State(armed=True, through=739_500), LATER)
    found = await community.alerts.get(added.id)
    assert found is not None
    assert (found.state, found.standing) == ("active", State(armed=True, through=739_500))


async def test_what_is_gone_cannot_be_changed(community: Community) -> None:
    with pytest.raises(KeyError):
        await community.alerts.save(alert(), BY)


async def test_a_fire_is_entered_with_the_state_that_comes_of_it(community: Community) -> None:
    added = await community.alerts.add(alert(standing=State(armed=True, through=5)), BY)
    move = Move(added.id, 5, State(last=6, through=6))
    entered = await community.alert_runs.settle(GUILD, [move], {added.id: [due(added.what)]}, NOW, as_is)
    assert entered == 1
    found = await community.alerts.get(added.id)
    assert found is not None
    assert found.standing == State(last=6, through=6)
    assert [row.what for row in await community.ledger.history(GUILD)] == [added.what]


async def test_two_processes_never_fire_the_same_twice(community: Community) -> None:
    added = await community.alerts.add(alert(standing=State(armed=True, through=5)), BY)
    move = Move(added.id, 5, State(last=6, through=6))

    async def settle(period: str) -> int:
        return await community.alert_runs.settle(
            GUILD, [move], {added.id: [due(added.what, period=period)]}, NOW, as_is
        )

    entered = await asyncio.gather(*(settle(f"2026-07-{n}") for n in range(10, 18)))
    assert sorted(entered) == [0] * 7 + [1]
    assert len(await community.ledger.history(GUILD)) == 1


async def test_a_state_and_its_row_are_stored_together_or_not_at_all(community: Community) -> None:
    added = await community.alerts.add(alert(standing=State(armed=True, through=5)), BY)

    def broken(_entries: Sequence[NewDelivery], _recent: int) -> Sequence[NewDelivery]:
        raise RuntimeError("the process dies here")

    with pytest.raises(RuntimeError):
        await community.alert_runs.settle(
            GUILD, [Move(added.id, 5, State(through=6))], {added.id: [due()]}, NOW, broken
        )
    found = await community.alerts.get(added.id)
    assert found is not None
    assert found.standing.through == 5
    assert await community.ledger.history(GUILD) == []


async def test_the_arrangement_knows_what_the_server_has_had_within_the_hour(community: Community) -> None:
    hour = timedelta(hours=1)
    await community.ledger.enter(
        [
            due("alert:a", due_at=NOW - MINUTE),
            due("alert:b", due_at=NOW - 2 * hour),
            due("alert:c", state="skipped"),
            due("schedule:d"),
            due("alert:e", guild_id=OTHER_GUILD),
        ]
    )
    added = await community.alerts.add(alert(standing=State(through=5)), BY)
    seen: list[int] = []

    def arrange(entries: Sequence[NewDelivery], recent: int) -> Sequence[NewDelivery]:
        seen.append(recent)
        return entries

    move = Move(added.id, 5, State(through=6))
    await community.alert_runs.settle(GUILD, [move], {added.id: [due(added.what)]}, NOW - hour, arrange)
    assert seen == [1]


async def test_the_day_is_noted_for_all_rules_that_were_looked_at(community: Community) -> None:
    old = await community.alerts.add(alert(standing=State(through=5)), BY)
    fired = await community.alerts.add(alert(standing=State(through=5)), BY)
    other = await community.alerts.add(
        alert(rule=Rule(indicator="x", condition="new_high"), standing=State(through=5)), BY
    )
    new = await community.alerts.add(alert(standing=State(through=5)), LATER)
    await community.alert_runs.through("rotation.spread.6m", DAY, NOW, besides=[fired.id])
    through = {one.id: one.standing.through for one in await community.alerts.of_guild(GUILD)}
    assert through == {old.id: DAY.toordinal(), fired.id: 5, other.id: 5, new.id: 5}


async def test_three_refusals_in_a_row_pause_an_alert(community: Community) -> None:
    added = await community.alerts.add(alert(), BY)

    async def refused(n: int) -> bool:
        entry = due(added.what, period=str(n), due_at=NOW + n * MINUTE)
        await community.ledger.enter([entry])
        (claimed,) = await community.ledger.claim(
            NOW + n * MINUTE, holder="a", lease_until=NOW + n * MINUTE + MINUTE, limit=1
        )
        await community.ledger.close(claimed, "failed", "no_permission")
        return await community.alert_runs.failed(added.what, "no_permission", NOW)

    assert [await refused(n) for n in range(1, 5)] == [False, False, True, False]
    (notice,) = await community.alert_runs.notices()
    assert (notice.id, notice.state, notice.reason) == (added.id, "paused", "no_permission")
    await community.alert_runs.told(notice)
    assert await community.alert_runs.notices() == []


async def test_a_draft_watches_nothing_counts_for_nothing_and_is_nobodys_news(community: Community) -> None:
    draft = await community.alerts.add(alert(state="draft", standing=STANDING), BY)
    assert await community.alerts.of_guild(GUILD) == []
    assert await community.alert_runs.stored(("", ""), 10) == []
    assert await community.audit.entries(GUILD) == []
    saved = await community.alerts.adopt(draft, State(through=9), LATER)
    assert (saved.state, saved.standing, saved.id) == ("active", State(through=9), draft.id)
    assert await community.alerts.of_guild(GUILD) == [saved]
    assert [entry.action for entry in await community.audit.entries(GUILD)] == ["added"]


async def test_a_draft_of_a_change_replaces_the_alert_it_names(community: Community) -> None:
    before = await community.alerts.add(alert(author_user_id=ADMIN, standing=STANDING), BY)
    rule = Rule(indicator="x", condition="new_high")
    draft = await community.alerts.add(alert(state="draft", reason=before.id, rule=rule, per_year=2.0), LATER)
    saved = await community.alerts.adopt(draft, State(through=9), LATER)
    assert (saved.id, saved.rule, saved.per_year, saved.author_user_id) == (before.id, rule, 2.0, ADMIN)
    assert await community.alerts.get(draft.id) is None
    assert await community.alerts.get(before.id) == saved
    gone = await community.alerts.add(alert(state="draft", reason="gone"), LATER)
    with pytest.raises(KeyError):
        await community.alerts.adopt(gone, State(), LATER)


async def test_drafts_that_nobody_saves_go_after_a_day(community: Community) -> None:
    kept = await community.alerts.add(alert(), BY)
    await community.alerts.add(alert(state="draft"), BY)
    fresh = await community.alerts.add(alert(state="draft"), LATER)
    assert await community.alerts.drop_drafts(NOW + MINUTE) == 1
    await community.alerts.drop([fresh.id, kept.id])
    assert await community.alerts.get(fresh.id) is None
    assert await community.alerts.get(kept.id) == kept


async def test_what_a_server_allows(community: Community) -> None:
    assert await community.alerts.settings(GUILD) == AlertSettings(guild_id=GUILD)
    assert not AlertSettings(guild_id=GUILD).private_allowed
    assert AlertSettings(guild_id=GUILD).per_hour == USUAL_PER_HOUR
    allowed = AlertSettings(guild_id=GUILD, private_allowed=True, per_hour=3)
    await community.alerts.save_settings(allowed, BY)
    await community.alerts.save_settings(replace(allowed, per_hour=4), BY)
    assert await community.alerts.settings(GUILD) == replace(allowed, per_hour=4)


async def test_several_are_found_at_once(community: Community) -> None:
    added = [await community.alerts.add(alert(user_id=1000 + n), BY) for n in range(12)]
    found = await community.alert_runs.several([one.id for one in added] + ["gone"])
    assert {one.id for one in found} == {one.id for one in added}
