"""The report on many alerts at once: one line each, the rarest first. No picture: each alert has its own."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from bot import i18n
from bot.alerts.evaluate import still_holds
from bot.alerts.rule import Watched
from bot.alerts.sentence import condition_words, happened, reading
from bot.analytics.returns import DAYS_A_YEAR
from bot.errors import BotError, MissingData
from bot.features.indicator.report import find
from bot.features.storm.request import FiredAlert, StormRequest
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.indicator import Indicator
from bot.market.dataset import Dataset
from bot.report import Column, Report, Stat, Table, distinct

ON_CARD = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One alert: what it waited for, the value that made it fire, whether that still stands."""

    asked: FiredAlert
    watched: Watched
    day: date
    value: float
    before: float | None
    stands: bool
    short: bool

    @property
    def per_year(self) -> float | None:
        """How often it fires a year, None where there is too little history to say."""
        return None if self.short else self.asked.per_year


def build(request: StormRequest, dataset: Dataset) -> Report:
    """Answer a request on a dataset at its day. MissingData where none of its indicators has a value."""
    ranked = sorted(request.alerts, key=lambda one: (one.per_year, one.indicator))
    lines = [line for asked in ranked if (line := _line(asked, dataset)) is not None]
    if not lines:
        raise MissingData(_("Indicators of these alerts"), dataset.as_of)
    return Report(
        feature=request.feature,
        request=request.plain(),
        title=_("Alerts at once"),
        headline=_headline(lines, request.more),
        as_of=dataset.as_of,
        stats=_stats(lines, request.more),
        tables=(
            _table("alerts", lines[:ON_CARD], "card"),
            *([_table("all", lines, "page")] if len(lines) > ON_CARD else []),
        ),
        notes=_notes(lines),
        sources=distinct(part for line in lines for part in line.watched.source.split(", ")),
        version=dataset.version,
    )


def indicators() -> tuple[Indicator, ...]:
    """Return none: alerts watch those of the others."""
    return ()


def _line(asked: FiredAlert, dataset: Dataset) -> Line | None:
    try:
        found = find(asked.indicator, dataset)
    except BotError:
        return None
    index = pd.DatetimeIndex(found.series.index)
    day = asked.fired_on or found.day
    place = int(index.get_indexer(pd.DatetimeIndex([pd.Timestamp(day)]))[0])
    if place < 0:
        return None
    before = float(found.series.iloc[place - 1]) if place else None
    stands = bool(still_holds(asked.rule(), found.series, day))
    short = (index[-1] - index[0]).days < DAYS_A_YEAR
    return Line(asked, found.watched, day, float(found.series.iloc[place]), before, stands, short)


def _headline(lines: list[Line], more: int) -> str:
    count = len(lines) + more
    first = lines[0]
    if not first.stands:
        words = ngettext("{n} alert at once.", "{n} alerts at once.", count)
        return words.format(n=i18n.number(count))
    words = ngettext("{n} alert; the rarest: {first}", "{n} alerts at once; the rarest: {first}", count)
    said = happened(first.asked.rule(), first.watched, first.value, first.day, first.before)
    return words.format(n=i18n.number(count), first=said)


def _stats(lines: list[Line], more: int) -> tuple[Stat, ...]:
    source, day = lines[0].watched.source, max(line.day for line in lines)
    standing = sum(line.stands for line in lines)
    return (
        Stat(id="alerts", label=_("Alerts"), value=len(lines) + more, unit="count", as_of=day, source=source,
             figure=True),
        Stat(id="alerts.standing", label=_("Listed and still so by the data of now"), value=standing, unit="count",
             as_of=day, source=source),
        Stat(id="rarest.per_year", label=_("Times a year the rarest fires"), value=lines[0].per_year,
             unit="ratio", digits=1, as_of=day, source=source, figure=True, metric="alerts.backtest"),
    )  # fmt: skip


def _table(table_id: str, lines: list[Line], place: str) -> Table:
    columns = (
        Column("alert", _("Alert")),
        Column("value", _("Value")),
        Column("day", _("Day"), "date"),
        Column("per_year", _("Times a year"), "ratio", digits=1),
    )
    rows = tuple((_words(line), reading(line.value, line.watched), line.day, line.per_year) for line in lines)
    return Table(table_id, _("Rarest first"), columns, rows, "card" if place == "card" else "page")


def _words(line: Line) -> str:
    words = condition_words(line.asked.rule(), line.watched)
    return words if line.stands else _("taken back: {alert}").format(alert=words)


def _notes(lines: list[Line]) -> tuple[str, ...]:
    notes = [_("On days like this many alerts say the same thing: they are not so many pieces of news.")]
    undone = [line for line in lines if not line.stands]
    if undone:
        text = ngettext(
            "{n} of them is not so any more by corrected data.", "{n} of them are not so any more by corrected data.",
            len(undone),
        )  # fmt: skip
        notes.append(text.format(n=i18n.number(len(undone))))
    if any(line.short for line in lines):
        notes.append(_("With less than a year of history nobody can say how many times a year an alert fires."))
    return tuple(notes)
