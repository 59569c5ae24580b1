"""Short interest on the sample: every figure with where it comes from, headlines for every outcome, pictures, leaks.

Expected figures of 2026-07-31 were computed once more from the recorded files (FINRA 2026-07-15, iShares IWM
2026-05-05 and IWB 2026-07-17, market snapshots), with the share classes of companies listed by hand: for instance
sum(short x price) / sum(market cap) over 1,743 companies that are in IWM's list and not in IWB's.
"""

import dataclasses
import math
from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot import i18n
from bot.analytics.aggregates import Coverage
from bot.analytics.short_interest import IndexShort, MatchedChange
from bot.charts.theme import DARK, LIGHT, Theme
from bot.errors import MissingData, UnknownSymbol
from bot.features.short_members import with_positions
from bot.features.shortinterest import words
from bot.features.shortinterest.chart import draw
from bot.features.shortinterest.findings import Findings, find
from bot.features.shortinterest.picture import Comparison, Heading, History
from bot.features.shortinterest.positions import Count, Place, Position, position
from bot.features.shortinterest.report import indicators
from bot.features.shortinterest.request import ShortinterestRequest
from bot.market import universe
from bot.market.dataset import Dataset
from tests.charts.legibility import check, labels, titled
from tests.charts.legibility import words as drawn_words
from tests.features.answers import ask, drawn, rows, values
from tests.features.leaks import any_session, assert_same_without_the_future, sessions_of_files

INDEX_IDS = {
    "weighted_share_of_cap", "median_share_of_shares", "mean_share_of_shares", "weighted_share_of_float",
    "notional_usd", "coverage.members", "coverage.weight", "settlement_date", "publication_date",
}  # fmt: skip
SYMBOL_IDS = {"short_shares", "share_of_shares", "share_of_float", "s3_share", "days_to_cover", "change"}


def test_the_russell_2000_on_the_samples_last_day() -> None:
    found = values(ask("shortinterest"))
    assert set(found) >= INDEX_IDS
    assert found["weighted_share_of_cap"] == pytest.approx(0.0804272, abs=1e-6)
    assert found["median_share_of_shares"] == pytest.approx(0.0576344, abs=1e-6)
    assert found["mean_share_of_shares"] == pytest.approx(0.0757149, abs=1e-6)
    assert found["weighted_share_of_float"] == pytest.approx(0.0980372, abs=1e-6)
    assert found["notional_usd"] == pytest.approx(279_851_336_278, rel=1e-6)
    assert (found["coverage.members"], found["members"], found["coverage.float_members"]) == (1743, 1870, 1364)
    assert found["coverage.weight"] == pytest.approx(0.9701403, abs=1e-6)
    assert (found["settlement_date"], found["publication_date"]) == (date(2026, 7, 15), date(2026, 7, 27))
    assert (found["next_settlement_date"], found["next_publication_date"]) == (date(2026, 7, 31), date(2026, 8, 12))


def test_the_other_index_is_measured_with_companies_counted_once() -> None:
    found = values(ask("shortinterest"))
    assert found["weighted_share_of_cap.R1000"] == pytest.approx(0.0236893, abs=1e-6)
    mirrored = values(ask("shortinterest", symbols=("IWB",)))
    assert mirrored["weighted_share_of_cap"] == found["weighted_share_of_cap.R1000"]
    assert mirrored["weighted_share_of_cap.R2000"] == found["weighted_share_of_cap"]


def test_counting_tickers_instead_of_companies_would_move_the_russell_1000(sample: Dataset) -> None:
    """GOOG and GOOGL carry Alphabet's whole cap each: with both, the share is a tenth of a point too low."""
    held = sample.holdings("IWB").frame.set_index("symbol")
    caps = universe.market_caps(sample, date(2026, 7, 15)).reindex(held.index)
    short = sample.short_interest().frame["short_shares"].reindex(held.index)
    known = caps["price"].notna() & short.notna()
    by_ticker = float((short * caps["price"])[known].sum() / caps["market_cap"][known].sum())
    assert by_ticker == pytest.approx(0.0224, abs=1e-4)
    assert values(ask("shortinterest"))["weighted_share_of_cap.R1000"] - by_ticker > 0.001


def test_between_the_member_lists_lies_the_reconstitution_of_june() -> None:
    report = ask("shortinterest")
    assert values(report)["weighted_share_of_cap.whole_list"] == pytest.approx(0.078366, abs=1e-6)
    note = next(note for note in report.notes if "reconstitution" in note.lower())
    assert "26 Jun 2026" in note
    assert "40 companies" in note


