"""What the stand-in of Discord's REST remembers: channels, messages, nonces, limits, faults. No HTTP here."""

import random
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

from tests.standin.odd import Odd

EPOCH = 1_420_070_400  # Discord's, in seconds
BOT_ID, APPLICATION_ID = 900_000_000_000_000_001, 900_000_000_000_000_002
COMPONENTS_V2 = 1 << 15
ARCHIVED_AFTER = 3 * 86_400.0  # seconds: a forum's usual choice


class Refusal(Exception):
    """An answer that Discord gives instead of doing what was asked."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


@dataclass
class Channel:
    """A place to post: ``kind`` is Discord's number (0 text, 5 announcement, 11 thread, 15 forum, 1 DM)."""

    id: int
    guild_id: int = 1
    kind: int = 0
    view: bool = True
    send: bool = True
    history: bool = True
    pins_allowed: bool = True
    archived: bool = False
    locked: bool = False
    parent_id: int | None = None
    needs_tag: bool = False
    tags: tuple[int, ...] | None = None  # those that a forum has; None where nobody minds
    most_pins: int = 250
    publishes: bool = True
    publish_wait: float = 0.0  # seconds to wait before the next may be published: ten an hour are
    followers: tuple[int, ...] = ()  # channels that get a copy of what is published here
    pinned: bool = False  # a forum's post, at the top of its forum
    applied_tags: list[int] = field(default_factory=list)
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    pins: list[int] = field(default_factory=list)
    last_message_id: int | None = None

    def plain(self) -> dict[str, Any]:
        last = str(self.last_message_id) if self.last_message_id else None
        thread = {"thread_metadata": {"archived": self.archived, "locked": self.locked}} if self.kind == 11 else {}
        parent = str(self.parent_id) if self.parent_id else None
        return {
            "id": str(self.id), "guild_id": str(self.guild_id), "type": self.kind, "last_message_id": last,
            "parent_id": parent, "name": f"channel-{self.id}", **thread,
        }  # fmt: skip


@dataclass
class Limits:
    """How fast one may ask: a second in all, and in five seconds to one channel."""

    per_second: float = 50.0
    per_channel: int = 5
    channel_seconds: float = 5.0


@dataclass
class Faults:
    """How often something goes wrong (0 to 1), and what: status codes, ``reset``, ``429``; before or after the deed.

    ``times`` ends it after so many.
    """

    chance: float = 0.0
    times: int = 1_000_000
    kinds: tuple[str, ...] = ("503", "reset", "429")
    after_the_deed: float = 0.5
    seed: int = 1


@dataclass
class Kill:
    """Kill process ``pid`` when the ``at``-th message arrives: ``before`` it is answered, or ``after``."""

    pid: int
    at: int
    when: str = "before"


