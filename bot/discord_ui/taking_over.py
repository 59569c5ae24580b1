"""A server's setup as a file: written with the channels' names, read with them mapped to the channels here."""

import io
import json
from dataclasses import dataclass, replace
from typing import Any

import discord
from pydantic import ValidationError

from bot import i18n
from bot.alerts.stored import Began
from bot.community.alert_records import Alert
from bot.community.records import GuildSettings
from bot.community.setup_file import Newer, Setup, as_file, channels_named, from_file
from bot.community.transfer import Difference, differences
from bot.discord_ui.desk import Desk
from bot.discord_ui.doctor import complaints
from bot.discord_ui.fitting import channel_here, channels_here, fitted, quietened
from bot.discord_ui.pages import Page
from bot.errors import BadInput
from bot.i18n import gettext as _

FILE = "handoff-settings.json"
MOST_BYTES = 200_000
_NAMES, _MAPPED = "channel_names", "channel_mapping"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file makes here, what would change, and whether pings of everyone were taken out of it."""

    setup: Setup
    changes: list[Difference]
    silenced: bool


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
    text = _(
        "This server's settings, schedules, alerts and blocked tickers. Keep the file: /settings import takes it in, "
        "here or in another server, and shows first what would change."
    )
    return Page(text, files=[file_of(await written(desk, desk.guild))])


def parsed(body: bytes) -> dict[str, Any]:
    """Read a file's data. Raises BadInput."""
    try:
        plain = json.loads(body) if len(body) <= MOST_BYTES else None
        json.dumps(plain, ensure_ascii=False).encode()  # half a character can be escaped in a file, but not be stored
    except (ValueError, RecursionError):
        plain = None
    if not isinstance(plain, dict):
        raise BadInput(_("This is no file that /settings export wrote."))
    return plain


def with_mapping(desk: Desk, plain: dict[str, Any], instead: int | None) -> dict[str, Any]:
    """Return the file with each channel mapped to one here: the same, one of that name, else ``instead``."""
    names = plain.get(_NAMES) if isinstance(plain.get(_NAMES), dict) else {}
    here = {channel.name: channel.id for channel in reversed([*channels_here(desk)])}
    mapping: dict[str, int] = {}
    try:
        named = channels_named(plain)
    except (AttributeError, TypeError):
        raise BadInput(_("This is no file that /settings export wrote.")) from None
    for channel_id in named:
        same = channel_id if channel_here(desk, channel_id) else None
        target = same or here.get(str((names or {}).get(str(channel_id)))) or instead
        if target is not None:
            mapping[str(channel_id)] = target
    return {**plain, _MAPPED: mapping}


async def read(desk: Desk, plain: dict[str, Any]) -> Reading:
    """Return the setup a mapped file makes here, and what would change. Raises BadInput for what makes no sense."""
    current = await desk.community.transfer.current(desk.guild.id)
    if current.settings == GuildSettings(guild_id=desk.guild.id):
        current = replace(current, settings=await desk.settings())
    try:
        mapping = {int(old): int(new) for old, new in plain[_MAPPED].items() if channel_here(desk, int(new))}
        written_down = from_file(plain, current, mapping, desk.by)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in fault["loc"])
        raise BadInput(_("The file makes no sense at {where}.").format(where=i18n.plain(where, 60))) from None
    except Newer:
        raise BadInput(_("This file was written by a newer version of me: update me, then it can be read.")) from None
    except (ValueError, KeyError, AttributeError, TypeError, OverflowError):
        raise BadInput(_("This is no file that /settings export wrote.")) from None
    setup = await fitted(desk, written_down, current)
    return Reading(setup, differences(current, setup), silenced=quietened(written_down, setup))


async def apply(desk: Desk, body: bytes) -> Page:
    """Take a mapped file in. Alerts that are new here begin from how their rule stands now."""
    reading = await read(desk, parsed(body))
    there = {alert.id: alert.rule for alert in await desk.community.alerts.of_guild(desk.guild.id)}
    alerts = [await _begun(desk, a) if there.get(a.id) != a.rule else a for a in reading.setup.alerts]
    await desk.settle(reading.setup.settings)
    settings = await desk.settings()
    await desk.community.transfer.apply(replace(reading.setup, settings=settings, alerts=tuple(alerts)), desk.by)
    count = len(reading.changes)
    done = i18n.ngettext("Taken over: {n} change.", "Taken over: {n} changes.", count).format(n=count)
    ahead = _("/schedule list says when posts come now, /doctor checks every channel, /undo takes all of it back.")
    schedules = await desk.community.schedules.of_guild(desk.guild.id)
    return Page("\n".join([f"### {done}", *complaints(desk, schedules), f"-# {ahead}"]))


async def _begun(desk: Desk, alert: Alert) -> Alert:
    found: Began = await desk.bot.reports.work("bot.alerts.work:began", alert.rule.model_dump_json())
    return replace(alert, standing=found.state, per_year=found.per_year)
