"""What people do with an app on Discord: they type slash commands, press, choose and fill in forms, in five places.

``/_/interact`` does one such thing as Discord would tell the bot, and answers with what came back and after how long:
``kind`` (4 a message, 5 and 6 deferred, 7 the message changed, 9 a form), ``data``, how many ``pictures``, and the
``message`` that stands there now, to press on. Places are told apart by what Discord sends along: a server that has
the bot, a server that does not where somebody brought the app along, a group, a talk of two, the bot's own DM.
"""

import asyncio
import json
from typing import Any

from aiohttp import web

from tests.standin import API
from tests.standin.gateway import CHANNEL, EVERYTHING, GUILD, ONLINE, PERSON, PLAIN_MESSAGE, Online, member, user
from tests.standin.state import APPLICATION_ID, BOT_ID
from tests.standin.steering import DISCORD, answer

routes = web.RouteTableDef()
SLASH, PRESS, FORM = 2, 3, 5
MESSAGE, DEFERRED, DEFERRED_CHANGE, CHANGE = 4, 5, 6, 7
FOREIGN_GUILD, FOREIGN_CHANNEL, GROUP, TALK, DIRECT = 9000, 9001, 9100, 9200, 9300
_IN_SERVER, _IN_DM, _BETWEEN_PEOPLE = 0, 1, 2
_TALKS = {
    "group": (GROUP, 3, _BETWEEN_PEOPLE),
    "talk": (TALK, 1, _BETWEEN_PEOPLE),
    "direct": (DIRECT, 1, _IN_DM),
}


def _place(name: str, channel: str, who: dict[str, Any], rights: str) -> dict[str, Any]:
    """Return what Discord says of where something was done: all that the bot knows of ``elsewhere`` and of talks."""
    brought = {"1": who["id"]}
    if name in _TALKS:
        channel_id, kind, context = _TALKS[name]
        return {
            "context": context, "channel_id": str(channel_id), "user": who, "authorizing_integration_owners": brought,
            "channel": {"id": str(channel_id), "type": kind, "flags": 0, "last_message_id": None},
        }  # fmt: skip
    here = name == "server"
    guild, channel = (str(GUILD), channel) if here else (str(FOREIGN_GUILD), str(FOREIGN_CHANNEL))
    partial = {"id": channel, "type": 0, "name": "markets", "permissions": EVERYTHING, "position": 1}
    return {
        "context": _IN_SERVER, "channel_id": channel, "channel": {**partial, "guild_id": guild},
        "guild_id": guild, "guild": {"id": guild, "locale": "en-US", "features": []}, "guild_locale": "en-US",
        "member": {**member(who), "permissions": rights},
        "authorizing_integration_owners": {"0": guild} if here else brought,
    }  # fmt: skip


def _event(plain: dict[str, Any], key: str) -> dict[str, Any]:
    who = user(int(plain.get("person", PERSON)), str(plain.get("name", "alice")))
    event = {
        "id": key, "type": plain["type"], "token": f"token-{key}", "version": 1, "data": plain["data"],
        "application_id": str(APPLICATION_ID), "locale": plain.get("locale", "en-US"), "entitlements": [],
        "app_permissions": plain.get("app_permissions", EVERYTHING), "attachment_size_limit": 10485760,
        **_place(
            plain.get("place", "server"), str(plain.get("channel", CHANNEL)), who, plain.get("rights", EVERYTHING)
        ),
    }  # fmt: skip
    return event | {"message": plain["message"]} if plain.get("message") else event


@routes.post("/_/interact")
async def interact(request: web.Request) -> web.StreamResponse:
    """Let a person do something; answer with what came back, and after how many seconds."""
    plain, online = await request.json(), request.app[ONLINE]
    return answer(await _done(online, _event(plain, str(request.app[DISCORD].snowflake()))))


