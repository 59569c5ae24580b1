"""Shared marks inside a panel: lines, shaded spreads, bands, bars, underwater curves, dots, tails."""

from collections.abc import Iterable, Sequence

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Wedge
from matplotlib.transforms import Affine2D
from numpy.typing import ArrayLike, NDArray

from bot.charts import typeface
from bot.charts.frame import FIGURE_PX, HEIGHT, SMALLEST_PX, WIDTH, Frame, Panel
from bot.i18n import DASH, number

LINE_PX = 4.5
THIN_PX = 3.0
_MANY = 800  # more sessions than this are drawn thin
BAND_STRENGTH = 0.22
SPREAD_STRENGTH = 0.30
_DASHES = (3.0, 2.0)

Floats = NDArray[np.float64]


def _floats(values: ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)


def line(
    panel: Panel, x: ArrayLike, y: ArrayLike, color: str, *, px: float = LINE_PX, dashed: bool = False, label: str = ""
) -> Line2D:
    """Draw a series; NaN leaves a gap. ``label`` names it for tests and readers of the figure, it is not written."""
    drawn = Line2D(
        _floats(x),
        _floats(y),
        color=color,
        linewidth=typeface.points(px),
        solid_capstyle="round",
        solid_joinstyle="round",
        linestyle=(0, _DASHES) if dashed else "solid",
        label=label,
        zorder=3,
    )
    panel.axes.add_line(drawn)
    if np.isfinite(drawn.get_ydata(orig=True)).sum() == 1:  # a single session has no line to show
        drawn.set(marker="o", markersize=typeface.points(3 * px))
    return drawn


def weight(sessions: int) -> float:
    """Return how thick a main line of so many sessions is drawn."""
    return LINE_PX if sessions <= _MANY else THIN_PX


def level(panel: Panel, y: float, color: str, *, px: float = THIN_PX, dashed: bool = True) -> Line2D:
    """Draw a level from edge to edge."""
    low, high = panel.axes.get_xlim()
    return line(panel, [low, high], [y, y], color, px=px, dashed=dashed)


def shaded(panel: Panel, x: ArrayLike, first: ArrayLike, second: ArrayLike, tints: tuple[str, str]) -> None:
    """Fill between two series: in the first tint where the first series is higher, else in the second tint."""
    where, high, low = _floats(x), _floats(first), _floats(second)
    for color, ahead in zip(tints, (high > low, high < low), strict=True):
        if ahead.any():
            panel.axes.fill_between(
                where, high, low, where=_bridged(ahead), interpolate=True, color=color, linewidth=0, zorder=1
            )


def _bridged(ahead: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Widen each stretch by a point to both sides, so that filling reaches the crossing."""
    wide = ahead.copy()
    wide[1:] |= ahead[:-1]
    wide[:-1] |= ahead[1:]
    return wide


def bands(panel: Panel, spans: Iterable[tuple[float, float, str]]) -> None:
    """Shade stretches of the x axis from edge to edge: (from, to, colour), behind everything else."""
    low, high = panel.axes.get_ylim()
    for start, end, color in spans:
        panel.axes.fill_between([start, end], low, high, color=color, linewidth=0, zorder=0.2)


def underwater(panel: Panel, x: ArrayLike, drawdown: ArrayLike, fill: str, edge: str) -> Line2D:
    """Hang a drawdown (0 or less) from the zero line."""
    depth = _floats(drawdown)
    panel.axes.fill_between(_floats(x), depth, 0.0, color=fill, linewidth=0, zorder=1)
    return line(panel, x, depth, edge, px=THIN_PX, label="drawdown")


def dots(panel: Panel, x: ArrayLike, y: ArrayLike, color: str, *, px: float = 11.0, label: str = "") -> Line2D:
    """Mark single points."""
    drawn = Line2D(
        _floats(x),
        _floats(y),
        color=color,
        linestyle="none",
        marker="o",
        markersize=typeface.points(px),
        markeredgewidth=0,
        clip_on=False,
        label=label,
        zorder=4,
    )
    panel.axes.add_line(drawn)
    return drawn


def bars(
    panel: Panel, x: ArrayLike, heights: ArrayLike, color: str | Sequence[str], *, width: float, label: str = ""
) -> PolyCollection:
    """Stand bars on the zero line, each centred at its ``x`` and ``width`` wide in the axis' unit; NaN draws none."""
    return _bars(panel, _corners(x, heights, width), color, label)


def lying_bars(
    panel: Panel, y: ArrayLike, lengths: ArrayLike, color: str | Sequence[str], *, width: float, label: str = ""
) -> PolyCollection:
    """Lay bars from the zero line to the right or left, each centred at its ``y``; NaN draws none."""
    return _bars(panel, _corners(y, lengths, width)[:, :, ::-1], color, label)


def _corners(centres: ArrayLike, tops: ArrayLike, width: float) -> Floats:
    """Return the four corners of each standing bar: shape (bars, 4, 2)."""
    middle, top = _floats(centres), _floats(tops)
    left, right, zero = middle - width / 2, middle + width / 2, np.zeros_like(top)
    pairs = ((left, zero), (left, top), (right, top), (right, zero))
    return np.stack([np.stack(pair, axis=1) for pair in pairs], axis=1)


def _bars(panel: Panel, corners: Floats, color: str | Sequence[str], label: str) -> PolyCollection:
    shown = np.asarray(np.isfinite(corners.reshape(len(corners), 8)).all(axis=1), dtype=np.bool_)
    colors = color if isinstance(color, str) else [c for c, keep in zip(color, shown, strict=True) if keep]
    drawn = PolyCollection(list(corners[shown]), facecolors=colors, edgecolors="none", label=label, zorder=2)
    panel.axes.add_collection(drawn, autolim=False)
    return drawn


def tail(panel: Panel, x: ArrayLike, y: ArrayLike, color: str, *, label: str = "", dashed: bool = False) -> Line2D:
    """Draw a path through a plane that ends in a dot: oldest first, today last."""
    across, up = _floats(x), _floats(y)
    path = line(panel, across, up, color, px=LINE_PX, label=label, dashed=dashed)
    path.set(marker="o", markersize=typeface.points(7), markeredgewidth=0)
    dots(panel, across[-1:], up[-1:], color, px=22)
    return path


def dial(
    frame: Frame, centre: tuple[float, float], radius: float, value: float | None, *, name: str, color: str
) -> None:
    """Draw a gauge from 0 to 100 as half a ring around ``centre``, its number inside, its name beneath.

    None draws an empty ring and a dash.
    """
    _half_ring(frame, centre, radius, 100.0, frame.theme.grid)
    if value is not None:
        _half_ring(frame, centre, radius, min(max(value, 0.0), 100.0), color)
    x, y = centre
    shown = DASH if value is None else number(value)
    frame.text(x, y, shown, max(FIGURE_PX, radius * 0.55), strong=True, align="center").set_gid("figure")
    words, px = typeface.fitted(name, 2.4 * radius, (27.0, 25.0, SMALLEST_PX))
    frame.text(x, y + 44, words, px, frame.theme.muted, align="center")


def _half_ring(frame: Frame, centre: tuple[float, float], radius: float, reading: float, color: str) -> None:
    """Draw the half ring from 0 to a reading."""
    place = (centre[0], HEIGHT - centre[1])
    ring = Wedge(place, radius, 180 - 1.8 * reading, 180, width=0.26 * radius, facecolor=color, edgecolor="none")
    ring.set_transform(Affine2D().scale(1 / WIDTH, 1 / HEIGHT) + frame.figure.transFigure)
    frame.figure.add_artist(ring)
