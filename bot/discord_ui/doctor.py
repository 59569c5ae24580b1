"""``/doctor``: every permission the bot needs in every configured channel, what is missing and where to click."""

from collections.abc import Iterable, Iterator

import discord

from bot import i18n
from bot.community.records import Destination, GuildSettings, Schedule
from bot.discord_ui.desk import Desk
from bot.discord_ui.pages import Page
from bot.i18n import gettext as _

Channel = discord.abc.GuildChannel | discord.Thread
_ALWAYS = ("embed_links", "attach_files", "read_message_history")


def needed(place: Destination) -> tuple[str, ...]:
    """Return the permissions that posting to a place takes."""
    speaking = "send_messages_in_threads" if place.kind == "thread" else "send_messages"
    wanted = ["view_channel", speaking, *_ALWAYS]
    if place.pin:
        wanted.append("manage_messages")
    return tuple(wanted)


def missing(channel: Channel, wanted: Iterable[str]) -> list[str]:
    """Return which of these permissions the bot lacks in a channel."""
    granted = channel.permissions_for(channel.guild.me)
    return [name for name in wanted if not getattr(granted, name)]


def permission_words(name: str) -> str:
    """Name a permission as Discord's settings do."""
    return " ".join(word if word == "in" else word.capitalize() for word in name.split("_"))


def complaint(desk: Desk, place: Destination) -> str | None:
    """Say what is missing in one place and where to click; None where all is well."""
    channel = desk.guild.get_channel_or_thread(place.channel_id)
    if channel is None:
        return _("⚠ The channel {id} no longer exists or is hidden from me. /schedule edit chooses another.").format(
            id=place.channel_id
        )
    lacking = missing(channel, needed(place))
    if not lacking:
        return None
    where = channel.parent.mention if isinstance(channel, discord.Thread) and channel.parent else channel.mention
    return _(
        "⚠ {channel}: I lack {permissions}. Open Edit Channel → Permissions of {where}, add {bot} and allow them."
    ).format(
        channel=channel.mention,
        permissions=i18n.all_of([f"“{permission_words(name)}”" for name in lacking]),
        where=where,
        bot=desk.guild.me.mention,
    )


def complaints(desk: Desk, schedules: Iterable[Schedule]) -> list[str]:
    """Say of every place of these schedules what is missing, each once."""
    found = [complaint(desk, place) for schedule in schedules for place in schedule.destinations]
    return list(dict.fromkeys(text for text in found if text))


async def examine(desk: Desk) -> Page:
    """Check every configured channel."""
    schedules = await desk.community.schedules.of_guild(desk.guild.id)
    settings = await desk.settings()
    found = [*complaints(desk, schedules), *_around(desk, settings)]
    places = {place.channel_id for schedule in schedules for place in schedule.destinations}
    checked = i18n.ngettext("{n} channel with posts checked.", "{n} channels with posts checked.", len(places))
    verdict = _("Something is missing:") if found else _("✓ Nothing is missing.")
    return Page("\n".join([f"### {verdict}", *found, f"-# {checked.format(n=len(places))}"]))


def _around(desk: Desk, settings: GuildSettings) -> Iterator[str]:
    """Check what posts may need beyond their channels: the log, the role, this channel."""
    if settings.log_channel_id is not None:
        log_place = Destination(channel_id=settings.log_channel_id)
        if text := complaint(desk, log_place):
            yield text
    role = desk.guild.get_role(settings.mention_role_id or 0)
    if settings.mention_role_id is not None and role is None:
        yield _("⚠ The role to ping no longer exists. /settings role chooses another.")
    elif role is not None and not role.mentionable and not desk.guild.me.guild_permissions.mention_everyone:
        yield _(
            "⚠ I cannot ping {role}: allow anyone to mention it in Server Settings → Roles, "
            "or give me “Mention Everyone”."
        ).format(role=role.mention)
    here = desk.guild.get_channel_or_thread(desk.channel_id)
    lacking = missing(here, _ALWAYS) if here is not None else []
    if here is not None and lacking:
        names = i18n.all_of([f"“{permission_words(name)}”" for name in lacking])
        yield _("⚠ Here I lack {permissions}: answers in this channel may fail.").format(permissions=names)
