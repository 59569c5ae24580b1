"""Risk gauges: today's readings as percentiles of their own history, as that history was known at the time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

MIN_OBSERVATIONS = 60
MEAN_SESSIONS = 252
HOT = 80.0
STALE_DAYS = 21  # inputs are published daily or weekly


def as_known(known: pd.DataFrame, days: pd.DatetimeIndex) -> pd.Series[float]:
    """Return the newest value that was known on each of ``days``.

    ``known`` has columns ``value`` and ``known`` (the day of publication) by observation day. NaN before the first,
    and where nothing new was published for ``STALE_DAYS``: what has stopped says nothing of today.
    """
    ordered = known.dropna(subset=["value"]).sort_values("known", kind="stable")
    newest = ordered.reset_index().groupby("known").last().iloc[:, -1]
    return newest.reindex(days, method="ffill", tolerance=pd.Timedelta(days=STALE_DAYS))


def change_known(known: pd.DataFrame, days: pd.DatetimeIndex, months: int = 12) -> pd.Series[float]:
    """Return how far the newest value known on each of ``days`` is from the one observed ``months`` before it.

    ``known`` as in ``as_known``; the earlier value is the last one at or before that day. NaN where there is none.
    """
    values = known["value"].dropna()
    observed = pd.DatetimeIndex(values.index)
    earlier = values.reindex(observed - pd.DateOffset(months=months), method="ffill").to_numpy()
    changed = pd.DataFrame({"value": values.to_numpy() - earlier, "known": known["known"].loc[values.index]})
    return as_known(changed, days)


def detrended(ratio: pd.Series[float], sessions: int = MEAN_SESSIONS) -> pd.Series[float]:
    """Return log(ratio / its mean over ``sessions``); NaN until the window is full."""
    return (ratio / ratio.rolling(sessions).mean()).map(np.log)


def expanding_percentile(values: pd.Series[float], least: int = MIN_OBSERVATIONS) -> pd.Series[float]:
    """Return for each value the share of those up to and including it that are at or below it.

    NaN values are dropped first; results with fewer than ``least`` observations are NaN.
    """
    seen = values.dropna()
    array = seen.to_numpy(dtype=float)
    shares = np.full(len(array), np.nan)
    for n in range(max(least, 1) - 1, len(array)):
        shares[n] = np.count_nonzero(array[: n + 1] <= array[n]) / (n + 1)
    return pd.Series(shares, index=seen.index)


def steepening(slope: pd.Series[float], years: int = 2) -> pd.Series[float]:
    """Return how far the yield curve has risen from its low, while an inversion lies at most ``years`` back.

    ``slope`` is the 10-year less the 2-year yield; NaN where it was not below zero within that time.
    """
    known = slope.dropna()
    lowest = known.rolling(f"{round(365.25 * years)}D").min()
    return (known - lowest).where(lowest < 0)


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a gauge: its readings (higher means more stress) and their expanding percentiles by week.

    ``start`` is the day of its first reading; ``percentile`` is empty where there are too few observations.
    """

    id: str
    readings: pd.Series[float]
    percentiles: pd.Series[float]

    @property
    def start(self) -> pd.Timestamp | None:
        """Return the day of the first reading."""
        return None if self.readings.empty else self.readings.index[0]

    @property
    def observations(self) -> int:
        """Return how many readings there are."""
        return len(self.readings)

    @property
    def reading(self) -> float | None:
        """Return the last reading."""
        return None if self.readings.empty else float(self.readings.iloc[-1])

    def percentile(self, day: pd.Timestamp) -> float | None:
        """Return the percentile (0 to 1) of a day of the grid, None where it has none."""
        value = self.percentiles.get(day)
        return None if value is None or np.isnan(value) else float(value)


def measured(name: str, readings: pd.Series[float], least: int = MIN_OBSERVATIONS) -> Input:
    """Make an input of its readings on the weekly grid; NaN readings are dropped."""
    seen = readings.dropna()
    return Input(name, seen, expanding_percentile(seen, least))


def higher_of(name: str, first: Input, second: Input) -> Input:
    """Combine two inputs into one: on each day whichever percentile is higher; the readings are the first's."""
    both = pd.concat([first.percentiles, second.percentiles], axis=1)
    return Input(name, first.readings, both.max(axis=1, skipna=True))


def gauge(inputs: Sequence[Input], grid: pd.DatetimeIndex) -> pd.Series[float]:
    """Return a gauge (0 calm to 100 stressed) on each day of the grid: the mean percentile of the inputs it has.

    Equal weights; an input without a percentile that day drops out; NaN where none has one.
    """
    if not inputs:
        return pd.Series(np.nan, index=grid)
    columns = [item.percentiles.reindex(grid) for item in inputs]
    return pd.concat(columns, axis=1).mean(axis=1, skipna=True) * 100


def hottest(gauges: Mapping[str, float | None]) -> tuple[str, ...]:
    """Return the names of the gauges with the highest reading (several on a tie), none if nothing is measured."""
    values = {name: value for name, value in gauges.items() if value is not None}
    if not values:
        return ()
    top = max(values.values())
    return tuple(name for name, value in values.items() if value == top)
