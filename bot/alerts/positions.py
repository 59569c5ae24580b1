"""Indicators of one symbol's short position, by publication: made from their id for any symbol. Worker side.

``short.shares.GME``, ``short.days.GME``, ``short.of_float.GME``, ``short.of_shares.GME``, ``squeeze.score.GME``.
"""

import functools
import math
from collections.abc import Callable, Iterator
from datetime import date

import pandas as pd

from bot.analytics.short_interest import NO_DAYS
from bot.errors import MissingData
from bot.features.shortinterest.positions import cell, floating, outstanding
from bot.features.squeeze.findings import scores_of
from bot.i18n import gettext as _
from bot.indicator import Indicator
from bot.market.dataset import Dataset
from bot.market.spelling import ticker
from bot.report import Unit

INDICES = ("R2000", "R1000")  # whose members are scored, in this order
Measure = Callable[[Dataset, date, str], float]


def resolved(family: str, name: str, symbol: str, dataset: Dataset) -> Indicator | None:
    """Return the indicator that an id's parts name, None where they name none."""
    found = _kinds().get((family, name))
    if found is None or not symbol:
        return None
    title, unit, measure, table = found
    made = functools.partial(_history, symbol=ticker(symbol), measure=measure)
    source = ", ".join(dict.fromkeys(["FINRA", *([dataset.source(table)] if table else [])]))
    return Indicator(f"{family}.{name}.{symbol}", title.format(symbol=symbol), unit, "settlement", source, made)


def ids_of(symbol: str) -> tuple[str, ...]:
    """Return the ids of everything that can be made for a symbol, whether or not it has values."""
    return tuple(f"{family}.{name}.{symbol}" for family, name in _kinds())


def _kinds() -> dict[tuple[str, str], tuple[str, Unit, Measure, str]]:
    """Return title, unit and measure of each kind, and the table it needs besides positions."""
    return {
        ("short", "shares"): (_("Shares of {symbol} sold short"), "count", _shares, ""),
        ("short", "days"): (_("Days to cover of {symbol}"), "days", _days, ""),
        ("short", "of_float"): (_("Short interest of {symbol}, of its float"), "fraction", _of_float, "market"),
        ("short", "of_shares"): (_("Short interest of {symbol}, of its shares"), "fraction", _of_shares, "market"),
        ("squeeze", "score"): (_("Squeeze score of {symbol}"), "score", _score, "market"),
    }


def _history(dataset: Dataset, symbol: str, measure: Measure) -> "pd.Series[float]":
    """Measure each stored settlement date on its publication day, with what was known then; NaN dropped."""
    found: dict[pd.Timestamp, float] = {}
    for settlement, published in _publications(dataset):
        try:
            found[published] = measure(dataset.at(published.date()), settlement, symbol)
        except MissingData:
            continue
    return pd.Series(found, dtype=float, index=pd.DatetimeIndex(list(found))).dropna()


def _publications(dataset: Dataset) -> Iterator[tuple[date, pd.Timestamp]]:
    stored = dataset.settlements()
    for settlement, published in zip(stored["settlement"], stored["published"], strict=True):
        yield settlement.date(), published


def _shares(dataset: Dataset, settlement: date, symbol: str) -> float:
    return cell(dataset.short_interest(settlement).frame, symbol, "short_shares")


def _days(dataset: Dataset, settlement: date, symbol: str) -> float:
    """Return days to cover; FINRA's 999.99 days mean that none are known."""
    days = cell(dataset.short_interest(settlement).frame, symbol, "days_to_cover")
    return days if days < NO_DAYS else math.nan


def _of_float(dataset: Dataset, settlement: date, symbol: str) -> float:
    return _share(_shares(dataset, settlement, symbol), floating(symbol, dataset).shares)


def _of_shares(dataset: Dataset, settlement: date, symbol: str) -> float:
    return _share(_shares(dataset, settlement, symbol), outstanding(symbol, dataset, settlement).shares)


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else math.nan


def _score(dataset: Dataset, _settlement: date, symbol: str) -> float:
    """Return the score among the members of the first index that scores the symbol."""
    for index in INDICES:
        try:
            scores = scores_of(index, dataset)
        except MissingData:
            continue
        if symbol in scores.index:
            return float(scores[symbol])
    return math.nan
