"""Out of the store into a dataset version, and from the bundled sample into a store."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import select

from bot.market import archive
from bot.market.archive import Array, Columns
from bot.market.store import schema
from bot.market.store.rows import Row, Store, Written
from bot.market.tables import SPECS, Kind
from bot.market.version import files_of

KEPT = 2  # versions beside the current one: answers under way still read them


def publish(
    store: Store,
    folder: Path,
    *,
    through: date | None = None,
    days: Mapping[str, Sequence[date]] | None = None,
    now: datetime | None = None,
) -> str:
    """Write what the store holds as a new version below ``folder`` and let readers switch to it; return its name.

    Bars after ``through`` stay out: sessions of which not all symbols have theirs yet. ``days`` names, by table, the
    days to take where not all shall be; ``now`` is the moment to note. Read in one transaction, so that a version is
    one state of the store. ValueError without any prices.
    """
    chosen = days or {}
    with store.reading() as connection:
        tables = {table: store.columns(table, connection, chosen.get(table)) for table in schema.data}
    if through is not None:
        tables |= {table: _until(tables[table], through) for table in ("bars", "ohlc", "futures")}
    files = files_of(tables, label="store")
    version = archive.publish(folder, files)
    _note(store, version, json.loads(files[archive.MANIFEST])["last"], now or datetime.now(UTC))
    archive.prune(folder, _recent(store))
    return version


def _until(columns: Columns, through: date) -> dict[str, Array]:
    kept = columns["day"] <= np.datetime64(through)
    return {name: values[kept] for name, values in columns.items()}


def _note(store: Store, version: str, last: str, now: datetime) -> None:
    table = schema.versions
    row = {"version": version, "last_session": datetime.fromisoformat(last).date(), "published_at": now}
    with store.writing() as connection:
        if connection.execute(select(table.c.version).where(table.c.version == version)).first() is None:
            connection.execute(table.insert(), row)


def _recent(store: Store) -> list[str]:
    table = schema.versions
    with store.reading() as connection:
        newest = select(table.c.version).order_by(table.c.published_at.desc()).limit(KEPT + 1)
        return list(connection.execute(newest).scalars())


def load(store: Store, version: archive.Archive) -> Written:
    """Write every stored table of a version into a store, in one transaction."""
    written = Written()
    with store.writing() as connection:
        for table in schema.data:
            written += store.write(table, rows_of(version, table), connection=connection)
    return written


def rows_of(version: archive.Archive, table: str, rows: slice = slice(None)) -> Iterator[Row]:
    """Yield (some of) the rows of a version's table as plain dictionaries; missing numbers are None."""
    columns = [_plain(version, table, name, kind, rows) for name, kind in SPECS[table].columns.items()]
    for values in zip(*columns, strict=True):
        yield dict(zip(SPECS[table].columns, values, strict=True))


def _plain(version: archive.Archive, table: str, name: str, kind: Kind, rows: slice) -> list[Any]:
    column = version.texts(table, name, rows) if kind == "text" else version.column(table, name)[rows]
    values: list[Any] = column.tolist()
    return [None if value != value else value for value in values] if kind == "number" else values  # noqa: PLR0124