def test_the_thesis_figure_of_may_as_it_could_first_be_computed() -> None:
    """With caps of 2026-06-09: 7.64% over 1,424 tickers; two of them are second classes, so 1,422 companies."""
    found = values(ask("shortinterest", "2026-06-09"))
    assert found["settlement_date"] == date(2026, 5, 15)
    assert found["weighted_share_of_cap"] == pytest.approx(0.0764, abs=3e-4)
    assert found["weighted_share_of_float"] == pytest.approx(0.091, abs=2e-4)
    assert found["median_share_of_shares"] == pytest.approx(0.0524, abs=1e-4)
    assert abs(found["coverage.members"] - 1424) <= 4
    assert found["coverage.weight"] == pytest.approx(0.7545 / 0.9939, abs=2e-3)
    assert not any(key.startswith("weighted_share_of_cap.") for key in found)  # IWB's list was not known yet


def test_the_card() -> None:
    report = ask("shortinterest")
    assert report.headline == (
        "8.0% of the market cap of IWM's members is sold short, over 3 times the Russell 1000's 2.4%; "
        "little changed since 30 Jun 2026."
    )
    assert [stat.id for stat in report.figures] == [
        "weighted_share_of_cap", "median_share_of_shares", "weighted_share_of_cap.R1000", "change",
        "coverage.members", "settlement_date",
    ]  # fmt: skip
    assert report.stat("settlement_date").shown == "15 Jul 2026, published 27 Jul"
    assert report.sources == ("FINRA", "iShares", "Yahoo Finance")


def test_the_fund_is_another_thing_than_its_members() -> None:
    """79,811,318 shares short over about 281 million: 278.75 million by the fund's own file, near enough."""
    report = ask("shortinterest")
    found = values(report)
    assert found["fund.short_shares"] == 79_811_318
    assert found["fund.share_of_shares"] == pytest.approx(79_811_318 / 278_750_000, abs=0.005)
    assert any("another thing" in note and "28%" in note for note in report.notes)


def test_an_index_level_has_members_but_nothing_to_sell_short() -> None:
    report = ask("shortinterest", symbols=("RUT",))
    assert values(report)["weighted_share_of_cap"] == values(ask("shortinterest"))["weighted_share_of_cap"]
    assert "fund.short_shares" not in values(report)


def test_history_is_too_short_for_a_percentile_and_says_so() -> None:
    report = ask("shortinterest")
    found = values(report)
    assert found["percentile"] is None
    assert found["history.settlements"] == len(rows(report, "history")) == 3
    assert any(note.startswith("3 settlement dates are stored") for note in report.notes)


def test_the_change_is_that_of_members_known_at_both_dates(sample: Dataset) -> None:
    """The file of 2026-07-15 holds the positions of 2026-06-30 too: the same prices, two sets of positions."""
    members = universe.pair(sample, near=date(2026, 7, 15)).small
    frame = with_positions(members, sample, date(2026, 7, 15))
    top = before = caps = 0.0
    for row in frame.itertuples():
        if not (pd.isna(row.short) or pd.isna(row.before) or pd.isna(row.shares) or row.split):
            top += row.short * row.price
            before += row.before * row.price
            caps += row.market_cap
    assert values(ask("shortinterest"))["change"] == pytest.approx((top - before) / caps, rel=1e-9)


def test_the_tables_hold_the_indices_and_all_members() -> None:
    report = ask("shortinterest")
    assert [row["index"] for row in rows(report, "indices")] == ["Russell 2000", "Russell 1000"]
    everyone = rows(report, "members")
    assert len(everyone) == 1743
    assert report.table("members").place == "csv"
    shares = [row["share_of_shares"] for row in everyone]
    assert shares == sorted(shares, reverse=True)
    assert rows(report, "members_top") == everyone[:15]


def test_a_company_by_all_denominators() -> None:
    """AMC on 2026-07-15: 49,558,149 short; float 562,589,733; cap / price of 2026-07-02 is 892.6 million shares."""
    found = values(ask("shortinterest", symbols=("AMC",)))
    assert set(found) >= SYMBOL_IDS
    assert found["short_shares"] == 49_558_149
    assert found["share_of_float"] == pytest.approx(49_558_149 / 562_589_733)
    assert found["s3_share"] == pytest.approx(49_558_149 / (562_589_733 + 49_558_149))
    assert found["share_of_shares"] == pytest.approx(49_558_149 / 892_604_614, rel=1e-6)
    assert found["days_to_cover"] == 1.12
    assert found["change"] == pytest.approx(49_558_149 / 52_940_300 - 1)


