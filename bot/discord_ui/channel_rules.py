"""``/channel``: how questions are answered in one channel, where that differs from the server."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

import discord
from discord.ext import commands

from bot import i18n
from bot.community.records import ChannelSettings, CommandMode
from bot.discord_ui.desk import Desk
from bot.discord_ui.doctor import channel_complaint
from bot.discord_ui.house import place_id
from bot.discord_ui.pages import Page
from bot.discord_ui.question import Question
from bot.errors import BadInput
from bot.i18n import gettext as _


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


def channel_line(own: ChannelSettings) -> str:
    """Say how one channel is: what is as in the whole server is left out."""
    modes = {
        "public": _("answers for everyone"), "ephemeral": _("answers for the asker alone"),
        "thread": _("answers in threads"), "off": _("no answers"),
    }  # fmt: skip
    parts = [modes[own.command_mode], own.language, own.theme]
    if own.allowed_commands:
        parts.append(_("only {commands}").format(commands=i18n.all_of([f"/{name}" for name in own.allowed_commands])))
    return f"<#{own.channel_id}>: **{', '.join(part for part in parts if part)}**"


async def change(desk: Desk, wishes: ChannelWishes) -> Page:
    """Change what is different in a channel, and show it."""
    channel_id = wishes.channel.id if wishes.channel else _own_channel(desk)
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
    return Page("\n".join([channel_line(after), *_channel_consequences(desk, before, after)]))


def _own_channel(desk: Desk) -> int:
    """Return the channel a command was given in; a thread's is the one it hangs under."""
    return place_id(desk.guild.get_channel_or_thread(desk.channel_id) or discord.Object(desk.channel_id))


def _channel_consequences(desk: Desk, before: ChannelSettings, after: ChannelSettings) -> Iterator[str]:
    if after == before:
        yield _("Nothing was changed: choose mode:, language:, theme: or commands:.")
        return
    if after.command_mode in {"ephemeral", "off"}:
        yield _("Regular posts and alerts still come here; ! commands are pointed elsewhere.")
    channel = desk.guild.get_channel(after.channel_id)
    if after.command_mode == "thread" and channel is not None:
        yield from channel_complaint(channel, ("create_public_threads", "send_messages_in_threads"))
    yield "-# " + _("/undo takes it back.")


def _own(wished: str | None, before: str | None) -> str | None:
    return before if wished is None else None if wished == "server" else wished


def question_names(desk: Desk) -> set[str]:
    """Return the names of the questions there are."""
    return {command.name for command in desk.bot.commands if isinstance(command, Question)}


def _questions(desk: Desk, text: str | None, before: tuple[str, ...]) -> tuple[str, ...]:
    if text is None:
        return before
    names = [name.strip().lower().lstrip("/!") for name in text.split(",") if name.strip()]
    if names == ["all"]:
        return ()
    known = question_names(desk)
    if unknown := [name for name in names if name not in known]:
        listed = i18n.all_of(sorted(known))
        raise BadInput(
            _("There is no question “{name}”. There are: {names}.").format(
                name=i18n.plain(unknown[0], 30), names=listed
            )
        )
    return tuple(dict.fromkeys(names))
