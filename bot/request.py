"""What is asked, as validated plain data: hashable, printable, small enough for a button's id.

A feature's ``request.py`` holds one subclass of ``Request``; slash options, words, CLI options, buttons and
schedules are all made from its fields. The marks tell readers of words what a field takes.
"""

import re
from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Annotated, Any, ClassVar, Literal, Self, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict

from bot.windows import OFFERED

GIVEN = frozenset({"without", "fired"})
"""Fields that are filled from a server's settings and posts: no part of what was asked, and of any length."""

_SYMBOL = re.compile(r"\^?[A-Z0-9][A-Z0-9.\-]{0,11}")
_START = re.compile(r"\d{4}-\d{2}-\d{2}")
_LENGTH = re.compile(r"[1-9]\d{0,3}[dwmy]|ytd|max")


MAX_DIGITS = 9


class Mark(Enum):
    """What kind of words a field takes."""

    WINDOW = "window"
    FUND = "fund"  # a symbol with prices
    SYMBOL = "symbol"  # any listed symbol
    SYMBOLS = "symbols"
    INDEX = "index"
    TEXT = "text"


def _is_int(annotation: Any) -> bool:
    return annotation is int or int in get_args(annotation)


def _window(text: str) -> str:
    if _START.fullmatch(text):
        date.fromisoformat(text)
        return text
    if _LENGTH.fullmatch(text):
        return text
    raise ValueError(f"not a window: one of {', '.join(OFFERED)}, or the day it starts as YYYY-MM-DD")


def _symbol(text: str) -> str:
    if not _SYMBOL.fullmatch(text):
        raise ValueError("not a symbol")
    return text


def _symbols(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_symbol(text) for text in texts))


WindowText = Annotated[str, AfterValidator(_window), Mark.WINDOW]
FundText = Annotated[str, AfterValidator(_symbol), Mark.FUND]
SymbolText = Annotated[str, AfterValidator(_symbol), Mark.SYMBOL]
SymbolsText = Annotated[tuple[str, ...], AfterValidator(_symbols), Mark.SYMBOLS]
Basis = Literal["total", "price"]


class Request(BaseModel):
    """One question on one day. ``as_of`` None means the last session known when it is asked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    feature: ClassVar[str]
    private: ClassVar[bool] = False  # answered to the asker alone, never cached or logged
    words_only: ClassVar[frozenset[str]] = frozenset()  # fields that change what is said, not what is drawn
    told: ClassVar[frozenset[str]] = frozenset()  # fields that a schedule fills in with what its channel was told
    opens: ClassVar[tuple[str, ...]] = ()  # the questions that its card leads to; a window is the first one's
    levels: ClassVar[bool] = False  # asks for closes and records: an index answers those itself, not through its fund
    as_of: date | None = None

    @classmethod
    def takes_number(cls, text: str, given: "Mapping[str, str]") -> str | None:
        """Return the field that a bare number is meant for, beside the option texts already given; None: for none."""
        whole = text.isdecimal() and len(text) <= MAX_DIGITS
        return next(
            (n for n, f in cls.model_fields.items() if whole and n not in given and _is_int(f.annotation)), None
        )

    @classmethod
    def known_texts(cls) -> "Mapping[str, tuple[str, ...]]":
        """Return texts of several words that a field of free text is known to take."""
        return {}

    def plain(self) -> dict[str, Any]:
        """Return the fields as JSON-ready data."""
        return self.model_dump(mode="json")

    def differing(self) -> dict[str, Any]:
        """Return only the fields that differ from their defaults: what a button's id or a link has to carry."""
        return self.model_dump(mode="json", exclude_defaults=True)

    def pictured(self) -> Self:
        """Return the request whose picture this one shows: the fields that only change words at their defaults."""
        defaults = {name: type(self).model_fields[name].get_default() for name in self.words_only}
        return self.model_copy(update=defaults) if defaults else self

    def key(self) -> str:
        """Return the canonical text of the request: equal for equal questions."""
        return f"{self.feature}:{self.model_dump_json()}"


def mark_of(request: type[Request], field: str) -> Mark | None:
    """Return what kind of words a field takes, None for plain values."""
    return next((m for m in request.model_fields[field].metadata if isinstance(m, Mark)), None)


def choices_of(request: type[Request], field: str) -> tuple[str, ...]:
    """Return the values a field may take where it is a choice, else nothing."""
    annotation = request.model_fields[field].annotation
    if get_origin(annotation) is Literal:
        return tuple(str(value) for value in get_args(annotation))
    return ()
