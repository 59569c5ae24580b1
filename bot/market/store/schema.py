"""The store's tables: those of ``bot.market.tables`` and the ingester's own records."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Double, Integer, MetaData, String, Table, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from bot.market.tables import COMPUTED, SPECS, Kind, Spec


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, kept in UTC and given back aware: SQLite drops time zones. ValueError for a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Turn an aware moment into UTC."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give back what was stored, aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_TYPES: dict[Kind, TypeEngine[Any]] = {
    "text": Text(), "day": Date(), "number": Double(), "whole": BigInteger(), "flag": Boolean(),
}  # fmt: skip

metadata = MetaData(naming_convention={"pk": "pk_%(table_name)s", "ix": "ix_%(table_name)s_%(column_0_name)s"})


def _table(spec: Spec) -> Table:
    columns = [
        Column(name, String(200) if kind == "text" and name in spec.key else _TYPES[kind],
               primary_key=name in spec.key, nullable=kind == "number", autoincrement=False)
        for name, kind in spec.columns.items()
    ]  # fmt: skip
    return Table(spec.name, metadata, *columns)


data = {name: _table(spec) for name, spec in SPECS.items() if name not in COMPUTED}

ingest_runs = Table(
    "ingest_runs", metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String(40), nullable=False, index=True),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("status", String(12), nullable=False),  # running, done, failed, interrupted
    Column("requests", Integer, nullable=False, default=0),
    Column("rows_new", Integer, nullable=False, default=0),
    Column("rows_changed", Integer, nullable=False, default=0),
    Column("rows_refused", Integer, nullable=False, default=0),
    Column("detail", Text, nullable=False, default=""),
)  # fmt: skip

refused_rows = Table(
    "refused_rows", metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Integer, index=True),
    Column("refused_at", UtcDateTime, nullable=False),
    Column("table_name", String(40), nullable=False),
    Column("row", Text, nullable=False),  # as JSON
    Column("reason", Text, nullable=False),
)  # fmt: skip

corrections = Table(
    "corrections", metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Integer, index=True),
    Column("corrected_at", UtcDateTime, nullable=False),
    Column("table_name", String(40), nullable=False),
    Column("key", Text, nullable=False),  # as JSON, by column
    Column("old", Text, nullable=False),  # as JSON, the columns that changed
    Column("new", Text, nullable=False),
)  # fmt: skip

versions = Table(
    "versions", metadata,
    Column("version", String(80), primary_key=True),
    Column("last_session", Date, nullable=False),
    Column("published_at", UtcDateTime, nullable=False),
)  # fmt: skip

vendor_health = Table(
    "vendor_health", metadata,
    Column("vendor", String(40), primary_key=True),
    Column("last_success", UtcDateTime),
    Column("last_failure", UtcDateTime),
    Column("error", Text, nullable=False, default=""),
    Column("resume_at", UtcDateTime),
)  # fmt: skip

company_pages = Table(
    "company_pages", metadata,
    Column("symbol", String(40), primary_key=True),
    Column("vendor_symbol", String(40), nullable=False),
    Column("visited_at", UtcDateTime, nullable=False),
    Column("fetched_at", UtcDateTime),
    Column("failures", Integer, nullable=False, default=0),
    Column("facts", Text, nullable=False),  # as JSON
)  # fmt: skip

absences = Table(
    "absences", metadata,
    Column("symbol", String(40), primary_key=True),
    Column("reason", Text, nullable=False),  # the vendor's words
    Column("days", Integer, nullable=False),
    Column("since", Date, nullable=False),
    Column("asked", Date, nullable=False),
    Column("ended", Date),
)  # fmt: skip
