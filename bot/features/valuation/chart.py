"""Pictures of valuation: the relative price since 2000 with its bands, and small against large by multiple."""

import numpy as np
from matplotlib.figure import Figure

from bot import i18n
from bot.charts import groups, labels, marks
from bot.charts.frame import PLOT_TOP, Frame, Panel
from bot.charts.scales import Tick, date_ticks, decimals, padded, round_steps
from bot.charts.theme import Theme
from bot.features.valuation.picture import Level, Premiums
from bot.i18n import gettext as _


def draw(data: Level | Premiums, theme: Theme) -> Figure:
    """Return the figure of whichever picture it is."""
    frame = Frame(theme, title=data.title, subtitle=data.subtitle, as_of=data.as_of, source=data.source)
    if isinstance(data, Level):
        _level(frame, data)
    else:
        _premiums(frame, data)
    return frame.figure


def _level(frame: Frame, data: Level) -> None:
    theme, panel = frame.theme, frame.panel()
    low, high = padded(float(data.values.min()), float(data.values.max()))
    panel.limits((0, max(1, len(data.values) - 1)), (low, high))
    _middle(panel, data)
    steps = round_steps(low, high)
    panel.y_grid([Tick(float(v), i18n.number(float(v), decimals(steps))) for v in steps])
    panel.x_grid(date_ticks(data.days))
    marks.level(panel, data.bands[1], theme.muted)
    marks.line(panel, np.arange(len(data.values)), data.values, theme.small, px=marks.THIN_PX, label=data.name)
    last = float(data.values[-1])
    marks.dots(panel, [len(data.values) - 1], [last], theme.small, px=16)
    labels.end_labels(panel, [labels.EndLabel(last, data.words, i18n.number(last, 3), theme.small)])


def _middle(panel: Panel, data: Level) -> None:
    """Shade between the first and the ninth tenth: where four sessions in five lie."""
    theme = panel.theme
    left, right = panel.axes.get_xlim()
    marks.shaded(panel, [left, right], [data.bands[2]] * 2, [data.bands[0]] * 2, (theme.tint(theme.muted, 0.22),) * 2)


def _premiums(frame: Frame, data: Premiums) -> None:
    theme = frame.theme
    rows = [
        groups.Row(name, (premium,), words, (theme.small if (premium or 0.0) < 0 else theme.large,))
        for name, premium, words in zip(data.names, data.premiums, data.words, strict=True)
    ]
    panel = groups.lying(frame, rows, top=PLOT_TOP + 40, names=340, words=320)
    entries = [
        labels.Entry(_("small cheaper"), theme.small, "block"),
        labels.Entry(_("small dearer"), theme.large, "block"),
    ]
    labels.legend(panel, "", entries)
