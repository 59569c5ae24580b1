"""``/settings import`` and ``clone``: what would change is shown first; the file waits on the page until confirmed."""

from typing import Any

import discord

from bot import i18n
from bot.discord_ui.admin_controls import confirm_row
from bot.discord_ui.change_words import difference_words
from bot.discord_ui.desk import Desk
from bot.discord_ui.pages import Page
from bot.discord_ui.permissions import NotAllowed, may_administer
from bot.discord_ui.schedule_options import names_of
from bot.discord_ui.taking_over import MOST_BYTES, file_of, parsed, read, with_mapping, written
from bot.errors import BadInput
from bot.i18n import gettext as _


async def offer(desk: Desk, file: discord.Attachment, instead: int | None) -> Page:
    """Show what a file would change here."""
    if file.size > MOST_BYTES:
        raise BadInput(_("This is no file that /settings export wrote."))
    return await _offered(desk, parsed(await file.read()), instead)


async def clone(desk: Desk, source: str, instead: int | None) -> Page:
    """Show what another server's setup would change here. Whoever asks must be an admin of both."""
    guild = desk.bot.get_guild(int(source)) if source.strip().isdecimal() else None
    if guild is None:
        raise BadInput(_("I am in no server with that id. Discord shows ids with Developer Mode on."))
    try:
        member = await guild.fetch_member(desk.member.id)
    except discord.NotFound:
        raise NotAllowed from None
    if not await may_administer(desk.community, member):
        raise NotAllowed
    return await _offered(desk, await written(desk, guild), instead)


async def _offered(desk: Desk, plain: dict[str, Any], instead: int | None) -> Page:
    mapped = with_mapping(desk, plain, instead)
    reading = await read(desk, mapped)
    titles = await desk.bot.watchables.at_hand(i18n.active())
    lines = [_("### This would change"), difference_words(reading.changes, titles)]
    if reading.setup.dropped:
        lines.append(
            _("Left out, as nothing here has their name: {channels}. Name a channel to use one instead.").format(
                channels=names_of(reading.setup.dropped)
            )
        )
    if reading.silenced:
        lines.append(_("Pings of everyone are left out: /schedule edit mention:everyone asks for them one by one."))
    if not reading.changes:
        return Page("\n".join(lines))
    lines.append("-# " + _("Nothing is changed before you press the button."))
    return Page("\n".join(lines), [confirm_row("import", "", _("Take over"))], [file_of(mapped)])
