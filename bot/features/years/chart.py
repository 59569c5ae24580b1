"""The picture of calendar years: paired bars, the spread, and a table of all three beneath."""

import numpy as np
from matplotlib.figure import Figure

from bot import i18n
from bot.charts import labels, marks
from bot.charts.frame import MARGIN, PLOT_BOTTOM, WIDTH, Frame, Panel
from bot.charts.scales import Tick, decimals, padded, round_steps
from bot.charts.theme import Theme
from bot.features.years.findings import Year
from bot.features.years.report import Picture
from bot.i18n import gettext as _

_LEFT, _RIGHT = 132, WIDTH - MARGIN
_TOP, _BARS_BOTTOM = 142, 404
_ROWS = (436, 482, 526, 570)  # middles of the rows: years, small, large, spread
_TABLE_YEARS = 11
_WIDEST = 150
_BAR = 0.34
_UNFINISHED = 0.55


def draw(data: Picture, theme: Theme) -> Figure:
    """Draw the picture; more than eleven years leave no room for the table, their spread gets a panel instead."""
    frame = Frame(theme, title=data.title, subtitle=_subtitle(data), as_of=data.as_of, source=data.source)
    if len(data.years) <= _TABLE_YEARS:
        panel = frame.panel(_TOP, _BARS_BOTTOM, _LEFT, _RIGHT)
        _bars(panel, data)
        _table(panel, data)
    else:
        _bars(_named(frame, data), data)
        _spreads(frame.panel(456, PLOT_BOTTOM, _LEFT, _RIGHT), data)
    return frame.figure


def _subtitle(data: Picture) -> str:
    last = data.years[-1]
    if last.partial:
        return _("Total return in percent, spread in points; {year}* to {day}").format(
            year=last.year, day=i18n.day(data.end)
        )
    return _("Total return in percent, spread in points")


def _named(frame: Frame, data: Picture) -> Panel:
    """Return an upper panel with a line above it that says which bar is whose."""
    panel = frame.panel(176, 400, _LEFT, _RIGHT)
    entries = [
        labels.Entry(data.pair.small, frame.theme.small, "block"),
        labels.Entry(data.pair.large, frame.theme.large, "block"),
    ]
    labels.legend(panel, _("Total return"), entries)
    return panel


def _across(panel: Panel, years: int) -> tuple[float, float]:
    """Return the limits that give each year an equal place, at most so wide, in the middle of the panel."""
    places = max(float(years), (panel.right - panel.left) / _WIDEST)
    middle = (years - 1) / 2
    return middle - places / 2, middle + places / 2


def _bars(panel: Panel, data: Picture) -> None:
    theme = panel.theme
    small, large = np.array([y.small for y in data.years]), np.array([y.large for y in data.years])
    low, high = padded(
        min(0.0, float(small.min()), float(large.min())), max(0.0, float(small.max()), float(large.max()))
    )
    panel.limits(_across(panel, len(data.years)), (low, high))
    _percent_grid(panel, low, high, 5)
    x = np.arange(len(data.years))
    for shift, series, color, fund in (
        (-0.5, small, theme.small, data.pair.small),
        (0.5, large, theme.large, data.pair.large),
    ):
        colors = [theme.tint(color, _UNFINISHED) if year.partial else color for year in data.years]
        marks.bars(panel, x + shift * (_BAR + 0.04), series, colors, width=_BAR, label=fund)


def _percent_grid(panel: Panel, low: float, high: float, most: int) -> None:
    steps = round_steps(low, high, most)
    digits = decimals(steps * 100)
    panel.y_grid([Tick(float(v), i18n.percent(float(v), digits)) for v in steps], bold=0.0)


def _heading(year: Year) -> str:
    return f"{year.year}*" if year.partial else str(year.year)


def _table(panel: Panel, data: Picture) -> None:
    frame, theme = panel.frame, panel.theme
    centres = [panel.x_px(i) for i in range(len(data.years))]
    pitch = min(_WIDEST, (panel.right - panel.left) / len(data.years))
    tint = {side: theme.tint(color, marks.SPREAD_STRENGTH) for side, color in ((1, theme.small), (-1, theme.large))}
    headings = [labels.Cell(_heading(year), theme.text, strong=True) for year in data.years]
    small = [labels.Cell(_number(year.small), theme.text) for year in data.years]
    large = [labels.Cell(_number(year.large), theme.text) for year in data.years]
    spread = [labels.Cell(_number(y.spread), theme.text, tint.get(y.ahead), strong=True) for y in data.years]
    for y, cells in zip(_ROWS, (headings, small, large, spread), strict=True):
        labels.row(frame, y, centres, cells, pitch=pitch, height=44)
    names = (
        (data.pair.small, theme.small),
        (data.pair.large, theme.large),
        (i18n.in_context("on a chart", "Spread"), theme.text),
    )
    for y, (name, color) in zip(_ROWS[1:], names, strict=True):
        labels.row_name(frame, y, name, color, room=centres[0] - pitch / 2 - MARGIN)


def _number(fraction: float) -> str:
    return i18n.number(fraction * 100, 1 if abs(fraction) < 10 else 0, signed=True)


def _spreads(panel: Panel, data: Picture) -> None:
    theme = panel.theme
    spread = np.array([y.spread for y in data.years])
    low, high = padded(min(0.0, float(spread.min())), max(0.0, float(spread.max())))
    panel.limits(_across(panel, len(data.years)), (low, high))
    steps = round_steps(low, high, 3)
    digits = decimals(steps * 100)
    panel.y_grid([Tick(float(v), i18n.number(float(v) * 100, digits, signed=True)) for v in steps], bold=0.0)
    colors = [theme.small if y.ahead >= 0 else theme.large for y in data.years]
    marks.bars(panel, np.arange(len(spread)), spread, colors, width=0.7, label="spread")
    heading = _("Spread in points: {small} minus {large}").format(small=data.pair.small, large=data.pair.large)
    labels.legend(panel, heading)
    every = 2 if len(spread) <= 22 else 3
    last = len(spread) - 1
    panel.x_names([Tick(i, _heading(y)) for i, y in enumerate(data.years) if (last - i) % every == 0])
