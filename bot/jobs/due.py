"""When something falls due: local dates and times into moments, the exchange's days, holidays, quiet hours.

A local date and time is put into its zone with fold 0 and turned to UTC: within a gap of the clocks that is a moment
after the gap (00:30, where midnight is skipped, becomes 01:30), within an overlap the first of the two. What falls
due is named by its local date, so that it happens once whatever the clocks do.
"""

import bisect
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.community.records import Cadence

HORIZON_DAYS = 1500  # how far ahead a cadence is followed
_LOOK_BACK = timedelta(days=14)  # a day moved by a long run of holidays stays within this
_DAY = timedelta(days=1)


class Calendar(Protocol):
    """The exchange's days, as ``bot.market.catalogue.Catalogue`` knows them."""

    @property
    def sessions(self) -> Sequence[date]:
        """Sessions in order, some hundred days ahead included."""
        ...

    @property
    def fomc(self) -> Sequence[date]:
        """Days of the Fed's decisions, also ahead."""
        ...

    @property
    def settlements(self) -> Mapping[date, date]:
        """Each settlement date of short interest with its publication, also ahead."""
        ...

    def is_session(self, day: date, /) -> bool:
        """Whether the exchange opens on a day."""
        ...

    def session_on_or_before(self, day: date, /) -> date:
        """Return the last session at or before a day."""
        ...

    def next_session(self, day: date, /) -> date | None:
        """Return the first session after a day, None beyond the calendar."""
        ...

    def close(self, session: date, /) -> datetime:
        """Return the moment a session closes (aware, UTC)."""
        ...


@dataclass(frozen=True, slots=True)
class Due:
    """One occurrence: ``period`` names it (an ISO date), ``at`` is its moment in UTC."""

    period: str
    at: datetime


def moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the moment (UTC) at which a local clock first shows this date and time, or skips it."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def next_due(cadence: Cadence, zone: ZoneInfo, calendar: Calendar, after: datetime) -> Due | None:
    """Return the first occurrence after an aware moment; None where the calendar ends before it."""
    start = after.astimezone(zone).date() - _LOOK_BACK
    return next((due for due in occurrences(cadence, zone, calendar, start) if due.at > after), None)


def next_dues(cadence: Cadence, zone: ZoneInfo, calendar: Calendar, after: datetime, count: int) -> list[Due]:
    """Return the next few occurrences after an aware moment."""
    start = after.astimezone(zone).date() - _LOOK_BACK
    found: list[Due] = []
    for due in occurrences(cadence, zone, calendar, start):
        if due.at > after:
            found.append(due)
        if len(found) == count:
            break
    return found


def occurrences(cadence: Cadence, zone: ZoneInfo, calendar: Calendar, start: date) -> Iterator[Due]:
    """Return what falls due on days from ``start`` on, in order."""
    if cadence.kind in {"weekly", "monthly"}:
        return _local(cadence, zone, calendar, start)
    return _exchange(cadence, zone, calendar, start)


def _local(cadence: Cadence, zone: ZoneInfo, calendar: Calendar, start: date) -> Iterator[Due]:
    at = cadence.at
    if at is None:
        return
    taken: date | None = None  # where a run of holidays moved its first day to
    for day in _days(cadence, start):
        if not _is_holiday(day, calendar):
            yield Due(day.isoformat(), moment(day, at, zone))
            continue
        moved = _moved(cadence, day, calendar)
        if moved is not None and moved != taken:
            taken = moved
            yield Due(day.isoformat(), moment(moved, at, zone))


def _days(cadence: Cadence, start: date) -> Iterator[date]:
    """Return the days a weekly or monthly cadence names."""
    if cadence.kind == "weekly":
        ordinal = start.toordinal()
        offsets = sorted((weekday - start.weekday()) % 7 for weekday in set(cadence.weekdays))
        for week in range(ordinal, ordinal + HORIZON_DAYS, 7):
            for offset in offsets:
                yield date.fromordinal(week + offset)
        return
    for n in range(HORIZON_DAYS // 30):
        year, month = divmod(start.year * 12 + start.month - 1 + n, 12)
        day = nth_weekday(year, month + 1, cadence.weekdays[0], cadence.nth or 1)
        if day >= start:
            yield day


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """Return the ``nth`` given weekday of a month (1 to 4), or its last one (-1)."""
    if nth > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    last = date(year + month // 12, month % 12 + 1, 1) - _DAY
    return last - timedelta(days=(last.weekday() - weekday) % 7)


def _is_holiday(day: date, calendar: Calendar) -> bool:
    """Whether the exchange is closed on what would be a weekday; beyond the calendar nothing is known to be."""
    sessions = calendar.sessions
    known = bool(sessions) and sessions[0] <= day <= sessions[-1]
    return known and day.weekday() < 5 and not calendar.is_session(day)


def _moved(cadence: Cadence, holiday: date, calendar: Calendar) -> date | None:
    """Return the session a holiday's post moves to; None for skipping, also where that day has its own post."""
    if cadence.holidays == "skip":
        return None
    if cadence.holidays == "before":
        session: date | None = calendar.session_on_or_before(holiday)
    else:
        session = calendar.next_session(holiday)
    if session is None or next(_days(cadence, session), None) == session:
        return None
    return session


def _exchange(cadence: Cadence, zone: ZoneInfo, calendar: Calendar, start: date) -> Iterator[Due]:
    days = _exchange_days(cadence, calendar)
    for day in itertools.islice(days, bisect.bisect_left(days, start), None):
        yield Due(day.isoformat(), _after_close(cadence, zone, calendar.close(day)))


def _exchange_days(cadence: Cadence, calendar: Calendar) -> Sequence[date]:
    if cadence.kind == "session":
        return calendar.sessions
    if cadence.kind == "fomc":
        return calendar.fomc
    return sorted(set(calendar.settlements.values()))


def _after_close(cadence: Cadence, zone: ZoneInfo, close: datetime) -> datetime:
    if cadence.at is None:
        return close + timedelta(minutes=cadence.delay_minutes)
    day = close.astimezone(zone).date()
    on_the_day = moment(day, cadence.at, zone)
    return on_the_day if on_the_day >= close else moment(day + _DAY, cadence.at, zone)


def after_quiet(at: datetime, zone: ZoneInfo, quiet_from: time | None, quiet_to: time | None) -> datetime:
    """Return ``at``, or the end of the quiet hours it falls into. They may span midnight; equal ends mean none.

    Where the clock shows their end twice in a night, they end at the first time.
    """
    if quiet_from is None or quiet_to is None or quiet_from == quiet_to:
        return at
    local = at.astimezone(zone)
    clock, day = local.time(), local.date()
    over_midnight = quiet_to < quiet_from
    if over_midnight and clock >= quiet_from:
        day += _DAY
    elif not clock < quiet_to or (not over_midnight and clock < quiet_from):
        return at
    return max(at, moment(day, quiet_to, zone))


def last_closed(calendar: Calendar, at: datetime) -> date:
    """Return the last session that had closed by an aware moment, whether or not its data has come in."""
    session = calendar.session_on_or_before(at.astimezone(UTC).date())
    return session if calendar.close(session) <= at else calendar.session_on_or_before(session - _DAY)
