"""Checks of answers that are whole or nothing: members, market snapshots, short interest, macro series.

As in ``bot.market.validation``: pure, and every refusal carries its reason for the operator.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from bot.market.validation import Verdict, refused

WEIGHTS = 0.02
MEMBERS_HELD = 0.95
SAME_PARTS = 0.005
MEMBERS_CHANGE = 0.15
LISTED = 0.995
CURRENT_QUOTES = 0.90
SNAPSHOT_ROWS = 0.90
SNAPSHOT_CAP = 0.25
SHORT_ROWS = 0.95
SHORT_CHANGE = 2.0
SAME_UNIT = 3.0
LOST_OBSERVATIONS = 0.02
FEWEST_SHORTS = 15_000


def holdings(
    frame: pd.DataFrame, weight_total: float, day: date, today: date, stored: tuple[date, int] | None
) -> Verdict:
    """Check a fund's members: weights add up to 100%, agree with market values, the count is like the last one's.

    ``stored``: day and count of the file stored last. 2% of slack covers rounding to a hundredth of a percent, 5% the
    cash and futures a fund holds beside its members.
    """
    figures = frame[["weight", "shares", "price", "market_value"]]
    held = float(frame["weight"].sum())
    parts = frame["market_value"] / frame["market_value"].sum() - frame["weight"] / held
    rules: list[tuple[Callable[[], bool], str]] = [
        (lambda: abs(weight_total - 1) > WEIGHTS, f"weights add up to {weight_total:.1%}"),
        (lambda: bool(frame["weight"].isna().any()), "a weight is missing"),
        (lambda: bool((figures < 0).any(axis=None)), "a figure is below zero"),
        (lambda: held < MEMBERS_HELD, f"the members make up {held:.1%} of the fund"),
        (lambda: not parts.abs().max() <= SAME_PARTS, "weights and market values do not agree"),
        (lambda: bool(frame["symbol"].duplicated().any()), "a symbol appears twice"),
        (lambda: day > today, f"dated {day}, which is ahead of today"),
        (lambda: stored is not None and day < stored[0], f"dated {day}, before what is stored"),
        (
            lambda: stored is not None and abs(len(frame) / stored[1] - 1) > MEMBERS_CHANGE,
            f"{len(frame)} members where {stored[1] if stored else 0} were stored",
        ),
    ]
    return _first(rules, "holdings", frame)


def snapshot(frame: pd.DataFrame, listed: int, dropped: int, final: date, stored: tuple[int, float] | None) -> Verdict:
    """Check the whole market: a half-empty page never replaces a full snapshot, nor does one of another session.

    ``listed`` is the vendor's own count, ``dropped`` what is no common stock; ``final``: the session it is of;
    ``stored``: rows and total market cap of the snapshot stored last. A few rows may move between pages meanwhile.
    """
    total = float(frame["market_cap"].sum())
    told = frame["quoted"].dropna()
    current = float((told == pd.Timestamp(final)).mean()) if len(told) else 1.0
    rules: list[tuple[Callable[[], bool], str]] = [
        (lambda: len(frame) + dropped < listed * LISTED, f"{len(frame) + dropped} rows of {listed} that are listed"),
        (lambda: frame.empty, "no rows"),
        (lambda: current < CURRENT_QUOTES, f"{current:.0%} of the prices are of {final}"),
        (
            lambda: stored is not None and len(frame) < stored[0] * SNAPSHOT_ROWS,
            f"{len(frame)} companies where {stored[0] if stored else 0} were stored",
        ),
        (
            lambda: stored is not None and stored[1] > 0 and abs(total / stored[1] - 1) > SNAPSHOT_CAP,
            f"a total market cap of {total:.3g} where {stored[1] if stored else 0:.3g} was stored",
        ),
    ]
    return _first(rules, "snapshots", frame)


def short_interest(frame: pd.DataFrame, stored: "pd.Series[float] | None") -> Verdict:
    """Check a settlement date: every symbol once with its position, about as many rows and shares as the date before.

    ``stored``: the positions of the date before by symbol. A file tells them too, so that both have to agree in size.
    """
    total, before = float(frame["short_shares"].sum()), float(frame["previous_shares"].sum())
    empty = frame[["previous_shares", "average_volume", "days_to_cover"]].isna().mean().fillna(0.0)
    rows = 0 if stored is None else len(stored)
    told = frame.drop_duplicates("symbol").set_index("symbol")["previous_shares"]
    change = 1.0 if stored is None else float((told / stored[stored > 0]).median())
    rules: list[tuple[Callable[[], bool], str]] = [
        (lambda: bool(frame["symbol"].duplicated().any()), "a symbol appears twice"),
        (lambda: not bool(np.isfinite(frame["short_shares"]).all()), "a position is no number"),
        (lambda: bool((frame[["short_shares", "average_volume"]] < 0).any().any()), "a position is below zero"),
        (lambda: bool((frame["days_to_cover"] < 1).any()), "days to cover below one"),
        (lambda: bool((empty > 1 - SHORT_ROWS).any()), f"{empty.idxmax()} is missing in {empty.max():.0%} of the rows"),
        (lambda: len(frame) < rows * SHORT_ROWS, f"{len(frame)} rows where {rows} were stored"),
        (lambda: len(frame) < FEWEST_SHORTS, f"{len(frame)} rows are not the whole market"),
        (lambda: not before / SHORT_CHANGE < total < before * SHORT_CHANGE, f"{total:.3g} shares after {before:.3g}"),
        (
            lambda: not 1 / SHORT_CHANGE < change < SHORT_CHANGE,
            f"positions of before are {change:.3g} times the stored",
        ),
    ]
    return _first(rules, "short_interest", frame)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a macro series must hold: values from ``lowest`` to ``highest``, the newest at most ``slowest_days`` old."""

    lowest: float
    highest: float
    slowest_days: int


