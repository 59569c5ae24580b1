"""What is stored about a person or a server: shown as a file, and deleted."""

import io
import json
from typing import Any

import discord

from bot import i18n
from bot.community.store import Community
from bot.discord_ui.admin_controls import confirm_row
from bot.discord_ui.desk import Desk
from bot.discord_ui.pages import Page
from bot.i18n import gettext as _


def _file(plain: dict[str, Any], name: str) -> discord.File:
    return discord.File(io.BytesIO(json.dumps(plain, ensure_ascii=False, indent=2).encode()), name)


async def export(community: Community, user_id: int) -> Page:
    """Give a person everything that names them."""
    plain = await community.privacy.about_person(user_id)
    if not plain:
        return Page(_("Nothing is stored about you. Holdings and account sizes never are."))
    return Page(_("This is all that is stored about you."), files=[_file(plain, "about-you.json")])


async def delete(community: Community, user_id: int) -> Page:
    """Delete a person's rows and take their name off everything else."""
    count = await community.privacy.forget_person(user_id)
    text = i18n.ngettext("Done: {n} entry no longer knows you.", "Done: {n} entries no longer know you.", count)
    kept = _("Where a server has blocked you, that stays until its admins lift it.")
    return Page(f"{text.format(n=count)}\n-# {kept}")


async def export_server(desk: Desk) -> Page:
    """Give admins everything about their server."""
    plain = await desk.community.privacy.about_guild(desk.guild.id)
    return Page(_("This is all that is stored about this server."), files=[_file(plain, "about-this-server.json")])


async def delete_server(_desk: Desk) -> Page:
    """Ask whether everything about the server is really to go."""
    text = _("Settings, schedules, history and log of this server go for good. /settings export keeps a copy.")
    return Page(text, [confirm_row("forget", "", _("Delete everything"))])
