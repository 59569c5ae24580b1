import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.market import calendar, reconstitution

DATA = Path(__file__).parents[1] / "data" / "market"
DAYS = st.dates(date(1990, 1, 3), date(2029, 12, 31))


def test_the_settlement_rule_gives_back_every_recorded_date() -> None:
    with (DATA / "finra_settlement_dates.csv").open() as source:
        recorded = tuple(date.fromisoformat(row["settlement_date"]) for row in csv.DictReader(source))
    assert len(recorded) == 207
    assert calendar.settlement_dates(recorded[0], recorded[-1]) == recorded


@pytest.mark.parametrize(
    ("settlement", "published"),
    [
        (date(2026, 5, 15), date(2026, 5, 28)),  # Memorial Day between
        (date(2026, 6, 30), date(2026, 7, 13)),  # Independence Day observed between
        (date(2026, 7, 15), date(2026, 7, 27)),
        (date(2025, 12, 15), date(2025, 12, 26)),  # Christmas between
    ],
)
def test_publication_is_eight_business_days_later(settlement: date, published: date) -> None:
    assert calendar.publication_date(settlement) == published


@pytest.mark.parametrize(
    ("day", "close"),
    [
        (date(2025, 11, 28), datetime(2025, 11, 28, 18, 0, tzinfo=UTC)),  # day after Thanksgiving
        (date(2025, 12, 24), datetime(2025, 12, 24, 18, 0, tzinfo=UTC)),
        (date(2026, 7, 2), datetime(2026, 7, 2, 20, 0, tzinfo=UTC)),
        (date(2026, 1, 5), datetime(2026, 1, 5, 21, 0, tzinfo=UTC)),  # standard time
    ],
)
def test_when_sessions_close(day: date, close: datetime) -> None:
    (session,) = calendar.sessions(day, day)
    assert session.close == close
    assert session.early == (close.hour == 18)


@pytest.mark.parametrize("text", ["2025-12-25", "2026-01-01", "2026-04-03", "2026-07-03", "2012-10-29", "2026-07-18"])
def test_days_without_a_session(text: str) -> None:
    day = date.fromisoformat(text)
    assert calendar.session_days(day, day) == ()
    assert calendar.session_on_or_before(day) < day


@settings(deadline=None)  # the first call makes the calendar
@given(DAYS)
def test_the_session_at_or_before_a_day_is_one_and_is_near(day: date) -> None:
    found = calendar.session_on_or_before(day)
    assert found <= day
    assert day - found <= timedelta(days=7)
    assert calendar.session_days(found, day) == (found,)


@settings(deadline=None)
@given(DAYS, st.integers(1, 30))
def test_counting_sessions_forward(day: date, count: int) -> None:
    reached = calendar.sessions_after(day, count)
    assert len(calendar.session_days(day + timedelta(days=1), reached)) == count


def test_no_session_is_known_before_1990() -> None:
    with pytest.raises(ValueError, match="1989"):
        calendar.session_on_or_before(date(1989, 12, 29))


def known(series: str, day: str) -> str:
    return str(calendar.macro_known(series, np.array([day], dtype="datetime64[D]"))[0])


@pytest.mark.parametrize(
    ("series", "day", "expected"),
    [
        ("DGS2", "2026-07-30", "2026-07-31"),
        ("DGS2", "2026-07-31", "2026-08-03"),  # a Friday's yield on Monday
        ("DGS10", "2025-10-10", "2025-10-14"),  # Columbus Day: the exchange opens, the Fed publishes nothing
        ("DFF", "2026-07-25", "2026-07-27"),  # the rate of a Saturday
        ("BAMLH0A0HYM2", "2025-12-24", "2025-12-26"),
        ("ICSA", "2026-07-25", "2026-07-30"),  # week's end on Saturday, known on Thursday
        ("NFCI", "2026-07-24", "2026-07-29"),
        ("UNRATE", "2026-06-01", "2026-07-03"),
        ("UNRATE", "2025-12-01", "2026-01-02"),
        ("FEDFUNDS", "2026-06-01", "2026-07-01"),
        ("FEDFUNDS", "2025-12-01", "2026-01-02"),
    ],
)
def test_when_a_macro_observation_becomes_known(series: str, day: str, expected: str) -> None:
    assert known(series, day) == expected


@settings(deadline=None)
@given(st.sampled_from(["DGS2", "DFF", "ICSA", "NFCI", "UNRATE", "FEDFUNDS"]), DAYS)
def test_nothing_is_known_on_the_day_it_describes(series: str, day: date) -> None:
    assert known(series, day.isoformat()) > day.isoformat()


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2024, (date(2024, 6, 28),)),
        (2025, (date(2025, 6, 27),)),
        (2026, (date(2026, 6, 26), date(2026, 11, 13))),
        (2029, (date(2029, 6, 22), date(2029, 11, 9))),
    ],
)
def test_reconstitutions(year: int, expected: tuple[date, ...]) -> None:
    assert reconstitution.dates(date(year, 1, 1), date(year, 12, 31)) == expected


def test_lists_are_of_different_epochs_only_across_a_reconstitution() -> None:
    assert reconstitution.between(date(2026, 5, 5), date(2026, 7, 17)) == date(2026, 6, 26)
    assert reconstitution.between(date(2026, 7, 17), date(2026, 5, 5)) == date(2026, 6, 26)
    assert reconstitution.between(date(2026, 6, 26), date(2026, 6, 29)) == date(2026, 6, 26)  # new after the close
    assert reconstitution.between(date(2026, 5, 5), date(2026, 6, 26)) is None
    assert reconstitution.between(date(2026, 6, 29), date(2026, 11, 13)) is None
    assert reconstitution.between(date(2025, 5, 13), date(2026, 12, 1)) == date(2026, 11, 13)
