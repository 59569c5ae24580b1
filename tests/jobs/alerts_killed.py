"""A process that evaluates alerts and posts them, to be killed at any point."""

import asyncio
import logging
import sys
from datetime import UTC, datetime, timedelta

from bot.clock import SystemClock
from bot.community.store import Community
from bot.jobs.alerts import AlertWatch
from bot.jobs.deliveries import Deliverer
from bot.workers import Reports
from tests.alerts.world import Direct
from tests.jobs.support import publisher
from tests.standin.process import StandIn


class Since:
    """A clock that runs on from a pretended moment."""

    def __init__(self, begun: float, at: datetime) -> None:
        self._by = at - datetime.fromtimestamp(begun, UTC)

    def now(self) -> datetime:
        return SystemClock().now() + self._by


def work(url: str, standin: StandIn, begun: float, at: datetime, holder: str = "killed") -> None:
    """Evaluate and post until nothing is left; runs in a process of its own."""
    logging.disable(logging.CRITICAL)
    asyncio.run(_work(url, standin, Since(begun, at), holder))
    sys.exit(0)


async def _work(url: str, standin: StandIn, clock: Since, holder: str) -> None:
    async with Community(url) as community, publisher(standin) as sender:
        reports = Reports(Direct(), clock, lambda: "sample")
        deliverer = Deliverer(community, reports, sender, clock, holder=holder)
        await deliverer.reclaim()
        await AlertWatch(community, reports, sender, clock).run()
        for _try in range(200):
            await deliverer.drain()
            counts = await community.ledger.counts()
            if not any(counts.get(state, 0) for state in ("due", "claimed", "retry")):
                return
            await asyncio.sleep(timedelta(seconds=0.1).total_seconds())
