"""What is stored about a person or a server: shown as a file, and deleted once that is confirmed."""

import io
import json
import re
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot import i18n
from bot.community.store import Community
from bot.discord_ui.admin_controls import confirm_row
from bot.discord_ui.desk import Desk
from bot.discord_ui.ids import base36
from bot.discord_ui.pages import Page, page_view
from bot.discord_ui.safe import answering
from bot.errors import UserError
from bot.i18n import gettext as _
from bot.log import origin

if TYPE_CHECKING:
    from bot.client import Handoff


class SomebodyElse(UserError):
    """Somebody wants to confirm for another."""

    def text(self) -> str:
        """Say whose it is."""
        return _("Only whoever asked can confirm this.")


class ForgetMe(ui.DynamicItem[ui.Button[Any]], template=r"d1:(?P<person>[0-9a-z]{1,13})"):
    """Deletes what is stored about the person who asked for it. Works after restarts, for that person alone."""

    def __init__(self, person: int) -> None:
        label, style = _("Delete it"), discord.ButtonStyle.danger
        super().__init__(ui.Button(label=label, style=style, custom_id=f"d1:{base36(person)}"))
        self.person = person

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str], /
    ) -> "ForgetMe":
        """Read back whose it is."""
        return cls(int(match["person"], 36))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Delete it, in place of the question."""
        origin.set("control forget me")
        async with answering(interaction):
            await self._forget(interaction)

    async def _forget(self, interaction: "discord.Interaction[Handoff]") -> None:
        if interaction.user.id != self.person:
            raise SomebodyElse
        count = await interaction.client.community.privacy.forget_person(self.person)
        text = i18n.ngettext("Done: {n} entry no longer knows you.", "Done: {n} entries no longer know you.", count)
        await interaction.response.edit_message(view=page_view(Page(text.format(n=count))), attachments=[])


def _file(plain: dict[str, Any], name: str) -> discord.File:
    return discord.File(io.BytesIO(json.dumps(plain, ensure_ascii=False, indent=2).encode()), name)


async def export(community: Community, user_id: int) -> Page:
    """Give a person everything that names them."""
    plain = await community.privacy.about_person(user_id)
    if not plain:
        return _nothing()
    text = _("This is all that is stored about you. /privacy delete takes it away.")
    return Page(text, files=[_file(plain, "about-you.json")], alone=True)


def _nothing() -> Page:
    return Page(_("Nothing is stored about you. Holdings and account sizes never are."))


async def delete(community: Community, user_id: int) -> Page:
    """Say what would go, and ask whether it really is to."""
    plain = await community.privacy.about_person(user_id)
    if not plain:
        return _nothing()
    count = sum(len(rows) for rows in plain.values())
    asked = i18n.ngettext(
        "{n} entry names you. Your private alerts are deleted, and your name is taken off what you set up for "
        "servers: that goes on without you. This cannot be taken back; /privacy export keeps a copy.",
        "{n} entries name you. Your private alerts are deleted, and your name is taken off what you set up for "
        "servers: that goes on without you. This cannot be taken back; /privacy export keeps a copy.",
        count,
    )
    kept = _("Where a server has blocked you, that stays until its admins lift it.")
    return Page(f"{asked.format(n=count)}\n-# {kept}", [ui.ActionRow(ForgetMe(user_id))], alone=True)


async def export_server(desk: Desk) -> Page:
    """Give admins everything about their server."""
    plain = await desk.community.privacy.about_guild(desk.guild.id)
    if not plain:
        return Page(_("Nothing is stored about this server."))
    text = _("This is all that is stored about this server.")
    return Page(text, files=[_file(plain, "about-this-server.json")], alone=True)


async def delete_server(desk: Desk) -> Page:
    """Ask whether everything about the server is really to go."""
    if not await desk.community.privacy.about_guild(desk.guild.id):
        return Page(_("Nothing is stored about this server."))
    text = _(
        "Settings, schedules, alerts, history and log of this server go for good, and nothing is posted here any more. "
        "/settings export keeps a copy."
    )
    return Page(text, [confirm_row("forget", "", _("Delete everything"))])
