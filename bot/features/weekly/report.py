"""The weekly summary as a report."""

import functools
from dataclasses import dataclass

from bot import i18n
from bot.features.rotation.picture import Picture as RotationPicture
from bot.features.thesis.report import Picture as Scoreboard
from bot.features.thesis.report import change_table
from bot.features.thesis.report import picture as scoreboard
from bot.features.weekly import words
from bot.features.weekly.findings import Findings, Span, find
from bot.features.weekly.request import WeeklyRequest
from bot.i18n import gettext as _
from bot.indicator import Indicator
from bot.market.dataset import Dataset
from bot.report import Chart, Column, Report, Stat, Table, distinct


@dataclass(frozen=True, slots=True)
class Picture:
    """Two pictures, one above the other."""

    rotation: RotationPicture
    scoreboard: Scoreboard


def build(request: WeeklyRequest, dataset: Dataset) -> Report:
    """Return the summary of the week that ends on the dataset's day."""
    found = find(request.since, dataset)
    sources = distinct([dataset.source("IWM"), *(source for r in found.readings for source in r.sources)])
    drawn = Picture(found.rotation, scoreboard(found.readings, dataset, sources))
    return Report(
        feature=request.feature,
        request=request.plain(),
        title=_("Small caps, the week to {day}").format(day=i18n.day(found.week.end)),
        headline=words.headline(found),
        as_of=dataset.as_of,
        stats=tuple(_stats(found, dataset)),
        tables=(change_table(found.changed), _ahead(found)),
        charts=(Chart("week", words.alternative(found), drawn),),
        notes=words.notes(found, request),
        sources=sources,
        tone="small" if found.week.spread > 0 else "large" if found.week.spread < 0 else "neutral",
        version=dataset.version,
    )


def indicators() -> tuple[Indicator, ...]:
    """Return none: what a week is made of is offered by the questions it sums up."""
    return ()


def _stats(found: Findings, dataset: Dataset) -> list[Stat]:
    holding = sum(r.verdict == "supports" for r in found.readings)
    measured = sum(r.verdict is not None for r in found.readings)
    day, source = found.week.end, dataset.source("IWM")
    stat = functools.partial(Stat, as_of=day, source=source, stale=day < dataset.as_of, metric="returns.window")
    when, spread = (
        (_("on the week"), _("Spread on the week"))
        if found.whole_week
        else (_("in seven days"), _("Spread in seven days"))
    )
    return [
        *_pair(stat, "week", when, found.week),
        *_pair(stat, "ytd", words.year_so_far(found), found.year),
        Stat(id="week.spread", label=spread, value=found.week.spread, unit="percentage_points",
             as_of=day, source=source, figure=True, metric="returns.spread"),
        Stat(id="claims.supported", label=_("Claims that hold"), value=holding, unit="count", as_of=day, source=source,
             figure=True, shown=_("{n} of {all}").format(n=holding, all=measured)),
        Stat(id="claims.changed", label=_("Changed verdicts"), value=len(found.changed), unit="count", as_of=day,
             source=source),
        *_shorts(found),
    ]  # fmt: skip


def _pair(stat: "functools.partial[Stat]", key: str, when: str, span: Span) -> list[Stat]:
    return [
        stat(id=f"{key}.{side}", label=_("{fund} {when}").format(fund=fund, when=when), value=value, unit="fraction",
             figure=True, signed=True,
             working=_("from the close of {start} to {end}").format(start=i18n.day(span.start), end=i18n.day(span.end)))
        for side, fund, value in (("small", "IWM", span.small), ("large", "SPY", span.large))
    ]  # fmt: skip


def _shorts(found: Findings) -> list[Stat]:
    if found.shorts is None:
        return []
    return [
        Stat(id="short_interest.weighted", label=_("Russell 2000 sold short, of market cap"),
             value=found.shorts.weighted, unit="fraction", as_of=found.shorts.settlement, source="FINRA"),
        Stat(id="short_interest.change", label=_("Its change on matched members"), value=found.shorts.change,
             unit="percentage_points", as_of=found.shorts.settlement, source="FINRA"),
    ]  # fmt: skip


def _ahead(found: Findings) -> Table:
    columns = (Column("date", _("Day"), "date"), Column("event", _("Event")))
    return Table("ahead", _("The week ahead"), columns, tuple((e.day, e.words) for e in found.ahead))
