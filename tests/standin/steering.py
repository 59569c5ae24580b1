"""How tests steer the stand-in and see what arrived: ``/_/set``, ``say``, ``state``, ``counts``, ``reset``."""

import json
from dataclasses import replace
from typing import Any

from aiohttp import web

from tests.standin.odd import Odd
from tests.standin.state import Channel, Discord, Faults, Kill, Limits

DISCORD = web.AppKey("discord", Discord)
routes = web.RouteTableDef()


def answer(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    if data is None:
        return web.Response(status=status)
    body = json.dumps(data).encode()
    return web.Response(body=body, status=status, headers={"Content-Type": "application/json", **(headers or {})})


@routes.post("/_/reset")
async def reset(request: web.Request) -> web.StreamResponse:
    request.app[DISCORD].reset()
    return answer({})


@routes.post("/_/set")
async def steer(request: web.Request) -> web.StreamResponse:
    """Change settings: what is given replaces what was."""
    discord, wanted = request.app[DISCORD], await request.json()
    for plain in wanted.get("channels", ()):
        if plain.get("gone"):
            del discord.channels[plain["id"]]
            continue
        known = discord.channels.get(plain["id"])
        discord.channels[plain["id"]] = replace(known, **plain) if known else Channel(**plain)
    for name in ("anywhere", "nonce_seconds", "ahead"):
        setattr(discord, name, wanted.get(name, getattr(discord, name)))
    discord.grow_quiet()
    if "limits" in wanted:
        discord.limits = Limits(**wanted["limits"])
    if "faults" in wanted:
        discord.faults = Faults(**wanted["faults"])
        discord.dice.seed(discord.faults.seed)
    if "odd" in wanted:
        discord.odd = [Odd(**plain) for plain in wanted["odd"]]
    if "kill" in wanted:
        discord.kill = Kill(**wanted["kill"]) if wanted["kill"] else None
    return answer({})


@routes.post("/_/say")
async def say(request: web.Request) -> web.StreamResponse:
    """Let somebody else post."""
    plain = await request.json()
    return answer(request.app[DISCORD].create(plain["channel"], {"content": plain["content"]}, []))


@routes.get("/_/state")
async def state(request: web.Request) -> web.StreamResponse:
    discord = request.app[DISCORD]
    channels = {str(c.id): {**c.plain(), "messages": list(c.messages.values()), "pins": c.pins,
                             "pinned": c.pinned, "archived": c.archived, "applied_tags": c.applied_tags}
                for c in discord.channels.values()}  # fmt: skip
    return answer({"created": discord.created, "counts": discord.counts, "channels": channels})


@routes.get("/_/counts")
async def counts(request: web.Request) -> web.StreamResponse:
    discord = request.app[DISCORD]
    per_channel = [len(c.messages) for c in discord.channels.values()]
    return answer({
        "created": discord.created, "most": max(per_channel, default=0), "channels": sum(map(bool, per_channel)),
        "times": discord.times, **discord.counts,
    })  # fmt: skip
