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

MOST_DAYS = 90
ALL = {"all", "everything", "todo", "todos"}
_LENGTH = re.compile(
    r"(?:(?:for|por|durante)\s+)?(\d{1,4})\s*"
    r"(m|min(?:ute|uto)?s?|h|hours?|horas?|d|days?|d[ií]as?|w|weeks?|semanas?)",
    re.IGNORECASE,
)
_UNITS = {
    "m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1),
    "s": timedelta(weeks=1),
}  # fmt: skip
USUAL = "24h"


def read_length(text: str, most_days: int = MOST_DAYS) -> timedelta:
    """Read a length of time: ``24h``, ``3 days``, ``1w``. Raises BadInput."""
    match = _LENGTH.fullmatch(text.strip(' "'))  # the rest of a line keeps its quotation marks
    length = int(match[1]) * _UNITS[match[2][0].lower()] if match else timedelta(0)
    if not timedelta(0) < length <= timedelta(days=most_days):
        raise BadInput(_("Write how long as 24h, 3d or 1w: {n} days at most.").format(n=most_days))
    return length


def _everything(what: str) -> None:
    """Raise BadInput for anything but everything."""
    if what.strip().lower() not in ALL:
        raise BadInput(
            _("/pause all 24h pauses everything, /resume all ends that. For one schedule: /schedule pause, resume.")
        )


async def pause_all(desk: Desk, what: str, text: str) -> Page:
    """Post nothing at all until then. ``!pause 3 days`` means everything too."""
    if _LENGTH.fullmatch(whole := f"{what} {text}".strip()):
        what, text = "all", whole
    _everything(what)
    text = text or USUAL
    until = desk.bot.clock.now() + read_length(text)
    await desk.settle(replace(await desk.settings(), paused_until=until))
    return Page(
        _(
            "Nothing is posted before {moment}, then posting goes on by itself. What falls due meanwhile is left out. "
            "/resume all ends it."
        ).format(moment=format_dt(until, "F"))
    )


async def resume_all(desk: Desk, what: str) -> Page:
    """End the pause of everything."""
    _everything(what)
    settings, now = await desk.settings(), desk.bot.clock.now()
    if settings.paused_until is None or settings.paused_until <= now:
        return Page(_("Nothing is paused. To go on with one schedule: /schedule resume."))
    await desk.settle(replace(settings, paused_until=None))
    return Page(_("Posting goes on. What was missed is not made up for. /schedule list says what comes next."))


async def block_person(desk: Desk, user_id: int) -> Page:
    """Answer somebody no more."""
    if user_id == desk.member.id:
        raise BadInput(_("You cannot block yourself."))
    name = f"<@{user_id}>"
    if not await desk.community.guilds.block(desk.guild.id, user_id, desk.by):
        return Page(_("{name} is blocked already.").format(name=name))
    text = _("{name} is not answered here any more, and is told so when they ask. /block lift ends it.")
    return Page(text.format(name=name))


async def block_ticker(desk: Desk, text: str) -> Page:
    """Show a symbol no more."""
    symbol = resolve(text, desk.bot.reports.catalogue, listed=True).symbol
    if not await desk.community.guilds.block(desk.guild.id, symbol, desk.by):
        return Page(_("{name} is blocked already.").format(name=symbol))
    done = _("{name} is not shown here any more: left out of lists, and refused by name. /block lift ends it.")
    return Page(done.format(name=symbol))


async def lift(desk: Desk, person: int | None, ticker: str | None) -> Page:
    """Lift blocks; a ticker is found as it is written, also where it is listed no longer."""
    there = (await desk.community.guilds.blocks(desk.guild.id)).symbols
    wanted: list[int | str] = [*([person] if person else []), *([_blocked(desk, ticker, there)] if ticker else [])]
    if not wanted:
        raise BadInput(_("Name a person or a ticker."))
    lifted = [one for one in wanted if await desk.community.guilds.unblock(desk.guild.id, one, desk.by)]
    return Page(_("Lifted.") if lifted else _("There was no such block. /block list shows them."))


def _blocked(desk: Desk, text: str, there: frozenset[str]) -> str:
    plain = text.strip().upper().lstrip("$")
    return plain if plain in there else resolve(text, desk.bot.reports.catalogue, listed=True).symbol


async def blocks(desk: Desk) -> Page:
    """List who and what is blocked."""
    found = await desk.community.guilds.blocks(desk.guild.id)
    names = [f"<@{user}>" for user in sorted(found.users)]
    names += [escape_markdown(symbol) for symbol in sorted(found.symbols)]
    if not names:
        return Page(_("Nobody and nothing is blocked here. /block person and /block ticker do it."))
    return Page(f"{i18n.all_of(names)}\n-# " + _("/block lift ends a block."))
