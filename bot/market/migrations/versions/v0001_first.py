"""The first tables: market data, the ingester's diary, corrections, refused rows and versions."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_KINDS: dict[str, sa.types.TypeEngine[Any]] = {
    "key": sa.String(200),
    "text": sa.Text(),
    "day": sa.Date(),
    "number": sa.Double(),
    "whole": sa.BigInteger(),
    "flag": sa.Boolean(),
}

_TABLES = {
    "instruments": ("symbol", "symbol:key name:text basis:text source:text"),
    "companies": ("symbol", "symbol:key name:text"),
    "bars": ("symbol day", "symbol:key day:day close dividend"),
    "ohlc": ("symbol day", "symbol:key day:day open high low close volume"),
    "macro": ("series day", "series:key day:day value known:day"),
    "futures": ("day contract", "day:day contract:whole close"),
    "fomc": ("day", "day:day"),
    "fed_changes": ("day", "day:day lower upper"),
    "holdings": (
        "fund day symbol",
        "fund:key day:day symbol:key name:text sector:text weight shares price market_value",
    ),
    "snapshots": (
        "day symbol",
        "day:day symbol:key name:text sector:text market_cap price return_1m return_3m return_6m return_ytd "
        "return_1y high_52w low_52w average_50d average_200d pe_trailing pe_forward_fy2 eps_fy2 price_to_book "
        "revenue_fy net_margin",
    ),
    "estimates": (
        "day symbol",
        "day:day symbol:key price analysts eps_fy1 eps_fy1_30d_ago eps_fy1_90d_ago eps_fy2 eps_fy2_90d_ago "
        "revisions_up_30d revisions_down_30d short_shares short_share_of_float days_to_cover",
    ),
    "fundamentals": (
        "day symbol",
        "day:day symbol:key sector:text market_cap enterprise_value ev_to_sales ev_to_ebitda price_to_sales "
        "price_to_book pe_trailing pe_forward_fy2 net_margin operating_margin return_on_equity total_debt "
        "total_cash beta short_share_of_float",
    ),
    "market": ("day symbol", "day:day symbol:key price market_cap float_shares low_52w high_52w"),
    "short_interest": (
        "settlement symbol",
        "settlement:day symbol:key short_shares previous_shares average_volume days_to_cover split:flag published:day",
    ),
    "fund_facts": ("symbol day", "symbol:key day:day facts:text"),
}


def _columns(described: str) -> Iterable[sa.Column[object]]:
    for part in described.split():
        name, _, kind = part.partition(":")
        missing = not kind  # only numbers may be missing
        yield sa.Column(name, _KINDS[kind or "number"], nullable=missing, autoincrement=False)


def upgrade() -> None:
    """Make all tables."""
    for name, (key, described) in _TABLES.items():
        op.create_table(name, *_columns(described), sa.PrimaryKeyConstraint(*key.split(), name=f"pk_{name}"))
    _diary()


def _diary() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "ingest_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("started_at", moment, nullable=False),
        sa.Column("finished_at", moment),
        sa.Column("status", sa.String(12), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("requests", "rows_new", "rows_changed")),
        sa.Column("rows_refused", sa.Integer(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ingest_runs"),
    )
    op.create_index("ix_ingest_runs_source", "ingest_runs", ["source"])
    _kept_aside("refused_rows", "refused_at", ("row", "reason"))
    _kept_aside("corrections", "corrected_at", ("key", "old", "new"))
    op.create_table(
        "versions",
        sa.Column("version", sa.String(80), nullable=False),
        sa.Column("last_session", sa.Date(), nullable=False),
        sa.Column("published_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_versions"),
    )


def _kept_aside(table: str, moment: str, texts: tuple[str, ...]) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer()),
        sa.Column(moment, sa.DateTime(timezone=True), nullable=False),
        sa.Column("table_name", sa.String(40), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )
    op.create_index(f"ix_{table}_run_id", table, ["run_id"])


def downgrade() -> None:
    """Remove all tables."""
    for name in ("versions", "corrections", "refused_rows", "ingest_runs", *reversed(_TABLES)):
        op.drop_table(name)
