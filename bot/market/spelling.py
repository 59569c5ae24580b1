"""One spelling for every ticker: share classes are written BRKB, BRK-B, BRK.B or BRK/B, depending on whom you ask."""

import difflib
import re
from collections.abc import Iterable, Mapping

_SHORTEST_NAME = 4  # letters: shorter words are symbols
_SEPARATORS = re.compile(r"[-./ ]")


def ticker(symbol: str) -> str:
    """Return the spelling under which whole-market tables keep a symbol: upper case, no separators.

    >>> ticker("brk.b"), ticker("BRK-B"), ticker("BRKB")
    ('BRKB', 'BRKB', 'BRKB')
    """
    return _SEPARATORS.sub("", symbol.strip().upper())


def nearest(symbol: str, known: Iterable[str], count: int = 3) -> tuple[str, ...]:
    """Return up to ``count`` known symbols that a mistyped one may have meant, likeliest first.

    People mistype one letter, seldom both ends: looking only there spares the gateway most of the comparisons.
    """
    typed = ticker(symbol.lstrip("^$"))
    alike = [k for k in known if abs(len(k) - len(typed)) <= 2 and (k[:1] == typed[:1] or k[-1:] == typed[-1:])]
    close = difflib.get_close_matches(typed, alike, n=4 * count, cutoff=0.6)
    letters = sorted(typed)
    return tuple(sorted(close, key=lambda k: sorted(k) != letters)[:count])  # letters swapped are the likeliest slip


def matching(typed: str, names: Mapping[str, str], count: int) -> tuple[tuple[str, str], ...]:
    """Return the (symbol, name) pairs that begin with what was typed: the symbol exactly, its start, a word's start."""
    wanted, text = ticker(typed.lstrip("^$")), typed.strip().lower()
    ranked = []
    for symbol, name in names.items():
        if symbol == wanted:
            ranked.append((0, symbol))
        elif symbol.startswith(wanted):
            ranked.append((1, symbol))
        elif text and (name.lower().startswith(text) or f" {text}" in name.lower()):
            ranked.append((2, symbol))
    return tuple((symbol, names[symbol]) for _, symbol in sorted(ranked)[:count])


def named(words: str, names: Mapping[str, str], count: int) -> tuple[str, ...]:
    """Return the symbols whose names begin with these whole words, shortest names first; none for under four letters.

    >>> named("gamestop", {"GME": "GameStop Corp.", "GO": "Game Stopped Inc."}, 3)
    ('GME',)
    """
    asked = " ".join(words.lower().split())
    length = len(asked)
    if length < _SHORTEST_NAME:
        return ()
    first = (asked[0], asked[0].upper())  # spares the gateway most of ten thousand comparisons
    found = [
        (len(name), symbol)
        for symbol, name in names.items()
        if name.startswith(first) and name[:length].lower() == asked and name[length : length + 1] in {"", " "}
    ]
    return tuple(symbol for _length, symbol in sorted(found)[:count])
