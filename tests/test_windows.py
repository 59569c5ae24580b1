from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import i18n
from bot.errors import AmbiguousDate, BadInput, DateInFuture, UserError
from bot.windows import OFFERED, Window, parse_date, parse_window

TODAY = date(2026, 7, 31)  # a Friday


@pytest.mark.parametrize(
    ("typed", "window", "starts"),
    [
        ("6m", "6m", date(2026, 1, 31)),
        ("6mo", "6m", date(2026, 1, 31)),
        ("6 months", "6m", date(2026, 1, 31)),
        ("last 6 months", "6m", date(2026, 1, 31)),
        ("1yr", "1y", date(2025, 7, 31)),
        ("1y", "1y", date(2025, 7, 31)),
        ("a year", "1y", date(2025, 7, 31)),
        ("2w", "2w", date(2026, 7, 17)),
        ("10 days", "10d", date(2026, 7, 21)),
        ("5M", "5m", date(2026, 2, 28)),
        ("YTD", "ytd", date(2025, 12, 31)),
        ("this year", "ytd", date(2025, 12, 31)),
        ("max", "max", None),
        ("all time", "max", None),
        ("since april", "2026-04-01", date(2026, 4, 1)),
        ("since august", "2025-08-01", date(2025, 8, 1)),
        ("since 2022-01-03", "2022-01-03", date(2022, 1, 3)),
        ("dec 4", "2025-12-04", date(2025, 12, 4)),
        ("4 dec", "2025-12-04", date(2025, 12, 4)),
        ("December 4th, 2024", "2024-12-04", date(2024, 12, 4)),
        ("4.12.2025", "2025-12-04", date(2025, 12, 4)),
        ("4.12.", "2025-12-04", date(2025, 12, 4)),
        ("13/4/25", "2025-04-13", date(2025, 4, 13)),
        ("12/25/25", "2025-12-25", date(2025, 12, 25)),
        ("yesterday", "2026-07-30", date(2026, 7, 30)),
        ("since the article", "2025-12-04", date(2025, 12, 4)),
        ("monday", "2026-07-27", date(2026, 7, 27)),
        ("friday", "2026-07-24", date(2026, 7, 24)),
        ("2022", "2022-01-01", date(2022, 1, 1)),
        ("desde abril", "2026-04-01", date(2026, 4, 1)),
        ("desde el 4 de diciembre de 2025", "2025-12-04", date(2025, 12, 4)),
        ("desde el artículo", "2025-12-04", date(2025, 12, 4)),
        ("6 meses", "6m", date(2026, 1, 31)),
        ("últimos 6 meses", "6m", date(2026, 1, 31)),
        ("un año", "1y", date(2025, 7, 31)),
        ("2 semanas", "2w", date(2026, 7, 17)),
        ("10 días", "10d", date(2026, 7, 21)),
        ("este año", "ytd", date(2025, 12, 31)),
        ("en lo que va de año", "ytd", date(2025, 12, 31)),
        ("máximo", "max", None),
        ("último trimestre", "3m", date(2026, 4, 30)),
        ("década", "10y", date(2016, 7, 31)),
        ("anteayer", "2026-07-29", date(2026, 7, 29)),
        ("el viernes pasado", "2026-07-24", date(2026, 7, 24)),
        ("1 de setiembre", "2025-09-01", date(2025, 9, 1)),
        ("29 feb", "2024-02-29", date(2024, 2, 29)),
        ("since feb 29", "2024-02-29", date(2024, 2, 29)),
        ("6-month", "6m", date(2026, 1, 31)),
        ("six months", "6m", date(2026, 1, 31)),
        ("trailing twelve months", "12m", date(2025, 7, 31)),
        ("the last 5 years", "5y", date(2021, 7, 31)),
        ("seis meses", "6m", date(2026, 1, 31)),
        ("a fortnight", "2w", date(2026, 7, 17)),
        ("half-year", "6m", date(2026, 1, 31)),
        ("since inception", "max", None),
        ("all-time", "max", None),
        ("since the beginning of the year", "ytd", date(2025, 12, 31)),
        ("since the start of 2020", "2020-01-01", date(2020, 1, 1)),
        ("MTD", "2026-06-30", date(2026, 6, 30)),
        ("quarter to date", "2026-06-30", date(2026, 6, 30)),
        ("this week", "2026-07-26", date(2026, 7, 26)),
        ("since 6 months ago", "2026-01-31", date(2026, 1, 31)),
        ("hace 2 semanas", "2026-07-17", date(2026, 7, 17)),
        ("q1 2025", "2025-01-01", date(2025, 1, 1)),
    ],
)
def test_what_people_type(typed: str, window: str, starts: date | None) -> None:
    parsed = parse_window(typed, TODAY)
    assert parsed.text == window
    assert parsed.start(TODAY) == starts


