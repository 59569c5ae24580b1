"""The weekly summary: true up, down, flat and level; what changed, what is new, what comes next."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import i18n
from bot.charts.render import MAX_BYTES, png
from bot.charts.theme import DARK, LIGHT, Theme
from bot.errors import MissingData
from bot.features.sides import adds_up
from bot.features.weekly import words
from bot.features.weekly.chart import draw
from bot.features.weekly.findings import Findings, Span, find, week_of
from bot.features.weekly.request import WeeklyRequest
from bot.market.dataset import Dataset
from tests.features.answers import ask, assert_nothing_leaks, rows, values

FRIDAY = date(2026, 7, 31)


@pytest.fixture(scope="module")
def found() -> Findings:
    return find(None, Dataset.open())


def having(
    found: Findings, small: float, large: float, year_small: float, year_large: float, **changes: Any
) -> Findings:
    week = Span(small, large, date(2026, 7, 24), FRIDAY, 5)
    year = Span(year_small, year_large, date(2025, 12, 31), FRIDAY, changes.pop("sessions", 145))
    return replace(found, week=week, year=year, **changes)


def test_returns_of_the_week_and_of_the_year_by_hand(sample: Dataset) -> None:
    small, large = sample.total_return("IWM"), sample.total_return("SPY")
    card = values(ask("weekly"))
    for series, side in ((small, "small"), (large, "large")):
        assert card[f"week.{side}"] == pytest.approx(series["2026-07-31"] / series["2026-07-24"] - 1)
        assert card[f"ytd.{side}"] == pytest.approx(series["2026-07-31"] / series["2025-12-31"] - 1)


def test_the_headline_of_the_samples_last_week() -> None:
    assert ask("weekly").headline == (
        "A flat week for small caps (large +1.1%); they are still 8.7 points ahead this year."
    )


UP, DOWN = "Small caps rose 2.0% on the week (large +1.0%)", "Small caps fell 2.0% on the week (large +1.0%)"


@pytest.mark.parametrize(
    ("returns", "said"),
    [
        ((0.02, 0.01, 0.10, 0.05), f"{UP}; they are 5.0 points ahead this year."),
        ((0.02, 0.01, 0.05, 0.10), f"{UP}; they are still 5.0 points behind this year."),
        ((-0.02, 0.01, 0.05, 0.10), f"{DOWN}; they are 5.0 points behind this year."),
        ((-0.02, 0.01, 0.10, 0.05), f"{DOWN}; they are still 5.0 points ahead this year."),
        # a week as good as level changes nothing that could "still" be so
        (
            (-0.0102, -0.01, 0.10, 0.05),
            "Small caps fell 1.0% on the week (large −1.0%); they are 5.0 points ahead this year.",
        ),
        (
            (0.004, 0.0, 0.10, 0.1001),
            "A flat week for small caps (large 0.0%); they are level with large caps this year.",
        ),
    ],
)  # fmt: skip
def test_headlines_are_true_in_every_case(
    found: Findings, returns: tuple[float, float, float, float], said: str
) -> None:
    assert words.headline(having(found, *returns)) == said


@pytest.mark.parametrize(
    ("small", "said"),
    [(0.02, "Small caps rose 2.0% in seven days"), (-0.02, "Small caps fell 2.0% in seven days"),
     (0.0, "Seven flat days for small caps")],
)  # fmt: skip
def test_seven_days_up_to_the_middle_of_a_week_are_not_called_a_week(found: Findings, small: float, said: str) -> None:
    assert words.headline(having(found, small, 0.01, 0.1, 0.05, whole_week=False)).startswith(said)


@pytest.mark.parametrize(
    ("sessions", "ends", "said"),
    [
        (1, False, "one session into 2026 they are 5.0 points ahead."),
        (5, False, "5 sessions into 2026 they are 5.0 points ahead."),
        (6, False, "they are 5.0 points ahead this year."),
        (250, True, "they end the year 5.0 points ahead."),
    ],
)
def test_a_young_and_a_finished_year_are_called_so(found: Findings, sessions: int, ends: bool, said: str) -> None:
    told = words.headline(having(found, 0.02, 0.01, 0.1, 0.05, sessions=sessions, year_ends=ends))
    assert told == f"{UP}; {said}"


def _last_session_before(day: date, sessions: set[date]) -> date:
    return next(d for n in range(1, 12) if (d := day - timedelta(days=n)) in sessions)


def test_every_week_of_twenty_years_is_the_calendars(sample: Dataset) -> None:
    """Worked out from the days that IWM has closes for: holidays, closures, years' ends and all."""
    days = {stamp.date() for stamp in sample.closes("IWM")["2006-08-07":].index}
    last_of_week = {d - timedelta(days=d.weekday()): d for d in sorted(days)}
    assert len(last_of_week) > 1000
    for monday, day in [*last_of_week.items()][2:]:
        began, whole = week_of(day)
        assert whole
        first = began if began in days else _last_session_before(began, days)
        assert first == _last_session_before(monday, days)
    for day in days - set(last_of_week.values()):
        assert week_of(day) == (day - timedelta(days=7), False)


