import itertools
import re
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import i18n
from bot.charts.theme import DARK, LIGHT, Theme
from bot.errors import BadInput, NoCloses, NotEnoughHistory, NoTotalReturn, StartAfterEnd, UnknownSymbol
from bot.features.rotation import words
from bot.features.rotation.findings import Findings, Span
from bot.features.rotation.report import indicators
from bot.features.sides import Sides, difference
from bot.features.style.words import headline as style_headline
from bot.market.dataset import Dataset
from bot.report import as_json
from tests.charts.legibility import check, labels, titled
from tests.charts.legibility import words as drawn_words
from tests.features.answers import ask, assert_nothing_leaks, drawn, rows, values

WINDOWS = ("1w", "1m", "3m", "6m", "ytd", "1y", "3y", "5y", "10y", "max", "1d", "2026-07-31", "2025-12-04")
IDS = {
    "window.start", "window.end", "return.small", "return.large", "spread", "rs.level", "rs.vs_200d", "regime",
    "regime.since", "regime.confirmed",
}  # fmt: skip


def by_hand(dataset: Dataset, symbol: str, start: str, end: str) -> float:
    """Reinvest every dividend at the close of its ex-date, share by share."""
    closes, paid = dataset.closes(symbol), dataset.dividends(symbol)
    shares = 1.0
    for day in closes.loc[start:end].index[1:]:
        before = closes[closes.index < day].iloc[-1]
        shares *= (closes[day] + paid[day]) / before * before / closes[day]
    return float(shares * closes.loc[end] / closes.loc[start] - 1)


def test_the_year_to_date_of_the_article() -> None:
    found = values(ask("rotation", "2025-12-04", window="ytd"))
    assert round(found["return.small"], 4) == 0.1486
    assert round(found["return.large"], 4) == 0.1780
    assert (found["window.start"], found["window.end"]) == (date(2024, 12, 31), date(2025, 12, 4))


def test_the_half_year_the_article_quoted() -> None:
    found = values(ask("rotation", "2025-12-08", window="6m"))
    assert found["return.small"] == pytest.approx(0.1905, abs=5e-5)
    assert found["return.large"] == pytest.approx(0.1476, abs=5e-5)
    price = values(ask("rotation", "2025-12-11", window="2025-06-30", basis="price"))
    assert price["return.small"] == pytest.approx(0.195, abs=1e-3)
    assert price["return.large"] == pytest.approx(0.115, abs=1e-3)


def test_since_the_article() -> None:
    found = values(ask("rotation", window="2025-12-04"))
    assert (round(found["return.small"], 3), round(found["return.large"], 3)) == (0.165, 0.101)


@pytest.mark.parametrize("window", ["6m", "1y", "3y"])
def test_returns_agree_with_dividends_reinvested_by_hand(sample: Dataset, window: str) -> None:
    found = values(ask("rotation", window=window))
    start, end = str(found["window.start"]), str(found["window.end"])
    assert found["return.small"] == pytest.approx(by_hand(sample, "IWM", start, end), rel=1e-9)
    assert found["return.large"] == pytest.approx(by_hand(sample, "SPY", start, end), rel=1e-9)


@pytest.mark.parametrize("window", WINDOWS)
def test_every_window_answers_with_the_stable_ids(window: str) -> None:
    report = ask("rotation", window=window)
    found = values(report)
    assert set(found) >= IDS
    assert found["spread"] == pytest.approx(found["return.small"] - found["return.large"])
    assert len(report.figures) == 6
    assert as_json(report)["request"]["window"] == window


def test_the_card_of_the_samples_last_day() -> None:
    report = ask("rotation")
    assert report.headline == (
        "Small caps lead: +12.6% against +8.5% since 30 Jan 2026, still behind over 3 and 5 years."
    )
    assert [stat.id for stat in report.figures] == [
        "return.small", "return.large", "spread", "spread.1y", "spread.3y", "regime"
    ]  # fmt: skip
    assert report.stat("regime").shown == "small caps lead since 18 Dec 2025, confirmed 24 Dec 2025"
    assert report.tone == "small"
    assert report.notes[0] == (
        "6 months: from the close of 30 Jan 2026 to the close of 31 Jul 2026. Total return: dividends reinvested."
    )
    assert "24 Dec 2025" in report.notes[1]


def test_relative_strength_is_the_ratio_of_the_two_lines() -> None:
    report = ask("rotation", window="1y")
    found = values(report)
    assert found["rs.level"] == pytest.approx(100 * (1 + found["return.small"]) / (1 + found["return.large"]))
    levels = rows(report, "levels")
    assert (levels[0]["small"], levels[0]["large"], levels[0]["rs"], levels[0]["spread"]) == (100, 100, 100, 0)
    assert levels[-1]["spread"] == pytest.approx(found["spread"])
    assert levels[-1]["rs"] / levels[-1]["rs_mean_200"] - 1 == pytest.approx(found["rs.vs_200d"])
    assert report.table("levels").place == "csv"