ARTICLE_DAY = (
    "2025-12-04", "2025/12/4", "2025.12.04", "20251204", "4 dec", "dec 4", "Dec. 4", "4-Dec-2025", "04dec2025",
    "4dec25", "4 dec '25", "4 Dec 25", "Dec 4th, 2025", "4th of December 2025", "the 4th of december", "DEC 4 2025",
    "Thu Dec 4", "thursday, 4 december 2025", "Thu. 4.12.2025", "thu 12/4/25", "4.12.25", "4. 12. 2025",
    "el 4 de diciembre de 2025", "jueves 4 de diciembre", "4 dic", "the article", "el artículo",
)  # fmt: skip


@pytest.mark.parametrize("typed", ARTICLE_DAY)
@pytest.mark.parametrize("opening", ["", "since ", "From ", "desde "])
def test_the_day_of_the_article_in_every_spelling(opening: str, typed: str) -> None:
    assert parse_window(opening + typed, TODAY).text == "2025-12-04"
    assert parse_window(f"  {opening}{typed.upper()} !", TODAY).text == "2025-12-04"
    if not opening:
        assert parse_date(typed, TODAY) == date(2025, 12, 4)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("3 days ago", date(2026, 7, 28)),
        ("two weeks ago", date(2026, 7, 17)),
        ("a month ago", date(2026, 6, 30)),
        ("5 years back", date(2021, 7, 31)),
        ("the day before yesterday", date(2026, 7, 29)),
        ("previous friday", date(2026, 7, 24)),
        ("last december", date(2025, 12, 1)),
        ("2025-12", date(2025, 12, 1)),
        ("12/2025", date(2025, 12, 1)),
        ("dec '25", date(2025, 12, 1)),
        ("dec 25", date(2025, 12, 25)),
        ("Q3", date(2026, 7, 1)),
    ],
)
def test_days_told_from_today_or_in_part(typed: str, day: date) -> None:
    assert parse_date(typed, TODAY) == day


def test_tomorrow_is_a_day_that_is_not_there_yet() -> None:
    for typed in ("tomorrow", "mañana"):
        with pytest.raises(DateInFuture) as caught:
            parse_date(typed, TODAY)
        assert caught.value.wanted == date(2026, 8, 1)


@pytest.mark.parametrize("back", range(400, 6000, 379))
@pytest.mark.parametrize(
    "shape", ["%d %b %Y", "%B %d, %Y", "%a %d %b %Y", "%Y%m%d", "%d-%b-%y", "%d.%m.%Y", "%A %m/%d/%y"]
)
def test_days_written_in_any_shape_are_read_as_themselves(back: int, shape: str) -> None:
    day = TODAY - timedelta(days=back)
    assert parse_date(day.strftime(shape), TODAY) == day


