"""The calendar as a timeline: a row for each kind of event, the next one marked and named."""

from datetime import date, timedelta

from matplotlib.figure import Figure

from bot import i18n
from bot.charts import typeface
from bot.charts.frame import MARGIN, Frame
from bot.charts.marks import dots
from bot.charts.scales import Tick
from bot.charts.theme import Theme
from bot.features.when.report import Timeline

_RIGHT, _NAME_PX = 1040, 26.0


def draw(data: Timeline, theme: Theme) -> Figure:
    """Draw the timeline: all events as dots, the next of each kind larger, its day at the right edge."""
    frame = Frame(theme, title=data.title, subtitle=data.subtitle, as_of=data.as_of, source=data.source)
    names = max(typeface.width(name, _NAME_PX) for name in data.names)
    panel = frame.panel(left=MARGIN + names + 30, right=_RIGHT)
    rows = len(data.names)
    panel.limits((-5, data.length + 8), (rows - 0.4, -0.6))
    panel.x_grid(_months(data.as_of, data.length))
    for row, (name, days, words) in enumerate(zip(data.names, data.days, data.next_words, strict=True)):
        y = panel.y_px(row) + 9
        frame.text(MARGIN, y, name, _NAME_PX)
        dots(panel, days, [row] * len(days), theme.tint(theme.muted, 0.8), px=12, label=name)
        dots(panel, days[:1], [row], theme.others[1], px=22)
        frame.text(_RIGHT + 24, y, words, 30.0, theme.others[1], strong=True)
    return frame.figure


def _months(start: date, length: int) -> list[Tick]:
    ticks = []
    for n in range(1, length + 1):
        day = start + timedelta(days=n)
        if day.day == 1 and day.month % 2:
            words = str(day.year) if day.month == 1 else i18n.month(day)
            ticks.append(Tick(n, words))
    return ticks
