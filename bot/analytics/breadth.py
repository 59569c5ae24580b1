"""Breadth: how many members take part, and whether the few or the many lead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from bot.analytics.aggregates import Coverage, coverage, median, ratio, share

NEAR_HIGH = 0.02


@dataclass(frozen=True, slots=True)
class Participation:
    """Shares of members above their 50- and 200-session average, at the 52-week high, and within 2% of it.

    Every share is of the members that have its inputs: ``counted`` gives their number by the share's name.
    ``coverage`` is that of the 200-session average.
    """

    above_50: float
    above_200: float
    at_high: float
    near_high: float
    counted: Mapping[str, int]
    coverage: Coverage


def participation(members: pd.DataFrame) -> Participation:
    """Measure from ``price``, ``average_50d``, ``average_200d``, ``high_52w`` (dollars) and ``weight``.

    Exactly on the average is not above it. A missing input takes a member out of that share alone.
    """
    price, high = members["price"], members["high_52w"].where(members["high_52w"] > 0)
    has_200 = price.notna() & members["average_200d"].notna()
    has_high = int((price / high).notna().sum())
    return Participation(
        above_50=_share_above(price, members["average_50d"]),
        above_200=_share_above(price, members["average_200d"]),
        at_high=_share_at_least(price / high, 1.0),
        near_high=_share_at_least(price / high, 1 - NEAR_HIGH),
        counted={
            "above_50": int((price.notna() & members["average_50d"].notna()).sum()),
            "above_200": int(has_200.sum()),
            "at_high": has_high,
            "near_high": has_high,
        },
        coverage=coverage(has_200, members["weight"]),
    )


def _share_above(price: pd.Series[float], average: pd.Series[float]) -> float:
    both = price.notna() & average.notna()
    return share(price[both] > average[both])


def _share_at_least(values: pd.Series[float], least: float) -> float:
    return share(values.dropna() >= least)


@dataclass(frozen=True, slots=True)
class Split:
    """Median price returns of the members that earn money and of those that lose it. Fractions; NaN of no members."""

    profitable: float
    unprofitable: float


def by_profit(returns: pd.Series[float], earnings: pd.Series[float]) -> Split:
    """Compare ``returns`` (fractions) by the sign of ``earnings``; earnings of exactly zero belong to neither."""
    gains, losses = returns[earnings > 0].dropna(), returns[earnings < 0].dropna()
    return Split(median(gains), median(losses))


def sector_mix(sector: pd.Series[str], cap: pd.Series[float]) -> pd.Series[float]:
    """Return each sector's share of market cap, largest first; rows without a cap or a sector are left out."""
    known = cap.notna() & (cap > 0) & sector.notna() & (sector != "")
    sums = cap[known].groupby(sector[known]).sum()
    total = float(sums.sum())
    parts = pd.Series({name: ratio(float(part), total) for name, part in sums.items()}, dtype=float)
    return parts.sort_values(ascending=False, kind="stable")


def relative_line(one: pd.Series[float], other: pd.Series[float]) -> pd.Series[float]:
    """Return one / other over their common sessions, rebased to 100 at the first; empty where none is common."""
    both = pd.concat([one, other], axis=1, join="inner").dropna()
    if both.empty:
        return pd.Series(dtype=float)
    line = both.iloc[:, 0] / both.iloc[:, 1]
    return line / float(line.iloc[0]) * 100
