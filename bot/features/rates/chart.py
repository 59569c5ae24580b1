"""Three pictures of rates: their history, what followed first cuts, and the fit of small minus large on the yield."""

from functools import singledispatch

import numpy as np
from matplotlib.figure import Figure

from bot import i18n
from bot.charts.frame import Frame
from bot.charts.labels import EndLabel, Entry, end_labels, legend
from bot.charts.marks import dots, line
from bot.charts.scales import Tick, date_ticks, decimals, padded, round_steps
from bot.charts.theme import Theme
from bot.features.rates.picture import CyclesChart, Heading, RatesChart, ScatterChart

_LEGEND_TOP = 176


@singledispatch
def draw(data: object, theme: Theme) -> Figure:
    """Draw one of the three charts by the kind of its data; TypeError for anything else."""
    raise TypeError(f"nothing draws a {type(data).__name__} with {theme.name}")


def _frame(heading: Heading, theme: Theme) -> Frame:
    return Frame(theme, title=heading.title, subtitle=heading.subtitle, as_of=heading.as_of, source=heading.source)


def _ticks(low: float, high: float, *, signed: bool = False) -> list[Tick]:
    steps = round_steps(low, high)
    digits = decimals(steps)
    return [Tick(float(at), i18n.number(float(at), digits, signed=signed)) for at in steps]


@draw.register
def _(data: RatesChart, theme: Theme) -> Figure:
    frame = _frame(data.heading, theme)
    panel = frame.panel(top=_LEGEND_TOP)
    colors = (theme.others[0], theme.others[1], theme.neutral)[: len(data.names)]
    values = np.concatenate(data.lines)
    low, high = padded(float(np.nanmin(values)), float(np.nanmax(values)))
    panel.limits((0, max(1, len(data.dates) - 1)), (low, high))
    panel.y_grid(_ticks(low, high))
    panel.x_grid(date_ticks(data.dates))
    positions = np.arange(len(data.dates))
    for name, values, color in zip(data.names, data.lines, colors, strict=True):
        line(panel, positions, values, color, label=name)
    if len(data.lines) == 3:
        dots(panel, data.cuts, data.lines[2][data.cuts], theme.small, px=13, label="cuts")
        dots(panel, data.rises, data.lines[2][data.rises], theme.large, px=13, label="rises")
        legend(
            panel, "", (Entry(i18n.gettext("Cut"), theme.small, "dot"), Entry(i18n.gettext("Rise"), theme.large, "dot"))
        )
    end_labels(panel, [EndLabel(float(values[-1]), name, i18n.percent(float(values[-1]) / 100, 2), color)
                       for name, values, color in zip(data.names, data.lines, colors, strict=True)])  # fmt: skip
    return frame.figure


@draw.register
def _(data: CyclesChart, theme: Theme) -> Figure:
    frame = _frame(data.heading, theme)
    panel = frame.panel()
    low, high = padded(min(0.0, *(float(p.min()) for p in data.paths)), max(0.0, *(float(p.max()) for p in data.paths)))
    longest = max(len(path) for path in data.paths)
    panel.limits((0, max(1, longest - 1)), (low, high))
    panel.y_grid(_ticks(low, high, signed=True), bold=0.0)
    panel.x_grid([Tick(at, i18n.number(at)) for at in (0, 63, 126, 189, 252) if at < longest])
    colors = [*theme.others, theme.neutral, theme.large]
    colors = [colors[n % len(colors)] for n in range(len(data.paths) - 1)] + [theme.small]
    ends = []
    for name, path, color in zip(data.names, data.paths, colors, strict=True):
        line(panel, np.arange(len(path)), path, color, label=name)
        ends.append(EndLabel(float(path[-1]), name, i18n.number(float(path[-1]), 1, signed=True), color))
    end_labels(panel, ends[-5:])
    return frame.figure


@draw.register
def _(data: ScatterChart, theme: Theme) -> Figure:
    frame = _frame(data.heading, theme)
    panel = frame.panel()
    reach = max(1.0, float(np.abs(data.x).max())) * 1.06
    low, high = padded(float(data.y.min()), float(data.y.max()))
    panel.limits((-reach, reach), (low, high))
    panel.y_grid(_ticks(low, high, signed=True), bold=0.0)
    panel.x_grid(_ticks(-reach, reach, signed=True))
    dots(panel, data.x, data.y, theme.tint(theme.neutral, 0.55), px=10, label="weeks")
    across = np.array([-reach, reach])
    fitted = data.intercept + data.slope * across
    line(panel, across, fitted, theme.small, label="fit")
    end_labels(
        panel,
        [
            EndLabel(
                float(fitted[-1]),
                i18n.gettext("per +10 bp"),
                i18n.percent(data.slope / 10, 2, signed=True),
                theme.small,
            )
        ],
    )
    return frame.figure
