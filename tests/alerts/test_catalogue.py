from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from bot import features, i18n
from bot.alerts import catalogue
from bot.alerts.presets import GAUGES, presets
from bot.alerts.rule import Watched
from bot.alerts.sentence import reading
from bot.errors import BadInput, UnknownSymbol
from bot.features.thesis.words import SCORED
from bot.indicator import Indicator
from bot.market.dataset import Dataset

PAST = (date(2026, 7, 15), date(2025, 9, 18), date(2019, 3, 1))


def all_of(dataset: Dataset) -> dict[str, Indicator]:
    return catalogue.offered(dataset)


def one_of_each(dataset: Dataset) -> list[Indicator]:
    """One indicator of each kind: families differ in their symbols alone."""
    kept: dict[str, Indicator] = {}
    for one in all_of(dataset).values():
        head, _dot, symbol = one.id.rpartition(".")
        family = head if symbol.isupper() and one.id.startswith("price.") else one.id
        kept.setdefault(family, one)
    return list(kept.values())


def test_the_catalogue_names_what_the_thesis_needs(sample: Dataset) -> None:
    ids = set(all_of(sample))
    assert len(ids) >= 300
    assert ids >= {
        "price.close.IWM", "price.from_record.RUT", "price.return.6m.QQQ", "price.spread.ytd.QQQ/SPY",
        "price.strength.RSP/SPY", "price.spread.6m.IWO/IWN", "rotation.rs_vs_200d", "rotation.regime",
        "valuation.relative_percentile", "rates.yield_2y", "rates.slope_10y2y", "rates.expected_change_12m",
        "macro.BAMLH0A0HYM2", "rates.sensitivity_2y", "shortinterest.weighted.r2000",
    }  # fmt: skip
    assert ids >= set(GAUGES)
    assert ids >= {f"thesis.{claim}" for claim in SCORED}
    assert ids >= {
        "highs.records_ytd", "rotation.spread.12m", "valuation.relative", "valuation.discount.pe_fy1.profitable",
        "valuation.discount.pe_fy1.all", "breadth.above_200.small", "breadth.at_high.small", "style.spread.6m",
        "earnings.revisions", "earnings.revisions.companies", "earnings.revisions.cap_weighted", "rates.yield_10y",
        "shortinterest.weighted.r1000", "price.vs_200d.IWM",
    }  # fmt: skip


def test_ids_are_unique_and_short(sample: Dataset) -> None:
    listed = list(all_of(sample))
    assert max(len(one) for one in listed) <= 80
    assert all(one == one.strip() and " " not in one for one in listed)


@pytest.mark.parametrize("day", PAST)
def test_nothing_is_known_before_its_day(sample: Dataset, day: date) -> None:
    """What a series said of the past on that day is what it says today."""
    then = sample.at(day)
    for one in one_of_each(sample):
        now, known = catalogue.series(one, sample), catalogue.series(one, then)
        before = now[now.index <= pd.Timestamp(then.as_of)] if now is not None else None
        if known is None:
            assert before is None or before.empty, one.id
            continue
        assert before is not None, one.id
        pd.testing.assert_series_equal(known, before, check_names=False, check_freq=False, obj=one.id)


def test_series_are_in_order_and_complete(sample: Dataset) -> None:
    for one in one_of_each(sample):
        values = catalogue.series(one, sample)
        if values is None:
            continue
        assert values.index.is_monotonic_increasing, one.id
        assert values.index.is_unique, one.id
        assert np.isfinite(values.to_numpy()).all(), one.id
        assert values.index[-1] <= pd.Timestamp(sample.as_of), one.id


def test_states_are_whole_numbers_with_names(sample: Dataset) -> None:
    found = [one for one in all_of(sample).values() if one.states]
    assert {"rotation.regime"} <= {one.id for one in found}
    for one in found:
        values = catalogue.series(one, sample)
        assert values is None or set(values.unique()) <= set(range(len(one.states)))


def test_units_fit_the_numbers(sample: Dataset) -> None:
    last = {
        "price.close.IWM": 291.20,  # dollars, as recorded
        "price.close.RUT": 2931.34,
        "macro.ICSA": 197_000.0,
        "macro.UNRATE": 0.042,
        "rates.yield_2y": 0.0423,
        "macro.BAMLH0A0HYM2": 0.0284,
    }
    for indicator_id, value in last.items():
        found = catalogue.series(catalogue.find(indicator_id, sample), sample)
        assert found is not None
        assert found.iloc[-1] == pytest.approx(value, abs=0.005)


def test_returns_against_closes_and_dividends_by_hand(sample: Dataset) -> None:
    closes, dividends = sample.closes("SPY"), sample.dividends("SPY")
    year = closes[closes.index >= "2025-12-31"]
    grown = 1.0
    for before, today, day in zip(year, year.iloc[1:], year.index[1:], strict=False):
        grown *= (today + dividends.get(day, 0.0)) / before
    found = catalogue.series(catalogue.find("price.return.ytd.SPY", sample), sample)
    assert found is not None
    assert found.iloc[-1] == pytest.approx(grown - 1)


def test_single_positions_are_there_for_any_listed_symbol(sample: Dataset) -> None:
    shares = catalogue.series(catalogue.find("short.shares.GME", sample), sample)
    assert shares is not None
    assert shares.iloc[-1] == 55_426_276
    assert shares.index[-1].date() == date(2026, 7, 27)  # published, not settled
    days = catalogue.series(catalogue.find("short.days.GME", sample), sample)
    assert days is not None
    assert days.iloc[-1] == pytest.approx(16.14)


