"""What is removed, paused or blocked while its post waits, is being sent, or may stand already."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.community.deliveries import DIGEST, NewDelivery, Part
from bot.community.records import By, Cadence, Destination, GuildSettings, Schedule
from bot.community.store import Community
from bot.discord_ui.publisher import RestPublisher
from bot.features.alert.request import AlertRequest
from bot.jobs import reasons
from bot.jobs.content import Contents, symbols
from bot.market.catalogue import Catalogue
from bot.workers import Task
from tests.community.examples import BY, schedule
from tests.jobs.support import CHANNEL, FRIDAY, OTHER, TwoChannels, deliverer, markers, row, texts
from tests.standin.process import StandIn

GUILD = 1
MINUTE = timedelta(minutes=1)
DAILY = Cadence(kind="session")


class World(TwoChannels):
    async def entered(self, content: str = "rotation", window: str = "6m") -> tuple[Schedule, NewDelivery]:
        """Add a schedule and what it made due."""
        record = schedule(
            guild_id=GUILD, channels=(CHANNEL,), content=content, request={"window": window}, cadence=DAILY
        )
        await self.community.schedules.add(record, BY)
        entry = NewDelivery(
            what=record.what, guild_id=GUILD, channel_id=CHANNEL, period="2026-07-17", due_at=FRIDAY, ready_at=FRIDAY,
            parts=(Part(content, {"window": window}),),
        )  # fmt: skip
        await self.community.ledger.enter([entry])
        return record, entry

    async def work(self) -> None:
        await deliverer(self.community, self.sender, self.clock, self.pool).drain()

    async def outage(self, *, after_the_deed: bool = False) -> None:
        """Work while Discord takes nothing, or takes it and does not say so; then let it be back."""
        chance = {"chance": 1.0, "kinds": ["503"], "after_the_deed": float(after_the_deed)}
        self.standin.set(faults=chance)
        await self.work()
        self.standin.set(faults={}, nonce_seconds=0)

    async def later(self) -> None:
        self.clock.forward(5 * MINUTE)
        await self.sweep.run()
        await self.work()


@pytest.fixture
def world(community: Community, sender: RestPublisher, standin: StandIn, catalogue: Catalogue) -> World:
    return World(community, sender, standin, catalogue)


async def _removed(world: World, record: Schedule) -> None:
    await world.community.schedules.remove(record, BY)


async def _paused(world: World, record: Schedule) -> None:
    await world.community.schedules.pause(record, BY)


async def _moved(world: World, record: Schedule) -> None:
    moved = replace(record, destinations=(Destination(channel_id=OTHER),))
    await world.community.schedules.save(moved, By(None, world.clock.at))


async def _all_paused(world: World, _record: Schedule) -> None:
    """Pause the server for an hour: when it is over, nothing old is to come."""
    paused = GuildSettings(guild_id=GUILD, paused_until=world.clock.at + 60 * MINUTE)
    await world.community.guilds.save(paused, BY)
    await world.sweep.run()
    world.clock.forward(60 * MINUTE)


Act = Callable[[World, Schedule], Awaitable[None]]
ACTS = [(_removed, reasons.WITHDRAWN), (_paused, reasons.WITHDRAWN), (_moved, reasons.WITHDRAWN),
        (_all_paused, reasons.PAUSED)]  # fmt: skip


@pytest.mark.parametrize(("act", "reason"), ACTS)
async def test_called_off_while_discord_is_away_it_does_not_come_after_all(world: World, act: Act, reason: str) -> None:
    record, entry = await world.entered()
    await world.outage()
    assert (await row(world.community, entry.id)).state == "retry"
    await act(world, record)
    await world.later()
    assert world.standin.messages(CHANNEL) == []
    closed = await row(world.community, entry.id)
    assert (closed.state, closed.reason) == ("skipped", reason)


@pytest.mark.parametrize("act", [act for act, _reason in ACTS])
async def test_called_off_when_it_stands_already_it_is_known_to_stand(world: World, act: Act) -> None:
    record, entry = await world.entered()
    await world.outage(after_the_deed=True)
    await act(world, record)
    await world.later()
    (message,) = world.standin.messages(CHANNEL)
    stands = await row(world.community, entry.id)
    assert (stands.state, stands.reason, stands.message_id) == ("sent", None, int(message["id"]))


@pytest.mark.parametrize("sending_fails", [False, True])
async def test_called_off_in_the_very_moment_of_sending(world: World, sending_fails: bool) -> None:
    record, entry = await world.entered()

    async def removing(_task: Task) -> None:
        await world.community.schedules.remove(record, BY)
        if sending_fails:
            world.standin.set(faults={"chance": 1.0, "kinds": ["503"], "after_the_deed": 0.0})

    world.pool.gate = removing
    await world.work()
    world.standin.set(faults={})
    world.pool.gate = None
    await world.later()
    closed = await row(world.community, entry.id)
    expected = ("skipped", reasons.WITHDRAWN, 0) if sending_fails else ("sent", None, 1)
    assert (closed.state, closed.reason, len(world.standin.messages(CHANNEL))) == expected


async def test_called_off_while_its_data_is_waited_for_and_what_is_done_last_counts(world: World) -> None:
    record, entry = await world.entered()
    (claimed,) = await world.community.ledger.claim(FRIDAY, holder="a", lease_until=FRIDAY + MINUTE, limit=1)
    await world.community.schedules.pause(record, BY)
    assert await world.community.ledger.postpone(claimed, FRIDAY + MINUTE, reasons.WAITING)
    waiting = await row(world.community, entry.id)
    assert (waiting.state, waiting.reason) == ("due", reasons.WITHDRAWN)
    await world.later()
    assert world.standin.messages(CHANNEL) == []


async def test_changed_while_its_post_waits_it_is_posted_as_it_is_now_wanted(world: World) -> None:
    """What waits for data or the morning does not call a role that was taken out since, nor show the old report."""
    record, entry = await world.entered()
    loud = replace(record, mention="role", mention_role_id=7)
    await world.community.schedules.save(loud, BY)
    assert (await row(world.community, entry.id)).target.mention_role_id == 7
    calm = replace(record, content="highs", request={})
    await world.community.schedules.save(calm, BY)
    await world.work()
    (message,) = world.standin.messages(CHANNEL)
    assert "Report highs" in texts(message)
    assert message["allowed_mentions"] == {"parse": []}
    assert [task.feature for task in world.pool.tasks] == ["highs"]
    await world.community.schedules.save(record, BY)
    assert (await row(world.community, entry.id)).parts[0].content == "highs"  # what was posted is history


async def test_a_digest_leaves_out_what_was_removed_and_ends_with_its_last_member(world: World) -> None:
    ends = FRIDAY + 10 * MINUTE
    digest = NewDelivery(
        what=DIGEST, guild_id=GUILD, channel_id=CHANNEL, period="2026-07-17T20:45Z", due_at=ends, ready_at=ends,
        parts=(),
    )  # fmt: skip
    records = [schedule(guild_id=GUILD, channels=(CHANNEL,), content=name) for name in ("highs", "years", "rotation")]
    members = [
        NewDelivery(
            what=record.what, guild_id=GUILD, channel_id=CHANNEL, period="2026-07-17", due_at=FRIDAY, ready_at=FRIDAY,
            parts=(Part(record.content),), state="skipped", reason=reasons.DIGEST, digest_id=digest.id,
        )
        for record in records
    ]  # fmt: skip
    for record in records:
        await world.community.schedules.add(record, BY)
    await world.community.ledger.enter([digest, *members])
    await world.community.schedules.remove(records[0], BY)
    assert (await row(world.community, members[0].id)).reason == reasons.WITHDRAWN
    await world.community.schedules.save(replace(records[2], content="breadth"), BY)
    world.clock.at = ends
    await world.work()
    (message,) = world.standin.messages(CHANNEL)
    assert "2 reports at once" in texts(message)
    assert "Report highs" not in texts(message)
    assert "Report breadth" in texts(message)
    await world.community.schedules.remove(records[1], BY)
    assert (await row(world.community, members[1].id)).reason == reasons.DIGEST  # it was posted: that is history

    empty = replace(digest, id="e" * 16, period="2026-07-18T20:45Z", due_at=ends, ready_at=ends)
    last = replace(members[2], id="f" * 16, period="2026-07-18", digest_id=empty.id)
    await world.community.ledger.enter([empty, last])
    await world.community.schedules.pause(records[2], BY)
    await world.work()
    closed = await row(world.community, empty.id)
    assert (closed.state, closed.reason, markers(message)) == ("skipped", reasons.WITHDRAWN, [digest.id])


async def test_a_symbol_that_is_blocked_while_its_post_waits_is_not_shown(world: World) -> None:
    """Put off into the night, by an outage or for data: what the server has blocked since counts."""
    _record, entry = await world.entered("quote")
    waiting = replace(
        entry, id="a" * 16, period="2026-07-16", ready_at=FRIDAY + MINUTE,
        parts=(Part("quote", {"symbol": "GME"}),),
    )  # fmt: skip
    await world.community.ledger.enter([waiting])
    await world.community.guilds.block(GUILD, "GME", BY)
    world.clock.forward(MINUTE)
    await world.work()
    closed = await row(world.community, waiting.id)
    assert (closed.state, closed.reason) == ("skipped", reasons.BLOCKED)
    assert [markers(m) for m in world.standin.messages(CHANNEL)] == [[entry.id]]


def _fire(indicator: str) -> dict[str, object]:
    return {**AlertRequest(indicator=indicator).plain(), "what": "alert:x", "per_year": 1.0}


async def test_alerts_and_storms_leave_out_what_is_blocked_meanwhile(world: World) -> None:
    community = world.community
    contents = Contents(community.ledger, community.posts, community.guilds)
    storm = NewDelivery(
        what="alert:storm", guild_id=GUILD, channel_id=CHANNEL, period="s", due_at=FRIDAY, ready_at=FRIDAY,
        parts=(Part("storm", {"alerts": [_fire("price.close.GME"), _fire("rotation.spread.6m")], "more": 0}),),
    )  # fmt: skip
    alone = replace(
        storm, id="a" * 16, what="alert:x", channel_id=OTHER, parts=(Part("alert", {"indicator": "price.close.GME"}),)
    )
    await community.ledger.enter([storm, alone])
    await community.guilds.block(GUILD, "GME", BY)
    claimed = await community.ledger.claim(FRIDAY, holder="a", lease_until=FRIDAY + MINUTE, limit=2)
    by_what = {one.what: one for one in claimed}
    (asked,) = await contents.requests(by_what["alert:storm"])
    assert [one["indicator"] for one in asked.plain()["alerts"]] == ["rotation.spread.6m"]
    await community.ledger.reclaim("a", FRIDAY)
    world.clock.forward(MINUTE)
    await world.work()
    assert (await row(community, alone.id)).reason == reasons.BLOCKED
    assert world.standin.messages(OTHER) == []


def test_an_indicator_names_its_symbols_and_a_class_share_is_no_two_words() -> None:
    assert symbols(Part("alert", {"indicator": "ratio.IWM/SPY"})) >= {"IWM", "SPY"}
    assert symbols(Part("quote", {"symbol": "BRK.B"})) == {"BRK.B"}
