"""How long it takes to move 100,000 alert rules on to a new close, and what a rule costs as they grow in number."""

import asyncio
import functools
import importlib
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from datetime import time as clock_time

import numpy as np
import pandas as pd

from benchmarks.figure import Figure, reference_seconds, seconds
from bot.alerts import catalogue
from bot.alerts.columns import State, state_of, state_row
from bot.alerts.evaluate import Current, evaluate
from bot.alerts.machine import Columns, columns
from bot.alerts.rule import CONDITIONS, THRESHOLDS, Rule
from bot.alerts.stored import Outcome, Stored, numbers_of, packed
from bot.market.dataset import Dataset

AT_ONCE, WORKERS = 5_000, 2  # as in bot.jobs.alerts
INDICATORS = 300
MOST = 100_000
BOUND_SECONDS = 2.0
BOUND_MEGABYTES = 300.0
DAYS = 3  # closes on which everything is evaluated anew
_RESIDENT = """
import resource
from benchmarks import alerts
known = alerts.known()
for part in alerts.parts(alerts.spread(alerts.MOST, known)):
    alerts.evaluate(alerts.columns(alerts.packed(part)), known)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def known(dataset: Dataset | None = None) -> dict[str, Current]:
    """Return the sample's own indicators with their whole histories."""
    dataset = dataset or Dataset.open()
    numbers = [name for name, one in catalogue.offered(dataset).items() if not one.states]
    found = [(name, one) for name, one in catalogue.current(numbers, dataset).items() if len(one.series) > 1]
    return dict(found[:INDICATORS])


def rules(count: int, current: dict[str, Current]) -> Columns:
    """Return ``count`` rules of every condition, spread evenly, armed and one close behind: a third of them fires."""
    return columns(packed(spread(count, current)))


def spread(count: int, current: dict[str, Current]) -> Iterator[Stored]:
    """Give ``count`` stored rules of every condition, spread evenly, armed and one close behind."""
    names = sorted(current)
    for place, name in enumerate(names):
        yield from _of(name, count // len(names) + (place < count % len(names)), current[name].series)


def _of(name: str, count: int, series: "pd.Series[float]") -> Iterator[Stored]:
    state = State(armed=True, through=pd.Timestamp(series.index[-2]).toordinal())
    low, high = float(series.iloc[-250:].min()), float(series.iloc[-250:].max())
    levels = np.linspace(low, high, max(count, 1))
    for place in range(count):
        rule = _rule(name, place, float(levels[place]))
        yield Stored(f"{name}#{place}", name, numbers_of(rule), state_row(state))


def _rule(name: str, place: int, level: float) -> Rule:
    condition = CONDITIONS[place % (len(CONDITIONS) - 1)]  # states are few and change rarely
    if condition in THRESHOLDS:
        return Rule(indicator=name, condition=condition, threshold=level, hysteresis=abs(level) / 100)
    if condition == "changes_by":
        return Rule(indicator=name, condition=condition, threshold=abs(level) / 10 + 0.01, within=place % 252 + 1)
    if condition == "enters_band":
        return Rule(indicator=name, condition=condition, low=0.0, high=0.05, cooldown_days=7)
    return Rule(indicator=name, condition=condition, within=place % 252 + 1, monthly_budget=4)


def parts(rows: Iterable[Stored]) -> Iterator[list[Stored]]:
    """Give stored rules as the gateway hands them over: whole indicators, some five thousand rules together."""
    part: list[Stored] = []
    for row in rows:
        if len(part) >= AT_ONCE and part[-1].indicator != row.indicator:
            yield part
            part = []
        part.append(row)
    yield part


# one process


def _megabytes() -> float:
    done = subprocess.run([sys.executable, "-c", _RESIDENT], capture_output=True, text=True, check=True)
    return float(done.stdout)


def _alone(current: dict[str, Current], reference: float) -> Iterator[Figure]:
    """Measure the evaluation itself at three sizes, series at hand."""
    taken: dict[int, float] = {}
    for count in (1_000, 10_000, MOST):
        table = rules(count, current)
        taken[count] = seconds(functools.partial(evaluate, table, current))
        words = f"{count:,} rules over {len(current)} indicators, series at hand"
        yield Figure(words, taken[count], "s", "a million squares", reference)
    more = (taken[MOST] - taken[10_000]) / (MOST - 10_000) * 1e6
    yield Figure("one rule more, from 10,000 to 100,000", more, "us", "from 1,000 to 10,000",
                 (taken[10_000] - taken[1_000]) / 9_000 * 1e6)  # fmt: skip


# as after an ingest: stored rules, two workers, series that nobody has computed yet


def resident(_data: str, _day: date) -> tuple[float, float]:
    """Return how many megabytes this worker holds: alone, and with all that it shares."""
    memory = importlib.import_module("psutil").Process().memory_full_info()
    return memory.uss / 2**20, memory.rss / 2**20


def _moved(rows: Iterable[Stored], outcomes: Iterable[Outcome]) -> list[Stored]:
    """Return rules as the store holds them afterwards."""
    listed = list(outcomes)
    states = dict(pair for one in listed for pair in one.moved)
    days = {name: day.toordinal() for one in listed for name, day in one.through}
    found = []
    for row in rows:
        state = states.get(row.id, state_of(row.state))
        through = days.get(row.indicator, state.through)
        found.append(replace(row, state=state_row(replace(state, through=through))))
    return found


async def _after_ingests() -> tuple[list[tuple[float, int]], list[tuple[float, float]]]:
    """Return seconds and fires of each day, and what the workers hold afterwards (own, with what is shared)."""
    from bot.clock import SettableClock  # the other process is measured without what only the gateway needs
    from bot.pool import Pool
    from bot.workers import Reports

    dataset = Dataset.open()
    days = [stamp.date() for stamp in dataset.sessions[-DAYS - 1 :]]
    rows = list(spread(MOST, known(dataset.at(days[0]))))
    taken: list[tuple[float, int]] = []
    async with Pool("sample", workers=WORKERS) as pool:
        clock = SettableClock(datetime.now(UTC))
        reports = Reports(pool, clock, lambda: "sample")
        for day in days:
            clock.set(datetime.combine(day, clock_time(23), UTC))
            start = time.perf_counter()
            work = (reports.work("bot.alerts.work:evaluated", packed(part)) for part in parts(rows))
            outcomes: list[Outcome] = await asyncio.gather(*work)
            taken.append((time.perf_counter() - start, sum(len(one.fires) for one in outcomes)))
            rows = _moved(rows, outcomes)
        held = await asyncio.gather(*(reports.work("benchmarks.alerts:resident") for _n in range(4 * WORKERS)))
    return taken[1:], held  # the first day is that of workers just started


def run() -> Iterable[Figure]:
    """Measure one evaluation at three sizes, the whole of it as after an ingest, and its memory."""
    resident = _megabytes()  # first: a process begins with the memory of the one it is made from
    reference = reference_seconds()
    current = known()
    yield from _alone(current, reference)
    yield Figure("a process that evaluates them part by part, at its peak", resident, "MB", "bound", BOUND_MEGABYTES)
    taken, held = asyncio.run(_after_ingests())
    for place, (spent, fires) in enumerate(taken, 1):
        words = f"the whole after ingest {place}: series, {WORKERS} workers, {fires:,} fires"
        yield Figure(words, spent, "s", "bound", BOUND_SECONDS)
    yield Figure("each worker's own memory afterwards", max(own for own, _all in held), "MB", "bound", BOUND_MEGABYTES)
    yield Figure("with what it shares", max(shared for _own, shared in held), "MB", "bound", BOUND_MEGABYTES)
