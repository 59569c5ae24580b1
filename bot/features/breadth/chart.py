"""Pictures of breadth: relative lines over the window, and shares of members side by side."""

import numpy as np
from matplotlib.figure import Figure

from bot import i18n
from bot.charts import groups, labels, marks
from bot.charts.frame import PLOT_TOP, Frame
from bot.charts.scales import Tick, date_ticks, decimals, padded, round_steps
from bot.charts.theme import Theme
from bot.features.breadth.picture import Relatives, Shares


def draw(data: Relatives | Shares, theme: Theme) -> Figure:
    """Return the figure of whichever picture it is."""
    frame = Frame(theme, title=data.title, subtitle=data.subtitle, as_of=data.as_of, source=data.source)
    if isinstance(data, Relatives):
        _relatives(frame, data)
    else:
        _shares(frame, data)
    return frame.figure


def _relatives(frame: Frame, data: Relatives) -> None:
    panel = frame.panel()
    every = np.concatenate([line.values for line in data.lines])
    low, high = padded(min(100.0, float(np.nanmin(every))), max(100.0, float(np.nanmax(every))))
    panel.limits((0, max(1, len(data.days) - 1)), (low, high))
    steps = round_steps(low, high)
    panel.y_grid([Tick(float(v), i18n.number(float(v), decimals(steps))) for v in steps], bold=100.0)
    panel.x_grid(date_ticks(data.days))
    written = []
    for line, color in zip(data.lines, frame.theme.series, strict=False):
        marks.line(panel, np.arange(len(line.values)), line.values, color, label=line.name)
        written.append(labels.EndLabel(float(line.values[-1]), line.name, line.words, color))
    labels.end_labels(panel, written)


def _shares(frame: Frame, data: Shares) -> None:
    colors = frame.theme.series[: len(data.sides)]
    rows = [
        groups.Group(name, values, words)
        for name, values, words in zip(data.groups, data.values, data.words, strict=True)
    ]
    panel = groups.standing(frame, rows, colors, top=PLOT_TOP + 30)
    above = frame.panel(top=PLOT_TOP + 36, bottom=panel.bottom)
    labels.legend(above, "", [labels.Entry(n, c, "block") for n, c in zip(data.sides, colors, strict=True)])
