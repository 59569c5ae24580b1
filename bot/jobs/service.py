"""Everything that falls due, put together: opened once the bot is ready, closed before the database is."""

import asyncio
import gc
import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

from bot.clock import Clock
from bot.community.store import Community
from bot.jobs.alerts import AlertWatch
from bot.jobs.corrections import Corrections
from bot.jobs.deliveries import Deliverer
from bot.jobs.finishing import Finishing
from bot.jobs.housekeeping import Housekeeping
from bot.jobs.notices import Notices
from bot.jobs.publishing import Publisher, Reports
from bot.jobs.scheduler import Job, Scheduler
from bot.jobs.sweep import Sweep

log = logging.getLogger(__name__)

_OFTEN, _SOMETIMES, _DAILY = timedelta(seconds=10), timedelta(minutes=1), timedelta(days=1)


class Jobs:
    """The bot's work by the clock.

    ``start`` may be called every time the gateway says that it is ready: only the first time counts. ``catch_up``
    does at once what would be done by and by, for when a clock was moved by hand. ``more`` are jobs of others, such
    as fetching data. ``alone`` says that no other process works on this database: what is claimed in it was left open
    by a former life. With ``by_hand`` nothing runs by itself: whoever moves the clock calls ``catch_up``.
    """

    def __init__(
        self,
        community: Community,
        reports: Reports,
        publisher: Publisher,
        clock: Clock,
        *,
        alone: bool = True,
        by_hand: bool = False,
        more: Sequence[Job] = (),
    ) -> None:
        self.deliverer = Deliverer(community, reports, publisher, clock)
        self.sweep = Sweep(community, clock, lambda: reports.catalogue, self.deliverer.wake)
        self.alerts = AlertWatch(community, reports, publisher, clock)
        self.corrections = Corrections(community, reports, publisher, clock)
        self.notices = Notices(community, publisher, clock)
        self.finishing = Finishing(community.posts, publisher)
        self.housekeeping = Housekeeping(community, publisher, clock)
        self._reports = reports
        self._clock = clock
        self._alone = alone
        self._by_hand = by_hand
        self._started = False
        self._planned: str | None = None  # the dataset's version that is known to schedules
        self._compared: str | None = None  # and the one that posts agree with
        self._serving: asyncio.Task[None] | None = None
        self._scheduler = Scheduler(
            [
                *more,
                Job("alerts", _SOMETIMES, self._alerts),
                Job("due", _OFTEN, self.plan),
                Job("data", _SOMETIMES, self._data),
                Job("unfinished", _SOMETIMES, self._unfinished),
                Job("notices", _SOMETIMES, self.notices.run),
                Job("replies", _SOMETIMES, self.housekeeping.delete_replies),
                Job("housekeeping", _DAILY, self.housekeeping.run),
            ]
        )

    async def __aenter__(self) -> "Jobs":
        return self

    async def __aexit__(self, *_exc: object) -> None:
        if self._serving is None:
            return
        await self._scheduler.__aexit__()
        self._serving.cancel()
        with suppress(asyncio.CancelledError):
            await self._serving
        self._serving = None

    async def start(self) -> None:
        """Take back what a former life left open, then work until closed.

        Whatever fails here, the work begins: nobody calls this again.
        """
        if self._started:
            return
        self._started = True
        if self._alone:
            try:
                log.info("%d deliveries were left open and are looked up", await self.deliverer.reclaim())
            except Exception:
                log.exception("what was left open could not be taken back: its leases run out")
        if not self._by_hand:
            settle_memory()
            self._serving = asyncio.create_task(self.deliverer.serve(), name="deliveries")
            await self._scheduler.__aenter__()

    async def catch_up(self) -> None:
        """Do everything that is due by the clock now, and wait until it is done."""
        await self._scheduler.run_all()
        await self.deliverer.drain()

    async def plan(self) -> None:
        """Work out the next times of what was just changed, and see what is due: at once, not when its turn comes."""
        await self.sweep.run()
        self.deliverer.wake()

    async def _alerts(self) -> None:
        if await self.alerts.run():
            self.deliverer.wake()

    async def _data(self) -> None:
        """Look whether there is another dataset: other days may be known, other figures be right."""
        version = self._reports.catalogue.version
        if version != self._planned:
            await self.sweep.replan()
            self._planned = version
        if version == self._compared:
            return
        corrected = await self.corrections.run(version)
        log.info("dataset %s: %d posts corrected", version, corrected)
        if await self.corrections.settled(version):
            self._compared = version

    async def _unfinished(self) -> None:
        await self.finishing.resume(self._clock.now())


def settle_memory() -> None:
    """Take what is loaded by now out of the collector's sight: looking through it all stops the loop for 0.1 s."""
    gc.collect()
    gc.freeze()
