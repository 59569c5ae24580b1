"""The scoreboard's picture: a line a claim, its verdict as a mark and a word, its reading beside it."""

from matplotlib.figure import Figure

from bot.charts import typeface
from bot.charts.frame import HALF_CAPITAL, MARGIN, SMALLEST_PX, Frame
from bot.charts.theme import Theme
from bot.features.thesis.report import Picture, Row

_TOP, _BOTTOM = 128, 622
_NAME, _READING, _VERDICT = 74, 392, 1164
_SIZES = (SMALLEST_PX,)
_DOT = 20.0


def draw(data: Picture, theme: Theme) -> Figure:
    """Draw the scoreboard. Filled marks hold, hollow ones are broken, grey ones are mixed, dashes not measured."""
    frame = Frame(theme, title=data.title, subtitle=data.subtitle, as_of=data.as_of, source=data.source)
    pitch = (_BOTTOM - _TOP) / max(1, len(data.rows))
    for place, row in enumerate(data.rows):
        _line(frame, _TOP + pitch * (place + 0.5), row)
    return frame.figure


def _line(frame: Frame, y: float, row: Row) -> None:
    theme = frame.theme
    _mark(frame, y, row)
    name, px = typeface.fitted(row.name, _READING - _NAME - 12, _SIZES, strong=True)
    frame.text(_NAME, y + px * HALF_CAPITAL, name, px, theme.text, strong=True)
    word = typeface.width(row.verdict, SMALLEST_PX, strong=True)
    reading, px = typeface.fitted(row.reading, _VERDICT - word - 20 - _READING, _SIZES)
    frame.text(_READING, y + px * HALF_CAPITAL, reading, px, theme.muted)
    color = {"supports": theme.small, "contradicts": theme.large}.get(row.state or "", theme.muted)
    frame.text(_VERDICT, y + SMALLEST_PX * HALF_CAPITAL, row.verdict, SMALLEST_PX, color, strong=True, align="right")


def _mark(frame: Frame, y: float, row: Row) -> None:
    theme = frame.theme
    color = {"supports": theme.small, "contradicts": theme.large}.get(row.state or "", theme.muted)
    if row.state is None:
        frame.rule((MARGIN + 4, y), (MARGIN + 22, y), color, thickness=4)
        return
    line = frame.rule((MARGIN + 12, y), (MARGIN + 14, y), color)
    face = theme.background if row.state == "contradicts" else color
    line.set(linestyle="none", marker="o", markersize=typeface.points(_DOT), markeredgewidth=typeface.points(4))
    line.set(markerfacecolor=face, markeredgecolor=color, markevery=[0])
