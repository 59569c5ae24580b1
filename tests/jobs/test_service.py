"""All jobs together, as the bot runs them."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.community.records import By, Cadence
from bot.community.store import Community
from bot.discord_ui.publisher import RestPublisher
from bot.i18n import PSEUDO, use
from bot.jobs import reasons
from bot.jobs.scheduler import Job, Scheduler
from bot.jobs.service import Jobs
from tests.community.examples import schedule
from tests.jobs.support import FRIDAY, Computing, Shifted, reports
from tests.standin.process import StandIn

CHANNEL = 10


def _jobs(community: Community, sender: RestPublisher, clock: Shifted, pool: Computing) -> Jobs:
    return Jobs(community, reports(clock, pool), sender, clock)


async def _until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(20):
        while not await condition():  # noqa: ASYNC110  (neither the database nor the stand-in has events)
            await asyncio.sleep(0.02)


async def test_from_schedule_to_message_however_often_the_gateway_is_ready(
    community: Community, standin: StandIn, sender: RestPublisher
) -> None:
    standin.set(channels=[{"id": CHANNEL}])
    clock, pool = Shifted(FRIDAY - timedelta(hours=2)), Computing()
    record = schedule(guild_id=1, content="rotation", channels=(CHANNEL,), cadence=Cadence(kind="session"))
    await community.schedules.add(record, By(None, clock.at))
    async with _jobs(community, sender, clock, pool) as jobs:
        for _ready in range(5):
            await jobs.start()
        await jobs.catch_up()
        assert standin.messages(CHANNEL) == []
        clock.at = FRIDAY
        for _n in range(3):
            await jobs.catch_up()
        assert len(standin.messages(CHANNEL)) == 1
        clock.forward(timedelta(days=3))
        await jobs.catch_up()
    assert len(standin.messages(CHANNEL)) == 2
    async with _jobs(community, sender, clock, pool) as restarted:
        await restarted.start()
        await restarted.catch_up()
    assert len(standin.messages(CHANNEL)) == 2


async def test_due_work_is_done_without_being_asked(
    community: Community, standin: StandIn, sender: RestPublisher
) -> None:
    standin.set(channels=[{"id": CHANNEL}])
    clock = Shifted(FRIDAY - timedelta(hours=2))
    record = schedule(guild_id=1, content="rotation", channels=(CHANNEL,), cadence=Cadence(kind="session"))
    await community.schedules.add(record, By(None, clock.at))
    async with _jobs(community, sender, clock, Computing()) as jobs:
        await jobs.sweep.run()
        clock.at = FRIDAY
        await jobs.start()

        async def posted() -> bool:
            return (await community.ledger.counts()).get("sent", 0) == 1

        await _until(posted)
    assert len(standin.messages(CHANNEL)) == 1


async def test_jobs_run_again_after_a_fault_and_never_twice_at_a_time() -> None:
    runs: list[str] = []
    thrice, begun, going = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def faulty() -> None:
        runs.append("faulty")
        if runs.count("faulty") >= 3:
            thrice.set()
        raise ZeroDivisionError

    async def slow() -> None:
        runs.append("slow")
        begun.set()
        await going.wait()

    often = timedelta(seconds=0.02)
    async with Scheduler([Job("faulty", often, faulty), Job("slow", often, slow)]) as scheduler:
        await begun.wait()
        thrice.clear()
        await thrice.wait()
        assert runs.count("slow") == 1
        going.set()
        before = runs.count("slow")
        await scheduler.run("slow")
        assert runs.count("slow") > before
        await scheduler.run_all()
        with pytest.raises(KeyError):
            await scheduler.run("nothing")
    under_way = asyncio.all_tasks() - {asyncio.current_task()}
    if under_way:
        await asyncio.wait(under_way)
    ended = len(runs)
    await asyncio.sleep(0.06)
    assert len(runs) == ended


def test_every_reason_has_words_in_the_readers_language() -> None:
    codes = [value for name, value in vars(reasons).items() if name.isupper() and name[0] != "_"]
    assert len(codes) > 15
    with use(PSEUDO):
        for code in codes:
            assert reasons.happened(code).startswith("⟦"), code
            assert reasons.remedy(code) == "" or reasons.remedy(code).startswith("⟦")
    assert reasons.happened("mystery") == "mystery"
