"""What a dataset version holds, as plain data: all that the gateway knows about the markets.

Workers write it into each version as ``catalogue.json``; nothing here imports pandas, numpy or a calendar.
"""

import bisect
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo

from bot.market import spelling
from bot.market.names import Names

FILE = "catalogue.json"
POINTER = "current"
SAMPLE = "sample"
NEW_YORK = ZoneInfo("America/New_York")
_USUAL_CLOSE = time(16, 0)


@dataclass(frozen=True, slots=True)
class SymbolFacts:
    """A symbol with prices: its name, first and last day, and what is stored (see ``Dataset.basis``)."""

    name: str
    first: date
    last: date
    basis: Literal["price", "adjusted", "level"]


@dataclass(frozen=True, slots=True)
class File:
    """One dated file of a table: the day it describes and the day it became known."""

    day: date
    known: date


def located(path: Path | str) -> Path:
    """Return the zip or the version's directory behind "sample", a zip, a version, or a folder with a pointer."""
    if path == SAMPLE:
        return Path(str(resources.files("bot.market") / "sample" / "sample.zip"))
    pointer = Path(path) / POINTER
    return Path(path) / pointer.read_text().strip() if pointer.is_file() else Path(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """One version's contents and the calendar around it.

    ``sessions`` run on beyond ``last_session`` for about 400 days; ``early_closes`` gives the moment of closing of
    the sessions that end early. ``symbols`` have prices; ``listed`` names every stock or fund known in any table.
    ``settlements`` maps each settlement date, past and ahead, to its publication. ``files`` lists the stored files of
    each table (``holdings:IWM`` for a fund's), oldest first.
    """

    version: str
    first_session: date
    last_session: date
    sessions: tuple[date, ...]
    early_closes: Mapping[date, datetime]
    symbols: Mapping[str, SymbolFacts]
    listed: Mapping[str, str]
    fomc: tuple[date, ...]
    settlements: Mapping[date, date]
    files: Mapping[str, tuple[File, ...]]

    @classmethod
    def load(cls, path: Path | str = SAMPLE) -> Self:
        """Read the catalogue of a version (see ``located``). FileNotFoundError where there is none."""
        place = located(path)
        if place.is_file():
            import zipfile  # the bundled sample alone is a zip

            with zipfile.ZipFile(place) as bundle:
                return cls.from_json(bundle.read(FILE))
        return cls.from_json((place / FILE).read_bytes())

    @classmethod
    def from_json(cls, body: bytes | str) -> Self:
        """Read what ``bot.market.describe`` wrote."""
        raw: dict[str, Any] = json.loads(body)
        return cls(
            version=raw["version"],
            first_session=_day(raw["first_session"]),
            last_session=_day(raw["last_session"]),
            sessions=_days(raw["sessions"]),
            early_closes=MappingProxyType({
                _day(d): datetime.fromisoformat(close) for d, close in raw["early_closes"].items()
            }),
            symbols=MappingProxyType({
                symbol: SymbolFacts(name, _day(first), _day(last), basis)
                for symbol, (name, first, last, basis) in raw["symbols"].items()
            }),
            listed=Names(raw["listed"]),
            fomc=_days(raw["fomc"]),
            settlements=MappingProxyType({_day(d): _day(published) for d, published in raw["settlements"].items()}),
            files=MappingProxyType({
                table: tuple(File(_day(d), _day(known)) for d, known in rows) for table, rows in raw["files"].items()
            }),
        )  # fmt: skip

    # the calendar

    def is_session(self, day: date) -> bool:
        """Return whether the exchange opens on a day."""
        at = bisect.bisect_left(self.sessions, day)
        return at < len(self.sessions) and self.sessions[at] == day

    def session_on_or_before(self, day: date) -> date:
        """Return the last session at or before a day; the first of all for an earlier one."""
        return self.sessions[max(0, bisect.bisect_right(self.sessions, day) - 1)]

    def next_session(self, day: date) -> date | None:
        """Return the first session after a day, None beyond the calendar."""
        at = bisect.bisect_right(self.sessions, day)
        return self.sessions[at] if at < len(self.sessions) else None

    def close(self, session: date) -> datetime:
        """Return the moment a session closes (aware, UTC)."""
        early = self.early_closes.get(session)
        return early or datetime.combine(session, _USUAL_CLOSE, NEW_YORK).astimezone(UTC)

    def last_known(self, moment: datetime) -> date:
        """Return the last session that has closed by an aware moment and that the data holds."""
        session = self.session_on_or_before(min(moment.astimezone(NEW_YORK).date(), self.last_session))
        return session if self.close(session) <= moment else self.session_on_or_before(session - timedelta(days=1))

    # what there is

    def latest(self, table: str, as_of: date) -> File | None:
        """Return the newest file of a table that was known on a day, None without one."""
        known = [file for file in self.files.get(table, ()) if file.known <= as_of]
        return known[-1] if known else None

    def name(self, symbol: str) -> str:
        """Return what people call a symbol, the symbol itself where no name is known."""
        priced = self.symbols.get(symbol)
        return priced.name if priced else self.listed.get(spelling.ticker(symbol)) or symbol

    def nearest(self, symbol: str) -> tuple[str, ...]:
        """Return up to three symbols that a mistyped one may have meant: those with prices, then listed ones."""
        return spelling.nearest(symbol, self.symbols) or spelling.nearest(symbol, self.listed)

    def named(self, words: str, count: int = 3) -> tuple[str, ...]:
        """Return the symbols of companies and funds whose names begin with these words, the shortest names first."""
        priced = {symbol: facts.name for symbol, facts in self.symbols.items()}
        return spelling.named(words, priced, count) or spelling.named(words, self.listed, count)

    def matching(self, typed: str, count: int = 25, *, listed: bool = False) -> tuple[tuple[str, str], ...]:
        """Return (symbol, name) pairs for what was typed so far: by symbol first, then by a word of the name.

        ``listed`` also offers stocks without prices. An empty text gives the first symbols with prices.
        """
        names = {symbol: facts.name for symbol, facts in self.symbols.items()}
        if listed:
            names = names | {symbol: name for symbol, name in self.listed.items() if symbol not in names}
        return spelling.matching(typed, names, count)


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _days(texts: Sequence[str]) -> tuple[date, ...]:
    return tuple(date.fromisoformat(text) for text in texts)
