"""``/settings``: how the bot behaves in a server; what follows from a change is said with it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import time
from typing import Any, Literal

import discord
from discord.ext import commands
from discord.utils import format_dt

from bot import i18n
from bot.community.records import GuildSettings
from bot.discord_ui.channel_rules import channel_line
from bot.discord_ui.desk import Desk
from bot.discord_ui.doctor import log_complaint, role_complaint
from bot.discord_ui.pages import Page
from bot.discord_ui.schedule_options import TO, read_time
from bot.discord_ui.schedule_words import clock_words, local_now
from bot.discord_ui.zones import Zone
from bot.errors import BadInput
from bot.i18n import gettext as _

_NUMBER = re.compile(r"\d{1,9}")  # of thousands of digits Python makes no number
OFF = {"off", "none", "no", "-", "0"}
MOST_MENTIONS, MOST_ANSWERS, LONGEST_HOURS = 24, 1000, 24 * 14


class Preferences(commands.FlagConverter, case_insensitive=True, delimiter=":"):
    """What shall change for the whole server; None leaves it."""

    zone: Zone = commands.flag(default=None, description="Time zone: type a city")
    language: Literal["en", "es"] | None = commands.flag(default=None, description="Language of posts and answers")
    theme: Literal["dark", "light"] | None = commands.flag(default=None, description="Colours of pictures")
    quiet: str | None = commands.flag(default=None, description="Hours without posts: 22:00-07:00, or off")
    pings: int | None = commands.flag(default=None, description="How many posts a day may ping")
    role: discord.Role | None = commands.flag(default=None, description="The role that posts may ping (again: none)")
    admin: discord.Role | None = commands.flag(default=None, description="A role that may change this (again: not)")
    log: discord.TextChannel | None = commands.flag(
        default=None, description="Where changes and failures are noted (again: nowhere)"
    )
    logrole: discord.Role | None = commands.flag(
        default=None, description="The role told of failures in the log channel (again: none)"
    )
    allow: discord.TextChannel | None = commands.flag(
        default=None, description="A channel for questions (again: no longer); with none, all are"
    )
    hourly: str | None = commands.flag(default=None, description="Public answers in an hour at most, or off")
    autodelete: str | None = commands.flag(default=None, description="Hours until public answers go, or off")
    digest: str | None = commands.flag(default=None, description="More posts than this in an hour become one, or off")
    owner: discord.User | None = commands.flag(default=None, description="Who is in charge from now on")


async def change(desk: Desk, wishes: Preferences) -> Page:
    """Change a server's settings, say what follows from it and show them."""
    before = await desk.settings()
    settings = _with_numbers(_with_places(_still_there(desk, before), wishes), wishes)
    quiet_from, quiet_to = _quiet(before, wishes.quiet)
    after = replace(
        settings,
        zone=wishes.zone or before.zone,
        language=wishes.language or before.language,
        theme=wishes.theme or before.theme,
        quiet_from=quiet_from,
        quiet_to=quiet_to,
    )
    if wishes.owner is not None:
        await _check_owner(desk, wishes.owner.id, after)
    if after == before:
        return await show(desk, [_("Nothing was changed: name what shall be, such as zone: or quiet:.")])
    await desk.settle(after)
    return await show(desk, [_("### Changed"), *_consequences(desk, before, after)])


def _still_there(desk: Desk, settings: GuildSettings) -> GuildSettings:
    """Leave out channels and roles that were deleted: nobody could choose them again to take them away."""
    return replace(
        settings,
        allowed_channels=tuple(one for one in settings.allowed_channels if desk.guild.get_channel(one)),
        admin_roles=tuple(one for one in settings.admin_roles if desk.guild.get_role(one)),
    )


async def _check_owner(desk: Desk, user_id: int, settings: GuildSettings) -> None:
    """Raise BadInput unless this person can be in charge: a member who may change the settings."""
    try:
        member = await desk.guild.fetch_member(user_id)
    except discord.NotFound:
        raise BadInput(_("Whoever is in charge must be a member of this server.")) from None
    roles = set(settings.admin_roles) & {role.id for role in member.roles}
    if member.bot or not (member.guild_permissions.manage_guild or roles):
        raise BadInput(
            _("{name} may not change settings here: give them “Manage Server” or an admin role first.").format(
                name=member.mention
            )
        )


