"""A run killed at any point goes on without gaps or doubles; readers meanwhile never see half of anything."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import cycle, islice
from pathlib import Path

import pytest

from bot.features.rotation.request import RotationRequest
from bot.market.catalogue import located
from bot.market.store import runs
from bot.market.tables import WHOLE_MARKET
from bot.pool import Pool
from bot.workers import Reports
from tests.market.ingest import interrupted
from tests.market.ingest.conftest import Bench
from tests.market.ingest.small import small_settings
from tests.vendors.server import Asked

ROOT = Path(__file__).parents[3]
DAY = "2026-07-27"
KILLS: dict[str, Callable[[list[Asked]], bool]] = {
    "the third chart": lambda asked: "/chart/" in asked[-1].path and sum("/chart/" in a.path for a in asked) == 3,
    "the second page of the market": lambda asked: sum("screener" in a.path for a in asked) == 2,
    "the first company's page, everything else published": lambda asked: "quoteSummary" in asked[-1].path,
}
# Kinds of steps that a run of all parts must come to: what is stored, remembered and published by each of them.
STEPS = {
    "runs.begin<run._switching", "runs.begin<run._part", "runs.finish<run._part", "runs.finish<run._switching",
    "state.note_health<run._note", "prices._store<prices._finish", "prices._settle<prices.futures",
    "snapshot._keep<snapshot.snapshot", "macro._one<macro.macro", "members._members<members.holdings",
    "state.note_pages<companies._remember", "export._note<export.publish", "members._positions<members.short_interest",
    "companies.funds<run._part", "archive.publish<export.publish", "archive.publish<export.publish:pointer",
}  # fmt: skip


@contextmanager
def runner(bench: Bench) -> Iterator[Callable[[Iterable[str]], Iterator[int]]]:
    """Give what runs the ingest in a process of its own: its process id, then how it ended.

    With kinds of steps, it dies before the first step of any other kind.
    """
    command = [
        sys.executable, "-W", "ignore", "-m", "tests.market.ingest.interrupted", str(bench.folder),
        str(bench.folder.parent), bench.hours.clock.now().isoformat(), bench.url,
    ]  # fmt: skip
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:

        def run(known: Iterable[str]) -> Iterator[int]:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(f"{' '.join(known)}\n")
            process.stdin.flush()
            yield from (int(process.stdout.readline()) for _ in range(2))

        yield run
        process.communicate()


def killed_at_a_request(
    bench: Bench, run: Callable[[Iterable[str]], Iterator[int]], when: Callable[[list[Asked]], bool]
) -> int:
    """Run the ingest and kill it when a request arrives; return how it ended."""
    bench.vendors.forget()
    child = run(())
    process = next(child)

    def watch(_asked: Asked) -> None:
        if when(bench.vendors.asked):
            os.kill(process, signal.SIGKILL)

    bench.vendors.watch = watch
    ended = next(child)
    bench.vendors.watch = lambda _asked: None
    return ended


def whole(bench: Bench) -> bool:
    """Tell whether nothing is half there: what belongs together is stored together, all that is shown ends together."""
    bars, ranges = ({row["symbol"]: row["day"] for row in bench.store.rows(table)} for table in ("bars", "ohlc"))
    data = bench.dataset()
    return (
        all(bars[symbol] == day for symbol, day in ranges.items())
        and len({tuple(bench.store.days(table)) for table in WHOLE_MARKET}) == 1
        and all(data.closes(symbol).index[-1].date() == data.as_of for symbol in data.symbols())
    )


@pytest.mark.slow
def test_a_run_killed_at_a_request_goes_on_without_gaps_or_doubles(either: Bench, base: Path) -> None:
    either.at(DAY)
    with runner(either) as run:
        for words, when in KILLS.items():
            assert killed_at_a_request(either, run, when) == -signal.SIGKILL, words
            assert whole(either), words
    assert either.run().ok
    assert {row.status for row in runs.latest(either.store, count=1000)} == {"done", "interrupted"}
    same_as_undisturbed(either, base)


@pytest.mark.slow
def test_a_run_killed_before_every_kind_of_step_that_lasts_goes_on(either: Bench, base: Path) -> None:
    """Each run dies before a kind of step at which none has died yet: before a commit, before a rename."""
    either.at(DAY)
    killed: list[str] = []
    with runner(either) as run:
        while list(run([interrupted.NONE, *killed]))[1] == -signal.SIGKILL:
            killed.append((either.folder / interrupted.KILLED).read_text())
            assert whole(either), killed
    assert len(set(killed)) == len(killed)
    assert set(killed) >= STEPS, (STEPS - set(killed), killed)
    assert {row.status for row in runs.latest(either.store, count=1000)} == {"done", "interrupted"}
    same_as_undisturbed(either, base)


def same_as_undisturbed(bench: Bench, base: Path) -> None:
    """Compare with the same evening from the same beginning, run through once on SQLite."""
    place = bench.folder.parent / "undisturbed"
    shutil.copytree(base, place, ignore=shutil.ignore_patterns("*.sock", "*.pem"))
    calm = Bench(place, bench.vendors, bench.hours, small_settings(place, bench.settings.vendors))
    assert calm.run().ok
    assert {table: bench.store.rows(table) for table in bench.contents()} == {
        table: calm.store.rows(table) for table in calm.contents()
    }
    assert bench.dataset().version == calm.dataset().version
    calm.store.close()


DAYS = ("2026-07-20", "2026-07-21", "2026-07-22")
WINDOWS = ("1w", "1m", "3m", "6m", "ytd", "1y")
READERS = 1000


@pytest.mark.slow
async def test_a_thousand_questions_during_an_ingest(either: Bench) -> None:
    """All are answered, and all answers to one question of one day are the same, whatever is written meanwhile."""
    place = either.folder / "versions"
    answers: dict[tuple[date, str], set[str]] = defaultdict(set)
    async with Pool(str(located(place)), workers=1) as pool:
        reports = Reports(pool, either.hours.clock, lambda: str(located(place)))

        async def ask(window: str) -> None:
            rendered = await reports.get(RotationRequest(window=window))
            answers[rendered.report.as_of, window].add(rendered.report.headline)

        for day in DAYS:
            either.at(day)
            ingesting = asyncio.create_task(asyncio.to_thread(either.run, ["prices"]))
            asked = 0
            while not ingesting.done() or asked < READERS // len(DAYS) + 1:
                await asyncio.gather(*(ask(window) for window in islice(cycle(WINDOWS), 50)))
                reports.refresh()
                asked += 50
                await asyncio.sleep(0)
            assert (await ingesting).ok
            reports.refresh()
            await asyncio.gather(*(ask(window) for window in WINDOWS))
    assert {day for day, _window in answers} == {date(2026, 7, 17), *(date.fromisoformat(day) for day in DAYS)}
    assert all(len(headlines) == 1 for headlines in answers.values())
