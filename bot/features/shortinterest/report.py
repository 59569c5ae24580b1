"""The report on short interest: an index with its fund, one symbol, or several side by side."""

from bot import i18n
from bot.errors import MissingData, UnknownSymbol
from bot.features.indices import INDEX_OF, NAMES, known
from bot.features.shortinterest import pictures, words
from bot.features.shortinterest.findings import Dates, Findings, dates, find, previous
from bot.features.shortinterest.indicators import indicators
from bot.features.shortinterest.positions import Position, position
from bot.features.shortinterest.request import ShortinterestRequest
from bot.features.shortinterest.stats import SOURCE, index_stats
from bot.features.shortinterest.symbol_stats import several_stats, symbol_stats
from bot.features.shortinterest.tables import index_tables, over_time, positions_table
from bot.i18n import gettext as _
from bot.market import universe
from bot.market.dataset import Dataset
from bot.report import Chart, Report, distinct

__all__ = ["build", "indicators"]


def build(request: ShortinterestRequest, dataset: Dataset) -> Report:
    """Answer a request on a dataset at its day.

    Raises MissingData before the first publication, and UnknownSymbol or MissingData where no symbol is known.
    """
    if len(request.symbols) > 1:
        return _several(request, dataset)
    symbol = request.symbols[0]
    index = INDEX_OF.get(symbol.removeprefix("^"))
    if index is not None and index in universe.indices(dataset):
        return _index(request, find(symbol.removeprefix("^"), dataset), dataset)
    return _symbol(request, position(symbol, dataset), index, dataset)


def _index(request: ShortinterestRequest, found: Findings, dataset: Dataset) -> Report:
    members = found.asked.members
    sources = distinct([SOURCE, members.source, dataset.source("snapshots")])
    line = i18n.all_of(sources)
    return Report(
        feature=request.feature,
        request=request.plain(),
        title=_("Short interest of the {index}").format(index=NAMES[found.asked.index]),
        headline=words.index_headline(found),
        as_of=dataset.as_of,
        stats=tuple(index_stats(found, line)),
        tables=index_tables(found),
        charts=(Chart("shortinterest", words.distribution_words(found), pictures.distribution(found, line)),),
        notes=words.index_notes(found),
        sources=sources,
        version=dataset.version,
    )


def _symbol(request: ShortinterestRequest, own: Position, index: str | None, dataset: Dataset) -> Report:
    when, sources = dates(dataset), distinct([SOURCE, dataset.source("market")])
    line = i18n.all_of(sources)
    return Report(
        feature=request.feature,
        request=request.plain(),
        title=_("Short interest of {name}").format(name=dataset.name(own.symbol)),
        headline=words.symbol_headline(own, previous(when.settlement, dataset)),
        as_of=dataset.as_of,
        stats=tuple(symbol_stats(own, when.published)),
        tables=(positions_table([own], dataset), over_time(own)),
        charts=(Chart("shortinterest", words.history_words(own), pictures.history(own, when, line)),),
        notes=words.symbol_notes(own, index),
        sources=sources,
        version=dataset.version,
    )


def _several(request: ShortinterestRequest, dataset: Dataset) -> Report:
    positions, refused = _found(request.symbols, dataset)
    when, sources = dates(dataset), distinct([SOURCE, dataset.source("market")])
    return Report(
        feature=request.feature,
        request=request.plain(),
        title=_("Short interest of {symbols}").format(symbols=i18n.all_of([own.symbol for own in positions])),
        headline=words.several_headline(positions),
        as_of=dataset.as_of,
        stats=tuple(several_stats(positions, when.published)),
        tables=(positions_table(positions, dataset),),
        charts=_compared(positions, when, i18n.all_of(sources)),
        notes=(*refused, *words.several_notes(positions)),
        sources=sources,
        version=dataset.version,
    )


def _found(symbols: tuple[str, ...], dataset: Dataset) -> tuple[list[Position], list[str]]:
    """Return the positions that are known and why the others are not; the last reason is raised if none is."""
    positions: list[Position] = []
    refused: list[UnknownSymbol | MissingData] = []
    for symbol in symbols:
        try:
            positions.append(position(symbol, dataset))
        except (UnknownSymbol, MissingData) as reason:
            refused.append(reason)
    if not positions:
        raise refused[-1]
    return positions, [reason.text() for reason in refused]


def _compared(positions: list[Position], when: Dates, source: str) -> tuple[Chart, ...]:
    if all(known(own.days_to_cover) is None for own in positions):
        return ()
    return (Chart("shortinterest", words.comparison_words(positions), pictures.comparison(positions, when, source)),)
