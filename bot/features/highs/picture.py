"""What the chart of records draws: plain data."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bot.analytics.returns import position_on_or_before
from bot.features.highs.findings import Findings
from bot.windows import Window

_SHOWN = Window("5y")


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch without a record: positions of the record before and of the one that ended it, its days and level."""

    start: int
    end: int
    days: int
    level: float


@dataclass(frozen=True, slots=True)
class Picture:
    """Closes, drawdown (fractions, 0 or less) and positions of record closes on the sessions shown.

    ``standing`` is the position of the highest close, ``gap`` the longest stretch without a record shown.
    """

    symbol: str
    title: str
    as_of: date
    source: str
    dates: NDArray[np.datetime64]
    closes: NDArray[np.float64]
    underwater: NDArray[np.float64]
    records: NDArray[np.intp]
    standing: int
    gap: Gap | None


def picture(found: Findings, title: str, as_of: date, source: str) -> Picture:
    """Take from the findings what is drawn: five years, or back to the standing record if that is older."""
    index = pd.DatetimeIndex(found.closes.index)
    start = _SHOWN.start(as_of) or found.record.day
    begin = max(0, position_on_or_before(index, min(start, found.record.day)))
    shown = index[begin:]
    closes = np.asarray(found.closes.iloc[begin:], dtype=np.float64)
    records = np.flatnonzero(shown.isin(found.records.index))
    ends = records if begin else np.append(0, records)  # the first close of all is none, but stood until the first
    return Picture(
        symbol=found.symbol,
        title=title,
        as_of=as_of,
        source=source,
        dates=shown.to_numpy().astype("datetime64[D]"),
        closes=closes,
        underwater=np.asarray(found.underwater.iloc[begin:], dtype=np.float64),
        records=records,
        standing=int(closes.argmax()),
        gap=_longest(ends, shown, closes),
    )


def _longest(ends: NDArray[np.intp], shown: pd.DatetimeIndex, closes: NDArray[np.float64]) -> Gap | None:
    if len(ends) < 2:
        return None
    days = (shown[ends[1:]] - shown[ends[:-1]]).days
    at = int(days.argmax())
    start, end = int(ends[at]), int(ends[at + 1])
    return Gap(start, end, int(days[at]), float(closes[start]))
