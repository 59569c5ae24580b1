"""The picture of records: closes with their records marked, and how far below them each day closed."""

from typing import TypeGuard

import numpy as np
from matplotlib.figure import Figure

from bot import i18n
from bot.charts import labels, marks, typeface
from bot.charts.frame import LABEL_PX, PLOT_BOTTOM, PLOT_TOP, Frame, Panel
from bot.charts.scales import Tick, date_ticks, decimals, padded, round_steps
from bot.charts.theme import Theme
from bot.features.highs.picture import Gap, Picture
from bot.features.highs.words import LONG_GAP_DAYS
from bot.i18n import gettext as _
from bot.i18n import ngettext

_UPPER_BOTTOM, _LOWER_TOP = 396, 458
_DOT_PX = 12.0
_WORDS_ABOVE = 12


def draw(data: Picture, theme: Theme) -> Figure:
    """Draw the picture."""
    subtitle = _("Closes since {day}; every dot is a record close").format(day=i18n.day(data.dates[0].item()))
    frame = Frame(theme, title=data.title, subtitle=subtitle, as_of=data.as_of, source=data.source)
    _closes(frame.panel(PLOT_TOP, _UPPER_BOTTOM), data)
    _underwater(frame.panel(_LOWER_TOP, PLOT_BOTTOM), data)
    return frame.figure


def _across(data: Picture) -> tuple[float, float]:
    return 0.0, float(max(1, len(data.dates) - 1))


def _closes(panel: Panel, data: Picture) -> None:
    theme = panel.theme
    low, high = _height(panel, data)
    panel.limits(_across(data), (low, high))
    steps = round_steps(low, high, 4)
    panel.y_grid([Tick(float(v), i18n.number(float(v), decimals(steps))) for v in steps])
    panel.x_grid(date_ticks(data.dates), labels=False)
    _gap(panel, data)
    marks.line(panel, np.arange(len(data.closes)), data.closes, theme.neutral, px=marks.THIN_PX, label=data.symbol)
    marks.dots(panel, data.records, data.closes[data.records], theme.small, px=_DOT_PX, label="records")
    labels.end_labels(panel, _ends(panel, data))


def _height(panel: Panel, data: Picture) -> tuple[float, float]:
    """Return the limits of the closes, with room above the level of the gap for its words."""
    low, high = padded(float(data.closes.min()), float(data.closes.max()), 0.07)
    if not _tells(data.gap):
        return low, high
    share = (_WORDS_ABOVE + LABEL_PX + 4) / (panel.bottom - panel.top)
    return low, max(high, (data.gap.level - share * low) / (1 - share))


def _tells(gap: Gap | None) -> TypeGuard[Gap]:
    """Return whether a stretch without records is long enough to be told."""
    return gap is not None and gap.days >= LONG_GAP_DAYS


def _ends(panel: Panel, data: Picture) -> list[labels.EndLabel]:
    theme = panel.theme
    record, close = float(data.closes[data.standing]), float(data.closes[-1])
    ends = [labels.EndLabel(record, _("Record"), i18n.number(record, 2), theme.small)]
    if data.standing < len(data.closes) - 1:
        last = len(data.closes) - 1
        marks.line(panel, [data.standing, last], [record, record], theme.small, px=marks.THIN_PX, dashed=True)
        ends.append(labels.EndLabel(close, _("Close"), i18n.number(close, 2), theme.text))
    return ends


def _gap(panel: Panel, data: Picture) -> None:
    """Span the longest stretch between two records, and say its days where there is room."""
    gap = data.gap
    if not _tells(gap):
        return
    level, color = gap.level, panel.theme.small
    marks.line(panel, [gap.start, gap.end], [level, level], color, px=marks.THIN_PX, dashed=True, label="gap")
    words = ngettext("{n} day without a record", "{n} days without a record", gap.days).format(n=i18n.number(gap.days))
    left, right = panel.x_px(gap.start), panel.x_px(gap.end)
    if typeface.width(words, LABEL_PX) + 24 < right - left:
        panel.frame.text((left + right) / 2, panel.y_px(level) - _WORDS_ABOVE, words, color=color, align="center")


def _underwater(panel: Panel, data: Picture) -> None:
    theme = panel.theme
    deepest = min(float(data.underwater.min()), -0.01)
    panel.limits(_across(data), (deepest * 1.12, -deepest * 0.04))
    steps = round_steps(deepest * 1.05, 0.0, 3)
    digits = decimals(steps * 100)
    panel.y_grid([Tick(float(v), i18n.percent(float(v), digits)) for v in steps], bold=0.0)
    panel.x_grid(date_ticks(data.dates))
    fill = theme.tint(theme.large, marks.SPREAD_STRENGTH)
    marks.underwater(panel, np.arange(len(data.underwater)), data.underwater, fill, theme.large)
    labels.legend(panel, _("Distance from the record at the time"))
    now = float(data.underwater[-1])
    labels.end_labels(panel, [labels.EndLabel(now, _("Now"), i18n.percent(now), theme.large)])
