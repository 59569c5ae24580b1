"""What followed events of one kind: de-clustered days, forward returns, base rate, bootstrap interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

HORIZONS = (21, 63, 126, 252)
APART = 21
DRAWS = 2000
FEWEST = 5
SEED = 20251204
FLAT = 1e-12  # what rounding alone may make of no return at all
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Following:
    """Forward returns over one horizon: of the events, and of all sessions of the same span (the base rate).

    ``events`` have a complete horizon, ``separate`` of their windows do not overlap. Medians and shares are
    fractions, None without events. ``interval`` is the 90% interval of the median, None under five events.
    """

    horizon: int
    events: int
    separate: int
    median: float | None
    share_positive: float | None
    base: int
    base_median: float | None
    base_share_positive: float | None
    interval: tuple[float, float] | None


def declustered(days: pd.DatetimeIndex, sessions: pd.DatetimeIndex, apart: int = APART) -> pd.DatetimeIndex:
    """Keep each event day that lies more than ``apart`` sessions after the last kept one.

    ``days`` must be sessions; days unknown to ``sessions`` raise KeyError.
    """
    positions = sessions.get_indexer(days)
    if (positions < 0).any():
        raise KeyError("an event day is not a session")
    kept: list[int] = []
    for position in sorted(set(positions.tolist())):
        if not kept or position - kept[-1] > apart:
            kept.append(position)
    return sessions[kept]


def crossings(values: pd.Series[float], level: pd.Series[float] | float, *, upward: bool = True) -> pd.DatetimeIndex:
    """Return the days on which ``values`` are above (or below) ``level`` and were not on the day before.

    NaN on either day is no crossing, and neither is the first day.
    """
    gap = (values - level).dropna()
    beyond = gap > 0 if upward else gap < 0
    return pd.DatetimeIndex(gap.index[beyond & ~beyond.shift(1, fill_value=True)])


def first_records(closes: pd.Series[float], after_days: int) -> pd.DatetimeIndex:
    """Return the record closes that came at least ``after_days`` calendar days after the record before.

    A record is above every earlier close; the first close of a listing counts as a record without being an event.
    """
    seen = closes.dropna()
    before = seen.cummax().shift(1)
    records = seen.index[(seen > before) | before.isna()]
    waited = records[1:] - records[:-1]
    return pd.DatetimeIndex(records[1:][waited >= pd.Timedelta(days=after_days)])


def forward_return(prices: pd.Series[float], horizon: int) -> pd.Series[float]:
    """Return over the next ``horizon`` sessions from each session, NaN where that is not complete."""
    return prices.shift(-horizon) / prices - 1


def median_interval(returns: Floats, horizon: int, *, draws: int = DRAWS, seed: int = SEED) -> tuple[float, float]:
    """Return the 5th and 95th percentile of the median over circular block draws of date-ordered event returns.

    A block holds ceil(horizon / 21) events, so that overlapping windows stay together; the seed is fixed.
    """
    count = len(returns)
    block = min(count, math.ceil(horizon / APART))
    blocks = math.ceil(count / block)
    starts = np.random.default_rng(seed).integers(0, count, size=(draws, blocks, 1))
    places = ((starts + np.arange(block)) % count).reshape(draws, -1)[:, :count]
    low, high = np.percentile(np.median(returns[places], axis=1), [5, 95])
    return float(low), float(high)


def _separate(positions: Sequence[int], horizon: int) -> int:
    count, free = 0, -1
    for position in positions:
        if position >= free:
            count, free = count + 1, position + horizon
    return count


def following(
    prices: pd.Series[float], days: pd.DatetimeIndex, horizon: int, span: tuple[pd.Timestamp, pd.Timestamp]
) -> Following:
    """Measure what followed ``days`` over ``horizon`` sessions against every session of ``span``.

    ``prices`` by session without NaN (a total-return index, or the ratio of two for a spread in relative terms);
    ``days`` already de-clustered. Incomplete horizons drop out of events and base alike.
    """
    return measured(forward_return(prices, horizon), days, horizon, span)


def measured(
    forward: pd.Series[float], days: pd.DatetimeIndex, horizon: int, span: tuple[pd.Timestamp, pd.Timestamp]
) -> Following:
    """Measure forward returns that are at hand: ``forward`` by session, NaN where the horizon is not complete.

    For the spread of two funds in points, ``forward`` is the difference of their forward returns.
    """
    complete = forward.dropna()
    kept = days[days.isin(complete.index)]
    after = np.asarray(complete.reindex(kept), dtype=np.float64)
    base = np.asarray(complete[(complete.index >= span[0]) & (complete.index <= span[1])], dtype=np.float64)
    return Following(
        horizon=horizon,
        events=len(after),
        separate=_separate(forward.index.get_indexer(kept).tolist(), horizon),
        median=float(np.median(after)) if len(after) else None,
        share_positive=float(np.mean(after > FLAT)) if len(after) else None,
        base=len(base),
        base_median=float(np.median(base)) if len(base) else None,
        base_share_positive=float(np.mean(base > FLAT)) if len(base) else None,
        interval=median_interval(after, horizon) if len(after) >= FEWEST else None,
    )


def paths(prices: pd.Series[float], days: pd.DatetimeIndex, sessions: int = HORIZONS[-1]) -> Floats:
    """Return what each event's investment made of 1 over the next sessions: events by ``sessions`` + 1 values.

    Sessions that have not happened yet are NaN.
    """
    values = prices.to_numpy(dtype=float)
    table = np.full((len(days), sessions + 1), np.nan)
    for row, position in enumerate(prices.index.get_indexer(days)):
        path = values[position : position + sessions + 1]
        table[row, : len(path)] = path / path[0]
    return table
