"""Sums, coverage and percentiles of a basket: the arithmetic that every question on members shares."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

ENOUGH_FOR_A_PERCENTILE = 60
SAME_RATE = 5e-6  # two companies share an exchange rate, never a difference of opinion, to so small a part
NEAR_PAR = 0.05


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a basket a figure rests on. ``weight`` is a fraction of the basket's own weight, NaN without any."""

    matched: int
    members: int
    weight: float


def coverage(matched: pd.Series[bool], weight: pd.Series[float]) -> Coverage:
    """Count the members that have every input, and the share of weight they carry.

    ``matched`` and ``weight`` (any positive unit, NaN as none) share one index of members.
    """
    total = float(weight.sum())
    part = float(weight[matched].sum())
    return Coverage(int(matched.sum()), len(matched), part / total if total > 0 else math.nan)


def ratio(numerator: float, denominator: float) -> float:
    """Divide, NaN where the denominator is not above zero or either is missing."""
    if not denominator > 0 or math.isnan(numerator):
        return math.nan
    return float(numerator / denominator)


def weighted_mean(values: pd.Series[float], weights: pd.Series[float]) -> float:
    """Return sum(value * weight) / sum(weight) over rows that have both; NaN where no weight is left."""
    both = values.notna() & weights.notna()
    return ratio(float((values[both] * weights[both]).sum()), float(weights[both].sum()))


def median(values: pd.Series[float]) -> float:
    """Return the median of what is there, NaN of nothing."""
    present = values.dropna()
    return float(present.median()) if len(present) else math.nan


def mean(values: pd.Series[float]) -> float:
    """Return the plain mean of what is there, NaN of nothing."""
    present = values.dropna()
    return float(present.mean()) if len(present) else math.nan


def share(condition: pd.Series[bool]) -> float:
    """Return the share of rows for which it holds, NaN of no rows."""
    return float(condition.mean()) if len(condition) else math.nan


def percentile(history: pd.Series[float], reading: float) -> float:
    """Return the share of observations at or below ``reading`` (today's is one of them); NaN without observations."""
    known = history.dropna()
    if known.empty or math.isnan(reading):
        return math.nan
    return float((known <= reading).mean())


def foreign_accounts(estimate: pd.Series[float], in_dollars: pd.Series[float]) -> pd.Index[str]:
    """Return the companies whose estimates are in another currency than dollars.

    ``estimate`` is consensus EPS as reported, ``in_dollars`` the vendor's own conversion of the same. Two opinions
    on one company differ by any factor; a factor that several companies share to six digits is an exchange rate.
    Factors near one, of unequal signs or of zeros prove nothing, and neither does a factor that stands alone.
    """
    both = pd.DataFrame({"estimate": estimate, "dollars": in_dollars}).dropna()
    both = both[(both["estimate"] * both["dollars"]) > 0]
    factor = (both["estimate"] / both["dollars"]).sort_values()
    factor = factor[(factor - 1).abs() > NEAR_PAR]
    step = factor.diff() / factor < SAME_RATE
    return factor.index[step | step.shift(-1, fill_value=False)]


def monthly_equal_weight(levels: pd.DataFrame) -> pd.Series[float]:
    """Return the index of a basket held in equal parts, rebalanced after each month's last session; first value 1.

    ``levels``: total-return levels by session, one column a member, without gaps (rows with any NaN are dropped).
    Between two rebalancings each part grows on its own. Empty in, empty out.
    """
    whole = levels.dropna()
    if whole.empty:
        return pd.Series(dtype=float)
    month = pd.Series(whole.index.to_period("M") if isinstance(whole.index, pd.DatetimeIndex) else 0, whole.index)
    base = whole.where(month != month.shift(-1)).shift(1).ffill().fillna(whole.iloc[0])
    grown = (whole / base).mean(axis=1)
    closing = grown.where(month != month.shift(-1)).shift(1).fillna(1.0).cumprod()
    return grown * closing
