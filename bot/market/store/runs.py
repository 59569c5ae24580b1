"""The ingester's diary: one row a run, the rows it refused, the corrections it met, the versions it published."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Table, func, insert, select, update

from bot.market.store import schema
from bot.market.store.rows import Store, Written

Status = Literal["running", "done", "partial", "failed", "interrupted"]


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one source: moments are aware and in UTC, ``detail`` is for the operator."""

    id: int
    source: str
    started_at: datetime
    finished_at: datetime | None
    status: Status
    requests: int
    rows_new: int
    rows_changed: int
    rows_refused: int
    detail: str


def begin(store: Store, source: str, now: datetime) -> int:
    """Note that a run of a source begins; return its id. An earlier one still running was interrupted."""
    table = schema.ingest_runs
    with store.writing() as connection:
        unfinished = (table.c.source == source) & (table.c.status == "running")
        connection.execute(update(table).where(unfinished).values(status="interrupted", finished_at=now))
        run = insert(table).values(source=source, started_at=now, status="running").returning(table.c.id)
        return int(connection.execute(run).scalar_one())


def finish(
    store: Store, run: int, now: datetime, *, status: Status = "done", written: Written | None = None,
    requests: int = 0, detail: str = "",
) -> None:  # fmt: skip
    """Note how a run ended and what it brought."""
    table, sums = schema.ingest_runs, written or Written()
    values = {
        "finished_at": now, "status": status, "requests": requests, "rows_new": sums.new,
        "rows_changed": sums.changed, "rows_refused": sums.refused, "detail": detail,
    }  # fmt: skip
    with store.writing() as connection:
        connection.execute(update(table).where(table.c.id == run).values(**values))


def latest(store: Store, source: str | None = None, *, status: Status | None = None, count: int = 20) -> list[Run]:
    """Return the newest runs first, of one source or with one status if asked."""
    table = schema.ingest_runs
    wanted = [table.c.source == source] if source else []
    wanted += [table.c.status == status] if status else []
    with store.reading() as connection:
        found = connection.execute(select(table).where(*wanted).order_by(table.c.id.desc()).limit(count))
        return [Run(**row) for row in found.mappings()]


def refused(store: Store, count: int = 50) -> list[dict[str, Any]]:
    """Return the rows last refused, newest first, each with its reason."""
    return _newest(store, schema.refused_rows, count)


def refusals(store: Store, count: int = 50) -> list[dict[str, Any]]:
    """Return what was last refused, newest first: equal rows for one reason once, with how many ``times``."""
    table = schema.refused_rows
    same = (table.c.table_name, table.c.row, table.c.reason)
    newest = func.max(table.c.id)
    query = select(*same, func.max(table.c.refused_at).label("refused_at"), func.count().label("times"))
    with store.reading() as connection:
        found = connection.execute(query.group_by(*same).order_by(newest.desc()).limit(count))
        return [dict(row) for row in found.mappings()]


def corrected(store: Store, count: int = 50) -> list[dict[str, Any]]:
    """Return the last corrections, newest first: key, old and new values as JSON."""
    return _newest(store, schema.corrections, count)


def published(store: Store) -> list[str]:
    """Return all versions published, oldest first."""
    table = schema.versions
    with store.reading() as connection:
        return list(connection.execute(select(table.c.version).order_by(table.c.published_at)).scalars())


def _newest(store: Store, table: Table, count: int) -> list[dict[str, Any]]:
    with store.reading() as connection:
        found = connection.execute(select(table).order_by(table.c.id.desc()).limit(count))
        return [dict(row) for row in found.mappings()]
