"""The weekly summary: true up, down, flat and level; what changed, what is new, what comes next."""

from dataclasses import replace
from datetime import date

import pytest

from bot import i18n
from bot.charts.render import MAX_BYTES, png
from bot.charts.theme import DARK, LIGHT, Theme
from bot.errors import UserError
from bot.features.weekly import words
from bot.features.weekly.chart import draw
from bot.features.weekly.findings import Findings, Span, find
from bot.market.dataset import Dataset
from tests.features.answers import ask, assert_nothing_leaks, rows, values

FRIDAY = date(2026, 7, 31)


@pytest.fixture(scope="module")
def found() -> Findings:
    return find(None, Dataset.open())


def week_of(found: Findings, small: float, large: float, year_small: float, year_large: float) -> Findings:
    week = Span(date(2026, 7, 24), FRIDAY, small, large)
    return replace(found, week=week, year=Span(date(2025, 12, 31), FRIDAY, year_small, year_large))


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


UP, DOWN = "Small caps rose +2.0% this week (large +1.0%)", "Small caps fell this week: −2.0% (large +1.0%)"


@pytest.mark.parametrize(
    ("returns", "said"),
    [
        ((0.02, 0.01, 0.10, 0.05), f"{UP}; they are 5.0 points ahead this year."),
        ((0.02, 0.01, 0.05, 0.10), f"{UP}; they are still 5.0 points behind this year."),
        ((-0.02, 0.01, 0.05, 0.10), f"{DOWN}; they are 5.0 points behind this year."),
        ((-0.02, 0.01, 0.10, 0.05), f"{DOWN}; they are still 5.0 points ahead this year."),
        (
            (0.004, 0.0, 0.10, 0.1001),
            "A flat week for small caps (large 0.0%); they are level with large caps this year.",
        ),
    ],
)
def test_headlines_are_true_in_every_case(
    found: Findings, returns: tuple[float, float, float, float], said: str
) -> None:
    assert words.headline(week_of(found, *returns)) == said


def test_the_week_ends_on_the_last_session_and_begins_a_calendar_week_before(found: Findings) -> None:
    assert (found.week.start, found.week.end) == (date(2026, 7, 24), FRIDAY)
    assert found.year.start == date(2025, 12, 31)


def test_after_a_holiday_both_ends_are_sessions(sample: Dataset) -> None:
    after = find(None, sample.at(date(2025, 12, 26)))
    assert after.week.end == date(2025, 12, 26)
    assert after.week.start == date(2025, 12, 19)
    monday = find(None, sample.at(date(2026, 1, 8)))
    assert monday.week.start == date(2025, 12, 31)  # the first of January is none


def test_what_changed_is_counted_from_the_last_summary() -> None:
    told = ask("weekly", since=date(2025, 12, 5))
    assert any(note.startswith("Changed since 5 Dec 2025: ") for note in told.notes)
    assert values(told)["claims.changed"] == len(rows(told, "changes")) > 0
    assert "No verdict of the scoreboard changed since 24 Jul 2026." in ask("weekly").notes


def test_short_interest_is_told_when_it_is_new_and_only_then() -> None:
    assert "short_interest.weighted" in values(ask("weekly"))  # published on 27 July 2026
    later = ask("weekly", since=date(2026, 7, 28))
    assert "short_interest.weighted" not in values(later)
    assert not any("New short interest" in note for note in later.notes)


def test_alerts_that_fired_are_told_and_their_words_cannot_shout() -> None:
    told = ask("weekly", fired=("IWM closed at a record.", "@everyone **now**"))
    assert "Alert: IWM closed at a record." in told.notes
    shouting = next(note for note in told.notes if "everyone" in note)
    assert "\\@everyone" in shouting
    assert "\\*\\*now" in shouting


def test_what_comes_next_is_of_the_next_eight_days() -> None:
    told = ask("weekly", "2026-07-24")
    assert [row["date"] for row in rows(told, "ahead")] == sorted(row["date"] for row in rows(told, "ahead"))
    events = {str(row["event"]) for row in rows(told, "ahead")}
    assert any("The Fed decides" in event for event in events)  # 29 July 2026
    assert any("Short interest of 15 Jul 2026 is published" in event for event in events)


def test_the_picture_is_the_same_for_every_channel() -> None:
    """What a channel was told before changes words, not the picture: it is drawn once for all of them."""
    one, other = ask("weekly", since=date(2026, 7, 24)), ask("weekly", since=date(2026, 7, 1), fired=("x",))
    assert png(draw(one.charts[0].data, DARK)) == png(draw(other.charts[0].data, DARK))


@pytest.mark.parametrize("look", [DARK, LIGHT], ids=lambda look: look.name)
def test_the_picture_is_1200_wide_and_small(look: Theme) -> None:
    figure = draw(ask("weekly").charts[0].data, look)
    assert tuple(figure.get_size_inches() * figure.dpi) == (1200, 1350)
    assert len(png(figure)) < 2 * MAX_BYTES


def test_before_there_is_a_week_of_history_it_says_so(sample: Dataset) -> None:
    with pytest.raises(UserError):
        ask("weekly", sample.at(date(1999, 6, 1)))


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
