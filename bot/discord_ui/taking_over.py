"""A server's setup as a file: written with the channels' names, read with them mapped to the channels here."""

import io
import json
from typing import Any

import discord
from pydantic import ValidationError

from bot import i18n
from bot.community.transfer import Difference, Setup, as_file, channels_named, differences, from_file
from bot.discord_ui.desk import Desk
from bot.discord_ui.pages import Page
from bot.errors import BadInput
from bot.i18n import gettext as _

FILE = "handoff-settings.json"
MOST_BYTES = 200_000
_NAMES, _MAPPED = "channel_names", "channel_mapping"


async def written(desk: Desk, guild: discord.Guild) -> dict[str, Any]:
    """Return a server's setup as JSON-ready data, with the names of the channels it speaks of."""
    plain = as_file(await desk.community.transfer.current(guild.id))
    found = {channel_id: guild.get_channel_or_thread(channel_id) for channel_id in channels_named(plain)}
    plain[_NAMES] = {str(channel_id): channel.name for channel_id, channel in found.items() if channel is not None}
    return plain


def file_of(plain: dict[str, Any]) -> discord.File:
    """Return the data as a file to send."""
    body = json.dumps(plain, ensure_ascii=False, indent=2).encode()
    return discord.File(io.BytesIO(body), FILE)


async def export(desk: Desk) -> Page:
    """Give the server's setup as a file."""
    text = _("This server's settings, schedules and blocked tickers. /settings import takes them in, anywhere.")
    return Page(text, files=[file_of(await written(desk, desk.guild))])


def parsed(body: bytes) -> dict[str, Any]:
    """Read a file's data. Raises BadInput."""
    try:
        plain = json.loads(body) if len(body) <= MOST_BYTES else None
    except (ValueError, RecursionError):
        plain = None
    if not isinstance(plain, dict):
        raise BadInput(_("This is no file that /settings export wrote."))
    return plain


def with_mapping(desk: Desk, plain: dict[str, Any], instead: int | None) -> dict[str, Any]:
    """Return the file with each channel mapped to one here: the same, one of that name, else ``instead``."""
    names = plain.get(_NAMES) if isinstance(plain.get(_NAMES), dict) else {}
    here = {channel.name: channel.id for channel in reversed(desk.guild.channels)}
    mapping: dict[str, int] = {}
    try:
        named = channels_named(plain)
    except (AttributeError, TypeError):
        raise BadInput(_("This is no file that /settings export wrote.")) from None
    for channel_id in named:
        same = channel_id if desk.guild.get_channel_or_thread(channel_id) else None
        target = same or here.get(str((names or {}).get(str(channel_id)))) or instead
        if target is not None:
            mapping[str(channel_id)] = target
    return {**plain, _MAPPED: mapping}


async def read(desk: Desk, plain: dict[str, Any]) -> tuple[Setup, list[Difference]]:
    """Return the setup a mapped file makes here, and what would change. Raises BadInput for what makes no sense."""
    known = {channel.id for channel in [*desk.guild.channels, *desk.guild.threads]}
    try:
        mapping = {int(old): int(new) for old, new in plain[_MAPPED].items() if int(new) in known}
        setup = from_file(plain, await desk.settings(), mapping, desk.by)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in fault["loc"])
        raise BadInput(_("The file makes no sense at {where}.").format(where=i18n.plain(where, 60))) from None
    except (ValueError, KeyError, AttributeError, TypeError):
        raise BadInput(_("This is no file that /settings export wrote.")) from None
    return setup, differences(await desk.community.transfer.current(desk.guild.id), setup)


async def apply(desk: Desk, body: bytes) -> Page:
    """Take a mapped file in."""
    setup, changes = await read(desk, parsed(body))
    await desk.community.transfer.apply(setup, desk.by)
    text = i18n.ngettext("Taken over: {n} change.", "Taken over: {n} changes.", len(changes))
    return Page(text.format(n=len(changes)))
