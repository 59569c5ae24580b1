"""The summary's picture: the rotation above, the scoreboard below, as one image of twice the usual height."""

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bot.charts import typeface
from bot.charts.frame import HEIGHT, WIDTH
from bot.charts.render import pixels
from bot.charts.theme import Theme
from bot.features.rotation.chart import draw as draw_rotation
from bot.features.thesis.chart import draw as draw_scoreboard
from bot.features.weekly.report import Picture


def draw(data: Picture, theme: Theme) -> Figure:
    """Draw both pictures as they are on their own cards, one above the other."""
    figure = Figure(figsize=(WIDTH / typeface.DPI, 2 * HEIGHT / typeface.DPI), dpi=typeface.DPI)
    FigureCanvasAgg(figure)
    for part, from_bottom in (
        (draw_rotation(data.rotation, theme), HEIGHT),
        (draw_scoreboard(data.scoreboard, theme), 0),
    ):
        figure.figimage(pixels(part), xo=0, yo=from_bottom, origin="upper")
    return figure
