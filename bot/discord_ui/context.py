"""What a command body may do: a few verbs, so that a cog stays three lines."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
from discord.ext import commands

from bot import i18n
from bot.community.store import Community
from bot.discord_ui.admission import reply_for
from bot.discord_ui.auditing import noted
from bot.discord_ui.desk import Desk
from bot.discord_ui.forms import Asked
from bot.discord_ui.house import House
from bot.discord_ui.pages import Page, page_view
from bot.discord_ui.permissions import require_admin
from bot.discord_ui.replies import InteractionReply, MessageReply, Reply
from bot.errors import BadInput
from bot.i18n import gettext as _
from bot.reading import MAX_TEXT, read_options
from bot.request import Request

if TYPE_CHECKING:
    from bot.client import Handoff


@dataclass(frozen=True, slots=True)
class FieldForm:
    """A form for one field: its title, what it asks for as a sentence, and an example."""

    title: str
    label: str
    example: str


class Context(commands.Context["Handoff"]):
    """A command that was called, by slash or by text."""

    notes: tuple[str, ...] = ()  # how the words were read, for the card
    house: House = House()  # what this place asks of answers

    @property
    def language(self) -> str:
        """The channel's language where one was chosen; else the asker's for slash commands, the server's for text."""
        if self.house.channel is not None and self.house.channel.language:
            return self.house.channel.language
        if self.interaction is not None:
            return i18n.supported(str(self.interaction.locale))
        return self.house.language or self.bot.language_of(self.guild)

    def answer_to(self, *, private: bool = False) -> Reply:
        """Return where a sentence goes: what is private, to the asker alone where that is possible."""
        if self.interaction is not None:
            return InteractionReply(self.interaction, ephemeral=private)
        return MessageReply(self)

    async def reply_with(self, request: Request) -> None:
        """Answer a request with its card, as the house rules ask. Private questions are for the asker alone."""
        with i18n.use(self.language):
            asked = self.house.spared(request)
            async with reply_for(self, request) as reply:
                await self.bot.answers.answer(reply, asked, self.notes)

    async def reply_once_filled(self, request: Request, name: str, form: FieldForm) -> None:
        """Ask for a field that was left out, in a form, and answer the request with it as ``reply_with`` does.

        A text command cannot open a form. Raises BadInput that says how the field is written.
        """
        with i18n.use(self.language):
            if self.interaction is None:
                raise BadInput(
                    _("{label} Write for instance {example}.").format(label=form.label, example=form.example)
                )

            async def taken(interaction: "discord.Interaction[Handoff]", text: str) -> None:
                reading = read_options(type(request), {name: text}, self.bot.known(), base=request)
                reply = InteractionReply(interaction, ephemeral=request.private)
                reply.language, reply.theme = self.language, self.house.theme
                await self.bot.answers.answer(reply, self.house.spared(reading.request), reading.notes)

            asked = Asked(form.title, form.label, form.example, taken, room=MAX_TEXT)
            await self.interaction.response.send_modal(asked)

    async def administer(self, act: Callable[[Desk], Awaitable[Page]]) -> None:
        """Do what an admin asked for and show what became of it: by slash to them alone."""
        await self.look(lambda desk: noted(desk, act))

    async def look(self, act: Callable[[Desk], Awaitable[Page]]) -> None:
        """Show an admin what an act that changes nothing returns: by slash to them alone."""
        with i18n.use(self.language):
            await self.defer(ephemeral=True)
            await self._show(await act(Desk.of(self)))

    async def about(
        self,
        what: str,
        mine: Callable[[Community, int], Awaitable[Page]],
        ours: Callable[[Desk], Awaitable[Page]],
    ) -> None:
        """Do something about the person's own data, or about the server's where they may."""
        if what == "server":
            with i18n.use(self.language):
                await require_admin(self.bot.community, self.author)
            await self.look(ours)
            return
        with i18n.use(self.language):
            await self.defer(ephemeral=True)
            await self._show(await mine(self.bot.community, self.author.id))

    async def _show(self, page: Page) -> None:
        if page.alone and self.interaction is None and self.guild is not None:
            await self._show_directly(page)
            return
        for message in _messages(page):
            await self.send(**message, ephemeral=True)

    async def _show_directly(self, page: Page) -> None:
        """Send a page that is nobody else's business by direct message, and say in the channel that it went there."""
        command = self.command.qualified_name if self.command else ""
        try:
            for message in _messages(page):
                await self.author.send(**message)
        except discord.Forbidden:
            text = _("I may not write to you directly. Use /{command}: then only you see the answer.")
            await self.answer_to().say(text.format(command=command))
        else:
            await self.answer_to().say(_("I have sent it to you by direct message."))


def _messages(page: Page) -> list[dict[str, Any]]:
    """Return the messages of a page: its card, then its text."""
    card = [{"view": page.card[0], "files": page.card[1]}] if page.card is not None else []
    return [*card, {"view": page_view(page), "files": list(page.files)}]
