"""Every failure the bot knows, as a tree: what to tell a person is part of the error.

``UserError`` is safe to show: it carries data and words itself in the active language.
``Unavailable`` means that a source is out of reach for now. Anything else is a fault of ours
and reaches people only as an apology with an error id.
"""

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any, Self

from bot import i18n
from bot.i18n import gettext as _


def _rebuild(cls: type["BotError"], state: dict[str, Any]) -> "BotError":
    error = cls.__new__(cls)
    error.__dict__.update(state)
    return error


class BotError(Exception):
    """Root of the bot's own errors. Instances survive a trip between processes."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.__dict__)

    def __str__(self) -> str:
        return self.text()

    def text(self) -> str:
        """Say in one or two sentences, in the active language, what happened and what to do."""
        return _("Something went wrong.")


class UserError(BotError):
    """The request cannot be answered as asked; the text says why and what works."""


class Unavailable(BotError):
    """A source or a worker is out of reach for now.

    ``source`` is the name people know it by.
    """

    def __init__(self, source: str) -> None:
        self.source = source

    def text(self) -> str:
        """Name the source."""
        return _("{source} does not answer at the moment. Please try again in a little while.").format(
            source=self.source
        )


class ConfigError(BotError):
    """The operator's settings are unusable. ``faults`` lists every one of them."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)

    def text(self) -> str:
        """List every fault on a line of its own."""
        return "\n".join(self.faults)


class DatabaseUnusable(BotError):
    """A database is out of reach, full or broken. ``part`` is market or community, ``reason`` its driver's sentence."""

    def __init__(self, part: str, reason: str) -> None:
        self.part = part
        self.reason = reason

    def text(self) -> str:
        """Say which one and why, and where to look."""
        said = _("The {part} database cannot be used: {reason}. “handoff doctor” checks everything.")
        return said.format(part=self.part, reason=self.reason)


class DatabaseNewer(BotError):
    """A database's tables were made by a newer release."""

    def __init__(self, part: str) -> None:
        self.part = part

    def text(self) -> str:
        """Say what to do."""
        return _(
            "The {part} database was brought up to date by a newer release, which this one cannot read. "
            "Install that release again, or restore the backup from before it."
        ).format(part=self.part)


class UnknownSymbol(UserError):
    """No series under that name. ``reason`` is a full sentence where more is known (delisted, crypto...)."""

    def __init__(self, symbol: str, suggestions: Sequence[str] = (), reason: str | None = None) -> None:
        self.symbol = symbol
        self.suggestions = tuple(suggestions)
        self.reason = reason

    def text(self) -> str:
        """Name the symbol (escaped) and the nearest ones."""
        known = self.reason or _("I have no data for “{symbol}”.").format(symbol=i18n.plain(self.symbol, 20))
        if not self.suggestions:
            return known
        return known + " " + _("Did you mean {names}?").format(names=i18n.one_of(self.suggestions))


class NotEnoughHistory(UserError):
    """A window or a date begins before the data does."""

    def __init__(self, symbol: str, first: date, wanted: date | None = None) -> None:
        self.symbol = symbol
        self.first = first
        self.wanted = wanted

    def text(self) -> str:
        """Give the first day there is."""
        if self.wanted is None:
            return _("{symbol} has too little history for this: its data begins on {first}.").format(
                symbol=i18n.plain(self.symbol, 20), first=i18n.day(self.first)
            )
        return _("{symbol} has no data for {wanted}: its data begins on {first}.").format(
            symbol=i18n.plain(self.symbol, 20), wanted=i18n.day(self.wanted), first=i18n.day(self.first)
        )


class NoCloses(UserError):
    """The series is stored dividend-adjusted only: returns are right, price levels are not known."""

    def __init__(self, symbol: str) -> None:
        self.symbol = symbol

    def text(self) -> str:
        """Say what works instead."""
        return _(
            "For {symbol} only dividend-adjusted prices are stored: I can answer returns, but not closes or records."
        ).format(symbol=i18n.plain(self.symbol, 20))


class NoTotalReturn(UserError):
    """The series is a price index: it pays no dividends and has no total return."""

    def __init__(self, symbol: str) -> None:
        self.symbol = symbol

    def text(self) -> str:
        """Say what works instead."""
        return _("{symbol} is a price index without dividends: ask for price returns, or for the fund.").format(
            symbol=i18n.plain(self.symbol, 20)
        )


class MissingData(UserError):
    """Something needed was not stored, or not published yet, on the day asked for.

    ``what`` is a noun phrase in the active language, ``first`` the first day it is known, if any; ``kept`` are noun
    phrases for what is stored all the same.
    """

    def __init__(self, what: str, as_of: date, first: date | None = None, kept: Sequence[str] = ()) -> None:
        self.what = what
        self.as_of = as_of
        self.first = first
        self.kept = tuple(kept)

    def text(self) -> str:
        """Name what is missing, and from when on it is there or what is there in its place."""
        if self.first is None:
            said = _("{what}: nothing is stored for {day}.").format(what=self.what, day=i18n.day(self.as_of))
            return said + " " + _("Stored are: {kept}.").format(kept=i18n.all_of(self.kept)) if self.kept else said
        return _("{what}: nothing was known yet on {day}; the record begins on {first}.").format(
            what=self.what, day=i18n.day(self.as_of), first=i18n.day(self.first)
        )


class NoData(UserError):
    """There is no market data at all: nothing was ingested yet."""

    def text(self) -> str:
        """Say what the operator has to do."""
        return _("There is no market data yet. Whoever runs this bot has to start with “handoff ingest”.")


class BadInput(UserError):
    """Words or values that make no sense here. ``problem`` is a full sentence in the active language."""

    def __init__(self, problem: str) -> None:
        self.problem = problem

    def text(self) -> str:
        """Return the sentence."""
        return self.problem


class AmbiguousDate(UserError):
    """Day and month could be swapped: both readings are offered."""

    def __init__(self, readings: Sequence[date]) -> None:
        self.readings = tuple(readings)

    def text(self) -> str:
        """Offer both readings."""
        return _("That date can be read two ways. Please write {choices}.").format(
            choices=i18n.one_of([f"{d.isoformat()} ({i18n.day(d)})" for d in self.readings])
        )


class DateInFuture(UserError):
    """The day asked for has not been reached by the data."""

    def __init__(self, wanted: date, last: date) -> None:
        self.wanted = wanted
        self.last = last

    def text(self) -> str:
        """Give the last day there is."""
        return _("{wanted} is still ahead: the last close I have is {last}.").format(
            wanted=i18n.day(self.wanted), last=i18n.day(self.last)
        )


class StartAfterEnd(UserError):
    """The window begins after it ends."""

    def __init__(self, start: date, end: date) -> None:
        self.start = start
        self.end = end

    def text(self) -> str:
        """Give both days."""
        return _("The window would begin on {start}, after its end on {end}.").format(
            start=i18n.day(self.start), end=i18n.day(self.end)
        )


class WithId(BotError):
    """A fault of ours, worded as an apology with the id under which the log tells the full story."""

    def __init__(self, error_id: str) -> None:
        self.error_id = error_id

    @classmethod
    def new(cls) -> Self:
        """Make one with a fresh id of eight letters and digits."""
        return cls(secrets.token_hex(4))

    def text(self) -> str:
        """Apologise and give the id."""
        return _(
            "Sorry, that went wrong on my side. If it keeps happening, tell whoever runs this bot the id {id}."
        ).format(id=self.error_id)
