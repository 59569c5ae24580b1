"""``/doctor``: every permission the bot needs in every configured channel, what is missing and where to click."""

from collections.abc import Iterable, Iterator

import discord

from bot import i18n
from bot.community.records import ChannelSettings, Destination, GuildSettings, Mention, Schedule
from bot.discord_ui.desk import Desk
from bot.discord_ui.pages import Page
from bot.i18n import gettext as _

Channel = discord.abc.GuildChannel | discord.Thread
_ALWAYS = ("embed_links", "attach_files", "read_message_history")
_ANSWERS = ("view_channel", "send_messages", *_ALWAYS)
_IN_THREADS = ("create_public_threads", "send_messages_in_threads")


def needed(place: Destination) -> tuple[str, ...]:
    """Return the permissions that posting to a place takes."""
    speaking = {
        "thread": ("send_messages_in_threads",),
        "forum": ("send_messages", "send_messages_in_threads"),  # opening a post, and answering in it
    }.get(place.kind, ("send_messages",))
    wanted = ["view_channel", *speaking, *_ALWAYS]
    if place.pin:
        wanted.append("manage_threads" if place.kind == "forum" else "pin_messages")
    return tuple(wanted)


def missing(channel: Channel, wanted: Iterable[str]) -> list[str]:
    """Return which of these permissions the bot lacks in a channel."""
    granted = channel.permissions_for(channel.guild.me)
    return [name for name in wanted if not getattr(granted, name)]


def permission_words(name: str) -> str:
    """Name a permission as Discord's settings do."""
    return " ".join(word if word == "in" else word.capitalize() for word in name.split("_"))


def channel_complaint(channel: Channel, wanted: Iterable[str]) -> Iterator[str]:
    """Say what the bot lacks in a channel and where to click; nothing where all is well."""
    lacking = missing(channel, wanted)
    if not lacking:
        return
    where = channel.parent.mention if isinstance(channel, discord.Thread) and channel.parent else channel.mention
    yield _(
        "⚠ {channel}: I lack {permissions}. Open Edit Channel → Permissions of {where}, add {bot} and allow them."
    ).format(
        channel=channel.mention,
        permissions=i18n.all_of([f"“{permission_words(name)}”" for name in lacking]),
        where=where,
        bot=channel.guild.me.mention,
    )


def complaint(desk: Desk, place: Destination) -> str | None:
    """Say what is missing in one place and where to click; None where all is well."""
    channel = desk.guild.get_channel_or_thread(place.channel_id)
    if channel is None:
        return _("⚠ The channel {id} no longer exists or is hidden from me. /schedule edit chooses another.").format(
            id=place.channel_id
        )
    return next(channel_complaint(channel, needed(place)), None)


def role_complaint(desk: Desk, role_id: int) -> Iterator[str]:
    """Say why a role cannot be pinged, where it cannot."""
    role = desk.guild.get_role(role_id)
    if role is None:
        yield _("⚠ The role to ping no longer exists. /settings change role: chooses another.")
    elif not role.mentionable and not desk.guild.me.guild_permissions.mention_everyone:
        yield _(
            "⚠ I cannot ping {role}: allow anyone to mention it in Server Settings → Roles, "
            "or give me “Mention Everyone”."
        ).format(role=role.mention)


def complaints(desk: Desk, schedules: Iterable[Schedule]) -> list[str]:
    """Say of every place of these schedules what is missing, each once."""
    found: list[str] = []
    for schedule in schedules:
        found += [text for place in schedule.destinations if (text := complaint(desk, place))]
        found += [text for place in schedule.destinations for text in _pings(desk, schedule.mention, place)]
        if schedule.mention == "role" and schedule.mention_role_id is not None:
            found += role_complaint(desk, schedule.mention_role_id)
    return list(dict.fromkeys(found))


def _pings(desk: Desk, mention: Mention, place: Destination) -> Iterator[str]:
    channel = desk.guild.get_channel_or_thread(place.channel_id)
    if mention == "everyone" and channel is not None:
        yield from channel_complaint(channel, ("mention_everyone",))


async def examine(desk: Desk) -> Page:
    """Check every configured channel and role."""
    community, guild_id = desk.community, desk.guild.id
    schedules = await community.schedules.of_guild(guild_id)
    alerts = [
        Destination(channel_id=alert.channel_id, kind=alert.kind) for alert in await community.alerts.of_guild(guild_id)
    ]
    own = await community.guilds.channels(guild_id)
    settings = await desk.settings()
    found = [*complaints(desk, schedules), *_of_alerts(desk, alerts), *_around(desk, settings, own)]
    places = [*(place for schedule in schedules for place in schedule.destinations), *alerts]
    count = len({place.channel_id for place in places})
    found = list(dict.fromkeys(found))
    verdict = _("Something is missing:") if found else _("✓ Nothing is missing.")
    checked = i18n.ngettext("{n} channel with posts checked.", "{n} channels with posts checked.", count)
    ahead = _("Mend it, then ask /doctor again.") if found else ""
    return Page("\n".join([f"### {verdict}", *found, f"-# {checked.format(n=count)} {ahead}".rstrip()]))


def _of_alerts(desk: Desk, places: Iterable[Destination]) -> Iterator[str]:
    for place in places:
        if desk.guild.get_channel_or_thread(place.channel_id) is None:
            yield _(
                "⚠ The channel {id} of an alert no longer exists or is hidden from me. /alert edit chooses another."
            ).format(id=place.channel_id)
        elif text := complaint(desk, place):
            yield text


def _around(desk: Desk, settings: GuildSettings, own: Iterable[ChannelSettings]) -> Iterator[str]:
    """Check what lies beyond posts: the log, the role, the channels for questions, this channel."""
    if settings.log_channel_id is not None:
        yield from log_complaint(desk, settings.log_channel_id)
    if settings.mention_role_id is not None:
        yield from role_complaint(desk, settings.mention_role_id)
    for channel_id in settings.allowed_channels:
        channel = desk.guild.get_channel(channel_id)
        if channel is None:
            yield _(
                "⚠ The channel {id} for questions no longer exists. Any /settings change takes it off the list."
            ).format(id=channel_id)
        else:
            yield from channel_complaint(channel, _ANSWERS)
    for rules in own:
        channel = desk.guild.get_channel(rules.channel_id)
        if rules.command_mode == "thread" and channel is not None:
            yield from channel_complaint(channel, _IN_THREADS)
    here = desk.guild.get_channel_or_thread(desk.channel_id)
    lacking = missing(here, _ALWAYS) if here is not None else []
    if lacking:
        names = i18n.all_of([f"“{permission_words(name)}”" for name in lacking])
        yield _("⚠ Here I lack {permissions}: answers in this channel may fail.").format(permissions=names)


def log_complaint(desk: Desk, channel_id: int) -> Iterator[str]:
    """Say why changes and failures cannot be noted, where they cannot."""
    channel = desk.guild.get_channel_or_thread(channel_id)
    if channel is None:
        yield _("⚠ The log channel no longer exists or is hidden from me. /settings change log: chooses another.")
    else:
        yield from channel_complaint(channel, ("view_channel", "send_messages"))
