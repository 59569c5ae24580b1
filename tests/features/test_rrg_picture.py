"""Names on the rotation graph: beside their heads, on nothing, wherever the heads are."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.charts.theme import DARK, LIGHT, Theme
from bot.features.rrg.chart import draw
from bot.features.rrg.picture import Picture
from tests.charts.legibility import check, labels, words, written

NAMES = {"leading": "leading", "weakening": "weakening", "lagging": "lagging", "improving": "improving"}
TWELVE = ("IWM", "IWO", "IWN", "IJR", "RSP", "QQQ", "MAGS", "GOOGL", "KRE", "XLY", "NVDA", "TSLA")
places = st.tuples(st.floats(95, 105), st.floats(95, 105))


def picture(paths: dict[str, list[tuple[float, float]]]) -> Picture:
    return Picture(
        title="Rotation against SPY",
        subtitle="RS-Ratio across, RS-Momentum up",
        as_of=date(2026, 7, 31),
        source="Yahoo Finance",
        symbols=tuple(paths),
        ratios=tuple(np.array([x for x, _y in path]) for path in paths.values()),
        momenta=tuple(np.array([y for _x, y in path]) for path in paths.values()),
        quadrants=NAMES,
    )


@settings(max_examples=25, deadline=None)
@given(st.lists(places, min_size=1, max_size=12))
def test_names_never_touch_wherever_the_heads_are(heads: list[tuple[float, float]]) -> None:
    paths = {symbol: [(100.0, 100.0), head] for symbol, head in zip(TWELVE, heads, strict=False)}
    figure = draw(picture(paths), DARK)
    check(figure, DARK)
    assert set(paths) <= set(words(figure))


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_twelve_heads_on_one_place(theme: Theme) -> None:
    paths = {symbol: [(99.0 + n / 10, 101.0), (101.0, 100.5)] for n, symbol in enumerate(TWELVE)}
    figure = draw(picture(paths), theme)
    check(figure, theme)
    assert set(TWELVE) <= set(words(figure))


@pytest.mark.parametrize("head", [(105.0, 105.0), (95.0, 95.0), (105.0, 95.0), (95.0, 105.0), (100.0, 100.0)])
def test_a_head_in_a_corner_keeps_its_name_inside(head: tuple[float, float]) -> None:
    check(draw(picture({"MAGS": [(100.0, 100.0), head]}), DARK), DARK)


def test_a_name_stands_near_its_head() -> None:
    figure = draw(picture({"IWM": [(99.0, 99.0), (101.0, 101.0)]}), DARK)
    (name,) = (text for text in written(figure) if text.words == "IWM")
    axes = figure.axes[0]
    head = axes.transData.transform((101.0, 101.0))
    middle = ((name.box.x0 + name.box.x1) / 2, (name.box.y0 + name.box.y1) / 2)
    assert np.hypot(middle[0] - head[0], middle[1] - head[1]) < 60


def test_a_fund_that_stands_in_the_middle() -> None:
    figure = draw(picture({"IWM": [(100.0, 100.0)] * 8}), DARK)
    check(figure, DARK)
    assert len(labels(figure)["IWM"].get_xdata()) == 8  # type: ignore[attr-defined]


def test_the_middle_is_at_one_hundred() -> None:
    figure = draw(picture({"IWM": [(98.0, 101.0), (103.0, 99.0)]}), DARK)
    (left, right), (low, high) = figure.axes[0].get_xlim(), figure.axes[0].get_ylim()
    assert (left + right) / 2 == pytest.approx(100)
    assert (low + high) / 2 == pytest.approx(100)
    assert right > 103
    assert {"leading", "weakening", "lagging", "improving"} <= set(words(figure))


def test_without_any_fund() -> None:
    figure = draw(picture({}), DARK)
    check(figure, DARK)
    assert "Rotation against SPY" in words(figure)