def test_gamestop_as_the_card_words_it() -> None:
    report = ask("shortinterest", symbols=("GME",))
    assert report.headline == "GME: 55.4M shares short, 16.1 days to cover, 0.8% fewer than on 30 Jun 2026."
    found = values(report)
    assert (found["share_of_float"], found["s3_share"]) == (None, None)
    assert report.stat("share_of_float").shown == "float not stored, 12.4% of shares"
    assert "The float is not stored for GME." in report.notes
    assert (found["rank"], found["rank.of"], found["rank.index"]) == (57, 1006, "Russell 1000")
    assert [row["short_shares"] for row in rows(report, "history")] == [57_937_281, 55_856_110, 55_426_276]


@pytest.mark.parametrize("spelling", ["BRK-B", "BRK.B", "BRKB"])
def test_share_classes_are_found_in_every_spelling(spelling: str) -> None:
    report = ask("shortinterest", symbols=(spelling,))
    assert values(report)["short_shares"] == 13_030_468
    assert any("Shares outstanding" in note for note in report.notes)


def test_the_ticker_na_is_a_ticker() -> None:
    assert values(ask("shortinterest", symbols=("NA",)))["short_shares"] == 1_093_693


def test_a_class_is_measured_against_its_company() -> None:
    report = ask("shortinterest", symbols=("GOOGL",))
    assert any("classes of one company" in note for note in report.notes)


def test_an_index_fund_without_stored_members_answers_for_itself() -> None:
    report = ask("shortinterest", symbols=("QQQ",))
    assert values(report)["short_shares"] == pytest.approx(67e6, rel=0.01)
    assert any("Members of the Nasdaq-100 are not stored" in note for note in report.notes)
    early = ask("shortinterest", "2026-07-13", symbols=("IWB",))  # its member list came on 17 July
    assert any("Members of the Russell 1000 are not stored" in note for note in early.notes)


def test_several_symbols_side_by_side() -> None:
    report = ask("shortinterest", symbols=("GME", "AMC", "NOPE1"))
    assert report.headline == "GME: 16.1 days to cover, the longest of 2; AMC: 1.1, the shortest."
    assert [row["symbol"] for row in rows(report, "symbols")] == ["GME", "AMC"]
    assert any("NOPE1" in note for note in report.notes)
    assert values(report)["days_to_cover.GME"] == 16.14


def test_ten_symbols_still_make_one_card() -> None:
    ten = ("GME", "AMC", "BYND", "PLUG", "HIMS", "SOUN", "MARA", "CLSK", "RXRX", "EOSE")
    report = ask("shortinterest", symbols=ten)
    assert len(report.figures) <= 6
    assert len(rows(report, "symbols")) == 10
    drawn(report)
    with pytest.raises(ValidationError):
        ShortinterestRequest(symbols=(*ten, "IWM"))


def test_what_nobody_knows_is_refused() -> None:
    with pytest.raises(UnknownSymbol):
        ask("shortinterest", symbols=("NOPE1",))
    with pytest.raises(UnknownSymbol):
        ask("shortinterest", symbols=("NOPE1", "NOPE2"))


@pytest.mark.parametrize(("day", "first"), [("2025-12-04", date(2026, 5, 28)), ("2026-05-27", date(2026, 5, 28))])
def test_before_the_first_publication_nothing_is_known(day: str, first: date) -> None:
    with pytest.raises(MissingData) as missing:
        ask("shortinterest", day)
    assert missing.value.first == first


def test_between_publication_and_the_first_caps_the_index_cannot_be_weighed() -> None:
    with pytest.raises(MissingData) as missing:
        ask("shortinterest", "2026-05-29")
    assert missing.value.first == date(2026, 6, 9)
    assert values(ask("shortinterest", "2026-05-29", symbols=("GME",)))["short_shares"] == 57_937_281


def test_the_first_date_has_no_change_and_no_days() -> None:
    report = ask("shortinterest", "2026-06-09")
    assert values(report)["change"] is None
    assert any("no change is given" in note for note in report.notes)
    symbol = ask("shortinterest", "2026-06-09", symbols=("AMC",))
    assert values(symbol)["days_to_cover"] is None
    assert symbol.headline == "AMC: 63.3M shares short."


def test_positions_grow_stale_when_the_next_ones_should_be_out() -> None:
    assert not ask("shortinterest", "2026-06-09").stat("weighted_share_of_cap").stale
    assert ask("shortinterest", "2026-06-10").stat("weighted_share_of_cap").stale  # 29 May was due on 10 June
    assert not ask("shortinterest").stat("weighted_share_of_cap").stale


