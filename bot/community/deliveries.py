"""What stands in the ledger, as plain frozen data: one row for everything that is due somewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from bot.community.records import Destination, Mention, PlaceKind, Schedule, new_id

State = Literal["due", "claimed", "retry", "sent", "uncertain", "skipped", "failed"]
OPEN: tuple[State, ...] = ("due", "claimed", "retry")
DIGEST = "digest"  # what a digest is called in the ledger
CALLED_OFF = ("withdrawn", "paused")  # reasons: of an open row, that it is to be posted no more unless it stands
BY_HAND = "first"  # the period of a schedule's first post, where an admin asked for it at once; others are days
CLOSED: tuple[State, ...] = ("sent", "uncertain", "skipped", "failed")


@dataclass(frozen=True, slots=True)
class Part:
    """One report to be posted: a feature's name and its request as plain data."""

    content: str
    request: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """How a post is made in its channel; ``reply_to`` is the message it answers."""

    kind: PlaceKind = "text"
    crosspost: bool = False
    pin: bool = False
    dashboard: bool = False
    tags: tuple[int, ...] = ()
    mention: Mention = "none"
    mention_role_id: int | None = None
    reply_to: int | None = None

    @classmethod
    def of(cls, schedule: Schedule, place: Destination) -> "Target":
        """Return how a schedule posts to one of its places."""
        return cls(
            kind=place.kind,
            crosspost=place.crosspost,
            pin=place.pin,
            dashboard=place.dashboard,
            tags=place.tags,
            mention=schedule.mention,
            mention_role_id=schedule.mention_role_id,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """What is entered into the ledger: at most once for each (what, channel, period).

    ``due_at`` is when people expect it, ``ready_at`` when it may be posted (later in quiet hours). ``state`` and
    ``reason`` are given for what is not to be posted at all, so that the history says why.
    """

    what: str
    guild_id: int
    channel_id: int
    period: str
    due_at: datetime
    ready_at: datetime
    parts: tuple[Part, ...]
    target: Target = Target()
    language: str = "en"
    theme: str = "dark"
    state: Literal["due", "skipped"] = "due"
    reason: str | None = None
    note: str | None = None
    digest_id: str | None = None
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A row of the ledger.

    ``attempt`` counts claims: whoever holds the row proves it by the attempt it was given; up to ``clean`` they are
    known to have sent nothing. ``opened_at`` is the first claim since which a message may stand in the channel.
    ``asked`` is what was really asked for the post that was sent (its day included), ``shown`` the figures it shows
    and ``version`` the dataset they are from.
    """

    id: str
    what: str
    guild_id: int
    channel_id: int
    period: str
    due_at: datetime
    ready_at: datetime
    parts: tuple[Part, ...]
    target: Target
    language: str
    theme: str
    state: State
    reason: str | None = None
    note: str | None = None
    attempt: int = 0
    clean: int = 0
    holder: str | None = None
    lease_until: datetime | None = None
    opened_at: datetime | None = None
    posted_channel_id: int | None = None
    message_id: int | None = None
    sent_at: datetime | None = None
    late: bool = False
    mentioned: bool = False
    unfinished: bool = False
    asked: tuple[Part, ...] = ()
    shown: Mapping[str, Any] = field(default_factory=dict)
    as_of: date | None = None
    version: str | None = None
    corrected_at: datetime | None = None
    digest_id: str | None = None

    @property
    def may_stand(self) -> bool:
        """Whether an earlier attempt may have posted it already."""
        return self.attempt > self.clean + 1

    @property
    def called_off(self) -> bool:
        """Whether it was called off while its outcome was open."""
        return self.reason in CALLED_OFF

    @property
    def link(self) -> str | None:
        """Where the message can be seen, None where it does not stand."""
        if self.state != "sent" or self.message_id is None:
            return None
        place = self.posted_channel_id or self.channel_id
        return f"https://discord.com/channels/{self.guild_id}/{place}/{self.message_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What is known of a post once it stands: where, and what it shows."""

    channel_id: int
    message_id: int
    at: datetime
    late: bool = False
    unfinished: bool = False
    asked: tuple[Part, ...] = ()
    shown: Mapping[str, Any] = field(default_factory=dict)
    as_of: date | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A schedule whose time has come: what it makes due, and when its next time is.

    ``seen`` is the ``next_due_at`` it had when it was read: it moves on only from there.
    """

    schedule_id: str
    seen: datetime
    next_due_at: datetime | None
    next_period: str | None
    entries: tuple[NewDelivery, ...]
