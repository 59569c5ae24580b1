"""Growth of 10,000 dollars for each fund, and beneath how far each stood below its highest value."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from bot import i18n
from bot.charts.frame import HALF_CAPITAL, PLOT_BOTTOM, PLOT_RIGHT, PLOT_TOP, WIDTH, Frame, Panel
from bot.charts.labels import legend, spread_out
from bot.charts.marks import THIN_PX, line
from bot.charts.scales import Tick, date_ticks, padded, round_factors, round_steps
from bot.charts.theme import Theme
from bot.charts.typeface import fitted
from bot.features.funds.picture import Picture
from bot.i18n import gettext as _

_UPPER_BOTTOM, _LOWER_TOP = 396, 446
_NAME_SIZES, _PITCH = (28.0, 26.0, 25.0, 24.0), 36.0
_MANY = 4  # more names than that are written smaller, to stand closer
_GAP = 16
_LOG_FROM = 4.0  # a scale that spans more than this factor is drawn logarithmically


def draw(data: Picture, theme: Theme) -> Figure:
    """Draw both panels."""
    frame = Frame(theme, title=data.title, subtitle=data.subtitle, as_of=data.as_of, source=data.source)
    colors = (*theme.series, theme.neutral)[: len(data.symbols)]
    upper = frame.panel(PLOT_TOP, _UPPER_BOTTOM)
    lower = frame.panel(_LOWER_TOP, PLOT_BOTTOM)
    if not data.symbols:
        return frame.figure
    _growth(upper, data, colors)
    _falls(lower, data, colors)
    return frame.figure


def _across(data: Picture) -> tuple[NDArray[np.float64], tuple[float, float]]:
    count = len(data.dates)
    return np.arange(count, dtype=np.float64), (0.0, float(max(1, count - 1)))


def _growth(panel: Panel, data: Picture, colors: Sequence[str]) -> None:
    x, across = _across(data)
    every = np.concatenate(data.values)
    lowest, highest = float(np.nanmin(every)), float(np.nanmax(every))
    log = highest / lowest > _LOG_FROM
    low, high = (lowest / 1.1, highest * 1.1) if log else padded(lowest, highest)
    panel.limits(across, (low, high), log=log)
    steps = round_factors(low, high, 4) if log else round_steps(low, high, 4)
    panel.y_grid([Tick(float(at), _amount(float(at))) for at in steps])
    panel.x_grid(date_ticks(data.dates), labels=False)
    ends = []
    for symbol, values, color in zip(data.symbols, data.values, colors, strict=True):
        line(panel, x, values, color, label=symbol)
        last = float(values[np.isfinite(values)][-1])
        ends.append((last, _("{fund} {amount}").format(fund=symbol, amount=_amount(last)), color))
    _end_words(panel, ends, (PLOT_TOP - 30, _UPPER_BOTTOM - 8))


def _amount(value: float) -> str:
    return i18n.compact(value) if value >= 100_000 else i18n.number(value)


def _falls(panel: Panel, data: Picture, colors: Sequence[str]) -> None:
    x, across = _across(data)
    low, _high = padded(min(-0.01, float(np.nanmin(np.concatenate(data.drawdowns)))), 0.0)
    panel.limits(across, (low, 0.0))
    panel.y_grid([Tick(float(at), i18n.percent(float(at), 0)) for at in round_steps(low, 0.0, 3)], bold=0.0)
    panel.x_grid(date_ticks(data.dates))
    legend(panel, _("Below the highest value so far"))
    ends = []
    for symbol, depth, color in zip(data.symbols, data.drawdowns, colors, strict=True):
        line(panel, x, depth, color, px=THIN_PX, label=f"{symbol} drawdown")
        worst = float(np.nanmin(depth))
        ends.append((worst, _("{fund} {fall}").format(fund=symbol, fall=i18n.percent(worst, 0)), color))
    _end_words(panel, ends, (_LOWER_TOP - 36, PLOT_BOTTOM + 10))


def _end_words(panel: Panel, ends: list[tuple[float, str, str]], room: tuple[float, float]) -> None:
    """Write one line a fund to the right of the panel, each as near to its own level as the others allow."""
    many = len(ends) > _MANY
    centres = spread_out([panel.y_px(level) for level, _words, _color in ends], 30.0 if many else _PITCH, *room)
    sizes = _NAME_SIZES[1:] if many else _NAME_SIZES
    for (_level, words, color), centre in zip(ends, centres, strict=True):
        shown, px = fitted(words, WIDTH - _GAP - PLOT_RIGHT - _GAP, sizes, strong=True)
        panel.frame.text(PLOT_RIGHT + _GAP, centre + px * HALF_CAPITAL, shown, px, color, strong=True)
