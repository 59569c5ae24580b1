"""Finding indicators by words: what people mean comes first."""

import difflib
import re
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

_WORD = re.compile(r"\w+")
_FAMILY = 2
_IN_ID, _IN_TITLE, _BEGINNING, _WITHIN = 0, 1, 2, 3
_LIKENESS = 0.75  # of a slip to the word that was meant
_DERIVED = {"macro", "thesis"}  # behind what the questions themselves offer
_FAMILIES = {"price", "short", "squeeze"}  # one for every symbol: behind these
_USUAL = ("IWM", "SPY", "IWM/SPY", "QQQ")  # of a family these come first


class Named(Protocol):
    """What can be found: an id with dots, a title for people."""

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def title(self) -> str:
        """Its title."""
        ...


N = TypeVar("N", bound=Named)


def found(typed: str, known: Iterable[N], count: int) -> list[N]:
    """Return what has every word of ``typed`` in its id or title, at most ``count``; all of them for no words.

    Ids and titles that begin with what was typed come first, then whole words of the id, of the title,
    beginnings, parts of words; among equals the more general. Where nothing has every word,
    slips are taken for the words they resemble.
    """
    listed, words = list(known), words_of(typed)
    if typed.strip() and not words:
        return []
    if hits := _ranked(typed, words, listed):
        return hits[:count]
    vocabulary = sorted({word for one in listed for word in words_of(f"{one.id} {one.title}")})
    meant = [next(iter(difflib.get_close_matches(word, vocabulary, 1, _LIKENESS)), word) for word in words]
    return _ranked(" ".join(meant), meant, listed)[:count]


def words_of(text: str) -> list[str]:
    """Return the words of a text, small; dots, underscores and hyphens end a word."""
    return _WORD.findall(text.casefold().replace("_", " "))


def _ranked(typed: str, words: Sequence[str], listed: Sequence[N]) -> list[N]:
    typed, phrase = typed.strip().casefold(), " ".join(words)
    hits: list[tuple[tuple[bool, int, int, int, int, str], N]] = []
    for one in listed:
        ids, titles = words_of(one.id), words_of(one.title)
        fits = [_fit(word, ids, titles) for word in words]
        if all(fit is not None for fit in fits):
            kind, unusual, length, name = _particular(one)
            named = kind < _FAMILY and f"{' '.join(titles)} ".startswith(f"{phrase} ")
            begins = named or one.id.casefold().startswith(typed)
            hits.append(((not begins, sum(filter(None, fits)), kind, unusual, length, name), one))
    return [one for _rank, one in sorted(hits, key=lambda hit: hit[0])]


def _fit(word: str, ids: Sequence[str], titles: Sequence[str]) -> int | None:
    """Return how well a word fits the best of others, None where it is in none of them."""
    if word in ids:
        return _IN_ID
    if word in titles:
        return _IN_TITLE
    among = (*ids, *titles)
    if any(other.startswith(word) for other in among):
        return _BEGINNING
    return _WITHIN if any(word in other for other in among) else None


def _particular(one: Named) -> tuple[int, int, int, str]:
    """Return how particular an indicator is: its kind, its symbol, the length of its title; least first."""
    head, symbol = one.id.partition(".")[0], one.id.rpartition(".")[2]
    unusual = _USUAL.index(symbol) if symbol in _USUAL else len(_USUAL)
    if head in _FAMILIES:
        return _FAMILY, unusual, len(one.title), one.id
    return int(head in _DERIVED), 0, len(one.title), one.id
