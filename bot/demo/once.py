"""One command answered, its message written to a folder: for a terminal and for tests of the whole."""

from pathlib import Path
from typing import TextIO

import discord
from simcord import Env
from simcord.builders import ChannelHandle

from bot.config import Settings
from bot.demo.stage import Stage, opened
from bot.demo.written import message_text
from bot.i18n import gettext as _

MESSAGE_FILE = "message.txt"


async def answer(settings: Settings, command: str, out: Path, terminal: TextIO) -> int:
    """Send ``command`` as a member would, write the answer's text and files to ``out``; 1 if there is no card."""
    async with opened(settings) as stage:
        message = await ask(stage, command, settings.discord.prefix)
        if message is None:
            terminal.write(_("The bot did not answer “{command}”.").format(command=command) + "\n")
            return 1
        text = message_text(message, raw_components(stage.env, stage.channel, message))
        terminal.write(text)
        files = {attachment.filename: await attachment.read() for attachment in message.attachments}
        terminal.writelines(f"{path}\n" for path in _written(text, files, out))
        return 0 if message.components else 1


async def ask(stage: Stage, command: str, prefix: str) -> discord.Message | None:
    """Send a command, with or without its prefix, and return the bot's answer."""
    words = command.strip().removeprefix("/").removeprefix(prefix)
    sent = await stage.member.send(stage.channel, f"{prefix}{words}")
    last = stage.channel.last_message
    return last if last is not None and last.id != sent.id else None


def raw_components(env: Env, channel: ChannelHandle, message: discord.Message) -> list[dict[str, object]]:
    """Return a message's components as they were sent: the library keeps no alternative texts."""
    return list(env.backend.get_message(channel.id, message.id).components)


def _written(text: str, files: dict[str, bytes], out: Path) -> list[Path]:
    out.mkdir(parents=True, exist_ok=True)
    for name, body in {MESSAGE_FILE: text.encode(), **files}.items():
        (out / name).write_bytes(body)
    return [out / name for name in (MESSAGE_FILE, *files)]
