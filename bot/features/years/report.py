"""The report on calendar years, and the indicators it offers."""

import functools
from dataclasses import dataclass
from datetime import date

from bot import i18n
from bot.features.sides import Sides, difference
from bot.features.years import words
from bot.features.years.findings import Findings, Year, find
from bot.features.years.request import YearsRequest
from bot.i18n import gettext as _
from bot.indicator import Indicator
from bot.market.dataset import Dataset
from bot.report import Chart, Column, Report, Stat, Table, distinct


@dataclass(frozen=True, slots=True)
class Picture:
    """What the chart draws: the years, oldest first, and the words around them."""

    pair: Sides
    years: tuple[Year, ...]
    title: str
    end: date
    as_of: date
    source: str


def build(request: YearsRequest, dataset: Dataset) -> Report:
    """Answer a request on a dataset at its day. Raises UserError where it cannot be answered."""
    found = find(request, dataset)
    pair = found.pair
    sources = distinct(dataset.source(symbol) for symbol in (pair.small, pair.large))
    source = i18n.all_of(sources)
    stale = found.end < dataset.as_of
    drawn = Picture(pair, found.years, words.title(found), found.end, dataset.as_of, source)
    return Report(
        feature=request.feature,
        request=request.plain(),
        title=_("Calendar years: {pair}").format(
            pair=_("{small} and {large}").format(small=pair.small, large=pair.large)
        ),
        headline=words.headline(found),
        as_of=dataset.as_of,
        stats=tuple(_stats(found, source, stale=stale)),
        tables=(_table(found),),
        charts=(Chart("years", words.alternative(found), drawn),),
        notes=words.notes(found, stale=stale),
        sources=sources,
        tone="neutral" if found.years[-1].ahead == 0 else "small" if found.years[-1].ahead > 0 else "large",
        version=dataset.version,
    )


def _stats(found: Findings, source: str, *, stale: bool) -> list[Stat]:
    stat = functools.partial(Stat, as_of=found.end, source=source, stale=stale)
    return [*_last(stat, found), *_tally(stat, found)]


def _last(stat: "functools.partial[Stat]", found: Findings) -> list[Stat]:
    year = found.years[-1]
    name = words.year_name(found, year)
    metric = "returns.calendar_year"
    sides = (("small", found.pair.small, year.small), ("large", found.pair.large, year.large))
    returns = [
        stat(
            id=f"year.{side}",
            label=_("{fund}, {year}").format(fund=fund, year=name),
            value=value,
            unit="fraction",
            figure=True,
            signed=True,
            metric=metric,
            working=_("{end} / {start} − 1 = {result}, the last session of {before} set to 100").format(
                end=i18n.number(100 * (1 + value), 2),
                start=i18n.number(100, 2),
                result=i18n.percent(value, signed=True),
                before=year.year - 1,
            ),
        )
        for side, fund, value in sides
    ]
    small, large, result = difference(year.small, year.large)
    spread = stat(
        id="year.spread",
        label=_("Spread, {year}").format(year=name),
        value=year.spread,
        unit="percentage_points",
        figure=True,
        metric="returns.spread",
        working=_("{small} minus {large} = {result}").format(small=small, large=large, result=result),
    )
    return [*returns, spread]


def _tally(stat: "functools.partial[Stat]", found: Findings) -> list[Stat]:
    full, small = found.full, found.pair.small
    counted = stat(
        id="years.ahead",
        label=_("Full years in which {fund} was ahead").format(fund=small),
        value=full.ahead if full.years else None,
        unit="count",
        figure=True,
        shown=words.ahead_shown(found),
        metric="returns.spread",
    )
    total = stat(id="years.full", label=_("Full years counted"), value=full.years, unit="count")
    extremes = [
        stat(
            id=f"{which}.spread",
            label=label,
            value=extreme[1] if extreme else None,
            unit="percentage_points",
            figure=True,
            shown=words.extreme_shown(extreme),
            metric="returns.spread",
        )
        for which, label, extreme in (
            ("best", _("Best spread of a full year"), full.best),
            ("worst", _("Worst spread of a full year"), full.worst),
        )
    ]
    return [counted, total, *extremes]


def _table(found: Findings) -> Table:
    columns = (
        Column("year", _("Year")),
        Column("small", found.pair.small, "fraction", signed=True),
        Column("large", found.pair.large, "fraction", signed=True),
        Column("spread", _("Spread"), "percentage_points", signed=True),
        Column("partial", _("In progress")),
    )
    rows = tuple((y.year, y.small, y.large, y.spread, y.partial) for y in found.years)
    return Table("calendar_years", _("Total return by calendar year"), columns, rows)


def indicators() -> tuple[Indicator, ...]:
    """Return nothing: what changes within a year is the rotation's spread year to date."""
    return ()
