"""From new data to posted alerts: real series, a real database, discord.py's client against the stand-in."""

import asyncio
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from bot.alerts.rule import Rule
from bot.community.alert_records import STORM, AlertSettings
from bot.community.records import By, ChannelSettings, GuildSettings, Person
from bot.community.store import Community
from bot.discord_ui.publisher import RestPublisher
from bot.jobs import publishing, reasons
from bot.jobs.alerts import paused_text
from bot.worker import opened
from tests.alerts.versions import corrected, partial, until
from tests.alerts.world import ABOVE_296, BELOW_290, World, evening
from tests.community.examples import (
    ADMIN,
    BY,
    CHANNEL,
    GUILD,
    MEMBER,
    OTHER_CHANNEL,
    OTHER_GUILD,
    alert,
    due,
)
from tests.jobs.support import texts
from tests.standin.process import StandIn

pytestmark = pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)  # both: tests/community/test_alerts
WEEK = (20, 21, 22, 23, 24, 27, 28, 29, 30, 31)


@pytest.fixture
def world(community: Community, sender: RestPublisher, standin: StandIn) -> World:
    channels = [{"id": CHANNEL, "guild_id": GUILD}, {"id": OTHER_CHANNEL, "guild_id": OTHER_GUILD}]
    standin.set(channels=channels, limits={"per_second": 1000, "per_channel": 1000})
    return World(community, sender, standin)


async def test_the_whole_path_from_a_close_to_a_message(world: World) -> None:
    added = await world.add(BELOW_290)
    assert await world.through(20, 21, 22, 23, 24, 27, 28) == 0
    assert await world.at(29) == 1
    (message,) = world.messages()
    shown = texts(message)
    assert "Alert: Close of IWM" in shown
    assert "Close of IWM is below $290: $288.57 on 29 Jul 2026. It would have fired " in shown
    assert len(message["files"]) == 1
    (row,) = await world.rows()
    assert (row.what, row.period, row.state, row.as_of) == (added.what, "2026-07-29", "sent", date(2026, 7, 29))
    assert row.note == "Close of IWM is below $290: $288.57 on 29 Jul 2026."
    assert await world.through(30, 31) == 0


async def test_each_day_is_evaluated_once_and_a_restart_changes_nothing(world: World) -> None:
    await world.add(BELOW_290)
    await world.at(29)
    calls = len(world.pool.calls)
    assert await world.watch.run() == 0
    assert len(world.pool.calls) == calls
    world.watch = world.another_process()
    assert await world.at(29) == 0
    assert len(world.messages()) == 1


async def test_two_processes_at_once_post_it_once(world: World) -> None:
    await world.add(BELOW_290)
    world.clock.at = evening(29)
    entered = await asyncio.gather(*(world.another_process().run() for _n in range(4)))
    assert sum(entered) == 1
    await world.deliverer.drain()
    assert len(world.messages()) == 1


async def test_what_was_true_when_it_was_added_is_no_news(world: World) -> None:
    await world.add(Rule(indicator="price.close.IWM", condition="below", threshold=295.0))  # 294.04 on the 17th
    assert await world.through(20) == 0
    assert await world.through(21, 22) == 1  # above on the 21st, below again on the 22nd
    assert [row.period for row in await world.rows()] == ["2026-07-22"]


async def test_live_fires_are_those_of_the_card(world: World) -> None:
    """The alert's own card, asked afterwards, lists exactly the days on which it was posted."""
    rules = [
        Rule(indicator="price.close.IWM", condition="below", threshold=293.0),
        Rule(indicator="price.close.SPY", condition="changes_by", threshold=0.01, relative=True, within=1),
        Rule(indicator="rates.yield_2y", condition="new_high", within=20),
    ]
    added = [await world.add(rule) for rule in rules]
    await world.through(*WEEK)
    rows = await world.rows()
    for one in added:
        done = await world.reports.work("tests.alerts.asked_of_workers:fires", one.rule.model_dump_json())
        live = [date.fromisoformat(row.period) for row in rows if row.what == one.what]
        assert live == [day for day in done if day > date(2026, 7, 17)]
        assert live


# what must not fire


async def test_stale_data_never_fires(world: World) -> None:
    await world.add(BELOW_290)
    world.data = until(date(2026, 7, 28))
    world.reports.refresh()
    assert await world.through(29, 30, 31) == 0