def test_discounts_are_those_of_the_valuation_card(sample: Dataset) -> None:
    card = features.report_module("valuation").build(features.request_type("valuation")(), sample)
    found = [one for one in all_of(sample) if one.startswith("valuation.discount.")]
    assert len(found) == 6
    for indicator_id in found:
        values = catalogue.series(catalogue.find(indicator_id, sample), sample)
        assert values is not None
        assert values.iloc[-1] == pytest.approx(card.stat(indicator_id.removeprefix("valuation.")).value), indicator_id


def test_squeeze_scores_are_those_of_the_screen(sample: Dataset) -> None:
    for fund in ("IWM", "IWB"):
        request = features.request_type("squeeze")(index=fund, n=5)
        table = features.report_module("squeeze").build(request, sample).table("squeeze")
        at = [column.id for column in table.columns]
        for row in table.rows:
            symbol, score = str(row[at.index("symbol")]), row[at.index("score")]
            values = catalogue.series(catalogue.find(f"squeeze.score.{symbol}", sample), sample)
            assert values is not None
            assert values.iloc[-1] == pytest.approx(score), symbol
            assert values.index[-1].date() == date(2026, 7, 27)


def test_shares_of_float_and_of_shares_by_hand(sample: Dataset) -> None:
    positions, market, snapshot = sample.short_interest().frame, sample.market().frame, sample.snapshot().frame
    short = float(positions.loc["CAR", "short_shares"])
    outstanding = float(snapshot.loc["CAR", "market_cap"] / snapshot.loc["CAR", "price"])
    for name, whole in (("of_float", float(market.loc["CAR", "float_shares"])), ("of_shares", outstanding)):
        found = catalogue.series(catalogue.find(f"short.{name}.CAR", sample), sample)
        assert found is not None
        assert found.iloc[-1] == pytest.approx(short / whole)


@pytest.mark.parametrize(
    "indicator_id",
    ["price.close.TLT", "price.spread.6m.IWM/IWM", "price.return.2y.IWM", "macro.GDP", "short.size.GME", "x", ""],
)
def test_what_is_no_indicator(sample: Dataset, indicator_id: str) -> None:
    with pytest.raises(BadInput, match="no indicator called"):
        catalogue.find(indicator_id, sample)


def test_a_slip_gets_the_nearest(sample: Dataset) -> None:
    with pytest.raises(BadInput, match=r"Did you mean .*rates\.yield_2y"):
        catalogue.find("rates.yeild_2y", sample)
    with pytest.raises(UnknownSymbol):
        catalogue.find("price.return.6m.NOSUCH", sample)


def test_the_listing_has_history_starts_and_groups(sample: Dataset) -> None:
    listed = {one.id: one for one in catalogue.listing(sample)}
    close = listed["price.close.IWM"]
    assert close.now == pytest.approx(291.2, abs=0.01)
    assert replace(close, now=None) == Watched(
        "price.close.IWM", "Close of IWM", "usd", "session", "Yahoo Finance",
        date(2000, 5, 26), date(2026, 7, 31), None, (), "Closes",
    )  # fmt: skip
    assert listed["rotation.regime"].states == ("large", "mixed", "small")
    assert "Other" not in {one.group for one in listed.values()}
    assert set(GAUGES) <= set(listed)
    assert [one.id for one in listed.values() if one.first is None] == ["risks.short_interest"]


def test_what_is_more_or_less_than_something_shows_its_sign(sample: Dataset) -> None:
    """Returns, distances and growth say "+" where they are above nothing; prices, yields and shares never do."""
    signs: dict[bool, set[str]] = {True: set(), False: set()}
    for one in catalogue.listing(sample):
        if one.now is not None and one.now > 0 and not one.states:
            signs[reading(one.now, one).startswith("+")].add(".".join(one.id.split(".")[:2]))
    assert signs[True] >= {"price.return", "price.spread", "price.vs_200d", "rotation.rs_vs_200d", "rotation.spread"}
    assert signs[True] >= {"earnings.growth", "earnings.revisions", "rates.slope_10y2y", "breadth.equal_vs_cap"}
    assert signs[False] >= {"price.close", "price.strength", "rates.yield_2y", "macro.ICSA", "valuation.relative"}
    assert signs[False] >= {"breadth.above_200", "valuation.discount", "shortinterest.weighted", "risks.financing"}
    assert not signs[True] & signs[False]


def test_titles_follow_the_language(sample: Dataset) -> None:
    with i18n.use(i18n.PSEUDO):
        assert all("⟦" in one.title for one in all_of(sample).values())


def test_current_series_know_whether_they_are_fresh(sample: Dataset) -> None:
    wanted = ["price.close.IWM", "macro.UNRATE", "no.such", "short.shares.GME"]
    found = catalogue.current(wanted, sample)
    assert set(found) == set(wanted) - {"no.such"}
    assert all(one.fresh for one in found.values())


def test_presets_watch_what_exists(sample: Dataset) -> None:
    listed = all_of(sample)
    rules = [rule for preset in presets() for rule in preset.rules]
    assert {rule.indicator for rule in rules} <= set(listed)
    assert len({preset.id for preset in presets()}) == len(presets()) == 6