@given(st.dates(date(1999, 1, 1), TODAY), st.sampled_from(["wtd", "mtd", "qtd"]))
def test_to_date_starts_on_the_day_before_the_span_that_today_is_in(today: date, text: str) -> None:
    start = date.fromisoformat(parse_window(text, today).text)
    first = start + timedelta(days=1)
    assert {
        "wtd": first.isocalendar()[:2] == today.isocalendar()[:2] and first.weekday() == 0,
        "mtd": (first.year, first.month, first.day) == (today.year, today.month, 1),
        "qtd": (first.year, (first.month - 1) // 3, first.day, first.month % 3) == (
            today.year, (today.month - 1) // 3, 1, 1),
    }[text]  # fmt: skip


def test_day_and_month_that_could_be_swapped_are_asked_back() -> None:
    with pytest.raises(AmbiguousDate) as caught:
        parse_window("12/4/25", TODAY)
    assert caught.value.readings == (date(2025, 4, 12), date(2025, 12, 4))
    assert "2025-12-04" in caught.value.text()
    assert "12 Apr 2025" in caught.value.text()


def test_a_swapped_reading_in_the_future_is_no_reading() -> None:
    assert parse_date("4/12/26", TODAY) == date(2026, 4, 12)


def test_equal_day_and_month_are_not_ambiguous() -> None:
    assert parse_date("4/4/26", TODAY) == date(2026, 4, 4)


@pytest.mark.parametrize("typed", ["2027-01-01", "1.12.2026"])
def test_days_ahead_are_refused_with_the_last_day(typed: str) -> None:
    with pytest.raises(DateInFuture) as caught:
        parse_date(typed, TODAY)
    assert "31 Jul 2026" in caught.value.text()


@pytest.mark.parametrize(
    "typed",
    ["", " ", "foo", "0m", "99999y", "9999y", "-1m", "1e9y", "31.2.2025", "2025-13-01", "@everyone", "a" * 2000,
     "6\u202em", "\x00", "🚀🚀", "dec 4 5", "since", "4 dec 4", "1h", "202512", "2025123", "friday dec 4 2025",
     "months ago months", "q5", "4 dec 25 2025", "zero months", "the", "since the start of", "0 days ago", "6m ago 3"],
)  # fmt: skip
def test_nonsense_is_refused_in_words_that_are_safe_to_show(typed: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_window(typed, TODAY)
    text = caught.value.text()
    assert len(text) < 200
    assert "\x00" not in text
    assert "\u202e" not in text
    assert " @everyone" not in text


@given(st.text(max_size=80))
def test_any_text_gives_a_window_or_a_user_error(typed: str) -> None:
    try:
        window = parse_window(typed, TODAY)
    except UserError:
        return
    else:
        start = window.start(TODAY)
        assert start is None or start <= TODAY
        assert parse_window(window.text, TODAY) == window


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.sampled_from([w for w in OFFERED if w != "max"]))
def test_offered_windows_start_before_any_day(as_of: date, text: str) -> None:
    start = Window(text).start(as_of)
    assert start is not None
    assert start < as_of


def test_a_month_back_from_a_long_month_ends_on_its_last_day() -> None:
    assert Window("1m").start(date(2026, 3, 31)) == date(2026, 2, 28)
    assert Window("1y").start(date(2024, 2, 29)) == date(2023, 2, 28)


@given(st.dates(date(2000, 1, 1), TODAY))
def test_every_iso_day_up_to_today_is_read_as_itself(day: date) -> None:
    assert parse_date(day.isoformat(), TODAY) == day


@given(st.integers(1, 7))
def test_weekday_names_mean_the_latest_one_before_today(back: int) -> None:
    day = TODAY - timedelta(days=back)
    assert parse_date(i18n.weekday(day), TODAY) == day


def test_words_name_the_window() -> None:
    assert [Window(t).words() for t in ("1w", "6m", "1y", "3y", "ytd", "max", "2025-12-04", "10d")] == [
        "1 week", "6 months", "1 year", "3 years", "year to date", "all history", "since 4 Dec 2025", "10 days",
    ]  # fmt: skip


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("text", [*OFFERED, "2w", "10d", "1d", "2025-12-04"])
def test_what_is_said_can_be_typed_in_every_language(text: str, language: str) -> None:
    with i18n.use(language):
        assert parse_window(Window(text).words(), TODAY).text == text
