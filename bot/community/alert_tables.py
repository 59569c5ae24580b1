"""The tables of alerts: the rules of servers and people with the state of each, and what a server allows."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from bot.community.tables import DELETE, FORGET, Moment, metadata

alerts = Table(
    "alerts",
    metadata,
    Column("id", Text, nullable=False),
    Column("guild_id", BigInteger, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("user_id", BigInteger, nullable=True, info=DELETE),  # whose private alert it is
    Column("author_user_id", BigInteger, nullable=True, info=FORGET),
    Column("indicator", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("numbers", Text, nullable=False),
    Column("per_year", Float, nullable=False),
    Column("mention_role_id", BigInteger, nullable=True),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=True),
    Column("notice_pending", Boolean, nullable=False),
    Column("snoozed_until", Moment),
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("armed", Integer, nullable=False),
    Column("run", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("month", Integer, nullable=False),
    Column("count", Integer, nullable=False),
    Column("reference", Integer, nullable=False),
    Column("candidate", Integer, nullable=False),
    Column("through", Integer, nullable=False),
    PrimaryKeyConstraint("id"),
    Index(None, "guild_id"),
    Index(None, "user_id"),
    Index(None, "state", "indicator", "id"),
)

alert_settings = Table(
    "alert_settings",
    metadata,
    Column("guild_id", BigInteger, nullable=False, autoincrement=False),
    Column("private_allowed", Boolean, nullable=False),
    Column("per_hour", Integer, nullable=False),
    PrimaryKeyConstraint("guild_id"),
)