def macro(series: "pd.Series[float]", stored: "pd.Series[float]", today: date, expected: Expected) -> Verdict:
    """Check a macro series: plausible numbers on distinct days, up to date, in the unit and as whole as what is stored.

    Both in the unit that is stored, by observation date; ``stored`` may be empty.
    """
    days = pd.DatetimeIndex(series.index)
    frame = series.rename("value").to_frame()
    last = days[-1].date() if len(days) else None
    newest = stored.index[-1].date() if len(stored) else None
    odd = series[~series.between(expected.lowest, expected.highest)]
    times, lost = _against(series, stored)
    rules: list[tuple[Callable[[], bool], str]] = [
        (lambda: last is None, "no observations"),
        (lambda: days.has_duplicates or not days.is_monotonic_increasing, "days repeat or are out of order"),
        (lambda: not bool(np.isfinite(series.to_numpy(dtype=float)).all()), "a value is no number"),
        (lambda: len(odd) > 0, f"a value of {odd.iloc[0] if len(odd) else 0:.6g} cannot be right"),
        (lambda: last is not None and last > today, f"an observation of {last} is ahead of today"),
        (lambda: last is not None and newest is not None and last < newest, f"ends on {last}, before what is stored"),
        (
            lambda: last is not None and newest is None and (today - last).days > expected.slowest_days,
            f"ends on {last}, long ago",
        ),
        (lambda: lost > max(3, LOST_OBSERVATIONS * len(stored)), f"{lost} observations that are stored are missing"),
        (lambda: not 1 / SAME_UNIT < times < SAME_UNIT, f"{times:.3g} times what is stored: another unit or base"),
    ]
    return _first(rules, "macro", frame)


def _against(series: "pd.Series[float]", stored: "pd.Series[float]") -> tuple[float, int]:
    """Return by how much a series is larger than the stored one on shared days, and how many stored days it lacks."""
    shared = series.index.intersection(stored.index).unique()
    since = stored[stored.index >= series.index[0]] if len(series) else stored
    before = float(stored[shared].abs().sum())
    times = float(series[~series.index.duplicated()][shared].abs().sum()) / before if before else 1.0
    return times, len(since) - len(shared)


def _first(rules: Sequence[tuple[Callable[[], bool], str]], table: str, frame: pd.DataFrame) -> Verdict:
    """Refuse a whole answer for the first rule it breaks, else accept it."""
    for broken, reason in rules:
        if broken():
            return refused(table, frame, reason)
    return Verdict(frame)
