"""Record closes: when a listing closed above everything before, how long that took, how far it is away now.

Takes closes (split-adjusted, without dividends) or index levels by session, ascending, without NaN.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd


@dataclass(frozen=True, slots=True)
class Record:
    """The highest close: its day, the level, and the highest before it (None where it is the first close of all)."""

    day: date
    close: float
    previous_day: date | None
    previous_close: float | None

    @property
    def gap_days(self) -> int | None:
        """Calendar days since the record before."""
        return None if self.previous_day is None else (self.day - self.previous_day).days


def record_closes(closes: "pd.Series[float]") -> "pd.Series[float]":
    """Return the closes that were above every earlier one; the first of all has none to be above and is not one."""
    return closes[closes > closes.astype(float).cummax().shift(1)]


def gaps(closes: "pd.Series[float]") -> "pd.Series[float]":
    """Return calendar days since the record before, by day of each record; for the first since the first close."""
    days = pd.DatetimeIndex(_highest(closes).index).to_series()
    return days.diff().dt.days.iloc[1:].astype(float).rename("gap_days")


def _highest(closes: "pd.Series[float]") -> "pd.Series[float]":
    """Return the first close and every record after it: each stood as the highest until the next."""
    return pd.concat([closes.iloc[:1], record_closes(closes)])


def standing(closes: "pd.Series[float]") -> Record:
    """Return the highest close as of the last session. Raises ValueError on an empty series."""
    if closes.empty:
        raise ValueError("a record needs at least one close")
    last = _highest(closes).iloc[-2:]
    days = [stamp.date() for stamp in pd.DatetimeIndex(last.index)]
    levels = [float(value) for value in last]
    if len(days) == 1:
        return Record(days[0], levels[0], None, None)
    return Record(days[1], levels[1], days[0], levels[0])


def records_in(closes: "pd.Series[float]", year: int) -> int:
    """Return how many records were set in a calendar year."""
    return int((pd.DatetimeIndex(record_closes(closes).index).year == year).sum())


def sessions_since_record(closes: "pd.Series[float]") -> "pd.Series[float]":
    """Return for each session how many sessions ago the highest close was: 0 on the day itself."""
    position = np.arange(len(closes))
    records = record_closes(closes)
    at = np.where(closes.index.isin(records.index), position, 0)
    return pd.Series((position - np.maximum.accumulate(at)).astype(float), index=closes.index)


def records_this_year(closes: "pd.Series[float]") -> "pd.Series[float]":
    """Return for each session how many records its calendar year has had so far."""
    hit = pd.Series(closes.index.isin(record_closes(closes).index), index=closes.index)
    return hit.groupby(pd.DatetimeIndex(closes.index).year).cumsum().astype(float)
