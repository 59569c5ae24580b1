"""The report on the rotation graph."""

from bot.features.rrg import words
from bot.features.rrg.findings import Findings, Place, find
from bot.features.rrg.picture import picture
from bot.features.rrg.request import RrgRequest
from bot.i18n import gettext as _
from bot.indicator import Indicator
from bot.market.dataset import Dataset
from bot.report import MAX_FIGURES, Chart, Column, Report, Stat, Table, Value, distinct


def build(request: RrgRequest, dataset: Dataset) -> Report:
    """Return the graph on the dataset's day."""
    found = find(request, dataset)
    return Report(
        feature=request.feature,
        request=request.plain(),
        title=_("Rotation against {benchmark}").format(benchmark=found.benchmark),
        headline=words.headline(found),
        as_of=dataset.as_of,
        stats=tuple(_stat(place, dataset, figure=n < MAX_FIGURES) for n, place in enumerate(found.places)),
        tables=(_table(found, dataset),),
        charts=(Chart("rrg", words.alternative(found), picture(found, dataset)),) if found.places else (),
        notes=words.notes(found, dataset.as_of),
        sources=distinct(dataset.source(symbol) for symbol in (found.benchmark, *(p.symbol for p in found.places))),
        version=dataset.version,
    )


def indicators() -> tuple[Indicator, ...]:
    """Return none: the regime and the spreads of the rotation are what is watched."""
    return ()


def _stat(place: Place, dataset: Dataset, *, figure: bool) -> Stat:
    return Stat(
        id=f"quadrant.{place.symbol}",
        label=place.symbol,
        value=place.quadrant,
        unit="text",
        as_of=place.day,
        source=dataset.source(place.symbol),
        stale=place.day < dataset.as_of,
        figure=figure,
        shown=words.shown(place),
        metric="rotation.rs_ratio",
    )


def _table(found: Findings, dataset: Dataset) -> Table:
    columns = (
        Column("symbol", _("Fund")),
        Column("name", _("Name")),
        Column("ratio", _("RS-Ratio"), "ratio", digits=2),
        Column("momentum", _("RS-Momentum"), "ratio", digits=2),
        Column("quadrant", _("Quadrant")),
        Column("quadrant_8w", _("Eight weeks ago")),
    )
    rows: list[tuple[Value, ...]] = [
        (p.symbol, dataset.name(p.symbol), p.ratio, p.momentum, p.quadrant, p.before) for p in found.places
    ]
    rows += [(symbol, dataset.name(symbol), None, None, None, None) for symbol in found.without]
    return Table("rrg", _("Where each fund stands"), columns, tuple(rows))