class Discord:
    """The state of one pretended Discord. Its clock may be moved ahead; it forgets nonces after a while."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.channels: dict[int, Channel] = {}
        self.anywhere = False
        self.nonce_seconds = 300.0
        self.ahead = 0.0
        self.limits = Limits()
        self.faults = Faults()
        self.kill: Kill | None = None
        self.odd: list[Odd] = []
        self.dice = random.Random(1)
        self.nonces: dict[tuple[int, str], tuple[float, int]] = {}
        self.created = 0
        self.counts: dict[str, int] = defaultdict(int)
        self.times: list[float] = []
        self.arrivals: deque[float] = deque()
        self.buckets: dict[int, tuple[float, int]] = {}
        self._last_id = 0

    def now(self) -> float:
        return time.time() + self.ahead

    def grow_quiet(self) -> None:
        """Archive the threads in which nothing was said for three days, as Discord does; no pin outlives it."""
        for channel in self.channels.values():
            said_at = EPOCH + ((channel.last_message_id or channel.id) >> 22) / 1000
            if channel.kind == 11 and channel.last_message_id and self.now() - said_at > ARCHIVED_AFTER:
                channel.archived, channel.pinned = True, False

    def snowflake(self) -> int:
        made = int((self.now() - EPOCH) * 1000) << 22
        self._last_id = max(made, self._last_id + 1)
        return self._last_id

    def channel(self, channel_id: int) -> Channel:
        found = self.channels.get(channel_id)
        if found is None and self.anywhere:
            found = self.channels[channel_id] = Channel(channel_id)
        if found is None:
            raise Refusal(404, 10003, "Unknown Channel")
        if not found.view:
            raise Refusal(403, 50001, "Missing Access")
        return found

    def message(self, channel_id: int, message_id: int) -> dict[str, Any]:
        found = self.channel(channel_id).messages.get(message_id)
        if found is None:
            raise Refusal(404, 10008, "Unknown Message")
        return found

    def create(self, channel_id: int, payload: dict[str, Any], files: list[tuple[str, int]]) -> dict[str, Any]:
        """Make a message, or return the one that the same nonce made a while ago."""
        channel = self.channel(channel_id)
        if not channel.send:
            raise Refusal(403, 50013, "Missing Permissions")
        if channel.kind == 15:
            raise Refusal(400, 40058, "Cannot send a message in a forum channel")
        if channel.locked:
            raise Refusal(403, 160005, "Thread is locked")
        channel.archived = False  # a message opens its thread
        nonce = payload.get("nonce")
        if nonce is not None and payload.get("enforce_nonce"):
            if len(str(nonce)) > 25:
                raise Refusal(400, 50035, "Invalid Form Body: nonce")
            made_at, known = self.nonces.get((channel_id, str(nonce)), (float("-inf"), 0))
            if self.now() - made_at < self.nonce_seconds and known in channel.messages:
                self.counts["deduplicated"] += 1
                return channel.messages[known]
        self._check(payload, files)
        message = self._store(channel, payload, files, self.snowflake())
        if nonce is not None:
            self.nonces[channel_id, str(nonce)] = (self.now(), int(message["id"]))
        return message

    def open_thread(self, forum_id: int, payload: dict[str, Any], files: list[tuple[str, int]]) -> dict[str, Any]:
        """Make a forum post: a thread whose first message has the thread's own id. Forums know no nonce."""
        forum = self.channel(forum_id)
        if not forum.send:
            raise Refusal(403, 50013, "Missing Permissions")
        if not 1 <= len(payload["name"]) <= 100:
            raise Refusal(400, 50035, "Invalid Form Body: name")
        applied = [int(tag) for tag in payload.get("applied_tags") or ()]
        if forum.needs_tag and not applied:
            raise Refusal(400, 40067, "A tag is required to create a forum post in this channel")
        if forum.tags is not None and not set(applied) <= set(forum.tags):
            raise Refusal(404, 10087, "Unknown Tag")
        if len(applied) > 5:
            raise Refusal(400, 50035, "Invalid Form Body: applied_tags")
        self._check(payload["message"], files)
        thread = Channel(
            self.snowflake(), forum.guild_id, 11, history=forum.history, parent_id=forum_id, applied_tags=applied
        )
        self.channels[thread.id] = thread
        message = self._store(thread, payload["message"], files, thread.id)
        forum.last_message_id = thread.id
        return {**thread.plain(), "name": payload["name"], "message": message}

    def publish(self, channel_id: int, message_id: int) -> dict[str, Any]:
        """Copy an announcement to the channels that follow."""
        channel, message = self.channel(channel_id), self.message(channel_id, message_id)
        if channel.kind != 5:
            raise Refusal(400, 50024, "Cannot execute action on this channel type")
        if not channel.publishes:
            raise Refusal(403, 50013, "Missing Permissions")
        if message.get("crossposted"):
            raise Refusal(400, 40033, "This message has already been crossposted")
        message["crossposted"] = True
        for follower in channel.followers:
            copy_id = self.snowflake()
            copy = {**message, "id": str(copy_id), "channel_id": str(follower), "original": str(message_id)}
            self.channel(follower).messages[copy_id] = copy
        return message

    def edit(self, channel_id: int, message_id: int, payload: dict[str, Any], files: list[tuple[str, int]]) -> Any:
        """Change a message, and with it the copies that were published of it."""
        channel = self.channel(channel_id)
        if channel.archived:
            raise Refusal(400, 50083, "Thread is archived")
        message = self.message(channel_id, message_id)
        copies = [m for f in channel.followers for m in self.channels[f].messages.values()
                  if m.get("original") == str(message_id)]  # fmt: skip
        for one in (message, *copies):
            one.update({key: payload[key] for key in ("components", "content", "allowed_mentions") if key in payload})
            one["files"] = files
            one["edited"] += 1
        return message

    def change_thread(self, channel_id: int, wanted: dict[str, Any]) -> Channel:
        """Open or pin a thread. A forum has room for one pinned post, an archived one is never pinned."""
        thread = self.channel(channel_id)
        if thread.locked or ("flags" in wanted and not thread.pins_allowed):
            raise Refusal(403, 50013, "Missing Permissions")
        if thread.archived and wanted.get("archived", True):
            raise Refusal(400, 50083, "Thread is archived")
        thread.archived = wanted.get("archived", thread.archived)
        pin = bool(wanted.get("flags", thread.pinned << 1) & 2)
        siblings = [c for c in self.channels.values() if c.parent_id == thread.parent_id and c.id != thread.id]
        if pin and any(one.pinned and not one.archived for one in siblings):
            raise Refusal(400, 30047, "Maximum number of pinned threads in a forum channel has been reached")
        thread.pinned = pin
        return thread

    def pin(self, channel_id: int, message_id: int, *, pinned: bool) -> None:
        """Pin a message or take its pin off; a channel has room for so many, an archived thread is not touched."""
        channel = self.channel(channel_id)
        if not channel.pins_allowed:
            raise Refusal(403, 50013, "Missing Permissions")
        self.message(channel_id, message_id)
        if channel.archived:
            raise Refusal(400, 50083, "Thread is archived")
        others = [one for one in channel.pins if one != message_id]
        if pinned and len(others) >= channel.most_pins:
            raise Refusal(400, 30003, f"Maximum number of pins reached for the channel ({channel.most_pins})")
        channel.pins = [*others, message_id] if pinned else others

    def _check(self, payload: dict[str, Any], files: list[tuple[str, int]]) -> None:
        if payload.get("flags", 0) & COMPONENTS_V2 and payload.get("content"):
            raise Refusal(400, 50035, "Invalid Form Body: content with components")
        if not payload.get("content") and not payload.get("components"):
            raise Refusal(400, 50006, "Cannot send an empty message")
        if len(payload.get("attachments", ())) != len(files) or any(size == 0 for _name, size in files):
            raise Refusal(400, 50035, "Invalid Form Body: attachments")

    def _store(
        self, channel: Channel, payload: dict[str, Any], files: list[tuple[str, int]], message_id: int
    ) -> dict[str, Any]:
        message = {
            "id": str(message_id), "channel_id": str(channel.id), "author": {"id": str(BOT_ID)}, "edited": 0,
            "nonce": payload.get("nonce"), "content": payload.get("content") or "", "flags": payload.get("flags", 0),
            "components": payload.get("components", []), "files": files,
            "allowed_mentions": payload.get("allowed_mentions"), "applied_tags": payload.get("applied_tags"),
            "message_reference": payload.get("message_reference"),
        }  # fmt: skip
        channel.messages[message_id] = message
        channel.last_message_id = message_id
        self.created += 1
        self.times.append(round(time.monotonic(), 4))
        return message

    def page(self, channel_id: int, limit: int, after: int | None, before: int | None) -> list[dict[str, Any]]:
        """Return messages newest first; whoever may not read the history is shown none."""
        channel = self.channel(channel_id)
        if not channel.history:
            return []
        ids = sorted(channel.messages)
        if after is not None:
            chosen = [i for i in ids if i > after][:limit]
        else:
            chosen = [i for i in ids if before is None or i < before][-limit:]
        return [channel.messages[i] for i in reversed(chosen)]

    def let_in(self, now: float) -> float:
        """Count a request; returns 0, or for how many seconds the whole bot is shut out."""
        while self.arrivals and now - self.arrivals[0] >= 1.0:
            self.arrivals.popleft()
        if len(self.arrivals) >= self.limits.per_second:
            self.counts["global_429"] += 1
            return 1.0 - (now - self.arrivals[0])
        self.arrivals.append(now)
        return 0.0

    def bucket(self, channel_id: int, now: float) -> tuple[int, float]:
        """Count a message to a channel; returns what remains (below 0: refused) and the seconds until it is reset."""
        since, used = self.buckets.get(channel_id, (now, 0))
        if now - since >= self.limits.channel_seconds:
            since, used = now, 0
        remaining = self.limits.per_channel - used - 1
        if remaining >= 0:
            self.buckets[channel_id] = (since, used + 1)
        else:
            self.counts["channel_429"] += 1
        return remaining, since + self.limits.channel_seconds - now
