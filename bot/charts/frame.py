"""The frame of every picture: one size, fixed places for title, subtitle, day and source, and panels inside.

Places are given in pixels from the top left corner. Axes are drawn by hand (grid lines and a few texts):
matplotlib's own ticks cost more than everything else together.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from bot import i18n
from bot.charts import typeface
from bot.charts.scales import Tick
from bot.charts.theme import Theme
from bot.i18n import gettext as _

WIDTH, HEIGHT = 1200, 675
MARGIN = 36
TITLE_SIZES = (42.0, 40.0, 38.0, 36.0, 34.0)  # shown 400 px wide, the last is still 11 px high
SUBTITLE_SIZES = (27.0, 26.0, 25.0, 24.0)
FIGURE_PX = 36.0
LABEL_PX = 25.0
SMALLEST_PX = 24.0
PLOT_LEFT, PLOT_RIGHT = 112, 976  # tick labels to the left, key figures to the right
PLOT_TOP, PLOT_BOTTOM = 138, 578
_TITLE_BASE, _SUBTITLE_BASE, _FOOTER_BASE = 70, 110, 650
_TICK_GAP = 10
HALF_CAPITAL = 0.364  # of the size: what a baseline lies beneath the middle of capitals and digits

Align = Literal["left", "center", "right"]


class Frame:
    """A new picture with its title, subtitle and footer set; ``figure`` is what is rendered."""

    def __init__(self, theme: Theme, *, title: str, subtitle: str, as_of: date, source: str) -> None:
        self.theme = theme
        self.figure = Figure(figsize=(WIDTH / typeface.DPI, HEIGHT / typeface.DPI), dpi=typeface.DPI)
        FigureCanvasAgg(self.figure)
        self.figure.patch.set_facecolor(theme.background)
        room = WIDTH - 2 * MARGIN
        words, px = typeface.fitted(title, room, TITLE_SIZES, strong=True)
        self.text(MARGIN, _TITLE_BASE, words, px, strong=True).set_gid("title")
        words, px = typeface.fitted(subtitle, room, SUBTITLE_SIZES)
        self.text(MARGIN, _SUBTITLE_BASE, words, px, theme.muted).set_gid("subtitle")
        self._footer(as_of, source)

    def _footer(self, as_of: date, source: str) -> None:
        mark = _("Handoff · not investment advice")
        room = WIDTH - 3 * MARGIN - typeface.width(mark, SMALLEST_PX)
        origin = _("As of {day} · {source}").format(day=i18n.day(as_of), source=source)
        words, px = typeface.fitted(origin, room, (SMALLEST_PX,))
        self.text(MARGIN, _FOOTER_BASE, words, px, self.theme.muted).set_gid("footer")
        self.text(WIDTH - MARGIN, _FOOTER_BASE, mark, SMALLEST_PX, self.theme.muted, align="right").set_gid("mark")

    def text(
        self,
        x: float,
        y: float,
        words: str,
        px: float = LABEL_PX,
        color: str | None = None,
        *,
        strong: bool = False,
        align: Align = "left",
    ) -> Text:
        """Write words with their baseline at ``y``. ``$`` is a dollar, not a formula."""
        return self.figure.text(
            x / WIDTH,
            1 - y / HEIGHT,
            typeface.printable(words),
            fontproperties=typeface.font(px, strong=strong),
            color=color or self.theme.text,
            horizontalalignment=align,
            verticalalignment="baseline",
            parse_math=False,
        )

    def rule(
        self, start: tuple[float, float], end: tuple[float, float], color: str, *, thickness: float = 2.0
    ) -> Line2D:
        """Draw a straight line between two places of the picture."""
        line = Line2D(
            [start[0] / WIDTH, end[0] / WIDTH],
            [1 - start[1] / HEIGHT, 1 - end[1] / HEIGHT],
            color=color,
            linewidth=typeface.points(thickness),
        )
        self.figure.add_artist(line)
        return line

    def rectangle(self, corner: tuple[float, float], size: tuple[float, float], color: str) -> Rectangle:
        """Fill a rectangle given by its top left corner, its width and its height, behind everything else."""
        (x, y), (width, height) = corner, size
        filled = Rectangle(
            (x / WIDTH, 1 - (y + height) / HEIGHT),
            width / WIDTH,
            height / HEIGHT,
            transform=self.figure.transFigure,
            facecolor=color,
            edgecolor="none",
            zorder=0.1,
        )
        self.figure.add_artist(filled)
        return filled

    def panel(
        self, top: float = PLOT_TOP, bottom: float = PLOT_BOTTOM, left: float = PLOT_LEFT, right: float = PLOT_RIGHT
    ) -> "Panel":
        """Add an area for data between these edges."""
        return Panel(self, top, bottom, left, right)


class Panel:
    """A rectangle of the picture with a scale of its own; ``axes`` are matplotlib's, without any decoration."""

    def __init__(self, frame: Frame, top: float, bottom: float, left: float, right: float) -> None:
        self.frame, self.theme = frame, frame.theme
        self.top, self.bottom, self.left, self.right = top, bottom, left, right
        rect = (left / WIDTH, 1 - bottom / HEIGHT, (right - left) / WIDTH, (bottom - top) / HEIGHT)
        self.axes: Axes = frame.figure.add_axes(rect)
        self.axes.set_axis_off()
        self.axes.patch.set_visible(False)

    def limits(self, x: tuple[float, float], y: tuple[float, float], *, log: bool = False) -> None:
        """Set what the edges mean; ``log`` for a logarithmic height."""
        if log:
            self.axes.set_yscale("log")
        self.axes.set_xlim(*x)
        self.axes.set_ylim(*y)

    def x_px(self, x: float) -> float:
        """Return where a value lies, in pixels from the left edge of the picture."""
        return float(self.axes.transData.transform((x, self.axes.get_ylim()[0]))[0])

    def y_px(self, y: float) -> float:
        """Return where a value lies, in pixels from the top edge of the picture."""
        return HEIGHT - float(self.axes.transData.transform((self.axes.get_xlim()[0], y))[1])

    def y_grid(self, ticks: Sequence[Tick], *, bold: float | None = None) -> None:
        """Draw level lines with their words to the left; ``bold`` is the value of a line drawn stronger."""
        left, right = self.axes.get_xlim()
        levels = [[(left, t.at), (right, t.at)] for t in ticks]
        colors = [self.theme.muted if t.at == bold else self.theme.grid for t in ticks]
        self._lines(levels, colors)
        for tick in ticks:
            y = self.y_px(tick.at) + LABEL_PX * HALF_CAPITAL
            self.frame.text(self.left - _TICK_GAP, y, tick.label, LABEL_PX, self.theme.muted, align="right")

    def x_grid(self, ticks: Iterable[Tick], *, labels: bool = True) -> None:
        """Draw upright lines; with ``labels`` their words beneath, without those that would touch another."""
        low, high = self.axes.get_ylim()
        ticks = tuple(ticks)
        self._lines([[(t.at, low), (t.at, high)] for t in ticks], [self.theme.grid] * len(ticks))
        if labels:
            self.x_names(ticks)

    def x_names(self, ticks: Iterable[Tick]) -> None:
        """Write the words of ticks beneath the panel, without those that would touch the one before."""
        taken = float("-inf")
        for tick in ticks:
            half = typeface.width(tick.label, LABEL_PX) / 2
            x = min(max(self.x_px(tick.at), MARGIN + half), WIDTH - MARGIN - half)
            if x - half < taken + _TICK_GAP:
                continue
            self.frame.text(x, self.bottom + 32, tick.label, LABEL_PX, self.theme.muted, align="center")
            taken = x + half

    def _lines(self, segments: list[list[tuple[float, float]]], colors: list[str]) -> None:
        width = typeface.points(2)
        self.axes.add_collection(LineCollection(segments, colors=colors, linewidths=width, zorder=0.5), autolim=False)
