"""Calm: everything paused for a while, people and symbols blocked."""

import re
from dataclasses import replace
from datetime import timedelta

from discord.utils import escape_markdown, format_dt

from bot import i18n
from bot.discord_ui.desk import Desk
from bot.discord_ui.pages import Page
from bot.errors import BadInput
from bot.i18n import gettext as _
from bot.symbols import resolve

_LONGEST = timedelta(days=90)
_LENGTH = re.compile(r"(\d{1,4})\s*(m|h|d|w)", re.IGNORECASE)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def read_length(text: str) -> timedelta:
    """Read a length of time: ``24h``, ``3d``, ``1w``. Raises BadInput."""
    match = _LENGTH.fullmatch(text.strip())
    length = int(match[1]) * _UNITS[match[2].lower()] if match else timedelta(0)
    if not timedelta(0) < length <= _LONGEST:
        raise BadInput(_("Write how long as 24h, 3d or 1w: 90 days at most."))
    return length


async def pause_all(desk: Desk, text: str) -> Page:
    """Post nothing at all until then."""
    until = desk.bot.clock.now() + read_length(text)
    await desk.settle(replace(await desk.settings(), paused_until=until))
    return Page(
        _("Nothing is posted before {moment}. What falls due meanwhile is left out; /resume all ends it.").format(
            moment=format_dt(until, "F")
        )
    )


async def resume_all(desk: Desk) -> Page:
    """End the pause of everything."""
    await desk.settle(replace(await desk.settings(), paused_until=None))
    return Page(_("Posting goes on. What was missed is not made up for."))


async def block_person(desk: Desk, user_id: int) -> Page:
    """Answer somebody no more."""
    if user_id == desk.member.id:
        raise BadInput(_("You cannot block yourself."))
    await desk.community.guilds.block(desk.guild.id, user_id, desk.by)
    return Page(_("{name} is not answered here any more.").format(name=f"<@{user_id}>"))


async def block_ticker(desk: Desk, text: str) -> Page:
    """Show a symbol no more."""
    symbol = resolve(text, desk.bot.reports.catalogue, listed=True).symbol
    await desk.community.guilds.block(desk.guild.id, symbol, desk.by)
    return Page(_("{name} is not shown here any more.").format(name=symbol))


async def lift(desk: Desk, person: int | None, ticker: str | None) -> Page:
    """Lift blocks."""
    wanted: list[int | str] = [*([person] if person else []), *([ticker.strip().upper()] if ticker else [])]
    if not wanted:
        raise BadInput(_("Name a person or a ticker."))
    lifted = [one for one in wanted if await desk.community.guilds.unblock(desk.guild.id, one, desk.by)]
    return Page(_("Lifted.") if lifted else _("There was no such block."))


async def blocks(desk: Desk) -> Page:
    """List who and what is blocked."""
    found = await desk.community.guilds.blocks(desk.guild.id)
    names = [f"<@{user}>" for user in sorted(found.users)]
    names += [escape_markdown(symbol) for symbol in sorted(found.symbols)]
    return Page(i18n.all_of(names) if names else _("Nobody and nothing is blocked here."))
