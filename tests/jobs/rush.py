"""Many schedules due at the same minute: how fast they are posted, and what it costs the process."""

import asyncio
import bisect
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from datetime import time as time_of_day
from typing import Any

import psutil

from bot.community.deliveries import Part
from bot.community.records import Cadence
from bot.community.schedule_rows import write
from bot.community.store import Community
from bot.discord_ui.posts import post_card
from bot.jobs.deliveries import Deliverer, Pace
from bot.jobs.publishing import Post
from bot.jobs.service import settle_memory
from bot.jobs.sweep import Sweep
from bot.pool import Pool
from bot.workers import Rendered, Reports, Task
from tests.community.examples import schedule
from tests.jobs.support import Ahead, Computing, publisher
from tests.standin.process import StandIn

FIRST_CHANNEL = 1000
CONTENTS: tuple[Part, ...] = (
    Part("weekly"),
    *(Part("rotation", {"window": window}) for window in ("1m", "6m", "1y")),
    Part("highs"),
    Part("thesis"),
)
_PROBE_SECONDS = 0.01
_WINDOW = 10.0
_MEGABYTE = 1024.0 * 1024.0


@dataclass(frozen=True)
class Rush:
    """What was measured: lag in seconds, memory in MB.

    ``rate`` is posts a second from the sweep's beginning to the last mark, ``slowest`` the least in any ten seconds
    after the first tenth has arrived (``rate`` where there are no ten seconds). ``cpu_each`` is the seconds of
    computing that this process spent on a post.
    """

    posts: int
    swept_seconds: float
    rate: float
    slowest: float
    cpu_each: float
    lag_median: float
    lag_99: float
    lag_worst: float
    memory_before: float
    memory_early: float
    memory_after: float
    counts: dict[str, Any]


def due_everywhere(posts: int) -> list[dict[str, Any]]:
    """Return the channels, each of a server of its own."""
    return [{"id": FIRST_CHANNEL + n, "guild_id": FIRST_CHANNEL + n} for n in range(posts)]


async def set_up(url: str, posts: int) -> None:
    """Store a schedule for each channel, all due now, of each content in turn."""
    now = Ahead(0).now()
    weekly = Cadence(kind="weekly", weekdays=((now + timedelta(days=3)).weekday(),), at=time_of_day(12))
    due = {"next_due_at": now, "next_period": now.date().isoformat(), "created_at": now}
    async with Community(url) as community, community.database.write() as connection:
        for n in range(posts):
            here, part = FIRST_CHANNEL + n, CONTENTS[n % len(CONTENTS)]
            record = schedule(guild_id=here, channels=(here,), content=part.content, cadence=weekly)
            await write(connection, replace(record, request=part.request, **due), plan_at=None, new=True)


async def rush(url: str, standin: StandIn, posts: int, pool: Pool, *, per_second: float) -> Rush:
    """Sweep and post everything; the publisher paces itself at ``per_second``."""
    clock, loop = Ahead(0), asyncio.get_running_loop()
    lags: list[float] = []
    memory = psutil.Process().memory_info
    async with Community(url) as community, publisher(standin, per_second=per_second) as sender:
        reports = Reports(pool, clock, lambda: "sample")
        worker = Deliverer(community, reports, sender, clock, pace=Pace())
        sweep = Sweep(community, clock, lambda: reports.catalogue, worker.wake)
        _warm()
        settle_memory()
        probe = asyncio.create_task(_probe(lags))
        before, begun, computed = memory().rss, loop.time(), time.process_time()
        serving = asyncio.create_task(worker.serve())
        await sweep.run()
        swept = loop.time()
        working = asyncio.create_task(worker.drain())
        await asyncio.wait({working}, timeout=0.2 * posts / per_second)
        early = memory().rss
        await working
        ended, computed = loop.time(), time.process_time() - computed
        for ending in (probe, serving):
            ending.cancel()
        after = memory().rss
    lags.sort()
    counts = await asyncio.to_thread(standin.counts)
    rate = posts / (ended - begun)
    return Rush(
        posts=posts,
        swept_seconds=swept - begun,
        rate=rate,
        slowest=slowest(counts["times"][posts // 10 :], rate),
        cpu_each=computed / posts,
        lag_median=statistics.median(lags),
        lag_99=lags[int(len(lags) * 0.99)],
        lag_worst=lags[-1],
        memory_before=before / _MEGABYTE,
        memory_early=early / _MEGABYTE,
        memory_after=after / _MEGABYTE,
        counts=counts,
    )


def slowest(times: Sequence[float], otherwise: float) -> float:
    """Return the fewest arrivals a second within any ten seconds that begin and end between the first and the last."""
    full = [bisect.bisect_left(times, at + _WINDOW) - n for n, at in enumerate(times) if at + _WINDOW <= times[-1]]
    return min(full) / _WINDOW if full else otherwise


def _warm() -> None:
    """Import what a running bot has long imported: the questions and the cards."""
    report = Computing().report(Task("rotation", "{}", date(2026, 7, 17), "sample", "en", "dark"))
    post_card(Post(id="0" * 16, guild_id=1, channel_id=1, parts=(Rendered(report, {}),)))


async def _probe(lags: list[float]) -> None:
    """Note how much later than asked the loop comes back."""
    loop = asyncio.get_running_loop()
    while True:
        asked = loop.time() + _PROBE_SECONDS
        await asyncio.sleep(_PROBE_SECONDS)
        lags.append(max(0.0, loop.time() - asked))
