"""Growth against value among small caps, on the sample."""

from datetime import date

import pandas as pd
import pytest

from bot import i18n
from bot.charts.theme import DARK, LIGHT, Theme
from bot.errors import NotEnoughHistory
from bot.features.rotation.findings import Span
from bot.features.style import words as says
from bot.features.style.report import indicators
from tests.charts.legibility import labels, words
from tests.features.answers import ask, assert_nothing_leaks, drawn, rows, sample, values

TODAY = ask("style")


def test_the_card() -> None:
    """Adjusted closes of 30 January and 31 July 2026: IWO 335.83 to 370.67, IWN 192.65 to 221.24."""
    growth, value = sample().total_return("IWO"), sample().total_return("IWN")
    found = values(TODAY)
    assert found["return.growth"] == pytest.approx(growth["2026-07-31"] / growth["2026-01-30"] - 1)
    assert found["return.value"] == pytest.approx(value["2026-07-31"] / value["2026-01-30"] - 1)
    assert found["spread"] == pytest.approx(found["return.growth"] - found["return.value"])
    assert found["regime"] == "value"
    assert (found["regime.since"], found["regime.confirmed"]) == (date(2026, 7, 23), date(2026, 7, 29))
    assert TODAY.headline == (
        "Small-cap value is ahead of growth: +14.8% against +10.4% since 30 Jan 2026; by the trend, value has led "
        "since 23 Jul 2026."
    )
    assert len(TODAY.figures) == 6


def test_the_regime_follows_its_definition_in_plain_loops() -> None:
    """Value leads: RS below its 200-session mean and the 50-session mean below its value 20 sessions earlier."""
    pair = (sample().total_return("IWO") / sample().total_return("IWN")).dropna()
    rs = pair.tolist()

    def mean(n: int, window: int) -> float:
        return sum(rs[n - window + 1 : n + 1]) / window

    def verdict(n: int) -> str:
        above, rising = rs[n] > mean(n, 200), mean(n, 50) > mean(n - 20, 50)
        return "growth" if above and rising else "mixed" if above or rising else "value"

    first = pair.index.get_loc(pd.Timestamp(2026, 7, 23))
    assert [verdict(n) for n in range(first, first + 5)] == ["value"] * 5
    assert verdict(first - 1) != "value"
    assert pair.index[first + 4] == pd.Timestamp(2026, 7, 29)


@pytest.mark.parametrize("window", ["1w", "1m", "ytd", "1y", "3y", "10y", "max", "2025-12-04"])
def test_every_window_answers(window: str) -> None:
    report = ask("style", window=window)
    found = values(report)
    assert found["spread"] == pytest.approx(found["return.growth"] - found["return.value"])
    ahead = "value is ahead" if found["spread"] < 0 else "growth is ahead"
    assert ahead in report.headline
    assert len(report.figures) <= 6


@pytest.mark.parametrize(
    ("small", "large", "begins"),
    [
        (0.1, 0.05, "Small-cap growth is ahead of value: +10.0% against +5.0%"),
        (-0.2, -0.05, "Small-cap value is ahead of growth: −5.0% against −20.0%"),
        (0.05, 0.0502, "Small-cap growth and value are level: +5.0% against +5.0%"),
    ],
)
def test_headlines_follow_the_numbers(small: float, large: float, begins: str) -> None:
    span = Span(small, large, "6m", date(2026, 1, 30), date(2026, 7, 31))
    assert says._outcome(span) == begins + " since 30 Jan 2026"


class TestTooYoung:
    def test_before_the_funds(self) -> None:
        with pytest.raises(NotEnoughHistory):
            ask("style", "2000-07-27")

    def test_their_first_session_has_no_half_year(self) -> None:
        with pytest.raises(NotEnoughHistory):
            ask("style", "2000-07-28")

    def test_their_first_session_in_full(self) -> None:
        report = ask("style", "2000-07-28", window="max")
        assert values(report)["spread"] == 0
        assert values(report)["regime"] is None
        assert "level" in report.headline
        assert any("No regime" in note for note in report.notes)

    def test_a_window_longer_than_the_record(self) -> None:
        with pytest.raises(NotEnoughHistory):
            ask("style", window="30y")


def test_years_that_are_not_there_are_missing() -> None:
    found = values(ask("style", "2002-02-28"))
    assert found["spread.1y"] is not None
    assert found["spread.3y"] is None


def test_all_windows_are_in_the_table() -> None:
    table = {row["window"]: row for row in rows(TODAY, "windows")}
    assert table["6 months"]["spread"] == pytest.approx(values(TODAY)["spread"])
    assert len(table) == 10


@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2026, 4, 3)])
def test_nothing_leaks_on_a_leap_day_and_a_holiday(day: date) -> None:
    assert_nothing_leaks("style", day)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("window", ["6m", "max", "1w"])
def test_the_picture_is_legible(window: str, theme: Theme) -> None:
    figure = drawn(ask("style", window=window), theme)["style"]
    assert {"IWO", "IWN", "strength"} <= labels(figure).keys()


def test_the_picture_shows_the_numbers_of_the_card() -> None:
    assert {"+10.4%", "+14.8%"} <= set(words(drawn(TODAY)["style"]))


@pytest.mark.parametrize("indicator", indicators(), ids=lambda i: i.id)
def test_indicators_end_with_the_card_and_see_no_future(indicator: object) -> None:
    whole = indicator.series(sample())  # type: ignore[attr-defined]
    early = indicator.series(sample().at(date(2020, 3, 20)))  # type: ignore[attr-defined]
    pd.testing.assert_series_equal(whole[: len(early)], early)
    states = indicator.states  # type: ignore[attr-defined]
    now = states[int(whole.iloc[-1])] if states else whole.iloc[-1]
    assert now == (values(TODAY)["regime"] if states else pytest.approx(values(TODAY)["spread"]))


def test_every_sentence_can_be_translated() -> None:
    with i18n.use("en_XA"):
        report = ask("style")
        texts = (report.title, report.headline, *report.notes, *(c.alt for c in report.charts))
        assert all(text.startswith("⟦") for text in texts)
        assert all(stat.label.startswith("⟦") for stat in report.stats)


@pytest.mark.parametrize("window", ["1y", "3y", "6m"])
def test_no_window_stands_twice_on_the_card(window: str) -> None:
    labels = [stat.label for stat in ask("style", window=window).figures]
    assert len(set(labels)) == len(labels)