def test_the_mean_is_of_two_hundred_sessions_also_before_the_window(sample: Dataset) -> None:
    small, large = sample.total_return("IWM"), sample.total_return("SPY")
    ratios = [float(small.iloc[i] / large.loc[small.index[i]]) for i in range(len(small) - 200, len(small))]
    assert values(ask("rotation", window="1w"))["rs.vs_200d"] == pytest.approx(ratios[-1] / (sum(ratios) / 200) - 1)


def test_the_table_of_all_windows_agrees_with_asking_each() -> None:
    for row in rows(ask("rotation"), "horizons"):
        window = {"1 week": "1w", "3 years": "3y", "year to date": "ytd", "all history": "max"}.get(row["window"])
        if window:
            found = values(ask("rotation", window=window))
            assert (row["small"], row["large"]) == (found["return.small"], found["return.large"])
            assert row["start"] == found["window.start"]


def test_years_are_annualised_on_actual_days() -> None:
    found = values(ask("rotation", window="3y"))
    days = (found["window.end"] - found["window.start"]).days
    assert (1 + found["annualised.small"]) ** (days / 365.25) == pytest.approx(1 + found["return.small"])
    assert "annualised.small" not in values(ask("rotation", window="6m"))


def test_the_price_basis_leaves_dividends_out(sample: Dataset) -> None:
    found = values(ask("rotation", window="1y", basis="price"))
    closes = sample.closes("SPY")
    assert found["return.large"] == pytest.approx(closes["2026-07-31"] / closes["2025-07-31"] - 1)
    assert found["return.large"] < values(ask("rotation", window="1y"))["return.large"]
    assert "without dividends" in ask("rotation", window="1y", basis="price").notes[0]


def test_indices_compare_on_prices_alone() -> None:
    report = ask("rotation", small="^RUT", large="GSPC", basis="price")
    assert report.title == "Small caps against large caps"
    with pytest.raises(NoTotalReturn):
        ask("rotation", small="RUT")
    with pytest.raises(NoCloses):
        ask("rotation", small="VB", basis="price")


def test_other_funds_are_called_by_their_names() -> None:
    report = ask("rotation", small="IWN", large="QQQ", window="3y")
    assert report.title == "IWN against QQQ"
    assert report.headline.startswith("IWN trails QQQ: ")
    assert report.tone == "large"


def test_what_cannot_be_answered_is_said() -> None:
    with pytest.raises(BadInput, match="SPY"):
        ask("rotation", small="SPY")
    with pytest.raises(NotEnoughHistory) as short:
        ask("rotation", window="2000-01-03")
    assert (short.value.symbol, short.value.first, short.value.wanted) == ("IWM", date(2000, 5, 26), date(2000, 1, 3))
    with pytest.raises(NotEnoughHistory, match="MAGS"):
        ask("rotation", small="MAGS", window="10y")
    with pytest.raises(StartAfterEnd):
        ask("rotation", "2025-12-04", window="2026-01-05")
    with pytest.raises(UnknownSymbol):
        ask("rotation", small="NOPE")


def test_a_start_on_a_holiday_takes_the_session_before() -> None:
    assert values(ask("rotation", window="2025-12-25"))["window.start"] == date(2025, 12, 24)


def test_a_window_of_one_session_is_level() -> None:
    report = ask("rotation", window="2026-07-31")
    found = values(report)
    assert (found["return.small"], found["return.large"], found["spread"]) == (0, 0, 0)
    assert report.headline == "Small and large caps are level: 0.0% against 0.0% since 31 Jul 2026."
    assert report.tone == "neutral"
    assert found["rs.level"] == 100


def test_a_young_fund_has_no_regime_and_says_so() -> None:
    report = ask("rotation", "2023-08-01", small="MAGS", window="3m")
    found = values(report)
    assert found["regime"] is None
    assert found["rs.vs_200d"] is None
    assert found["spread.3y"] is None
    assert any("No regime" in note for note in report.notes)
    assert any("too short" in note for note in report.notes)
    assert len(report.figures) == 4
    drawn(report)


def finding(small: float, large: float, longer: list[tuple[str, float]], *, by_size: bool) -> Findings:
    def span(window: str, start: date, a: float, b: float) -> Span:
        return Span(a, b, window, start, date(2026, 7, 31))

    series = pd.Series([100.0, 100.0], index=pd.to_datetime(["2026-01-30", "2026-07-31"]))
    years = {"1y": date(2025, 7, 31), "3y": date(2023, 7, 31), "5y": date(2021, 7, 30)}
    return Findings(
        pair=Sides("IWM", "SPY") if by_size else Sides("IWN", "QQQ"),
        asked=span("6m", date(2026, 1, 30), small, large),
        horizons=tuple(span(text, years[text], spread, 0.0) for text, spread in longer),
        offered=(),
        small=series,
        large=series,
        strength=series,
        mean=series * np.nan,
        direction=(np.nan, np.nan),
        regime=None,
        history=pd.DataFrame(),
    )