async def test_a_symbol_that_lacks_the_day_waits_for_it(world: World) -> None:
    await world.add(BELOW_290)
    world.data = partial("IWM", date(2026, 7, 29))
    world.reports.refresh()
    assert await world.at(29) == 0
    world.data = "sample"
    world.reports.refresh()
    assert await world.at(29) == 1
    assert len(world.messages()) == 1


async def test_news_of_days_ago_is_noted_and_not_posted(world: World) -> None:
    await world.add(ABOVE_296)
    await world.at(31)  # away for two weeks
    (row,) = await world.rows()
    assert (row.period, row.state, row.reason) == ("2026-07-21", "skipped", reasons.OLD_NEWS)
    assert world.messages() == []


async def test_data_one_session_behind_is_still_news(world: World) -> None:
    await world.add(BELOW_290)
    world.data = until(date(2026, 7, 29))
    world.reports.refresh()
    assert await world.at(30) == 1
    (row,) = await world.rows()
    assert row.state == "sent"


@pytest.mark.parametrize("how", ["snoozed", "paused", "removed", "blocked", "all paused", "gone"])
async def test_what_is_not_wanted_is_not_posted(world: World, how: str) -> None:
    added = await world.add(BELOW_290)
    by = By(ADMIN, world.clock.now())
    settings = GuildSettings(guild_id=GUILD)
    expected: str | None = None
    if how == "snoozed":
        await world.community.alerts.snooze(added, evening(30), by)
        expected = reasons.SNOOZED
    elif how == "paused":
        await world.community.alerts.pause(added, by)
    elif how == "removed":
        await world.community.alerts.remove(added, by)
    elif how == "blocked":
        await world.community.guilds.block(GUILD, "IWM", by)
        expected = reasons.BLOCKED
    elif how == "all paused":
        await world.community.guilds.save(replace(settings, paused_until=evening(30)), by)
        expected = reasons.PAUSED
    else:
        await world.community.guilds.left(GUILD, world.clock.now())
        expected = reasons.BOT_REMOVED
    await world.at(29)
    assert world.messages() == []
    assert [(row.state, row.reason) for row in await world.rows()] == ([("skipped", expected)] if expected else [])


async def test_snoozed_it_goes_on_watching(world: World) -> None:
    """A snooze swallows a post, not the state: the next time is the next time it becomes true."""
    added = await world.add(BELOW_290)
    await world.community.alerts.snooze(added, evening(30), BY)
    await world.through(29, 30, 31)
    assert world.messages() == []
    found = await world.community.alerts.get(added.id)
    assert found is not None
    assert date.fromordinal(found.standing.last) == date(2026, 7, 29)


async def test_quiet_hours_delay_a_post_and_do_not_lose_it(world: World) -> None:
    await world.community.guilds.save(GuildSettings(guild_id=GUILD, zone="UTC"), BY)
    await world.add(BELOW_290.model_copy(update={"quiet_from": time(20), "quiet_to": time(8)}))
    await world.at(29)
    assert world.messages() == []
    world.clock.forward(timedelta(hours=10, minutes=29))
    await world.deliverer.drain()
    assert world.messages() == []
    world.clock.forward(timedelta(minutes=1))
    await world.deliverer.drain()
    (message,) = world.messages()
    assert "Late:" not in texts(message)


# taken back by an admin


@pytest.mark.parametrize("act", ["removed", "edited"])
async def test_undo_brings_an_alert_back_with_its_memory(world: World, act: str) -> None:
    """It fired on the 23rd; taken away and brought back it neither says so again nor forgets to say the next time."""
    rule = Rule(indicator="price.close.IWM", condition="below", threshold=293.0)
    closes = {22: 293.79, 23: 292.09, 24: 291.17, 27: 292.91, 28: 293.37, 29: 288.57}
    series = opened("sample").closes("IWM")
    assert {day: round(float(series[f"2026-07-{day}"]), 2) for day in closes} == closes
    world.clock.at = evening(22)
    added = await world.add(rule)
    assert await world.at(23) == 1
    fired = await world.community.alerts.get(added.id)
    assert fired is not None
    by = By(ADMIN, world.clock.now())
    if act == "removed":
        await world.community.alerts.remove(fired, by)
    else:
        other = Rule(indicator="price.close.IWM", condition="above", threshold=400.0)
        began = await world.reports.work("bot.alerts.work:began", other.model_dump_json())
        await world.community.alerts.save(replace(fired, rule=other, standing=began.state), by, anew=True)
    assert await world.through(24) == 0
    assert await world.community.undo.last(GUILD, replace(by, at=world.clock.now()))
    back = await world.community.alerts.get(added.id)
    assert back is not None
    assert (back.standing, back.created_at) == (fired.standing, fired.created_at)
    assert await world.through(27, 28) == 0
    assert await world.through(29) == 1
    assert [row.period for row in await world.rows()] == ["2026-07-23", "2026-07-29"]
    assert len(world.messages()) == 2


