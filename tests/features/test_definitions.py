"""Every figure of these cards names a definition that is there, and the private ones too."""

import pytest

from bot import metrics
from tests.features.answers import ask

QUESTIONS = {
    "rates": {},
    "risks": {},
    "rrg": {},
    "funds": {},
    "style": {},
    "allocation": {"holdings": "SPY 60, IWM 20, NVDA 20"},
    "position": {"symbol": "IWM"},
    "history": {},
    "when": {},
}


@pytest.mark.parametrize("feature", QUESTIONS)
@pytest.mark.parametrize("day", [None, "2006-03-01"])
def test_figures_name_definitions_that_exist(feature: str, day: str | None) -> None:
    report = ask(feature, day, **QUESTIONS[feature])  # type: ignore[arg-type]
    named = {stat.metric for stat in report.stats}
    assert None not in named
    assert named <= set(metrics.catalogue())


@pytest.mark.parametrize("feature", QUESTIONS)
def test_cards_keep_to_what_fits(feature: str) -> None:
    report = ask(feature, **QUESTIONS[feature])  # type: ignore[arg-type]
    assert 0 < len(report.figures) <= 6
    assert len(report.headline) <= 220
    assert "!" not in report.headline
    assert "should" not in report.headline
    assert report.version == ask("rates").version


@pytest.mark.parametrize("area", ["rates", "risks", "funds", "portfolio", "events", "calendar"])
def test_areas_are_in_the_catalogue(area: str) -> None:
    assert area in metrics.areas()
    assert any(definition.area == area for definition in metrics.catalogue().values())
