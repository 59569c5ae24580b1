"""What the ingester remembers between runs: how vendors fared, what companies' pages said, which symbols are gone."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from bot.market.store import schema
from bot.market.store.rows import Store


@dataclass(frozen=True, slots=True)
class Health:
    """How a vendor fared: moments are aware and in UTC. ``resume_at``: it is left alone until then."""

    vendor: str
    last_success: datetime | None = None
    last_failure: datetime | None = None
    error: str = ""
    resume_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One company's page: when it was visited and last read, how often in a row that failed, and its figures."""

    symbol: str
    vendor_symbol: str
    visited_at: datetime
    fetched_at: datetime | None = None
    failures: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Absence:
    """A symbol that the vendor said it has no longer: on how many days, since when, when it was asked for last.

    ``ended`` is the day on which that was believed, None so far; ``reason`` are the vendor's last words.
    """

    symbol: str
    reason: str
    days: int
    since: date
    asked: date
    ended: date | None = None


def health(store: Store) -> dict[str, Health]:
    """Return how every vendor asked so far has fared."""
    table = schema.vendor_health
    with store.reading() as connection:
        return {row["vendor"]: Health(**row) for row in connection.execute(select(table)).mappings()}


def note_health(store: Store, vendor: str, **changes: Any) -> None:
    """Change what is remembered of a vendor: any of the fields of ``Health``."""
    table = schema.vendor_health
    with store.writing() as connection:
        found = connection.execute(update(table).where(table.c.vendor == vendor).values(**changes))
        if found.rowcount == 0:
            connection.execute(insert(table).values({"vendor": vendor, "error": "", **changes}))


def shown(store: Store, version: str | None) -> tuple[date, datetime] | None:
    """Return a version's last session, and since when versions have ended on it; None for an unknown version."""
    table = schema.versions
    with store.reading() as connection:
        last = connection.execute(select(table.c.last_session).where(table.c.version == version)).scalar()
        since = connection.execute(select(func.min(table.c.published_at)).where(table.c.last_session == last)).scalar()
    return None if last is None or since is None else (last, since)


def pages(store: Store) -> dict[str, Page]:
    """Return all companies' pages by symbol."""
    table = schema.company_pages
    with store.reading() as connection:
        found = connection.execute(select(table)).mappings().all()
    return {row["symbol"]: Page(**{**row, "facts": json.loads(row["facts"])}) for row in found}


def note_pages(store: Store, visited: Iterable[Page]) -> None:
    """Remember pages just visited, in place of what was remembered of the same companies."""
    table = schema.company_pages
    rows: Sequence[dict[str, Any]] = [
        {
            "symbol": page.symbol, "vendor_symbol": page.vendor_symbol, "visited_at": page.visited_at,
            "fetched_at": page.fetched_at, "failures": page.failures, "facts": json.dumps(dict(page.facts)),
        }
        for page in visited
    ]  # fmt: skip
    if rows:
        with store.writing() as connection:
            connection.execute(delete(table).where(table.c.symbol.in_([row["symbol"] for row in rows])))
            connection.execute(insert(table), rows)


def absences(store: Store) -> dict[str, Absence]:
    """Return the symbols that the vendor said it has no longer."""
    with store.reading() as connection:
        found = connection.execute(select(schema.absences).order_by(schema.absences.c.symbol)).mappings()
        return {row["symbol"]: Absence(**row) for row in found}


def note_absences(store: Store, gone: Sequence[Absence], back: Sequence[str]) -> None:
    """Remember symbols that are gone, and forget those that are back."""
    table = schema.absences
    if not gone and not back:
        return
    with store.writing() as connection:
        connection.execute(delete(table).where(table.c.symbol.in_([*(one.symbol for one in gone), *back])))
        if gone:
            connection.execute(insert(table), [asdict(one) for one in gone])
