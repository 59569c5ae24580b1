"""The audit log: shown page by page, copied to a server's log channel, and the last act taken back."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import discord

from bot import i18n
from bot.community.alert_records import Full
from bot.community.audit import UNDONE
from bot.community.records import AuditEntry
from bot.discord_ui.calm import read_length
from bot.discord_ui.change_words import entry_words
from bot.discord_ui.desk import Desk
from bot.discord_ui.limits import MESSAGE, cut
from bot.discord_ui.pages import Page
from bot.errors import BadInput
from bot.i18n import gettext as _

if TYPE_CHECKING:
    from bot.client import Handoff

log = logging.getLogger(__name__)
_SHOWN = 10
KINDS = ("settings", "schedule", "channel", "alert", "block")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are wanted: of a person, about a kind of thing, not older than a moment, before an entry."""

    person: int | None = None
    about: str | None = None
    since: datetime | None = None
    before_id: int | None = None

    def text(self) -> str:
        """Return it as a custom id holds it."""
        since = int(self.since.timestamp()) if self.since else ""
        return f"{self.person or ''}:{self.about or ''}:{since}:{self.before_id or ''}"

    @classmethod
    def of(cls, text: str) -> "Wanted":
        """Read it back. Raises ValueError for what is none."""
        person, about, since, before_id = text.split(":")
        if about and about not in KINDS:
            raise ValueError(about)
        return cls(
            person=int(person) if person else None,
            about=about or None,
            since=datetime.fromtimestamp(int(since), UTC) if since else None,
            before_id=int(before_id) if before_id else None,
        )


def wanted(desk: Desk, person: int | None, about: str | None, since: str | None) -> Wanted:
    """Read what is wanted of the log. Raises BadInput."""
    began = desk.bot.clock.now() - read_length(since, most_days=365) if since else None
    return Wanted(person, about, began)


async def found(desk: Desk, wanted: Wanted) -> tuple[str, Wanted | None]:
    """Return a page of changes in words, and what is wanted for the next; None where it is the last."""
    entries = await desk.community.audit.entries(
        desk.guild.id,
        user_id=wanted.person,
        subject=wanted.about,
        since=wanted.since,
        before_id=wanted.before_id,
        limit=_SHOWN + 1,
    )
    shown, more = entries[:_SHOWN], len(entries) > _SHOWN
    older = Wanted(wanted.person, wanted.about, wanted.since, shown[-1].id) if more else None
    titles = await desk.bot.watchables.at_hand(i18n.active())
    return "\n".join(entry_words(entry, titles) for entry in _told(shown)), older


def _told(entries: Sequence[AuditEntry]) -> list[AuditEntry]:
    """Leave out what a taking back changed: the taking back itself says it."""
    undoings = {entry.act for entry in entries if entry.action == UNDONE} - {None}
    return [entry for entry in entries if entry.action == UNDONE or entry.act not in undoings]


async def undo(desk: Desk) -> Page:
    """Take back all that the last command changed."""
    try:
        entries = await desk.community.undo.last(desk.guild.id, desk.by)
    except Full as full:
        raise BadInput(
            _("There is no room: {n} alerts are there already. Remove one, then try again.").format(n=full.most)
        ) from None
    if not entries:
        return Page(_("There is nothing to take back."))
    titles = await desk.bot.watchables.at_hand(i18n.active())
    return Page("\n".join([_("Taken back:"), *(entry_words(entry, titles) for entry in entries)]))


async def noted(desk: Desk, act: Callable[[Desk], Awaitable[Page]]) -> Page:
    """Do something; what it changed is planned at once and copied to the server's log channel.

    One thing at a time in a server: two admins who change the same would else store it without the other's change. The
    next is let in before the copy is sent: Discord may have that wait for long.
    """
    turn = desk.bot.turns.setdefault(desk.guild.id, asyncio.Lock())
    async with mirrored(desk.bot, desk.guild, lambda entry: entry.act == desk.act), turn:
        return await act(desk)


@asynccontextmanager
async def mirrored(bot: "Handoff", guild: discord.Guild, theirs: Callable[[AuditEntry], bool]) -> AsyncIterator[None]:
    """Copy what is changed within to the server's log channel, of it what is ``theirs``, and have it planned."""
    log_of = bot.community.audit
    newest = await log_of.entries(guild.id, limit=1)
    yield
    changes = await log_of.entries(guild.id, after_id=newest[0].id if newest else 0)
    if changes:
        await bot.jobs.plan()
        await _copy(bot, guild, [entry for entry in changes if theirs(entry)])


async def _copy(bot: "Handoff", guild: discord.Guild, entries: Sequence[AuditEntry]) -> None:
    """Copy changes to the log channel, if there is one. Never fails for it."""
    settings = await bot.community.guilds.get(guild.id)
    channel = guild.get_channel_or_thread(settings.log_channel_id or 0)
    if not isinstance(channel, discord.abc.Messageable) or not entries:
        return
    with i18n.use(settings.language):
        titles = await bot.watchables.at_hand(settings.language)
        text = "\n".join(entry_words(entry, titles) for entry in reversed(_told(entries)))
        try:
            await channel.send(cut(text, MESSAGE), allowed_mentions=discord.AllowedMentions.none())
        except discord.HTTPException as error:
            log.info("a change could not be copied to the log channel: %s", error)
