"""How a line of words is split, and the words that join others without a meaning of their own."""

import re
from collections.abc import Iterator

_VERSUS = {"vs", "vs.", "versus", "against", "v", "v.", "contra", "frente"}
FILLERS = {
    "and", "&", "for", "the", "of", "in", "over", "with", "by", "please", "show", "me", "what", "about", "window",
    "basis", "return", "returns", "to", "a", "an", "is", "are", "de", "del", "con",
    "para", "y", "e", "en", "el", "la", "los", "las",
}  # fmt: skip
COUNTED = {"next", "last", "past", "top"}  # in front of what is counted or comes; NEXT and TOP are tickers, too
AS_OF = (
    "@ ", "@", "as of ", "asof ", "as at ", "on ", "at ", "until ", "till ", "to ", "through ", "al ", "hasta el ",
    "hasta ", "el ",
)  # fmt: skip
THROUGH = {"to ", "through "}  # what a year behind them is part of
LONGEST_RUN = 8  # words that are read as one
SINCE = {"since", "from", "desde"}
NUMBER = re.compile(
    r"(\$?\d+(?:[.,]\d{3})*(?:[.,]\d+)?\s?[%km]?)(?: (?:days?|points?|pts|dollars?|usd))?", re.IGNORECASE
)
SEVERAL = re.compile(r"\$?[\^a-z][a-z0-9.]*(?:/\$?[\^a-z][a-z0-9.]*)+", re.IGNORECASE)
EXPLICIT = re.compile(r"-{0,2}([a-z][a-z_-]*)[:=](.*)", re.IGNORECASE | re.DOTALL)
_TOKEN = re.compile(r'"([^"]*)"|“([^”]*)”|(\S+)')


def tokens(words: str) -> Iterator[str]:
    """Split at spaces and at commas between words, but not inside quotes nor inside ``dec 4, 2025`` or ``12,000``."""
    spaced = re.sub(r"(?<=[A-Za-z]),|,(?=\s*[A-Za-z$^])", " ", words)
    for match in _TOKEN.finditer(spaced):
        yield next(group for group in match.groups() if group is not None)


def is_versus(line: list[str], position: int) -> bool:
    """Return whether a word only says that two sides are compared; V is a ticker too, but between two others."""
    word = line[position]
    between = 0 < position < len(line) - 1
    return len(line) > 1 and word.lower() in _VERSUS and (word.lower() != "v" or (between and word == "v"))
