"""Returns and risk of price series: what a window, a year or a benchmark makes of them.

Series are pandas Series indexed by session (ascending, unique, normalised). "Index" means a total-return
index or closes: only ratios matter. All results are fractions. Formulas: the metric definitions of the
catalogue (``bot.metrics``), which say nothing that is not computed here.
"""

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Days = NDArray[np.datetime64]
DAYS_A_YEAR = 365.25
SESSIONS_A_YEAR = 252


def position_on_or_before(index: pd.DatetimeIndex, day: date) -> int:
    """Return the position of the last session at or before ``day``, -1 if there is none."""
    return int(index.searchsorted(pd.Timestamp(day), side="right")) - 1


def common(first: "pd.Series[float]", second: "pd.Series[float]") -> "tuple[pd.Series[float], pd.Series[float]]":
    """Return both series on the sessions that both have (NaN counts as absent)."""
    one, other = (series.dropna() if series.hasnans else series for series in (first, second))
    if one.index.equals(other.index):
        return one, other
    both = one.index.intersection(other.index)
    return one.reindex(both), other.reindex(both)


def total_return(index: "pd.Series[float]") -> float:
    """Return last over first minus one; 0.0 for a single session. Raises ValueError on an empty series."""
    if len(index) == 0:
        raise ValueError("a return needs at least one session")
    return float(index.iloc[-1] / index.iloc[0] - 1)


def annualised(total: float, start: date, end: date) -> float | None:
    """Turn a return over more than a year into one per year, on actual days / 365.25; None up to a year."""
    years = (end - start).days / DAYS_A_YEAR
    if years <= 1 or total <= -1:
        return None
    return float((1 + total) ** (1 / years) - 1)


def rebased(index: "pd.Series[float]", level: float = 100.0) -> "pd.Series[float]":
    """Return the series scaled to ``level`` on its first session."""
    return index / index.iloc[0] * level


def drawdown(index: "pd.Series[float]") -> "pd.Series[float]":
    """Return how far each session lies below the highest level so far (0 or less)."""
    return index / index.cummax() - 1


def calendar_year_returns(index: "pd.Series[float]") -> "pd.Series[float]":
    """Return each calendar year's return by year: its last session over the last session of the year before.

    The first year is left out: the session before it is not in the series. The last one may be in progress.
    """
    ends = index.groupby(pd.DatetimeIndex(index.index).year).last()
    returns = ends / ends.shift(1) - 1
    consecutive = ends.index.to_series().diff() == 1
    return returns[consecutive.to_numpy()].rename_axis("year")


def rolling_return(index: "pd.Series[float]", months: int) -> "pd.Series[float]":
    """Return for each session the return since the last session at or before the day ``months`` months earlier.

    Sessions whose window would begin before the series are left out.
    """
    days = index.index.to_numpy().astype("datetime64[D]")
    starts = np.searchsorted(days, _months_before(days, months), side="right") - 1
    first = int(np.searchsorted(starts, 0))  # starts ascend
    values = index.to_numpy(dtype=float)
    return pd.Series(values[first:] / values[starts[first:]] - 1, index=index.index[first:], name=index.name)


def _months_before(days: Days, months: int) -> Days:
    """Return the same day of an earlier month, its last one where that month is shorter (as pandas' DateOffset)."""
    month = days.astype("datetime64[M]")
    first, following = (month - months).astype("datetime64[D]"), (month - months + 1).astype("datetime64[D]")
    earlier: Days = np.minimum(first + (days - month.astype("datetime64[D]")), following - 1)
    return earlier


def year_to_date(index: "pd.Series[float]") -> "pd.Series[float]":
    """Return for each session the return since the last session of the year before; the first year is left out."""
    years = index.index.to_numpy().astype("datetime64[Y]")
    starts = np.searchsorted(years, years) - 1  # the last session of an earlier year
    first = int(np.searchsorted(starts, 0))
    values = index.to_numpy(dtype=float)
    return pd.Series(values[first:] / values[starts[first:]] - 1, index=index.index[first:], name=index.name)


