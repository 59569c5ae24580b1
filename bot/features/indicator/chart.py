"""The picture of an indicator: its line, thresholds as dashes, past fires as dots, today's value at the end."""

import numpy as np
from matplotlib.figure import Figure

from bot.charts import labels, marks, typeface
from bot.charts.frame import (
    FIGURE_PX,
    LABEL_PX,
    MARGIN,
    PLOT_BOTTOM,
    PLOT_LEFT,
    PLOT_RIGHT,
    PLOT_TOP,
    WIDTH,
    Frame,
)
from bot.charts.scales import Tick, date_ticks, decimals, padded, round_steps
from bot.charts.theme import Theme
from bot.features.indicator.picture import Floats, Picture, tick_words
from bot.i18n import gettext as _

_LEGEND_ROOM = 50
_DOT_PX = 13.0
_AIR = 16


def draw(data: Picture, theme: Theme) -> Figure:
    """Draw the picture."""
    frame = Frame(theme, title=data.title, subtitle=data.subtitle, as_of=data.as_of, source=data.source)
    entries, height = _entries(data, theme), _height(data)
    ticks = _ticks(data, height)
    panel = frame.panel(PLOT_TOP + (_LEGEND_ROOM if entries else 0), PLOT_BOTTOM, *_sides(data, ticks))
    panel.limits((0.0, float(max(1, len(data.dates) - 1))), height)
    panel.y_grid(ticks)
    panel.x_grid(date_ticks(data.dates))
    for guide in data.guides:
        marks.line(panel, np.arange(len(guide)), guide, theme.large, px=marks.THIN_PX, dashed=True, label="threshold")
    x, y = _path(data)
    marks.line(panel, x, y, theme.neutral, label="indicator")
    marks.dots(panel, data.fires, data.values[data.fires], theme.small, px=_DOT_PX, label="fires")
    labels.end_labels(panel, [labels.EndLabel(float(data.values[-1]), _("Now"), data.now, theme.text)])
    if entries:
        labels.legend(panel, "", entries)
    return frame.figure


def _entries(data: Picture, theme: Theme) -> list[labels.Entry]:
    entries = []
    if data.guides:
        entries.append(labels.Entry(data.guide_words, theme.large, "dashes"))
    if data.fire_words:
        entries.append(labels.Entry(data.fire_words, theme.small, "dot"))
    return entries


def _height(data: Picture) -> tuple[float, float]:
    """Return limits that hold the line and every threshold near it."""
    if data.states:
        return -0.5, len(data.states) - 0.5
    seen = np.concatenate([data.values, *data.guides])
    return padded(float(np.nanmin(seen)), float(np.nanmax(seen)))


def _ticks(data: Picture, height: tuple[float, float]) -> list[Tick]:
    if data.states:
        return [Tick(float(place), name) for place, name in enumerate(data.states)]
    steps = round_steps(*height)
    words, digits = tick_words(data.unit), decimals(steps)
    return [Tick(float(value), words(float(value), digits)) for value in steps]


def _sides(data: Picture, ticks: list[Tick]) -> tuple[float, float]:
    """Return the panel's edges: usual ones, or further in where words need the room."""
    names = max((typeface.width(tick.label, LABEL_PX) for tick in ticks), default=0.0)
    figure = typeface.width(data.now, FIGURE_PX, strong=True)
    return max(PLOT_LEFT, MARGIN + names + _AIR), min(PLOT_RIGHT, WIDTH - MARGIN - _AIR - figure)


def _path(data: Picture) -> tuple[Floats, Floats]:
    """Return the line's points; states stay until the next one begins."""
    x, y = np.arange(len(data.values), dtype=np.float64), data.values
    if not data.states:
        return x, y
    return np.repeat(x, 2)[1:], np.repeat(y, 2)[:-1]
