"""The bin: takes a public answer away, for whoever asked and for moderators. Who asked is in the custom id."""

import re
from typing import Any

import discord
from discord import ui

from bot.discord_ui.ids import base36
from bot.discord_ui.safe import answering
from bot.errors import UserError
from bot.i18n import gettext as _

SIGN = "🗑️"


class NotYours(UserError):
    """Somebody wants to bin another's answer."""

    def text(self) -> str:
        """Say who may."""
        return _("Only whoever asked, and moderators, can remove this.")


class BinButton(ui.DynamicItem[ui.Button[Any]], template=r"b1:(?P<asker>[0-9a-z]{1,13})"):
    """Deletes the message it stands on. Through the interaction itself, so the bot needs no right for it."""

    def __init__(self, asker: int) -> None:
        super().__init__(ui.Button(emoji=SIGN, style=discord.ButtonStyle.secondary, custom_id=f"b1:{base36(asker)}"))
        self.asker = asker

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str], /
    ) -> "BinButton":
        """Read back who asked."""
        return cls(int(match["asker"], 36))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Delete the message, or say why not."""
        async with answering(interaction):
            await self._delete(interaction)

    async def _delete(self, interaction: discord.Interaction[Any]) -> None:
        if interaction.user.id != self.asker and not interaction.permissions.manage_messages:
            raise NotYours
        await interaction.response.defer()
        await interaction.delete_original_response()
