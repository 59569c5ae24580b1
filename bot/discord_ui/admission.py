"""Whether a question is answered where it was asked, and how: checked before its words are even read."""

import logging
from typing import TYPE_CHECKING, Any

import discord
from discord.ext import commands

from bot import i18n
from bot.discord_ui.house import place_id
from bot.discord_ui.limits import THREAD_NAME, cut
from bot.discord_ui.question import Question
from bot.discord_ui.replies import InteractionReply, MessageReply, Reply, say_privately
from bot.errors import BadInput, UserError
from bot.i18n import gettext as _

if TYPE_CHECKING:
    from bot.discord_ui.context import Context

log = logging.getLogger(__name__)


async def admit(ctx: "Context") -> None:
    """Raise the refusal of a question, in an error that the library answers; other commands always pass."""
    if not isinstance(ctx.command, Question):
        return
    by_text = ctx.interaction is None
    with i18n.use(ctx.language):
        try:
            if ctx.guild is not None and by_text and ctx.command.request.private:
                await _take_away(ctx)
            ctx.house.admit(ctx.command.name, place_id(ctx.channel), ctx.author.id, by_text=by_text)
            if by_text and ctx.bot.door.full(ctx.house, ctx.bot.clock.now()):
                raise BadInput(
                    _("There were enough answers here for now. Use /{command}: then only you see it.").format(
                        command=ctx.command.name
                    )
                )
        except UserError as refusal:
            raise commands.CommandInvokeError(refusal) from refusal


async def _take_away(ctx: "Context") -> None:
    """Remove a message with somebody's own figures, where the bot may. Raises BadInput with the way to ask."""
    if ctx.bot_permissions.manage_messages:
        try:
            await ctx.message.delete()
        except discord.HTTPException as error:
            log.info("a private question stays: %s", error)
    assert ctx.command is not None
    raise BadInput(
        _("The answer would be seen by everyone here. Use /{command}: then only you see it.").format(
            command=ctx.command.name
        )
    )


def reply_for(ctx: "Context", *, private: bool) -> Reply:
    """Return where an answer goes by the house rules: the channel, a thread of it, or the asker alone."""
    full = ctx.bot.door.full(ctx.house, ctx.bot.clock.now())
    in_thread = ctx.house.mode == "thread" and isinstance(ctx.channel, discord.TextChannel)
    reply: Reply
    if ctx.interaction is not None:
        alone = private or full or ctx.house.mode == "ephemeral"
        interaction: Any = ctx.interaction
        reply = InteractionReply(interaction, ephemeral=alone) if alone or not in_thread else SlashThread(interaction)
    else:
        reply = MessageThread(ctx) if in_thread else MessageReply(ctx)
    reply.language = ctx.language
    reply.theme = ctx.house.theme
    reply.done = lambda message: _done(ctx, reply, message)
    return reply


async def _done(ctx: "Context", reply: Reply, message: Any) -> None:
    if reply.public and ctx.guild is not None:
        await ctx.bot.door.note(ctx.house, message, ctx.author.id, ctx.bot.clock.now())


class MessageThread(MessageReply):
    """Answers a text message in a thread beneath it."""

    async def card(self, view: Any, files: Any) -> Any:
        """Open the thread and send the card there."""
        try:
            thread = await self.ctx.message.create_thread(name=_thread_name(self.ctx))
        except discord.Forbidden as error:
            raise _no_threads() from error
        return await thread.send(view=view, files=files)


class SlashThread(InteractionReply):
    """Answers a slash command in a new thread, and tells the asker where."""

    def __init__(self, interaction: "discord.Interaction[Any]") -> None:
        super().__init__(interaction)
        self.asker = interaction.user.id

    async def wait(self) -> None:
        """Defer to the asker alone: the card goes elsewhere."""
        await self.interaction.response.defer(ephemeral=True, thinking=True)

    async def card(self, view: Any, files: Any) -> Any:
        """Open the thread, send the card there, say where."""
        channel: Any = self.interaction.channel
        command = self.interaction.command
        name = f"/{command.name}" if command else "/"
        try:
            thread = await channel.create_thread(name=name, type=discord.ChannelType.public_thread)
        except discord.Forbidden as error:
            raise _no_threads() from error
        message = await thread.send(view=view, files=files)
        await say_privately(self.interaction, _("Answered in {thread}.").format(thread=thread.mention))
        return message


def _thread_name(ctx: "Context") -> str:
    return cut(discord.utils.remove_markdown(ctx.message.content), THREAD_NAME) or "/"


def _no_threads() -> BadInput:
    return BadInput(_("Answers here go into threads, but I lack “Create Public Threads” in this channel."))
