"""Quotes on the sample: funds, shares without closes, shares without prices, indices, headlines, pictures, leaks."""

import dataclasses
import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import i18n
from bot.charts.theme import DARK, LIGHT, Theme
from bot.errors import MissingData, NotEnoughHistory, UnknownSymbol
from bot.features.quote import words
from bot.features.quote.chart import draw
from bot.features.quote.findings import Change, Findings, Range, find
from bot.features.quote.picture import Prices
from bot.features.quote.report import indicators
from bot.market.dataset import Dataset
from bot.shown import value_shown
from tests.charts.legibility import check, labels, titled
from tests.charts.legibility import words as drawn_words
from tests.features.answers import ask, drawn, rows, values
from tests.features.leaks import any_session, assert_same_without_the_future, sessions_of_files

IDS = {"close", "return.1d", "return.1m", "return.ytd", "drawdown", "cap_tier"}


def test_the_fund_of_small_caps() -> None:
    report = ask("quote")
    found = values(report)
    assert set(found) >= IDS
    assert report.headline == "IWM closed at $291.20, 3.1% below its record of $300.45 (30 Jun 2026)."
    assert (found["high.date"], found["cap_tier"], found["market_cap"]) == (date(2026, 6, 30), None, None)
    assert found["drawdown"] == pytest.approx(found["close"] / found["high"] - 1)
    assert [stat.id for stat in report.figures] == [
        "close", "drawdown", "return.1d", "return.1m", "return.ytd", "short.days_to_cover",
    ]  # fmt: skip


def test_the_record_of_the_article() -> None:
    report = ask("quote", "2025-12-04")
    assert report.headline == "IWM closed at $251.82, its highest close on record."
    assert values(report)["drawdown"] == 0


def test_changes_are_total_returns_over_the_same_windows_as_elsewhere() -> None:
    found = values(ask("quote"))
    for text in ("1m", "6m", "ytd", "1y"):
        assert found[f"return.{text}"] == pytest.approx(values(ask("rotation", window=text))["return.small"])


def test_averages_and_one_day_by_hand(sample: Dataset) -> None:
    closes = sample.closes("IWM").tolist()
    found = values(ask("quote"))
    assert found["average_50"] == pytest.approx(sum(closes[-50:]) / 50)
    assert found["average_200"] == pytest.approx(sum(closes[-200:]) / 200)
    assert found["return.1d"] == pytest.approx(closes[-1] / closes[-2] - 1)  # no dividend on that day


def test_an_index_has_levels_and_no_dollars() -> None:
    report = ask("quote", symbol="^RUT")
    assert report.headline == "RUT closed at 2,931.34, 3.1% below its record of 3,024.37 (30 Jun 2026)."
    assert report.stat("close").unit == "ratio"
    assert "without dividends" in report.notes[0]
    assert value_shown(values(report)["close"], "ratio") == "2,931.34"


def test_a_share_with_adjusted_prices_alone_has_no_close_of_its_own(sample: Dataset) -> None:
    report = ask("quote", symbol="AAPL")
    found = values(report)
    listed = sample.holdings("IWB").frame.set_index("symbol")["price"]["AAPL"]
    assert (found["close"], report.stat("close").as_of) == (listed, date(2026, 7, 17))
    assert (found["high"], found["average_50"], found["average_200"]) == (None, None, None)
    adjusted = sample.total_return("AAPL")
    assert found["drawdown"] == pytest.approx(adjusted.iloc[-1] / adjusted.max() - 1)
    assert found["return.1m"] == pytest.approx(adjusted["2026-07-31"] / adjusted["2026-06-30"] - 1)
    assert found["cap_tier"] == "mega"
    assert "dividend-adjusted" in report.notes[0]
    assert [row["index"] for row in rows(report, "membership")] == ["Russell 1000", "MAG7"]


