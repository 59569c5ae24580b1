"""What deliveries need from the rest of the bot: reports, and somebody who posts. Neither Discord nor SQL here.

The publisher speaks to Discord (``bot.discord_ui.publisher``); tests and the command line may bring their own.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

from bot.community.deliveries import Delivery, Target
from bot.jobs.awaited import Stored
from bot.report import Report
from bot.request import Request
from bot.workers import Rendered

T = TypeVar("T")
STEP_SECONDS = 20.0


class Catalogue(Stored, Protocol):
    """The exchange's days as one dataset version knows them."""

    @property
    def version(self) -> str:
        """The dataset's version."""
        ...


class Reports(Protocol):
    """Answers requests; equal ones cost one computation (``bot.workers.Reports``)."""

    @property
    def catalogue(self) -> Catalogue:
        """What the newest dataset knows of the exchange's days."""
        ...

    def today(self) -> date:
        """Return the last session that has closed and whose data is there."""
        ...

    async def get(self, request: Request, *, language: str, theme: str) -> Rendered:
        """Answer a request. Raises the bot's own errors."""
        ...

    async def work(self, function: str, *arguments: Any) -> Any:
        """Run ``module:name`` in a worker on the present dataset and day, which it is given first."""
        ...


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a message stands. ``channel_id`` is the thread's for a post in a forum."""

    channel_id: int
    message_id: int

    @property
    def opens_thread(self) -> bool:
        """Whether it is the first message of a forum's post, whose thread bears its id."""
        return self.channel_id == self.message_id

    @classmethod
    def of(cls, post: Delivery) -> "Standing | None":
        """Return where a row of the ledger stands, None where its message is gone."""
        if post.message_id is None:
            return None
        return cls(post.posted_channel_id or post.channel_id, post.message_id)


@dataclass(frozen=True, slots=True)
class Ping:
    """Whom a post may mention: a role, or everyone."""

    role_id: int | None = None

    @property
    def everyone(self) -> bool:
        """Whether everyone is meant."""
        return self.role_id is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A message to be: ``id`` is its nonce and its marker, ``what`` its kind in the ledger.

    Several ``parts`` make a digest of headlines.

    ``late`` is when it should have been there, ``missing`` the close it should show but whose data has not come in,
    ``corrected`` when its figures were put right (each otherwise None).
    """

    id: str
    guild_id: int
    channel_id: int
    parts: tuple[Rendered, ...]
    target: Target = field(default_factory=Target)
    language: str = "en"
    what: str = ""
    late: datetime | None = None
    missing: date | None = None
    corrected: datetime | None = None
    ping: Ping | None = None

    @property
    def reports(self) -> tuple[Report, ...]:
        """The reports alone."""
        return tuple(part.report for part in self.parts)


class Refused(Exception):
    """Discord will not take this post, now or later. ``reason`` is a code of ``bot.jobs.reasons``."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class Gone(Exception):
    """The message that was to be edited has been deleted."""


class Unsettled(Exception):
    """Discord could not be reached, or did not say whether it took the post: to be looked up and tried again."""

    def __init__(self, detail: str, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after = retry_after


def always() -> bool:
    """Say that there is time."""
    return True


async def in_good_time(step: Awaitable[T]) -> T:
    """Wait for a step of ``STEP_SECONDS`` at most: Discord may ask for most of an hour. Raises Unsettled."""
    try:
        async with asyncio.timeout(STEP_SECONDS):
            return await step
    except TimeoutError as slow:
        raise Unsettled("no answer in time") from slow


class Publisher(Protocol):
    """Posts, and looks up what it posted. Any method may raise Refused or Unsettled."""

    async def post(self, post: Post, in_time: Callable[[], bool] = always) -> Standing:
        """Send a new message. Sending the same post again within minutes gives the message that stands already.

        ``in_time`` is asked at the last moment before anything goes out; Unsettled where it says no.
        """
        ...

    async def edit(self, post: Post, standing: Standing) -> None:
        """Replace a message's contents, without mentioning anybody. Raises Gone where it was deleted."""
        ...

    async def find(
        self, post_id: str, guild_id: int, channel_id: int, target: Target, since: datetime
    ) -> Standing | None:
        """Look for the post in its channel, among what was posted since then. Refused where that may not be read."""
        ...

    async def crosspost(self, standing: Standing) -> None:
        """Publish to the channels that follow an announcement channel; again is no fault."""
        ...

    async def pin(self, standing: Standing) -> None:
        """Pin a message, a forum's post at the top of its forum; again is no fault."""
        ...

    async def unpin(self, standing: Standing) -> None:
        """Take a pin off; no fault where there is none, or no message any more."""
        ...

    async def delete(self, standing: Standing) -> None:
        """Delete a message; no fault where it is gone."""
        ...

    async def tell(
        self, user_id: int | None, guild_id: int | None, channel_id: int | None, text: str, nonce: str
    ) -> bool:
        """Tell a person, else a channel, else the server's system channel; False where nobody could be told."""
        ...

    async def note(self, channel_id: int, text: str, nonce: str, role_id: int | None) -> None:
        """Say something in a log channel, calling a role where one is given."""
        ...
