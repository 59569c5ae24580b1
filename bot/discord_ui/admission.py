"""Whether a question is answered where it was asked, and how: checked before its words are even read."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import discord
from discord.ext import commands

from bot import i18n
from bot.discord_ui.house import Crowded, House, place_id
from bot.discord_ui.limits import THREAD_NAME, cut
from bot.discord_ui.question import Question
from bot.discord_ui.replies import InteractionReply, MessageReply, Reply, say_privately
from bot.errors import BadInput, UserError
from bot.i18n import gettext as _
from bot.request import Request

if TYPE_CHECKING:
    from bot.client import Handoff
    from bot.discord_ui.context import Context

log = logging.getLogger(__name__)


async def keep_private(ctx: "Context") -> None:
    """Take a message with somebody's own figures away from a server's channel, and say how to ask instead.

    Comes before anything else: whoever asks too fast, or where nothing is answered, shall not leave them there either.
    """
    question = ctx.command
    if isinstance(question, Question) and question.request.private and ctx.guild and ctx.interaction is None:
        with i18n.use(ctx.language):
            try:
                await _take_away(ctx, question.name)
            except UserError as refusal:
                raise commands.CommandInvokeError(refusal) from refusal


async def admit(ctx: "Context") -> None:
    """Raise the refusal of a question, in an error that the library answers; other commands always pass."""
    if not isinstance(ctx.command, Question):
        return
    with i18n.use(ctx.language):
        try:
            ctx.house.admit(ctx.command.name, place_id(ctx.channel), ctx.author.id, by_text=ctx.interaction is None)
        except UserError as refusal:
            raise commands.CommandInvokeError(refusal) from refusal


async def _take_away(ctx: "Context", name: str) -> None:
    """Remove the message, where the bot may. Raises BadInput with the way to ask."""
    if ctx.bot_permissions.manage_messages:
        try:
            await ctx.message.delete()
        except discord.HTTPException as error:
            log.info("a private question stays: %s", error)
    raise BadInput(for_the_asker_alone(name))


def for_the_asker_alone(name: str) -> str:
    """Say how a private question is asked where others read along."""
    return _("The answer would be seen by everyone here. Use /{command}: then only you see it.").format(command=name)


@asynccontextmanager
async def reply_for(ctx: "Context", request: Request) -> AsyncIterator[Reply]:
    """Open the way an answer goes by the house rules: the channel, a thread of it, or the asker alone.

    Raises Crowded where there were enough public answers and the asker cannot be answered alone.
    """
    alone, taken = request.private or (ctx.interaction is not None and ctx.house.mode == "ephemeral"), None
    if not alone:
        try:
            taken = await ctx.bot.door.take(ctx.house, request.feature, ctx.bot.clock.now())
        except Crowded:
            if ctx.interaction is None:
                raise
            alone = True
    reply = _reply(ctx, alone=alone)
    reply.language, reply.theme = ctx.language, ctx.house.theme
    async with counted(ctx.bot, ctx.house, reply, ctx.author.id, taken):
        yield reply


def _reply(ctx: "Context", *, alone: bool) -> Reply:
    in_thread = ctx.house.mode == "thread" and isinstance(ctx.channel, discord.TextChannel)
    if ctx.interaction is None:
        return MessageThread(ctx) if in_thread else MessageReply(ctx)
    interaction: Any = ctx.interaction
    return SlashThread(interaction) if in_thread and not alone else InteractionReply(interaction, ephemeral=alone)


@asynccontextmanager
async def counted(bot: "Handoff", house: House, reply: Reply, asker: int, taken: str | None) -> AsyncIterator[None]:
    """Have an answer noted once it stands in public; one that comes to nothing is not counted."""
    stands = False

    async def done(message: Any) -> None:
        nonlocal stands
        stands = True
        if reply.public:
            await bot.door.note(house, message, asker, bot.clock.now())

    reply.done = done
    try:
        yield
    finally:
        if not stands:
            await bot.door.give_back(taken)


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
        channel: Any = interaction.channel
        self.files = channel.permissions_for(channel.guild.me).attach_files  # a thread is written to like any channel

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
