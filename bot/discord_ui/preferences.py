"""``/settings`` and ``/channel``: how the bot behaves in a server, and in one of its channels."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time
from typing import Any, Literal

import discord
from discord.ext import commands

from bot import i18n
from bot.community.records import ChannelSettings, CommandMode, GuildSettings
from bot.discord_ui.desk import Desk
from bot.discord_ui.pages import Page
from bot.discord_ui.question import Question
from bot.discord_ui.schedule_options import read_time
from bot.discord_ui.schedule_words import clock_words, local_now
from bot.discord_ui.zones import Zone
from bot.errors import BadInput
from bot.i18n import gettext as _

OFF = {"off", "none", "no", "-", "0"}
_MOST_MENTIONS, _MOST_ANSWERS, _LONGEST_HOURS = 24, 1000, 24 * 14


class Preferences(commands.FlagConverter, case_insensitive=True, delimiter=":"):
    """What shall change for the whole server; None leaves it."""

    zone: Zone | None = commands.flag(default=None, description="Time zone: type a city")
    language: Literal["en", "es"] | None = commands.flag(default=None, description="Language of posts and answers")
    theme: Literal["dark", "light"] | None = commands.flag(default=None, description="Colours of pictures")
    quiet: str | None = commands.flag(default=None, description="Hours without posts: 22:00-07:00, or off")
    pings: int | None = commands.flag(default=None, description="How many posts a day may ping")
    role: discord.Role | None = commands.flag(default=None, description="The role that posts may ping")
    admin: discord.Role | None = commands.flag(default=None, description="A role that may change this (again: not)")
    log: discord.TextChannel | None = commands.flag(default=None, description="Where changes and failures are noted")
    allow: discord.TextChannel | None = commands.flag(
        default=None, description="A channel for questions (again: no longer); with none, all are"
    )
    hourly: str | None = commands.flag(default=None, description="Public answers in an hour at most, or off")
    autodelete: str | None = commands.flag(default=None, description="Hours until public answers go, or off")
    digest: str | None = commands.flag(default=None, description="More posts than this in an hour become one, or off")
    owner: discord.User | None = commands.flag(default=None, description="Who is in charge from now on")


class ChannelWishes(commands.FlagConverter, case_insensitive=True, delimiter=":"):
    """What shall be different in one channel; None leaves it."""

    channel: discord.TextChannel | None = commands.flag(default=None, description="Which one (default: this)")
    mode: Literal["public", "ephemeral", "thread", "off"] | None = commands.flag(
        default=None, description="How questions are answered here"
    )
    language: Literal["en", "es", "server"] | None = commands.flag(default=None, description="Language here")
    theme: Literal["dark", "light", "server"] | None = commands.flag(default=None, description="Colours here")
    commands_: str | None = commands.flag(
        name="commands", default=None, description="Only these questions, apart by commas, or all"
    )


async def change(desk: Desk, wishes: Preferences) -> Page:
    """Change a server's settings and show them."""
    before = await desk.settings()
    settings = _with_numbers(_with_places(before, wishes), wishes)
    quiet_from, quiet_to = _quiet(before, wishes.quiet)
    await desk.settle(
        replace(
            settings,
            zone=wishes.zone or before.zone,
            language=wishes.language or before.language,
            theme=wishes.theme or before.theme,
            quiet_from=quiet_from,
            quiet_to=quiet_to,
        )
    )
    return await show(desk)


def _with_places(settings: GuildSettings, wishes: Preferences) -> GuildSettings:
    return replace(
        settings,
        mention_role_id=wishes.role.id if wishes.role else settings.mention_role_id,
        admin_roles=_toggled(settings.admin_roles, wishes.admin),
        log_channel_id=wishes.log.id if wishes.log else settings.log_channel_id,
        allowed_channels=_toggled(settings.allowed_channels, wishes.allow),
        owner_user_id=wishes.owner.id if wishes.owner else settings.owner_user_id,
    )


def _with_numbers(settings: GuildSettings, wishes: Preferences) -> GuildSettings:
    pings = settings.mentions_per_day if wishes.pings is None else wishes.pings
    if not 0 <= pings <= _MOST_MENTIONS:
        raise BadInput(_("{option} is a number up to {limit}.").format(option="pings", limit=_MOST_MENTIONS))
    return replace(
        settings,
        mentions_per_day=pings,
        hourly_cap=_count("hourly", wishes.hourly, settings.hourly_cap, _MOST_ANSWERS),
        auto_delete_hours=_count("autodelete", wishes.autodelete, settings.auto_delete_hours, _LONGEST_HOURS),
        digest_over=_count("digest", wishes.digest, settings.digest_over, _MOST_ANSWERS),
    )


