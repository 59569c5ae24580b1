"""The calendar ahead. Days were taken from the exchange's, FINRA's and the Fed's published calendars."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import i18n
from bot.charts.theme import DARK, LIGHT, Theme
from bot.features.when.report import (
    Entry,
    _headline,
    _headline_of,
    holiday_name,
    is_regular_early_close,
    upcoming,
)
from bot.market import calendar
from tests.charts.legibility import labels, words
from tests.features.answers import ask, drawn, rows, sample, values

TODAY = ask("when")


def test_what_comes_after_the_last_day_of_the_sample() -> None:
    """Fed: 16 September. Settlement: 14 August (the 15th is a Saturday). Publication of 31 July: eight sessions on."""
    assert values(TODAY) == {
        "next.fomc": date(2026, 9, 16),
        "next.settlement": date(2026, 8, 14),
        "next.publication": date(2026, 8, 12),
        "next.reconstitution": date(2026, 11, 13),
        "next.holiday": date(2026, 9, 7),
        "next.early_close": date(2026, 11, 27),
    }
    assert len(TODAY.figures) == 6
    assert TODAY.headline == (
        "Next: Short interest published on Wednesday, 12 Aug 2026; the Fed decides on 16 Sep 2026."
    )


@pytest.mark.parametrize(
    ("event", "first", "headline"),
    [
        ("fed", "fomc", "Next: Fed decision on Wednesday, 29 Jul 2026; then Fed decision on Wednesday, 16 Sep 2026."),
        ("shorts", "settlement", "Next: Short interest published on Monday, 27 Jul 2026; then Short positions counted "
         "on Friday, 31 Jul 2026."),
        ("reconstitution", "reconstitution", "Next: Russell reconstitution on Friday, 13 Nov 2026; then Russell "
         "reconstitution on Friday, 25 Jun 2027."),
        ("holidays", "holiday", "Next: Exchange closed on Monday, 7 Sep 2026; then Exchange closed on Thursday, "
         "26 Nov 2026."),
        ("early", "early_close", "Next: Early close on Friday, 27 Nov 2026; then Early close on Thursday, "
         "24 Dec 2026."),
    ],
)  # fmt: skip
def test_what_was_asked_for_comes_first_and_nothing_is_left_out(event: str, first: str, headline: str) -> None:
    whole, answer = ask("when", "2026-07-17"), ask("when", "2026-07-17", event=event)
    assert answer.headline == headline
    assert answer.figures[0].id == f"next.{first}"
    assert values(answer) == values(whole)
    assert answer.tables == whole.tables
    assert answer.charts[0].alt == whole.charts[0].alt


def test_an_event_of_which_no_day_is_known_is_said_to_have_none() -> None:
    assert _headline_of((Entry(date(2026, 9, 7), "holiday", "Labor Day"),), ("fomc",)) == (
        "Nothing of that is known for the year ahead."
    )


@pytest.mark.parametrize(
    ("day", "stat", "expected"),
    [
        ("2026-06-25", "next.reconstitution", date(2026, 6, 26)),  # fourth Friday of June
        ("2026-06-26", "next.reconstitution", date(2026, 11, 13)),  # second Friday of November, new in 2026
        ("2025-06-27", "next.reconstitution", date(2026, 6, 26)),  # none in November before 2026
        ("2024-02-29", "next.settlement", date(2024, 3, 15)),  # the leap day is itself a settlement date
        ("2024-02-28", "next.settlement", date(2024, 2, 29)),
        ("2026-04-01", "next.holiday", date(2026, 4, 3)),  # Good Friday
        ("2026-06-30", "next.holiday", date(2026, 7, 3)),  # the Fourth is a Saturday
        ("2026-07-28", "next.fomc", date(2026, 7, 29)),
        ("2026-07-29", "next.fomc", date(2026, 9, 16)),  # the day itself has been
        ("2025-12-22", "next.early_close", date(2025, 12, 24)),
        ("1998-01-02", "next.holiday", date(1998, 1, 19)),  # Martin Luther King Day, the first one kept
        ("2021-06-30", "next.holiday", date(2021, 7, 5)),  # Independence Day, observed on Monday
    ],
)
def test_days_of_the_published_calendars(day: str, stat: str, expected: date) -> None:
    assert values(ask("when", day))[stat] == expected


def test_moments_are_the_exchanges_local_hours() -> None:
    """The Fed decides at 14:00 in New York: 18:00 UTC in summer, 19:00 in winter; early closes are at 13:00."""
    table = {(row["event"], row["date"]): row["moment"] for row in rows(TODAY, "calendar")}
    assert table["fomc", date(2026, 9, 16)] == "2026-09-16T18:00:00+00:00"
    assert table["fomc", date(2026, 12, 9)] == "2026-12-09T19:00:00+00:00"
    assert table["early_close", date(2026, 11, 27)] == "2026-11-27T18:00:00+00:00"
    assert table["reconstitution", date(2027, 6, 25)] == "2027-06-25T20:00:00+00:00"
    assert table["holiday", date(2026, 11, 26)] is None


def test_the_table_is_the_year_ahead_in_order() -> None:
    days = [row["date"] for row in rows(TODAY, "calendar")]
    assert days == sorted(days)
    assert days[0] > date(2026, 7, 31)
    assert days[-1] <= date(2027, 7, 31)
    kinds = [row["event"] for row in rows(TODAY, "calendar")]
    assert (kinds.count("settlement"), kinds.count("publication"), kinds.count("reconstitution")) == (24, 24, 2)


def test_every_regular_holiday_has_a_name() -> None:
    """In twenty-nine years only the closures that nobody could plan for have none."""
    nameless = []
    for year in range(1998, 2027):
        open_days = set(calendar.session_days(date(year, 1, 1), date(year, 12, 31)))
        for n in range(366):
            day = date(year, 1, 1) + timedelta(days=n)
            if day.year == year and day.weekday() < 5 and day not in open_days and holiday_name(day) is None:
                nameless.append(day)
    assert nameless == [
        date(2001, 9, 11), date(2001, 9, 12), date(2001, 9, 13), date(2001, 9, 14),  # attacks
        date(2004, 6, 11), date(2007, 1, 2),  # mourning for Reagan and Ford
        date(2012, 10, 29), date(2012, 10, 30),  # hurricane Sandy
        date(2018, 12, 5), date(2025, 1, 9),  # mourning for Bush and Carter
    ]  # fmt: skip


def test_nobody_knew_of_closures_that_could_not_be_planned() -> None:
    entries = upcoming(sample().at(date(2001, 9, 10)))
    assert not [entry for entry in entries if entry.kind == "holiday" and entry.day < date(2001, 11, 1)]


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2027, 1, 1), "New Year's Day"), (date(2023, 1, 2), "New Year's Day"), (date(2026, 1, 19),
        "Martin Luther King Day"), (date(2026, 2, 16), "Presidents' Day"), (date(2024, 3, 29), "Good Friday"),
        (date(2026, 4, 3), "Good Friday"), (date(2026, 5, 25), "Memorial Day"), (date(2026, 6, 19), "Juneteenth"),
        (date(2026, 7, 3), "Independence Day"), (date(2026, 9, 7), "Labor Day"), (date(2026, 11, 26), "Thanksgiving"),
        (date(2026, 12, 25), "Christmas"), (date(2026, 8, 3), None), (date(2026, 1, 20), None),
    ],
)  # fmt: skip
def test_names_of_holidays(day: date, name: str | None) -> None:
    assert holiday_name(day) == name


def test_regular_early_closes() -> None:
    assert is_regular_early_close(date(2026, 11, 27))
    assert is_regular_early_close(date(2026, 12, 24))
    assert not is_regular_early_close(date(2003, 12, 26))


ONE = Entry(date(2026, 8, 12), "publication", "x")
FED = Entry(date(2026, 9, 16), "fomc", "x", datetime(2026, 9, 16, 18, tzinfo=UTC))


@pytest.mark.parametrize(
    ("entries", "fed", "headline"),
    [
        ((ONE, FED), FED, "Next: Short interest published on Wednesday, 12 Aug 2026; the Fed decides on 16 Sep 2026."),
        ((ONE,), None, "Next: Short interest published on Wednesday, 12 Aug 2026."),
        ((FED,), FED, "Next: Fed decision on Wednesday, 16 Sep 2026."),
        ((ONE, Entry(ONE.day, "holiday", "x"), FED), FED, "Next: Short interest published and Exchange closed on "
         "Wednesday, 12 Aug 2026; the Fed decides on 16 Sep 2026."),
        ((), None, "Nothing is on the calendar for the year ahead."),
    ],
)  # fmt: skip
def test_headlines(entries: tuple[Entry, ...], fed: Entry | None, headline: str) -> None:
    assert _headline(entries, fed) == headline


@settings(max_examples=12, deadline=None)
@given(st.dates(date(1998, 1, 2), date(2026, 7, 31)))
def test_everything_lies_ahead(day: date) -> None:
    report = ask("when", day.isoformat())
    assert all(row["date"] > report.as_of for row in rows(report, "calendar"))
    assert all(stat.value is None or stat.value > report.as_of for stat in report.stats)  # type: ignore[operator]


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("day", ["2026-07-31", "2025-12-31", "1998-01-02", "2024-02-29"])
def test_the_picture_is_legible(day: str, theme: Theme) -> None:
    drawn(ask("when", day), theme)


def test_the_picture_names_the_next_of_each_kind() -> None:
    figure = drawn(TODAY)["timeline"]
    assert {"Fed decision", "16 Sep", "12 Aug", "13 Nov", "7 Sep", "27 Nov"} <= set(words(figure))
    assert len(labels(figure)["Fed decision"].get_xdata()) == 3  # type: ignore[attr-defined]  # meetings stored for 2026


@pytest.mark.parametrize(
    ("day", "expected"),
    [("1998-03-02", None), ("2000-02-01", None), ("2000-02-02", date(2000, 3, 21)), ("2000-02-03", date(2000, 3, 21))],
)
def test_before_the_record_of_meetings_nobody_says_which_one_is_next(day: str, expected: date | None) -> None:
    """The first meeting recorded is that of 2 February 2000; the Fed met in 1998 too."""
    for feature, stat in (("when", "next.fomc"), ("rates", "fomc.next")):
        report = ask(feature, day)
        assert report.stat(stat).value == expected
        assert any("Which Fed meeting comes after" in note for note in report.notes) == (expected is None)


def test_every_sentence_can_be_translated() -> None:
    with i18n.use("en_XA"):
        report = ask("when")
        texts = (report.title, report.headline, *report.notes, *(c.alt for c in report.charts))
        assert all(text.startswith("⟦") for text in texts)
        assert all(str(row["detail"]).startswith("⟦") for row in rows(report, "calendar"))
