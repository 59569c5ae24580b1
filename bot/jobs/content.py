"""What is really asked for a post: its stored request, with what this channel has already been told."""

from collections.abc import Set
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot import features
from bot.community.deliveries import DIGEST, Delivery, Part
from bot.community.guilds import Guilds
from bot.community.ledger import Ledger
from bot.community.posts import Posts
from bot.request import Request

MOST_FIRED = 20  # the latest of them are told again
_WEEK = timedelta(days=7)


def as_request(part: Part) -> Request:
    """Return a part's request. Raises KeyError for a feature that is gone, ValidationError for fields that are."""
    return features.request_type(part.content).model_validate(dict(part.request))


def as_part(request: Request) -> Part:
    """Return a request as it is stored."""
    return Part(request.feature, request.plain())


def symbols(part: Part) -> set[str]:
    """Return the words of a request that may be symbols, as they are written."""
    found: set[str] = set()
    for value in part.request.values():
        found |= {value} if isinstance(value, str) else set(value) if isinstance(value, list | tuple) else set()
    return {str(word).upper() for word in found}


def sparing(request: Request, blocked: Set[str]) -> Request:
    """Return the request with a server's blocked symbols left out, where it lists symbols by itself."""
    if not blocked or "without" not in type(request).model_fields:
        return request
    return request.model_copy(update={"without": tuple(sorted(blocked))})


class Contents:
    """Turns rows of the ledger into requests.

    A request with a field ``since`` (a day) is given the day of this channel's last post of the same kind; one with
    ``fired`` (sentences) what the server's alerts said since then, or in the week before its first post; one with a
    field ``without`` the symbols that the server has blocked.
    """

    def __init__(self, ledger: Ledger, posts: Posts, guilds: Guilds) -> None:
        self._ledger = ledger
        self._posts = posts
        self._guilds = guilds

    async def requests(self, delivery: Delivery) -> tuple[Request, ...]:
        """Return what to ask for a post. Raises KeyError or ValidationError where it can no longer be asked."""
        members = await self._ledger.members(delivery.id) if delivery.what == DIGEST else [delivery]
        asked = [as_request(await self._informed(m, part)) for m in members for part in m.parts]
        if not any("without" in type(request).model_fields for request in asked):
            return tuple(asked)
        blocked = await self._guilds.blocked_symbols([delivery.guild_id])
        return tuple(sparing(request, blocked[delivery.guild_id]) for request in asked)

    async def _informed(self, delivery: Delivery, part: Part) -> Part:
        fields = features.request_type(part.content).model_fields
        wanted = {"since", "fired"} & set(fields) - set(part.request)
        if not wanted:
            return part
        last = await self._posts.last(delivery.what, delivery.channel_id, besides=delivery.id)
        told_at = last.sent_at if last is not None else None
        known: dict[str, Any] = {}
        if "since" in wanted and last is not None and told_at is not None:
            known["since"] = (last.as_of or told_at.date()).isoformat()
        if "fired" in wanted:
            known["fired"] = await self._posts.fired(delivery.guild_id, told_at or delivery.due_at - _WEEK, MOST_FIRED)
        return replace(part, request={**part.request, **known})
