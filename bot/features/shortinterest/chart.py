"""Pictures of short interest: the members of an index by how much is short, a history, several side by side."""

import numpy as np
from matplotlib.figure import Figure

from bot import i18n
from bot.charts import groups, labels, marks
from bot.charts.frame import PLOT_BOTTOM, PLOT_TOP, Frame, Panel
from bot.charts.scales import Tick, date_ticks, decimals, padded, round_steps
from bot.charts.theme import Theme
from bot.features.shortinterest.picture import Comparison, Distribution, Heading, History, Side
from bot.i18n import gettext as _


def draw(data: Distribution | History | Comparison, theme: Theme) -> Figure:
    """Return the figure of whichever picture it is."""
    match data:
        case Distribution():
            return _distribution(data, theme)
        case History():
            return _history(data, theme)
        case Comparison():
            return _comparison(data, theme)


def _frame(heading: Heading, theme: Theme) -> Frame:
    return Frame(theme, title=heading.title, subtitle=heading.subtitle, as_of=heading.as_of, source=heading.source)


def _distribution(data: Distribution, theme: Theme) -> Figure:
    frame = _frame(data.heading, theme)
    panel = frame.panel(top=PLOT_TOP + 40)
    step = data.edges[1] - data.edges[0]
    top = max(max(side.shares) for side in _sides(data))
    panel.limits((data.edges[0], data.edges[-1] + step), (0.0, top * 1.06))
    ticks = round_steps(0.0, top * 1.06, most=4)
    panel.y_grid([Tick(t, i18n.percent(t, decimals([100 * v for v in ticks]))) for t in ticks])
    panel.x_grid(_share_ticks(data.edges), labels=True)
    middle = np.asarray(data.edges) + step / 2
    marks.bars(
        panel, middle, data.small.shares, theme.tint(theme.small, 0.75), width=step * 0.86, label=data.small.name
    )
    if data.large is not None:
        marks.line(panel, middle, data.large.shares, theme.large, label=data.large.name)
    _entries(panel, data, theme)
    _figures(panel, data, theme)
    return frame.figure


def _sides(data: Distribution) -> tuple[Side, ...]:
    return (data.small,) if data.large is None else (data.small, data.large)


def _share_ticks(edges: tuple[float, ...]) -> list[Tick]:
    step = edges[1] - edges[0]
    every = max(1, round(0.05 / step))
    ticks = [Tick(edge, i18n.percent(edge, 0)) for edge in edges[:-1:every]]
    return [*ticks, Tick(edges[-1] + step / 2, _("{share} and more").format(share=i18n.percent(edges[-1], 0)))]


def _entries(panel: Panel, data: Distribution, theme: Theme) -> None:
    entries = [labels.Entry(data.small.name, theme.tint(theme.small, 0.75), "block")]
    if data.large is not None:
        entries.append(labels.Entry(data.large.name, theme.large))
    entries.append(labels.Entry(_("weighted"), theme.text))
    entries.append(labels.Entry(_("median"), theme.text, "dashes"))
    labels.legend(panel, "", entries)


def _figures(panel: Panel, data: Distribution, theme: Theme) -> None:
    """Mark the small side's median and weighted mean in the panel, and write the key figures beside it."""
    low, high = panel.axes.get_ylim()
    last = panel.axes.get_xlim()[1]
    for value, dashed in ((data.small.median, True), (data.small.weighted, False)):
        at = min(value, last)
        marks.line(panel, [at, at], [low, high], theme.text, px=marks.THIN_PX, dashed=dashed)
    blocks = [
        written
        for side, color in zip(_sides(data), (theme.small, theme.large), strict=False)
        for written in ((_("Weighted"), side.weighted, color), (_("Median"), side.median, color))
    ]
    places = np.linspace(high * 0.92, high * 0.08, len(blocks))
    written = [
        labels.EndLabel(float(y), name, i18n.percent(value, 1), color)
        for y, (name, value, color) in zip(places, blocks, strict=True)
    ]
    labels.end_labels(panel, written)


def _history(data: History, theme: Theme) -> Figure:
    frame = _frame(data.heading, theme)
    panel = frame.panel()
    most = max(data.short_shares) or 1.0
    panel.limits((-0.6, len(data.days) - 0.4), (0.0, padded(0.0, most)[1]))
    panel.y_grid([Tick(float(t), i18n.compact(float(t))) for t in round_steps(0.0, most, most=5)])
    days = np.array(data.days, dtype="datetime64[D]")
    panel.x_grid(date_ticks(days))
    marks.bars(panel, np.arange(len(days)), data.short_shares, theme.small, width=0.62, label=data.name)
    last = data.short_shares[-1]
    labels.end_labels(panel, [labels.EndLabel(last, _("Shares short"), i18n.compact(last), theme.small)])
    return frame.figure


def _comparison(data: Comparison, theme: Theme) -> Figure:
    frame = _frame(data.heading, theme)
    rows = [
        groups.Row(name, (value,), words, (theme.small,))
        for name, value, words in zip(data.names, data.values, data.words, strict=True)
    ]
    bottom = PLOT_BOTTOM + 22 if len(rows) > 5 else PLOT_TOP + 92 * len(rows)
    groups.lying(frame, rows, bottom=bottom)
    return frame.figure
