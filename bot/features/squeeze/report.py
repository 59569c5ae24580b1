"""The report on the squeeze screen."""

import functools

import pandas as pd

from bot import i18n
from bot.analytics.squeeze import WEIGHTS
from bot.features.indices import NAMES, known
from bot.features.squeeze import words
from bot.features.squeeze.findings import CAP_FLOOR, VOLUME_FLOOR, Findings, find
from bot.features.squeeze.picture import Bars
from bot.features.squeeze.request import SqueezeRequest
from bot.i18n import gettext as _
from bot.indicator import Indicator
from bot.market.dataset import Dataset
from bot.report import Chart, Column, Report, Stat, Table, Value, distinct

__all__ = ["build", "indicators"]

DRAWN = 12


def build(request: SqueezeRequest, dataset: Dataset) -> Report:
    """Answer a request on a dataset at its day.

    Raises MissingData before positions, members or caps are known, BadInput for an unknown index or sector.
    """
    found = find(request, dataset)
    sources = distinct(["FINRA", found.members.source, dataset.source("market")])
    return Report(
        feature=request.feature,
        request=request.plain(),
        title=_("Most crowded shorts of the {index}").format(index=NAMES[found.members.index]),
        headline=words.headline(found),
        as_of=dataset.as_of,
        stats=tuple(_stats(found, i18n.all_of(sources))),
        tables=(_table(found), _values(found)),
        charts=_charts(found, i18n.all_of(sources)),
        notes=words.notes(found),
        sources=sources,
        version=dataset.version,
    )


def indicators() -> tuple[Indicator, ...]:
    """Return nothing to watch: a screen of names is never an alert."""
    return ()


def _stats(found: Findings, source: str) -> list[Stat]:
    stat = functools.partial(Stat, as_of=found.dates.settlement, source=source, stale=found.dates.stale)
    shown = found.shown
    top = str(shown.index[0]) if len(shown) else None
    return [
        stat(id="top.symbol", label=_("Highest score"), value=top, unit="text", figure=True,
             shown=_("{symbol}: {score}").format(symbol=top, score=i18n.number(float(shown["score"].iloc[0])))
             if top else None, metric="squeeze.score"),
        stat(id="top.score", label=_("Its score"), value=known(float(shown["score"].iloc[0])) if top else None,
             unit="score", metric="squeeze.score"),
        stat(id="lowest.score", label=_("Lowest score listed"), unit="score", figure=True,
             value=known(float(shown["score"].iloc[-1])) if top else None, metric="squeeze.score"),
        stat(id="confidence.median", label=_("Confidence, median of those listed"), unit="fraction", digits=0,
             value=known(float(shown["confidence"].median())) if top else None, figure=True,
             working=words.confidence_working(found),
             metric="squeeze.confidence"),
        stat(id="coverage.members", label=_("Members ranked"), value=found.ranked, unit="count", figure=True,
             shown=_("{n} of {members}").format(n=i18n.number(found.ranked), members=i18n.number(len(found.members))),
             metric="squeeze.coverage"),
        stat(id="coverage.weight", label=_("Their weight in the index"), value=_weight(found), unit="fraction",
             metric="squeeze.coverage"),
        stat(id="coverage.scored", label=_("Members with a stored float"), value=found.scored, unit="count"),
        stat(id="floor.cap", label=_("Least market cap"), value=CAP_FLOOR, unit="usd", metric="squeeze.floors"),
        stat(id="floor.volume", label=_("Least traded a day"), value=VOLUME_FLOOR, unit="usd",
             metric="squeeze.floors"),
        stat(id="settlement_date", label=_("Settlement"), value=found.dates.settlement, unit="date", figure=True,
             shown=_("{settlement}, published {published}").format(
                 settlement=i18n.day(found.dates.settlement), published=i18n.short_day(found.dates.published)),
             metric="short_interest.dates"),
        stat(id="publication_date", label=_("Published"), value=found.dates.published, unit="date",
             metric="short_interest.dates"),
    ]  # fmt: skip


def _weight(found: Findings) -> float | None:
    total = float(found.members.frame["weight"].sum())
    return known(found.ranked_weight / total) if total > 0 else None


def _table(found: Findings) -> Table:
    parts = tuple(Column(name, label, "score", digits=1) for name, label in words.components().items())
    columns = (
        Column("symbol", _("Symbol")),
        Column("score", _("Score"), "score", digits=0),
        Column("confidence", _("Confidence"), "fraction", digits=0),
        *parts,
    )
    rows = tuple(
        (symbol, *(known(value) for value in numbers))
        for symbol, numbers in _numbers(found.shown, ["score", "confidence", *WEIGHTS])
    )
    return Table("squeeze", _("Scores, and the points each component adds"), columns, rows)


def _numbers(frame: pd.DataFrame, columns: list[str]) -> list[tuple[str, list[float]]]:
    values = frame[columns].to_numpy(dtype=float).tolist()
    return list(zip([str(symbol) for symbol in frame.index], values, strict=True))


def _values(found: Findings) -> Table:
    columns = (
        Column("symbol", _("Symbol")),
        Column("name", _("Name")),
        Column("sector", _("Sector")),
        Column("market_cap", _("Market cap"), "usd"),
        Column("short_of_float", _("Short of float"), "fraction"),
        Column("days_to_cover", _("Days to cover"), "days", digits=1),
        Column("short_change", _("Change, of float"), "fraction", signed=True),
        Column("return_1m", _("1-month return"), "fraction", signed=True),
        Column("volume_surge", _("Volume, 5 days over 3 months"), "ratio"),
    )
    numbers = _numbers(found.shown, ["market_cap", *(f"input_{name}" for name in WEIGHTS)])
    texts = zip(found.shown["name"], found.shown["sector"], strict=True)
    rows: list[tuple[Value, ...]] = [
        (symbol, str(name), str(sector), *(known(value) for value in values))
        for (symbol, values), (name, sector) in zip(numbers, texts, strict=True)
    ]
    return Table("inputs", _("What the scores are made from"), columns, tuple(rows))


def _charts(found: Findings, source: str) -> tuple[Chart, ...]:
    if found.shown.empty:
        return ()
    parts = [name for name in WEIGHTS if name not in found.absent]
    rows = found.shown.head(DRAWN)
    points = tuple(tuple(known(value) for value in values) for _symbol, values in _numbers(rows, parts))
    drawn = Bars(
        title=_("Most crowded shorts of the {index}").format(index=NAMES[found.members.index]),
        subtitle=_("Score 0 to 100, settlement of {day}; a screen, not a list to buy").format(
            day=i18n.day(found.dates.settlement)
        ),
        as_of=found.dates.settlement,
        source=source,
        components=tuple(words.short_components()[name] for name in parts),
        symbols=tuple(str(symbol) for symbol in rows.index),
        points=points,
        words=tuple(words.bar_words(*values) for _symbol, values in _numbers(rows, ["score", "confidence"])),
    )
    return (Chart("squeeze", words.alternative(found), drawn),)
