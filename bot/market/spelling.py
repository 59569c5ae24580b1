"""One spelling for every ticker: share classes are written BRKB, BRK-B, BRK.B or BRK/B, depending on whom you ask."""

import difflib
import re
from collections.abc import Iterable

_SEPARATORS = re.compile(r"[-./ ]")


def ticker(symbol: str) -> str:
    """Return the spelling under which whole-market tables keep a symbol: upper case, no separators.

    >>> ticker("brk.b"), ticker("BRK-B"), ticker("BRKB")
    ('BRKB', 'BRKB', 'BRKB')
    """
    return _SEPARATORS.sub("", symbol.strip().upper())


def nearest(symbol: str, known: Iterable[str], count: int = 3) -> tuple[str, ...]:
    """Return up to ``count`` known symbols that a mistyped one may have meant, likeliest first."""
    return tuple(difflib.get_close_matches(ticker(symbol.lstrip("^$")), tuple(known), n=count, cutoff=0.5))
