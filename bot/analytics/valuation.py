"""Valuation: the relative price of small caps since 2000, and multiples of whole baskets, with and without losers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from bot.analytics.aggregates import Coverage, coverage, median, percentile, ratio

if TYPE_CHECKING:
    from datetime import date

FINANCIALS = frozenset({"Financial Services", "Financials", "Real Estate"})
CREDIBLE_YIELD = 1.0  # earnings above the whole market cap are accounts in another currency


@dataclass(frozen=True, slots=True)
class Relative:
    """The relative price and its place in its own history. ``percentile``: share of sessions at or below."""

    level: float
    percentile: float
    sessions: int
    low: float
    low_day: date
    peak: float
    peak_day: date
    median: float
    history: pd.Series[float]


def relative(small: pd.Series[float], large: pd.Series[float]) -> Relative:
    """Return the ratio of two series of closes (split-adjusted, no dividends) over their common sessions.

    The first of several equal extremes is named. ValueError where no session is common.
    """
    both = pd.concat([small, large], axis=1, join="inner").dropna()
    if both.empty:
        raise ValueError("no common session")
    history = both.iloc[:, 0] / both.iloc[:, 1]
    level = float(history.iloc[-1])
    return Relative(
        level=level,
        percentile=percentile(history, level),
        sessions=len(history),
        low=float(history.min()),
        low_day=_day(history, int(history.to_numpy().argmin())),
        peak=float(history.max()),
        peak_day=_day(history, int(history.to_numpy().argmax())),
        median=float(history.median()),
        history=history,
    )


def _day(history: pd.Series[float], position: int) -> date:
    return pd.DatetimeIndex(history.index)[position].date()


def sales(facts: pd.DataFrame) -> pd.Series[float]:
    """Return yearly sales in dollars, ``market_cap`` / ``price_to_sales``; NaN without revenue."""
    return (facts["market_cap"] / facts["price_to_sales"].where(facts["price_to_sales"] > 0)).astype(float)


def trailing_earnings(facts: pd.DataFrame) -> pd.Series[float]:
    """Return trailing net income in dollars: ``net_margin`` * sales.

    NaN where the margin is blank, where it is 0.0 without a price to sales (no revenue, not break-even), and where
    earnings exceed the market cap in size: accounts in another currency.
    """
    earnings = facts["net_margin"] * sales(facts)
    return earnings.where((earnings / facts["market_cap"]).abs() <= CREDIBLE_YIELD)


@dataclass(frozen=True, slots=True)
class PriceEarnings:
    """A P/E of a basket both ways. NaN where earnings do not add up to a profit.

    ``coverage`` is that of ``all``.
    """

    all: float
    profitable: float
    profitable_members: int
    profitable_weight: float
    coverage: Coverage


def price_earnings(cap: pd.Series[float], earnings: pd.Series[float], weight: pd.Series[float]) -> PriceEarnings:
    """Return sum(cap) / sum(earnings) of all members and of the profitable ones. Dollars, one row an issuer."""
    matched = cap.notna() & earnings.notna() & (cap > 0)
    caps, income = cap[matched], earnings[matched]
    gains = income > 0
    return PriceEarnings(
        all=ratio(float(caps.sum()), float(income.sum())),
        profitable=ratio(float(caps[gains].sum()), float(income[gains].sum())),
        profitable_members=int(gains.sum()),
        profitable_weight=coverage(matched & (earnings > 0), weight).weight,
        coverage=coverage(matched, weight),
    )


@dataclass(frozen=True, slots=True)
class Multiple:
    """Another multiple of a basket: NaN where it is not defined."""

    value: float
    coverage: Coverage


def sum_multiple(value: pd.Series[float], base: pd.Series[float], weight: pd.Series[float]) -> Multiple:
    """Return sum(value) / sum(base) over members that have both: P/S, P/B, EV/Sales. Dollars, one row an issuer.

    A negative book value or enterprise value counts, as it would in the books of all members together.
    """
    matched = value.notna() & base.notna()
    found = ratio(float(value[matched].sum()), float(base[matched].sum()))
    return Multiple(found, _covered(matched, weight))


def median_multiple(value: pd.Series[float], base: pd.Series[float], weight: pd.Series[float]) -> Multiple:
    """Return the median of value / base over members where both are above zero (EV over operating income)."""
    matched = (value > 0) & (base > 0)
    return Multiple(median(value[matched] / base[matched]), _covered(matched, weight))


def _covered(matched: pd.Series[bool], weight: pd.Series[float]) -> Coverage:
    """Count against all members of ``weight``, also those left out of ``matched`` by choice (financials)."""
    return coverage(matched.reindex(weight.index, fill_value=False), weight)


def discount(small: float, large: float) -> float:
    """Return 1 - small / large: 0.22 is "22% cheaper", negative is dearer; NaN where either is not a multiple."""
    if math.isnan(small) or not large > 0:
        return math.nan
    return 1 - small / large
