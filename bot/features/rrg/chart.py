"""The rotation graph: four quadrants, a tail for each fund, its symbol beside its head."""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from bot import i18n
from bot.charts import typeface
from bot.charts.frame import HALF_CAPITAL, LABEL_PX, MARGIN, PLOT_BOTTOM, PLOT_LEFT, PLOT_TOP, WIDTH, Frame, Panel
from bot.charts.marks import level, line, tail
from bot.charts.scales import Tick, decimals, round_steps
from bot.charts.theme import Theme
from bot.features.rrg.picture import Picture

_MIDDLE = 100.0
_NAME_PX = 29.0
_LEAST_REACH = 0.5
_DISTANCES = (20, 34, 52, 74, 100, 130)
_DIRECTIONS = 12
_POINTS = 16
_COST_OF_CROSSING = 2.0  # pixels of distance that a point of a line beneath a name is worth
Box = tuple[float, float, float, float]  # left, top, right, bottom in pixels


@dataclass(frozen=True, slots=True)
class _Obstacles:
    """What names keep clear of: boxes that must not be touched, points of lines that better are not."""

    boxes: list[Box]
    points: NDArray[np.float64]


def draw(data: Picture, theme: Theme) -> Figure:
    """Draw the graph."""
    frame = Frame(theme, title=data.title, subtitle=data.subtitle, as_of=data.as_of, source=data.source)
    panel = frame.panel(right=WIDTH - MARGIN)
    across, up = _reach(data.ratios), _reach(data.momenta)
    panel.limits((_MIDDLE - across, _MIDDLE + across), (_MIDDLE - up, _MIDDLE + up))
    panel.x_grid(_ticks(across))
    panel.y_grid(_ticks(up))
    level(panel, _MIDDLE, theme.muted, dashed=False)
    line(panel, [_MIDDLE, _MIDDLE], [_MIDDLE - up, _MIDDLE + up], theme.muted, px=3)
    taken = _corners(panel, data.quadrants)
    once = (*theme.series, theme.neutral)  # what comes after them is dashed: no two tails look alike
    colors = list(itertools.islice(itertools.cycle(once), len(data.symbols)))
    for n, (symbol, ratio, momentum) in enumerate(zip(data.symbols, data.ratios, data.momenta, strict=True)):
        tail(panel, ratio, momentum, colors[n], label=symbol, dashed=n >= len(once))
    heads = [(panel.x_px(r[-1]), panel.y_px(m[-1])) for r, m in zip(data.ratios, data.momenta, strict=True)]
    taken += [(x - 12, y - 12, x + 12, y + 12) for x, y in heads]
    obstacles = _Obstacles(taken, _points(panel, data))
    for symbol, head, color in zip(data.symbols, heads, colors, strict=True):
        obstacles.boxes.append(_named(panel, symbol, head, color, obstacles))
    return frame.figure


def _points(panel: Panel, data: Picture) -> NDArray[np.float64]:
    """Return points along all tails, in pixels: shape (points, 2)."""
    along = np.linspace(0.0, 1.0, _POINTS)
    found = [np.empty((0, 2))]
    for ratio, momentum in zip(data.ratios, data.momenta, strict=True):
        corners = np.array([(panel.x_px(r), panel.y_px(m)) for r, m in zip(ratio, momentum, strict=True)])
        found += [start + (end - start) * along[:, None] for start, end in itertools.pairwise(corners)]
    return np.concatenate(found)


def _reach(paths: tuple[NDArray[np.float64], ...]) -> float:
    farthest = max((float(np.abs(path - _MIDDLE).max()) for path in paths), default=0.0)
    return max(_LEAST_REACH, farthest * 1.12)


def _ticks(reach: float) -> list[Tick]:
    steps = round_steps(_MIDDLE - reach, _MIDDLE + reach)
    return [Tick(float(at), i18n.number(float(at), decimals(steps))) for at in steps]


def _corners(panel: Panel, names: dict[str, str]) -> list[Box]:
    """Write the names of the quadrants into their corners; return the room they take."""
    boxes: list[Box] = []
    for key, left, top in (("improving", True, True), ("leading", False, True), ("lagging", True, False),
                           ("weakening", False, False)):  # fmt: skip
        words = names[key]
        long = typeface.width(words, LABEL_PX)
        y = PLOT_TOP + 30 if top else PLOT_BOTTOM - 14
        x = PLOT_LEFT + 12 if left else WIDTH - MARGIN - 12 - long
        text = panel.frame.text(x, y, words, LABEL_PX, panel.theme.muted)
        text.set_bbox({"facecolor": panel.theme.background, "edgecolor": "none", "pad": 1.0})  # tails may run there
        boxes.append((x, y - LABEL_PX, x + long, y + 8))
    return boxes


def _named(panel: Panel, symbol: str, head: tuple[float, float], color: str, obstacles: _Obstacles) -> Box:
    """Write a symbol where it touches nothing, as near to its head as that allows; return the room it takes."""
    size = (typeface.width(symbol, _NAME_PX, strong=True), _NAME_PX)
    box = min(_around(head, size), key=lambda b: _badness(b, head, obstacles))
    baseline = (box[1] + box[3]) / 2 + _NAME_PX * HALF_CAPITAL
    text = panel.frame.text(box[0], baseline, symbol, _NAME_PX, color, strong=True)
    text.set_bbox({"facecolor": panel.theme.background, "edgecolor": "none", "pad": 1.0})
    return box


def _around(head: tuple[float, float], size: tuple[float, float]) -> Iterator[Box]:
    wide, high = size
    for distance in _DISTANCES:
        for n in range(_DIRECTIONS):
            angle = 2 * math.pi * n / _DIRECTIONS
            x = head[0] + math.cos(angle) * (distance + wide / 2)
            y = head[1] + math.sin(angle) * (distance + high / 2)
            yield (x - wide / 2, y - high / 2 - 4, x + wide / 2, y + high / 2 + 4)


def _badness(box: Box, head: tuple[float, float], obstacles: _Obstacles) -> tuple[float, float]:
    """Return overlap first (places outside the panel count), then lines crossed and the distance from the head."""
    area = (box[2] - box[0]) * (box[3] - box[1])
    inside = max(0.0, min(box[2], WIDTH - MARGIN) - max(box[0], PLOT_LEFT)) * max(
        0.0, min(box[3], PLOT_BOTTOM) - max(box[1], PLOT_TOP)
    )
    overlap = area - inside
    for other in obstacles.boxes:
        overlap += max(0.0, min(box[2], other[2]) - max(box[0], other[0])) * max(
            0.0, min(box[3], other[3]) - max(box[1], other[1])
        )
    middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    x, y = obstacles.points[:, 0], obstacles.points[:, 1]
    lines = np.count_nonzero((x > box[0]) & (x < box[2]) & (y > box[1]) & (y < box[3]))
    return round(overlap), math.dist(middle, head) + _COST_OF_CROSSING * float(lines)
