"""Datasets small enough to be known by heart: tables given row by row, the rest empty."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from bot.market import archive, calendar
from bot.market.archive import EMPTY, Columns
from bot.market.dataset import Dataset
from bot.market.tables import COMPUTED, SPECS
from bot.market.version import files_of

Rows = Sequence[Mapping[str, Any]]
_ABSENT: dict[str, Any] = {"text": "", "number": float("nan"), "flag": False}


def tables_of(**given: Rows) -> dict[str, Columns]:
    """Return all tables: the given rows, whatever they leave out missing."""
    tables = {}
    for name, spec in SPECS.items():
        if name in COMPUTED:
            continue
        rows = given.get(name, ())
        tables[name] = {
            column: np.array([row.get(column, _ABSENT.get(kind)) for row in rows], dtype=_dtype(kind, len(rows)))
            for column, kind in spec.columns.items()
        }
    return tables


def _dtype(kind: str, count: int) -> Any:
    return np.str_ if kind == "text" and count else EMPTY[kind]  # type: ignore[index]


def dataset_of(folder: Path, **given: Rows) -> Dataset:
    """Publish a version with these rows below ``folder`` and open it."""
    archive.publish(folder, files_of(tables_of(**given), label="small"))
    return Dataset.open(folder)


def bars(symbol: str, first: date, closes: Sequence[float], dividends: Mapping[int, float] | None = None) -> Rows:
    """Return one bar a session from ``first`` on; dividends by position."""
    days = calendar.session_days(first, date(first.year + 1 + len(closes) // 250, 12, 31))[: len(closes)]
    paid = dividends or {}
    return [
        {"symbol": symbol, "day": day, "close": close, "dividend": paid.get(i, 0.0)}
        for i, (day, close) in enumerate(zip(days, closes, strict=True))
    ]


def instrument(symbol: str, basis: str = "price", name: str = "") -> dict[str, str]:
    """Return the description of a symbol."""
    return {"symbol": symbol, "name": name or f"{symbol} fund", "basis": basis, "source": "Yahoo Finance"}