def test_a_share_without_prices_is_answered_from_files() -> None:
    """GME: IWB's file of 17 July has its price, the snapshot of 2 July its range and returns."""
    report = ask("quote", symbol="GME")
    found = values(report)
    assert found["close"] == 21.89
    assert report.stat("close").stale
    assert found["from_high_52w"] == pytest.approx(22.81 / 28.10 - 1)
    assert (found["return.1d"], found["return.1m"], found["drawdown"]) == (None, None, None)
    assert found["return.ytd"] == pytest.approx(0.136, abs=5e-4)
    assert (found["cap_tier"], found["membership"]) == ("large", "Russell 1000")
    assert found["short.days_to_cover"] == 16.14
    assert report.charts == ()
    assert any(note.startswith("No price history of GME is stored") for note in report.notes)
    assert any(note == "Changes not stored: 1 day, 1 week, and 1 month." for note in report.notes)
    assert report.headline == (
        "GME: $21.89 on 17 Jul 2026; on 2 Jul 2026, 18.8% below its 52-week high; a large cap in the Russell 1000."
    )


def test_a_price_and_a_range_of_one_file_need_one_date() -> None:
    """AMC is in no fresh list of members: the price and the range of the snapshot of 2 July are told together."""
    assert ask("quote", symbol="AMC").headline == (
        "AMC: $1.89 on 2 Jul 2026, 47.5% below its 52-week high; a small cap in the Russell 2000."
    )


@pytest.mark.parametrize(("symbol", "day"), [("SPY", "2025-12-04"), ("MAGS", "2026-07-31"), ("VB", "2004-03-01")])
def test_a_fund_is_one_also_where_no_facts_about_it_are_known(symbol: str, day: str) -> None:
    report = ask("quote", day, symbol=symbol)
    assert f"{symbol} is not a company: it has no market cap and no size, and belongs to no index." in report.notes
    assert not any("member lists" in note or "Market cap of" in note for note in report.notes)


@pytest.mark.parametrize("symbol", ["BRK-B", "BRKB", "BRK.B"])
def test_share_classes_in_every_spelling(symbol: str) -> None:
    report = ask("quote", symbol=symbol)
    assert values(report)["membership"] == "Russell 1000"
    assert any(note.startswith("Market cap of") for note in report.notes)


def test_what_nobody_knows_is_refused() -> None:
    with pytest.raises(UnknownSymbol):
        ask("quote", symbol="NOPE1")
    with pytest.raises(MissingData):
        ask("quote", "2025-12-04", symbol="GME")
    with pytest.raises(MissingData, match=r"A price of IVV: .* Stored are: short interest"):
        ask("quote", symbol="IVV")
    with pytest.raises(NotEnoughHistory) as early:
        find("IWM", Dataset.open().at(date(1999, 6, 1)))
    assert early.value.first == date(2000, 5, 26)


def test_a_fund_listed_yesterday_has_a_day_and_no_more() -> None:
    first = ask("quote", "2000-05-26")
    found = values(first)
    assert [found[f"return.{w}"] for w in ("1d", "1w", "1m", "ytd", "1y")] == [None] * 5
    assert (found["average_50"], found["drawdown"]) == (None, 0)
    assert first.charts == ()
    second = ask("quote", "2000-05-30")
    assert values(second)["return.1d"] is not None
    assert values(second)["return.1w"] is None
    drawn(second)


def test_a_holiday_and_a_leap_day() -> None:
    assert ask("quote", "2025-12-25").as_of == date(2025, 12, 24)
    report = ask("quote", "2024-02-29")
    assert values(report)["return.1y"] == pytest.approx(
        values(ask("rotation", "2024-02-29", window="1y"))["return.small"]
    )


@pytest.fixture(scope="module")
def on_sample(sample: Dataset) -> dict[str, Findings]:
    return {symbol: find(symbol, sample) for symbol in ("IWM", "GME")}


@settings(max_examples=150, deadline=None)
@given(fall=st.one_of(st.just(0.0), st.floats(-0.99, 0)))
def test_the_headline_of_a_series_is_true_for_every_fall(on_sample: dict[str, Findings], fall: float) -> None:
    said = words.headline(dataclasses.replace(on_sample["IWM"], fall=fall))
    assert said.endswith(".")
    assert ("highest close on record" in said) == (fall == 0)
    assert ("% below its record" in said) == (fall <= -0.0005)


