"""Odd but legal: clocks that jump, a locked database, restarts in quiet hours, dashboards, digests that fail."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.community.deliveries import DIGEST, Delivery, NewDelivery, Part, Target
from bot.community.records import By, GuildSettings, Schedule
from bot.community.store import Community
from bot.discord_ui.publisher import RestPublisher
from bot.errors import Unavailable
from bot.jobs import reasons
from bot.jobs.corrections import Corrections
from bot.jobs.notices import Notices
from bot.market.catalogue import Catalogue
from tests.community.examples import BY, schedule
from tests.jobs.support import (
    CHANNEL,
    FRIDAY,
    OTHER,
    TwoChannels,
    deliverer,
    markers,
    reports,
    row,
    texts,
)
from tests.standin.process import StandIn

GUILD, PERSON = 1, 5_000
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LOCK_WAITED = 30  # seconds: three times the ten a backup may hold the file


class World(TwoChannels):
    async def due(self, **changes: Any) -> NewDelivery:
        """Enter something that is due now."""
        now = self.clock.at
        plain: dict[str, Any] = {
            "what": "schedule:a", "guild_id": GUILD, "channel_id": CHANNEL, "period": now.date().isoformat(),
            "due_at": now, "ready_at": now, "parts": (Part("rotation", {"window": "6m"}),),
        }  # fmt: skip
        entry = NewDelivery(**{**plain, **changes})
        await self.community.ledger.enter([entry])
        return entry

    async def work(self) -> None:
        await deliverer(self.community, self.sender, self.clock, self.pool).drain()

    async def posted(self, **changes: Any) -> Delivery:
        entry = await self.due(**changes)
        await self.work()
        return await row(self.community, entry.id)

    async def correct(self, version: str) -> int:
        fresh = reports(self.clock, self.pool)
        return await Corrections(self.community, fresh, self.sender, self.clock).run(version)

    async def settled(self, version: str) -> bool:
        return await Corrections(
            self.community, reports(self.clock, self.pool), self.sender, self.clock
        ).settled(version)  # fmt: skip

    async def quiet(self, start: int, end: int) -> None:
        settings = GuildSettings(guild_id=GUILD, zone="UTC", quiet_from=time(start), quiet_to=time(end))
        await self.community.guilds.save(settings, BY)

    async def fridays(self, **changes: Any) -> Schedule:
        """Add a schedule that posts on Fridays at 16:45 in New York: 20:45 UTC."""
        self.clock.at = FRIDAY - DAY
        record, by = schedule(guild_id=GUILD, channels=(CHANNEL,), **changes), By(PERSON, self.clock.at)
        added = await self.community.schedules.add(record, by)
        await self.sweep.run()
        self.clock.at = FRIDAY
        return added


@pytest.fixture
def world(community: Community, sender: RestPublisher, standin: StandIn, catalogue: Catalogue) -> World:
    return World(community, sender, standin, catalogue)


# clocks


@pytest.mark.parametrize("back", [HOUR, 3 * HOUR, 2 * DAY], ids=str)
async def test_a_clock_that_jumps_back_posts_nothing_twice(world: World, back: timedelta) -> None:
    """The computer's clock was wrong and is put right, or a machine image was restored: the period is the same."""
    await world.fridays()
    assert await world.sweep.run() == 1
    await world.work()
    world.clock.at = FRIDAY - back
    await world.sweep.replan()
    for _step in range(7):
        assert await world.sweep.run() == 0
        await world.work()
        world.clock.forward(back / 6)
    assert len(world.standin.messages(CHANNEL)) == 1
    (stored,) = await world.community.schedules.of_guild(GUILD)
    assert stored.next_due_at == FRIDAY - 45 * MINUTE + 7 * DAY


async def test_a_claim_left_open_before_the_clock_jumped_back_is_looked_up(world: World) -> None:
    """Its lease then ends an hour ahead: whoever starts alone on the database takes its own claims back at once."""
    entry = await world.due()
    await world.community.ledger.claim(FRIDAY, holder="test", lease_until=FRIDAY + MINUTE, limit=1)
    world.clock.at = FRIDAY - HOUR
    worker = deliverer(world.community, world.sender, world.clock, world.pool)
    await worker.drain()
    assert not world.standin.messages(CHANNEL)
    assert await worker.reclaim() == 1
    world.clock.at = FRIDAY
    await worker.drain()
    assert [markers(m) for m in world.standin.messages(CHANNEL)] == [[entry.id]]


# the database


@pytest.fixture
def file(migrated_sqlite: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(migrated_sqlite, tmp_path / "community.db"))


