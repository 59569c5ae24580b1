"""The report on the past: events, what followed them against any day, leadership cycles."""

import functools
import math

from bot import i18n
from bot.analytics.events import HORIZONS, Following, forward_return
from bot.features.history import words
from bot.features.history.findings import Findings, find
from bot.features.history.picture import charts
from bot.features.history.rallies import Rallies
from bot.features.history.request import HistoryRequest
from bot.i18n import gettext as _
from bot.indicator import Indicator
from bot.market.dataset import Dataset
from bot.report import Column, Report, Stat, Table, Value, distinct

_FIGURES = (63, 126, 252)


def build(request: HistoryRequest, dataset: Dataset) -> Report:
    """Return what followed on the dataset's day."""
    found = find(request, dataset)
    stats = _stats(request, found, dataset)
    return Report(
        feature=request.feature,
        request=request.plain(),
        title=_("What followed before"),
        headline=words.headline(request, found),
        as_of=dataset.as_of,
        stats=stats,
        tables=tuple(table for table in _tables(found) if table.rows),
        charts=charts(request, found, dataset),
        notes=words.notes(request, found),
        sources=distinct(_sources(request, found, dataset)),
        version=dataset.version,
    )


def indicators() -> tuple[Indicator, ...]:
    """Return none: events are found in the series of other questions."""
    return ()


def _sources(request: HistoryRequest, found: Findings, dataset: Dataset) -> list[str]:
    prices = [dataset.source(found.pair.sides.small), dataset.source(found.pair.sides.large)]
    more = {"cut": ["fed_changes"], "shorts": ["short_interest"], "rallies": ["short_interest", "snapshots"]}
    return [*prices, *(dataset.source(table) for table in more.get(request.event, ()))]


def _stats(request: HistoryRequest, found: Findings, dataset: Dataset) -> tuple[Stat, ...]:
    source = _sources(request, found, dataset)[0]
    stat = functools.partial(Stat, as_of=dataset.as_of, source=source, metric="events.forward")
    stored = stat(id="settlements.stored", label=_("Settlement dates stored"), value=len(found.stored), unit="count",
                  figure=True, metric="events.declustered")  # fmt: skip
    if found.rallies is not None:
        return (*_rally_stats(found.rallies, stat), stored)
    if found.outlook is None:
        spells = [cycle for cycle in found.cycles if cycle.state == "small"]
        count = len(spells) if found.cycles else None
        events = stat(id="events", label=_("Events"), value=count, unit="count", figure=True, metric="events.cycles")
        return (events, stored) if request.event == "shorts" else (events,)
    last = found.days[-1].date() if len(found.days) else None
    figures = [
        stat(id="events", label=_("Events"), value=len(found.days), unit="count", figure=True,
             metric="events.declustered"),
        stat(id="events.last", label=_("Last one"), value=last, unit="date", figure=True, metric="events.declustered"),
    ]  # fmt: skip
    for one in words.measured(request, found):
        figures += _horizon(one, stat)
    return tuple(figures)


def _rally_stats(found: Rallies, stat: "functools.partial[Stat]") -> list[Stat]:
    shorted, others = words.rally_medians(found) if found.measured else (None, None)
    share = functools.partial(stat, unit="fraction", figure=True, signed=True, metric="events.rallies")
    return [
        stat(id="events", label=_("Rallies measured"), value=len(found.measured), unit="count", figure=True,
             shown=_("{n} of {seen}").format(n=len(found.measured), seen=i18n.number(found.seen)),
             metric="events.rallies"),
        stat(id="rallies.seen", label=_("Rallies"), value=found.seen, unit="count", metric="events.rallies"),
        share(id="rallies.shorted", label=_("Most shorted tenth, median"), value=shorted),
        share(id="rallies.others", label=_("Other members, median"), value=others),
    ]  # fmt: skip


def _horizon(one: Following, stat: "functools.partial[Stat]") -> list[Stat]:
    time = words.horizon(one.horizon)
    return [
        stat(id=f"median.{one.horizon}", label=_("{time} later, median").format(time=time), value=one.median,
             unit="fraction", figure=one.horizon in _FIGURES, signed=True, shown=words.shown(one)),
        stat(id=f"share_positive.{one.horizon}", label=_("{time} later, share up").format(time=time),
             value=one.share_positive, unit="fraction", figure=one.horizon == HORIZONS[-1]),
        stat(id=f"base_median.{one.horizon}", label=_("{time} from any day, median").format(time=time),
             value=one.base_median, unit="fraction", signed=True),
    ]  # fmt: skip


