"""The tables of communities' settings, as SQLAlchemy Core; the migrations create them.

A column that says which server something belongs to is called ``guild_id``; one that names a person ends in
``user_id`` and says in ``info["person"]`` what happens when that person asks to be forgotten: the row goes
(``delete``), the name goes (``forget``), or it stays with its reason (``keep: reason``).
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    Time,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

DELETE = {"person": "delete"}
FORGET = {"person": "forget"}
KEEP_BLOCK = {"person": "keep: a block protects the server and ends when its admins lift it or the server leaves"}


class Moment(TypeDecorator[datetime]):
    """An aware moment in UTC. SQLite drops time zones: they are taken off on the way in and put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times (ValueError); store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment must be aware")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  (SQLAlchemy's signature)
        """Return an aware moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Items(TypeDecorator[tuple[Any, ...]]):
    """A short tuple of numbers or words, kept as JSON."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Iterable[Any] | None, dialect: Dialect) -> list[Any]:  # noqa: ARG002  (SQLAlchemy's signature)
        """Store a list; None is empty."""
        return list(value or ())

    def process_result_value(self, value: list[Any] | None, dialect: Dialect) -> tuple[Any, ...]:  # noqa: ARG002  (SQLAlchemy's signature)
        """Return a tuple."""
        return tuple(value or ())


def _snowflake(name: str, *, nullable: bool = False, info: dict[str, str] | None = None) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable, autoincrement=False, info=info)


def _text(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, Text, nullable=nullable)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

guilds = Table(
    "guilds",
    metadata,
    _snowflake("guild_id"),
    _text("zone"),
    _text("language"),
    _text("theme"),
    Column("allowed_channels", Items, nullable=False),
    Column("admin_roles", Items, nullable=False),
    _snowflake("mention_role_id", nullable=True),
    Column("mentions_per_day", Integer, nullable=False),
    Column("hourly_cap", Integer),
    Column("auto_delete_hours", Integer),
    Column("quiet_from", Time),
    Column("quiet_to", Time),
    Column("paused_until", Moment),
    _snowflake("log_channel_id", nullable=True),
    _snowflake("log_role_id", nullable=True),
    Column("digest_over", Integer),
    _snowflake("owner_user_id", nullable=True, info=FORGET),
    Column("left_at", Moment),
    PrimaryKeyConstraint("guild_id"),
)

channels = Table(
    "channels",
    metadata,
    _snowflake("guild_id"),
    _snowflake("channel_id"),
    _text("language", nullable=True),
    _text("theme", nullable=True),
    _text("command_mode"),
    Column("allowed_commands", Items, nullable=False),
    PrimaryKeyConstraint("channel_id"),
    Index(None, "guild_id"),
)

blocked_users = Table(
    "blocked_users",
    metadata,
    _snowflake("guild_id"),
    _snowflake("user_id", info=KEEP_BLOCK),
    PrimaryKeyConstraint("guild_id", "user_id"),
)

blocked_symbols = Table(
    "blocked_symbols",
    metadata,
    _snowflake("guild_id"),
    _text("symbol"),
    PrimaryKeyConstraint("guild_id", "symbol"),
)

schedules = Table(
    "schedules",
    metadata,
    _text("id"),
    _snowflake("guild_id"),
    _text("content"),
    Column("request", JSON, nullable=False),
    _text("cadence"),
    Column("at", Time),
    Column("weekdays", Items, nullable=False),
    Column("nth", Integer),
    Column("delay_minutes", Integer, nullable=False),
    _text("holidays"),
    _text("mention"),
    _snowflake("mention_role_id", nullable=True),
    _text("state"),
    _text("reason", nullable=True),
    Column("notice_pending", Boolean, nullable=False),
    _snowflake("author_user_id", nullable=True, info=FORGET),
    Column("created_at", Moment, nullable=False),
    Column("next_due_at", Moment),
    _text("next_period", nullable=True),
    Column("plan_at", Moment),
    PrimaryKeyConstraint("id"),
    Index(None, "guild_id"),
    Index(None, "next_due_at"),
    Index(None, "plan_at"),
)

destinations = Table(
    "destinations",
    metadata,
    Column("schedule_id", Text, ForeignKey("schedules.id", ondelete="CASCADE"), nullable=False),
    _snowflake("guild_id"),
    _snowflake("channel_id"),
    Column("position", Integer, nullable=False),
    _text("kind"),
    Column("crosspost", Boolean, nullable=False),
    Column("pin", Boolean, nullable=False),
    Column("dashboard", Boolean, nullable=False),
    Column("tags", Items, nullable=False),
    Column("failures", Integer, nullable=False),
    _text("paused_reason", nullable=True),
    PrimaryKeyConstraint("schedule_id", "channel_id"),
    Index(None, "guild_id"),
    Index(None, "channel_id"),
)

deliveries = Table(
    "deliveries",
    metadata,
    _text("id"),
    _text("what"),
    _snowflake("guild_id"),
    _snowflake("channel_id"),
    _text("period"),
    Column("due_at", Moment, nullable=False),
    Column("ready_at", Moment, nullable=False),
    Column("parts", JSON, nullable=False),
    Column("target", JSON, nullable=False),
    _text("language"),
    _text("theme"),
    _text("state"),
    _text("reason", nullable=True),
    _text("note", nullable=True),
    Column("attempt", Integer, nullable=False),
    Column("clean", Integer, nullable=False),
    _text("holder", nullable=True),
    Column("lease_until", Moment),
    Column("opened_at", Moment),
    _snowflake("posted_channel_id", nullable=True),
    _snowflake("message_id", nullable=True),
    Column("sent_at", Moment),
    Column("late", Boolean, nullable=False),
    Column("mentioned", Boolean, nullable=False),
    Column("unfinished", Boolean, nullable=False),
    Column("asked", JSON, nullable=False),
    Column("shown", JSON, nullable=False),
    Column("as_of", Date),
    _text("version", nullable=True),
    Column("corrected_at", Moment),
    _text("digest_id", nullable=True),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("what", "channel_id", "period"),
    Index(None, "state", "ready_at"),
    Index(None, "guild_id", "due_at"),
    Index(None, "channel_id", "state"),
    Index(None, "digest_id"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, autoincrement=True),
    _snowflake("guild_id"),
    Column("at", Moment, nullable=False),
    _snowflake("user_id", nullable=True, info=FORGET),
    _text("action"),
    _text("subject"),
    Column("before", JSON(none_as_null=True)),
    Column("after", JSON(none_as_null=True)),
    Column("undone", Boolean, nullable=False),
    _text("act", nullable=True),
    PrimaryKeyConstraint("id"),
    Index(None, "guild_id", "at"),
)

people = Table(
    "people",
    metadata,
    _snowflake("user_id", info=DELETE),
    _text("language", nullable=True),
    PrimaryKeyConstraint("user_id"),
)

public_answers = Table(
    "public_answers",
    metadata,
    _text("id"),
    _snowflake("guild_id"),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("id"),
    Index(None, "guild_id", "at"),
)

replies = Table(
    "replies",
    metadata,
    _snowflake("message_id"),
    _snowflake("guild_id"),
    _snowflake("channel_id"),
    _snowflake("user_id", nullable=True, info=FORGET),
    Column("delete_at", Moment),
    PrimaryKeyConstraint("message_id"),
    Index(None, "guild_id"),
    Index(None, "delete_at"),
)
