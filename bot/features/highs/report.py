"""The report on record closes, and the indicators it offers."""

import functools

import pandas as pd

from bot import i18n
from bot.analytics.records import gaps, records_this_year, sessions_since_record
from bot.analytics.returns import drawdown
from bot.features.highs import words
from bot.features.highs.findings import Findings, closes_of, find
from bot.features.highs.picture import picture
from bot.features.highs.request import HighsRequest
from bot.i18n import gettext as _
from bot.indicator import Indicator
from bot.market.dataset import Dataset
from bot.report import Chart, Column, Report, Stat, Table, Unit

FUND = "IWM"


def build(request: HighsRequest, dataset: Dataset) -> Report:
    """Answer a request on a dataset at its day. Raises UserError where it cannot be answered."""
    found = find(request, dataset)
    source = dataset.source(found.symbol)
    stale = found.day < dataset.as_of
    name = dataset.name(found.symbol)
    drawn = picture(found, words.title(found), dataset.as_of, source)
    return Report(
        feature=request.feature,
        request=request.plain(),
        title=_("Record closes: {name} ({symbol})").format(name=name, symbol=found.symbol),
        headline=words.headline(found),
        as_of=dataset.as_of,
        stats=tuple(_stats(found, source, stale=stale)),
        tables=(_records(found), _closes(found)),
        charts=(Chart("highs", words.alternative(found, drawn.dates[0].item(), len(drawn.records)), drawn),),
        notes=words.notes(found, stale=stale),
        sources=(source,),
        version=dataset.version,
    )


def _stats(found: Findings, source: str, *, stale: bool) -> list[Stat]:
    stat = functools.partial(Stat, as_of=found.day, source=source, stale=stale)
    money: Unit = "ratio" if found.is_level else "usd"
    return [*_now(stat, found, money), *_record(stat, found, money), *_counts(stat, found)]


def _now(stat: "functools.partial[Stat]", found: Findings, money: Unit) -> list[Stat]:
    return [
        stat(
            id="close",
            label=_("Last close"),
            value=found.close,
            unit=money,
            digits=2,
            figure=True,
            shown=words.level_shown(found, found.close),
        ),
        stat(
            id="drawdown",
            label=_("From the record"),
            value=found.drawdown,
            unit="fraction",
            figure=True,
            metric="returns.drawdown",
            working=_("{close} / {record} − 1 = {result}").format(
                close=i18n.number(found.close, 2),
                record=i18n.number(found.record.close, 2),
                result=i18n.percent(found.drawdown, 2),
            ),
        ),
    ]


def _record(stat: "functools.partial[Stat]", found: Findings, money: Unit) -> list[Stat]:
    record = found.record
    return [
        stat(
            id="record.close",
            label=_("Record close"),
            value=record.close,
            unit=money,
            digits=2,
            figure=True,
            shown=words.record_shown(found),
            metric="records.close",
            working=_("highest of {n} closes since {day}").format(
                n=i18n.number(len(found.closes)), day=i18n.day(found.first)
            ),
        ),
        stat(id="record.date", label=_("Day of the record"), value=record.day, unit="date", metric="records.close"),
        stat(
            id="record.previous.close",
            label=_("Record before"),
            value=record.previous_close,
            unit=money,
            digits=2,
            metric="records.close",
        ),
        stat(
            id="record.previous.date",
            label=_("Day of the record before"),
            value=record.previous_day,
            unit="date",
            metric="records.close",
        ),
        stat(
            id="record.gap_days",
            label=_("Days between the two"),
            value=record.gap_days,
            unit="days",
            metric="records.gap",
        ),
    ]


def _counts(stat: "functools.partial[Stat]", found: Findings) -> list[Stat]:
    return [
        stat(
            id="records.this_year",
            label=_("Records"),
            value=found.this_year,
            unit="count",
            figure=True,
            shown=words.counts_shown(found),
            metric="records.count",
        ),
        stat(
            id="records.last_year",
            label=_("Records in {year}").format(year=found.day.year - 1),
            value=found.last_year,
            unit="count",
            metric="records.count",
        ),
        stat(
            id="record.days_since",
            label=_("Days since the record"),
            value=found.days_since,
            unit="days",
            figure=True,
            metric="records.gap",
        ),
    ]


def _records(found: Findings) -> Table:
    """Return the latest records, newest first."""
    latest = pd.DataFrame({"close": found.records, "gap": gaps(found.closes)}).iloc[::-1].head(words.LISTED)
    rows = tuple(
        (stamp.date(), float(close), int(gap))
        for stamp, close, gap in zip(pd.DatetimeIndex(latest.index), latest["close"], latest["gap"], strict=True)
    )
    columns = (
        Column("date", _("Day"), "date"),
        Column("close", _("Close"), "ratio", digits=2),
        Column("gap_days", _("Days since the one before"), "days"),
    )
    return Table("records", _("Latest record closes"), columns, rows)


def _closes(found: Findings) -> Table:
    """Return the derived series of the last five years by date, for the CSV alone: no vendor's prices."""
    shown = found.underwater.iloc[-words.CSV_SESSIONS :]
    days = pd.DatetimeIndex(shown.index)
    marked = days.isin(found.records.index)
    rows = tuple((d.date(), float(v), bool(m)) for d, v, m in zip(days, shown, marked, strict=True))
    columns = (
        Column("date", _("Day"), "date"),
        Column("drawdown", _("From the record"), "fraction"),
        Column("record", _("Record close")),
    )
    return Table("underwater", _("Distance from the record by date"), columns, rows, place="csv")


def indicators() -> tuple[Indicator, ...]:
    """Return what can be watched: drawdown, sessions since the record, records so far this year."""
    source = "Yahoo Finance"
    return (
        Indicator(
            "highs.drawdown", _("Distance of IWM from its record close"), "fraction", "session", source, _drawdown
        ),
        Indicator(
            "highs.sessions_since_record",
            _("Sessions since IWM's record close"),
            "count",
            "session",
            source,
            _sessions_since_record,
        ),
        Indicator("highs.records_ytd", _("IWM's record closes this year"), "count", "session", source, _records_ytd),
    )


def _drawdown(dataset: Dataset) -> "pd.Series[float]":
    return drawdown(closes_of(FUND, dataset))


def _sessions_since_record(dataset: Dataset) -> "pd.Series[float]":
    return sessions_since_record(closes_of(FUND, dataset))


def _records_ytd(dataset: Dataset) -> "pd.Series[float]":
    return records_this_year(closes_of(FUND, dataset))
