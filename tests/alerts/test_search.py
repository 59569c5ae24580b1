"""What people type when they look for an indicator, and what they mean by it: over the real catalogue."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import i18n
from bot.alerts import catalogue, search
from bot.alerts.rule import Watched
from bot.errors import BadInput
from bot.market.dataset import Dataset


@pytest.fixture(scope="module")
def known(sample: Dataset) -> tuple[Watched, ...]:
    return catalogue.listing(sample)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("regime", "rotation.regime"),
        ("growth value regime", "style.regime"),
        ("yield", "rates.yield_2y"),
        ("2y", "rates.yield_2y"),
        ("10 year", "rates.yield_10y"),
        ("slope", "rates.slope_10y2y"),
        ("short interest", "shortinterest.weighted.r1000"),
        ("short interest russell 2000", "shortinterest.weighted.r2000"),
        ("close", "price.close.IWM"),
        ("close spy", "price.close.SPY"),
        ("vix", "price.close.VIX"),
        ("return 6m", "price.return.6m.IWM"),
        ("spread", "rotation.spread.1m"),
        ("IWM minus SPY", "rotation.spread.1m"),
        ("strength", "price.strength.IWM/SPY"),
        ("high yield", "macro.BAMLH0A0HYM2"),
        ("fed funds", "macro.DFF"),
        ("nfci", "macro.NFCI"),
        ("gauge", "risks.quality"),
        ("financing", "risks.financing"),
        ("from record", "price.from_record.IWM"),
        ("percentile", "valuation.relative_percentile"),
        ("discount p/e this year", "valuation.discount.pe_fy1.all"),
        ("revision", "earnings.revisions"),
        ("verdict", "thesis.records"),
        ("200d", "rotation.rs_vs_200d"),
        ("rates.y", "rates.yield_2y"),
        ("RATES.YIELD_10Y", "rates.yield_10y"),
        ("yeild", "rates.yield_2y"),
        ("unemploymnet", "macro.UNRATE"),
        ("regim of iwm", "rotation.regime"),
    ],
)
def test_what_is_meant_comes_first(known: tuple[Watched, ...], typed: str, first: str) -> None:
    assert search.found(typed, known, 25)[0].id == first


@pytest.mark.parametrize("typed", ["weather", "close weather", "🐂", "zzz regime"])
def test_what_nothing_is_called(known: tuple[Watched, ...], typed: str) -> None:
    assert search.found(typed, known, 25) == []


def test_in_spanish_by_spanish_words_and_by_id(sample: Dataset) -> None:
    with i18n.use("es"):
        listed = catalogue.listing(sample)
    assert search.found("régimen", listed, 5)[0].id == "rotation.regime"
    assert search.found("regime", listed, 5)[0].id == "rotation.regime"
    assert search.found("desempleo", listed, 5)[0].id == "macro.UNRATE"


def test_every_indicator_is_found_by_its_id_and_by_its_title(known: tuple[Watched, ...]) -> None:
    for one in known:
        assert search.found(one.id, known, 1)[0].id == one.id
        assert one.title in [hit.title for hit in search.found(one.title, known, 3)]


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=30), st.integers(0, 25))
def test_anything_may_be_typed(known: tuple[Watched, ...], typed: str, count: int) -> None:
    hits = search.found(typed, known, count)
    assert len(hits) <= count
    assert len({one.id for one in hits}) == len(hits)


def test_a_word_instead_of_an_id_is_told_what_it_may_have_meant(sample: Dataset) -> None:
    with pytest.raises(BadInput, match=r"called “regime”\. Did you mean rotation\.regime or style\.regime\?"):
        catalogue.find("regime", sample)
    with pytest.raises(BadInput, match=r"Did you mean rates\.yield_2y"):
        catalogue.find("2-year yield", sample)
