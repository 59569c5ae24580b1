"""The role that posts may ping: joined and left by a button, so that nobody is pinged who does not want it."""

import re
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.discord_ui.desk import Desk
from bot.discord_ui.ids import base36
from bot.discord_ui.pages import Page
from bot.discord_ui.replies import say_privately
from bot.discord_ui.safe import answering
from bot.errors import BadInput
from bot.i18n import gettext as _

if TYPE_CHECKING:
    from bot.client import Handoff


class PingButton(ui.DynamicItem[ui.Button[Any]], template=r"r1:(?P<role>[0-9a-z]{1,13})"):
    """Gives whoever presses the role, or takes it from them."""

    def __init__(self, role_id: int, label: str = "–") -> None:
        super().__init__(ui.Button(label=label, style=discord.ButtonStyle.primary, custom_id=f"r1:{base36(role_id)}"))
        self.role_id = role_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str], /
    ) -> "PingButton":
        """Read back which role."""
        return cls(int(match["role"], 36))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Give or take the role, and say so."""
        async with answering(interaction):
            await say_privately(interaction, await self._turned(interaction))

    async def _turned(self, interaction: "discord.Interaction[Handoff]") -> str:
        desk = Desk.at(interaction)
        role = desk.guild.get_role(self.role_id)
        if role is None or (await desk.settings()).mention_role_id != self.role_id:
            raise BadInput(_("The role of this button is pinged here no longer: ask an admin for a new button."))
        try:
            if any(held.id == role.id for held in desk.member.roles):
                await desk.member.remove_roles(role)
                return _("You are not pinged any more.")
            await desk.member.add_roles(role)
        except discord.Forbidden:
            raise _cannot(role) from None
        return _("You are pinged from now on: press again to stop.")


def _cannot(role: discord.Role) -> BadInput:
    return BadInput(
        _("I cannot give {role}: I need “Manage Roles”, and my own role must stand above it.").format(role=role.mention)
    )


async def offered(desk: Desk) -> Page:
    """Put the button into the channel, for everyone."""
    role = desk.guild.get_role((await desk.settings()).mention_role_id or 0)
    if role is None:
        raise BadInput(_("Choose the role first: /settings change role."))
    if role >= desk.guild.me.top_role or not desk.guild.me.guild_permissions.manage_roles:
        raise _cannot(role)
    channel: Any = desk.guild.get_channel_or_thread(desk.channel_id)
    view = ui.LayoutView(timeout=None)
    text = _("Press to be pinged with new posts ({role}), press again to stop.").format(role=role.mention)
    view.add_item(ui.Container(ui.TextDisplay(text), ui.ActionRow(PingButton(role.id, _("Ping me")))))
    await channel.send(view=view)
    return Page(_("The button is in the channel. Pin it if you like."))
