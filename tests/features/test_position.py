"""Positions on the sample. Ranges were worked out again in a plain loop from the recorded daily bars."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot import i18n
from bot.errors import MissingData, NotEnoughHistory, NoTotalReturn, UnknownSymbol
from bot.features.position.request import PositionRequest
from tests.features.answers import ask, assert_nothing_leaks, sample, values

TODAY = ask("position", symbol="IWM", account=25_000)


def wilder_by_hand(symbol: str) -> float:
    """True ranges since the first recorded bar: the mean of fourteen, then a fourteenth of each new one."""
    bars = sample().ohlc(symbol)
    high, low, close = (bars[column].tolist() for column in ("high", "low", "close"))
    ranges = [high[0] - low[0]]
    ranges += [max(h - w, abs(h - c), abs(w - c)) for h, w, c in zip(high[1:], low[1:], close[:-1], strict=True)]
    average = sum(ranges[:14]) / 14
    for value in ranges[14:]:
        average = (average * 13 + value) / 14
    return average


def test_the_card() -> None:
    """250 dollars over 2 x 4.4767 a share: 27.9, so 27 shares; the stop is 291.20 - 8.9533; 27 x 8.9533 at risk."""
    found = values(TODAY)
    assert found["atr"] == pytest.approx(4.4766654, abs=1e-7)
    assert found["shares"] == 27
    assert found["stop"] == pytest.approx(291.200012 - 2 * 4.4766654)
    assert found["risk_usd"] == pytest.approx(27 * 2 * 4.4766654)
    assert found["value_usd"] == pytest.approx(27 * 291.200012)
    assert found["days_to_exit"] == pytest.approx(27 / (0.1 * 25_794_168.25))
    assert TODAY.headline == (
        "27 shares of IWM: a fall of 2 average ranges to $282.25 costs $241.74; 1.0% of $25,000 is allowed."
    )
    assert TODAY.charts == ()
    assert len(TODAY.figures) == 6


@pytest.mark.parametrize("symbol", ["IWM", "SPY", "NVDA", "VTI"])
def test_ranges_are_wilders(symbol: str) -> None:
    assert values(ask("position", symbol=symbol))["atr"] == pytest.approx(wilder_by_hand(symbol))


def test_without_high_and_low_the_range_is_from_close_to_close() -> None:
    report = ask("position", symbol="IWN")
    prices = sample().total_return("IWN").tolist()
    moves = [abs(b - a) for a, b in pairwise(prices)]
    average = sum(moves[:14]) / 14
    for move in moves[14:]:
        average = (average * 13 + move) / 14
    assert values(report)["atr"] == pytest.approx(average)
    assert any("from close to close" in note for note in report.notes)
    assert any("dividend-adjusted" in note for note in report.notes)


def test_volume_of_a_settlement_period_where_none_is_stored_by_day() -> None:
    report = ask("position", symbol="NVDA", account=1e9)
    stored = sample().short_interest().frame.loc["NVDA", "average_volume"]
    assert values(report)["days_to_exit"] == pytest.approx(values(report)["shares"] / (0.1 * stored))
    assert report.stat("days_to_exit").as_of == date(2026, 7, 15)
    assert any("settled on 15 Jul 2026" in note for note in report.notes)


def test_no_volume_before_it_was_known() -> None:
    report = ask("position", "2024-02-29", symbol="NVDA")
    assert values(report)["days_to_exit"] is None
    assert any("The volume of NVDA is not stored" in note for note in report.notes)


@pytest.mark.parametrize(
    ("options", "headline"),
    [
        ({"account": 500}, "Not one share of IWM fits: 1.0% of $500.00 is less than a fall of 2 average ranges."),
        ({"account": 1_000}, "One share of IWM: a fall of 2 average ranges to $282.25 costs $8.95; 1.0% of $1,000.00 is"
                             " allowed."),
        ({"ranges": 20, "account": 1e6}, "111 shares of IWM: a fall of 20 average ranges to $201.67 costs $9,938.20; "
                                         "1.0% of $1M is allowed."),
    ],
)  # fmt: skip
def test_headlines(options: dict[str, float], headline: str) -> None:
    assert ask("position", symbol="IWM", **options).headline == headline


def test_the_account_is_a_limit_too() -> None:
    report = ask("position", symbol="IWM", account=10_000, risk=0.2, ranges=0.25)
    assert values(report)["shares"] == 34  # 34 x 291.20 is 9,900.80
    assert any("The account itself is the limit" in note for note in report.notes)


class TestMissing:
    def test_companies_without_daily_prices(self) -> None:
        with pytest.raises(MissingData, match="Daily prices of GME"):
            ask("position", symbol="GME")

    def test_unknown(self) -> None:
        with pytest.raises(UnknownSymbol):
            ask("position", symbol="ZZZZ")

    def test_an_index_cannot_be_held(self) -> None:
        with pytest.raises(NoTotalReturn):
            ask("position", symbol="RUT")

    def test_not_listed_yet(self) -> None:
        with pytest.raises(NotEnoughHistory):
            ask("position", "2023-04-10", symbol="MAGS")

    @pytest.mark.parametrize(("day", "have"), [("2023-04-11", 0), ("2023-04-12", 1), ("2023-04-28", 13)])
    def test_listed_lately(self, day: str, have: int) -> None:
        report = ask("position", day, symbol="MAGS")
        assert values(report)["shares"] is None
        assert report.headline == f"No size for MAGS: its average range takes 14 daily ranges, there are {have}."

    def test_the_fourteenth_range(self) -> None:
        assert values(ask("position", "2023-05-01", symbol="MAGS"))["shares"] is not None

    def test_the_start_of_1998(self) -> None:
        assert ask("position", "1998-01-02", symbol="SPY").headline.startswith("No size for SPY")

    def test_before_the_daily_bars(self) -> None:
        report = ask("position", "2022-06-30", symbol="SPY")
        assert values(report)["shares"] is not None
        assert any("from close to close" in note for note in report.notes)


@pytest.mark.parametrize(
    "options", [{"account": 0}, {"account": -5}, {"account": float("inf")}, {"risk": 0}, {"risk": 0.5}, {"ranges": 0}]
)
def test_nonsense_is_refused(options: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        PositionRequest(symbol="IWM", **options)  # type: ignore[arg-type]


@settings(max_examples=25, deadline=None)
@given(st.floats(100, 1e8), st.floats(0.001, 0.2), st.floats(0.25, 20))
def test_what_is_at_risk_is_never_more_than_allowed(account: float, risk: float, ranges: float) -> None:
    found = values(ask("position", symbol="SPY", account=account, risk=risk, ranges=ranges))
    assert found["risk_usd"] <= account * risk * (1 + 1e-6)
    assert found["value_usd"] <= account * (1 + 1e-6)


@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2026, 4, 3), date(2026, 5, 28), date(2026, 7, 27)])
def test_nothing_leaks_on_odd_days(day: date) -> None:
    assert_nothing_leaks("position", day, symbol="NVDA")


def test_every_sentence_can_be_translated() -> None:
    with i18n.use("en_XA"):
        for symbol in ("IWM", "IWN"):
            report = ask("position", symbol=symbol)
            assert all(text.startswith("⟦") for text in (report.title, report.headline, *report.notes))
            assert all(stat.label.startswith("⟦") for stat in report.stats)
