"""Short cuts for many rows: seeing at once that they are clean, inserting and reading them past the ORM's types."""

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, insert

from bot.market.tables import Kind, Spec

_EXACT: Mapping[Kind, frozenset[type]] = {
    "text": frozenset({str}), "day": frozenset({date}), "number": frozenset({float, type(None)}),
    "whole": frozenset({int}), "flag": frozenset({bool}),
}  # fmt: skip


def clean(spec: Spec, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether rows hold exactly a table's columns, each value as the driver takes it, no key twice."""
    names = list(spec.columns)
    if any(len(row) != len(names) for row in rows):
        return False
    try:
        columns = {name: [row[name] for row in rows] for name in names}
    except KeyError:
        return False
    if not all(_exact(spec.columns[name], values) for name, values in columns.items()):
        return False
    return len(set(zip(*(columns[name] for name in spec.key), strict=True))) == len(rows)


def _exact(kind: Kind, values: Sequence[Any]) -> bool:
    if not set(map(type, values)) <= _EXACT[kind]:
        return False
    if kind == "number":
        return all(math.isfinite(value) for value in values if value is not None)
    return kind != "text" or not any("\0" in value for value in values)


def add(connection: Connection, target: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert clean rows. SQLite takes them as tuples, four times as fast as through SQLAlchemy's types."""
    if connection.dialect.name != "sqlite":
        connection.execute(insert(target), list(rows))
        return
    names = [column.name for column in target.columns]
    columns = [[_plain(row[name]) for row in rows] for name in names]
    places = ", ".join("?" * len(names))
    listed = ", ".join(f'"{name}"' for name in names)
    statement = f'INSERT INTO "{target.name}" ({listed}) VALUES ({places})'  # noqa: S608  (names are our own)
    connection.exec_driver_sql(statement, list(zip(*columns, strict=True)))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) and not isinstance(value, datetime) else value


def read(connection: Connection, query: Select[Any]) -> Sequence[tuple[Any, ...]]:
    """Return a query's rows as the driver gives them: days are texts on SQLite, flags are 0 and 1."""
    result = connection.execute(query)
    assert result.cursor is not None
    rows: Sequence[tuple[Any, ...]] = result.cursor.fetchall()
    result.close()
    return rows
