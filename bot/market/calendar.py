"""The calendar of the market: sessions, early closes, settlements, publications, when statistics appear.

Sessions come from exchange_calendars (XNYS). The rest follows rules that are computed ahead; the settlement rule
gives back all 207 recorded settlement dates since 2017.
"""

import bisect
import calendar as months
import functools
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import exchange_calendars
import numpy as np
import numpy.typing as npt
import pandas as pd

Days = npt.NDArray[np.datetime64]
FIRST = date(1990, 1, 2)
DAYS_AHEAD = 400
PUBLICATION_SESSIONS = 8
NEW_YORK = ZoneInfo("America/New_York")
_USUAL_CLOSE = (16, 0)


@dataclass(frozen=True, slots=True)
class Session:
    """A trading day and the moment it closes (aware, UTC). ``early``: before the usual 16:00 in New York."""

    day: date
    close: datetime

    @property
    def early(self) -> bool:
        """Whether it closes before the usual time."""
        local = self.close.astimezone(NEW_YORK)
        return (local.hour, local.minute) < _USUAL_CLOSE


def _schedule(year: int) -> tuple[tuple[Session, ...], tuple[date, ...]]:
    """Return all sessions from ``FIRST`` through ``year`` at least: one schedule serves all years but far ones."""
    return _through(max(_USUAL_END, -(-year // 10) * 10))


_USUAL_END = 2030  # a schedule takes half a second to make, however long it is


@functools.lru_cache(maxsize=4)
def _through(end_year: int) -> tuple[tuple[Session, ...], tuple[date, ...]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # exchange_calendars 4.13 on pandas 3.1
        xnys = exchange_calendars.get_calendar("XNYS", start=FIRST.isoformat(), end=f"{end_year}-12-31")
    closes = [stamp.to_pydatetime().astimezone(UTC) for stamp in xnys.closes]
    days = [stamp.date() for stamp in xnys.sessions]
    return tuple(Session(d, c) for d, c in zip(days, closes, strict=True)), tuple(days)


def sessions(start: date, end: date) -> tuple[Session, ...]:
    """Return the sessions from ``start`` to ``end``, both included; none before 1990."""
    found, days = _schedule(end.year)
    return found[_at_or_after(days, start) : _at_or_after(days, end + timedelta(days=1))]


def session_days(start: date, end: date) -> tuple[date, ...]:
    """Return the days of the sessions from ``start`` to ``end``, both included."""
    _, days = _schedule(end.year)
    return days[_at_or_after(days, start) : _at_or_after(days, end + timedelta(days=1))]


def _at_or_after(days: Sequence[date], day: date) -> int:
    return bisect.bisect_left(days, day)


def session_on_or_before(day: date) -> date:
    """Return the last session at or before a day."""
    _, days = _schedule(day.year)
    at = _at_or_after(days, day + timedelta(days=1))
    if at == 0:
        raise ValueError(f"no session known at or before {day}")
    return days[at - 1]


def sessions_after(day: date, count: int) -> date:
    """Return the ``count``-th session after a day."""
    _, days = _schedule(day.year + 1 + count // 250)
    return days[_at_or_after(days, day + timedelta(days=1)) + count - 1]


def settlement_dates(start: date, end: date) -> tuple[date, ...]:
    """Return the short-interest settlement dates in a span, both ends included.

    The 15th and the last day of each month, or the session before where that is none (FINRA Rule 4560).
    """
    found = (session_on_or_before(date(y, m, d)) for y, m in _months(start, end) for d in (15, _length(y, m)))
    return tuple(day for day in found if start <= day <= end)


def publication_date(settlement: date) -> date:
    """Return the day the positions of a settlement date are published: eight business days later."""
    return sessions_after(settlement, PUBLICATION_SESSIONS)


def _months(start: date, end: date) -> Iterator[tuple[int, int]]:
    for index in range(start.year * 12 + start.month - 1, end.year * 12 + end.month):
        yield index // 12, index % 12 + 1


def _length(year: int, month: int) -> int:
    return months.monthrange(year, month)[1]


@functools.lru_cache(maxsize=1)
def _federal_holidays() -> Days:
    from pandas.tseries.holiday import USFederalHolidayCalendar

    days = USFederalHolidayCalendar().holidays(pd.Timestamp(FIRST), pd.Timestamp("2100-12-31"))
    return days.to_numpy().astype("datetime64[D]")


def next_business_day(days: Days) -> Days:
    """Return for each day the next one on which federal statistics appear: no weekend, no federal holiday."""
    return np.busday_offset(days.astype("datetime64[D]") + 1, 0, roll="forward", holidays=_federal_holidays())


def macro_known(series: str, days: Days) -> Days:
    """Return the day each observation of a macro series became known, by the table "What is known when".

    Weekly ICSA and NFCI five days after the week's end, UNRATE the first Friday of the next month, the monthly mean
    FEDFUNDS the first business day after its month, everything daily the next business day.
    """
    days = days.astype("datetime64[D]")
    if series in {"ICSA", "NFCI"}:
        return days + 5
    following = (days.astype("datetime64[M]") + 1).astype("datetime64[D]")
    if series == "UNRATE":
        return np.busday_offset(following, 0, roll="forward", weekmask="Fri")
    if series == "FEDFUNDS":
        return next_business_day(following - 1)
    return next_business_day(days)
