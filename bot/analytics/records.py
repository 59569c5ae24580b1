"""Record closes: when a listing closed above everything before, how long that took, how far it is away now.

Takes closes (split-adjusted, without dividends) or index levels by session, ascending, without NaN.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd


@dataclass(frozen=True, slots=True)
class Record:
    """A record close: its day, the level, and the record before it (None for the first close of all)."""

    day: date
    close: float
    previous_day: date | None
    previous_close: float | None

    @property
    def gap_days(self) -> int | None:
        """Calendar days since the record before."""
        return None if self.previous_day is None else (self.day - self.previous_day).days


def record_closes(closes: "pd.Series[float]") -> "pd.Series[float]":
    """Return the closes that were above every earlier one; the first close of all is one."""
    before = closes.astype(float).cummax().shift(1, fill_value=-np.inf)
    return closes[closes > before]


def gaps(closes: "pd.Series[float]") -> "pd.Series[float]":
    """Return calendar days since the record before, by day of each record; NaN for the first."""
    records = record_closes(closes)
    days = pd.DatetimeIndex(records.index).to_series()
    return days.diff().dt.days.astype(float).rename("gap_days")


def standing(closes: "pd.Series[float]") -> Record:
    """Return the record that stands on the last session. Raises ValueError on an empty series."""
    records = record_closes(closes)
    if records.empty:
        raise ValueError("a record needs at least one close")
    days = [stamp.date() for stamp in pd.DatetimeIndex(records.index[-2:])]
    levels = [float(value) for value in records.iloc[-2:]]
    if len(days) == 1:
        return Record(days[0], levels[0], None, None)
    return Record(days[1], levels[1], days[0], levels[0])


def records_in(closes: "pd.Series[float]", year: int) -> int:
    """Return how many records were set in a calendar year, the first close of all not counted."""
    years = pd.DatetimeIndex(record_closes(closes).index[1:]).year
    return int((years == year).sum())


def sessions_since_record(closes: "pd.Series[float]") -> "pd.Series[float]":
    """Return for each session how many sessions ago the standing record was set: 0 on the day itself."""
    position = np.arange(len(closes))
    records = record_closes(closes)
    at = np.where(closes.index.isin(records.index), position, 0)
    return pd.Series((position - np.maximum.accumulate(at)).astype(float), index=closes.index)


def records_this_year(closes: "pd.Series[float]") -> "pd.Series[float]":
    """Return for each session how many records its calendar year has had so far, the first close not counted."""
    hit = pd.Series(closes.index.isin(record_closes(closes).index[1:]), index=closes.index)
    return hit.groupby(pd.DatetimeIndex(closes.index).year).cumsum().astype(float)
