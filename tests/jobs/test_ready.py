"""The work by the clock, put together: started by the gateway's "ready", however often that comes."""

import asyncio
from datetime import timedelta

from bot.community.store import Community
from bot.discord_ui.publisher import RestPublisher
from bot.jobs.scheduler import Job
from bot.jobs.service import Jobs
from tests.community.examples import ADMIN, CHANNEL, schedule
from tests.community.examples import BY as PLANNED
from tests.jobs.support import Computing, Shifted, markers, reports
from tests.standin.process import StandIn

PATIENCE = 20.0


async def waited_for(condition: "asyncio.Event") -> None:
    async with asyncio.timeout(PATIENCE):
        await condition.wait()


async def test_ready_five_times_starts_once_and_posts_once(
    community: Community, sender: RestPublisher, standin: StandIn
) -> None:
    standin.set(channels=[{"id": CHANNEL}])
    clock, computing, posted = Shifted(PLANNED.at), Computing(), asyncio.Event()
    await community.schedules.add(schedule(author_user_id=ADMIN), PLANNED)
    async with Jobs(community, reports(clock, computing), sender, clock, by_hand=True) as planning:
        await planning.catch_up()
    clock.forward(timedelta(minutes=30))

    async def seen() -> None:
        if (await community.ledger.counts()).get("sent"):
            posted.set()

    watching = Job("watching", timedelta(milliseconds=200), seen)
    async with Jobs(community, reports(clock, computing), sender, clock, more=[watching]) as jobs:
        await asyncio.gather(*(jobs.start() for _ready in range(5)))
        await waited_for(posted)
        for _ready in range(5):
            await jobs.start()
        await jobs.catch_up()
    (message,) = standin.messages(CHANNEL)
    assert len(markers(message)) == 1
    assert await community.ledger.counts() == {"sent": 1}
    assert len(computing.tasks) == 1


async def test_by_hand_nothing_runs_by_itself(community: Community, sender: RestPublisher, standin: StandIn) -> None:
    standin.set(channels=[{"id": CHANNEL}])
    clock = Shifted(PLANNED.at)
    await community.schedules.add(schedule(), PLANNED)
    async with Jobs(community, reports(clock), sender, clock, by_hand=True) as jobs:
        await jobs.start()
        (waiting,) = await community.schedules.unplanned(clock.now(), 10)
        assert waiting.next_due_at is None
        await jobs.catch_up()
        clock.forward(timedelta(minutes=30))
        await jobs.catch_up()
    assert len(standin.messages(CHANNEL)) == 1


async def test_where_others_work_too_a_dead_process_s_post_waits_for_its_lease_and_no_longer(
    community: Community, sender: RestPublisher, standin: StandIn
) -> None:
    """Nobody can tell a claim of a former life from that of a living neighbour: it has to run out."""
    standin.set(channels=[{"id": CHANNEL}])
    clock, lease = Shifted(PLANNED.at), timedelta(seconds=30)
    await community.schedules.add(schedule(), PLANNED)
    async with Jobs(community, reports(clock), sender, clock, alone=False, by_hand=True) as jobs:
        await jobs.catch_up()
        (planned,) = await community.schedules.of_guild(schedule().guild_id)
        assert planned.next_due_at is not None
        clock.at = planned.next_due_at
        await jobs.sweep.run()
        (dead,) = await community.ledger.claim(clock.now(), holder="gateway", lease_until=clock.now() + lease, limit=1)
        await jobs.start()
        await jobs.catch_up()
        assert standin.messages(CHANNEL) == []
        clock.forward(lease)
        await jobs.catch_up()
    assert len(standin.messages(CHANNEL)) == 1
    posted = await community.ledger.get(dead.id)
    assert posted is not None
    assert (posted.state, posted.attempt, posted.late) == ("sent", 2, False)
