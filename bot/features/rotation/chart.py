"""The picture of the rotation: both sides rebased with the spread shaded, relative strength with its regimes."""

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from bot import i18n
from bot.charts import labels, marks
from bot.charts.frame import PLOT_BOTTOM, PLOT_TOP, Frame, Panel
from bot.charts.scales import Tick, date_ticks, decimals, padded, round_factors, round_steps
from bot.charts.theme import Theme
from bot.features.rotation.picture import Picture
from bot.features.sides import basis_words
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.windows import Window

_UPPER_BOTTOM, _LOWER_TOP = 382, 446
_LOG_FROM = 4.0  # a scale that spans more than this factor is drawn logarithmically


def draw(data: Picture, theme: Theme) -> Figure:
    """Draw the picture."""
    frame = Frame(theme, title=_title(data), subtitle=_subtitle(data), as_of=data.as_of, source=data.source)
    _rebased(frame.panel(PLOT_TOP, _UPPER_BOTTOM), data)
    _strength(frame.panel(_LOWER_TOP, PLOT_BOTTOM), data)
    return frame.figure


def _title(data: Picture) -> str:
    gap = abs(data.asked.spread) * 100
    shown = i18n.number(gap, 1)
    points = ngettext("{n} point", "{n} points", 1 if shown == "1" else 2).format(n=shown)
    words = {
        (True, 1): _("Small caps {points} ahead of large caps"),
        (True, -1): _("Small caps {points} behind large caps"),
        (True, 0): _("Small and large caps level"),
        (False, 1): _("{fund} {points} ahead of {other}"),
        (False, -1): _("{fund} {points} behind {other}"),
        (False, 0): _("{fund} and {other} level"),
    }[data.pair.by_size, data.asked.ahead]
    return words.format(points=points, fund=data.pair.small, other=data.pair.large)


def _subtitle(data: Picture) -> str:
    words = Window(data.asked.window).words()
    sentence = _("{window}: {start} to {end}, {basis}, start = 100")
    if _is_log(data):
        sentence = _("{window}: {start} to {end}, {basis}, start = 100, log scale")
    return sentence.format(
        window=words[:1].upper() + words[1:],
        start=i18n.day(data.asked.start),
        end=i18n.day(data.asked.end),
        basis=basis_words(data.basis),
    )


def _across(data: Picture) -> tuple[NDArray[np.float64], tuple[float, float]]:
    sessions = len(data.dates)
    return np.arange(sessions, dtype=np.float64), (0.0, float(max(1, sessions - 1)))


def _extremes(data: Picture) -> tuple[float, float]:
    return float(min(data.small.min(), data.large.min())), float(max(data.small.max(), data.large.max()))


def _is_log(data: Picture) -> bool:
    lowest, highest = _extremes(data)
    return highest / lowest > _LOG_FROM


def _ticks(low: float, high: float, most: int, *, log: bool) -> list[Tick]:
    values = round_factors(low, high, most) if log else round_steps(low, high, most)
    digits = 0 if log else decimals(values)
    return [Tick(float(v), i18n.number(float(v), digits)) for v in values]


def _rebased(panel: Panel, data: Picture) -> None:
    theme = panel.theme
    x, across = _across(data)
    lowest, highest = _extremes(data)
    log = _is_log(data)
    low, high = (lowest / 1.1, highest * 1.1) if log else padded(lowest, highest)
    panel.limits(across, (low, high), log=log)
    panel.y_grid(_ticks(low, high, 4, log=log), bold=100.0)
    panel.x_grid(date_ticks(data.dates), labels=False)
    tints = (theme.tint(theme.small, marks.SPREAD_STRENGTH), theme.tint(theme.large, marks.SPREAD_STRENGTH))
    marks.shaded(panel, x, data.small, data.large, tints)
    ends = []
    for fund, color, series, total in (
        (data.pair.large, theme.large, data.large, data.asked.large),
        (data.pair.small, theme.small, data.small, data.asked.small),
    ):
        marks.line(panel, x, series, color, px=marks.weight(len(x)), label=fund)
        ends.append(labels.EndLabel(float(series[-1]), fund, _total(total), color))
    labels.end_labels(panel, ends)


def _total(value: float) -> str:
    """Write a return so that it fits beside its line, also one of many thousand percent."""
    if value >= 100:
        return _("+{n}%").format(n=i18n.compact(value * 100))
    return i18n.percent(value, 1 if value < 10 else 0, signed=True)


def _strength(panel: Panel, data: Picture) -> None:
    theme = panel.theme
    x, across = _across(data)
    known = np.concatenate([data.strength, data.mean[np.isfinite(data.mean)]])
    low, high = padded(float(known.min()), float(known.max()), 0.1)
    panel.limits(across, (low, high))
    colors = {
        state: theme.tint(color, marks.BAND_STRENGTH)
        for state, color in (("small", theme.small), ("large", theme.large))
    }
    marks.bands(panel, [(start, end, colors[state]) for start, end, state in data.bands if state in colors])
    panel.y_grid(_ticks(low, high, 3, log=False))
    panel.x_grid(date_ticks(data.dates))
    entries = []
    if np.isfinite(data.mean).any():
        marks.line(panel, x, data.mean, theme.muted, px=marks.THIN_PX, dashed=True, label="mean")
        entries.append(labels.Entry(_("200-day mean"), theme.muted, "dashes"))
    marks.line(panel, x, data.strength, theme.text, px=marks.weight(len(x)), label="strength")
    present = {state for _start, _end, state in data.bands}
    funds = {"small": data.pair.small, "large": data.pair.large}
    entries += [
        labels.Entry(_("{fund} leads").format(fund=fund), colors[state], "block")
        for state, fund in funds.items()
        if state in present
    ]
    labels.legend(panel, _("Relative strength"), entries)
    level = float(data.strength[-1])
    name = _("{small}/{large}").format(small=data.pair.small, large=data.pair.large)
    labels.end_labels(panel, [labels.EndLabel(level, name, i18n.number(level, 1), theme.text)])
