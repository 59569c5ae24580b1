"""Every picture of every question, in every language and theme: big enough to read, and its series apart for all eyes.

Nothing is asked of the code that draws: sizes, places and colours are read off the figure's own artists.
"""

import functools
import itertools
from typing import Any

import pytest
from matplotlib.collections import Collection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from bot import features, i18n
from bot.charts.theme import DARK, LIGHT, Theme
from bot.features.rrg.request import MOST_SYMBOLS, RrgRequest
from bot.report import Report
from bot.worker import compute, opened
from tests.charts.legibility import check, labels, written
from tests.charts.test_theme import BLINDNESS, distance
from tests.test_every_feature import answered

LANGUAGES = [*i18n.LANGUAGES, i18n.PSEUDO]
TITLE_AND_FIGURES, SMALLEST = 33, 24  # in pictures 1200 px wide
APART = 15
each = pytest.mark.parametrize("name", [name for name in features.names() if name != "weekly"])  # two of the others
both = pytest.mark.parametrize("look", [DARK, LIGHT], ids=lambda look: look.name)


@functools.cache
def report(name: str, language: str) -> Report:
    return answered(name, opened("sample").last, language)


def figures(name: str, language: str, look: Theme) -> list[Figure]:
    with i18n.use(language):
        return [features.chart_module(name).draw(chart.data, look) for chart in report(name, language).charts]


@each
@both
@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_big_enough_and_inside(name: str, look: Theme, language: str) -> None:
    for figure in figures(name, language, look):
        width, height = figure.get_size_inches() * figure.dpi
        assert width == 1200
        texts = written(figure)
        for text in texts:
            least = TITLE_AND_FIGURES if text.gid in {"title", "figure"} else SMALLEST
            assert text.px >= least, text.words
            assert text.box.x0 >= 0, text.words
            assert text.box.x1 <= width, text.words
            assert text.box.y0 >= 0, text.words
            assert text.box.y1 <= height, text.words
        assert [text.gid for text in texts].count("title") >= 1
        if height == 675 and language != i18n.PSEUDO:
            check(figure, look)


@each
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_before_a_row_ends_before_what_is_drawn_in_it(name: str, language: str) -> None:
    for figure in figures(name, language, LIGHT):
        for axes in figure.axes:
            room = axes.get_window_extent()
            for text in written(figure):
                in_the_row = room.y0 <= (text.box.y0 + text.box.y1) / 2 <= room.y1
                if in_the_row and text.box.x0 == pytest.approx(36, abs=6) and room.x0 > 36:  # begins at the margin
                    assert text.box.x1 <= room.x0, text.words


@each
@both
def test_title_day_and_source_stand_where_they_always_stand(name: str, look: Theme) -> None:
    for figure in figures(name, "en", look):
        height = figure.get_size_inches()[1] * figure.dpi
        for one in (text for text in written(figure) if text.gid == "title"):
            assert one.box.x0 == pytest.approx(36, abs=6), "the title begins at the margin"
        footers = [text for text in written(figure) if text.gid == "footer"]
        assert footers
        assert all(text.words.startswith("As of ") and " · " in text.words for text in footers)
        assert min(text.box.y0 for text in footers) < 40, f"at the foot of {height} px"


def colours(figure: Figure) -> set[str]:
    """Return the colours of everything in a picture that has a name: its series."""
    return {colour for artist in labels(figure).values() for colour in _colours(artist)}


def _colours(artist: Any) -> list[str]:
    if isinstance(artist, Line2D):
        return [to_hex(artist.get_color())]
    if isinstance(artist, Patch):
        return [to_hex(artist.get_facecolor())]
    if isinstance(artist, Collection):
        return [to_hex(one) for one in artist.get_facecolor() if one[3] == 1]
    return []


@each
@both
@pytest.mark.parametrize("kind", BLINDNESS)
def test_series_drawn_together_stay_apart_for_everybody(name: str, look: Theme, kind: str | None) -> None:
    for figure in figures(name, "en", look):
        drawn = colours(figure)
        for one, other in itertools.combinations(sorted(drawn), 2):
            assert distance(one, other, kind) > APART, (one, other)


@both
def test_twelve_tails_look_all_different(look: Theme) -> None:
    symbols = ("IWM", "IWO", "IWN", "IJR", "VB", "QQQ", "MAGS", "RSP", "IWB", "VTI", "XLY", "XLP")
    (chart,) = compute(RrgRequest(symbols=symbols), opened("sample").at(None)).charts
    drawn = labels(features.chart_module("rrg").draw(chart.data, look))
    lines = [drawn[symbol] for symbol in symbols]
    looks = {(to_hex(one.get_color()), str(one.get_linestyle())) for one in lines if isinstance(one, Line2D)}
    assert len(looks) == len(symbols) == MOST_SYMBOLS


def test_the_series_are_found() -> None:
    """The test above would pass on pictures without any: these have them."""
    for name, least in (("rotation", 3), ("rates", 2), ("funds", 3)):
        assert max(len(colours(figure)) for figure in figures(name, "en", DARK)) >= least, name
