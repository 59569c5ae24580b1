"""House rules: what a server and its channel ask of answers. Looked up before a question is read."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot import i18n
from bot.community.records import Blocks, ChannelSettings, GuildSettings, Reply
from bot.community.store import Community
from bot.errors import BadInput, UserError
from bot.i18n import gettext as _
from bot.jobs.content import as_part, sparing, symbols
from bot.request import Request

if TYPE_CHECKING:
    from bot.client import Handoff


class NotAnsweredHere(UserError):
    """A question that this place does not want answered; the words say where or how it is."""

    def __init__(self, words: str) -> None:
        self.words = words

    def text(self) -> str:
        """Say where or how it is answered."""
        return self.words


@dataclass(frozen=True, slots=True)
class House:
    """The rules of one place; outside of servers there are none."""

    settings: GuildSettings | None = None
    channel: ChannelSettings | None = None
    blocks: Blocks = field(default_factory=Blocks)

    @property
    def mode(self) -> str:
        """How commands are answered: public, ephemeral, thread, off."""
        return self.channel.command_mode if self.channel else "public"

    @property
    def theme(self) -> str | None:
        """The theme of cards; None where nobody has chosen."""
        if self.channel and self.channel.theme:
            return self.channel.theme
        return self.settings.theme if self.settings and _chosen(self.settings) else None

    @property
    def language(self) -> str | None:
        """The language that was chosen for this place, None where nobody has."""
        if self.channel and self.channel.language:
            return self.channel.language
        return self.settings.language if self.settings and _chosen(self.settings) else None

    def admit(self, name: str, channel_id: int, user_id: int, *, by_text: bool) -> None:
        """Raise NotAnsweredHere where a question may not be asked here, by this person or in this way."""
        if user_id in self.blocks.users:
            raise NotAnsweredHere(_("You may not use this here."))
        allowed = self.settings.allowed_channels if self.settings else ()
        if allowed and channel_id not in allowed:
            places = i18n.one_of([f"<#{place}>" for place in allowed])
            raise NotAnsweredHere(_("Questions are answered in {channels}.").format(channels=places))
        if self.mode == "off":
            raise NotAnsweredHere(_("Questions are not answered in this channel."))
        if self.channel and self.channel.allowed_commands and name not in self.channel.allowed_commands:
            names = i18n.one_of([f"/{command}" for command in self.channel.allowed_commands])
            raise NotAnsweredHere(_("In this channel only {commands} is answered.").format(commands=names))
        if self.mode == "ephemeral" and by_text:
            raise NotAnsweredHere(
                _("In this channel answers are for the asker alone: use /{command}.").format(command=name)
            )

    def spared(self, request: Request) -> Request:
        """Return the request without blocked symbols. Raises BadInput where it asks for one."""
        asked = symbols(as_part(request)) & self.blocks.symbols
        if asked:
            raise BadInput(
                _("This server has decided not to show {symbols}.").format(symbols=i18n.all_of(sorted(asked)))
            )
        return sparing(request, self.blocks.symbols)


def _chosen(settings: GuildSettings) -> bool:
    return settings != GuildSettings(guild_id=settings.guild_id)


def has_bot(bot: discord.Client, guild_id: int | None) -> bool:
    """Return whether this is a server that has the bot, not a message between people or a place it is only used in."""
    return guild_id is not None and bot.get_guild(guild_id) is not None


async def house_of(bot: "Handoff", guild_id: int | None, channel: Any) -> House:
    """Look up the rules of a place; a thread has those of its channel.

    A server without the bot has none, whatever it had set when it had the bot: people bring it along there. Raises
    RulesUnread.
    """
    if guild_id is None or not has_bot(bot, guild_id):
        return House()
    guilds = bot.community.guilds
    try:
        return House(
            await guilds.get(guild_id), await guilds.channel(guild_id, place_id(channel)), await guilds.blocks(guild_id)
        )
    except Exception as error:
        raise RulesUnread(error) from error


class RulesUnread(app_commands.AppCommandError):
    """The rules of a place could not be read. What is not an error of the library's kind it would leave unanswered."""

    def __init__(self, original: Exception) -> None:
        super().__init__(str(original))
        self.original = original


def place_id(channel: Any) -> int:
    """Return the channel that rules are made for: a thread's parent."""
    found: int = channel.parent_id if isinstance(channel, discord.Thread) else channel.id
    return found


class Crowded(BadInput):
    """A server has had as many public answers this hour as it wants."""

    def __init__(self, command: str) -> None:
        super().__init__(
            _("There were enough answers here for now. Use /{command}: then only you see it.").format(command=command)
        )


@dataclass(frozen=True, slots=True)
class Door:
    """Counts public answers in each server's last hour, and remembers those that go by themselves."""

    community: Community

    async def take(self, house: House, command: str, now: datetime) -> str | None:
        """Take one of the hour's public answers; None where they are not counted. Raises Crowded."""
        if house.settings is None or house.settings.hourly_cap is None:
            return None
        taken = await self.community.answers.take(house.settings.guild_id, house.settings.hourly_cap, now)
        if taken is None:
            raise Crowded(command)
        return taken

    async def give_back(self, taken: str | None) -> None:
        """Give an answer back that came to nothing."""
        if taken is not None:
            await self.community.answers.give_back(taken)

    async def note(self, house: House, message: Any, asker: int, now: datetime) -> None:
        """Have a public answer deleted after some hours, where the server wants that."""
        settings = house.settings
        if settings is None or message is None or settings.auto_delete_hours is None:
            return
        await self.community.replies.add(
            Reply(
                message_id=message.id,
                guild_id=settings.guild_id,
                channel_id=message.channel.id,
                user_id=asker,
                delete_at=now + timedelta(hours=settings.auto_delete_hours),
            )
        )