def _consequences(desk: Desk, before: GuildSettings, after: GuildSettings) -> Iterator[str]:
    """Say what happens next, for each change that is not plain by itself."""
    if after.zone != before.zone:
        yield _("Posts come at the same hours, now of that zone: /schedule list says when.")
    if after.mention_role_id and after.mention_role_id != before.mention_role_id:
        yield _("/pingbutton puts a button into a channel: members join or leave the role by it.")
        yield from role_complaint(desk, after.mention_role_id)
    if new := set(after.admin_roles) - set(before.admin_roles):
        yield _(
            "{role} may use the ! commands from now on. Discord hides the / commands from them until you allow the "
            "role in Server Settings → Integrations → {bot}."
        ).format(role=_mentions("@&", sorted(new)), bot=desk.guild.me.mention)
    if after.log_channel_id and after.log_channel_id != before.log_channel_id:
        yield _("Every change and every failure is noted in {channel}.").format(channel=f"<#{after.log_channel_id}>")
        yield from log_complaint(desk, after.log_channel_id)
    if after.log_role_id and after.log_channel_id is None:
        yield _("Failures are told to a role only in a log channel: choose one with log:.")
    if after.owner_user_id != before.owner_user_id and after.owner_user_id:
        yield _("{name} is told of failures by direct message from now on.").format(name=f"<@{after.owner_user_id}>")
    if (after.quiet_from, after.quiet_to) != (before.quiet_from, before.quiet_to) and after.quiet_to:
        yield _("What falls due in quiet hours is posted at {time}.").format(time=clock_words(after.quiet_to))
    if after.hourly_cap and after.hourly_cap != before.hourly_cap:
        yield _("After so many public answers in an hour, / is answered to the asker alone and ! points to /.")


def _with_places(settings: GuildSettings, wishes: Preferences) -> GuildSettings:
    for role in (wishes.role, wishes.admin, wishes.logrole):
        if role is not None and role.is_default():
            raise BadInput(_("@everyone is no role to choose here."))
    return replace(
        settings,
        mention_role_id=_chosen(settings.mention_role_id, wishes.role),
        admin_roles=_toggled(settings.admin_roles, wishes.admin),
        log_channel_id=_chosen(settings.log_channel_id, wishes.log),
        log_role_id=_chosen(settings.log_role_id, wishes.logrole),
        allowed_channels=_toggled(settings.allowed_channels, wishes.allow),
        owner_user_id=wishes.owner.id if wishes.owner else settings.owner_user_id,
    )


def _with_numbers(settings: GuildSettings, wishes: Preferences) -> GuildSettings:
    pings = settings.mentions_per_day if wishes.pings is None else wishes.pings
    if not 0 <= pings <= MOST_MENTIONS:
        raise BadInput(_("{option} is a number up to {limit}.").format(option="pings", limit=MOST_MENTIONS))
    return replace(
        settings,
        mentions_per_day=pings,
        hourly_cap=_count("hourly", wishes.hourly, settings.hourly_cap, MOST_ANSWERS),
        auto_delete_hours=_count("autodelete", wishes.autodelete, settings.auto_delete_hours, LONGEST_HOURS),
        digest_over=_count("digest", wishes.digest, settings.digest_over, MOST_ANSWERS),
    )


def _chosen(present: int | None, chosen: Any) -> int | None:
    """Return what is chosen; what is chosen again is taken away."""
    if chosen is None:
        return present
    return None if chosen.id == present else int(chosen.id)


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
    if not _NUMBER.fullmatch(text.strip()) or not 1 <= int(text) <= limit:
        raise BadInput(_("{option} is a number up to {limit}, or “off”.").format(option=option, limit=limit))
    return int(text)


def _quiet(settings: GuildSettings, text: str | None) -> tuple[time | None, time | None]:
    if text is None:
        return settings.quiet_from, settings.quiet_to
    if text.strip().lower() in OFF:
        return None, None
    ends = TO.split(text.strip())
    if len(ends) != 2:
        raise BadInput(_("Write quiet hours as 22:00-07:00, or “off”."))
    begin, end = read_time(ends[0]), read_time(ends[1])
    if begin == end:
        raise BadInput(_("Quiet hours that begin and end at the same time would be all day: /pause all does that."))
    return begin, end


async def show(desk: Desk, head: Sequence[str] = ()) -> Page:
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
        (_("Role to ping"), _mentions("@&", [settings.mention_role_id]) or off),
        (_("Pings a day"), str(settings.mentions_per_day)),
        (_("Admin roles"), _mentions("@&", settings.admin_roles) or _("those with “Manage Server”")),
        (_("In charge"), _mentions("@", [settings.owner_user_id]) or off),
        (_("Log channel"), _mentions("#", [settings.log_channel_id]) or off),
        (_("Role told of failures"), _mentions("@&", [settings.log_role_id]) or off),
        (_("Channels for questions"), _mentions("#", settings.allowed_channels) or _("all")),
        (_("Public answers an hour"), str(settings.hourly_cap or off)),
        (_("Answers deleted after hours"), str(settings.auto_delete_hours or off)),
        (_("Digest from more posts an hour than"), str(settings.digest_over or off)),
    ]
    if settings.paused_until is not None and settings.paused_until > now:
        lines.insert(0, (_("Everything paused until"), format_dt(settings.paused_until, "F")))
    own = await desk.community.guilds.channels(desk.guild.id)
    shown = [*(f"{name}: **{value}**" for name, value in lines), *map(channel_line, own)]
    foot = _("/settings change and /channel change these, /undo takes the last change back.")
    return Page("\n".join([*head, *shown, f"-# {foot}"]))


def _mentions(sign: str, ids: Sequence[int | None]) -> str:
    return i18n.all_of([f"<{sign}{one}>" for one in ids if one])
