"""Reading and writing rows: what is new is added, what a vendor corrected is replaced and the correction logged."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any, Self

import numpy as np
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    Table,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    true,
    update,
)

from bot.market.archive import EMPTY
from bot.market.store import quick, schema
from bot.market.store.connection import connected, take_writer_lock
from bot.market.tables import SPECS, Kind, Spec

Row = quick.Row
_CHUNK = 20_000  # rows written together
_LISTED = 50  # texts named one by one in a question; with more, the rest of the key narrows it


@dataclass(frozen=True, slots=True)
class Written:
    """What became of rows: stored as new, replaced another, were there already, or were refused."""

    new: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0

    def __add__(self, other: "Written") -> "Written":
        return Written(
            self.new + other.new, self.changed + other.changed, self.same + other.same, self.refused + other.refused
        )


class Store:
    """An open market database, migrated before (see ``migrate``). Use as a context manager, or ``close`` it."""

    def __init__(self, url: str) -> None:
        self.engine: Engine = connected(url)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a transaction that may change things: all of it is stored, or nothing."""
        with self.engine.execution_options(writing=True).begin() as connection:
            take_writer_lock(connection)
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a transaction that sees one state throughout, whatever is written meanwhile."""
        level = {} if self.engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
        with self.engine.execution_options(**level).begin() as connection:
            yield connection

    def write(
        self, table: str, rows: Iterable[Row], run: int | None = None, connection: Connection | None = None
    ) -> Written:
        """Store rows (a value for each column; missing numbers as None or NaN), all in one transaction.

        Rows that cannot be kept (key or text missing, number infinite, wrong type, key repeated) are kept aside in
        ``refused_rows`` with the reason. KeyError for an unknown table. ``connection``: join a transaction.
        """
        if connection is None:
            with self.writing() as own:
                return self.write(table, rows, run, own)
        written = Written()
        remaining = iter(rows)
        while chunk := list(islice(remaining, _CHUNK)):
            written += _write(connection, table, chunk, run)
        return written

    def refuse(self, table: str, rows: Iterable[Row], reason: str, run: int | None = None) -> int:
        """Keep rows aside with the reason they were not stored; return their count."""
        refused = [(row, reason) for row in rows]
        with self.writing() as connection:
            _refuse(connection, table, refused, run)
        return len(refused)

    def columns(
        self, table: str, connection: Connection | None = None, days: Sequence[date] | None = None
    ) -> dict[str, np.ndarray[Any, Any]]:
        """Return a table, or its rows of some days, as arrays by column, as ``archive.encode`` takes them."""
        if connection is None:
            with self.reading() as own:
                return self.columns(table, own, days)
        spec, source = SPECS[table], schema.data[table]
        query = select(source) if days is None else select(source).where(source.c.day.in_(days))
        values = quick.columns(connection, query.order_by(*(source.c[name] for name in spec.key)))
        if not values:
            return {name: np.array([], dtype=EMPTY[kind]) for name, kind in spec.columns.items()}
        return {name: _array(spec.columns[name], values[i]) for i, name in enumerate(spec.columns)}

    def rows(self, table: str, since: date | None = None, **where: Any) -> list[dict[str, Any]]:
        """Return the rows whose columns equal ``where``, from a day on if asked, ordered by key, as dictionaries."""
        source = schema.data[table]
        query = select(source).where(*(source.c[name] == value for name, value in where.items()))
        query = query if since is None else query.where(source.c.day >= since)
        with self.reading() as connection:
            found = connection.execute(query.order_by(*(source.c[name] for name in SPECS[table].key)))
            return [dict(row) for row in found.mappings()]

    def newest(self, table: str, column: str = "day", **where: Any) -> date | None:
        """Return the newest day of a table, of the rows whose columns equal ``where``; None without any."""
        source = schema.data[table]
        query = select(func.max(source.c[column])).where(*(source.c[name] == v for name, v in where.items()))
        with self.reading() as connection:
            return connection.execute(query).scalar()

    def days(self, table: str, column: str = "day", **where: Any) -> list[date]:
        """Return the distinct days of a table, of the rows whose columns equal ``where``, oldest first."""
        source = schema.data[table]
        query = select(source.c[column]).distinct().where(*(source.c[name] == v for name, v in where.items()))
        with self.reading() as connection:
            return list(connection.execute(query.order_by(source.c[column])).scalars())

    def replace(
        self, table: str, rows: Iterable[Row], reason: str, run: int | None = None,
        connection: Connection | None = None, **where: Any,
    ) -> Written:  # fmt: skip
        """Put rows in place of all those whose columns equal ``where``, at once; one correction tells why."""
        if connection is None:
            with self.writing() as own:
                return self.replace(table, rows, reason, run, own, **where)
        source = schema.data[table]
        match = and_(*(source.c[name] == value for name, value in where.items()))
        gone = connection.execute(delete(source).where(match)).rowcount
        written = self.write(table, rows, run, connection)
        if gone:
            note = {
                "run_id": run, "corrected_at": datetime.now(UTC), "table_name": table, "key": _json(where),
                "old": _json({"rows": gone}), "new": _json({"rows": written.new, "reason": reason}),
            }  # fmt: skip
            connection.execute(insert(schema.corrections), note)
        return Written(max(0, written.new - gone), min(gone, written.new), 0, written.refused)

    def forget_days(self, table: str, days: Sequence[date], **where: Any) -> int:
        """Delete the rows of some days whose columns equal ``where``; return how many."""
        source = schema.data[table]
        match = and_(source.c.day.in_(days), *(source.c[name] == value for name, value in where.items()))
        with self.writing() as connection:
            return connection.execute(delete(source).where(match)).rowcount


def _array(kind: Kind, values: Sequence[Any]) -> np.ndarray[Any, Any]:
    if kind == "text":
        return np.array(values, dtype=np.str_)
    if kind == "number":
        return np.array(values, dtype=np.float64)  # None becomes NaN
    return np.array(values, dtype=EMPTY[kind])


def _write(connection: Connection, table: str, rows: Sequence[Row], run: int | None) -> Written:
    spec, target = SPECS[table], schema.data[table]
    kept, refused = _sorted_out(spec, rows)
    _refuse(connection, table, refused, run)
    stored = _stored(connection, spec, target, list(kept.values()))
    new = [row for key, row in kept.items() if key not in stored]
    changed = [(stored[key], row) for key, row in kept.items() if key in stored and stored[key] != row]
    if new:
        quick.add(connection, spec, target, new)
    if changed:
        _correct(connection, spec, target, changed, run)
    return Written(len(new), len(changed), len(kept) - len(new) - len(changed), len(refused))


def _sorted_out(spec: Spec, rows: Sequence[Row]) -> tuple[dict[tuple[Any, ...], Row], list[tuple[Row, str]]]:
    if (clean_ones := quick.keyed(spec, rows)) is not None:
        return clean_ones, []
    kept: dict[tuple[Any, ...], Row] = {}
    refused = []
    for row in rows:
        try:
            clean = {name: _plain(name, kind, row[name]) for name, kind in spec.columns.items()}
        except (KeyError, TypeError, ValueError) as fault:
            refused.append((row, f"{type(fault).__name__}: {fault}"))
            continue
        key = tuple(clean[name] for name in spec.key)
        if key in kept and kept[key] != clean:
            refused.append((row, "another row of the same answer has this key"))
            continue
        kept[key] = clean
    return kept, refused


def _plain(name: str, kind: Kind, value: Any) -> Any:
    """Return a value as the database's driver takes it. TypeError or ValueError for one that cannot be kept."""
    if kind == "number":
        return _number(name, value)
    if kind == "text":
        if not isinstance(value, str) or "\0" in value:
            raise TypeError(f"{name} is no text: {value!r}")
        return str(value)
    if kind == "day":
        return _day(name, value)
    if kind == "flag":
        if not isinstance(value, bool | np.bool_):
            raise TypeError(f"{name} is neither true nor false: {value!r}")
        return bool(value)
    if isinstance(value, bool) or int(value) != value:
        raise ValueError(f"{name} is no whole number: {value!r}")
    return int(value)


