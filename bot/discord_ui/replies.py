"""Where an answer goes: a slash command, a text command, a pressed control. One shape, so that answering is one code.

``wait`` shows that work is going on, ``card`` gives the answer, ``say`` a sentence, to the asker alone if possible.
"""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot import i18n
from bot.discord_ui.house import has_bot
from bot.discord_ui.limits import MESSAGE, cut

if TYPE_CHECKING:
    from bot.client import Handoff
    from bot.discord_ui.context import Context

SHORT_LIVED = 30.0  # seconds until a sentence in a public channel is removed again
Files = list[discord.File]


class Reply(ABC):
    """An open question of somebody, in a language, at a place."""

    language: str
    asker: int | None
    channel: int | None
    public: bool
    in_server: bool  # one that has the bot: elsewhere nothing is offered that belongs to servers
    files: bool  # whether anything may be attached here
    theme: str | None = None  # of the cards here, None for the usual one
    done: Callable[[Any], Awaitable[None]] | None = None  # called with the answer's message

    @abstractmethod
    async def wait(self) -> None:
        """Show that the answer takes a moment."""

    @abstractmethod
    async def card(self, view: ui.LayoutView, files: Files) -> Any:
        """Give the answer; return the message where it has an address."""

    @abstractmethod
    async def say(self, text: str) -> None:
        """Say a sentence instead of an answer."""


class InteractionReply(Reply):
    """Answers an interaction with a message of its own, ephemeral where asked."""

    def __init__(self, interaction: "discord.Interaction[Handoff]", *, ephemeral: bool = False) -> None:
        self.interaction = interaction
        self.language = i18n.supported(str(interaction.locale))
        self.asker = interaction.user.id
        self.channel = interaction.channel_id
        self.public = not ephemeral
        self.in_server = has_bot(interaction.client, interaction.guild_id)
        self.files = interaction.guild_id is None or interaction.app_permissions.attach_files

    async def wait(self) -> None:
        """Defer; from here on the answer's visibility is fixed."""
        await self.interaction.response.defer(ephemeral=not self.public, thinking=True)

    async def card(self, view: ui.LayoutView, files: Files) -> Any:
        """Send the card."""
        if self.interaction.response.is_done():
            return await self.interaction.followup.send(view=view, files=files, ephemeral=not self.public, wait=True)
        sent = await self.interaction.response.send_message(view=view, files=files, ephemeral=not self.public)
        return sent.resource

    async def say(self, text: str) -> None:
        """Say it to the asker alone."""
        await say_privately(self.interaction, text)


class EditReply(InteractionReply):
    """Turns the message of a pressed control into the new answer, for the person it belongs to."""

    def __init__(self, interaction: "discord.Interaction[Handoff]") -> None:
        message = interaction.message
        super().__init__(interaction, ephemeral=message is not None and message.flags.ephemeral)

    async def wait(self) -> None:
        """Acknowledge; the message stays as it is meanwhile."""
        await self.interaction.response.defer()

    async def card(self, view: ui.LayoutView, files: Files) -> Any:
        """Replace card and pictures."""
        if self.interaction.response.is_done():
            return await self.interaction.edit_original_response(view=view, attachments=files)
        await self.interaction.response.edit_message(view=view, attachments=files)
        return self.interaction.message


class MessageReply(Reply):
    """Answers a text message with a reply. Nothing here can be ephemeral: sentences are removed after a while."""

    def __init__(self, ctx: "Context") -> None:
        self.ctx = ctx
        self.language = ctx.language
        self.asker = ctx.author.id
        self.channel = ctx.channel.id
        self.public = True
        self.in_server = ctx.guild is not None
        self.files = ctx.bot_permissions.attach_files

    async def wait(self) -> None:
        """Show that the bot is typing."""
        await self.ctx.channel.typing()

    async def card(self, view: ui.LayoutView, files: Files) -> Any:
        """Reply with the card."""
        return await self.ctx.channel.send(view=view, files=files, **self._reference())

    async def say(self, text: str) -> None:
        """Reply with a sentence that goes away by itself."""
        stays = self.ctx.bot.sentences_stay
        await self.ctx.channel.send(cut(text, MESSAGE), delete_after=stays, **self._reference())

    def _reference(self) -> dict[str, Any]:
        """Refer to the message that asked, where the bot may: replying needs the right to read the history."""
        if not self.ctx.bot_permissions.read_message_history:
            return {}
        return {"reference": self.ctx.message.to_reference(fail_if_not_exists=False)}


async def say_privately(interaction: "discord.Interaction[Any]", text: str) -> None:
    """Say a sentence to whoever caused an interaction, and to nobody else where that is still possible."""
    if interaction.response.is_done():
        await interaction.followup.send(cut(text, MESSAGE), ephemeral=True)
    else:
        await interaction.response.send_message(cut(text, MESSAGE), ephemeral=True)
