"""The one currency between computing and showing: a headline, stats, tables, charts, notes, sources.

A report is plain data. It knows nothing about Discord, pictures or terminals; renderers turn it into those.
Texts are already in the reader's language, values are raw: fractions for percentages and yields, ISO days.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

Unit = Literal[
    "fraction",
    "percentage_points",
    "ratio",
    "usd",
    "days",
    "count",
    "basis_points",
    "score",
    "text",
    "date",
]
Cadence = Literal["session", "week", "settlement", "month", "snapshot"]  # how often an indicator has a new value
Value = float | int | str | date | bool | None
MAX_FIGURES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Stat:
    """One figure: what it is, what it says, in which unit, as of when and from where.

    ``id`` is an interface and never changes. ``percentage_points`` and ``fraction`` hold fractions (0.041 is 4.1).
    ``value`` None means "not known": a note says why. ``figure`` marks the few shown on the card, in order.
    ``signed`` shows a + before gains. ``shown`` replaces the formatted value where a sentence says more than a
    number. ``metric`` names the definition in ``bot.metrics``; ``working`` is today's arithmetic in words.
    """

    id: str
    label: str
    value: Value
    unit: Unit
    as_of: date | None
    source: str
    stale: bool = False
    figure: bool = False
    signed: bool = False
    digits: int | None = None
    shown: str | None = None
    metric: str | None = None
    working: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: stable id, label for people, unit of its cells."""

    id: str
    label: str
    unit: Unit = "text"
    signed: bool = False
    digits: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows aligned with columns. ``place``: shown on the card, behind its button, or only in the CSV."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    place: Literal["card", "page", "csv"] = "page"

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"table {self.id}: a row has {len(row)} cells, not {len(self.columns)}")


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture to be drawn: ``data`` is what the feature's ``chart.py`` draws, ``alt`` says it in numbers."""

    id: str
    alt: str
    data: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The answer to one request on one day. ``request`` is the request as plain data, dates as ISO text."""

    feature: str
    request: dict[str, Any]
    title: str
    headline: str
    as_of: date
    stats: tuple[Stat, ...] = ()
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    tone: Literal["small", "large", "neutral"] = "neutral"
    version: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        ids = [stat.id for stat in self.stats]
        if len(set(ids)) != len(ids):
            raise ValueError(f"{self.feature}: an id appears twice among {ids}")
        if len(self.figures) > MAX_FIGURES:
            raise ValueError(f"{self.feature}: a card shows at most {MAX_FIGURES} figures")

    @property
    def figures(self) -> tuple[Stat, ...]:
        """The stats shown on the card, in order."""
        return tuple(stat for stat in self.stats if stat.figure)

    def stat(self, stat_id: str) -> Stat:
        """Return the stat of that id; KeyError if there is none."""
        for stat in self.stats:
            if stat.id == stat_id:
                return stat
        raise KeyError(stat_id)

    def table(self, table_id: str) -> Table:
        """Return the table of that id; KeyError if there is none."""
        for table in self.tables:
            if table.id == table_id:
                return table
        raise KeyError(table_id)

    def without_drawings(self) -> "Report":
        """Return the same report without the data of its charts: what travels between processes."""
        return replace(self, charts=tuple(replace(chart, data=None) for chart in self.charts))


def distinct(sources: Iterable[str]) -> tuple[str, ...]:
    """Return each source once, in order of first appearance."""
    return tuple(dict.fromkeys(s for s in sources if s))


def plain_value(value: Value) -> float | int | str | bool | None:
    """Return a value as JSON knows it: dates as ISO text, NaN and infinities as null."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def as_json(report: Report, paths: dict[str, str] | None = None) -> dict[str, Any]:
    """Return the report as JSON-ready data; ``paths`` says where each chart's picture was written."""

    def stat(s: Stat) -> dict[str, Any]:
        return {
            "id": s.id,
            "label": s.label,
            "value": plain_value(s.value),
            "unit": s.unit,
            "as_of": s.as_of.isoformat() if s.as_of else None,
            "source": s.source,
            "stale": s.stale,
        }

    def rows(table: Table) -> list[Sequence[Any]]:
        return [[plain_value(cell) for cell in row] for row in table.rows]

    return {
        "feature": report.feature,
        "request": report.request,
        "as_of": report.as_of.isoformat(),
        "headline": report.headline,
        "stats": [stat(s) for s in report.stats],
        "tables": [{"id": t.id, "columns": [c.id for c in t.columns], "rows": rows(t)} for t in report.tables],
        "charts": [{"id": c.id, "alt": c.alt, "path": (paths or {}).get(c.id)} for c in report.charts],
        "notes": list(report.notes),
        "sources": list(report.sources),
    }
