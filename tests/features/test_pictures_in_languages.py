"""Pictures hold in every language: longer words are fitted, nothing is cut, nothing touches."""

from typing import Any

import pytest

from bot import i18n
from bot.charts.theme import DARK, LIGHT, Theme
from tests.features.answers import ask, drawn

QUESTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("rates", {}),
    ("risks", {}),
    ("rrg", {}),
    ("funds", {"symbols": ("IWM", "VB", "IWO", "IWN", "IJR", "MAGS"), "window": "3y"}),
    ("style", {}),
    ("allocation", {"holdings": "SPY 40, IWM 20, NVDA 10, QQQ 10, GME 10, CASH 10"}),
    *(("history", {"event": event}) for event in ("record", "regime", "mean", "cut", "spread", "cycles")),
    ("history", {"event": "spread", "side": "large", "points": 12.5}),
    ("when", {}),
)
NAMES = [f"{feature}-{'-'.join(str(v) for v in options.values())}"[:40] for feature, options in QUESTIONS]


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("language", [*i18n.LANGUAGES, i18n.PSEUDO])
@pytest.mark.parametrize(("feature", "options"), QUESTIONS, ids=NAMES)
def test_pictures_are_legible(feature: str, options: dict[str, Any], language: str, theme: Theme) -> None:
    with i18n.use(language):
        assert drawn(ask(feature, **options), theme)
