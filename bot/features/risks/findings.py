"""The four gauges by week: their inputs, as known at the time, and what is missing."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from bot.analytics.gauges import (
    Input,
    as_known,
    change_known,
    detrended,
    gauge,
    higher_of,
    measured,
    steepening,
)
from bot.analytics.rates import week_ends
from bot.errors import UserError
from bot.features.risks import members
from bot.market import calendar
from bot.market.dataset import Dataset

GAUGES = ("slowdown", "financing", "quality", "short_interest")
SPREAD_YEARS = 10
CLAIMS_MEAN_WEEKS, YEAR_WEEKS = 4, 52


@dataclass(frozen=True, slots=True)
class Gauge:
    """One gauge: its inputs and its reading (0 to 100) on each day of the grid, NaN where nothing is measured."""

    name: str
    inputs: tuple[Input, ...]
    readings: "pd.Series[float]"

    @property
    def now(self) -> float | None:
        """Return today's reading."""
        return _number(self.readings.iloc[-1])

    def before(self, day: pd.Timestamp) -> float | None:
        """Return the reading on the last day of the grid at or before ``day``."""
        earlier = self.readings[self.readings.index <= day]
        return None if earlier.empty else _number(earlier.iloc[-1])


@dataclass(frozen=True, slots=True)
class Findings:
    """The gauges in order, and the day a month ago that changes are measured from."""

    gauges: tuple[Gauge, ...]
    today: pd.Timestamp
    month_ago: pd.Timestamp

    def change(self, one: Gauge) -> float | None:
        """Return the change of a gauge in a month."""
        before = one.before(self.month_ago)
        return None if one.now is None or before is None else one.now - before


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def find(dataset: Dataset) -> Findings:
    """Measure the gauges on the dataset's day; an input that is not stored is an input without readings."""
    days = pd.DatetimeIndex(calendar.session_days(calendar.FIRST, dataset.as_of))
    grid = sampled(days, calendar.sessions_after(dataset.as_of, 1))
    by_gauge: dict[str, dict[str, _Maker]] = {
        "slowdown": {"curve": _curve, "claims": _claims, "staples": _staples},
        "financing": {"yield_2y": _two_year, "high_yield": _spread, "banks": _banks, "debts": members.debts},
        "quality": {"losses": members.losses, "profitable": _quality},
        "short_interest": {"aggregate": members.shorts},
    }
    gauges = []
    for name, makers in by_gauge.items():
        inputs = tuple(_input(item, make, dataset, days, grid) for item, make in makers.items())
        gauges.append(Gauge(name, inputs, gauge(inputs, grid)))
    return Findings(tuple(gauges), grid[-1], grid[-1] - pd.DateOffset(months=1))


_Maker = Callable[[Dataset, pd.DatetimeIndex, pd.DatetimeIndex], Input]


def _input(name: str, make: _Maker, dataset: Dataset, days: pd.DatetimeIndex, grid: pd.DatetimeIndex) -> Input:
    """Make an input; one whose series is not stored on the day has no readings."""
    try:
        return make(dataset, days, grid)
    except UserError:
        return Input(name, pd.Series(dtype=float), pd.Series(dtype=float))


def sampled(days: pd.DatetimeIndex, following: date) -> pd.DatetimeIndex:
    """Return the last session of every complete week, and today's."""
    ends = week_ends(days, following)
    return pd.DatetimeIndex(ends.union(days[-1:]))


def _curve(dataset: Dataset, days: pd.DatetimeIndex, grid: pd.DatetimeIndex) -> Input:
    """Inversion of the 10-year less the 2-year yield, or its steepening after one: whichever ranks higher."""
    slope = as_known(dataset.macro_known("DGS10"), days) - as_known(dataset.macro_known("DGS2"), days)
    steep = steepening(slope).reindex(grid)
    return higher_of("curve", measured("inversion", -slope.reindex(grid)), measured("steepening", steep))


def _claims(dataset: Dataset, _days: pd.DatetimeIndex, grid: pd.DatetimeIndex) -> Input:
    known = dataset.macro_known("ICSA")
    mean = known["value"].rolling(CLAIMS_MEAN_WEEKS).mean()
    return measured("claims", as_known(known.assign(value=mean / mean.shift(YEAR_WEEKS) - 1), grid))


def _two_year(dataset: Dataset, _days: pd.DatetimeIndex, grid: pd.DatetimeIndex) -> Input:
    return measured("yield_2y", change_known(dataset.macro_known("DGS2"), grid))


def _spread(dataset: Dataset, _days: pd.DatetimeIndex, grid: pd.DatetimeIndex) -> Input:
    """Measure the high-yield spread, which counts once ten years of it are stored."""
    known = dataset.macro_known("BAMLH0A0HYM2")
    whole = measured("high_yield", as_known(known, grid))
    enough = known.index[0] + pd.DateOffset(years=SPREAD_YEARS)
    return Input(whole.id, whole.readings, whole.percentiles[whole.percentiles.index >= enough])


def _ratio(name: str, over: str, under: str, dataset: Dataset, grid: pd.DatetimeIndex) -> Input:
    first, second = dataset.total_return(over), dataset.total_return(under)
    return measured(name, detrended((first / second).dropna()).reindex(grid))


def _staples(dataset: Dataset, _days: pd.DatetimeIndex, grid: pd.DatetimeIndex) -> Input:
    return _ratio("staples", "XLP", "XLY", dataset, grid)


def _banks(dataset: Dataset, _days: pd.DatetimeIndex, grid: pd.DatetimeIndex) -> Input:
    return _ratio("banks", "SPY", "KRE", dataset, grid)


def _quality(dataset: Dataset, _days: pd.DatetimeIndex, grid: pd.DatetimeIndex) -> Input:
    return _ratio("profitable", "IJR", "IWM", dataset, grid)