spreads = st.floats(-0.9, 3.0).filter(lambda x: abs(x) > 0.001 or x == 0)


apart = st.floats(-0.002, 0.002)  # spreads about the size that is shown as nothing


@settings(max_examples=200)
@given(
    st.floats(-0.9, 3),
    st.floats(-0.9, 3) | apart.map(lambda x: x + 0.05),
    st.lists(spreads, min_size=3, max_size=3),
    st.booleans(),
)
def test_the_headline_is_true_for_every_outcome(small: float, large: float, other: list[float], by_size: bool) -> None:
    said = words.headline(finding(small, large, list(zip(("1y", "3y", "5y"), other, strict=True)), by_size=by_size))
    shown = round((small - large) * 100, 1)
    assert said.endswith(".")
    assert (" level" in said) == (abs(small - large) < 0.0005)
    assert (" lead" in said) == (small - large >= 0.0005)
    assert (" trail" in said) == (small - large <= -0.0005)
    told = [float(n.replace("−", "-").replace(",", "")) for n in re.findall(r"([+−]?[\d,]+\.\d+)%", said)]
    assert told == pytest.approx([small * 100, large * 100], abs=0.0501)
    if " level" not in said:
        assert (told[0] > told[1]) == (" lead" in said), "the numbers written must bear the sentence out"
    if shown > 0.05:
        assert ("still behind" in said) == any(spread < 0 for spread in other)
        assert "still ahead" not in said
    if shown < -0.05:
        assert ("still ahead" in said) == any(spread > 0 for spread in other)
        assert "still behind" not in said


@given(st.floats(-0.05, 0.05), apart)
def test_close_returns_are_told_apart_or_called_level_with_reason(small: float, gap: float) -> None:
    for one in (words.headline(finding(small, small + gap, [], by_size=True)),
                style_headline(finding(small, small + gap, [], by_size=True))):  # fmt: skip
        written = re.findall(r"([+−]?\d+\.\d+)%", one)
        if "level" not in one:
            assert written[0] != written[1], one


@pytest.mark.parametrize(
    ("small", "large", "written"),
    [
        (0.126, 0.085, ("+12.6%", "+8.5%", "+4.1 points")),
        (0.1264, 0.0846, ("+12.64%", "+8.46%", "+4.18 points")),
        (-0.2048, -0.1817, ("−20.5%", "−18.2%", "−2.3 points")),
        (0.05, 0.05, ("+5.0%", "+5.0%", "0.0 points")),
    ],
)
def test_a_difference_that_is_written_out_adds_up(small: float, large: float, written: tuple[str, str, str]) -> None:
    assert difference(small, large) == written


@pytest.mark.parametrize(
    ("feature", "apart_"),
    [("style", True), ("years", True), ("rotation", False)],  # +14.8 and +10.4 but 4.5; 2025: +12.7 and +17.7 but -5.1
)
def test_a_spread_that_rounding_sets_apart_is_explained(feature: str, apart_: bool) -> None:
    assert ("Differences are taken before rounding: the last digit can be one off." in ask(feature).notes) == apart_


@given(st.floats(-0.9, 5), st.floats(-0.9, 5))
def test_written_differences_add_up_to_a_ten_thousandth_at_worst(small: float, large: float) -> None:
    one, other, apart_ = (
        Decimal(text.replace("−", "-").replace("+", "").replace(",", "").split("%")[0].split(" ")[0])
        for text in difference(small, large)
    )
    assert abs(one - other - apart_) <= Decimal("0.0001")


@pytest.mark.parametrize(
    ("small", "large", "longer", "said"),
    [
        (0.0154, 0.0148, [], "Small caps lead: +1.54% against +1.48% since 30 Jan 2026."),
        (0.0146, 0.0144, [], "Small and large caps are level: +1.46% against +1.44% since 30 Jan 2026."),
        (0.02, 0.01, [("1y", 0.1)], "Small caps lead: +2.0% against +1.0% since 30 Jan 2026, and also over 1 year."),
        (-0.02, -0.05, [], "Small caps lead: −2.0% against −5.0% since 30 Jan 2026."),
        (-0.02, 0.0, [("3y", 1)], "Small caps trail: −2.0% against 0.0% since 30 Jan 2026, still ahead over 3 years."),
        (0.05, 0.05, [("3y", 0.2)], "Small and large caps are level: +5.0% against +5.0% since 30 Jan 2026."),
    ],
)  # fmt: skip
def test_headlines_by_case(small: float, large: float, longer: list[tuple[str, float]], said: str) -> None:
    assert words.headline(finding(small, large, longer, by_size=True)) == said


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("window", WINDOWS)
def test_the_picture_is_legible_for_every_window(window: str, theme: Theme) -> None:
    drawn(ask("rotation", window=window), theme)


