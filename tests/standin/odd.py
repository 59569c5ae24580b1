"""Answers that somebody between the bot and Discord gives, or Discord on a bad day: whatever tests want, word for word.

``/_/set`` with ``odd``: a list of ``Odd`` as plain data; each is given to the next ``times`` requests it fits.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web

JSON, HTML = "application/json", "text/html; charset=UTF-8"


@dataclass
class Odd:
    """An answer to requests whose method and path contain ``where``.

    ``after_the_deed``: what was asked is done first. ``cut``: the line breaks after so many bytes of the true answer.
    ``held``: the true answer comes after so many seconds.
    """

    status: int = 429
    body: str = ""
    kind: str = JSON
    where: str = "POST"
    times: int = 1
    headers: dict[str, str] = field(default_factory=dict)
    after_the_deed: bool = False
    cut: int | None = None
    held: float | None = None


async def answered(
    odd: list[Odd], request: web.Request, handler: Callable[[], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Return the odd answer that is meant for a request, else what is usual."""
    place = f"{request.method} {request.path}"
    mine = next((one for one in odd if one.times > 0 and one.where in place), None)
    if mine is None:
        return await handler()
    mine.times -= 1
    if mine.held is not None:
        done = await handler()
        await asyncio.sleep(mine.held)
        return done
    if mine.cut is not None:
        return await _cut_off(request, await handler(), mine.cut)
    if mine.after_the_deed:
        await handler()
    return web.Response(
        body=mine.body.encode(), status=mine.status, headers={"Content-Type": mine.kind, **mine.headers}
    )


async def _cut_off(request: web.Request, whole: web.StreamResponse, count: int) -> web.StreamResponse:
    """Promise all of an answer, give some of it, and hang up."""
    assert isinstance(whole, web.Response)
    assert isinstance(whole.body, bytes)
    broken = web.StreamResponse(headers={"Content-Type": JSON, "Content-Length": str(len(whole.body))})
    await broken.prepare(request)
    await broken.write(whole.body[:count])
    assert request.transport is not None
    request.transport.abort()
    return broken
