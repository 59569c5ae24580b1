"""How long it takes to move 100,000 alert rules on to a new close, and what a rule costs as they grow in number."""

import subprocess
import sys
import time
from array import array
from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from benchmarks.figure import Figure, reference_seconds, seconds
from bot.alerts import catalogue
from bot.alerts.columns import Columns, Row, State, columns, row_of
from bot.alerts.evaluate import Current, evaluate
from bot.alerts.rule import CONDITIONS, THRESHOLDS, Rule
from bot.market.dataset import Dataset

INDICATORS = 300
MOST = 100_000
_RESIDENT = """
import resource
from benchmarks import alerts
known = alerts.known()
rules = alerts.rules(alerts.MOST, known)
alerts.evaluate(rules, known)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def known(count: int = INDICATORS) -> dict[str, Current]:
    """Return the sample's own indicators with their whole histories."""
    dataset = Dataset.open()
    numbers = [name for name, one in catalogue.offered(dataset).items() if not one.states]
    found = catalogue.current(numbers, dataset)
    return dict(list(found.items())[:count])


def rules(count: int, current: dict[str, Current]) -> Columns:
    """Return ``count`` rules of every condition, spread evenly, armed and one close behind."""
    names = sorted(current)
    per = {name: count // len(names) + (place < count % len(names)) for place, name in enumerate(names)}
    return columns(row for name in names for row in _of(name, per[name], current[name].series))


def _of(name: str, count: int, series: "pd.Series[float]") -> Iterator[Row]:
    yesterday = pd.Timestamp(series.index[-2]).toordinal()
    state = State(armed=True, through=yesterday)
    low, high = float(series.iloc[-250:].min()), float(series.iloc[-250:].max())
    levels = np.linspace(low, high, max(count, 1))
    for place in range(count):
        yield row_of(f"{name}#{place}", _rule(name, place, float(levels[place])), state)


def _rule(name: str, place: int, level: float) -> Rule:
    condition = CONDITIONS[place % (len(CONDITIONS) - 1)]  # states are few and change rarely
    if condition in THRESHOLDS:
        return Rule(indicator=name, condition=condition, threshold=level, hysteresis=abs(level) / 100)
    if condition == "changes_by":
        return Rule(indicator=name, condition=condition, threshold=abs(level) / 10 + 0.01, within=place % 252 + 1)
    if condition == "enters_band":
        return Rule(indicator=name, condition=condition, low=0.0, high=0.05, cooldown_days=7)
    return Rule(indicator=name, condition=condition, within=place % 252 + 1, monthly_budget=4)


def _series_seconds() -> float:
    dataset = Dataset.open()
    names = [name for name, one in catalogue.offered(dataset).items() if not one.states][:INDICATORS]
    fresh = dataset.at(pd.Timestamp(dataset.sessions[-2]).date())  # a day whose series nobody has computed yet
    start = time.perf_counter()
    catalogue.current(names, fresh)
    return time.perf_counter() - start


def _megabytes() -> float:
    done = subprocess.run([sys.executable, "-c", _RESIDENT], capture_output=True, text=True, check=True)
    return float(done.stdout)


def _handed_over(table: Columns) -> int:
    """Return how many bytes travel to a worker."""
    arrays: list[array[float]] = [*table.rules.values(), *table.states.values()]
    return sum(len(column) * column.itemsize for column in arrays)


def run() -> Iterable[Figure]:
    """Measure one evaluation at three sizes, the series it needs, and its memory."""
    resident = _megabytes()  # first: a process begins with the memory of the one it is made from
    reference = reference_seconds()
    current = known()
    taken = {}
    for count in (1_000, 10_000, MOST):
        table = rules(count, current)
        taken[count] = seconds(lambda table=table: evaluate(table, current))  # type: ignore[misc]
        yield Figure(
            f"{count:,} rules over {len(current)} indicators", taken[count], "s", "a million squares", reference
        )
    yield Figure(
        "cost of a rule among 100,000", taken[MOST] / MOST * 1e6, "us", "among 1,000", taken[1_000] / 1_000 * 1e6
    )  # fmt: skip
    yield Figure(
        f"computing the series of {INDICATORS} indicators, once a version",
        _series_seconds(), "s", "a million squares", reference,
    )  # fmt: skip
    yield Figure("100,000 rules as columns", _handed_over(rules(MOST, current)) / 1e6, "MB", "bound", 300.0)
    yield Figure("the process that evaluates 100,000 rules, resident", resident, "MB", "bound", 300.0)