async def _done(online: Online, event: dict[str, Any]) -> dict[str, Any]:
    loop, waiting = asyncio.get_running_loop(), asyncio.Queue[dict[str, Any]]()
    online.waiting[event["id"]] = waiting
    start = loop.time()
    await online.lines[-1].send_json(online.dispatch("INTERACTION_CREATE", event))
    first = got = await asyncio.wait_for(waiting.get(), 30)
    noticed = loop.time() - start
    if first["kind"] in {DEFERRED, DEFERRED_CHANGE}:
        got = await asyncio.wait_for(waiting.get(), 60)
        got["data"].setdefault("flags", 0)
        got["data"]["flags"] |= int(first["data"].get("flags", 0))  # the deferral decided who sees it
    return {**got, "deferred": first is not got, "noticed": noticed, "seconds": loop.time() - start}


@routes.post(API + "/interactions/{interaction}/{token}/callback")
async def answered(request: web.Request) -> web.StreamResponse:
    """Take the answer to an interaction, a form with pictures or plain JSON, and hand it to whoever asked."""
    plain, pictures = await _form(request)
    data = plain.get("data") or {}
    said = _said(request, data, pictures)
    _hand_over(request, request.match_info["interaction"], plain["type"], data, pictures, said)
    fresh = plain["type"] in {MESSAGE, CHANGE}
    about = {"id": request.match_info["interaction"], "type": 2, "response_message_id": said["id"]}
    return answer({"interaction": about, "resource": {"type": plain["type"], "message": said} if fresh else None})


@routes.post(API + "/webhooks/{application}/{token}")
async def followed_up(request: web.Request) -> web.StreamResponse:
    """Take what comes after a deferral."""
    return await _later(request, MESSAGE)


@routes.patch(API + "/webhooks/{application}/{token}/messages/{message}")
async def changed(request: web.Request) -> web.StreamResponse:
    """Take what a message becomes after a deferral."""
    return await _later(request, CHANGE)


async def _later(request: web.Request, kind: int) -> web.StreamResponse:
    plain, pictures = await _form(request)
    said = _said(request, plain, pictures)
    _hand_over(request, request.match_info["token"].removeprefix("token-"), kind, plain, pictures, said)
    return answer(said)


@routes.get(API + "/webhooks/{application}/{token}/messages/{message}")
async def original(request: web.Request) -> web.StreamResponse:
    return answer(_said(request, {}, 0))


@routes.delete(API + "/webhooks/{application}/{token}/messages/{message}")
async def binned(request: web.Request) -> web.StreamResponse:
    """Take a message away through the interaction, for which no right is needed."""
    _hand_over(request, request.match_info["token"].removeprefix("token-"), 0, {"deleted": True}, 0, None)
    return answer(None, 204)


def _hand_over(request: web.Request, key: str, kind: int, data: Any, pictures: int, message: Any) -> None:
    got = {"kind": kind, "data": data, "pictures": pictures, "message": message}
    request.app[ONLINE].waiting[key].put_nowait(got)


def _said(request: web.Request, data: dict[str, Any], pictures: int) -> dict[str, Any]:
    """Describe a message of the bot's, its pictures where Discord keeps them."""
    discord, base = request.app[DISCORD], "https://cdn.example/attachments"
    names = [one["filename"] for one in data.get("attachments", ())][:pictures]
    files = [
        {"id": str(discord.snowflake()), "filename": n, "size": 1, "url": f"{base}/{n}", "proxy_url": f"{base}/{n}"}
        for n in names
    ]
    return {
        "id": str(discord.snowflake()), "channel_id": str(CHANNEL), "content": data.get("content") or "",
        "author": user(BOT_ID, "handoff", bot=True), **PLAIN_MESSAGE, "flags": int(data.get("flags", 0)),
        "attachments": files, "components": _kept(data.get("components") or [], base),
    }  # fmt: skip


def _kept(components: list[Any], base: str) -> list[Any]:
    """Return components as Discord keeps them: what refers to an attachment gets its address."""
    text = json.dumps(components).replace("attachment://", f"{base}/")
    kept: list[Any] = json.loads(text)
    return kept


async def _form(request: web.Request) -> tuple[dict[str, Any], int]:
    if request.content_type == "application/json":
        return await request.json(), 0
    form = await request.post()
    payload = form["payload_json"]
    text = payload.file.read().decode() if isinstance(payload, web.FileField) else str(payload)
    return json.loads(text), sum(name.startswith("files[") for name in form)
