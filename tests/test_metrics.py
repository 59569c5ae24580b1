"""Definitions and what uses them: every id a card names exists, and every definition is named somewhere."""

import importlib
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from bot import features, i18n, metrics
from bot.errors import MissingData
from bot.features.explain import search
from tests.test_every_feature import answered

ROOT = Path(__file__).parents[1] / "bot"
SOURCES = "\n".join(
    path.read_text(encoding="utf-8") for path in ROOT.rglob("*.py") if "metrics" not in path.relative_to(ROOT).parts
)
NAMED = set(re.findall(r'"([a-z_]+\.[a-z0-9_]+)"', SOURCES))
ANSWERED = date(2026, 7, 31)
ID = re.compile(r"[a-z_]+\.[a-z0-9_]+")
# Cards that also show counts, or values of a series: these define themselves.
COUNTING = {"alert", "highs", "indicator", "shortinterest", "squeeze", "storm", "thesis", "weekly", "years"}


def test_no_definition_is_an_orphan() -> None:
    """What nothing shows and no other definition builds on is dead text that somebody would translate for ever.

    Shown is what the sources name whole, or as one of its area's measures or tables by the name behind the dot.
    """
    catalogue = metrics.catalogue()
    lost = set(catalogue) - NAMED - {one for one in catalogue if re.search(rf'"{one.partition(".")[2]}["\.]', SOURCES)}
    texts = {one.id: " ".join((one.formula, *one.inputs)).lower() for one in catalogue.values()}
    for metric_id in lost:
        built_on = catalogue[metric_id].name.lower()
        assert any(built_on in text for other, text in texts.items() if other != metric_id), metric_id
    assert len(lost) < 3


@pytest.mark.parametrize("day", [ANSWERED, date(2006, 3, 1)], ids=str)
@pytest.mark.parametrize("name", features.names())
def test_whatever_a_card_names_is_defined(name: str, day: date) -> None:
    try:
        named = {stat.metric for stat in answered(name, day).stats}
    except MissingData:
        assert day < ANSWERED
        return
    assert named - {None} <= set(metrics.catalogue())
    assert None not in named or name in COUNTING


def test_whatever_the_sources_name_in_an_area_is_defined() -> None:
    """Ids of stats look the same, so only those count that are given as a metric."""
    given = set(re.findall(r'metric="([a-z_.0-9]+)"', SOURCES))
    assert len(given) > 50
    assert given <= set(metrics.catalogue())


def test_words_that_people_look_up_lead_to_definitions_that_are_there() -> None:
    assert set(search.ALSO_CALLED.values()) <= set(metrics.catalogue())
    for words, metric_id in search.ALSO_CALLED.items():
        assert search.search(f"What is the {words}?").id == metric_id
        assert search.search(words.upper()).id == metric_id


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_definition_is_found_by_its_id_and_by_its_name(language: str) -> None:
    with i18n.use(language):
        for one in metrics.catalogue().values():
            assert search.search(one.id).id == one.id
            assert search.search(one.name).name == one.name


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_definition_reads_as_one(language: str) -> None:
    with i18n.use(language):
        catalogue = metrics.catalogue()
    for one in catalogue.values():
        assert all(text == text.strip() and text for text in (one.name, one.formula, *one.inputs, *one.caveats)), one.id
        assert not one.formula.endswith("..")
        assert all(not text.endswith(".") for text in one.inputs), one.id
        assert all(text.endswith((".", "?")) for text in one.caveats), one.id
        assert len(set(one.sources)) == len(one.sources)
        assert one.name[0].isupper() or not one.name[0].isalpha(), one.id
        assert len(one.name) <= 80, one.id


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_no_two_definitions_of_an_area_have_the_same_name(language: str) -> None:
    """Autocomplete shows names: of two the same nobody knew which is which."""
    with i18n.use(language):
        counted = Counter((one.area, one.name) for one in metrics.catalogue().values())
    assert [name for name, count in counted.items() if count > 1] == []


def test_every_definition_is_in_another_language_in_other_words() -> None:
    english = metrics.catalogue()
    with i18n.use("es"):
        spanish = metrics.catalogue()
    assert list(spanish) == list(english)
    for metric_id, one in english.items():
        theirs = spanish[metric_id]
        assert (len(theirs.inputs), len(theirs.caveats)) == (len(one.inputs), len(one.caveats))
        assert len(theirs.sources) == len(one.sources)
        assert re.findall(r"\d+", theirs.formula.replace(",", ".")) or not re.findall(r"\d\d", one.formula), metric_id


def test_an_id_taken_twice_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "areas", lambda: ("quote", "quote"))
    with pytest.raises(ValueError, match=r"quote\.close is defined twice"):
        metrics.catalogue()


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


def test_definitions_speak_the_active_language() -> None:
    with i18n.use(i18n.PSEUDO):
        spoken = metrics.catalogue()["returns.spread"]
    assert spoken.name == "⟦Spread⟧"
    assert spoken.formula.startswith("⟦")
    assert all(text.startswith("⟦") for text in (*spoken.inputs, *spoken.caveats))
    assert metrics.catalogue()["returns.spread"].name == "Spread"


@pytest.mark.parametrize("name", ["rotation", "highs", "years"])
def test_figures_of_these_cards_can_be_explained_with_todays_arithmetic(name: str) -> None:
    shown = [s for s in answered(name, ANSWERED).stats if s.figure and s.unit in {"fraction", "percentage_points"}]
    assert [s.id for s in shown if not s.working and not s.id.startswith(("best", "worst"))] == []