def short(share: float) -> IndexShort:
    return IndexShort(share, math.nan, share, share, 1e9, 0, Coverage(10, 10, 1.0))


@pytest.fixture(scope="module")
def on_sample(sample: Dataset) -> Findings:
    return find("IWM", sample)


shares = st.floats(0.0005, 0.9)


@settings(max_examples=200, deadline=None)
@given(own=shares, other=st.none() | shares, moved=st.none() | st.floats(-0.2, 0.2))
def test_the_headline_is_true_for_every_outcome(
    on_sample: Findings, own: float, other: float | None, moved: float | None
) -> None:
    change = MatchedChange(own, math.nan if moved is None else own - moved, 5)
    asked = dataclasses.replace(on_sample.asked, short=short(own), change=change)
    beside = dataclasses.replace(on_sample.other, short=short(other)) if other is not None else None
    said = words.index_headline(dataclasses.replace(on_sample, asked=asked, other=beside))
    assert said.startswith(i18n.percent(own))
    assert said.endswith(".")
    assert ("Russell 1000" in said) == (other is not None)
    if other is not None:
        assert ("times" in said) == (own / other >= 2)
        assert ("less than" in said) == (own / other < 0.95)
    if moved is None:
        assert ";" not in said
    elif abs(change.difference) > 0.0011:
        assert ("; up" in said) == (moved > 0)
        assert ("; down" in said) == (moved < 0)


def own(**changed: Any) -> Position:
    whole = {
        "symbol": "X", "settlement": date(2026, 7, 15), "stale": False, "short": 120.0, "before": 100.0,
        "split": False, "days_to_cover": 2.0, "outstanding": Count(1000.0, date(2026, 7, 2)),
        "floating": Count(600.0, date(2026, 6, 9)), "place": Place("R2000", 3, 10, ("X",)),
        "history": pd.Series([120.0], index=pd.DatetimeIndex(["2026-07-15"])),
    }  # fmt: skip
    return Position(**(whole | changed))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "X: 120 shares short, 2.0 days to cover, 20.0% more than on 30 Jun 2026."),
        ({"before": 120.0}, "X: 120 shares short, 2.0 days to cover, unchanged since 30 Jun 2026."),
        ({"before": 240.0}, "X: 120 shares short, 2.0 days to cover, 50.0% fewer than on 30 Jun 2026."),
        ({"split": True}, "X: 120 shares short, 2.0 days to cover."),
        ({"days_to_cover": math.nan, "before": 0.0}, "X: 120 shares short."),
        ({"short": 0.0, "before": 0.0, "days_to_cover": math.nan}, "X: 0 shares short."),
    ],
)  # fmt: skip
def test_headlines_of_a_symbol_by_case(changed: dict[str, Any], said: str) -> None:
    assert words.symbol_headline(own(**changed), date(2026, 6, 30)) == said


def test_a_position_without_denominators_has_no_shares() -> None:
    bare = own(outstanding=Count(math.nan, None), floating=Count(0.0, None))
    assert math.isnan(bare.of_shares)
    assert math.isnan(bare.of_float)
    assert math.isnan(bare.s3)
    assert words.both_shares(bare) is None
    assert words.share_working(bare) is words.float_working(bare) is None


def test_short_beyond_the_float_is_possible() -> None:
    crowded = own(short=900.0)
    assert crowded.of_float == pytest.approx(1.5)
    assert crowded.s3 == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ([2.0, 2.0], "X and Y: 2.0 days to cover each."),
        ([math.nan, math.nan], "Days to cover are not known for X and Y."),
        ([2.0, math.nan], "X: 2.0 days to cover; not known for Y."),
        ([2.0, 5.0], "Y: 5.0 days to cover, the longest of 2; X: 2.0, the shortest."),
    ],
)
def test_headlines_of_several_by_case(days: list[float], said: str) -> None:
    pair = [own(symbol=name, days_to_cover=value) for name, value in zip("XY", days, strict=True)]
    assert words.several_headline(pair) == said


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("symbols", [("IWM",), ("IWB",), ("GME",), ("GME", "AMC"), ("IWM", "SPY", "QQQ")])
def test_the_pictures_are_legible(symbols: tuple[str, ...], theme: Theme) -> None:
    drawn(ask("shortinterest", symbols=symbols), theme)


def test_the_picture_of_a_day_without_another_index_is_legible() -> None:
    drawn(ask("shortinterest", "2026-06-09"))


