"""Once per period wherever the clocks change: every distinct history of offsets, weekday, half hour and transition.

What is expected comes from the offsets alone, worked out backwards: the moments whose local reading is the one asked
for. One such moment: that one. Two (an overlap): the first. None (a gap): as far after the gap's end as the asked
time is after its beginning.
"""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import pytest

from bot.community.records import Cadence
from bot.jobs.due import next_due, next_dues, occurrences

START, END = date(2026, 1, 1), date(2029, 1, 1)
HALF_HOURS = tuple(time(hour, minute) for hour in range(24) for minute in (0, 30))
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
STEP = timedelta(days=1)  # no zone changes twice within a day


@dataclass(frozen=True)
class NoCalendar:
    """A world without exchange: nothing is moved."""

    sessions: Sequence[date] = ()
    fomc: Sequence[date] = ()
    settlements: Mapping[date, date] = field(default_factory=dict)

    def is_session(self, day: date) -> bool:
        return False

    def session_on_or_before(self, day: date) -> date:
        return day

    def next_session(self, day: date) -> date | None:
        return None

    def close(self, session: date) -> datetime:
        raise AssertionError("there is no exchange to ask")


@dataclass(frozen=True)
class History:
    """When a zone's offset changes (minutes since 1970, UTC) and the offsets between (minutes)."""

    changes: tuple[int, ...]
    offsets: tuple[int, ...]


def _minutes(at: datetime) -> int:
    return (at - EPOCH) // timedelta(minutes=1)


def _offset(zone: ZoneInfo, at: datetime) -> int:
    found = zone.utcoffset(at.astimezone(zone))
    assert found is not None
    return found // timedelta(minutes=1)


def _change_between(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """Return the first minute with the later offset."""
    before = _offset(zone, low)
    while high - low > timedelta(minutes=1):
        middle = low + timedelta(minutes=(high - low) // timedelta(minutes=2))
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    return high


def _history(zone: ZoneInfo) -> History:
    at = datetime(START.year, 1, 1, tzinfo=UTC) - timedelta(days=20)
    changes, offsets = [], [_offset(zone, at)]
    while at.date() < END + timedelta(days=20):
        if _offset(zone, at + STEP) != offsets[-1]:
            changes.append(_minutes(_change_between(zone, at, at + STEP)))
            offsets.append(_offset(zone, at + STEP))
        at += STEP
    return History(tuple(changes), tuple(offsets))


@functools.cache
def _histories() -> dict[History, str]:
    """Return each distinct history of offsets with one zone that has it."""
    return {_history(ZoneInfo(name)): name for name in sorted(available_timezones(), reverse=True)}


def _expected(history: History, local: np.ndarray) -> np.ndarray:
    """Return the moments (minutes) for local readings (minutes), straight from the offsets."""
    starts = np.array([-(2**62), *history.changes])
    ends = np.array([*history.changes, 2**62])
    offsets = np.array(history.offsets)
    moments = local[:, None] - offsets
    valid = (moments >= starts) & (moments < ends)
    first = np.where(valid, moments, 2**62).min(axis=1)
    before_gap = np.searchsorted(np.array(history.changes) + offsets[:-1], local, side="right") - 1
    in_gap = local - offsets[np.clip(before_gap, 0, None)]
    return np.where(valid.any(axis=1), first, in_gap)


def _times(history: History) -> tuple[time, ...]:
    """Return every half hour, and a minute either side of each change as clocks show it before and after."""
    near = {
        (EPOCH + timedelta(minutes=change + offset + step)).time()
        for i, change in enumerate(history.changes)
        for offset in history.offsets[i : i + 2]
        for step in (-1, 0, 1)
    }
    return tuple(sorted({*HALF_HOURS, *near}))


def test_there_are_about_65_histories() -> None:
    assert 50 <= len(_histories()) <= 90


@pytest.mark.parametrize("weekday", range(7))
def test_exactly_one_due_per_period(weekday: int) -> None:
    first = START + timedelta(days=(weekday - START.weekday()) % 7)
    days = [first + timedelta(days=7 * n) for n in range((END - first).days // 7)]
    periods = [day.isoformat() for day in days]
    midnights = np.array([(day - EPOCH.date()).days * 1440 for day in days])
    for history, name in _histories().items():
        zone = ZoneInfo(name)
        for at in _times(history):
            cadence = Cadence(kind="weekly", weekdays=(weekday,), at=at)
            dues = [due for due, _day in zip(occurrences(cadence, zone, NoCalendar(), START), days, strict=False)]
            assert [due.period for due in dues] == periods
            found = np.array([due.at.timestamp() for due in dues]) / 60
            expected = _expected(history, midnights + at.hour * 60 + at.minute)
            assert (found == expected).all(), (name, at)
            assert (np.diff(found) > 0).all(), (name, at)


def test_asking_again_after_each_due_time_walks_through_every_period_once() -> None:
    """The sweep asks for the next one after the last: around each transition, every day of the week."""
    for history, name in _histories().items():
        zone = ZoneInfo(name)
        for change in history.changes[:4]:
            around = EPOCH + timedelta(minutes=change)
            start = around - timedelta(days=3)
            for at in sorted({around.astimezone(zone).time(), time(0), time(0, 30), time(2, 30), time(23, 59)}):
                cadence = Cadence(kind="weekly", weekdays=tuple(range(7)), at=at)
                walked, after = [], start
                for _n in range(6):
                    due = next_due(cadence, zone, NoCalendar(), after)
                    assert due is not None
                    assert due.at > after
                    walked.append(due.period)
                    after = due.at
                days = [date.fromisoformat(walked[0]) + timedelta(days=n) for n in range(6)]
                assert walked == [day.isoformat() for day in days], (name, at)
                assert [due.period for due in next_dues(cadence, zone, NoCalendar(), start, 6)] == walked
                assert next_due(cadence, zone, NoCalendar(), after - timedelta(seconds=1)) == due
