"""The audit log in words: who changed what, from what to what; and its copy in a server's log channel."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import discord
from discord.utils import escape_markdown, format_dt

from bot import i18n
from bot.community.records import AuditEntry
from bot.community.transfer import Difference
from bot.discord_ui.desk import Desk
from bot.discord_ui.limits import MESSAGE, cut
from bot.discord_ui.pages import Page
from bot.i18n import gettext as _

log = logging.getLogger(__name__)
_SHOWN, _VALUE, _CHANGES = 15, 60, 6


def value_words(value: Any) -> str:
    """Write a stored value in short; nothing is a dash."""
    if value is None or value in ([], {}):
        return "–"
    text = ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)
    return escape_markdown(cut(text, _VALUE))


def entry_words(entry: AuditEntry) -> str:
    """Say in a line who did what when, and beneath it what changed."""
    who = f"<@{entry.user_id}>" if entry.user_id else _("I myself")
    deeds = {"added": _("added"), "changed": _("changed"), "removed": _("removed"), "undone": _("took back")}
    head = (
        f"{format_dt(entry.at, 'f')} {who} {deeds.get(entry.action, entry.action)} **{subject_words(entry.subject)}**"
    )
    changes = _changes(entry.before or {}, entry.after or {}) if entry.before and entry.after else []
    return "\n".join([head, *(f"-# {line}" for line in changes[:_CHANGES])])


def subject_words(subject: str) -> str:
    """Name what was changed: a channel and a person as mentions."""
    kind, _colon, name = subject.partition(":")
    if kind == "channel":
        return f"<#{name}>"
    if kind == "block":
        return _("block of {name}").format(name=f"<@{name}>" if name.isdigit() else escape_markdown(name))
    return f"{kind} {name}".strip()


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return [
        f"{name.replace('_', ' ')}: {value_words(before.get(name))} → {value_words(after.get(name))}"
        for name in dict.fromkeys((*before, *after))
        if before.get(name) != after.get(name)
    ]


def difference_words(differences: Sequence[Difference]) -> str:
    """List what would change."""
    lines = [
        f"- {subject_words(d.subject)}, {d.field.replace('_', ' ')}: {value_words(d.before)} → {value_words(d.after)}"
        for d in differences
    ]
    return "\n".join(lines) or _("Nothing would change.")


async def show(desk: Desk, person: int | None, about: str | None) -> Page:
    """Show the newest changes, of a person or about a thing."""
    entries = await desk.community.audit.entries(desk.guild.id, user_id=person, subject=about, limit=_SHOWN)
    return Page("\n".join(entry_words(entry) for entry in entries) or _("Nothing has been changed yet."))


async def undo(desk: Desk) -> Page:
    """Take back the last change."""
    entry = await desk.community.undo.last(desk.guild.id, desk.by)
    if entry is None:
        return Page(_("There is nothing to take back."))
    return Page(_("Taken back:") + "\n" + entry_words(entry))


async def noted(desk: Desk, act: Callable[[Desk], Awaitable[Page]]) -> Page:
    """Do something; what it changed is planned at once and copied to the server's log channel."""
    newest = await desk.community.audit.entries(desk.guild.id, limit=1)
    page = await act(desk)
    changes = await desk.community.audit.entries(desk.guild.id, after_id=newest[0].id if newest else 0)
    if changes:
        await desk.bot.jobs.plan()
        await _mirror(desk, changes)
    return page


async def _mirror(desk: Desk, entries: Sequence[AuditEntry]) -> None:
    """Copy changes to the log channel, if there is one. Never fails for it."""
    channel = desk.guild.get_channel_or_thread((await desk.community.guilds.get(desk.guild.id)).log_channel_id or 0)
    if not isinstance(channel, discord.abc.Messageable):
        return
    with i18n.use((await desk.settings()).language):
        text = "\n".join(entry_words(entry) for entry in reversed(entries))
        try:
            await channel.send(cut(text, MESSAGE), allowed_mentions=discord.AllowedMentions.none())
        except discord.HTTPException as error:
            log.info("a change could not be copied to the log channel: %s", error)
