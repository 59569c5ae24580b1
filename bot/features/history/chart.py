"""A fan of paths after each event with their median and any day's; or a dot for each spell of leadership."""

from functools import singledispatch

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from bot import i18n
from bot.charts.frame import MARGIN, PLOT_TOP, WIDTH, Frame, Panel
from bot.charts.labels import EndLabel, Entry, end_labels, legend
from bot.charts.marks import THIN_PX, dots, line
from bot.charts.scales import Tick, decimals, padded, round_steps
from bot.charts.theme import Theme
from bot.features.history.picture import CyclesPicture, FanPicture

_HORIZONS = (0, 63, 126, 189, 252)
_LEGEND_TOP = 176
_FAINT = 0.45
_MOST_PATHS = 12
_BANDS = ((10, 90, 0.16), (25, 75, 0.34))
_BAND_STEP = 6  # sessions: edges of bands are noise in between


@singledispatch
def draw(data: object, theme: Theme) -> Figure:
    """Draw one of the two pictures by the kind of its data; TypeError for anything else."""
    raise TypeError(f"nothing draws a {type(data).__name__} with {theme.name}")


def _level_ticks(panel: Panel, low: float, high: float) -> None:
    steps = round_steps(low, high)
    digits = decimals(steps)
    panel.y_grid([Tick(float(at), i18n.number(float(at), digits, signed=True)) for at in steps], bold=0.0)


@draw.register
def _(data: FanPicture, theme: Theme) -> Figure:
    frame = Frame(theme, title=data.title, subtitle=data.subtitle, as_of=data.as_of, source=data.source)
    many = len(data.paths) > _MOST_PATHS
    panel = frame.panel(top=_LEGEND_TOP if many else PLOT_TOP)
    edges = np.nanpercentile(data.paths[:, _happened(data)], [10, 90] if many else [0, 100], axis=0)
    low, high = padded(min(0.0, float(edges.min())), max(0.0, float(edges.max())))
    last = data.paths.shape[1] - 1
    panel.limits((0, last), (low, high))
    _level_ticks(panel, low, high)
    panel.x_grid([Tick(at, i18n.number(at)) for at in _HORIZONS])
    _paths(panel, data)
    line(panel, data.base_at, data.base, theme.large, px=THIN_PX + 1, dashed=True, label="any day")
    line(panel, np.arange(last + 1), data.median, theme.small, px=6.0, label="median")
    ends = []
    for name, values, color in (
        (i18n.gettext("Median"), data.median, theme.small),
        (i18n.gettext("Any day"), data.base, theme.large),
    ):
        known = values[np.isfinite(values)]
        ends.append(EndLabel(float(known[-1]), name, i18n.percent(float(known[-1]) / 100, signed=True), color))
    end_labels(panel, ends)
    return frame.figure


def _happened(data: FanPicture) -> NDArray[np.bool_]:
    """Return which sessions after an event have come for one of them at least."""
    return np.asarray(np.isfinite(data.paths).any(axis=0), dtype=np.bool_)


def _paths(panel: Panel, data: FanPicture) -> None:
    """Draw each path, or where they are too many to tell apart the bands that hold 80% and 50% of them."""
    theme, across = panel.theme, np.arange(data.paths.shape[1])
    if len(data.paths) <= _MOST_PATHS:
        for path in data.paths:
            line(panel, across, path, theme.tint(theme.neutral, _FAINT), px=2.0, label="path")
        return
    every = across[_happened(data)][::_BAND_STEP]
    known = data.paths[:, every]
    for low, high, strength in _BANDS:
        edges = np.nanpercentile(known, [low, high], axis=0)
        shade = theme.tint(theme.neutral, strength)
        panel.axes.fill_between(
            every, edges[0], edges[1], color=shade, linewidth=0, zorder=0.3, label=f"{low} to {high}"
        )
    legend(panel, "", (
        Entry(i18n.gettext("8 of 10 paths"), theme.tint(theme.neutral, _BANDS[0][2]), "block"),
        Entry(i18n.gettext("half of them"), theme.tint(theme.neutral, _BANDS[1][2]), "block"),
    ))  # fmt: skip


@draw.register
def _(data: CyclesPicture, theme: Theme) -> Figure:
    frame = Frame(theme, title=data.title, subtitle=data.subtitle, as_of=data.as_of, source=data.source)
    panel = frame.panel(top=_LEGEND_TOP, right=WIDTH - MARGIN)
    gains = data.gains * 100
    low, high = padded(min(0.0, float(gains.min())), max(0.0, float(gains.max())), 0.1)
    longest = float(data.sessions.max()) * 1.06
    panel.limits((0, longest), (low, high))
    _level_ticks(panel, low, high)
    panel.x_grid([Tick(float(at), i18n.number(float(at))) for at in round_steps(0, longest, 6)])
    entries = []
    for leader, chosen, color in zip(data.leaders, (data.small, ~data.small), (theme.small, theme.large), strict=True):
        dots(panel, data.sessions[chosen], gains[chosen], color, px=13, label=leader)
        entries.append(Entry(i18n.gettext("{fund} led").format(fund=leader), color, "dot"))
    if data.open:
        ring = dots(panel, data.sessions[-1:], gains[-1:], theme.text, px=24, label="now")
        ring.set(markerfacecolor="none", markeredgecolor=theme.text, markeredgewidth=2)
        entries.append(Entry(i18n.gettext("now, in a ring"), theme.text, "dot"))
    legend(panel, "", entries)
    return frame.figure
