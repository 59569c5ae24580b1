"""What is kept of a symbol on a day: so that a refusal names what is missing, what is not, and what works."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import i18n
from bot.errors import MissingData
from bot.i18n import gettext as _
from bot.market.spelling import ticker

if TYPE_CHECKING:
    from bot.market.dataset import Dataset

_ALL_NAMED = 40  # symbols with prices: so many are named, of more a few


def kept(symbol: str, dataset: Dataset) -> tuple[str, ...]:
    """Return, in words, what the dataset knows of a symbol by its day; empty where it knows nothing."""
    bare, spelled = symbol.removeprefix("^"), ticker(symbol.removeprefix("^"))
    found = [_("prices")] if {bare, spelled} & set(dataset.symbols()) else []
    for words, latest in (
        (_("short interest"), dataset.short_interest),
        (_("consensus estimates"), dataset.estimates),
        (_("fundamentals"), dataset.fundamentals),
        (_("size and range"), dataset.snapshot),
        (_("float"), dataset.market),
    ):
        try:
            there = spelled in latest().frame.index
        except MissingData:
            continue
        if there:
            found.append(words)
    return tuple(found)


def missing(what: str, symbol: str, dataset: Dataset) -> MissingData:
    """Return the error for one thing that is not kept of a known symbol, with what is."""
    return MissingData(what, dataset.as_of, kept=kept(symbol, dataset))


def no_prices(symbol: str, dataset: Dataset) -> str:
    """Say that a known symbol has no prices, what is kept of it instead, and which symbols have some."""
    there = kept(symbol, dataset)
    named = {"symbol": symbol, "day": i18n.day(dataset.as_of), "kept": i18n.all_of(there)}
    said = (
        _("No prices are kept for {symbol}; on {day} I have its {kept}.")
        if there
        else _("No prices are kept for {symbol}, nor anything else on {day}.")
    ).format(**named)
    return said + " " + _with_prices(dataset)


def _with_prices(dataset: Dataset) -> str:
    traded = [name for name in dataset.symbols() if dataset.basis(name) != "level"]
    if len(traded) <= _ALL_NAMED:
        return _("Prices are kept for {symbols}.").format(symbols=i18n.all_of(traded))
    few = [name for name in ("IWM", "SPY", "QQQ") if name in traded]
    return _("Prices are kept for {n} symbols, {few} among them.").format(
        n=i18n.number(len(traded)), few=i18n.all_of(few or traded[:3])
    )
