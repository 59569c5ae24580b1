"""Ten thousand servers whose summary falls due in the same minute, against a Discord that lets 50 a second through."""

import asyncio
import os
import tempfile
from collections.abc import Iterable
from typing import Any

from benchmarks.figure import Figure
from bot.community.database import migrate
from bot.discord_ui.publisher import PER_SECOND
from bot.pool import Pool
from tests.jobs.rush import CONTENTS, Rush, due_everywhere, rush, set_up
from tests.standin.process import StandIn, running

POSTS = int(os.environ.get("HANDOFF_BENCH_POSTS", "10000"))
ALLOWED = 50.0
ASKED = 45.0


class _Counting(Pool):
    """The real worker processes, counted."""

    renders = 0

    async def run(self, function: str, *arguments: Any, seconds: float | None = None) -> Any:
        self.renders += 1
        return await super().run(function, *arguments, seconds=seconds)


async def _measured(url: str, standin: StandIn) -> tuple[Rush, int]:
    await set_up(url, POSTS)
    pool = _Counting("sample")
    async with pool:
        return await rush(url, standin, POSTS, pool, per_second=PER_SECOND), pool.renders


def run() -> Iterable[Figure]:
    """Measure how fast posts go out, what the loop and the memory do meanwhile, and how often reports are made."""
    with tempfile.TemporaryDirectory() as folder, running() as standin:
        url = f"sqlite:///{folder}/community.db"
        migrate(url)
        standin.set(channels=due_everywhere(POSTS), limits={"per_second": ALLOWED, "per_channel": 5})
        found, renders = asyncio.run(_measured(url, standin))
    doubles = found.counts["created"] - found.counts["channels"]
    yield Figure(f"{POSTS} posts due at once, sent", found.rate, "a second", "what Discord allows", ALLOWED)
    yield Figure("in the slowest ten seconds", found.slowest, "a second", "what is asked for", ASKED)
    yield Figure("computing for each post", found.cpu_each * 1e3, "ms", "what the pace leaves", 1e3 / PER_SECOND)
    yield Figure("messages beyond one a channel", float(doubles), "messages", "channels", float(POSTS))
    yield Figure("reports made", float(renders), "reports", "distinct contents", float(len(CONTENTS)))
    yield Figure("entered into the ledger", found.swept_seconds, "s", "a minute", 60.0)
    yield Figure("the loop's lag, 99th percentile", found.lag_99 * 1e3, "ms", "what is allowed", 50.0)
    yield Figure("the loop's lag, worst", found.lag_worst * 1e3, "ms", "what is allowed", 50.0)
    yield Figure("memory at the end", found.memory_after, "MB", "after a fifth of the posts", found.memory_early)
    early = float(found.counts.get("global_429", 0))
    yield Figure("sent too early (429)", early, "requests", "all requests", float(found.counts["requests"]))
