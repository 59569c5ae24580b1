"""From holdings in percent, dollars or shares to weights."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.errors import MissingData, NoCloses, NotEnoughHistory, UnknownSymbol
from bot.features.allocation.request import CASH, Holding
from bot.features.freshness import stale
from bot.i18n import gettext as _
from bot.market import universe
from bot.market.dataset import Dataset
from bot.market.spelling import nearest, ticker


@dataclass(frozen=True, slots=True)
class Weighed:
    """Weights (fractions of the whole) by symbol, largest first; ``value`` in dollars where known.

    ``priced_on`` are days of prices used for shares where they are not of the session asked.
    """

    weights: dict[str, float]
    value: float | None
    priced_on: dict[str, date]


def weigh(holdings: tuple[Holding, ...], dataset: Dataset) -> Weighed:
    """Return the weights. Raises UnknownSymbol, and MissingData for shares of something without a stored price."""
    worth: dict[str, float] = {}
    days: dict[str, date] = {}
    for holding in holdings:
        symbol = known_symbol(holding.symbol, dataset)
        price = 1.0
        if holding.unit == "shares" and symbol != CASH:
            price, day = _price(symbol, dataset)
            if day != dataset.as_of:
                days[symbol] = day
        worth[symbol] = worth.get(symbol, 0.0) + holding.amount * price
    total = sum(worth.values())
    ordered = sorted(worth, key=lambda symbol: -worth[symbol])
    in_percent = any(holding.unit == "percent" for holding in holdings)
    return Weighed({symbol: worth[symbol] / total for symbol in ordered}, None if in_percent else total, days)


def known_symbol(symbol: str, dataset: Dataset) -> str:
    """Return the spelling under which a symbol is stored, with prices or as a company without them.

    Raises UnknownSymbol with the nearest names.
    """
    if symbol == CASH or symbol in dataset.symbols():
        return symbol
    bare, caps = ticker(symbol), universe.market_caps(dataset)
    if bare in dataset.symbols() or bare in caps.index or dataset.name(bare) != bare:
        return bare
    raise UnknownSymbol(symbol, nearest(symbol, [*dataset.symbols(), *caps.index]))


def _price(symbol: str, dataset: Dataset) -> tuple[float, date]:
    """Return the last close and its day, else the newest price of a whole-market file or a list of members."""
    try:
        closes = dataset.closes(symbol)
    except (NoCloses, NotEnoughHistory, UnknownSymbol):
        listed = [*_capped(symbol, dataset), *_held(symbol, dataset)]
        if not listed:
            raise MissingData(_("A price of {symbol}").format(symbol=symbol), dataset.as_of) from None
        return max(listed, key=lambda found: found[1])
    return float(closes.iloc[-1]), closes.index[-1].date()


def _capped(symbol: str, dataset: Dataset) -> Iterator[tuple[float, date]]:
    caps = universe.market_caps(dataset).dropna(subset=["price"])
    if symbol in caps.index:
        yield float(caps["price"][symbol]), caps["cap_date"][symbol].date()


def _held(symbol: str, dataset: Dataset) -> Iterator[tuple[float, date]]:
    for fund in universe.FUNDS.values():
        try:
            held = dataset.holdings(fund)
        except MissingData:
            continue
        prices = held.frame.set_index("symbol")["price"].dropna()
        if symbol in prices.index and not stale("market", held.date, dataset.as_of):
            yield float(prices[symbol]), held.date