async def test_while_the_file_is_locked_the_loop_turns_and_the_post_comes_after(
    file: Path, standin: StandIn, sender: RestPublisher, catalogue: Catalogue
) -> None:
    """Somebody copies the database while a post falls due: the wait is longer than ten seconds, and holds up nobody."""
    async with Community(f"sqlite:///{file}") as community:
        async with community.database.read() as connection:
            waited = (await connection.exec_driver_sql("PRAGMA busy_timeout")).scalar_one()
        assert waited == LOCK_WAITED * 1000
        world = World(community, sender, standin, catalogue)
        entry = await world.due()
        with closing(sqlite3.connect(file, timeout=0)) as other:
            other.execute("BEGIN IMMEDIATE")
            posting = asyncio.create_task(world.work())
            for _turn in range(20):  # the loop is free all the while: a blocking wait would not let this go on
                await asyncio.to_thread(standin.counts)
            assert not posting.done()
            assert not standin.messages(CHANNEL)
            other.execute("ROLLBACK")
        await posting
        assert [markers(m) for m in standin.messages(CHANNEL)] == [[entry.id]]


# quiet hours


async def test_what_a_restart_brings_into_quiet_hours_waits_for_their_end(world: World) -> None:
    """Due at 21:50, and the process was down until 22:30: nobody is woken for it."""
    world.clock.at = FRIDAY.replace(hour=21, minute=50)
    await world.quiet(22, 7)
    entry = await world.due()
    world.clock.at = FRIDAY.replace(hour=22, minute=30)
    await world.work()
    waiting = await row(world.community, entry.id)
    assert (waiting.state, waiting.reason) == ("due", reasons.QUIET)
    assert not world.standin.messages(CHANNEL)
    morning = FRIDAY.replace(hour=7, minute=0) + DAY
    assert waiting.ready_at == morning
    world.clock.at = morning
    await world.work()
    assert (await row(world.community, entry.id)).late


async def test_what_was_due_before_quiet_hours_and_is_under_way_is_posted(world: World) -> None:
    world.clock.at = FRIDAY.replace(hour=21, minute=59)
    await world.quiet(22, 7)
    entry = await world.due()
    world.clock.at = FRIDAY.replace(hour=22, minute=1)
    await world.work()
    assert (await row(world.community, entry.id)).state == "sent"


# dashboards


async def test_a_dashboard_that_is_edited_uses_up_no_ping(world: World) -> None:
    """An edit mentions nobody: the day's one ping is left to the next real post."""
    board = Target(dashboard=True, mention="role", mention_role_id=7)
    first = await world.posted(target=board, what="schedule:board")
    assert first.mentioned
    world.clock.forward(DAY)
    second = await world.posted(target=board, what="schedule:board")
    post = await world.posted(target=Target(mention="role", mention_role_id=7), channel_id=OTHER)
    assert (second.mentioned, post.mentioned) == (False, True)
    (message,) = world.standin.messages(CHANNEL)
    assert "<@&7>" not in texts(message)
    assert world.standin.messages(OTHER)[0]["allowed_mentions"]["roles"] == [7]


async def test_a_correction_of_an_older_day_does_not_bring_it_back_to_the_dashboard(world: World) -> None:
    """Each day's row stands in the same message: only the newest of them is what the message shows."""
    board = Target(dashboard=True)
    first = await world.posted(target=board)
    world.clock.forward(3 * DAY)
    second = await world.posted(target=board)
    assert first.as_of is not None
    assert second.as_of is not None
    assert (first.message_id, first.as_of < second.as_of) == (second.message_id, True)
    world.pool.spread = 0.0498
    world.pool.tasks.clear()
    assert await world.correct("v2") == 1
    assert {task.day for task in world.pool.tasks} == {second.as_of}
    (message,) = world.standin.messages(CHANNEL)
    assert "Corrected <t:" in texts(message)
    assert markers(message) == [second.id]


# corrections


async def test_a_correction_that_discord_did_not_take_is_made_again(world: World) -> None:
    await world.posted()
    world.pool.spread = 0.0498
    world.standin.set(faults={"chance": 1.0, "kinds": ["503"], "after_the_deed": 0.0})
    assert await world.correct("v2") == 0
    assert not await world.settled("v2")
    assert await world.correct("v2") == 0
    world.standin.set(faults={})
    assert await world.correct("v2") == 1
    assert await world.settled("v2")


# digests


async def _digest(world: World, *members: Schedule) -> NewDelivery:
    now = world.clock.at
    digest = await world.due(what=DIGEST, period=now.isoformat(), parts=())
    for member in members:
        await world.due(
            what=member.what, period=now.isoformat(), state="skipped", reason=reasons.DIGEST, digest_id=digest.id
        )
    return digest


