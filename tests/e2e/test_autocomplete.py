"""What Discord offers while somebody types an option."""

import pytest

from bot.discord_ui import limits
from tests.conftest import Scene


async def offered(scene: Scene, option: str, typed: str) -> dict[str, str]:
    choices = await scene.alice.autocomplete(scene.channel, "rotation", option, typed)
    assert len(choices) <= limits.OPTIONS
    assert all(1 <= len(choice["name"]) <= limits.OPTION_TEXT for choice in choices)
    return {choice["value"]: choice["name"] for choice in choices}


async def test_windows_are_offered_in_words(scene: Scene) -> None:
    choices = await offered(scene, "window", "")
    assert list(choices) == ["1w", "1m", "3m", "6m", "ytd", "1y", "3y", "5y", "10y", "max"]
    assert choices["6m"] == "6 months"


@pytest.mark.parametrize(
    ("typed", "first", "words"),
    [
        ("1", "1w", "1 week"),
        ("yea", "ytd", "year to date"),
        ("2 years", "2y", "2 years"),
        ("april", "2026-04-01", "since 1 Apr 2026"),
        ("since the article", "2025-12-04", "since 4 Dec 2025"),
    ],
)
async def test_a_window_is_understood_as_it_is_typed(scene: Scene, typed: str, first: str, words: str) -> None:
    choices = await offered(scene, "window", typed)
    assert next(iter(choices)) == first
    assert choices[first] == words


@pytest.mark.parametrize("typed", ["xyz", "4/3/2025", "2030-01-01", "*" * 100, "@everyone"])
async def test_what_is_no_window_gets_no_choices_and_no_error(scene: Scene, typed: str) -> None:
    assert await offered(scene, "window", typed) == {}


@pytest.mark.parametrize(
    ("typed", "first"),
    [("iw", "IWB"), ("IWM", "IWM"), ("$iwo", "IWO"), ("vanguard", "VB"), ("r2k", "IWM"), ("s&p 500", "SPY")],
)
async def test_funds_are_found_by_symbol_name_and_nickname(scene: Scene, typed: str, first: str) -> None:
    choices = await offered(scene, "small", typed)
    assert first in choices
    assert choices[first].startswith(f"{first} · ")


async def test_an_unknown_fund_gets_no_choices(scene: Scene) -> None:
    assert await offered(scene, "small", "bitcoin") == {}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", {"2026-07-17": "17 Jul 2026, the last close", "2025-12-04": "4 Dec 2025, the day of the claim"}),
        ("dec 6 2025", {"2025-12-05": "5 Dec 2025"}),
        ("yesterday", {"2026-07-16": "16 Jul 2026"}),
        ("nonsense", {}),
        ("2031-01-01", {}),
    ],
)
async def test_days_are_offered_as_the_session_that_answers(scene: Scene, typed: str, expected: dict[str, str]) -> None:
    assert await offered(scene, "as_of", typed) == expected
