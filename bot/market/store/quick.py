"""Short cuts for many rows: seeing at once that they are clean, inserting and reading them past the ORM's types."""

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Connection, Select, Table

from bot.market.tables import Kind, Spec

Row = Mapping[str, Any]
_EXACT: Mapping[Kind, frozenset[type]] = {
    "text": frozenset({str}), "day": frozenset({date}), "number": frozenset({float, type(None)}),
    "whole": frozenset({int}), "flag": frozenset({bool}),
}  # fmt: skip


def keyed(spec: Spec, rows: Sequence[Row]) -> dict[tuple[Any, ...], Row] | None:
    """Return rows by key where they hold exactly a table's columns, each value as the driver takes it, no key twice.

    None where one does not: then each has to be looked at.
    """
    names = list(spec.columns)
    if any(len(row) != len(names) for row in rows):
        return None
    try:
        columns = {name: [row[name] for row in rows] for name in names}
    except KeyError:
        return None
    if not all(_exact(spec.columns[name], values) for name, values in columns.items()):
        return None
    found = dict(zip(zip(*(columns[name] for name in spec.key), strict=True), rows, strict=True))
    return found if len(found) == len(rows) else None


def _exact(kind: Kind, values: Sequence[Any]) -> bool:
    if not set(map(type, values)) <= _EXACT[kind]:
        return False
    if kind == "number":
        numbers = np.array(values, dtype=np.float64)  # None becomes NaN
        return int(np.isfinite(numbers).sum()) == len(values) - values.count(None)
    return kind != "text" or "\0" not in "".join(set(values))


def add(connection: Connection, spec: Spec, target: Table, rows: Sequence[Row]) -> None:
    """Insert clean rows past SQLAlchemy's types: as tuples on SQLite, by COPY on PostgreSQL, each far faster."""
    columns = {name: [row[name] for row in rows] for name in spec.columns}
    if connection.dialect.name != "sqlite":
        _copy(connection, target, columns)
        return
    for name, kind in spec.columns.items():
        if kind == "day":
            columns[name] = _iso(columns[name])
    places = ", ".join("?" * len(columns))
    listed = ", ".join(f'"{name}"' for name in columns)
    statement = f'INSERT INTO "{target.name}" ({listed}) VALUES ({places})'  # noqa: S608  (names are our own)
    connection.exec_driver_sql(statement, list(zip(*columns.values(), strict=True)))


def _copy(connection: Connection, target: Table, columns: Mapping[str, Sequence[Any]]) -> None:
    listed = ", ".join(f'"{name}"' for name in columns)
    cursor = connection.connection.cursor()
    try:
        with cursor.copy(f'COPY "{target.name}" ({listed}) FROM STDIN') as copy:
            for values in zip(*columns.values(), strict=True):
                copy.write_row(values)
    finally:
        cursor.close()


def _iso(days: Sequence[date]) -> list[str]:
    """Return days as texts: a table has far fewer different ones than rows."""
    texts = {day: day.isoformat() for day in set(days)}
    return [texts[day] for day in days]


def read(connection: Connection, query: Select[Any]) -> Sequence[tuple[Any, ...]]:
    """Return a query's rows as the driver gives them: days are texts on SQLite, flags are 0 and 1."""
    result = connection.execute(query)
    assert result.cursor is not None
    rows: Sequence[tuple[Any, ...]] = result.cursor.fetchall()
    result.close()
    return rows


def columns(connection: Connection, query: Select[Any]) -> list[tuple[Any, ...]]:
    """Return a query's columns as ``read`` gives their values; none without rows."""
    with uncollected():
        return list(zip(*read(connection, query), strict=True))


@contextmanager
def uncollected() -> Iterator[None]:
    """Let the garbage collector rest: it would look through all those rows again and again."""
    working = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if working:
            gc.enable()