async def test_a_digest_that_is_refused_counts_for_all_that_it_stands_for(world: World) -> None:
    """A server where everything comes in digests has its schedules paused and is told like any other."""
    both = [
        await world.community.schedules.add(
            schedule(guild_id=GUILD, channels=(CHANNEL,), content=content, author_user_id=PERSON), BY
        )
        for content in ("rotation", "highs")
    ]
    world.standin.set(channels=[{"id": CHANNEL, "send": False}])

    async def counted() -> list[tuple[int, str]]:
        found = await world.community.schedules.of_guild(GUILD)
        return [(one.destinations[0].failures, one.state) for one in found]

    await _digest(world, *both)
    await world.work()
    assert await counted() == [(1, "active")] * 2
    world.standin.set(channels=[{"id": CHANNEL, "send": True}])
    world.clock.forward(DAY)
    await _digest(world, *both)
    await world.work()
    assert await counted() == [(0, "active")] * 2  # one that went well ends the row
    world.standin.set(channels=[{"id": CHANNEL, "send": False}])
    for _n in range(3):
        world.clock.forward(DAY)
        await _digest(world, *both)
        await world.work()
    assert await counted() == [(3, "paused")] * 2
    assert await Notices(world.community, world.sender, world.clock).run() == 2
    told = "\n".join(message["content"] for message in world.standin.messages(PERSON))
    assert "“rotation”" in told
    assert "“highs”" in told


async def test_two_schedules_of_the_same_report_in_one_channel_are_two_posts_of_one_picture(world: World) -> None:
    for _n in range(2):
        await world.fridays(content="rotation", request={"window": "6m"})
    assert await world.sweep.run() == 2
    await world.work()
    assert len(world.standin.messages(CHANNEL)) == 2
    assert len(world.pool.tasks) == 1


async def test_a_server_that_takes_the_bot_back_goes_on_and_makes_up_for_nothing(world: World) -> None:
    await world.fridays()
    await world.community.guilds.left(GUILD, FRIDAY - HOUR)
    await world.sweep.run()
    await world.work()
    (left_out,) = await world.community.ledger.history(GUILD)
    assert (left_out.state, left_out.reason) == ("skipped", reasons.BOT_REMOVED)
    await world.community.guilds.joined(GUILD)
    world.clock.forward(7 * DAY)
    await world.sweep.run()
    await world.work()
    assert [row.state for row in await world.community.ledger.history(GUILD)] == ["sent", "skipped"]
    assert len(world.standin.messages(CHANNEL)) == 1


@pytest.mark.parametrize("why", [reasons.UNREACHABLE, reasons.NO_REPORT])
async def test_what_was_tried_for_six_hours_is_not_left_out_for_my_absence(world: World, why: str) -> None:
    entry = await world.due()
    if why == reasons.NO_REPORT:
        world.pool.fault = Unavailable("prices")
    else:
        world.standin.set(faults={"chance": 1.0, "kinds": ["503"], "after_the_deed": 0.0})
    for _hour in range(7):
        await world.work()
        world.clock.forward(HOUR)
    await world.work()
    left_out = await row(world.community, entry.id)
    assert (left_out.state, left_out.reason) == ("skipped", why)
    assert world.standin.messages(CHANNEL) == []
    away = await world.due(what="schedule:b", period="1", due_at=world.clock.at - 7 * HOUR)
    world.pool.fault = None
    await world.work()
    assert (await row(world.community, away.id)).reason == reasons.TOO_LATE


async def test_an_outage_of_the_server_is_sat_out(world: World) -> None:
    """Discord answers 503 for a server whose machine is down; what was due comes once it is back."""
    entry = await world.due(target=Target(mention="role", mention_role_id=7))
    world.standin.set(faults={"chance": 1.0, "kinds": ["503"], "after_the_deed": 0.0})
    await world.work()
    assert (await row(world.community, entry.id)).state == "retry"
    world.standin.set(faults={})
    world.clock.forward(30 * MINUTE)
    await world.work()
    posted = await row(world.community, entry.id)
    assert (posted.state, posted.late, posted.mentioned) == ("sent", True, False)  # late: it calls nobody
    assert len(world.standin.messages(CHANNEL)) == 1


def test_friday_is_what_these_tests_take_it_for() -> None:
    due = datetime(2026, 7, 17, 20, 45, tzinfo=FRIDAY.tzinfo)
    assert FRIDAY - HOUR < due < FRIDAY
