"""What a community's settings are, as plain frozen data: what goes into the store and comes out of it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import cache
from typing import Any, Literal
from zoneinfo import available_timezones

CommandMode = Literal["public", "ephemeral", "thread", "off"]
PlaceKind = Literal["text", "thread", "forum", "announcement"]
CadenceKind = Literal["weekly", "monthly", "session", "finra", "fomc"]
HolidayPolicy = Literal["skip", "before", "after"]
Mention = Literal["none", "role", "everyone"]
ScheduleState = Literal["active", "paused"]

MAX_DELAY_MINUTES = 12 * 60
WEEKDAYS = tuple(range(7))  # Monday is 0
NTH = (1, 2, 3, 4, -1)  # -1 is the last one of the month


def new_id() -> str:
    """Return a fresh id: 16 letters and digits, which also fit a message's nonce (25 at most)."""
    return secrets.token_hex(8)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def known_zone(name: str) -> bool:
    """Whether this is the name of an IANA time zone."""
    return name in _zones()


@dataclass(frozen=True, slots=True)
class By:
    """Who changes something, and when (aware). ``user_id`` None is the bot itself.

    What shares an ``act`` was done by one command or press, and is taken back together; without one it stands alone.
    """

    user_id: int | None
    at: datetime
    act: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildSettings:
    """How the bot behaves in one server. Raises ValueError for a zone that does not exist.

    Empty ``allowed_channels`` means all. ``hourly_cap`` limits public answers, ``mentions_per_day`` pings.
    During quiet hours (local, may span midnight) nothing is posted: it waits. ``digest_over``: so many posts
    in one channel and hour are still posted one by one; None never merges. ``left_at`` is when the bot was removed.
    """

    guild_id: int
    zone: str = "America/New_York"
    language: str = "en"
    theme: str = "dark"
    allowed_channels: tuple[int, ...] = ()
    admin_roles: tuple[int, ...] = ()
    mention_role_id: int | None = None
    mentions_per_day: int = 1
    hourly_cap: int | None = None
    auto_delete_hours: int | None = None
    quiet_from: time | None = None
    quiet_to: time | None = None
    paused_until: datetime | None = None
    log_channel_id: int | None = None
    log_role_id: int | None = None
    digest_over: int | None = 5
    owner_user_id: int | None = None
    left_at: datetime | None = None

    def __post_init__(self) -> None:
        if not known_zone(self.zone):
            raise ValueError(f"not a time zone: {self.zone}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSettings:
    """What differs in one channel; None means as in the server. Empty ``allowed_commands`` means all."""

    guild_id: int
    channel_id: int
    language: str | None = None
    theme: str | None = None
    command_mode: CommandMode = "public"
    allowed_commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Blocks:
    """Who is not answered in a server, and which symbols are not shown there."""

    users: frozenset[int] = frozenset()
    symbols: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """When something falls due. Raises ValueError for a combination that means nothing.

    ``weekly`` on ``weekdays`` and ``monthly`` on the ``nth`` of its one weekday happen ``at`` a local time. The
    others follow the exchange: after each session's close, on the publication of short interest, on the day of a
    Fed decision; ``delay_minutes`` after that day's close, or at the first local ``at`` from the close on.
    ``holidays`` says what happens when a weekly or monthly day is a weekday without session.
    """

    kind: CadenceKind
    at: time | None = None
    weekdays: tuple[int, ...] = ()
    nth: int | None = None
    delay_minutes: int = 30
    holidays: HolidayPolicy = "after"

    def __post_init__(self) -> None:
        if not set(self.weekdays) <= set(WEEKDAYS):
            raise ValueError("weekdays are 0 (Monday) to 6 (Sunday)")
        if self.kind == "weekly" and (not self.weekdays or self.at is None):
            raise ValueError("weekly needs weekdays and a time")
        if self.kind == "monthly" and (len(self.weekdays) != 1 or self.nth not in NTH or self.at is None):
            raise ValueError("monthly needs one weekday, which of the month (1 to 4, -1 for the last) and a time")
        if self.nth not in (None, *NTH):
            raise ValueError("which of the month is 1 to 4, or -1 for the last")
        if not 0 <= self.delay_minutes <= MAX_DELAY_MINUTES:
            raise ValueError("the delay after the close is 0 to 720 minutes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """One place a schedule posts to, and how. ``failures`` counts those in a row; ``paused_reason`` a reason code."""

    channel_id: int
    kind: PlaceKind = "text"
    crosspost: bool = False
    pin: bool = False
    dashboard: bool = False
    tags: tuple[int, ...] = ()
    failures: int = 0
    paused_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A report that is posted regularly: which, when, where, and how it is doing.

    ``content`` is a feature's name and ``request`` its request as plain data. ``next_due_at`` None means that it
    has yet to be planned; ``next_period`` names what is then due. ``notice_pending``: whoever set it up has yet to
    be told that it was paused for ``reason``.
    """

    guild_id: int
    content: str
    cadence: Cadence
    destinations: tuple[Destination, ...]
    request: Mapping[str, Any] = field(default_factory=dict)
    mention: Mention = "none"
    mention_role_id: int | None = None
    state: ScheduleState = "active"
    reason: str | None = None
    notice_pending: bool = False
    author_user_id: int | None = None
    created_at: datetime | None = None
    next_due_at: datetime | None = None
    next_period: str | None = None
    id: str = field(default_factory=new_id)

    def __post_init__(self) -> None:
        channels = [place.channel_id for place in self.destinations]
        if not channels or len(set(channels)) != len(channels):
            raise ValueError("a schedule needs at least one channel, each once")

    @property
    def what(self) -> str:
        """Its name in the ledger."""
        return f"schedule:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """The language in which somebody set up what comes to them alone; None where nothing does."""

    user_id: int
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A public answer of the bot: who may bin it, and when it goes by itself."""

    message_id: int
    guild_id: int
    channel_id: int
    user_id: int | None
    delete_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One change: what was before and what is after, as plain data (None: it did not exist).

    ``act`` is shared by all that one command changed; None in entries of old, which stand alone.
    """

    id: int
    guild_id: int
    at: datetime
    user_id: int | None
    action: str
    subject: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    undone: bool = False
    act: str | None = None