def test_the_distribution_draws_what_the_report_says() -> None:
    report = ask("shortinterest")
    picture = report.charts[0].data
    assert sum(picture.small.shares) == pytest.approx(1)
    assert sum(picture.large.shares) == pytest.approx(1)
    below = sum(part for edge, part in zip(picture.edges, picture.small.shares, strict=True) if edge < 0.05)
    counted = [row["share_of_shares"] < 0.05 for row in rows(report, "members")]
    assert below == pytest.approx(sum(counted) / len(counted))
    figure = drawn(report)["shortinterest"]
    assert titled(figure) == "Russell 2000: 8.0% of market cap is sold short"
    assert {"8.0%", "5.8%", "2.4%", "4.2%", "25% and more"} <= set(drawn_words(figure))
    assert labels(figure)["Russell 1000"].get_ydata().tolist() == list(picture.large.shares)


def heading() -> Heading:
    return Heading(title="T", subtitle="S", as_of=date(2026, 7, 15), source="FINRA")


def test_years_of_history_and_twelve_symbols_fit_their_pictures() -> None:
    days = tuple(d.date() for d in pd.date_range("2017-12-29", periods=207, freq="15D"))
    long = History(heading=heading(), name="X", days=days, short_shares=tuple(float(n) * 1e6 for n in range(207)))
    check(draw(long, DARK), DARK)
    wide = Comparison(
        heading=heading(),
        names=tuple(f"SYMB{n}" for n in range(12)),
        values=(*(float(n) * 1234.5 for n in range(11)), None),
        words=("123,456.7 days",) * 12,
    )
    check(draw(wide, DARK), DARK)
    flat = History(heading=heading(), name="X", days=days[:1], short_shares=(0.0,))
    check(draw(flat, DARK), DARK)


def test_the_pictures_speak_the_active_language() -> None:
    for language in (i18n.PSEUDO, "es"):
        with i18n.use(language):
            drawn(ask("shortinterest"))
            drawn(ask("shortinterest", symbols=("GME", "AMC")))


def test_alternative_texts_tell_the_numbers() -> None:
    assert "8.0% weighted" in ask("shortinterest").charts[0].alt
    assert "55.4M on 15 Jul 2026" in ask("shortinterest", symbols=("GME",)).charts[0].alt
    assert ask("shortinterest", symbols=("GME", "AMC")).charts[0].alt == "Days to cover: GME 16.1 and AMC 1.1."


@settings(max_examples=8, deadline=None)
@given(sessions_of_files, st.sampled_from([("IWM",), ("IWB",), ("AMC",), ("GME", "NA", "SPY")]))
def test_nothing_after_the_day_leaks(day: date, symbols: tuple[str, ...]) -> None:
    assert_same_without_the_future("shortinterest", day, symbols=symbols)


@settings(max_examples=4, deadline=None)
@given(any_session)
def test_nothing_leaks_on_older_days(day: date) -> None:
    assert_same_without_the_future("shortinterest", day)


def test_indicators_are_what_could_be_computed_on_publication(sample: Dataset) -> None:
    small, large = (indicator.series(sample) for indicator in indicators())
    assert [d.date() for d in small.index] == [date(2026, 7, 13), date(2026, 7, 27)]
    assert small.iloc[-1] == pytest.approx(
        values(ask("shortinterest", "2026-07-27"))["weighted_share_of_cap.whole_list"]
    )
    assert large.iloc[-1] == pytest.approx(0.0236893, abs=1e-6)
    for indicator in indicators():
        early = indicator.series(sample.at(date(2026, 7, 20)))
        pd.testing.assert_series_equal(early, indicator.series(sample).loc[:"2026-07-20"])


def test_a_member_that_was_never_sold_short_is_not_measured(sample: Dataset) -> None:
    members = universe.members(sample, "R2000")
    frame = with_positions(members, sample, date(2026, 7, 15))
    absent = frame.index[frame["short"].isna()]
    assert len(absent)
    positions = sample.short_interest().frame.index
    assert not any(symbol in positions for issuer in absent for symbol in frame.loc[issuer, "symbols"])


def test_positions_of_one_symbol_agree_with_the_members_frame(sample: Dataset) -> None:
    members = universe.members(sample, "R2000", date(2026, 7, 15))
    frame = with_positions(members, sample, date(2026, 7, 15))
    for symbol in ("AMC", "SOUN", "PLAY"):
        single = position(symbol, sample)
        assert single.of_shares == pytest.approx(frame.loc[symbol, "of_shares"])
        assert single.days_to_cover == frame.loc[symbol, "days_to_cover"]
