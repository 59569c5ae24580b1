"""Macro series from FRED, and the decisions that follow from them."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bot.market import calendar, validation_files
from bot.market.ingest.job import Job, Outcome, noted
from bot.market.ingest.settings import MACRO
from bot.market.sources.fred import Fred
from bot.market.tables import IN_PERCENT
from bot.market.validation_files import Expected

OVERLAP_DAYS = 60
MONTHLY = frozenset({"UNRATE", "FEDFUNDS"})
WEEKLY = frozenset({"ICSA", "NFCI"})
EVERY_DAY = frozenset({"DFF", "DFEDTARU", "DFEDTARL"})  # weekends too
SATURDAY = 5
TARGET = ("DFEDTARL", "DFEDTARU")
RESTATED = "restated by the publisher"
LIMITS = {"ICSA": (1e4, 1e8), "NFCI": (-5.0, 10.0)}


def macro(job: Job, fred: Fred) -> Outcome:
    """Fetch every series of which another observation is due: one request each."""
    outcome = Outcome()
    todo = [
        series for series in MACRO if job.full or is_due(series, job.store.newest("macro", series=series), job.today)
    ]
    outcome.asked = len(todo)
    for done, series in enumerate(todo, start=1):
        with noted(outcome, series):
            _one(job, fred, series, outcome)
        job.tell(job.part, done, len(todo))
    _decisions(job, outcome)
    return outcome


def is_due(series: str, newest: date | None, today: date) -> bool:
    """Tell whether an observation after ``newest`` may be out today."""
    if newest is None:
        return True
    following = newest + timedelta(days=7 if series in WEEKLY else 31 if series in MONTHLY else 1)
    if series in MONTHLY:
        following = following.replace(day=1)
    elif series not in WEEKLY | EVERY_DAY and following.weekday() == SATURDAY:
        following += timedelta(days=2)
    known = calendar.macro_known(series, np.array([following], dtype="datetime64[D]"))
    out: date = known[0].item()
    return out <= today


def as_fraction(percent: float) -> float:
    """Return percent as the nearest fraction to the digits published: 4.28 becomes 0.0428."""
    return float(f"{percent / 100:.14f}")


def _one(job: Job, fred: Fred, series: str, outcome: Outcome) -> None:
    newest = job.store.newest("macro", series=series)
    since = newest - timedelta(days=OVERLAP_DAYS) if newest and not job.full else None
    kept, found = job.store.rows("macro", since=since, series=series), _asked(fred, series, since)
    restated = since is not None and is_restated(found, as_series(kept))
    if restated:
        kept, found = job.store.rows("macro", series=series), _asked(fred, series, None)
    verdict = validation_files.macro(found, as_series(kept), job.today, expected(series))
    if verdict.refusals:
        job.set_aside(outcome, verdict.refusals, series)
        outcome.refused[series] = verdict.reasons[0]
        return
    fresh = rows(series, found, job.today)
    if restated:
        earlier = [row for row in kept if row["day"] < fresh[0]["day"]]
        outcome.written += job.store.replace("macro", [*earlier, *fresh], RESTATED, job.run, series=series)
    else:
        outcome.written += job.store.write("macro", fresh, job.run)


def as_series(stored: Sequence[Mapping[str, Any]]) -> "pd.Series[float]":
    """Return stored rows of a series as values by observation date."""
    days = pd.DatetimeIndex([row["day"] for row in stored])
    return pd.Series([row["value"] for row in stored], index=days, dtype=float)


def _asked(fred: Fred, series: str, since: date | None) -> "pd.Series[float]":
    """Ask for a series in the unit that is stored: fractions for percent."""
    found = fred.series(series, since)
    return found.map(as_fraction) if series in IN_PERCENT else found


def is_restated(found: "pd.Series[float]", stored: "pd.Series[float]") -> bool:
    """Tell whether an answer differs so early that what is stored from before it may be of another vintage.

    The last few observations are revised in the ordinary way. Indices are estimated anew every week, seasonal factors
    every year: those change the oldest shared observation too. So does one that was withdrawn.
    """
    since = stored[stored.index >= found.index[0]] if len(found) else stored[:0]
    if since.empty or not found.index.is_unique:
        return False
    return not since.index.isin(found.index).all() or not np.isclose(since.iloc[0], found[since.index[0]], rtol=1e-9)


def expected(series: str) -> Expected:
    """Return between what a series may lie, in the unit stored, and how old its newest observation may be."""
    lowest, highest = (-0.1, 0.35) if series in IN_PERCENT else LIMITS[series]
    return Expected(lowest, highest, MACRO[series])


def rows(series: str, values: "pd.Series[float]", today: date) -> list[dict[str, Any]]:
    """Return observations as the store keeps them, each with the day it became known.

    What is out earlier than its rule says is known today.
    """
    days = pd.DatetimeIndex(values.index).to_numpy().astype("datetime64[D]")
    known: npt.NDArray[np.datetime64] = np.minimum(calendar.macro_known(series, days), np.datetime64(today))
    return [
        {"series": series, "day": day, "value": value, "known": out}
        for day, value, out in zip(days.tolist(), values.tolist(), known.tolist(), strict=True)
    ]


def _decisions(job: Job, outcome: Outcome) -> None:
    """Add the Fed's decisions since the last one stored: the target of the day after a meeting tells."""
    last = job.store.newest("fed_changes")
    if last is None:
        return
    meetings = [row["day"] for row in job.store.rows("fomc", since=last + timedelta(days=1)) if row["day"] < job.today]
    lower, upper = ({row["day"]: row["value"] for row in job.store.rows("macro", since=last, series=s)} for s in TARGET)
    found = list(decided(meetings, lower, upper))
    outcome.written += job.store.write("fed_changes", found, job.run)


def decided(meetings: Sequence[date], lower: dict[date, float], upper: dict[date, float]) -> list[dict[str, Any]]:
    """Return the meetings after which the target range was another than before, with the new range (fractions)."""
    found = []
    for meeting in meetings:
        before = (lower.get(meeting), upper.get(meeting))
        after = (lower.get(meeting + timedelta(days=1)), upper.get(meeting + timedelta(days=1)))
        if None not in (*before, *after) and before != after:
            found.append({"day": meeting, "lower": after[0], "upper": after[1]})
    return found
