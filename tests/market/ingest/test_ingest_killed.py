"""A run killed at any point goes on without gaps or doubles; readers meanwhile never see half of anything."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections import defaultdict
from datetime import date
from itertools import cycle, islice
from pathlib import Path

import pytest

from bot.features.rotation.request import RotationRequest
from bot.market.catalogue import located
from bot.market.store import runs
from bot.pool import Pool
from bot.workers import Reports
from tests.market.ingest.conftest import Bench
from tests.market.ingest.small import small_settings
from tests.vendors.server import Asked

ROOT = Path(__file__).parents[3]
DAY = "2026-07-27"
KILLS = {
    "the third chart": lambda asked: "/chart/" in asked[-1].path and sum("/chart/" in a.path for a in asked) == 3,
    "the second page of the market": lambda asked: sum("screener" in a.path for a in asked) == 2,
    "the first company's page, everything else published": lambda asked: "quoteSummary" in asked[-1].path,
}


def killed(bench: Bench, when: object) -> int:
    """Start the ingest as a process and kill it when a request arrives; return how it ended."""
    assert callable(when)
    bench.vendors.forget()
    command = [
        sys.executable, "-W", "ignore", "-m", "tests.market.ingest.interrupted", str(bench.folder),
        str(bench.folder.parent), bench.hours.clock.now().isoformat(),
    ]  # fmt: skip
    with subprocess.Popen(command, cwd=ROOT) as process:

        def watch(_asked: Asked) -> None:
            if when(bench.vendors.asked):
                os.kill(process.pid, signal.SIGKILL)

        bench.vendors.watch = watch
        code = process.wait(60)
    bench.vendors.watch = lambda _asked: None
    return code


@pytest.mark.slow
def test_a_killed_run_goes_on_without_gaps_or_doubles(bench: Bench, base: Path) -> None:
    bench.at(DAY)
    for words, when in KILLS.items():
        assert killed(bench, when) == -signal.SIGKILL, words
        data = bench.dataset()
        assert all(data.closes(symbol).index[-1].date() == data.as_of for symbol in data.symbols()), words
    assert bench.run().ok
    statuses = {row.status for row in runs.latest(bench.store, count=1000)}
    assert statuses == {"done", "interrupted"}
    calm = undisturbed(bench, base)
    assert bench.contents() == calm.contents()
    assert bench.dataset().version == calm.dataset().version
    calm.store.close()


def undisturbed(bench: Bench, base: Path) -> Bench:
    """Return the same evening from the same beginning, run through once."""
    place = bench.folder.parent / "undisturbed"
    shutil.copytree(base, place, ignore=shutil.ignore_patterns("*.sock", "*.pem"))
    calm = Bench(place, bench.vendors, bench.hours, small_settings(place, bench.settings.vendors))
    assert calm.run().ok
    return calm


DAYS = ("2026-07-20", "2026-07-21", "2026-07-22")
WINDOWS = ("1w", "1m", "3m", "6m", "ytd", "1y")
READERS = 1000


@pytest.mark.slow
async def test_a_thousand_questions_during_an_ingest(bench: Bench) -> None:
    """All are answered, and all answers to one question of one day are the same, whatever is written meanwhile."""
    place = bench.folder / "versions"
    answers: dict[tuple[date, str], set[str]] = defaultdict(set)
    async with Pool(str(located(place)), workers=1) as pool:
        reports = Reports(pool, bench.hours.clock, lambda: str(located(place)))

        async def ask(window: str) -> None:
            rendered = await reports.get(RotationRequest(window=window))
            answers[rendered.report.as_of, window].add(rendered.report.headline)

        for day in DAYS:
            bench.at(day)
            ingesting = asyncio.create_task(asyncio.to_thread(bench.run, ["prices"]))
            asked = 0
            while not ingesting.done() or asked < READERS // len(DAYS):
                await asyncio.gather(*(ask(window) for window in islice(cycle(WINDOWS), 50)))
                reports.refresh()
                asked += 50
                await asyncio.sleep(0)
            assert (await ingesting).ok
            reports.refresh()
            await asyncio.gather(*(ask(window) for window in WINDOWS))
    assert {day for day, _window in answers} == {date(2026, 7, 17), *(date.fromisoformat(day) for day in DAYS)}
    assert all(len(headlines) == 1 for headlines in answers.values())
