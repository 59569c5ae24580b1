"""Holidays, n-th weekdays and the exchange's days, against dates from the exchange's own published calendar."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.community.records import Cadence
from bot.jobs.due import after_quiet, last_closed, next_due, next_dues, nth_weekday
from bot.market.catalogue import Catalogue

NEW_YORK, BERLIN, TOKYO, CAIRO = map(ZoneInfo, ("America/New_York", "Europe/Berlin", "Asia/Tokyo", "Africa/Cairo"))
NINE = time(9)
EVERY_WORKDAY = (0, 1, 2, 3, 4)


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _next(catalogue: Catalogue, zone: ZoneInfo, after: str, count: int = 3, **cadence: Any) -> list[tuple[str, str]]:
    dues = next_dues(Cadence(**cadence), zone, catalogue, _utc(after), count)
    return [(due.period, due.at.strftime("%m-%d %H:%M")) for due in dues]


# New York closes: Friday 3 July 2026 (Independence Day), Thursday 26 and (at 13:00) Friday 27 November 2026,
# Friday 25 December 2026; it closes early on Thursday 24 December.


@pytest.mark.parametrize(
    ("holidays", "friday"),
    [("skip", []), ("before", [("2026-07-03", "07-02 13:00")]), ("after", [("2026-07-03", "07-06 13:00")])],
)
def test_a_holiday_is_skipped_or_moved_to_the_session_before_or_after(
    catalogue: Catalogue, holidays: str, friday: list[tuple[str, str]]
) -> None:
    found = _next(catalogue, NEW_YORK, "2026-06-27 00:00", 2, kind="weekly", weekdays=(4,), at=NINE, holidays=holidays)
    assert found == [*friday, ("2026-07-10", "07-10 13:00"), ("2026-07-17", "07-17 13:00")][:2]


@pytest.mark.parametrize("holidays", ["before", "after"])
def test_a_moved_post_does_not_land_beside_that_days_own(catalogue: Catalogue, holidays: str) -> None:
    found = _next(
        catalogue, NEW_YORK, "2026-07-02 00:00", 3, kind="weekly", weekdays=EVERY_WORKDAY, at=NINE, holidays=holidays
    )
    assert [period for period, _at in found] == ["2026-07-02", "2026-07-06", "2026-07-07"]


def test_a_weekend_is_no_holiday(catalogue: Catalogue) -> None:
    found = _next(catalogue, NEW_YORK, "2026-07-04 00:00", 1, kind="weekly", weekdays=(5,), at=NINE, holidays="skip")
    assert found == [("2026-07-04", "07-04 13:00")]


def test_two_holidays_moved_to_one_session_are_posted_once(catalogue: Catalogue) -> None:
    # Good Friday is Friday 26 March 2027; the Thursday before is a session: Thursday and Friday do not collide
    found = _next(
        catalogue, NEW_YORK, "2027-03-22 12:00", 3, kind="weekly", weekdays=(3, 4), at=NINE, holidays="before"
    )
    assert found == [("2027-03-25", "03-25 13:00"), ("2027-04-01", "04-01 13:00"), ("2027-04-02", "04-02 13:00")]


@pytest.mark.parametrize(
    ("nth", "weekday", "july", "august"),
    [(1, 0, 6, 3), (4, 4, 24, 28), (-1, 4, 31, 28), (-1, 0, 27, 31), (2, 6, 12, 9)],
)
def test_the_nth_weekday_of_a_month(nth: int, weekday: int, july: int, august: int) -> None:
    # July and August 2026, from a calendar on the wall
    assert nth_weekday(2026, 7, weekday, nth) == date(2026, 7, july)
    assert nth_weekday(2026, 8, weekday, nth) == date(2026, 8, august)


def test_monthly_across_a_year_and_over_a_holiday(catalogue: Catalogue) -> None:
    last_friday = {"kind": "monthly", "weekdays": (4,), "nth": -1, "at": NINE}
    found = _next(catalogue, BERLIN, "2026-11-01 00:00", 3, **last_friday, holidays="before")
    assert found == [("2026-11-27", "11-27 08:00"), ("2026-12-25", "12-24 08:00"), ("2027-01-29", "01-29 08:00")]


def test_after_each_close_early_ones_included(catalogue: Catalogue) -> None:
    found = _next(catalogue, TOKYO, "2026-11-25 00:00", 3, kind="session", delay_minutes=45)
    assert found == [("2026-11-25", "11-25 21:45"), ("2026-11-27", "11-27 18:45"), ("2026-11-30", "11-30 21:45")]


def test_after_the_close_at_a_local_time(catalogue: Catalogue) -> None:
    evening = _next(catalogue, NEW_YORK, "2026-07-16 12:00", 1, kind="session", at=time(18))
    morning = _next(catalogue, TOKYO, "2026-07-16 12:00", 1, kind="session", at=time(7, 30))
    too_early = _next(catalogue, NEW_YORK, "2026-07-16 14:00", 1, kind="session", at=NINE)
    assert evening == [("2026-07-16", "07-16 22:00")]
    assert morning == [("2026-07-16", "07-16 22:30")]  # the 17th there
    assert too_early == [("2026-07-16", "07-17 13:00")]


def test_on_publication_and_decision_days(catalogue: Catalogue) -> None:
    fomc = _next(catalogue, NEW_YORK, "2026-07-01 00:00", 2, kind="fomc", delay_minutes=0)
    assert fomc == [("2026-07-29", "07-29 20:00"), ("2026-09-16", "09-16 20:00")]
    published = catalogue.settlements[date(2026, 6, 30)]
    finra = next_due(Cadence(kind="finra"), BERLIN, catalogue, _utc(f"{published} 00:00"))
    assert finra is not None
    assert finra.period == published.isoformat()
    assert finra.at == catalogue.close(published) + timedelta(minutes=30)


def test_nothing_is_due_beyond_the_exchanges_calendar(catalogue: Catalogue) -> None:
    end = datetime.combine(catalogue.sessions[-1], time(23), UTC)
    assert next_due(Cadence(kind="session"), NEW_YORK, catalogue, end) is None
    assert next_due(Cadence(kind="fomc"), NEW_YORK, catalogue, end) is None
    assert next_due(Cadence(kind="weekly", weekdays=(0,), at=NINE), NEW_YORK, catalogue, end) is not None


def test_a_gap_gives_a_moment_after_it_and_an_overlap_its_first(catalogue: Catalogue) -> None:
    # New York, 8 March 2026: 02:00 becomes 03:00; 1 November: 02:00 becomes 01:00. Cairo, 24 April: 00:00 becomes 01:00
    spring = _next(catalogue, NEW_YORK, "2026-03-08 00:00", 1, kind="weekly", weekdays=(6,), at=time(2, 30))
    autumn = _next(catalogue, NEW_YORK, "2026-11-01 00:00", 1, kind="weekly", weekdays=(6,), at=time(1, 30))
    cairo = _next(catalogue, CAIRO, "2026-04-23 12:00", 1, kind="weekly", weekdays=(4,), at=time(0, 30))
    assert spring == [("2026-03-08", "03-08 07:30")]
    assert autumn == [("2026-11-01", "11-01 05:30")]
    assert cairo == [("2026-04-24", "04-23 22:30")]


@pytest.mark.parametrize(
    ("at", "quiet", "expected"),
    [
        ("2026-07-17 20:00", (time(22), time(7)), "2026-07-18 05:00"),  # 22:00 in Berlin
        ("2026-07-17 19:59", (time(22), time(7)), "2026-07-17 19:59"),
        ("2026-07-18 04:59", (time(22), time(7)), "2026-07-18 05:00"),
        ("2026-07-18 05:00", (time(22), time(7)), "2026-07-18 05:00"),
        ("2026-07-17 11:00", (time(12), time(14)), "2026-07-17 12:00"),
        ("2026-07-17 12:00", (time(12), time(14)), "2026-07-17 12:00"),
        ("2026-07-17 12:00", (time(14), time(14)), "2026-07-17 12:00"),
        ("2026-07-17 12:00", (None, None), "2026-07-17 12:00"),
        ("2026-10-24 23:00", (time(22), time(7)), "2026-10-25 06:00"),  # the clocks go back that night
    ],
)
def test_quiet_hours_end(at: str, quiet: tuple[time | None, time | None], expected: str) -> None:
    assert after_quiet(_utc(at), BERLIN, *quiet) == _utc(expected)


def test_the_last_close(catalogue: Catalogue) -> None:
    assert last_closed(catalogue, _utc("2026-07-17 19:59")) == date(2026, 7, 16)
    assert last_closed(catalogue, _utc("2026-07-17 20:00")) == date(2026, 7, 17)
    assert last_closed(catalogue, _utc("2026-07-19 12:00")) == date(2026, 7, 17)
    assert last_closed(catalogue, _utc("2026-11-27 18:00")) == date(2026, 11, 27)


ODD_ZONES = (
    "Africa/Cairo",
    "America/Santiago",
    "America/Havana",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
)


@given(
    moment=st.integers(0, 4 * 366 * 24 * 60).map(lambda n: _utc("2024-01-01 00:00") + timedelta(minutes=n)),
    zone=st.sampled_from(ODD_ZONES).map(ZoneInfo),
    quiet_from=st.times(),
    quiet_to=st.times(),
)
@example(_utc("2026-04-23 21:30"), CAIRO, time(23), time(0, 30))  # its end is skipped that night
@example(_utc("2026-10-29 21:10"), CAIRO, time(22), time(23, 30))  # the clock shows its end twice
def test_quiet_hours_only_ever_put_off_and_end_where_it_is_not_quiet(
    moment: datetime, zone: ZoneInfo, quiet_from: time, quiet_to: time
) -> None:
    """In zones that skip midnight, or change by half an hour, as well: never earlier, never twice, a day at most."""
    end = after_quiet(moment, zone, quiet_from, quiet_to)
    assert moment <= end <= moment + timedelta(hours=25, minutes=30)
    assert after_quiet(end, zone, quiet_from, quiet_to) == end
    clock = moment.astimezone(zone).time()
    over_midnight = quiet_from > quiet_to
    inside = quiet_from <= clock or clock < quiet_to if over_midnight else quiet_from <= clock < quiet_to
    assert end == moment or inside
