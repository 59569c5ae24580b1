"""Finding one's own post again after a crash, in what the channel holds since.

A bot that may not read a channel's history is not refused: it is shown nothing. So nothing found counts only where
the channel holds nothing newer, or where older messages can be seen.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord.http import HTTPClient

from bot.discord_ui.refusals import GONE_MESSAGE, refused
from bot.jobs import reasons
from bot.jobs.publishing import Refused, Standing

PAGE = 100
PAGES = 100  # ten thousand messages: a busier channel is not searched through
_UNREADABLE = {50001, 50013}

Call = Callable[[], Any]


class History:
    """Reads channels. ``read`` makes a call persistently; it raises Discord's refusals as they are."""

    def __init__(self, http: HTTPClient, read: Callable[[Call], Awaitable[Any]]) -> None:
        self._http = http
        self._read = read

    async def find_message(self, marker: str, channel_id: int, after: int, silent_since: int) -> Standing | None:
        """Return the message that carries ``marker`` among those after a snowflake.

        Where nothing can be seen, nothing may have been said after ``silent_since`` either.
        """
        position, seen = after, 0
        for _page in range(PAGES):
            start = position
            page = await self._allowed(lambda: self._http.logs_from(channel_id, PAGE, after=start))  # noqa: B023
            seen += len(page)
            for message in page:
                if carries(message, marker):
                    return Standing(channel_id, int(message["id"]))
            if len(page) < PAGE:
                if not seen:
                    await self._make_sure_it_is_readable(channel_id, silent_since)
                return None
            position = max(int(message["id"]) for message in page)
        raise Refused(reasons.HISTORY_LONG)

    async def find_thread(self, marker: str, guild_id: int, forum_id: int, after: int) -> Standing | None:
        """Return the forum post whose first message carries ``marker`` among those opened after a snowflake."""
        active = await self._allowed(lambda: self._http.get_active_threads(guild_id))
        archived = await self._allowed(lambda: self._http.get_public_archived_threads(forum_id, limit=PAGE))
        for thread in (*active["threads"], *archived["threads"]):
            thread_id = int(thread["id"])
            if int(thread["parent_id"]) != forum_id or thread_id <= after:
                continue
            message = await self._first_message(thread_id)
            if message is not None and carries(message, marker):
                return Standing(thread_id, thread_id)
        return None

    async def _first_message(self, thread_id: int) -> Any:
        try:
            return await self._allowed(lambda: self._http.get_message(thread_id, thread_id))
        except discord.HTTPException as error:
            if error.code == GONE_MESSAGE:
                return None
            raise

    async def _make_sure_it_is_readable(self, channel_id: int, after: int) -> None:
        channel = await self._allowed(lambda: self._http.get_channel(channel_id))
        newest = channel.get("last_message_id")
        if newest is None or int(newest) <= after:
            return
        if not await self._allowed(lambda: self._http.logs_from(channel_id, 1)):
            raise Refused(reasons.HISTORY_CLOSED)

    async def _allowed(self, call: Call) -> Any:
        try:
            return await self._read(call)
        except discord.HTTPException as error:
            if error.code in _UNREADABLE:
                raise Refused(reasons.HISTORY_CLOSED, error.text) from error
            if error.code == GONE_MESSAGE:
                raise
            raise refused(error) from error


def carries(message: Any, marker: str) -> bool:
    """Whether a custom id anywhere in a message's components holds ``marker``."""
    if isinstance(message, dict):
        if marker in str(message.get("custom_id") or ""):
            return True
        return any(carries(inner, marker) for inner in message.values())
    return isinstance(message, list) and any(carries(inner, marker) for inner in message)
