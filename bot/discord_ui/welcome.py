"""The first words in a new server: three things to try, who can configure, the way to the first post."""

import logging
import re
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot import i18n
from bot.discord_ui.desk import Desk
from bot.discord_ui.help_pages import example_buttons
from bot.discord_ui.limits import checked
from bot.discord_ui.permissions import require_admin
from bot.discord_ui.safe import answering
from bot.discord_ui.setup_form import form
from bot.discord_ui.setup_steps import opening_draft
from bot.i18n import gettext as _

if TYPE_CHECKING:
    from bot.client import Handoff

log = logging.getLogger(__name__)
TRIED_FIRST = ("rotation", "highs", "weekly")


class SetupButton(ui.DynamicItem[ui.Button[Any]], template=r"w1:setup"):
    """Opens the form of ``/setup`` for an admin. Works for as long as the message stands."""

    def __init__(self) -> None:
        super().__init__(ui.Button(label=_("Set up"), style=discord.ButtonStyle.success, custom_id="w1:setup"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], _match: re.Match[str], /
    ) -> "SetupButton":
        """There is nothing to read back."""
        return cls()

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Open the form, or say who may."""
        async with answering(interaction):
            await require_admin(interaction.client.community, interaction.user)
            draft = await opening_draft(Desk.at(interaction), None)
            await interaction.response.send_message(view=form(draft, interaction.client), ephemeral=True)


async def greet(bot: "Handoff", guild: discord.Guild) -> None:
    """Welcome a new server in its system channel; where that is closed to the bot, tell whoever brought it."""
    with i18n.use(bot.language_of(guild)):
        channel = guild.system_channel
        try:
            if (
                channel is not None
                and _open(channel, guild)
                and await _said(channel, welcome_view(bot, in_server=True))
            ):
                return
            person = await _inviter(bot, guild)
        except discord.HTTPException as error:
            log.info("guild %d: nobody to welcome: %s", guild.id, error)
            return
        if person is not None:
            await _said(person, welcome_view(bot, in_server=False))


async def _said(place: discord.abc.Messageable, view: ui.LayoutView) -> bool:
    try:
        await place.send(view=view)
    except discord.HTTPException as error:
        log.info("no welcome there: %s", error)
        return False
    return True


def welcome_view(bot: "Handoff", *, in_server: bool) -> ui.LayoutView:
    """Return the welcome; the button that sets up works only on the server itself."""
    words = _(
        "### Hello. I measure whether small caps are taking the lead from mega caps.\n"
        "Every answer is a picture and a sentence with its numbers, their day and their source. Three things to try:"
    )
    more = _(
        "Type / to see every question, or {prefix}help. People who may manage the server choose with /setup what is "
        "posted here regularly: nothing is posted before they have seen a preview."
    ).format(prefix=bot.prefix)
    buttons: list[ui.Item[Any]] = [*example_buttons(TRIED_FIRST, list(bot.commands), bot.known())]
    if in_server:
        buttons.append(SetupButton())
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(ui.TextDisplay(words), ui.ActionRow(*buttons), ui.TextDisplay(more)))
    return checked(view)


def _open(channel: discord.TextChannel, guild: discord.Guild) -> bool:
    mine = channel.permissions_for(guild.me)
    return mine.view_channel and mine.send_messages


async def _inviter(bot: "Handoff", guild: discord.Guild) -> discord.User | discord.Member | None:
    """Return who added the bot where the audit log may be read, else the owner."""
    if guild.me.guild_permissions.view_audit_log:
        async for entry in guild.audit_logs(limit=10, action=discord.AuditLogAction.bot_add):
            if entry.user is not None and bot.user is not None and getattr(entry.target, "id", None) == bot.user.id:
                return entry.user
    return await bot.fetch_user(guild.owner_id) if guild.owner_id is not None else None
