"""Interest rates and what they do to small minus large: sensitivity, cut cycles, what futures expect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from bot.analytics.estimators import Fit, newey_west

PAIRS = 104
MONTHS_AFTER = (1, 3, 6, 12)


@dataclass(frozen=True, slots=True)
class After:
    """What followed a decision: ``start`` is the first session that could react, returns by months, None if open."""

    start: date
    small: dict[int, float | None]
    large: dict[int, float | None]

    def spread(self, months: int) -> float | None:
        """Return small minus large after so many months, as a fraction."""
        small, large = self.small[months], self.large[months]
        return None if small is None or large is None else small - large


@dataclass(frozen=True, slots=True)
class CutCycle:
    """A run of cuts: its first and its last (of an open cycle: its latest) decision, and what followed both."""

    first: date
    last: date
    open: bool
    cuts: int
    from_upper: float
    to_upper: float
    after_first: After
    after_last: After | None


def week_ends(sessions: pd.DatetimeIndex, following: date | None) -> pd.DatetimeIndex:
    """Return the last session of every completed Monday-to-Friday week.

    ``sessions`` ascending; ``following`` is the exchange's next session after the last of them: a week is
    complete once the next session lies in a later one (None: the last week counts as complete).
    """
    if len(sessions) == 0:
        return sessions
    mondays = sessions - pd.to_timedelta(sessions.day_of_week, unit="D")
    last = np.append(mondays[:-1] != mondays[1:], True)
    if following is not None:
        last[-1] = following - timedelta(days=following.weekday()) > mondays[-1].date()
    return sessions[last]


def weekly_pairs(
    small: pd.Series[float], large: pd.Series[float], rate: pd.Series[float], ends: pd.DatetimeIndex
) -> pd.DataFrame:
    """Pair each week's return of small minus large with the week's change of a yield.

    ``small`` and ``large`` are total-return indices by session, ``rate`` a yield as a fraction by observation
    day (its last value at or before a week's end is used). Returns columns ``y`` (simple return, fraction) and
    ``x`` (percentage points) by week end, weeks lacking either dropped.
    """
    returns = small.reindex(ends).pct_change(fill_method=None) - large.reindex(ends).pct_change(fill_method=None)
    change = rate.dropna().reindex(ends, method="ffill").diff() * 100
    return pd.DataFrame({"y": returns, "x": change}).dropna()


def sensitivity(pairs: pd.DataFrame, count: int = PAIRS) -> Fit | None:
    """Regress the last ``count`` weekly pairs: slope in return (fraction) per percentage point of yield.

    None with fewer pairs than that, or a yield that never moved. Formula: Newey-West with 4 lags.
    """
    if len(pairs) < count:
        return None
    recent = pairs.iloc[-count:]
    return newey_west(recent["y"], recent["x"])


def slope_history(pairs: pd.DataFrame, count: int = PAIRS, years: int = 3) -> pd.Series[float]:
    """Return the slope as it stood at each week's end of the last ``years``, from the ``count`` pairs before it.

    Weeks with fewer pairs are absent.
    """
    covariance = pairs["y"].rolling(count).cov(pairs["x"])
    slopes: pd.Series[float] = (covariance / pairs["x"].rolling(count).var()).replace([np.inf, -np.inf], np.nan)
    slopes = slopes.dropna()
    if slopes.empty:
        return slopes
    recent: pd.Series[float] = slopes[slopes.index > pairs.index[-1] - pd.DateOffset(years=years)]
    return recent


def twelve_months_ahead(day: date) -> int:
    """Name the futures contract of the same calendar month a year later: 202707 on any day of July 2026."""
    return (day.year + 1) * 100 + day.month


def expected_change_bp(settlement: float, effective: float) -> float:
    """Return what a fed funds contract expects against the effective rate, in basis points.

    ``settlement`` is the contract's price (100 minus the rate in percent), ``effective`` a fraction.
    """
    return round((100 - settlement - effective * 100) * 100, 6)  # prices have three decimals


def change_bp(rate: pd.Series[float], start: pd.Timestamp) -> float | None:
    """Return the change of a yield (fractions) since the last value at or before ``start``, in basis points."""
    known = rate.dropna()
    before = known[known.index <= start]
    if before.empty:
        return None
    return float(known.iloc[-1] - before.iloc[-1]) * 1e4


def _after(day: date, small: pd.Series[float], large: pd.Series[float]) -> After | None:
    sessions = small.index.intersection(large.index)
    reacting = sessions[sessions >= pd.Timestamp(day)]
    if reacting.empty or sessions[0] > pd.Timestamp(day):
        return None
    start = reacting[0]

    def gain(series: pd.Series[float], months: int) -> float | None:
        end = start + pd.DateOffset(months=months)
        if end > sessions[-1]:
            return None
        return float(series[sessions[sessions <= end][-1]] / series[start] - 1)

    return After(
        start.date(),
        {months: gain(small, months) for months in MONTHS_AFTER},
        {months: gain(large, months) for months in MONTHS_AFTER},
    )


def cut_cycles(changes: pd.DataFrame, small: pd.Series[float], large: pd.Series[float]) -> tuple[CutCycle, ...]:
    """Find every run of rate cuts and what small and large returned after its first and last.

    ``changes`` holds ``upper`` (fraction) by decision day; ``small`` and ``large`` are total-return indices. A first
    cut is the first decrease after an increase; a last cut is known only once an increase follows. Returns are
    measured from the first session at or after the decision over 1, 3, 6 and 12 calendar months; a horizon not
    yet complete is None. Cycles before both series began are left out.
    """
    steps = changes["upper"].diff().fillna(0)
    runs: list[list[pd.Timestamp]] = []
    rising = False
    for day, step in steps.items():
        if step < 0 and rising:
            runs.append([])
        if step < 0 and runs:
            runs[-1].append(pd.Timestamp(str(day)))
        rising = step > 0 if step else rising
    cycles = (
        _cycle(run, changes["upper"], is_open=n == len(runs) - 1 and not rising, prices=(small, large))
        for n, run in enumerate(runs)
    )
    return tuple(cycle for cycle in cycles if cycle is not None)


def _cycle(
    run: list[pd.Timestamp],
    upper: pd.Series[float],
    *,
    is_open: bool,
    prices: tuple[pd.Series[float], pd.Series[float]],
) -> CutCycle | None:
    first, last = run[0].date(), run[-1].date()
    after_first = _after(first, *prices)
    if after_first is None:
        return None
    return CutCycle(
        first=first,
        last=last,
        open=is_open,
        cuts=len(run),
        from_upper=float(upper[upper.index < run[0]].iloc[-1]),
        to_upper=float(upper[run[-1]]),
        after_first=after_first,
        after_last=_after(last, *prices),
    )


def net_debt_to_ebitda(accounts: pd.DataFrame) -> pd.Series[float]:
    """Return net debt over EBITDA by company: how many years of earnings before everything the debt is worth.

    ``accounts`` has total_debt, total_cash, enterprise_value (dollars) and ev_to_ebitda; EBITDA is the value over
    that multiple. Negative where cash exceeds debt; NaN where EBITDA is not above zero or an input is missing.
    """
    ebitda = accounts["enterprise_value"] / accounts["ev_to_ebitda"]
    return (accounts["total_debt"] - accounts["total_cash"]) / ebitda.where(ebitda > 0)
