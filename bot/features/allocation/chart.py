"""Pairs of bars: the portfolio's sizes against the market's, each holding's risk against its weight."""

from matplotlib.figure import Figure

from bot import i18n
from bot.charts.frame import PLOT_TOP, Frame
from bot.charts.groups import Group, standing
from bot.charts.labels import Entry, legend
from bot.charts.theme import Theme
from bot.features.allocation.picture import Bars


def draw(data: Bars, theme: Theme) -> Figure:
    """Draw the pairs with their values on top."""
    frame = Frame(theme, title=data.title, subtitle=data.subtitle, as_of=data.as_of, source=data.source)
    colors = (theme.small, theme.large)
    entries = [Entry(side, color, "block") for side, color in zip(data.sides, colors, strict=True)]
    legend(frame.panel(top=PLOT_TOP + 30), "", entries)
    groups = [
        Group(name, (one, other), (_words(one), _words(other)))
        for name, one, other in zip(data.names, data.first, data.second, strict=True)
    ]
    standing(frame, groups, colors)
    return frame.figure


def _words(value: float | None) -> str:
    if value is None:
        return i18n.DASH
    return i18n.percent(value, 1 if 0 < abs(value) < 0.0095 else 0)
