"""Bars in groups and in rows: their places, their words, and what is not drawn."""

from datetime import date

import numpy as np
import pytest
from matplotlib.collections import PolyCollection

from bot.charts import groups
from bot.charts.frame import Frame, Panel
from bot.charts.theme import DARK, LIGHT, Theme
from tests.charts.legibility import check, written

COLORS = ("#ffb000", "#56b4f5", "#0c8a45")


def frame(theme: Theme = DARK) -> Frame:
    return Frame(theme, title="Title", subtitle="Subtitle", as_of=date(2026, 7, 31), source="Source")


def spans(panel: Panel, label: str, axis: int) -> list[tuple[float, float]]:
    """Return from where to where the bars of a label reach along an axis (0 across, 1 up)."""
    drawn = [c for c in panel.axes.collections if isinstance(c, PolyCollection) and c.get_label() == label]
    corners = [np.asarray(path.vertices)[:, axis] for collection in drawn for path in collection.get_paths()]
    return [(float(values.min()), float(values.max())) for values in corners]


def test_standing_bars_reach_from_zero_to_their_values() -> None:
    rows = [
        groups.Group("A", (0.4, -0.1, None), ("+40%", "−10%", "n.m.")),
        groups.Group("B", (0.2, 0.0, 0.1), ("a", "b", "c")),
    ]
    panel = groups.standing(frame(), rows, COLORS)
    assert spans(panel, "side 0", 1) == [(0.0, 0.4), (0.0, 0.2)]
    assert spans(panel, "side 1", 1) == [(-0.1, 0.0), (0.0, 0.0)]
    assert spans(panel, "side 2", 1) == [(0.0, 0.1)]  # None draws nothing
    check(panel.frame.figure, DARK)


def test_bars_of_a_group_stand_side_by_side() -> None:
    panel = groups.standing(frame(), [groups.Group("A", (1.0, 2.0), ("1", "2"))], COLORS[:2])
    (first,), (second,) = spans(panel, "side 0", 0), spans(panel, "side 1", 0)
    assert -0.5 < first[0] < first[1] < second[0] < second[1] < 0.5
    assert first[0] == pytest.approx(-second[1])


def test_words_stand_above_gains_and_below_losses() -> None:
    panel = groups.standing(frame(), [groups.Group("A", (1.0, -1.0), ("up", "down"))], COLORS[:2])
    places = {text.words: text.box for text in written(panel.frame.figure)}
    height = panel.frame.figure.get_size_inches()[1] * panel.frame.figure.dpi
    assert places["up"].y0 > height - panel.y_px(1.0)
    assert places["down"].y1 < height - panel.y_px(-1.0)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("value", [0.0, None, 1e9, -1e9, 1e-9])
def test_extreme_bars_are_legible(value: float | None, theme: Theme) -> None:
    panel = groups.standing(frame(theme), [groups.Group("Only one", (value,), ("word",))], (theme.small,))
    check(panel.frame.figure, theme)


def test_lying_parts_are_stacked_from_zero() -> None:
    rows = [groups.Row("A", (30.0, 20.0, 10.0), "60", COLORS), groups.Row("B", (30.0, None, 10.0), "40", COLORS)]
    panel = groups.lying(frame(), rows)
    assert sorted(spans(panel, "A", 0)) == [(0.0, 30.0), (0.0, 50.0), (0.0, 60.0)]  # each under the next
    assert {end for _start, end in spans(panel, "B", 0)} == {30.0, 40.0}
    assert panel.y_px(0) < panel.y_px(1)  # the first row is on top
    check(panel.frame.figure, DARK)


def test_lying_bars_point_to_both_sides_of_zero() -> None:
    rows = [groups.Row("Cheaper", (-0.5,), "a", COLORS[:1]), groups.Row("Dearer", (0.25,), "b", COLORS[1:2])]
    panel = groups.lying(frame(), rows)
    assert spans(panel, "Cheaper", 0) == [(-0.5, 0.0)]
    assert spans(panel, "Dearer", 0) == [(0.0, 0.25)]
    assert panel.left < panel.x_px(0) < panel.right


def test_rows_without_any_value_show_their_words_alone() -> None:
    panel = groups.lying(frame(), [groups.Row("A", (None,), "not known", COLORS[:1])])
    assert spans(panel, "A", 0) == []
    assert "not known" in {text.words for text in written(panel.frame.figure)}
    check(panel.frame.figure, DARK)


def test_twelve_rows_fit_and_names_take_the_room_they_are_given() -> None:
    rows = [groups.Row(f"SYMBOL{n}", (float(n),), f"{n},123,456.7 days", COLORS[:1]) for n in range(12)]
    for names in (170.0, 340.0):
        panel = groups.lying(frame(), rows, names=names, words=320)
        assert panel.left == pytest.approx(36 + names)
        check(panel.frame.figure, DARK)
