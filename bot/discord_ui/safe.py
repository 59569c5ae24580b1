"""Presses and forms whose errors are answered like everybody else's; the library would only log them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
from discord import ui

from bot import i18n
from bot.discord_ui.errors import explained
from bot.discord_ui.limits import TITLE, cut
from bot.discord_ui.replies import say_privately


async def answer_error(interaction: discord.Interaction[Any], error: Exception, language: str | None = None) -> None:
    """Tell whoever caused an interaction what went wrong, in their language unless another is spoken there."""
    with i18n.use(language or i18n.supported(str(interaction.locale))):
        if text := explained(error):
            await say_privately(interaction, text)


@asynccontextmanager
async def answering(interaction: discord.Interaction[Any]) -> AsyncIterator[None]:
    """Speak the language of whoever pressed something and answer what goes wrong: the library would only log it."""
    with i18n.use(i18n.supported(str(interaction.locale))):
        try:
            yield
        except Exception as error:  # noqa: BLE001  (the outermost boundary: everything gets its answer)
            await answer_error(interaction, error)


class SafeModal(ui.Modal):
    """A form; whatever is wrong with what was filled in is said to who filled it in.

    It is read and answered in the ``language`` that it was opened in: its own examples must make sense to it.
    """

    def __init__(self, title: str) -> None:
        super().__init__(title=cut(title, TITLE))
        self.language = i18n.active()

    async def on_error(  # type: ignore[override]  # in the library too, a form's errors come without an item
        self, interaction: discord.Interaction[Any], error: Exception, /
    ) -> None:
        """Answer the error."""
        await answer_error(interaction, error, self.language)
