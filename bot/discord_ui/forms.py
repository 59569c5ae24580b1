"""A form of one field: for what no button or select can list, such as any day, any ticker, a portfolio."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot import i18n
from bot.discord_ui.limits import TITLE, cut
from bot.discord_ui.safe import SafeModal

if TYPE_CHECKING:
    from bot.client import Handoff

_LONGEST = 60
Taken = Callable[["discord.Interaction[Handoff]", str], Awaitable[None]]


class Asked(SafeModal):
    """Asks for one text and hands it on, with the interaction that answers the form. ``room``: several lines."""

    def __init__(self, title: str, label: str, example: str, taken: Taken, *, room: int = _LONGEST) -> None:
        super().__init__(title)
        style = discord.TextStyle.short if room <= _LONGEST else discord.TextStyle.paragraph
        self.line: ui.TextInput[Any] = ui.TextInput(
            style=style, placeholder=example, max_length=room, custom_id="answer"
        )
        self.add_item(ui.Label(text=cut(label, TITLE), component=self.line))
        self._taken = taken

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Hand the text on; errors are answered by the base class."""
        with i18n.use(self.language):
            await self._taken(interaction, self.line.value)
