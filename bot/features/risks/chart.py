"""Four dials in a row, and beneath them the year of each gauge in its dial's colour."""

import numpy as np
from matplotlib.figure import Figure

from bot.charts.frame import MARGIN, SMALLEST_PX, WIDTH, Frame
from bot.charts.marks import dial, level, line
from bot.charts.scales import Tick, date_ticks
from bot.charts.theme import Theme
from bot.features.risks.picture import Picture
from bot.i18n import number

_HOT = 80.0
_CENTRE_Y, _RADIUS = 272, 104
_PANEL_TOP, _PANEL_BOTTOM = 400, 580


def draw(data: Picture, theme: Theme) -> Figure:
    """Draw the dials and the year."""
    frame = Frame(theme, title=data.title, subtitle=data.subtitle, as_of=data.as_of, source=data.source)
    colors = (theme.small, theme.large, *theme.others)[: len(data.names)]
    pitch = (WIDTH - 2 * MARGIN) / len(data.names)
    for n, (name, now, moved, color) in enumerate(zip(data.names, data.now, data.moved, colors, strict=True)):
        centre = MARGIN + pitch * (n + 0.5)
        dial(frame, (centre, _CENTRE_Y), _RADIUS, now, name=name, color=color)
        if moved:
            frame.text(centre, _CENTRE_Y + 80, moved, SMALLEST_PX, theme.muted, align="center")
    panel = frame.panel(top=_PANEL_TOP, bottom=_PANEL_BOTTOM, right=WIDTH - MARGIN)
    panel.limits((0, max(1, len(data.days) - 1)), (0, 100))
    panel.y_grid([Tick(at, number(at)) for at in (0.0, 50.0, 100.0)])
    panel.x_grid(date_ticks(data.days))
    level(panel, _HOT, theme.muted)
    for name, values, color in zip(data.names, data.year, colors, strict=True):
        line(panel, np.arange(len(values)), values, color, label=name)
    return frame.figure