@settings(max_examples=150, deadline=None)
@given(
    distance=st.floats(-0.99, 0.05), cap=st.one_of(st.just(math.nan), st.floats(1e6, 5e12)), held=st.booleans(),
    listed=st.booleans(), ytd=st.none() | st.floats(-0.9, 5),
)  # fmt: skip
def test_the_headline_from_files_is_true_for_every_outcome(
    on_sample: dict[str, Findings], distance: float, cap: float, held: bool, listed: bool, ytd: float | None
) -> None:
    base = on_sample["GME"]
    change = None if ytd is None else Change(ytd, date(2025, 12, 31), date(2026, 7, 2))
    found = dataclasses.replace(
        base,
        range=Range(100 * (1 + distance), 100.0, date(2026, 7, 2)),
        cap=cap,
        held=base.held if held else (),
        listed=base.listed if listed else None,
        changes={"ytd": change},
    )
    said = words.headline(found)
    assert said.endswith(".")
    assert "nan" not in said
    if listed:
        assert ("below its 52-week high" in said) == (distance < -0.0005)
        assert (" cap" in said) == (not math.isnan(cap))
        assert ("Russell 1000" in said) == held
    else:
        assert ("since 31 Dec 2025" in said) == (ytd is not None)
        assert ("unchanged" in said) == (ytd is not None and abs(ytd) < 0.0005)


@pytest.mark.parametrize(
    ("cap", "tier"), [(2.1e11, "mega"), (2e11, "large"), (9.9e9, "mid"), (2e9, "mid"), (3e8, "small"), (1e6, "micro")]
)
def test_sizes_by_their_borders(on_sample: dict[str, Findings], cap: float, tier: str) -> None:
    assert words.tier(dataclasses.replace(on_sample["GME"], cap=cap)) == tier


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("symbol", ["IWM", "RUT", "AAPL", "MAGS", "VIX", "GSPC"])
def test_the_picture_is_legible(symbol: str, theme: Theme) -> None:
    for window in ("1w", "1y", "max"):
        drawn(ask("quote", symbol=symbol, window=window), theme)


def test_the_picture_draws_what_the_report_says() -> None:
    report = ask("quote")
    found, figure = values(report), drawn(report)["quote"]
    assert titled(figure) == "IWM: $291.20, −3.1% from its record"
    lines = labels(figure)
    assert lines["IWM"].get_ydata()[-1] == found["close"]
    assert lines["50"].get_ydata()[-1] == pytest.approx(found["average_50"])
    assert lines["200"].get_ydata()[-1] == pytest.approx(found["average_200"])
    assert {"$291.20", "50-session average", "200-session average"} <= set(drawn_words(figure))


def test_six_digits_and_a_flat_line_fit() -> None:
    days = np.array(["2026-07-30", "2026-07-31"], dtype="datetime64[D]")
    nothing = np.full(2, np.nan)
    for value in (845_123.45, 0.0):
        data = Prices(
            title="BRK.A: $845,123, −3.1% from its record", subtitle="Closes, 1 year", as_of=date(2026, 7, 31),
            source="Yahoo Finance", name="BRK.A", days=days, values=np.full(2, value), average_50=nothing,
            average_200=nothing, words=i18n.money(value),
        )  # fmt: skip
        check(draw(data, DARK), DARK)


def test_the_picture_speaks_the_active_language() -> None:
    for language in (i18n.PSEUDO, "es"):
        with i18n.use(language):
            drawn(ask("quote"))


def test_the_alternative_text_tells_the_numbers() -> None:
    alt = ask("quote").charts[0].alt
    assert "from $219.39 on 31 Jul 2025 to $291.20 on 31 Jul 2026; the record is $300.45" in alt
    assert "$" not in ask("quote", symbol="AAPL").charts[0].alt


def test_quotes_are_no_alarms() -> None:
    assert indicators() == ()


@settings(max_examples=8, deadline=None)
@given(sessions_of_files, st.sampled_from(["IWM", "GME", "AAPL", "RUT", "BRK-B"]))
def test_nothing_after_the_day_leaks(day: date, symbol: str) -> None:
    assert_same_without_the_future("quote", day, symbol=symbol)


@settings(max_examples=5, deadline=None)
@given(any_session)
def test_nothing_leaks_on_older_days(day: date) -> None:
    assert_same_without_the_future("quote", day)