@pytest.mark.parametrize(("small", "large"), [("IWM", "MAGS"), ("QQQ", "IWM"), ("GOOGL", "NVDA")])
def test_the_picture_is_legible_for_other_pairs(small: str, large: str) -> None:
    for window in ("6m", "max"):
        drawn(ask("rotation", small=small, large=large, window=window))


def test_the_picture_draws_what_the_report_says() -> None:
    report = ask("rotation", window="1y")
    figure = drawn(report)["rotation"]
    found = values(report)
    assert titled(figure) == "Small caps 14.6 points ahead of large caps"
    assert titled(figure, "subtitle") == "1 year: 31 Jul 2025 to 31 Jul 2026, total return, start = 100"
    assert titled(figure, "footer") == "As of 31 Jul 2026 · Yahoo Finance"
    series = labels(figure)
    for fund, key in (("IWM", "return.small"), ("SPY", "return.large")):
        drawn_levels = series[fund].get_ydata()
        assert drawn_levels[0] == pytest.approx(100)
        assert drawn_levels[-1] == pytest.approx(100 * (1 + found[key]))
        assert i18n.percent(found[key], signed=True) in drawn_words(figure)
    assert series["strength"].get_ydata()[-1] == pytest.approx(found["rs.level"])
    assert {"IWM leads", "SPY leads", "200-day mean", "Relative strength"} <= set(drawn_words(figure))


def test_bands_begin_when_a_regime_was_known() -> None:
    report = ask("rotation", window="1y")
    picture = report.charts[0].data
    last = picture.bands[-1]
    assert picture.dates[last[0]].item() == values(report)["regime.confirmed"] == date(2025, 12, 24)
    assert last[1:] == (len(picture.dates) - 1, "small")
    for before, after in itertools.pairwise(picture.bands):
        assert after[0] == before[1] + 1
        assert after[2] != before[2]


def test_the_alternative_text_tells_the_numbers() -> None:
    alt = ask("rotation").charts[0].alt
    for told in ("30 Jan 2026", "31 Jul 2026", "112.6", "108.5", "103.8", "+2.7%", "18 Dec 2025"):
        assert told in alt


def test_the_picture_speaks_the_active_language() -> None:
    with i18n.use(i18n.PSEUDO):
        figure = drawn(ask("rotation"))["rotation"]
        assert titled(figure).startswith("[")
        assert "[Relative strength]" in drawn_words(figure)
    with i18n.use("es"):
        check(drawn(ask("rotation", window="1y"))["rotation"], DARK)


@pytest.mark.parametrize("window", ["6m", "max"])
def test_nothing_after_the_day_leaks(window: str) -> None:
    assert_nothing_leaks("rotation", date(2025, 12, 4), window=window)


def test_indicators_agree_with_the_card(sample: Dataset) -> None:
    series = {indicator.id: indicator.series(sample) for indicator in indicators()}
    assert series["rotation.spread.6m"].iloc[-1] == pytest.approx(values(ask("rotation"))["spread"])
    assert series["rotation.spread.12m"].iloc[-1] == pytest.approx(values(ask("rotation", window="1y"))["spread"])
    assert series["rotation.spread.ytd"].iloc[-1] == pytest.approx(values(ask("rotation", window="ytd"))["spread"])
    assert series["rotation.rs_vs_200d"].iloc[-1] == pytest.approx(values(ask("rotation"))["rs.vs_200d"])
    for day in ("2025-12-04", "2020-03-23", "2009-03-09"):
        past = values(ask("rotation", day, window="1m"))
        assert series["rotation.spread.1m"].loc[day] == pytest.approx(past["spread"])


def test_the_regime_indicator_names_its_states(sample: Dataset) -> None:
    (regime,) = (indicator for indicator in indicators() if indicator.states)
    series = regime.series(sample)
    assert set(series.unique()) <= {0.0, 1.0, 2.0}
    assert regime.states[int(series.iloc[-1])] == "small"
    for day in ("2025-12-23", "2025-12-24", "2025-11-14", "2008-09-15"):
        assert regime.states[int(series.loc[day])] == values(ask("rotation", day))["regime"]


def test_indicators_know_nothing_of_the_future(sample: Dataset) -> None:
    early = sample.at(date(2025, 12, 4))
    for indicator in indicators():
        now, then = indicator.series(sample), indicator.series(early)
        assert then.index[-1] == pd.Timestamp("2025-12-04")
        assert not then.isna().any()
        pd.testing.assert_series_equal(now.loc[:"2025-12-04"], then, rtol=1e-9, check_freq=False)
