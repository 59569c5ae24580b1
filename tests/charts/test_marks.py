import itertools
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.collections import PolyCollection
from matplotlib.patches import Wedge

from bot.charts import labels, marks
from bot.charts.frame import WIDTH, Frame, Panel
from bot.charts.theme import DARK, LIGHT
from tests.charts.legibility import check, words, written
from tests.charts.legibility import labels as named


def frame() -> Frame:
    return Frame(DARK, title="A title", subtitle="A subtitle", as_of=date(2025, 12, 4), source="Yahoo Finance")


def panel(top: float = 138, bottom: float = 380) -> Panel:
    made = frame().panel(top, bottom)
    made.limits((0, 10), (-1, 1))
    return made


def test_a_line_holds_its_series_and_its_name() -> None:
    where = panel()
    drawn = marks.line(where, [0, 5, 10], [0.0, np.nan, 1.0], DARK.small, label="IWM")
    assert drawn.get_xdata().tolist() == [0, 5, 10]
    assert np.isnan(drawn.get_ydata()[1])
    assert named(where.frame.figure)["IWM"] is drawn
    assert drawn.get_marker() in ("None", None, "")


def test_a_single_session_is_a_dot() -> None:
    assert marks.line(panel(), [0], [0.5], DARK.small).get_marker() == "o"


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), min_size=2, max_size=30))
def test_shading_takes_the_tint_of_whoever_is_ahead(points: list[tuple[float, float]]) -> None:
    where = panel()
    first, second = (np.array(side) for side in zip(*points, strict=True))
    marks.shaded(where, np.arange(len(points)), first, second, ("#111111", "#222222"))
    fills = [fill for fill in where.axes.collections if isinstance(fill, PolyCollection)]
    assert len(fills) == int((first > second).any()) + int((first < second).any())


def test_bars_stand_on_zero_and_skip_what_is_missing() -> None:
    drawn = marks.bars(panel(), [0, 1, 2], [0.5, np.nan, -0.25], ["#010101", "#020202", "#030303"], width=0.5)
    corners = [path.vertices[:4].tolist() for path in drawn.get_paths()]
    assert corners[0] == [[-0.25, 0], [-0.25, 0.5], [0.25, 0.5], [0.25, 0]]
    assert corners[1][1] == [1.75, -0.25]
    assert len(drawn.get_facecolors()) == 2
    assert drawn.get_facecolors()[1][0] == pytest.approx(3 / 255)


def test_lying_bars_run_along_the_other_axis() -> None:
    drawn = marks.lying_bars(panel(), [1], [0.8], DARK.small, width=0.4)
    assert drawn.get_paths()[0].vertices[:4].tolist() == [[0, 0.8], [0.8, 0.8], [0.8, 1.2], [0, 1.2]]


def test_bands_reach_from_edge_to_edge() -> None:
    where = panel()
    marks.bands(where, [(2, 4, "#101010"), (6, 9, "#202020")])
    boxes = [fill.get_datalim(where.axes.transData) for fill in where.axes.collections]
    assert [(box.x0, box.x1, box.y0, box.y1) for box in boxes] == [(2, 4, -1, 1), (6, 9, -1, 1)]


def test_a_drawdown_hangs_from_zero() -> None:
    where = panel()
    line = marks.underwater(where, [0, 1, 2], [0.0, -0.5, -0.2], "#101010", DARK.large)
    box = where.axes.collections[0].get_datalim(where.axes.transData)
    assert (box.y0, box.y1) == (-0.5, 0.0)
    assert line.get_ydata().tolist() == [0.0, -0.5, -0.2]


def test_a_tail_ends_in_a_large_dot() -> None:
    where = panel()
    path = marks.tail(where, [1, 2, 3], [0.1, 0.2, 0.3], DARK.small, label="IWM")
    head = where.axes.lines[-1]
    assert head.get_xdata().tolist() == [3]
    assert head.get_markersize() > path.get_markersize()