async def test_undo_misses_nothing_of_the_days_between(world: World) -> None:
    """Removed on the eve, brought back a day after: what became true meanwhile is said, as nothing newer has closed."""
    added = await world.add(BELOW_290)
    await world.through(28)
    await world.community.alerts.remove(added, By(ADMIN, world.clock.now()))
    assert await world.through(29) == 0
    await world.community.undo.last(GUILD, By(ADMIN, world.clock.now()))
    world.watch = world.another_process()
    assert await world.at(29) == 1
    assert len(world.messages()) == 1


async def test_what_is_delisted_leaves_its_alert_waiting_and_the_others_alone(world: World) -> None:
    """A symbol that is gone for good fires no more; those beside it are evaluated as if it were not there."""
    added = await world.add(BELOW_290)
    other = await world.add(Rule(indicator="price.close.SPY", condition="below", threshold=735.0))
    await world.at(28)
    world.data = partial("IWM", date(2000, 1, 1))
    world.reports.refresh()
    assert await world.at(29) == 1
    assert [row.what for row in await world.rows()] == [other.what]
    left = await world.community.alerts.get(added.id)
    assert left is not None
    assert (left.state, date.fromordinal(left.standing.through)) == ("active", date(2026, 7, 28))


@pytest.mark.parametrize(("zone", "hours"), [("America/New_York", 8), ("Asia/Tokyo", 0), ("UTC", 4)])
async def test_quiet_hours_are_the_servers_own(world: World, zone: str, hours: int) -> None:
    """From 17:00 to 01:30: half past five in New York, half past nine by UTC, half past six in Tokyo."""
    await world.community.guilds.save(GuildSettings(guild_id=GUILD, zone=zone), BY)
    await world.add(BELOW_290.model_copy(update={"quiet_from": time(17), "quiet_to": time(1, 30)}))
    await world.at(29)
    (row,) = await world.rows()
    assert row.ready_at - evening(29) == timedelta(hours=hours)


# where and how


async def test_every_channel_in_its_own_language_and_every_server_for_itself(world: World) -> None:
    await world.community.guilds.save_channel(ChannelSettings(guild_id=GUILD, channel_id=CHANNEL, language="es"), BY)
    await world.add(BELOW_290)
    await world.add(BELOW_290, guild_id=OTHER_GUILD, channel_id=OTHER_CHANNEL)
    assert await world.at(29) == 2
    (ours,), (theirs,) = world.messages(CHANNEL), world.messages(OTHER_CHANNEL)
    assert "288,57" in texts(ours)
    assert "288.57" in texts(theirs)
    assert world.pool.calls.count("bot.alerts.work:evaluated") == 1


