"""Words and numbers around the marks: key figures at the end of lines, legends, tables inside a picture."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from bot.charts import typeface
from bot.charts.frame import FIGURE_PX, HALF_CAPITAL, LABEL_PX, MARGIN, SMALLEST_PX, WIDTH, Frame, Panel

_NAME_PX = 27.0
_GAP = 20  # between the panel's edge and the key figures
_LEADING = 40  # from the name's baseline to the figure's
BLOCK_HEIGHT = 84  # a name above its figure, with air


@dataclass(frozen=True, slots=True)
class EndLabel:
    """The key figure of a line: where the line ends, its name, the figure, its colour."""

    y: float
    name: str
    figure: str
    color: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a legend: ``mark`` says how the thing looks."""

    words: str
    color: str
    mark: str = "line"  # line, dashes, block or dot


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table in a picture: its words, and a tint behind them."""

    words: str
    color: str | None = None
    tint: str | None = None
    strong: bool = False


def spread_out(wanted: Sequence[float], size: float, low: float, high: float) -> list[float]:
    """Return centres as near as possible to those wanted, ``size`` apart and inside ``low`` to ``high``.

    Order is kept (equal ones by position). Where there is no room for all, they are spaced evenly.
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    if len(order) * size > high - low:
        step = (high - low) / max(1, len(order))
        even = {i: low + step * (rank + 0.5) for rank, i in enumerate(order)}
        return [even[i] for i in range(len(wanted))]
    centres = [min(max(w, low + size / 2), high - size / 2) for w in wanted]
    for before, after in itertools.pairwise(order):
        centres[after] = max(centres[after], centres[before] + size)
    floor = high - size / 2
    for i in reversed(order):
        centres[i] = min(centres[i], floor)
        floor = centres[i] - size
    return centres


def end_labels(panel: Panel, labels: Sequence[EndLabel]) -> None:
    """Write key figures to the right of the panel, each beside the end of its line, none on another."""
    air = 14
    centres = spread_out([panel.y_px(e.y) for e in labels], BLOCK_HEIGHT, panel.top - air, panel.bottom + air)
    x = panel.right + _GAP
    room = WIDTH - 16 - x
    for label, centre in zip(labels, centres, strict=True):
        name, px = typeface.fitted(label.name, room, (_NAME_PX, LABEL_PX, SMALLEST_PX))
        panel.frame.text(x, centre - 8, name, px, label.color)
        figure, px = typeface.fitted(label.figure, room, (40.0, 38.0, FIGURE_PX, 34.0), strong=True)
        panel.frame.text(x, centre - 8 + _LEADING, figure, px, label.color, strong=True).set_gid("figure")


def legend(panel: Panel, heading: str, entries: Sequence[Entry] = ()) -> None:
    """Write one line above the panel: what it shows, then its marks with their names."""
    frame, base = panel.frame, panel.top - 14
    x: float = MARGIN
    if heading:
        frame.text(x, base, heading, LABEL_PX, frame.theme.text, strong=True)
        x += typeface.width(heading, LABEL_PX, strong=True) + 32
    for entry in entries:
        _sample(frame, x, base - 9, entry)
        x += 42
        frame.text(x, base, entry.words, LABEL_PX, frame.theme.muted)
        x += typeface.width(entry.words, LABEL_PX) + 30


def _sample(frame: Frame, x: float, y: float, entry: Entry) -> None:
    if entry.mark == "block":
        frame.rectangle((x, y - 11), (32, 22), entry.color)
    elif entry.mark == "dot":
        line = frame.rule((x + 14, y), (x + 18, y), entry.color)
        line.set(linestyle="none", marker="o", markersize=typeface.points(13), markeredgewidth=0)
    else:
        line = frame.rule((x, y), (x + 32, y), entry.color, thickness=4.5)
        if entry.mark == "dashes":
            line.set_dashes((3.0, 2.0))


def row(
    frame: Frame, y: float, centres: Sequence[float], cells: Sequence[Cell], *, pitch: float, height: float = 42
) -> None:
    """Write one row of a table: cells centred at the given places, ``y`` the middle of the row.

    ``pitch`` is the width of a column; tints fill it but for a small gap.
    """
    for centre, cell in zip(centres, cells, strict=True):
        if cell.tint:
            frame.rectangle((centre - pitch / 2 + 2, y - height / 2 + 2), (pitch - 4, height - 4), cell.tint)
        words, px = typeface.fitted(cell.words, pitch - 2, (26.0, LABEL_PX, SMALLEST_PX), strong=cell.strong)
        frame.text(centre, y + px * HALF_CAPITAL, words, px, cell.color, strong=cell.strong, align="center")


def row_name(frame: Frame, y: float, words: str, color: str, *, room: float) -> None:
    """Write the name of a table's row at the left margin."""
    name, px = typeface.fitted(words, room, (26.0, LABEL_PX, SMALLEST_PX), strong=True)
    frame.text(MARGIN, y + px * HALF_CAPITAL, name, px, color, strong=True)
