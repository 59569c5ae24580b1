"""What a command body may do: three verbs, so that a cog stays three lines."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from discord.ext import commands

from bot import i18n
from bot.discord_ui.desk import Desk
from bot.discord_ui.pages import Page, page_view
from bot.discord_ui.replies import InteractionReply, MessageReply, Reply
from bot.errors import BadInput
from bot.i18n import gettext as _
from bot.reading import read_options
from bot.request import Request

if TYPE_CHECKING:
    from bot.client import Handoff  # noqa: F401  (named in the base class)


class Context(commands.Context["Handoff"]):
    """A command that was called, by slash or by text."""

    notes: tuple[str, ...] = ()  # how the words were read, for the card

    @property
    def language(self) -> str:
        """The asker's language for slash commands, else the server's."""
        if self.interaction is not None:
            return i18n.supported(str(self.interaction.locale))
        return self.bot.language_of(self.guild)

    def answer_to(self, *, private: bool = False) -> Reply:
        """Return where an answer goes."""
        if self.interaction is not None:
            return InteractionReply(self.interaction, ephemeral=private)
        return MessageReply(self)

    async def reply_with(self, request: Request) -> None:
        """Answer a request with its card. Private questions are answered in public channels only by slash."""
        if request.private and self.interaction is None and self.guild is not None:
            raise BadInput(
                _("The answer would be seen by everyone here. Use /{command}: then only you see it.").format(
                    command=request.feature
                )
            )
        await self.bot.answers.answer(self.answer_to(private=request.private), request, self.notes)

    async def administer(self, act: Callable[[Desk], Awaitable[Page]]) -> None:
        """Do what an admin asked for and show what became of it: by slash to them alone."""
        with i18n.use(self.language):
            await self.defer(ephemeral=True)
            page = await act(Desk.of(self))
            if page.card is not None:
                view, files = page.card
                await self.send(view=view, files=files, ephemeral=True)
            await self.send(view=page_view(page), files=list(page.files), ephemeral=True)

    async def ask(self, kind: type[Request], **texts: object) -> None:
        """Answer the request that option texts ask for."""
        with i18n.use(self.language):
            reading = read_options(kind, texts, self.bot.known())
        self.notes = reading.notes
        await self.reply_with(reading.request)
