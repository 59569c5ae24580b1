"""Which tickers are classes of one company: found from names and share counts, not from a typed list.

The vendor gives every class the market cap of the whole company at that class's price, so cap / price is the same
for all classes of one company and differs between companies that merely share a name.
"""

import functools
import itertools
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

SAME_SHARES = 0.02  # caps of two classes may have been taken some minutes apart
_CLASS = re.compile(r"\b(?:NON VOTING |VOTING )?(?:CLASS|CL|SERIES|SER)(?: [A-Z])?(?= |$)|\b(?:NON )?VOTING\b")
_FORM = re.compile(r"\b(?:INC|CORP|CORPORATION|CO|COMPANY|LTD|PLC|COM|COMMON STOCK|THE)\b")


@dataclass(frozen=True, slots=True)
class _Named:
    symbol: str
    stem: str
    says_class: bool
    shares: float


@functools.lru_cache(maxsize=16_384)  # the same names stand in every list and on every day
def _parts(name: str) -> tuple[str, bool]:
    """Return a name's stem, and whether it says which class it is."""
    words = _words(name)
    return " ".join(_FORM.sub(" ", _CLASS.sub(" ", words)).split()), bool(_CLASS.search(words))


def _words(name: str) -> str:
    return " ".join(re.sub(r"[^A-Z0-9 ]", "", re.sub(r"[-/&]", " ", name.upper())).split())


def share_classes(listed: pd.DataFrame) -> dict[str, str]:
    """Return for each symbol the symbol that stands for its company: the first one in the frame's order.

    ``listed`` is indexed by symbol with columns name and shares (cap / price, NaN where unknown). Two symbols are
    classes of one company if their names agree but for class and legal form, and either their share counts agree, or
    their tickers differ in the last letter alone while a name says "class" or a count is unknown.
    """
    named = [
        _Named(symbol, *_parts(name), shares)
        for symbol, name, shares in zip(
            listed.index.to_numpy(), listed["name"].to_numpy(), listed["shares"].to_numpy(), strict=True
        )
    ]
    groups: dict[str, list[_Named]] = defaultdict(list)
    for one in named:
        groups[one.stem.partition(" ")[0]].append(one)
    main = {one.symbol: one.symbol for one in named}
    for group in groups.values():
        for first, second in itertools.combinations(group, 2):
            if _same_name(first, second) and _same_company(first, second):
                _join(main, first.symbol, second.symbol)
    return main


def _same_name(first: _Named, second: _Named) -> bool:
    if not first.stem or not second.stem:
        return False
    if first.stem == second.stem:
        return True
    short, long = sorted((first, second), key=lambda one: len(one.stem))
    return short.says_class and long.stem.startswith(short.stem + " ")


def _same_company(first: _Named, second: _Named) -> bool:
    both_known = first.shares > 0 and second.shares > 0
    if both_known and abs(first.shares / second.shares - 1) <= SAME_SHARES:
        return True
    return _alike(first.symbol, second.symbol) and (not both_known or first.says_class or second.says_class)


def _alike(first: str, second: str) -> bool:
    """Whether two tickers differ in their last letter alone, or one is the other and a letter."""
    short, long = sorted((first, second), key=len)
    return long[:-1] == short or (len(long) == len(short) and long[:-1] == short[:-1])


def _join(main: dict[str, str], first: str, second: str) -> None:
    kept, gone = sorted((main[first], main[second]), key=list(main).index)
    for symbol, owner in main.items():
        if owner == gone:
            main[symbol] = kept


def grouped(classes: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return all classes of each company by the symbol that stands for it."""
    found: dict[str, list[str]] = defaultdict(list)
    for symbol, owner in classes.items():
        found[owner].append(symbol)
    return {owner: tuple(symbols) for owner, symbols in found.items()}
