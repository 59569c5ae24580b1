"""The picture of a quote: the price with its 50- and 200-session averages."""

import numpy as np
from matplotlib.figure import Figure

from bot import i18n
from bot.charts import labels, marks
from bot.charts.frame import PLOT_TOP, Frame
from bot.charts.scales import Tick, date_ticks, decimals, padded, round_steps
from bot.charts.theme import Theme
from bot.features.quote.picture import Prices
from bot.i18n import gettext as _


def draw(data: Prices, theme: Theme) -> Figure:
    """Return the figure."""
    frame = Frame(theme, title=data.title, subtitle=data.subtitle, as_of=data.as_of, source=data.source)
    panel = frame.panel(top=PLOT_TOP + 40)
    drawn = (data.values, data.average_50, data.average_200)
    every = np.concatenate(drawn)
    low, high = padded(float(np.nanmin(every)), float(np.nanmax(every)))
    panel.limits((0, max(1, len(data.days) - 1)), (low, high))
    steps = round_steps(low, high)
    panel.y_grid([Tick(float(v), i18n.number(float(v), decimals(steps))) for v in steps])
    panel.x_grid(date_ticks(data.days))
    colors = (theme.small, theme.large, theme.others[0])
    where = np.arange(len(data.days))
    for values, color, name in zip(drawn[::-1], colors[::-1], ("200", "50", data.name), strict=True):
        px = marks.LINE_PX if name == data.name else marks.THIN_PX
        marks.line(panel, where, values, color, px=px, label=name)
    entries = [labels.Entry(data.name, colors[0])]
    entries += [labels.Entry(_("50-session average"), colors[1])] if np.isfinite(data.average_50).any() else []
    entries += [labels.Entry(_("200-session average"), colors[2])] if np.isfinite(data.average_200).any() else []
    labels.legend(panel, "", entries)
    last = float(data.values[-1])
    labels.end_labels(panel, [labels.EndLabel(last, data.name, data.words, colors[0])])
    return frame.figure
