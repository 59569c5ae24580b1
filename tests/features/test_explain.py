"""Definitions: found by what people remember, with the arithmetic of the day's card."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import i18n, metrics
from bot.errors import BadInput
from bot.features.explain.report import CARDS
from bot.features.explain.search import ALSO_CALLED, search
from tests.features.answers import ask, rows, values


@pytest.mark.parametrize("metric_id", sorted(metrics.catalogue()))
def test_every_definition_can_be_explained(metric_id: str) -> None:
    definition = metrics.catalogue()[metric_id]
    report = ask("explain", metric=metric_id)
    assert report.title == definition.name
    assert definition.formula.rstrip(".") in report.headline
    assert all(caveat in report.notes for caveat in definition.caveats)
    assert report.sources == definition.sources


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("rotation.regime", "rotation.regime"),
        ("regime", "rotation.regime"),
        ("Regime", "rotation.regime"),
        ("days to cover", "short_interest.days_to_cover"),
        ("drawdown", "returns.drawdown"),
        ("sharpe", "returns.sharpe"),
        ("discount", "valuation.discount"),
        ("short interest", "short_interest.index"),
        ("pe", "valuation.pe_forward"),
        ("P/E", "valuation.pe_forward"),
        ("trailing p/e", "valuation.pe_trailing"),
        ("what is tracking error?", "returns.tracking_error"),
        ("how is the regime computed", "rotation.regime"),
        ("What does RS-Ratio mean?", "rotation.rs_ratio"),
        ("the sharpe", "returns.sharpe"),
        ("explain beta", "returns.beta"),
        ("definition of volatility", "returns.volatility"),
        ("qué es la volatilidad", "returns.volatility"),
        ("total return", "returns.total_return_index"),
        ("return", "returns.window"),
        ("position size", "portfolio.position"),
        ("up capture", "returns.capture"),
        ("forward pe", "valuation.pe_forward"),
        ("base rate", "events.forward"),
        ("rrg", "rotation.rs_ratio"),
        ("short interest of float", "short_interest.share_of_float"),
        ("breadth", "breadth.share"),
    ],
)
def test_definitions_are_found_by_what_people_remember(typed: str, found: str) -> None:
    with i18n.use("es" if typed.startswith("qué") else "en"):
        assert search(typed).id == found


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_definition_is_found_by_its_own_name_and_as_a_question(language: str) -> None:
    with i18n.use(language):
        for definition in metrics.catalogue().values():
            assert search(definition.name).name == definition.name
            assert search(f"What is {definition.name}?").name == definition.name


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_words_find_a_definition_or_a_harmless_sentence(words: str) -> None:
    try:
        said = search(words).id
    except BadInput as error:
        said = error.text()
    assert 0 < len(said) < 300


def test_other_names_lead_to_definitions_that_exist() -> None:
    assert set(ALSO_CALLED.values()) <= metrics.catalogue().keys()


def test_a_definition_without_arithmetic_shows_no_empty_table() -> None:
    assert ask("explain", metric="returns.sharpe").tables == ()
    assert [table.id for table in ask("explain").tables] == ["arithmetic"]


def test_typos_get_the_nearest_and_nonsense_a_plain_no() -> None:
    with pytest.raises(BadInput, match="Did you mean"):
        search("sharp ratioo")
    with pytest.raises(BadInput) as caught:
        search("@everyone")
    assert " @everyone" not in caught.value.text()


def test_the_arithmetic_is_that_of_the_card() -> None:
    report = ask("explain", metric="returns.spread")
    card = {stat.label: stat.working for stat in ask("rotation").stats if stat.metric == "returns.spread"}
    told = {row["figure"]: row["arithmetic"] for row in rows(report, "arithmetic")}
    assert told == {label: working for label, working in card.items() if working}
    assert values(report)["spread"] == values(ask("rotation"))["spread"]


def test_figures_are_those_of_the_day_asked_for() -> None:
    assert values(ask("explain", "2025-12-04", metric="records.close"))["record.date"] == date(2025, 12, 4)


def test_a_day_without_the_data_still_has_its_definition() -> None:
    report = ask("explain", "2010-06-01", metric="short_interest.index")
    assert not report.stats
    assert any("No card shows" in note for note in report.notes)


def test_every_area_knows_where_to_look() -> None:
    assert {metric.area for metric in metrics.catalogue().values()} - {"alerts"} <= set(CARDS)


def test_definitions_speak_the_readers_language() -> None:
    with i18n.use(i18n.PSEUDO):
        assert ask("explain").title.startswith("⟦")
