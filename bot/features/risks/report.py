"""The report on risks, and the gauges as indicators."""

import functools

import pandas as pd

from bot import i18n
from bot.analytics.gauges import HOT
from bot.features.risks import words
from bot.features.risks.findings import GAUGES, Findings, Gauge, find
from bot.features.risks.picture import picture
from bot.features.risks.request import RisksRequest
from bot.i18n import gettext as _
from bot.indicator import Indicator
from bot.market import calendar
from bot.market.dataset import Dataset
from bot.report import Chart, Column, Report, Stat, Table, distinct

_SYMBOLS = {"slowdown": ("DGS10", "ICSA", "XLP"), "financing": ("DGS2", "BAMLH0A0HYM2", "KRE"),
            "quality": ("IJR", "snapshots"), "short_interest": ("short_interest",)}  # fmt: skip


def build(request: RisksRequest, dataset: Dataset) -> Report:
    """Return the gauges on the dataset's day."""
    found = find(dataset)
    stats = (*_gauges(found, dataset), _hot(found, dataset), *_changes(found, dataset))
    return Report(
        feature=request.feature,
        request=request.plain(),
        title=_("Four gauges of risk"),
        headline=words.headline(found),
        as_of=dataset.as_of,
        stats=stats,
        tables=(_inputs(found), _year(found)),
        charts=(Chart("gauges", words.alternative(found), picture(found, dataset)),),
        notes=words.notes(found),
        sources=distinct(part for name in GAUGES for part in _source(name, dataset).split(", ")),
        version=dataset.version,
    )


def indicators() -> tuple[Indicator, ...]:
    """Return the gauges by the day they could be read."""
    return tuple(
        Indicator(f"risks.{name}", _("Risk gauge: {name}").format(name=words.gauge_names()[name]), "score", "week",
                  "FRED, Yahoo Finance", functools.partial(_series, name=name))
        for name in GAUGES
    )  # fmt: skip


@functools.lru_cache(maxsize=1)
def _measured_once(dataset: Dataset) -> Findings:
    return find(dataset)


def _series(dataset: Dataset, name: str) -> "pd.Series[float]":
    """Return a gauge by completed week: the reading of one still under way would be gone the next day."""
    readings = next(one.readings for one in _measured_once(dataset).gauges if one.name == name).dropna()
    following = calendar.sessions_after(dataset.as_of, 1)
    under_way = following.isocalendar()[:2] == dataset.as_of.isocalendar()[:2]
    return readings[readings.index < pd.Timestamp(dataset.as_of)] if under_way else readings


def gauge_series(dataset: Dataset) -> "dict[str, pd.Series[float]]":
    """Return every gauge by completed week, empty where it was never read."""
    return {name: _series(dataset, name) for name in GAUGES}


def _source(name: str, dataset: Dataset) -> str:
    return ", ".join(distinct(part for symbol in _SYMBOLS[name] for part in dataset.source(symbol).split(", ")))


def _gauges(found: Findings, dataset: Dataset) -> tuple[Stat, ...]:
    names = words.gauge_names()
    return tuple(
        Stat(id=f"gauge.{one.name}", label=names[one.name], value=one.now, unit="score", as_of=dataset.as_of,
             source=_source(one.name, dataset), figure=True, shown=words.shown(found, one),
             metric=f"risks.{one.name}", working=_working(found, one))
        for one in found.gauges
    )  # fmt: skip


def _working(found: Findings, one: Gauge) -> str | None:
    percentiles = [p for item in one.inputs if (p := item.percentile(found.today)) is not None]
    if not percentiles:
        return None
    return _("mean of {percentiles}").format(percentiles=i18n.all_of([i18n.percent(p, 0) for p in percentiles]))


def _changes(found: Findings, dataset: Dataset) -> tuple[Stat, ...]:
    names = words.gauge_names()
    return tuple(
        Stat(id=f"gauge.{one.name}.change_1m", label=_("{gauge}, change in a month").format(gauge=names[one.name]),
             value=found.change(one), unit="score", as_of=dataset.as_of, source=_source(one.name, dataset),
             signed=True, metric=f"risks.{one.name}")
        for one in found.gauges
    )  # fmt: skip


def _hot(found: Findings, dataset: Dataset) -> Stat:
    return Stat(
        id="gauges.above_80",
        label=_("Gauges above {limit}").format(limit=i18n.number(HOT)),
        value=len(words.above(found)) if any(one.now is not None for one in found.gauges) else None,
        unit="count",
        as_of=dataset.as_of,
        source=_source("slowdown", dataset),
        figure=True,
        metric="risks.slowdown",
    )


def _inputs(found: Findings) -> Table:
    columns = (
        Column("gauge", _("Gauge")),
        Column("input", _("Input")),
        Column("reading", _("Reading"), "ratio", digits=4),
        Column("percentile", _("Percentile"), "fraction", digits=0),
        Column("start", _("Record from"), "date"),
        Column("observations", _("Observations"), "count"),
    )
    gauges, inputs = words.gauge_names(), words.input_names()
    rows = tuple(
        (gauges[one.name], inputs[item.id], item.reading, item.percentile(found.today),
         item.start.date() if item.start is not None else None, item.observations)
        for one in found.gauges
        for item in one.inputs
    )  # fmt: skip
    return Table("inputs", _("What each gauge is made of"), columns, rows)


def _year(found: Findings) -> Table:
    names = words.gauge_names()
    columns = (
        Column("week", _("Week to"), "date"),
        *(Column(one.name, names[one.name], "score", digits=1) for one in found.gauges),
    )
    whole = pd.DataFrame({one.name: one.readings for one in found.gauges}).dropna(how="all")
    rows = tuple(
        (pd.Timestamp(day).date(), *(None if pd.isna(value) else float(value) for value in row))
        for day, row in zip(whole.index, whole.to_numpy(dtype=float), strict=True)
    )
    return Table("history", _("Every week's reading, as known then"), columns, rows, place="csv")