def test_a_level_runs_from_edge_to_edge() -> None:
    assert marks.level(panel(), 0.5, DARK.muted).get_xdata().tolist() == [0, 10]


@pytest.mark.parametrize(("value", "shown", "rings"), [(71.4, "71", 2), (0, "0", 2), (140, "140", 2), (None, "–", 1)])
def test_a_dial_shows_its_number_and_stays_within_half_a_ring(value: float | None, shown: str, rings: int) -> None:
    picture = frame()
    marks.dial(picture, (600, 400), 120, value, name="Financing", color=DARK.small)
    assert {shown, "Financing"} <= set(words(picture.figure))
    found = picture.figure.findobj(Wedge)
    assert len(found) == rings
    assert all(0 <= wedge.theta1 <= wedge.theta2 <= 180 for wedge in found)
    check(picture.figure, DARK)


def test_a_dial_turns_from_left_to_right() -> None:
    picture = frame()
    marks.dial(picture, (600, 400), 120, 25, name="Quality", color=DARK.small)
    assert picture.figure.findobj(Wedge)[1].theta1 == 180 - 45


@given(
    st.lists(st.floats(-200, 900), min_size=1, max_size=8),
    st.floats(10, 90),
    st.floats(0, 100),
    st.floats(100, 600),
)
def test_spread_out_labels_keep_order_and_distance(wanted: list[float], size: float, low: float, span: float) -> None:
    high = low + span
    found = labels.spread_out(wanted, size, low, high)
    step = min(size, span / len(wanted))
    assert min(found) >= low + step / 2 - 1e-6
    assert max(found) <= high - step / 2 + 1e-6
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = [found[i] for i in order]
    assert all(b - a >= step - 1e-6 for a, b in itertools.pairwise(placed))


def test_labels_with_room_stay_where_they_belong() -> None:
    assert labels.spread_out([100, 300], 50, 0, 400) == [100, 300]


def test_end_labels_of_lines_that_end_together_do_not_touch() -> None:
    where = panel()
    ends = [labels.EndLabel(0.9, name, "+1,234.5%", DARK.text) for name in ("IWM", "SPY", "QQQ")]
    labels.end_labels(where, ends)
    check(where.frame.figure, DARK)
    figures = [text for text in written(where.frame.figure) if text.gid == "figure"]
    assert [text.words for text in figures] == ["+1,234.5%"] * 3
    assert all(text.box.x1 <= WIDTH for text in figures)


def test_a_legend_names_its_marks_in_one_line() -> None:
    where = panel()
    entries = [labels.Entry(name, DARK.small, mark) for name, mark in (("a line", "line"), ("dashes", "dashes"))]
    entries += [labels.Entry("a block", DARK.large, "block"), labels.Entry("a dot", DARK.large, "dot")]
    labels.legend(frame_panel := where.frame.panel(200, 380), "What it is", entries)
    assert {"What it is", "a line", "dashes", "a block", "a dot"} <= set(words(frame_panel.frame.figure))
    check(where.frame.figure, DARK)


def test_a_row_of_a_table_centres_its_cells() -> None:
    picture = Frame(LIGHT, title="A title", subtitle="s", as_of=date(2025, 12, 4), source="x")
    cells = [labels.Cell("2024", strong=True), labels.Cell("−13.5", LIGHT.text, LIGHT.tint(LIGHT.large, 0.3))]
    labels.row(picture, 300, [300, 400], cells, pitch=94)
    labels.row_name(picture, 300, "Spread", LIGHT.text, room=100)
    boxes = {text.words: text.box for text in written(picture.figure)}
    assert (boxes["2024"].x0 + boxes["2024"].x1) / 2 == pytest.approx(300, abs=2)
    assert (boxes["−13.5"].x0 + boxes["−13.5"].x1) / 2 == pytest.approx(400, abs=2)
    check(picture.figure, LIGHT)
