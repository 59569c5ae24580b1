"""Bars side by side: standing in groups with their values on top, or lying in named rows with words at the end."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.charts import marks, typeface
from bot.charts.frame import HALF_CAPITAL, LABEL_PX, MARGIN, PLOT_BOTTOM, PLOT_TOP, SMALLEST_PX, WIDTH, Frame, Panel
from bot.charts.scales import padded

_CROWDED = 0.86  # the part of a group's room that its bars take
_HEADROOM = 52  # for the words on top of the highest bar
_LIFT = 10  # between a bar's end and its words
_SIZES = (30.0, 28.0, 26.0, LABEL_PX, SMALLEST_PX)


@dataclass(frozen=True, slots=True)
class Group:
    """Bars that belong together: a name beneath, one value a side (None draws none) and the words on top of each."""

    name: str
    values: tuple[float | None, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A lying bar: its name, the parts it is made of (one for a plain bar), the words at the end, its colours."""

    name: str
    parts: tuple[float | None, ...]
    words: str
    colors: tuple[str, ...]


def standing(frame: Frame, groups: Sequence[Group], colors: Sequence[str], *, top: float = PLOT_TOP + 30) -> Panel:
    """Stand groups of bars on a zero line across the picture, values on top, names beneath. Returns the panel."""
    panel = frame.panel(top=top + _HEADROOM, bottom=PLOT_BOTTOM - 20, left=MARGIN, right=WIDTH - MARGIN)
    known = [v for group in groups for v in group.values if v is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    low, high = padded(low, high, 0.0) if high - low <= 0 else (low, high)
    room = (high - low) * 0.12
    panel.limits((-0.5, len(groups) - 0.5), (low - (room if low < 0 else 0.0), high))
    marks.level(panel, 0.0, frame.theme.muted, px=2.0, dashed=False)
    width = _CROWDED / len(colors)
    for side, color in enumerate(colors):
        centres = [place + (side - (len(colors) - 1) / 2) * width for place in range(len(groups))]
        heights = [_or_nan(group.values[side]) for group in groups]
        marks.bars(panel, centres, heights, color, width=width * 0.9, label=f"side {side}")
        for centre, height, group in zip(centres, heights, groups, strict=True):
            _on_top(panel, (centre, height), group.words[side], color, width)
    pitch = (panel.right - panel.left) / len(groups)
    for place, group in enumerate(groups):
        words, px = typeface.fitted(group.name, pitch - 16, (28.0, 26.0, LABEL_PX, SMALLEST_PX))
        frame.text(panel.x_px(place), panel.bottom + 40, words, px, frame.theme.text, align="center")
    return panel


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value


def _on_top(panel: Panel, end: tuple[float, float], words: str, color: str, width: float) -> None:
    centre, height = end
    room = panel.x_px(width) - panel.x_px(0.0) - 6
    shown, px = typeface.fitted(words, room, _SIZES, strong=True)
    level = 0.0 if math.isnan(height) else height
    y = panel.y_px(level) - _LIFT if level >= 0 else panel.y_px(level) + _LIFT + 2 * HALF_CAPITAL * px
    panel.frame.text(panel.x_px(centre), y, shown, px, color, strong=True, align="center")


def lying(
    frame: Frame,
    rows: Sequence[Row],
    *,
    top: float = PLOT_TOP,
    bottom: float = PLOT_BOTTOM + 22,
    names: float = 330,
    words: float = 250,
) -> Panel:
    """Lay bars in rows, the first on top: name to the left, words to the right. Parts are stacked outwards from zero.

    ``names`` and ``words`` are the room for texts on either side. Rows whose parts are all None show their words and
    no bar. Returns the panel.
    """
    panel = frame.panel(top=top, bottom=bottom, left=MARGIN + names, right=WIDTH - MARGIN - words)
    sums = [sum(part or 0.0 for part in row.parts) for row in rows] or [0.0]
    low, high = min(0.0, *sums, 0.0), max(0.0, *sums, 0.0)
    panel.limits((low, high) if high > low else (-1.0, 1.0), (len(rows) - 0.5, -0.5))
    for place, row in enumerate(rows):
        _stacked(panel, place, row)
        _named(panel, place, row)
    marks.line(panel, [0, 0], [-0.5, len(rows) - 0.5], frame.theme.muted, px=2.0)
    return panel


def _stacked(panel: Panel, place: int, row: Row) -> None:
    ends = np.cumsum([part or 0.0 for part in row.parts])
    for end, color in reversed(list(zip(ends.tolist(), row.colors, strict=True))):
        if end != 0:
            marks.lying_bars(panel, [place], [end], color, width=0.72, label=row.name)


def _named(panel: Panel, place: int, row: Row) -> None:
    middle, names, room = panel.y_px(place), panel.left - MARGIN, WIDTH - MARGIN - panel.right
    name, px = typeface.fitted(row.name, names - 16, (28.0, 26.0, LABEL_PX, SMALLEST_PX))
    panel.frame.text(MARGIN, middle + px * HALF_CAPITAL, name, px)
    words, px = typeface.fitted(row.words, room - 16, (28.0, 26.0, LABEL_PX, SMALLEST_PX), strong=True)
    panel.frame.text(WIDTH - MARGIN, middle + px * HALF_CAPITAL, words, px, strong=True, align="right")
