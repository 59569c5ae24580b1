"""What is checked before anything is stored: pure functions from vendors' frames to what may be kept and what not.

A row that cannot be right is refused alone; an answer that cannot be whole is refused altogether, because half an
answer stored is worse than yesterday's. Every refusal carries its rows and a reason for the operator.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from bot.market import calendar

Kind = Literal["fund", "stock", "index", "volatility", "rate", "future"]
JUMP: Mapping[str, float] = MappingProxyType({"stock": 0.40, "fund": 0.15, "index": 0.15})
STEP = 0.0005
LARGEST_DIVIDEND = 0.15
CORRECTED_DAYS = 5
MISSING_SESSIONS = 0.10
LATE_SESSIONS = 5
JUMPY: frozenset[Kind] = frozenset({"volatility", "rate", "future"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """Rows that are not stored in ``table``, and why."""

    table: str
    rows: tuple[Mapping[str, Any], ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What may be stored (perhaps nothing), what is refused, and whether the newest bar due is among it."""

    frame: pd.DataFrame
    refusals: tuple[Refusal, ...] = ()
    late: bool = False

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why rows were refused."""
        return tuple(refusal.reason for refusal in self.refusals)


def refused(table: str, frame: pd.DataFrame, reason: str) -> Verdict:
    """Refuse an answer altogether; its last row stands for it in the record."""
    return Verdict(frame.iloc[:0], (Refusal(table, _rows(frame.tail(1)), reason),))


def _rows(frame: pd.DataFrame) -> tuple[Mapping[str, Any], ...]:
    records: list[dict[Any, Any]] = frame.reset_index().to_dict("records")
    return tuple(records)


@dataclass(frozen=True, slots=True)
class Due:
    """What an answer about bars must hold: sessions from ``start`` to ``final``, the last one that has closed.

    ``newest`` is the last session stored so far and ``close`` its close; None before the first fetch.
    """

    start: date
    final: date
    newest: date | None = None
    close: float | None = None


def bars(frame: pd.DataFrame, kind: Kind, due: Due) -> Verdict:
    """Check bars (index: days; close, perhaps dividend) row by row, then as a whole. See ``doubts`` for the rest."""
    masks = list(_row_rules(frame, kind, due))
    free = np.ones(len(frame), dtype=bool)
    refusals = []
    for reason, wrong in masks:
        if (wrong & free).any():
            refusals.append(Refusal("bars", _rows(frame[wrong & free]), reason))
        free &= ~wrong
    kept = frame[free]
    whole = _whole(kept, due)
    if whole is not None:
        return Verdict(frame.iloc[:0], (*refusals, Refusal("bars", _rows(kept.tail(1)), whole)))
    late = kept.empty or kept.index[-1].date() < due.final
    return Verdict(kept, tuple(refusals), late)


def _row_rules(frame: pd.DataFrame, kind: Kind, due: Due) -> Iterator[tuple[str, npt.NDArray[np.bool_]]]:
    """Yield reasons with the rows they hit; the order decides which reason a row is refused for."""
    days = pd.DatetimeIndex(frame.index)
    final = pd.Timestamp(due.final)
    sessions = np.array(calendar.session_days(due.start, due.final), dtype="datetime64[D]")
    close = frame["close"].to_numpy(dtype=float)
    yield "the session is still open", np.asarray(days > final)
    yield "not a session of the exchange", np.asarray((days <= final) & ~days.isin(sessions))
    if kind == "rate":
        yield "the close is no number", ~np.isfinite(close)
    else:
        yield "the close is not above zero", ~(np.isfinite(close) & (close > 0))
    if kind in {"fund", "stock"} and "dividend" in frame:
        paid = frame["dividend"].to_numpy(dtype=float)
        yield "a dividend that cannot be right", ~((paid >= 0) & (paid < close * LARGEST_DIVIDEND))


def _whole(frame: pd.DataFrame, due: Due) -> str | None:
    """Say why an answer cannot be the whole of what was asked for, None if it can."""
    days = pd.DatetimeIndex(frame.index)
    if frame.empty:
        return "no bars"
    if days.has_duplicates or not days.is_monotonic_increasing:
        return "a day appears twice" if days.has_duplicates else "days out of order"
    first, last = days[0].date(), days[-1].date()
    if due.newest is not None and last < due.newest:
        return f"ends on {last}, before what is stored ({due.newest})"
    behind = len(calendar.session_days(last, due.final)) - 1
    expected = len(calendar.session_days(due.start if due.newest is not None else first, last))
    missing = expected - len(days)
    if behind > LATE_SESSIONS:
        return f"ends {behind} sessions before the last one"
    return f"{missing} of {expected} sessions are missing" if missing > max(3, MISSING_SESSIONS * expected) else None


def jumps(frame: pd.DataFrame, kind: Kind, due: Due) -> tuple[date, ...]:
    """Return the days whose close moved further from the close before than closes of its kind do: to be looked at.

    More than 40% for a stock, 15% for a fund or an index, which hold many. Not for volatility, rates and futures,
    where that is daily bread. Splits are no jumps: the vendor adjusts.
    """
    if kind in JUMPY or frame.empty:
        return ()
    close = frame["close"]
    before = close.shift(1)
    if due.close is not None and due.newest is not None and frame.index[0] > pd.Timestamp(due.newest):
        before.iloc[0] = due.close
    moved = (close / before - 1).abs() > JUMP[kind]
    return tuple(day.date() for day in pd.DatetimeIndex(frame.index[moved]))


def agree(first: pd.DataFrame, second: pd.DataFrame, days: Sequence[date]) -> bool:
    """Tell whether two fetches give the same closes on the given days and the days before them."""
    wanted = pd.DatetimeIndex(list(days))
    ours, theirs = (frame["close"].reindex(wanted) for frame in (first, second))
    return bool(np.isclose(ours, theirs, rtol=1e-6, atol=0).all())


def steps(
    adjusted: "pd.Series[float]", close: "pd.Series[float]", dividend: "pd.Series[float]", limit: float = STEP
) -> tuple[date, ...]:
    """Return the days on which an adjusted series does not move as closes and dividends say it must.

    ``A_t / A_{t-1} = C_t / (C_{t-1} - D_t)`` holds on every day of a series of one vintage. A step shows two vintages
    put together at an ex-date, or a dividend that one of the series does not know. All three share days; NaN is none.
    """
    days = adjusted.index.intersection(close.index)
    a, c, d = adjusted[days], close[days], dividend.reindex(days).fillna(0.0)
    due = c / (c.shift(1) - d)
    off = ((a / a.shift(1)) / due - 1).abs() > limit
    return tuple(day.date() for day in pd.DatetimeIndex(days[off.to_numpy()]))


def rescaled(stored: "pd.Series[float]", fetched: "pd.Series[float]") -> float | None:
    """Return the factor between two versions of the same closes on their first shared days: a split lies after them.

    None where they agree there, share fewer than three days, or differ by no common factor (that is a correction).
    """
    days = stored.index.intersection(fetched.index)[:3]
    if len(days) < 3:
        return None
    factors = (stored[days] / fetched[days]).to_numpy(dtype=float)
    first = float(factors[0])
    return first if bool(np.isclose(factors, first, rtol=0.002).all()) and abs(first - 1) > 0.01 else None


def contradicted(stored: "pd.Series[float]", fetched: "pd.Series[float]") -> int:
    """Return how many stored closes an answer contradicts, 0 for no more than a vendor corrects now and then."""
    days = stored.index.intersection(fetched.index)
    other = int((~np.isclose(stored[days], fetched[days], rtol=0.01, atol=0.02)).sum())
    return other if other > CORRECTED_DAYS else 0
