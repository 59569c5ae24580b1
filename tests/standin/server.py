"""Discord's REST, as far as deliveries use it, over aiohttp: the parts that discord.py's client relies on are exact.

``Content-Type`` is ``application/json`` without charset; 429 carries ``Via`` and ``{"message", "retry_after",
"global"}``; buckets are told in ``X-RateLimit-*``. Tests steer it through ``/_/...`` (``steering``).
"""

import asyncio
import json
import os
import re
import signal
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.standin import API, gateway, interactions, odd, steering
from tests.standin.state import APPLICATION_ID, BOT_ID, Channel, Discord, Kill, Refusal
from tests.standin.steering import DISCORD, answer

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
routes = web.RouteTableDef()
_BOUNDARY = re.compile(r'boundary="?([^";]+)"?')
_NAMES = re.compile(rb'\b(filename|name)="([^"]*)"')


def _limited(retry_after: float, *, everywhere: bool) -> web.Response:
    body = {"message": "You are being rate limited.", "retry_after": round(retry_after, 3), "global": everywhere}
    return answer(body, 429, {"Via": "1.1 google", "X-RateLimit-Scope": "global" if everywhere else "user"})


@web.middleware
async def limits_and_refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    discord = request.app[DISCORD]
    if request.path.startswith("/_/"):
        return await handler(request)
    discord.counts["requests"] += 1
    wait = discord.let_in(asyncio.get_running_loop().time())
    if wait:
        return _limited(wait, everywhere=True)

    async def usual() -> web.StreamResponse:
        try:
            return await handler(request)
        except Refusal as refusal:
            return answer({"code": refusal.code, "message": refusal.message}, refusal.status)

    try:
        return await odd.answered(discord.odd, request, usual)
    except ConnectionResetError:  # whoever was sending has been killed
        return answer({}, 400)


def _number(request: web.Request, name: str) -> int:
    return int(request.match_info[name])


async def _payload(request: web.Request) -> tuple[dict[str, Any], list[tuple[str, int]]]:
    """Return the message and the names and sizes of its files. It is read at one go: this must not be the slow side."""
    if request.content_type == "application/json":
        return json.loads(await request.read() or b"{}"), []
    boundary = _BOUNDARY.search(request.headers["Content-Type"])
    if boundary is None:
        raise Refusal(400, 50109, "The request body contains invalid JSON.")
    payload: dict[str, Any] = {}
    files: list[tuple[str, int]] = []
    for part in (await request.read()).split(b"--" + boundary[1].encode())[1:-1]:
        head, _blank, body = part.partition(b"\r\n\r\n")
        names = {name: value.decode() for name, value in _NAMES.findall(head)}
        if names[b"name"] == "payload_json":
            payload = json.loads(body)
        else:
            files.append((names.get(b"filename", ""), len(body) - len(b"\r\n")))
    return payload, files


def _fault(discord: Discord) -> tuple[str, bool] | None:
    """Throw the dice: which fault happens to this request, and whether after the deed."""
    if discord.faults.times <= 0 or discord.dice.random() >= discord.faults.chance:
        return None
    discord.faults.times -= 1
    return discord.dice.choice(discord.faults.kinds), discord.dice.random() < discord.faults.after_the_deed


def _broken(request: web.Request, kind: str) -> web.Response:
    request.app[DISCORD].counts[f"fault_{kind}"] += 1
    if kind == "reset":
        assert request.transport is not None
        request.transport.abort()
        return answer({}, 500)
    if kind == "429":
        return _limited(0.05, everywhere=False)
    return answer({"code": 0, "message": "Internal Server Error"}, int(kind))


@routes.post(API + "/channels/{channel}/messages")
async def create(request: web.Request) -> web.StreamResponse:
    discord, channel_id = request.app[DISCORD], _number(request, "channel")
    payload, files = await _payload(request)
    remaining, reset_after = discord.bucket(channel_id, asyncio.get_running_loop().time())
    if remaining < 0:
        return _limited(reset_after, everywhere=False)
    fault = _fault(discord)
    if fault and (not fault[1] or fault[0] == "429"):
        return _broken(request, fault[0])
    before = discord.created
    message = discord.create(channel_id, payload, files)
    return _delivered(request, message, fault, new=discord.created > before, bucket=(remaining, reset_after))


def _delivered(
    request: web.Request, message: Any, fault: tuple[str, bool] | None, *, new: bool, bucket: tuple[int, float]
) -> web.Response:
    discord = request.app[DISCORD]
    if new and discord.kill is not None and discord.created >= discord.kill.at:
        _strike(discord, discord.kill)
    if fault:
        return _broken(request, fault[0])
    headers = {
        "X-RateLimit-Bucket": "messages", "X-RateLimit-Limit": str(discord.limits.per_channel),
        "X-RateLimit-Remaining": str(bucket[0]), "X-RateLimit-Reset-After": f"{bucket[1]:.3f}",
        "X-RateLimit-Reset": f"{discord.now() + bucket[1]:.3f}",
    }  # fmt: skip
    return answer(message, headers=headers)


def _strike(discord: Discord, kill: Kill) -> None:
    """Kill now, before the answer goes out, or as soon as it is on its way."""
    discord.kill = None
    discord.counts["kills"] += 1
    if kill.when == "before":
        os.kill(kill.pid, signal.SIGKILL)
    else:
        asyncio.get_running_loop().call_later(0.002, os.kill, kill.pid, signal.SIGKILL)


@routes.get(API + "/channels/{channel}/messages")
async def history(request: web.Request) -> web.StreamResponse:
    query = request.query
    after, before = (int(query[name]) if name in query else None for name in ("after", "before"))
    page = request.app[DISCORD].page(_number(request, "channel"), int(query.get("limit", 50)), after, before)
    request.app[DISCORD].counts["history"] += 1
    return answer(page)