def _toggled(present: tuple[int, ...], chosen: Any) -> tuple[int, ...]:
    """Put an id in, or take it out where it is in."""
    if chosen is None:
        return present
    return tuple(one for one in present if one != chosen.id) if chosen.id in present else (*present, chosen.id)


def _count(option: str, text: str | None, present: int | None, limit: int) -> int | None:
    if text is None:
        return present
    if text.strip().lower() in OFF:
        return None
    if not text.strip().isdecimal() or not 1 <= int(text) <= limit:
        raise BadInput(_("{option} is a number up to {limit}, or “off”.").format(option=option, limit=limit))
    return int(text)


def _quiet(settings: GuildSettings, text: str | None) -> tuple[time | None, time | None]:
    if text is None:
        return settings.quiet_from, settings.quiet_to
    if text.strip().lower() in OFF:
        return None, None
    ends = text.replace("–", "-").split("-")
    if len(ends) != 2:
        raise BadInput(_("Write quiet hours as 22:00-07:00, or “off”."))
    return read_time(ends[0]), read_time(ends[1])


async def show(desk: Desk) -> Page:
    """Show a server's settings, and the channels that differ."""
    settings, now = await desk.settings(), desk.bot.clock.now()
    off = _("off")
    quiet = off
    if settings.quiet_from is not None and settings.quiet_to is not None:
        quiet = f"{clock_words(settings.quiet_from)}–{clock_words(settings.quiet_to)}"
    lines = [
        (_("Time zone"), local_now(settings.zone, now)),
        (_("Language"), settings.language),
        (_("Pictures"), settings.theme),
        (_("Quiet hours"), quiet),
        (_("Role to ping"), f"<@&{settings.mention_role_id}>" if settings.mention_role_id else off),
        (_("Pings a day"), str(settings.mentions_per_day)),
        (_("Admin roles"), _mentions("@&", settings.admin_roles) or _("those with “Manage Server”")),
        (_("In charge"), f"<@{settings.owner_user_id}>" if settings.owner_user_id else off),
        (_("Log channel"), f"<#{settings.log_channel_id}>" if settings.log_channel_id else off),
        (_("Channels for questions"), _mentions("#", settings.allowed_channels) or _("all")),
        (_("Public answers an hour"), str(settings.hourly_cap or off)),
        (_("Answers deleted after hours"), str(settings.auto_delete_hours or off)),
        (_("Digest from more posts an hour than"), str(settings.digest_over or off)),
    ]
    own = await desk.community.guilds.channels(desk.guild.id)
    return Page("\n".join([*(f"{name}: **{value}**" for name, value in lines), *map(_channel_line, own)]))


def _mentions(sign: str, ids: Sequence[int]) -> str:
    return i18n.all_of([f"<{sign}{one}>" for one in ids]) if ids else ""


def _channel_line(own: ChannelSettings) -> str:
    parts = [own.command_mode, own.language, own.theme, *own.allowed_commands]
    return f"<#{own.channel_id}>: **{', '.join(part for part in parts if part)}**"


async def change_channel(desk: Desk, wishes: ChannelWishes) -> Page:
    """Change what is different in a channel, and show it."""
    channel_id = wishes.channel.id if wishes.channel else desk.channel_id
    before = await desk.community.guilds.channel(desk.guild.id, channel_id)
    mode: CommandMode = wishes.mode or before.command_mode
    after = replace(
        before,
        command_mode=mode,
        language=_own(wishes.language, before.language),
        theme=_own(wishes.theme, before.theme),
        allowed_commands=_questions(desk, wishes.commands_, before.allowed_commands),
    )
    await desk.community.guilds.save_channel(after, desk.by)
    return Page(_channel_line(after))


def _own(wished: str | None, before: str | None) -> str | None:
    return before if wished is None else None if wished == "server" else wished


def _questions(desk: Desk, text: str | None, before: tuple[str, ...]) -> tuple[str, ...]:
    if text is None:
        return before
    names = [name.strip().lower().lstrip("/!") for name in text.split(",") if name.strip()]
    if names == ["all"]:
        return ()
    known = {command.name for command in desk.bot.commands if isinstance(command, Question)}
    if unknown := [name for name in names if name not in known]:
        raise BadInput(_("There is no question “{name}”.").format(name=i18n.plain(unknown[0], 30)))
    return tuple(dict.fromkeys(names))
