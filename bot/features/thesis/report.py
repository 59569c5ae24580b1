"""The scoreboard as a report, and each verdict as an indicator."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from bot import i18n
from bot.errors import StartAfterEnd
from bot.features.thesis import words
from bot.features.thesis.changes import Change, changes
from bot.features.thesis.history import FILED, verdict_series
from bot.features.thesis.readings import SMALL, Claim, Reading, measure
from bot.features.thesis.request import ThesisRequest
from bot.features.thesis.since import since
from bot.i18n import gettext as _
from bot.indicator import Cadence, Indicator
from bot.market.dataset import Dataset
from bot.report import Chart, Column, Report, Stat, Table, distinct
from bot.windows import ARTICLE

if TYPE_CHECKING:
    import pandas as pd

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the picture: the claim, its reading, its verdict in words, and which of the three it is."""

    name: str
    reading: str
    verdict: str
    state: str | None


@dataclass(frozen=True, slots=True)
class Picture:
    """What the picture shows."""

    title: str
    subtitle: str
    rows: tuple[Row, ...]
    as_of: date
    source: str


def build(request: ThesisRequest, dataset: Dataset) -> Report:
    """Return the scoreboard on the dataset's day, compared with an earlier one and with the day of the claim.

    StartAfterEnd where the day to compare with is ahead of the dataset's own.
    """
    readings = measure(dataset)
    earlier = dataset.at(request.since or dataset.as_of - _WEEK)
    if earlier.as_of > dataset.as_of:  # stored, but not known yet on the day asked about
        raise StartAfterEnd(earlier.as_of, dataset.as_of)
    changed = changes(measure(earlier), readings)
    article = dataset.at(min(ARTICLE, dataset.as_of))
    sources = distinct(source for r in readings for source in r.sources)
    return Report(
        feature=request.feature,
        request=request.plain(),
        title=_("The claim: small caps are taking over"),
        headline=words.headline(readings, changed, earlier.as_of),
        as_of=dataset.as_of,
        stats=_stats(readings, changed, sources),
        tables=(_scoreboard(readings, measure(article), dataset), change_table(changed)),
        charts=(Chart("scoreboard", _alternative(readings), picture(readings, dataset, sources)),),
        notes=(*words.unmeasurable(), _oldest(readings)),
        sources=sources,
        version=dataset.version,
    )


_CADENCES: dict[Claim, Cadence] = {
    "earnings": "snapshot", "revisions": "snapshot", "shorts": "settlement", "risks": "week",
}  # fmt: skip
_SOURCES: dict[Claim, str] = {
    "rates": "CME, Yahoo Finance, FRED", "shorts": "FINRA, Yahoo Finance", "risks": "FRED, Yahoo Finance",
}  # fmt: skip


def indicators() -> tuple[Indicator, ...]:
    """Return the verdict on each claim by the days it could be read: 0 broken, 1 mixed, 2 holds."""
    return tuple(
        Indicator(f"thesis.{claim}", _("Verdict on “{claim}”").format(claim=words.names()[claim]), "score",
                  _CADENCES.get(claim, "session"), _SOURCES.get(claim, "Yahoo Finance"),
                  functools.partial(_places, claim=claim), (_("broken"), _("mixed"), _("holds")), FILED.get(claim))
        for claim in words.SCORED
    )  # fmt: skip


def _places(dataset: Dataset, claim: Claim) -> "pd.Series[float]":
    """Return verdicts as places in the indicator's states."""
    return verdict_series(dataset, claim) + 1


def _stats(readings: Sequence[Reading], changed: Sequence[Change], sources: Sequence[str]) -> tuple[Stat, ...]:
    day = max((r.as_of for r in readings if r.as_of), default=None)
    stat = functools.partial(Stat, unit="count", as_of=day, source=i18n.all_of(sources) if sources else SMALL)
    oldest = min((r.as_of for r in readings if r.as_of and r.verdict), default=None)
    counts = (
        ("claims.supported", _("Hold"), "supports"),
        ("claims.mixed", _("Mixed"), "mixed"),
        ("claims.contradicted", _("Broken"), "contradicts"),
        ("claims.unmeasured", _("Not measured today"), None),
    )
    return (
        *(stat(id=i, label=label, value=sum(r.verdict == v for r in readings), figure=True) for i, label, v in counts),
        stat(id="claims.changed", label=_("Changed"), value=len(changed), figure=True),
        Stat(id="oldest_input", label=_("Oldest input"), value=oldest, unit="date", as_of=oldest,
             source=stat.keywords["source"], figure=True),
    )  # fmt: skip


def _scoreboard(readings: Sequence[Reading], then: Sequence[Reading], dataset: Dataset) -> Table:
    columns = (
        Column("claim", _("Claim")),
        Column("then", _("Then (December 2025)")),
        Column("now", _("Now")),
        Column("verdict", _("Verdict")),
        Column("since", _("Since 4 Dec 2025")),
        Column("rule", _("Rule")),
    )
    named, claimed, rules = words.names(), words.then(), words.rules()
    rows = tuple(
        (named[r.claim], claimed[r.claim], words.now(r), words.verdict(r), since(r, before, dataset), rules[r.claim])
        for r, before in zip(readings, then, strict=True)
    )
    return Table("scoreboard", _("Every claim, its reading and its rule"), columns, rows)


def change_table(changed: Sequence[Change]) -> Table:
    """Return what changed as a table: claim, verdict before, verdict now, reading now."""
    columns = (
        Column("claim", _("Claim")),
        Column("before", _("Before")),
        Column("now", _("Now")),
        Column("reading", _("Reading")),
    )
    rows = tuple(
        (words.names()[c.claim], words.verdict(c.before), words.verdict(c.now), words.now(c.now)) for c in changed
    )
    return Table("changes", _("Changed verdicts"), columns, rows)


def picture(readings: Sequence[Reading], dataset: Dataset, sources: Sequence[str]) -> Picture:
    """Return the scoreboard's picture."""
    holding = sum(r.verdict == "supports" for r in readings)
    measured = sum(r.verdict is not None for r in readings)
    rows = tuple(Row(words.names()[r.claim], words.now(r), words.verdict(r), r.verdict) for r in readings)
    return Picture(
        _("{n} of {all} measured claims hold").format(n=holding, all=measured),
        _("The claim of December 2025, on {day}").format(day=i18n.day(dataset.as_of)),
        rows,
        dataset.as_of,
        _source_line(sources),
    )


def _source_line(sources: Sequence[str]) -> str:
    """Name the first source and how many more there are: the card names them all."""
    first, *others = sources or ("—",)
    if not others:
        return first
    return i18n.ngettext("{first} and {n} other", "{first} and {n} others", len(others)).format(
        first=first, n=len(others)
    )


def _alternative(readings: Sequence[Reading]) -> str:
    lines = [
        _("{claim}: {verdict} ({reading})").format(
            claim=words.names()[r.claim], verdict=words.verdict(r), reading=words.now(r)
        )
        for r in readings
    ]
    return _("Scoreboard of {n} claims. {lines}.").format(n=len(readings), lines="; ".join(lines))


def _oldest(readings: Sequence[Reading]) -> str:
    dated = sorted((r.as_of, words.names()[r.claim]) for r in readings if r.as_of and r.verdict)
    if not dated:
        return _("No input is stored for this day.")
    day, name = dated[0]
    return _("The oldest input is of {day} ({claim}).").format(day=i18n.day(day), claim=name)