@routes.get(API + "/channels/{channel}/messages/{message}")
async def one(request: web.Request) -> web.StreamResponse:
    discord = request.app[DISCORD]
    if not discord.channel(_number(request, "channel")).history:
        raise Refusal(403, 50001, "Missing Access")
    return answer(discord.message(_number(request, "channel"), _number(request, "message")))


@routes.patch(API + "/channels/{channel}/messages/{message}")
async def edit(request: web.Request) -> web.StreamResponse:
    payload, files = await _payload(request)
    discord = request.app[DISCORD]
    fault = _fault(discord)
    if fault and not fault[1]:
        return _broken(request, fault[0])
    edited = discord.edit(_number(request, "channel"), _number(request, "message"), payload, files)
    return _broken(request, fault[0]) if fault else answer(edited)


@routes.delete(API + "/channels/{channel}/messages/{message}")
async def delete(request: web.Request) -> web.StreamResponse:
    discord = request.app[DISCORD]
    discord.message(_number(request, "channel"), _number(request, "message"))
    del discord.channel(_number(request, "channel")).messages[_number(request, "message")]
    return answer(None, 204)


@routes.post(API + "/channels/{channel}/messages/{message}/crosspost")
async def crosspost(request: web.Request) -> web.StreamResponse:
    if wait := request.app[DISCORD].channel(_number(request, "channel")).publish_wait:
        return _limited(wait, everywhere=False)
    return answer(request.app[DISCORD].publish(_number(request, "channel"), _number(request, "message")))


@routes.put(API + "/channels/{channel}/messages/pins/{message}")
async def pin(request: web.Request) -> web.StreamResponse:
    request.app[DISCORD].pin(_number(request, "channel"), _number(request, "message"), pinned=True)
    return answer(None, 204)


@routes.delete(API + "/channels/{channel}/messages/pins/{message}")
async def unpin(request: web.Request) -> web.StreamResponse:
    request.app[DISCORD].pin(_number(request, "channel"), _number(request, "message"), pinned=False)
    return answer(None, 204)


@routes.get(API + "/channels/{channel}")
async def channel(request: web.Request) -> web.StreamResponse:
    return answer(request.app[DISCORD].channel(_number(request, "channel")).plain())


@routes.patch(API + "/channels/{channel}")
async def change_channel(request: web.Request) -> web.StreamResponse:
    changed = request.app[DISCORD].change_thread(_number(request, "channel"), await request.json())
    return answer(changed.plain())


@routes.post(API + "/channels/{channel}/threads")
async def open_thread(request: web.Request) -> web.StreamResponse:
    discord = request.app[DISCORD]
    payload, files = await _payload(request)
    fault = _fault(discord)
    if fault and not fault[1]:
        return _broken(request, fault[0])
    thread = discord.open_thread(_number(request, "channel"), payload, files)
    return _delivered(request, thread, fault, new=True, bucket=(4, 5.0))


@routes.get(API + "/guilds/{guild}/threads/active")
async def active_threads(request: web.Request) -> web.StreamResponse:
    return answer({"threads": _threads(request, archived=False), "members": []})


@routes.get(API + "/channels/{channel}/threads/archived/public")
async def archived_threads(request: web.Request) -> web.StreamResponse:
    forum = request.app[DISCORD].channel(_number(request, "channel"))
    if not forum.history:
        raise Refusal(403, 50013, "Missing Permissions")
    found = [t for t in _threads(request, archived=True) if t["parent_id"] == str(forum.id)]
    return answer({"threads": found, "members": [], "has_more": False})


def _threads(request: web.Request, *, archived: bool) -> list[dict[str, Any]]:
    channels = request.app[DISCORD].channels.values()
    return [c.plain() for c in channels if c.kind == 11 and c.archived == archived]


@routes.get(API + "/guilds/{guild}")
async def guild(request: web.Request) -> web.StreamResponse:
    guild_id = _number(request, "guild")
    system = next((c for c in request.app[DISCORD].channels.values() if c.guild_id == guild_id and c.kind == 0), None)
    return answer({"id": str(guild_id), "name": "guild", "system_channel_id": str(system.id) if system else None})


@routes.post(API + "/users/@me/channels")
async def open_dm(request: web.Request) -> web.StreamResponse:
    recipient = int((await request.json())["recipient_id"])
    dm = request.app[DISCORD].channels.setdefault(recipient, Channel(recipient, 0, 1))
    return answer(dm.plain())


@routes.get(API + "/users/@me")
async def me(request: web.Request) -> web.StreamResponse:
    if request.headers.get("Authorization") != "Bot token":
        return answer({"code": 0, "message": "401: Unauthorized"}, 401)
    return answer({"id": str(BOT_ID), "username": "handoff", "discriminator": "0", "avatar": None, "bot": True})


@routes.get(API + "/oauth2/applications/@me")
async def application(_request: web.Request) -> web.StreamResponse:
    facts = {"description": "", "icon": None, "bot_public": True, "bot_require_code_grant": False, "summary": ""}
    keys = {
        "verify_key": "",
        "team": None,
        "owner": {"id": "1", "username": "owner", "discriminator": "0", "avatar": None},
    }
    return answer({"id": str(APPLICATION_ID), "name": "handoff", "flags": 0, "owner": None} | facts | keys)


def application_of() -> web.Application:
    app = web.Application(middlewares=[limits_and_refusals], client_max_size=32 * 1024 * 1024)
    app[DISCORD] = Discord()
    app[gateway.ONLINE] = gateway.Online()
    app.add_routes(routes)
    app.add_routes(gateway.routes)
    app.add_routes(interactions.routes)
    app.add_routes(steering.routes)
    return app
