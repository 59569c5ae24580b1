"""The size of one position from what may be lost on it, and how long it takes to leave."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

ATR_SESSIONS = 14
SHARE_OF_VOLUME = 0.10


@dataclass(frozen=True, slots=True)
class Size:
    """A position: whole ``shares``, the price of the ``stop``, dollars at risk and dollars invested."""

    shares: int
    stop: float
    risk_usd: float
    value_usd: float


def true_range(high: pd.Series[float], low: pd.Series[float], close: pd.Series[float]) -> pd.Series[float]:
    """Return the larger of the day's range and its distances from the close before; the first day has its range."""
    before = close.shift(1)
    reaches = pd.concat([high - low, (high - before).abs(), (low - before).abs()], axis=1)
    return reaches.max(axis=1, skipna=True)


def close_range(close: pd.Series[float]) -> pd.Series[float]:
    """Return the distance of each close from the one before, for where high and low are not known."""
    return close.diff().abs().iloc[1:]


def wilder_average(ranges: pd.Series[float], sessions: int = ATR_SESSIONS) -> pd.Series[float]:
    """Return Wilder's average: the mean of the first ``sessions`` ranges, then (before * (n - 1) + range) / n.

    Same unit as the ranges; days before the first full mean are absent. Source: Wilder (1978).
    """
    values = ranges.dropna()
    if len(values) < sessions:
        return values.iloc[:0]
    averages = np.empty(len(values) - sessions + 1)
    averages[0] = values.iloc[:sessions].mean()
    for n, value in enumerate(values.iloc[sessions:], start=1):
        averages[n] = (averages[n - 1] * (sessions - 1) + value) / sessions
    return pd.Series(averages, index=values.index[sessions - 1 :])


def position_size(equity: float, risk: float, multiple: float, price: float, atr: float) -> Size | None:
    """Size a position so that a fall of ``multiple`` ATRs costs at most ``risk`` (fraction) of ``equity`` (dollars).

    Shares are rounded down, and never cost more than the equity. None if the range is zero, or the stop would lie
    at or below zero: such a stop says nothing.
    """
    distance = multiple * atr
    if not distance > 0 or distance >= price:
        return None
    shares = math.floor(min(equity * risk / distance, equity / price) + 1e-9)
    return Size(shares, price - distance, shares * distance, shares * price)


def days_to_exit(shares: float, average_volume: float, share_of_volume: float = SHARE_OF_VOLUME) -> float | None:
    """Return the sessions needed to sell while being no more than that share of volume; None without volume."""
    if not average_volume > 0:
        return None
    return shares / (average_volume * share_of_volume)
