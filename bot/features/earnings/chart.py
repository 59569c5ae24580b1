"""Pictures of earnings: bars in groups, one colour a side: growth forms, revision breadth, a company's estimates."""

from matplotlib.figure import Figure

from bot.charts import groups, labels
from bot.charts.frame import PLOT_TOP, Frame
from bot.charts.theme import Theme
from bot.features.earnings.picture import Bars


def draw(data: Bars, theme: Theme) -> Figure:
    """Return the figure: every bar with its words on top, the sides named above."""
    frame = Frame(theme, title=data.title, subtitle=data.subtitle, as_of=data.as_of, source=data.source)
    colors = theme.series[: len(data.sides)]
    rows = [
        groups.Group(name, values, words)
        for name, values, words in zip(data.groups, data.values, data.words, strict=True)
    ]
    panel = groups.standing(frame, rows, colors, top=PLOT_TOP + 30)
    above = frame.panel(top=PLOT_TOP + 36, bottom=panel.bottom)
    entries = [labels.Entry(name, color, "block") for name, color in zip(data.sides, colors, strict=True)]
    labels.legend(above, data.heading, entries if len(data.sides) > 1 else ())
    return frame.figure