@pytest.mark.parametrize(
    ("day", "start", "whole", "ends"),
    [
        # a Thursday: the Friday was a holiday
        (date(2026, 7, 2), date(2026, 6, 26), True, False),
        # the second of January belongs to the week of New Year's Eve
        (date(2025, 12, 31), date(2025, 12, 24), False, True),
        (date(2026, 1, 2), date(2025, 12, 26), True, False),
        # the first of January is no session
        (date(2026, 1, 8), date(2025, 12, 31), False, False),
    ],
)
def test_a_week_and_a_year_around_holidays(sample: Dataset, day: date, start: date, whole: bool, ends: bool) -> None:
    found = find(None, sample.at(day))
    assert (found.week.start, found.week.end, found.whole_week) == (start, day, whole)
    assert found.since == start  # what changed is counted over the same days, unless the channel was told before
    assert (found.year.start, found.year_ends) == (date(day.year - 1, 12, 31), ends)
    assert found.year.sessions == len(sample.closes("IWM")[f"{day.year}-01-01" : day.isoformat()])


def test_what_changed_is_counted_from_the_last_summary() -> None:
    told = ask("weekly", since=date(2025, 12, 5))
    assert any(note.startswith("Changed since the last summary here (5 Dec 2025): ") for note in told.notes)
    assert values(told)["claims.changed"] == len(rows(told, "changes")) > 0
    assert "No verdict of the scoreboard changed since 24 Jul 2026." in ask("weekly").notes


def test_short_interest_is_told_when_it_is_new_and_only_then() -> None:
    assert "short_interest.weighted" in values(ask("weekly"))  # published on 27 July 2026
    later = ask("weekly", since=date(2026, 7, 28))
    assert "short_interest.weighted" not in values(later)
    assert not any("New short interest" in note for note in later.notes)


def test_the_last_summary_is_named_where_there_was_one() -> None:
    told = ask("weekly", "2026-07-17", since=date(2026, 6, 26))
    (changed,) = [note for note in told.notes if "the last summary here (26 Jun 2026)" in note]
    assert changed.startswith("Changed since" if rows(told, "changes") else "No verdict")
    again = ask("weekly", "2026-07-17", since=date(2026, 7, 17))
    assert "No verdict of the scoreboard changed since the last summary here (17 Jul 2026)." in again.notes


def test_alerts_that_fired_are_told_and_their_words_cannot_shout() -> None:
    told = ask("weekly", fired=("IWM closed at a record.", "@everyone **now**"))
    assert "Alert: IWM closed at a record." in told.notes
    shouting = next(note for note in told.notes if "everyone" in note)
    assert "\\@everyone" in shouting
    assert "\\*\\*now" in shouting
    assert not any("more alert" in note for note in told.notes)


@pytest.mark.parametrize(("count", "rest"), [(5, None), (6, "1 more alert fired."), (20, "15 more alerts fired.")])
def test_of_many_alerts_the_newest_are_told_and_the_others_counted(count: int, rest: str | None) -> None:
    notes = ask("weekly", fired=tuple(f"alert {n}" for n in range(count))).notes
    newest = [f"Alert: alert {n}" for n in range(count - 5, count)]
    assert [note for note in notes if "lert" in note] == [*newest, *([rest] if rest else [])]


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-07-24", "Mon 27 Jul: Short interest of 15 Jul 2026 is published; Wed 29 Jul: The Fed decides on rates"),
        ("2026-03-13", "Ahead: Wed 18 Mar: The Fed decides on rates."),
        ("2026-07-02", "Ahead: Fri 3 Jul: No session (Independence Day)."),
        ("2025-11-21", "Thu 27 Nov: No session (Thanksgiving); Fri 28 Nov: Short positions are counted (settlement "
                       "date) · The exchange closes early, at 13:00 in New York."),
        ("2026-06-18", "Fri 26 Jun: Short interest of 15 Jun 2026 is published · Russell indices are reconstituted "
                       "after the close."),
        ("2025-12-19", "Ahead: Wed 24 Dec: The exchange closes early, at 13:00 in New York; Thu 25 Dec: No session "
                       "(Christmas); "),
        ("2026-07-31", "Nothing is on the calendar for the week ahead."),
    ],
)  # fmt: skip
def test_what_comes_next_is_told_by_day(day: str, said: str) -> None:
    assert said in ask("weekly", day).notes[-1]


