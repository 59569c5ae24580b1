import itertools

import numpy as np
import pytest
from colorspacious import cspace_convert, deltaE

from bot.charts.theme import DARK, LIGHT, THEMES, Theme, theme
from tests.charts.legibility import contrast

BLINDNESS = (None, "deuteranomaly", "protanomaly")
both = pytest.mark.parametrize("look", [DARK, LIGHT], ids=lambda look: look.name)


def seen(color: str, kind: str | None) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    channels = np.array([int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    if kind is None:
        return channels
    space = {"name": "sRGB1+CVD", "cvd_type": kind, "severity": 100}
    return np.clip(cspace_convert(channels, space, "sRGB1"), 0, 1)


def distance(one: str, other: str, kind: str | None) -> float:
    return float(deltaE(seen(one, kind), seen(other, kind)))


@both
@pytest.mark.parametrize("kind", BLINDNESS)
def test_the_two_sides_are_far_apart_for_everybody(look: Theme, kind: str | None) -> None:
    assert distance(look.small, look.large, kind) > 45


@both
@pytest.mark.parametrize("kind", BLINDNESS)
def test_all_series_stay_apart(look: Theme, kind: str | None) -> None:
    for one, other in itertools.combinations((*look.series, look.neutral), 2):
        assert distance(one, other, kind) > 15, (one, other)


@both
@pytest.mark.parametrize("kind", BLINDNESS)
@pytest.mark.parametrize("strength", [0.22, 0.30])
def test_tints_of_the_two_sides_stay_apart_and_off_the_background(
    look: Theme, kind: str | None, strength: float
) -> None:
    small, large = look.tint(look.small, strength), look.tint(look.large, strength)
    assert distance(small, large, kind) > 15
    assert min(distance(tint, look.background, kind) for tint in (small, large)) > 10


@both
def test_marks_and_texts_stand_out_from_the_background(look: Theme) -> None:
    assert min(contrast(color, look.background) for color in (*look.series, look.neutral)) >= 3
    assert min(contrast(color, look.background) for color in (look.text, look.muted)) >= 4.5
    assert contrast(look.text, look.tint(look.small, 0.30)) >= 4.5
    assert contrast(look.text, look.tint(look.large, 0.30)) >= 4.5


@both
def test_a_tint_lies_between_background_and_colour(look: Theme) -> None:
    assert look.tint(look.small, 0) == look.background
    assert look.tint(look.small, 1) == look.small
    halfway = look.tint(look.small, 0.5)
    for i in (1, 3, 5):
        ends = [int(color[i : i + 2], 16) for color in (look.background, look.small)]
        assert min(ends) <= int(halfway[i : i + 2], 16) <= max(ends)


def test_no_red_against_green() -> None:
    for look in THEMES.values():
        small, large = seen(look.small, None), seen(look.large, None)
        assert small[0] > small[1] > small[2]  # orange
        assert large[2] > large[1] > large[0]  # blue


def test_themes_are_found_by_name() -> None:
    assert (theme("dark"), theme("light")) == (DARK, LIGHT)
    with pytest.raises(KeyError):
        theme("sepia")
