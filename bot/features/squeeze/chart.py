"""The squeeze screen: one stacked bar a symbol, a colour a component, score and confidence at the end."""

from matplotlib.figure import Figure

from bot.charts import groups, labels
from bot.charts.frame import PLOT_BOTTOM, PLOT_TOP, Frame
from bot.charts.theme import Theme
from bot.features.squeeze.picture import Bars

_ROW = 38.0


def draw(data: Bars, theme: Theme) -> Figure:
    """Return the figure: the highest score on top, a legend of the components that are there."""
    frame = Frame(theme, title=data.title, subtitle=data.subtitle, as_of=data.as_of, source=data.source)
    colors = theme.series[: len(data.components)]
    rows = [
        groups.Row(symbol, points, words, colors)
        for symbol, points, words in zip(data.symbols, data.points, data.words, strict=True)
    ]
    top = PLOT_TOP + 40
    bottom = min(PLOT_BOTTOM + 32, top + max(3, len(rows)) * _ROW)
    panel = groups.lying(frame, rows, top=top, bottom=bottom, names=150, words=330)
    entries = [labels.Entry(name, color, "block") for name, color in zip(data.components, colors, strict=True)]
    labels.legend(panel, "", entries)
    return frame.figure
