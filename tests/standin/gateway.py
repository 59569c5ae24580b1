"""Discord's gateway, as far as a bot needs it to be online: hello, identify, ready, servers, resume.

A bot asks ``/gateway/bot`` where to connect and gets this. What people do is steered: ``/_/write`` writes a message,
``/_/break`` cuts the line; commands, presses and forms are in ``interactions``.
"""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.standin import API
from tests.standin.state import APPLICATION_ID, BOT_ID
from tests.standin.steering import DISCORD, answer

routes = web.RouteTableDef()
GUILD, CHANNEL, PERSON = 500, 501, 777
EVERYTHING = str((1 << 53) - 1)
_HELLO, _HEARTBEAT, _IDENTIFY, _RESUME, _RECONNECT, _ACK = 10, 1, 2, 6, 7, 11
DISALLOWED_INTENTS = 4014
PLAIN_MESSAGE: dict[str, Any] = {
    "timestamp": "2026-07-17T20:00:00+00:00", "edited_timestamp": None, "tts": False, "mention_everyone": False,
    "mentions": [], "mention_roles": [], "attachments": [], "embeds": [], "pinned": False, "type": 0,
}  # fmt: skip


@dataclass
class Online:
    """Who is connected, and what is expected of them. ``guilds`` is how many servers the bot is in."""

    guilds: int = 1
    intents_refused: bool = False
    lines: list[web.WebSocketResponse] = field(default_factory=list)
    commands: list[dict[str, Any]] = field(default_factory=list)
    identified: int = 0
    resumed: int = 0
    sequence: int = 0
    waiting: dict[str, asyncio.Queue[dict[str, Any]]] = field(default_factory=dict)

    def dispatch(self, name: str, data: dict[str, Any]) -> dict[str, Any]:
        self.sequence += 1
        return {"op": 0, "s": self.sequence, "t": name, "d": data}


ONLINE = web.AppKey("online", Online)


def user(user_id: int, name: str, *, bot: bool = False) -> dict[str, Any]:
    return {"id": str(user_id), "username": name, "discriminator": "0", "avatar": None, "bot": bot}


def member(user: dict[str, Any]) -> dict[str, Any]:
    return {
        "user": user, "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False,
        "flags": 0, "permissions": EVERYTHING,
    }  # fmt: skip


def _guild(number: int) -> dict[str, Any]:
    """Describe a server as Discord does when the bot comes online: one role, three channels, the bot itself."""
    guild_id = GUILD + 10 * number
    everyone = {
        "id": str(guild_id), "name": "@everyone", "permissions": EVERYTHING, "position": 0, "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False, "managed": False, "mentionable": False, "flags": 0,
    }  # fmt: skip
    channels = [
        {"id": str(guild_id + n), "type": 0, "name": name, "position": n, "permission_overwrites": [], "nsfw": False}
        for n, name in enumerate(("markets", "alerts", "talk"), 1)
    ]
    return {
        "id": str(guild_id), "name": f"Investors {number}", "owner_id": str(PERSON), "roles": [everyone],
        "channels": channels, "members": [member(user(BOT_ID, "handoff", bot=True))], "member_count": 3,
        "features": [], "emojis": [], "stickers": [], "preferred_locale": "en-US", "large": False, "threads": [],
        "verification_level": 0, "default_message_notifications": 0,
    }  # fmt: skip


@routes.get(API + "/gateway/bot")
async def where(request: web.Request) -> web.StreamResponse:
    limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
    return answer({"url": f"ws://{request.host}/gateway", "shards": 1, "session_start_limit": limit})


@routes.get("/gateway/")
@routes.get("/gateway")
async def line(request: web.Request) -> web.StreamResponse:
    online = request.app[ONLINE]
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    await socket.send_json({"op": _HELLO, "d": {"heartbeat_interval": 41250}})
    async for message in socket:
        if message.type is not WSMsgType.TEXT:
            break
        packet = json.loads(message.data)
        if packet["op"] == _HEARTBEAT:
            await socket.send_json({"op": _ACK})
        elif packet["op"] == _IDENTIFY:
            await _identified(online, socket, packet["d"], f"ws://{request.host}/gateway")
        elif packet["op"] == _RESUME:
            online.resumed += 1
            online.lines.append(socket)
            await socket.send_json(online.dispatch("RESUMED", {}))
    if socket in online.lines:
        online.lines.remove(socket)
    return socket


async def _identified(online: Online, socket: web.WebSocketResponse, who: dict[str, Any], url: str) -> None:
    if online.intents_refused:
        await socket.close(code=DISALLOWED_INTENTS, message=b"Disallowed intent(s).")
        return
    online.identified += 1
    guilds = [_guild(number) for number in range(online.guilds)]
    ready = {
        "v": 10, "user": user(BOT_ID, "handoff", bot=True), "session_id": f"session-{online.identified}",
        "guilds": [{"id": g["id"], "unavailable": True} for g in guilds], "shard": who.get("shard", [0, 1]),
        "resume_gateway_url": url, "application": {"id": str(APPLICATION_ID), "flags": 0},
    }  # fmt: skip
    await socket.send_json(online.dispatch("READY", ready))
    for guild in guilds:
        await socket.send_json(online.dispatch("GUILD_CREATE", guild))
    online.lines.append(socket)


@routes.get(API + "/applications/{application}/commands")
async def known_commands(request: web.Request) -> web.StreamResponse:
    return answer(request.app[ONLINE].commands)


@routes.put(API + "/applications/{application}/commands")
async def sync(request: web.Request) -> web.StreamResponse:
    wanted = await request.json()
    request.app[ONLINE].commands = [
        {**command, "id": str(n), "application_id": str(APPLICATION_ID), "version": "1"}
        for n, command in enumerate(wanted, 1)
    ]
    return answer(request.app[ONLINE].commands)


@routes.post("/_/write")
async def write(request: web.Request) -> web.StreamResponse:
    """Let a person write a message where the bot reads along."""
    online, plain = request.app[ONLINE], await request.json()
    message = {
        "id": str(request.app[DISCORD].snowflake()), "channel_id": str(CHANNEL), "guild_id": str(GUILD),
        "author": user(PERSON, "alice"), "member": member(user(PERSON, "alice")), "content": plain["content"],
        **PLAIN_MESSAGE,
    }  # fmt: skip
    await online.lines[-1].send_json(online.dispatch("MESSAGE_CREATE", message))
    return answer({})


@routes.post("/_/break")
async def cut(request: web.Request) -> web.StreamResponse:
    """Ask the bot to connect anew, as Discord does every few hours; a new session where it says so."""
    online, plain = request.app[ONLINE], await request.json()
    for socket in list(online.lines):
        if plain.get("forget"):
            await socket.send_json({"op": 9, "d": False})
        else:
            await socket.send_json({"op": _RECONNECT, "d": None})
    return answer({})


@routes.post("/_/online")
async def steer(request: web.Request) -> web.StreamResponse:
    """Change what the next connection meets."""
    for name, value in (await request.json()).items():
        setattr(request.app[ONLINE], name, value)
    return answer({})


@routes.get("/_/online")
async def state(request: web.Request) -> web.StreamResponse:
    online = request.app[ONLINE]
    return answer({
        "connected": len(online.lines), "identified": online.identified, "resumed": online.resumed,
        "commands": [command["name"] for command in online.commands],
        "installs": {command["name"]: command["integration_types"] for command in online.commands},
        "contexts": {command["name"]: command["contexts"] for command in online.commands},
    })  # fmt: skip