async def test_one_servers_failure_is_not_anothers(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.add(BELOW_290)
    await world.add(BELOW_290, guild_id=OTHER_GUILD, channel_id=OTHER_CHANNEL)
    settings = world.community.alerts.settings

    async def broken(guild_id: int) -> AlertSettings:
        if guild_id == GUILD:
            raise RuntimeError("a fault of ours")
        return await settings(guild_id)

    monkeypatch.setattr(world.community.alerts, "settings", broken)
    assert await world.at(29) == 1
    assert world.messages() == []
    assert len(world.messages(OTHER_CHANNEL)) == 1
    monkeypatch.undo()
    world.watch = world.another_process()
    assert await world.at(29) == 1
    assert len(world.messages()) == 1


async def test_a_private_alert_speaks_the_persons_language_and_pings_nobody(world: World) -> None:
    await world.community.people.save(Person(user_id=MEMBER, language="es"))
    await world.community.alerts.save_settings(AlertSettings(guild_id=GUILD, private_allowed=True), BY)
    await world.add(BELOW_290, user_id=MEMBER)
    await world.at(29)
    (message,) = world.messages()
    assert "288,57" in texts(message)
    assert message["allowed_mentions"] == {"parse": []}


async def test_private_alerts_rest_where_the_server_no_longer_allows_them(world: World) -> None:
    mine = await world.add(BELOW_290, user_id=MEMBER)
    await world.add(BELOW_290, channel_id=OTHER_CHANNEL)
    await world.at(29)
    assert world.messages() == []
    assert len(world.messages(OTHER_CHANNEL)) == 1
    (rested,) = (row for row in await world.rows() if row.what == mine.what)
    assert (rested.state, rested.reason) == ("skipped", reasons.PRIVATE_OFF)


async def test_a_role_is_mentioned_where_admins_chose_one(world: World) -> None:
    await world.add(BELOW_290, mention_role_id=77)
    await world.at(29)
    (message,) = world.messages()
    assert message["allowed_mentions"]["roles"] == [77] or message["allowed_mentions"]["roles"] == ["77"]
    assert "<@&77>" in texts(message)


# storms


async def test_many_at_once_become_one_digest_with_the_rarest_first(world: World) -> None:
    levels = (288.6, 289.0, 289.5, 290.0, 291.0, 292.0, 292.5)
    added = [await world.add(Rule(indicator="price.close.IWM", condition="below", threshold=level)) for level in levels]
    alone = await world.add(BELOW_290, channel_id=OTHER_CHANNEL)
    await world.at(29)
    (message,) = world.messages()
    assert len(world.messages(OTHER_CHANNEL)) == 1
    rows = await world.rows()
    (storm,) = (row for row in rows if row.what == STORM)
    members = [row for row in rows if row.digest_id == storm.id]
    assert {row.what for row in members} == {one.what for one in added}
    assert {(row.state, row.reason) for row in members} == {("skipped", reasons.DIGEST)}
    assert (storm.state, alone.what in {row.what for row in members}) == ("sent", False)
    shown = texts(message)
    assert "Alerts at once\n" in shown
    assert "7 alerts at once; the rarest: Close of IWM is below $" in shown
    rarest_first = [one.per_year for one in sorted(added, key=lambda one: one.per_year)]
    asked = storm.parts[0].request["alerts"]
    assert [one["per_year"] for one in asked] == rarest_first
    assert storm.note is not None
    assert storm.note.startswith("7 alerts at once; the rarest: ")


async def test_a_server_that_never_merges_gets_a_wall_within_its_hourly_cap(world: World) -> None:
    await world.community.guilds.save(GuildSettings(guild_id=GUILD, digest_over=None), BY)
    await world.community.alerts.save_settings(AlertSettings(guild_id=GUILD, per_hour=2), BY)
    for level in (288.6, 289.0, 289.5, 290.0, 291.0):
        await world.add(Rule(indicator="price.close.IWM", condition="below", threshold=level))
    await world.at(29)
    assert len(world.messages()) == 2
    for expected in (4, 5):
        world.clock.forward(timedelta(hours=1))
        await world.deliverer.drain()
        assert len(world.messages()) == expected


# corrections


async def test_a_corrected_close_takes_the_alert_back_in_a_reply(world: World) -> None:
    await world.add(BELOW_290)
    await world.at(29)
    (posted,) = world.messages()
    entered = await world.new_data(corrected("IWM", date(2026, 7, 29), 291.57))
    assert entered == 1
    edited, reply = world.messages()
    assert str(reply["message_reference"]["message_id"]) == posted["id"]
    assert reply["message_reference"]["fail_if_not_exists"] is False
    assert "Taken back: as the data stands now, close of IWM was $291.57 on 29 Jul 2026" in texts(reply)
    assert "Taken back" in texts(edited)
    assert edited["edited"] == 1
    world.watch = world.another_process()
    assert await world.watch.run() == 0
    assert len(world.messages()) == 2


@pytest.mark.parametrize("merged", [False, True])
async def test_what_was_taken_back_is_said_when_it_comes_true(world: World, merged: bool) -> None:
    """The 28th was stored as 289.37 and is put right to 293.37: the fall of the 29th under 290 is then news."""
    wrong = corrected("IWM", date(2026, 7, 28), 289.37)
    rule = BELOW_290.model_copy(update={"cooldown_days": 3, "monthly_budget": 1})
    rules = [rule.model_copy(update={"threshold": 290.0 + n / 8}) for n in range(6 if merged else 1)]
    added = [await world.add(one) for one in rules]
    world.data = wrong
    world.reports.refresh()
    assert await world.through(27, 28) == (7 if merged else 1)
    world.clock.at = evening(29)
    # Taken back one by one, then news again: neither cooldown nor budget was used up by what was never so.
    assert await world.new_data("sample") == (13 if merged else 2)
    for alert_ in added:
        rows = [row for row in await world.rows() if row.what == alert_.what and ":" not in row.period]
        assert [row.period for row in rows] == ["2026-07-28", "2026-07-29"]
        found = await world.community.alerts.get(alert_.id)
        assert found is not None
        assert (date.fromordinal(found.standing.last), found.standing.count) == (date(2026, 7, 29), 1)
    world.watch = world.another_process()
    assert await world.watch.run() == 0


async def test_a_correction_that_changes_nothing_says_nothing(world: World) -> None:
    await world.add(BELOW_290)
    await world.at(29)
    assert await world.new_data(corrected("IWM", date(2026, 7, 29), 289.99)) == 0
    assert len(world.messages()) == 1


async def test_a_storm_takes_back_what_is_undone(world: World) -> None:
    for level in (288.6, 289.0, 289.5, 290.0, 291.0, 292.0):
        await world.add(Rule(indicator="price.close.IWM", condition="below", threshold=level))
    await world.at(29)
    assert await world.new_data(corrected("IWM", date(2026, 7, 29), 290.5)) == 4
    messages = world.messages()
    assert len(messages) == 5
    assert all("Taken back" in texts(message) for message in messages[1:])


# failures


async def test_a_direct_message_that_has_to_wait_for_long_holds_up_no_alert(
    world: World, standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Discord may want most of an hour between direct messages: the author hears of it later, the market does not."""
    monkeypatch.setattr(publishing, "STEP_SECONDS", 0.3)
    broken = await world.add(BELOW_290, channel_id=OTHER_CHANNEL, author_user_id=ADMIN)
    await world.add(BELOW_290)
    ledger, now = world.community.ledger, world.clock.at
    for n in range(3):
        await ledger.enter([due(broken.what, OTHER_CHANNEL, str(n), due_at=now)])
        (claimed,) = await ledger.claim(now, holder="a", lease_until=now + timedelta(minutes=1), limit=1)
        assert await ledger.close(claimed, "failed", reasons.NO_PERMISSION)
    assert await world.community.alert_runs.failed(broken.what, reasons.NO_PERMISSION, now)
    body = '{"message": "You are opening direct messages too fast.", "retry_after": 2400.0}'
    standin.set(odd=[{"where": "/users/@me/channels", "body": body, "headers": {"Via": "1.1 google"}}])
    async with asyncio.timeout(30):
        assert await world.at(29) == 1
    assert len(world.messages()) == 1
    (waiting,) = await world.community.alert_runs.notices()
    assert waiting.id == broken.id
    await world.at(30)
    assert await world.community.alert_runs.notices() == []


async def test_refused_three_times_it_is_paused_and_its_author_told(world: World, standin: StandIn) -> None:
    added = await world.add(
        Rule(indicator="price.close.IWM", condition="new_low", within=1),  # falls after it has risen: four times
        author_user_id=ADMIN,
    )
    standin.set(channels=[{"id": CHANNEL, "guild_id": GUILD, "send": False}])
    for day in WEEK:
        await world.at(day)
        found = await world.community.alerts.get(added.id)
        assert found is not None
        if found.state == "paused":
            break
    assert (found.state, found.notice_pending) == ("paused", True)
    failed = [row for row in await world.rows() if row.state == "failed"]
    assert len(failed) == 3
    await world.watch.run()
    told = await world.community.alerts.get(added.id)
    assert told is not None
    assert not told.notice_pending
    direct = [c for c in standin.state()["channels"].values() if c["id"] not in (CHANNEL, OTHER_CHANNEL)]
    assert any("I have paused the alert" in m["content"] for c in direct for m in c["messages"])


@pytest.mark.usefixtures("migrated_url")
def test_the_words_of_a_pause_name_what_happened_and_what_to_do() -> None:
    text = paused_text(alert(state="paused", reason=reasons.NO_PERMISSION))
    assert f"<#{CHANNEL}>" in text
    assert "not allowed to post" in text
    assert "/doctor" in text
    assert "/alert resume" in text
    own = paused_text(alert(state="paused", reason=reasons.UNREACHABLE, user_id=MEMBER))
    assert own.startswith("I have paused your private alert")