def log_returns(index: "pd.Series[float]") -> "pd.Series[float]":
    """Return daily log returns; one session fewer than the index."""
    ratio = (index / index.shift(1)).iloc[1:]
    return pd.Series(np.log(ratio.to_numpy(dtype=float)), index=ratio.index, name=index.name)


def simple_returns(index: "pd.Series[float]") -> "pd.Series[float]":
    """Return daily simple returns; one session fewer than the index."""
    return (index / index.shift(1) - 1).iloc[1:]


def volatility(index: "pd.Series[float]") -> float | None:
    """Return the standard deviation (ddof 1) of daily log returns times the root of 252; None under 3 sessions."""
    daily = log_returns(index)
    return float(daily.std() * np.sqrt(SESSIONS_A_YEAR)) if len(daily) > 1 else None


def _excess(index: "pd.Series[float]", bill: "pd.Series[float]") -> "pd.Series[float]":
    """Return daily simple returns over the bill: its annual rate known on the day, carried forward, / 252."""
    daily = simple_returns(index)
    rate = bill.reindex(bill.index.union(daily.index)).ffill().reindex(daily.index)
    return (daily - rate / SESSIONS_A_YEAR).dropna()


def sharpe(index: "pd.Series[float]", bill: "pd.Series[float]") -> float | None:
    """Return the mean daily excess over the bill, a year's worth, over its volatility. ``bill``: annual fractions.

    None where there are fewer than two returns or nothing moves.
    """
    excess = _excess(index, bill)
    return _per_risk(excess, float(excess.std()) if len(excess) > 1 else 0.0)


def sortino(index: "pd.Series[float]", bill: "pd.Series[float]") -> float | None:
    """Return the same as ``sharpe`` over the downside deviation about the bill, all days in the denominator."""
    excess = _excess(index, bill)
    return _per_risk(excess, float(np.sqrt((excess.clip(upper=0) ** 2).mean())) if len(excess) > 1 else 0.0)


def _per_risk(excess: "pd.Series[float]", deviation: float) -> float | None:
    if deviation <= 1e-15:
        return None
    return float(excess.mean() * SESSIONS_A_YEAR / (deviation * np.sqrt(SESSIONS_A_YEAR)))


def beta(index: "pd.Series[float]", benchmark: "pd.Series[float]") -> float | None:
    """Return the slope of least squares of daily simple returns on the benchmark's; None if that one never moves."""
    own, other = common(simple_returns(index), simple_returns(benchmark))
    spread = other - other.mean()
    moved = float((spread**2).sum())
    return float((spread * own).sum() / moved) if moved > 0 else None


def tracking_error(index: "pd.Series[float]", benchmark: "pd.Series[float]") -> float | None:
    """Return the annualised standard deviation (ddof 1) of daily return differences; None under 3 sessions."""
    own, other = common(simple_returns(index), simple_returns(benchmark))
    return float((own - other).std() * np.sqrt(SESSIONS_A_YEAR)) if len(own) > 1 else None


def monthly_returns(index: "pd.Series[float]", *, last_complete: bool = False) -> "pd.Series[float]":
    """Return the returns of complete months by month (a PeriodIndex): month end over month end.

    The first month is left out, and the last one too unless the caller, who knows the calendar, says it is over.
    """
    ends = index.groupby(pd.DatetimeIndex(index.index).to_period("M")).last()
    returns = (ends / ends.shift(1) - 1).iloc[1:]
    return returns if last_complete else returns.iloc[:-1]


def capture(monthly: "pd.Series[float]", benchmark: "pd.Series[float]") -> tuple[float | None, float | None]:
    """Return up and down capture: geometric mean returns in the benchmark's months above and below 0, as ratios.

    Takes monthly returns; None for a side without months.
    """
    own, other = common(monthly, benchmark)
    return _captured(own[other > 0], other[other > 0]), _captured(own[other < 0], other[other < 0])


def _captured(own: "pd.Series[float]", other: "pd.Series[float]") -> float | None:
    if len(other) == 0:
        return None
    return _geometric_mean(own) / _geometric_mean(other)


def _geometric_mean(returns: "pd.Series[float]") -> float:
    grown = float(np.prod(1 + returns.to_numpy(dtype=float)))
    return float(grown ** (1 / len(returns))) - 1
