"""What is really asked for a post: its stored request, with what this channel has already been told."""

import re
from collections import Counter
from collections.abc import Set
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot import features
from bot.community.alert_records import PREFIX
from bot.community.deliveries import DIGEST, Delivery, Part
from bot.community.guilds import Guilds
from bot.community.ledger import Ledger
from bot.community.posts import Posts
from bot.features.weekly.request import MOST_FIRED
from bot.jobs import reasons
from bot.request import Request

_MARKED_WITHIN = timedelta(minutes=5)  # after it stands in the channel
_WEEK = timedelta(days=7)


def as_request(part: Part) -> Request:
    """Return a part's request. Raises KeyError for a feature that is gone, ValidationError for fields that are."""
    return features.request_type(part.content).model_validate(dict(part.request))


def as_part(request: Request) -> Part:
    """Return a request as it is stored."""
    return Part(request.feature, request.plain())


def symbols(part: Part) -> set[str]:
    """Return the words of a request that may be symbols, those in an indicator's name among them."""
    found: list[Any] = re.split("[./]", str(part.request.get("indicator", "")))
    for value in part.request.values():
        found += value if isinstance(value, list | tuple) else [value]
    return {word.upper() for word in found if isinstance(word, str) and word}


def allowed(part: Part, blocked: Set[str]) -> Part | None:
    """Return a part without what is about a server's blocked symbols; None where nothing is left of it."""
    if symbols(part) & blocked:
        return None
    listed = part.request.get("alerts")
    if not blocked or not isinstance(listed, list):
        return part
    kept = [one for one in listed if not symbols(Part("alert", one)) & blocked]
    return replace(part, request={**part.request, "alerts": kept}) if kept else None


def _type(part: Part) -> type[Request]:
    return features.request_type(part.content)


def _has_waited(delivery: Delivery) -> bool:
    """Whether a post is not just entered: what its server has blocked was looked at then."""
    apart = delivery.what == DIGEST or delivery.what.startswith(PREFIX)
    return apart or delivery.attempt > 1 or delivery.ready_at > delivery.due_at


def sparing(request: Request, blocked: Set[str]) -> Request:
    """Return the request with a server's blocked symbols left out, where it lists symbols by itself."""
    if not blocked or "without" not in type(request).model_fields:
        return request
    return request.model_copy(update={"without": tuple(sorted(blocked))})


class LeftOut(Exception):
    """What a post was to show is not wanted any more, for a ``reason`` of ``bot.jobs.reasons``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Contents:
    """Turns rows of the ledger into requests.

    What a request wants to be ``told``: ``since``, the day of this channel's last post of the same content, whichever
    schedule it was of; ``fired``, what the server's alerts said since that was made, or in the week before the first.
    One with a field ``without`` is given the symbols that the server has blocked.
    """

    def __init__(self, ledger: Ledger, posts: Posts, guilds: Guilds) -> None:
        self._ledger = ledger
        self._posts = posts
        self._guilds = guilds

    async def requests(self, delivery: Delivery) -> tuple[Request, ...]:
        """Return what to ask for a post.

        Raises LeftOut where nothing of it is wanted any more, KeyError or ValidationError where it can no longer be
        asked.
        """
        members = await self._ledger.members(delivery.id) if delivery.what == DIGEST else [delivery]
        if not members:
            raise LeftOut(reasons.WITHDRAWN)
        wanted = [(member, part) for member in members for part in member.parts]
        blocked: Set[str] = frozenset()
        if _has_waited(delivery) or any("without" in _type(part).model_fields for _member, part in wanted):
            blocked = (await self._guilds.blocked_symbols([delivery.guild_id]))[delivery.guild_id]
            wanted = [(member, kept) for member, part in wanted if (kept := allowed(part, blocked))]
            if not wanted:
                raise LeftOut(reasons.BLOCKED)
        return tuple([sparing(as_request(await self._informed(*pair)), blocked) for pair in wanted])

    async def _informed(self, delivery: Delivery, part: Part) -> Part:
        wanted = _type(part).told - set(part.request)
        if not wanted:
            return part
        last = await self._posts.last_of(part.content, delivery.channel_id, besides=delivery.id)
        known: dict[str, Any] = {}
        if "since" in wanted and last is not None and last.sent_at is not None:
            known["since"] = (last.as_of or last.sent_at.date()).isoformat()
        if "fired" in wanted:
            known["fired"] = await self._fired(delivery, last)
        return replace(part, request={**part.request, **known})

    async def _fired(self, delivery: Delivery, last: Delivery | None) -> list[str]:
        """Return what alerts said since the last post was made, each once: some were being marked just then."""
        if last is None:
            return await self._posts.fired(delivery.guild_id, delivery.due_at - _WEEK, MOST_FIRED)
        told = Counter(sentence for part in last.asked for sentence in part.request.get("fired", ()))
        begun = last.opened_at or last.sent_at or last.due_at
        fired = await self._posts.fired(delivery.guild_id, begun - _MARKED_WITHIN if told else begun, MOST_FIRED)
        news: list[str] = []
        for sentence in fired:
            told[sentence] -= 1
            if told[sentence] < 0:
                news.append(sentence)
        return news
