"""Macro series from FRED, and the decisions that follow from them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bot.market import calendar, validation
from bot.market.ingest.job import Job, Outcome, noted
from bot.market.ingest.settings import MACRO
from bot.market.sources.fred import Fred
from bot.market.tables import IN_PERCENT

OVERLAP_DAYS = 60
MONTHLY = frozenset({"UNRATE", "FEDFUNDS"})
WEEKLY = frozenset({"ICSA", "NFCI"})
EVERY_DAY = frozenset({"DFF", "DFEDTARU", "DFEDTARL"})  # weekends too
SATURDAY = 5
TARGET = ("DFEDTARL", "DFEDTARU")


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
    verdict = validation.macro(fred.series(series, since), newest, job.today, MACRO[series])
    if verdict.refusals:
        job.set_aside(outcome, verdict.refusals, series)
        outcome.refused[series] = verdict.reasons[0]
        return
    outcome.written += job.store.write("macro", rows(series, verdict.frame["value"], job.today), job.run)


def rows(series: str, values: "pd.Series[float]", today: date) -> list[dict[str, Any]]:
    """Return observations as the store keeps them: fractions for percent, each with the day it became known.

    What is out earlier than its rule says is known today.
    """
    days = pd.DatetimeIndex(values.index).to_numpy().astype("datetime64[D]")
    known: npt.NDArray[np.datetime64] = np.minimum(calendar.macro_known(series, days), np.datetime64(today))
    scaled = [as_fraction(v) for v in values.tolist()] if series in IN_PERCENT else values.tolist()
    return [
        {"series": series, "day": day, "value": value, "known": out}
        for day, value, out in zip(days.tolist(), scaled, known.tolist(), strict=True)
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
