"""Asking Discord for something until it answers: in turn, again where it is out of reach, and never giving up a door.

The library retries 500, 502, 504 and 429 itself with the same body; 503, reset connections and answers that break off
are retried here. What is no word of Discord's about the request, such as an address shut out by what stands before
it, is no refusal.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import TypeVar

import aiohttp
import discord
from discord.http import HTTPClient

from bot.discord_ui.buckets import forget_spent
from bot.discord_ui.refusals import passing, refused
from bot.discord_ui.turnstile import Turnstile
from bot.jobs.publishing import Unsettled, always

T = TypeVar("T")

_BUSY_SECONDS = 60.0
_REOPENED_AFTER = 1.0  # seconds
_UNREACHABLE = (
    aiohttp.ClientError, OSError, asyncio.TimeoutError, discord.DiscordServerError, RuntimeError, json.JSONDecodeError,
)  # fmt: skip


class Caller:
    """Makes calls of the library's client, ``per_second`` of them; ``pauses`` are the seconds between tries."""

    def __init__(self, http: HTTPClient, per_second: float, pauses: Sequence[float]) -> None:
        self._http = http
        self._turnstile = Turnstile(per_second)
        self._pauses = tuple(pauses)

    async def turn(self, in_time: Callable[[], bool] = always) -> None:
        """Wait for one's turn. The library's event is cleared while Discord shuts everybody out.

        Raises Unsettled where the turn comes too late: a process that stood still finds itself here as if nothing had
        been, and what it is about to send may have been sent by another meanwhile.
        """
        await self._turnstile.pass_through(self._door)
        forget_spent(self._http)
        if not in_time():
            raise Unsettled("too late to send")

    async def once(self, call: Callable[[], Awaitable[T]]) -> T:
        """Make a call whose refusal is final. Raises Refused or Unsettled."""
        try:
            return await self.persist(call)
        except discord.HTTPException as error:
            raise refused(error) from error

    async def unless(self, codes: Collection[int], call: Callable[[], Awaitable[object]]) -> None:
        """Make a call whose refusal is final, except one that says that there is nothing left to do."""
        try:
            await self.persist(call)
        except discord.HTTPException as error:
            if error.code not in codes:
                raise refused(error) from error

    async def persist(self, call: Callable[[], Awaitable[T]]) -> T:
        """Make a call in its turn until Discord answers. Raises its refusal (HTTPException) or Unsettled."""

        async def attempt() -> T:
            await self.turn()
            return await call()

        return await self.insist(attempt)

    async def insist(self, attempt: Callable[[], Awaitable[T]], *, again: bool = True) -> T:
        """Try until Discord answers, or without ``again`` only once; each attempt waits for its turn itself.

        Raises its refusal (HTTPException) or Unsettled.
        """
        for pause in (*(self._pauses if again else ()), None):
            try:
                return await attempt()
            except asyncio.CancelledError:
                self._leave_no_door_shut()
                raise
            except discord.RateLimited as busy:
                raise Unsettled("rate limited", busy.retry_after) from busy
            except _UNREACHABLE as error:
                if pause is None:
                    raise Unsettled(str(error) or type(error).__name__) from error
                await asyncio.sleep(pause)
            except discord.HTTPException as error:
                if passing(error):
                    raise Unsettled(str(error), _BUSY_SECONDS) from error
                raise
        raise AssertionError("the last try returns or raises")

    @property
    def _door(self) -> asyncio.Event | None:
        door: object = self._http._global_over  # made at login
        return door if isinstance(door, asyncio.Event) else None

    def _leave_no_door_shut(self) -> None:
        """Open the library's door again soon.

        It is opened by whoever was told how long everybody is shut out and sleeps so long: if that was who has just
        been cut off, nobody would ever pass again. Opened too early it is shut by the next answer.
        """
        if self._door is not None and not self._door.is_set():
            asyncio.get_running_loop().call_later(_REOPENED_AFTER, self._door.set)