def _number(name: str, value: Any) -> float | None:
    if value is None:
        return None
    number = float(value)
    if math.isinf(number):
        raise ValueError(f"{name} is infinite")
    return None if math.isnan(number) else number


def _day(name: str, value: Any) -> date:
    if isinstance(value, np.datetime64):
        value = value.astype("datetime64[D]").item()
    if isinstance(value, datetime):  # a pandas Timestamp too
        value = value.date()
    if not isinstance(value, date) or value != value:  # noqa: PLR0124  (NaT is not itself)
        raise TypeError(f"{name} is no day: {value!r}")
    return value


def _stored(connection: Connection, spec: Spec, target: Table, rows: Sequence[Row]) -> dict[tuple[Any, ...], Row]:
    """Return the rows that may have the same keys: those whose every key column lies within the given rows' range."""
    if not rows:
        return {}
    within = [_range(target.c[name], spec.columns[name], {row[name] for row in rows}) for name in spec.key]
    if not (found := connection.execute(select(*(target.c[name] for name in spec.columns)).where(and_(*within))).all()):
        return {}
    wanted = {tuple(row[name] for name in spec.key) for row in rows}
    places = [list(spec.columns).index(name) for name in spec.key]
    by_key = ((tuple(values[place] for place in places), values) for values in found)
    return {key: dict(zip(spec.columns, values, strict=True)) for key, values in by_key if key in wanted}


def _range(column: Column[Any], kind: Kind, values: set[Any]) -> ColumnElement[bool]:
    """Return the condition for a key column; databases order texts each in their own way, so those are listed."""
    if kind != "text":
        return column.between(min(values), max(values))
    return column.in_(sorted(values)) if len(values) <= _LISTED else true()


def _correct(
    connection: Connection, spec: Spec, target: Table, changed: Sequence[tuple[Row, Row]], run: int | None
) -> None:
    now = datetime.now(UTC)
    log = []
    for old, new in changed:
        columns = [name for name in spec.columns if old[name] != new[name]]
        log.append({
            "run_id": run, "corrected_at": now, "table_name": spec.name,
            "key": _json({name: new[name] for name in spec.key}),
            "old": _json({name: old[name] for name in columns}), "new": _json({name: new[name] for name in columns}),
        })  # fmt: skip
    connection.execute(insert(schema.corrections), log)
    match = and_(*(target.c[name] == bindparam(f"key_{name}") for name in spec.key))
    values = [new | {f"key_{name}": new[name] for name in spec.key} for _old, new in changed]  # type: ignore[operator]
    rest: dict[str, Any] = {name: bindparam(name) for name in spec.columns if name not in spec.key}
    connection.execute(update(target).where(match).values(rest), values)


def _refuse(connection: Connection, table: str, refused: Sequence[tuple[Row, str]], run: int | None) -> None:
    if refused:
        now = datetime.now(UTC)
        rows = [{"run_id": run, "refused_at": now, "table_name": table, "row": _json(dict(row)), "reason": reason}
                for row, reason in refused]  # fmt: skip
        connection.execute(insert(schema.refused_rows), rows)


def _json(values: Mapping[str, Any]) -> str:
    return json.dumps(values, default=str, ensure_ascii=False)
