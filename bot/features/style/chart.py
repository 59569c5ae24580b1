"""The picture of style: the one of the rotation, with growth and value as its sides."""

from matplotlib.figure import Figure

from bot.charts.theme import Theme
from bot.features.rotation import chart as rotation
from bot.features.rotation.picture import Picture


def draw(data: Picture, theme: Theme) -> Figure:
    """Draw both styles rebased, and their relative strength with its regimes."""
    return rotation.draw(data, theme)