def test_what_comes_next_is_of_the_next_eight_days() -> None:
    told = ask("weekly", "2026-07-24")
    days = [row["date"] for row in rows(told, "ahead")]
    assert days == sorted(days) == [date(2026, 7, 27), date(2026, 7, 29), date(2026, 7, 31)]


def test_the_picture_is_the_same_for_every_channel() -> None:
    """What a channel was told before changes words, not the picture: it is drawn once for all of them."""
    one, other = ask("weekly", since=date(2026, 7, 24)), ask("weekly", since=date(2026, 7, 1), fired=("x",))
    assert png(draw(one.charts[0].data, DARK)) == png(draw(other.charts[0].data, DARK))


@pytest.mark.parametrize("look", [DARK, LIGHT], ids=lambda look: look.name)
def test_the_picture_is_1200_wide_and_small(look: Theme) -> None:
    figure = draw(ask("weekly").charts[0].data, look)
    assert tuple(figure.get_size_inches() * figure.dpi) == (1200, 1350)
    assert len(png(figure)) < 2 * MAX_BYTES


@pytest.mark.parametrize("day", ["1998-03-02", "2000-05-25", "2000-05-26", "2000-05-30", "2000-06-01"])
def test_before_there_is_a_week_of_history_it_names_the_first_day_that_has_one(day: str) -> None:
    """IWM's first close is of Friday 26 May 2000: the week that is measured from it ends on 2 June."""
    with pytest.raises(MissingData, match="the record begins on 2 Jun 2000") as refused:
        ask("weekly", day)
    assert refused.value.first == date(2000, 6, 2)


def test_the_first_summary_says_since_when_and_is_drawn(sample: Dataset) -> None:
    small, large = sample.total_return("IWM"), sample.total_return("SPY")
    first = ask("weekly", "2000-06-02")
    gap = (small["2000-06-02"] / small["2000-05-26"] - large["2000-06-02"] / large["2000-05-26"]) * 100
    assert first.headline == (
        f"Small caps rose 12.0% on the week (large +7.1%); since 26 May 2000 they are {gap:.1f} points ahead."
    )
    assert first.stat("ytd.small").label == "IWM since 26 May 2000"
    assert "+12.0% and +7.1% since 26 May 2000" in first.charts[0].alt
    assert png(draw(first.charts[0].data, DARK))


@pytest.mark.parametrize("day", ["2000-11-27", "2000-12-29"])
def test_what_began_in_may_is_not_called_the_year(day: str) -> None:
    assert "; since 26 May 2000 they are " in ask("weekly", day).headline


def test_figures_that_do_not_subtract_as_shown_are_owned_up_to(found: Findings) -> None:
    """Shown as 1.1 and 0.0, 1.2 apart."""
    told = "Differences are taken before rounding: the last digit can be one off."
    request = WeeklyRequest()
    assert told in words.notes(having(found, 0.01149, -0.0004, 0.1, 0.05), request)
    assert told not in words.notes(having(found, 0.011, 0.001, 0.1, 0.05), request)


@given(small=st.floats(-0.5, 0.5), large=st.floats(-0.5, 0.5))
def test_whatever_the_figures_the_card_contradicts_itself_nowhere(small: float, large: float) -> None:
    shown = [Decimal(i18n.number(100 * v, 1).replace(i18n.MINUS, "-")) for v in (small, large, small - large)]
    assert adds_up(small, large) == (shown[0] - shown[1] == shown[2])


def test_short_interest_without_the_positions_before_says_so() -> None:
    told = ask("weekly", "2026-07-17")
    assert values(told)["short_interest.change"] is None
    assert any("no change is given" in note for note in told.notes)


def test_an_early_week_has_a_summary_with_few_claims(sample: Dataset) -> None:
    early = ask("weekly", sample.at(date(2001, 6, 1)))
    assert values(early)["week.small"] is not None
    assert 0 < len(early.headline) < 200


@pytest.mark.parametrize("day", [date(2026, 7, 17), date(2025, 12, 5)])
def test_nothing_leaks(day: date) -> None:
    assert_nothing_leaks("weekly", day)


def test_it_speaks_the_readers_language(sample: Dataset) -> None:
    with i18n.use(i18n.PSEUDO):
        assert ask("weekly", sample).headline.startswith("⟦")
