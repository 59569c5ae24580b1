"""The weekly summary by the calendar and by the market: what is ahead, since when, new files, years young and done."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import MissingData
from bot.features.weekly.findings import AHEAD, find
from bot.features.when.report import Entry, upcoming
from bot.market.dataset import Dataset
from tests.features import flat
from tests.features.answers import ask, rows, sample, values
from tests.features.leaks import any_session
from tests.features.second_way import reinvested
from tests.features.tiny import LARGE, LISTS, Firm, market

# The exchange's own list for two years, as published: closed all day, closed early.
HOLIDAYS = {
    date(2025, 1, 1): "New Year's Day", date(2025, 1, 20): "Martin Luther King Day",
    date(2025, 2, 17): "Presidents' Day",
    date(2025, 4, 18): "Good Friday", date(2025, 5, 26): "Memorial Day", date(2025, 6, 19): "Juneteenth",
    date(2025, 7, 4): "Independence Day", date(2025, 9, 1): "Labor Day", date(2025, 11, 27): "Thanksgiving",
    date(2025, 12, 25): "Christmas", date(2026, 1, 1): "New Year's Day", date(2026, 1, 19): "Martin Luther King Day",
    date(2026, 2, 16): "Presidents' Day", date(2026, 4, 3): "Good Friday", date(2026, 5, 25): "Memorial Day",
    date(2026, 6, 19): "Juneteenth", date(2026, 7, 3): "Independence Day",
}  # fmt: skip
EARLY = {date(2025, 7, 3), date(2025, 11, 28), date(2025, 12, 24)}
DECISIONS = {date(2025, 9, 17), date(2025, 10, 29), date(2025, 12, 10), date(2026, 1, 28), date(2026, 3, 18)}
RUSSELL = {date(2025, 6, 27), date(2026, 6, 26)}
FRIDAYS = [date(2024, 12, 27) + timedelta(weeks=n) for n in range(80)]  # to 3 July 2026


def ahead_of(day: date) -> list[Entry]:
    """Return what a summary of a day (or of the last session before it) tells of the days ahead."""
    then = sample().at(day)
    return [entry for entry in upcoming(then) if entry.day <= then.as_of + AHEAD]


def test_every_holiday_and_early_close_is_told_in_the_week_before_and_nothing_else_is() -> None:
    told: dict[str, dict[date, str]] = {"holiday": {}, "early_close": {}, "reconstitution": {}}
    for friday in FRIDAYS:
        for entry in ahead_of(friday):
            if entry.kind in told:
                assert friday - timedelta(days=1) < entry.day <= friday + timedelta(days=8)
                told[entry.kind][entry.day] = entry.words
    assert told["holiday"] == HOLIDAYS
    assert told["early_close"].keys() == EARLY
    assert told["reconstitution"].keys() == RUSSELL


@pytest.mark.parametrize("decision", sorted(DECISIONS))
def test_a_decision_of_the_fed_is_told_on_the_friday_before_and_not_on_the_one_after(decision: date) -> None:
    friday = decision - timedelta(days=decision.weekday() + 3)
    assert [entry.day for entry in ahead_of(friday) if entry.kind == "fomc"] == [decision]
    assert not [entry for entry in ahead_of(friday + timedelta(weeks=1)) if entry.kind == "fomc"]


def test_the_table_of_the_week_ahead_holds_all_of_it() -> None:
    shown = [(row["date"], row["event"]) for row in rows(ask("weekly", "2025-12-05"), "ahead")]
    assert shown == [(entry.day, entry.words) for entry in ahead_of(date(2025, 12, 5))]
    assert (date(2025, 12, 10), "The Fed decides on rates") in shown


def test_the_last_week_of_a_year_tells_of_the_next_one() -> None:
    report = ask("weekly", "2025-12-26")
    assert "Thu 1 Jan: No session (New Year's Day)" in report.notes[-1]
    assert "Wed 31 Dec: Short positions are counted (settlement date)" in report.notes[-1]
    assert date(2026, 1, 1) in [row["date"] for row in rows(report, "ahead")]


def test_what_is_of_today_is_not_ahead() -> None:
    """On the day of the reconstitution it is not told as to come; on the Thursday before it is."""
    today, before = ([e.day for e in ahead_of(date(2026, 6, n)) if e.kind == "reconstitution"] for n in (26, 25))
    assert (today, before) == ([], [date(2026, 6, 26)])


@settings(max_examples=4, deadline=None)
@given(any_session)
def test_the_weeks_returns_by_multiplying_dividends_in(day: date) -> None:
    """Each side from the last close at or before the week's first day, dividends put into shares at the ex-date."""
    try:
        found = find(None, sample().at(day))
    except MissingData:
        return
    for symbol, week, year in (
        ("IWM", found.week.small, found.year.small),
        ("SPY", found.week.large, found.year.large),
    ):
        worth = dict(zip(*reinvested(symbol, day.isoformat()), strict=True))
        assert week == pytest.approx(worth[found.week.end] / worth[found.week.start] - 1)
        assert year == pytest.approx(worth[found.year.end] / worth[found.year.start] - 1)
    assert found.week.end == day
    assert found.year.sessions >= found.week.sessions or found.year.sessions <= 5


