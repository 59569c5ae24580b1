"""Killed while evaluating, entering or posting alerts: every channel has its alert once in the end."""

import asyncio
import multiprocessing
import random
import time
from dataclasses import replace
from typing import Any

import pytest

from bot.alerts.rule import Rule
from bot.community.store import Community
from tests.alerts.world import EVENING, Direct, evening
from tests.community.examples import BY, alert
from tests.jobs.alerts_killed import work
from tests.jobs.support import Shifted, markers, reports
from tests.standin.process import StandIn

pytestmark = pytest.mark.slow

CHANNELS, KILLS, FIRST = 15, 4, 5000


async def _set_up(url: str) -> None:
    """One alert a server, each a little different, all of which fire on the same day."""
    clock = Shifted(EVENING)
    workers = reports(clock, Direct())
    async with Community(url) as community:
        for n in range(CHANNELS):
            rule = Rule(indicator="price.close.IWM", condition="below", threshold=288.6 + n / 100)
            began = await workers.work("bot.alerts.work:began", rule.model_dump_json())
            made = alert(rule=rule, guild_id=FIRST + n, channel_id=FIRST + n, standing=began.state)
            await community.alerts.add(made, replace(BY, at=clock.now()))


async def _ledger(url: str) -> dict[int, list[Any]]:
    async with Community(url) as community:
        return {n: await community.ledger.history(n) for n in range(FIRST, FIRST + CHANNELS)}


def _stand_in(standin: StandIn, begun: float) -> None:
    """Let every server have its channel, on the evening of the 29th."""
    channels = [{"id": FIRST + n, "guild_id": FIRST + n} for n in range(CHANNELS)]
    ahead = (evening(29) - EVENING.fromtimestamp(begun, EVENING.tzinfo)).total_seconds()
    standin.set(channels=channels, limits={"per_second": 100_000, "per_channel": 1000}, ahead=ahead)


def _check_each_once(url: str, standin: StandIn) -> None:
    ledger = asyncio.run(_ledger(url))
    for n in range(FIRST, FIRST + CHANNELS):
        (row,) = ledger[n]
        assert row.state == "sent"
        assert [markers(message) for message in standin.messages(n)] == [[row.id]]


@pytest.mark.parametrize("migrated_url", ["postgresql"], indirect=True)
def test_two_processes_on_one_database_post_every_alert_once(migrated_url: str, standin: StandIn) -> None:
    """Both evaluate the same rules and drain the same ledger at the same time; then a third one comes."""
    asyncio.run(_set_up(migrated_url))
    begun = time.time()
    _stand_in(standin, begun)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.jobs.alerts_killed"])
    for holders in (("one", "another"), ("third",)):
        running = [
            context.Process(target=work, args=(migrated_url, standin, begun, evening(29), holder), daemon=True)
            for holder in holders
        ]
        for process in running:
            process.start()
        for process in running:
            process.join(120)
        assert {process.exitcode for process in running} == {0}
    _check_each_once(migrated_url, standin)


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
def test_killed_again_and_again_every_alert_is_posted_once(migrated_url: str, standin: StandIn) -> None:
    asyncio.run(_set_up(migrated_url))
    begun = time.time()
    _stand_in(standin, begun)
    dice, context, killed = random.Random(3), multiprocessing.get_context("forkserver"), 0
    context.set_forkserver_preload(["tests.jobs.alerts_killed"])
    for _start in range(40):
        process = context.Process(target=work, args=(migrated_url, standin, begun, evening(29)), daemon=True)
        process.start()
        if killed < KILLS:
            how = "clock" if killed == 0 else dice.choice(("before", "after", "clock"))
            if how == "clock":
                process.join(dice.uniform(0.2, 1.5))
                process.kill()
            else:
                at = int(standin.counts()["created"]) + dice.randint(1, 4)
                standin.set(kill={"pid": process.pid, "at": at, "when": how})
        process.join(60)
        standin.set(kill=None)
        killed += process.exitcode == -9
        if process.exitcode == 0 and killed >= KILLS:
            break
    assert killed == KILLS
    _check_each_once(migrated_url, standin)
