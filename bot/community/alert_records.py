"""Alerts as plain frozen data: the rule, where it speaks, how it is doing."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.alerts.columns import State
from bot.alerts.rule import Rule
from bot.community.records import PlaceKind, new_id

PREFIX = "alert:"  # how alerts begin in the ledger
STORM = "alert:storm"
TAKEN_BACK = ":back"  # how the period of a correction ends
MOST_PER_GUILD = 50
MOST_PER_PERSON = 10
USUAL_PER_HOUR = 10
MOST_PER_HOUR = 100
AlertState = Literal["active", "paused", "draft"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A rule that watches for a server, or for one person.

    ``user_id`` names the person a private alert belongs to; ``channel_id`` is then that person's direct channel and
    ``guild_id`` the server in which it was made. ``per_year`` is how often it fired in its backtest: what is rare
    comes first in a storm. ``standing`` is the machine's state. ``notice_pending``: whoever made it has yet to be
    told that it was paused for ``reason``. A draft was previewed and not saved; one that shall replace another alert
    names it in ``reason``.
    """

    guild_id: int
    channel_id: int
    rule: Rule
    kind: PlaceKind = "text"
    user_id: int | None = None
    author_user_id: int | None = None
    per_year: float = 0.0
    mention_role_id: int | None = None
    state: AlertState = "active"
    reason: str | None = None
    notice_pending: bool = False
    snoozed_until: datetime | None = None
    created_at: datetime | None = None
    changed_at: datetime | None = None
    standing: State = field(default_factory=State)
    id: str = field(default_factory=new_id)

    @property
    def what(self) -> str:
        """Its name in the ledger."""
        return f"{PREFIX}{self.id}"

    @property
    def private(self) -> bool:
        """Whether it speaks to one person alone."""
        return self.user_id is not None

    @property
    def command(self) -> str:
        """The command with which it is changed and resumed."""
        return "/alert mine" if self.private else "/alert"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSettings:
    """What a server allows: private alerts of its members, and how many alerts it bears an hour."""

    guild_id: int
    private_allowed: bool = False
    per_hour: int = USUAL_PER_HOUR


@dataclass(frozen=True, slots=True)
class Move:
    """A rule that has moved on: counts only if nobody moved it since it stood at ``before`` (an ordinal day)."""

    id: str
    before: int
    after: State


class Full(Exception):
    """There are as many alerts as there may be."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most