@settings(max_examples=3, deadline=None)
@given(day=st.sampled_from([d.date() for d in sample().sessions if d.year >= 2002]), back=st.integers(0, 60))
def test_what_changed_since_the_last_summary_is_what_two_scoreboards_differ_in(day: date, back: int) -> None:
    since = day - timedelta(days=back)
    report = ask("weekly", day.isoformat(), since=since)
    before, now = (
        {row["claim"]: row["verdict"] for row in rows(ask("thesis", one), "scoreboard")}
        for one in (since.isoformat(), day.isoformat())
    )
    silent = "not measured today"
    expected = {
        claim: (before[claim], now[claim])
        for claim in now
        if before[claim] != now[claim] and silent not in (before[claim], now[claim])
    }
    assert {row["claim"]: (row["before"], row["now"]) for row in rows(report, "changes")} == expected
    assert values(report)["claims.changed"] == len(expected)
    (told,) = [note for note in report.notes if "since the last summary here" in note]
    assert told.startswith("Changed" if expected else "No verdict")
    assert all(f"“{claim}” from {one} to {other}" in told for claim, (one, other) in expected.items())


def test_a_summary_after_none_of_a_later_day_counts_from_today(sample: Dataset) -> None:
    """A channel whose last summary is ahead of the day asked for: nothing can have changed since."""
    found = find(date(2026, 7, 31), sample.at(date(2026, 7, 17)))
    assert (found.since, found.changed, found.shorts) == (date(2026, 7, 17), (), None)


@pytest.mark.parametrize(
    ("since", "new"),
    [(date(2026, 7, 10), True), (date(2026, 7, 12), True), (date(2026, 7, 13), False), (date(2026, 7, 14), False)],
)
def test_short_interest_is_new_until_the_summary_of_its_day(tmp_path: Path, since: date, new: bool) -> None:
    """Published on 13 July: a channel that was told on that day has heard it."""
    dataset = market(tmp_path, [Firm(symbol="ACO"), LARGE], lists=(LISTS, LISTS)).at(date(2026, 7, 17))
    report = ask("weekly", dataset, since=since)
    assert ("short_interest.weighted" in values(report)) == new
    if new:
        assert values(report)["short_interest.weighted"] == pytest.approx(0.10)
        assert values(report)["short_interest.change"] == pytest.approx(0.02)
        assert (
            "New short interest of 30 Jun 2026: 10.0% of the Russell 2000's market cap is sold short (+2.00 points)."
            in report.notes
        )


def level_until(count: int, moves: dict[int, float]) -> list[float]:
    closes = [100.0] * count
    for at, factor in moves.items():
        closes[at:] = [close * factor for close in closes[at:]]
    return closes


DAYS = flat.sessions(600)
IN_2024 = next(n for n, day in enumerate(DAYS) if day.year == 2024)


@pytest.mark.parametrize(
    ("into", "week", "said"),
    [
        (0, 1.02, "; one session into 2024 they are 2.0 points ahead."),
        (4, 1.02, "; 5 sessions into 2024 they are 2.0 points ahead."),
        (5, 1.02, "; they are 2.0 points ahead this year."),
        (5, 1.0, "; they are level with large caps this year."),
        (5, 0.98, "; they are 2.0 points behind this year."),
    ],
)
def test_a_young_year_is_told_with_its_age(tmp_path: Path, into: int, week: float, said: str) -> None:
    """The move comes with the year's first session."""
    count = IN_2024 + into + 1
    prices = {**flat.level(count), "IWM": level_until(count, {IN_2024: week})}
    assert ask("weekly", flat.market(tmp_path, prices)).headline.endswith(said)


def test_the_last_session_of_a_year_ends_it(tmp_path: Path) -> None:
    first_2025 = next(n for n, day in enumerate(DAYS) if day.year == 2025)
    prices = {**flat.level(first_2025), "IWM": level_until(first_2025, {IN_2024 + 30: 1.1})}
    assert DAYS[first_2025 - 1] == date(2024, 12, 31)
    dataset = flat.market(tmp_path, prices)
    assert ask("weekly", dataset).headline == (
        "Seven flat days for small caps (large 0.0%); they end the year 10.0 points ahead."
    )
    before = ask("weekly", dataset.at(date(2024, 12, 30))).headline
    assert before.endswith("; they are 10.0 points ahead this year.")


@pytest.mark.parametrize(
    ("week", "year", "said"),
    [
        (1.02, 0.9, "Small caps rose 2.0% on the week (large 0.0%); they are still 8.2 points behind this year."),
        (0.98, 1.1, "Small caps fell 2.0% on the week (large 0.0%); they are still 7.8 points ahead this year."),
        (1.02, 1.1, "Small caps rose 2.0% on the week (large 0.0%); they are 12.2 points ahead this year."),
        (1.004, 0.9, "A flat week for small caps (large 0.0%); they are still 9.6 points behind this year."),
    ],
)
def test_a_week_against_the_year_is_told_as_one(tmp_path: Path, week: float, year: float, said: str) -> None:
    """The year moves in its thirtieth session, the week on its Friday."""
    friday = next(n for n in range(IN_2024 + 60, IN_2024 + 70) if DAYS[n].weekday() == 4)
    prices = {**flat.level(friday + 1), "IWM": level_until(friday + 1, {IN_2024 + 30: year, friday: week})}
    report = ask("weekly", flat.market(tmp_path, prices))
    assert report.headline == said
    assert report.tone == ("small" if week > 1 else "large")
    assert values(report)["week.spread"] == pytest.approx(week - 1)
