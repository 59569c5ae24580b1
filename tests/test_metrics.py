import importlib
import re
from datetime import date

import pytest

from bot import features, i18n, metrics
from bot.report import Report
from tests.features.answers import ask

ASKED = ("rotation", "highs", "years")
ID = re.compile(r"[a-z_]+\.[a-z0-9_]+")


def answers() -> list[Report]:
    return [ask(name) for name in ASKED]


def test_every_area_offers_definitions_with_ids_of_their_own() -> None:
    found = metrics.catalogue()
    counted = sum(len(importlib.import_module(f"bot.metrics.{area}").metrics()) for area in metrics.areas())
    assert len(found) == counted > 15
    assert all(ID.fullmatch(metric_id) for metric_id in found)


def test_a_definition_says_everything_it_has_to() -> None:
    for definition in metrics.catalogue().values():
        assert definition.name
        assert len(definition.formula) > 10
        assert definition.inputs
        assert definition.sources
        assert definition.area == definition.id.split(".")[0]


def test_one_definition_is_found_by_its_id() -> None:
    assert metrics.metric("rotation.regime").name == "Regime"
    with pytest.raises(KeyError):
        metrics.metric("rotation.nothing")


def test_definitions_speak_the_active_language() -> None:
    with i18n.use(i18n.PSEUDO):
        spoken = metrics.metric("returns.spread")
    assert spoken.name == "⟦Spread⟧"
    assert spoken.formula.startswith("⟦")
    assert all(text.startswith("⟦") for text in (*spoken.inputs, *spoken.caveats))
    assert metrics.metric("returns.spread").name == "Spread"


def test_every_metric_a_card_names_is_defined() -> None:
    defined = metrics.catalogue()
    for report in answers():
        named = {stat.metric for stat in report.stats if stat.metric}
        assert named
        assert named <= set(defined), report.feature


def test_figures_of_these_cards_can_be_explained_with_todays_arithmetic() -> None:
    for report in answers():
        shown = [stat for stat in report.stats if stat.figure and stat.unit in {"fraction", "percentage_points"}]
        assert [stat.id for stat in shown if not stat.working and not stat.id.startswith(("best", "worst"))] == []


def test_the_features_asked_here_exist() -> None:
    assert set(ASKED) <= set(features.names())
    assert ask("rotation").as_of == date(2026, 7, 31)
