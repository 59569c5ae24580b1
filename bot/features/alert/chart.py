"""The picture of an alert: its indicator with the threshold drawn and every past fire marked."""

from matplotlib.figure import Figure

from bot.charts.theme import Theme
from bot.features.indicator import chart
from bot.features.indicator.picture import Picture


def draw(data: Picture, theme: Theme) -> Figure:
    """Draw the picture."""
    return chart.draw(data, theme)
