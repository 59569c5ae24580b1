"""The bundled sample read without the bot's analytics: plain lists, so that figures can be worked out a second way.

Returns, means, slopes and percentiles are written out in the tests themselves, from the definitions, in loops.
"""

import functools
import math
from bisect import bisect_right
from datetime import date

import numpy as np
import numpy.typing as npt

from bot.market.archive import Archive
from bot.market.dataset import SAMPLE

Closes = list[tuple[date, float, float]]


@functools.lru_cache(maxsize=1)
def archive() -> Archive:
    return Archive(SAMPLE)


@functools.lru_cache(maxsize=4)
def _texts(table: str, column: str) -> npt.NDArray[np.str_]:
    return archive().texts(table, column)


@functools.cache
def whole(symbol: str) -> tuple[tuple[date, float, float], ...]:
    """Return every stored (day, close, dividend) of a symbol."""
    chosen = _texts("bars", "symbol") == symbol
    columns = (archive().column("bars", name)[chosen].tolist() for name in ("day", "close", "dividend"))
    return tuple((day, close, 0.0 if math.isnan(paid) else paid) for day, close, paid in zip(*columns, strict=True))


def bars(symbol: str, until: str) -> Closes:
    """Return (day, close, dividend) of a symbol up to a day (ISO)."""
    return [bar for bar in whole(symbol) if bar[0] <= date.fromisoformat(until)]


def reinvested(symbol: str, until: str) -> tuple[list[date], list[float]]:
    """Return what one dollar became, each dividend put into shares at the close of its ex-date."""
    days, values, shares = [], [], 1.0
    for day, close, paid in bars(symbol, until):
        if days:
            shares *= 1 + paid / close
        days.append(day)
        values.append(shares * close)
    return days, values


def observed(series: str, until: str) -> list[tuple[date, float]]:
    """Return (day, value) of a macro series as far as it was known on a day."""
    chosen = _texts("macro", "series") == series
    rows = zip(*(archive().column("macro", name)[chosen].tolist() for name in ("day", "value", "known")), strict=True)
    return [(day, value) for day, value, known in rows if known <= date.fromisoformat(until)]


def published(series: str) -> list[tuple[date, float, date]]:
    """Return (day, value, day it became known) of a whole macro series."""
    chosen = _texts("macro", "series") == series
    columns = (archive().column("macro", name)[chosen].tolist() for name in ("day", "value", "known"))
    return list(zip(*columns, strict=True))


def at(days: list[date], day: date) -> int:
    """Return the position of the last of ``days`` at or before a day."""
    return bisect_right(days, day) - 1


def together(first: str, second: str, until: str) -> tuple[list[date], list[float], list[float]]:
    """Return the common days of two symbols and what a dollar became in each."""
    one, other = (dict(zip(*reinvested(symbol, until), strict=True)) for symbol in (first, second))
    days = sorted(one.keys() & other.keys())
    return days, [one[day] for day in days], [other[day] for day in days]