def _tables(found: Findings) -> tuple[Table, ...]:
    pair = found.pair.sides
    own = _("Total return of {fund} after the event").format(fund=pair.small)
    against = _("Gain of {small} on {large} after the event").format(small=pair.small, large=pair.large)
    outlook = found.outlook
    return (
        _forward("forward_returns", own, outlook.own if outlook else ()),
        _forward("forward_relative", against, outlook.against if outlook else ()),
        _events(found),
        _cycles(found),
        _rallies(found),
    )


def _forward(table_id: str, title: str, horizons: tuple[Following, ...]) -> Table:
    columns = (
        Column("horizon_sessions", _("Sessions"), "count"),
        Column("events", _("Events"), "count"),
        Column("separate", _("Not overlapping"), "count"),
        Column("median", _("Median"), "fraction", signed=True),
        Column("share_positive", _("Share up"), "fraction", digits=0),
        Column("base_sessions", _("Any day: sessions"), "count"),
        Column("base_median", _("Any day: median"), "fraction", signed=True),
        Column("base_share_positive", _("Any day: share up"), "fraction", digits=0),
        Column("ci_low", _("Interval from"), "fraction", signed=True),
        Column("ci_high", _("to"), "fraction", signed=True),
        Column("remark", _("Remark")),
    )
    rows = tuple(
        (one.horizon, one.events, one.separate, one.median, one.share_positive, one.base, one.base_median,
         one.base_share_positive, *(one.interval or (None, None)), words.remark(one))
        for one in horizons
    )  # fmt: skip
    return Table(table_id, title, columns, rows)


def _events(found: Findings) -> Table:
    columns = (
        Column("date", _("Day"), "date"),
        *(Column(f"own_{n}", _("{fund}, {n} sessions").format(fund=found.pair.sides.small, n=n), "fraction",
                 signed=True) for n in HORIZONS),
        *(Column(f"relative_{n}", _("relative, {n} sessions").format(n=n), "fraction", signed=True) for n in HORIZONS),
    )  # fmt: skip
    series = [forward_return(found.pair.small, n) for n in HORIZONS]
    series += [forward_return(found.pair.strength, n) for n in HORIZONS]
    rows = tuple((day.date(), *(_value(one[day]) for one in series)) for day in found.days)
    return Table("events", _("Every event"), columns, rows)


def _value(number: float) -> Value:
    return None if math.isnan(number) else float(number)


def _cycles(found: Findings) -> Table:
    columns = (
        Column("leader", _("Leader")),
        Column("start", _("Confirmed"), "date"),
        Column("end", _("Last session"), "date"),
        Column("sessions", _("Sessions"), "count"),
        Column("gain", _("Gain on the other"), "fraction", signed=True),
        Column("small", found.pair.sides.small, "fraction", signed=True),
        Column("large", found.pair.sides.large, "fraction", signed=True),
        Column("open", _("Still on")),
    )
    names = {"small": found.pair.sides.small, "large": found.pair.sides.large}
    rows = tuple((names[c.state], c.start, c.end, c.sessions, c.gain, c.small, c.large, c.open) for c in found.cycles)
    return Table("cycles", _("Spells of leadership"), columns, rows)


def _rallies(found: Findings) -> Table:
    columns = (
        Column("start", _("From"), "date"),
        Column("end", _("To"), "date"),
        Column("gain", found.pair.sides.small, "fraction", signed=True),
        Column("shorted_return", _("Most shorted tenth"), "fraction", signed=True),
        Column("others_return", _("Other members"), "fraction", signed=True),
        Column("shorted", _("Companies in the tenth"), "count"),
        Column("others", _("Others"), "count"),
        Column("settlement", _("Positions of"), "date"),
        Column("since", _("Prices from"), "date"),
        Column("until", _("Prices to"), "date"),
    )
    measured = found.rallies.measured if found.rallies else ()
    rows = tuple(tuple(getattr(rally, column.id) for column in columns) for rally in measured)
    return Table("rallies", _("Members in each rally"), columns, rows)
