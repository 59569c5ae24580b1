"""Buttons on pages for admins. What they do is in the custom id, so they work after a restart."""

import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot import i18n
from bot.discord_ui.auditing import Wanted, found, noted
from bot.discord_ui.desk import Desk
from bot.discord_ui.first_post import post_first
from bot.discord_ui.ids import Outdated
from bot.discord_ui.limits import LABEL, cut
from bot.discord_ui.pages import Page, page_view
from bot.discord_ui.permissions import require_admin, require_everyone
from bot.discord_ui.safe import answering
from bot.discord_ui.taking_over import apply
from bot.i18n import gettext as _
from bot.log import origin

if TYPE_CHECKING:
    from bot.client import Handoff

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What was confirmed: as the custom id says it, with the files of the page that asked."""

    about: str
    files: tuple[discord.Attachment, ...] = ()


Act = Callable[[Desk, Confirmed], Awaitable[Page]]


class Confirm(ui.DynamicItem[ui.Button[Any]], template=r"a1:(?P<act>[a-z]{1,12}):(?P<about>.{0,80})"):
    """Does what an admin was asked to confirm, and says so in place of the question."""

    def __init__(self, act: str, about: str, label: str = "", style: discord.ButtonStyle | None = None) -> None:
        chosen = style or discord.ButtonStyle.danger
        super().__init__(ui.Button(label=cut(label, LABEL) or "–", style=chosen, custom_id=f"a1:{act}:{about}"))
        self.act = act
        self.about = about

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str], /
    ) -> "Confirm":
        """Read back what it does."""
        return cls(match["act"], match["about"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do it."""
        origin.set(f"guild {interaction.guild_id} control {self.custom_id}")
        async with answering(interaction):
            await self._do(interaction)

    async def _do(self, interaction: "discord.Interaction[Handoff]") -> None:
        await require_admin(interaction.client.community, interaction.user)
        act = ACTS.get(self.act)
        if act is None:
            raise Outdated
        desk = Desk.at(interaction)
        await interaction.response.defer()  # another's act may have to end first, and Discord waits three seconds
        attached = interaction.message.attachments if interaction.message else []
        page = await noted(desk, lambda desk: act(desk, Confirmed(self.about, tuple(attached))))
        await interaction.edit_original_response(view=page_view(page), attachments=[])


def first_post_row(schedule_id: str) -> ui.ActionRow[Any]:
    """Return a row with the button that posts a new schedule's first post at once."""
    return ui.ActionRow(Confirm("first", schedule_id, _("Post the first one now"), discord.ButtonStyle.success))


def confirm_row(act: str, about: str, label: str) -> ui.ActionRow[Any]:
    """Return a row with one button that does something when pressed."""
    return ui.ActionRow(Confirm(act, about, label))


async def _ping_everyone(desk: Desk, confirmed: Confirmed) -> Page:
    schedule = await desk.community.schedules.get(desk.guild.id, confirmed.about)
    if schedule is None:
        raise Outdated
    require_everyone(desk.member)
    await desk.community.schedules.save(replace(schedule, mention="everyone", mention_role_id=None), desk.by)
    limit = (await desk.settings()).mentions_per_day
    text = i18n.ngettext(
        "Everyone is pinged by each post, {n} time a day at most.",
        "Everyone is pinged by each post, {n} times a day at most.",
        limit,
    )
    return Page(text.format(n=limit) + " " + _("Late, stale or corrected posts ping nobody."))


async def _take_over(desk: Desk, confirmed: Confirmed) -> Page:
    if not confirmed.files:
        raise Outdated
    return await apply(desk, await confirmed.files[0].read())


async def _forget(desk: Desk, _confirmed: Confirmed) -> Page:
    count = await desk.community.privacy.forget_guild(desk.guild.id)
    done = _("Everything about this server is deleted: {n} entries.").format(n=count)
    ahead = _("Nothing is posted any more. /setup begins anew; to be rid of me, remove me in Server Settings.")
    return Page(f"{done}\n{ahead}")


async def _older(desk: Desk, confirmed: Confirmed) -> Page:
    try:
        wanted = Wanted.of(confirmed.about)
    except (ValueError, OverflowError, OSError):
        raise Outdated from None
    return await audit_page(desk, wanted)


async def audit_page(desk: Desk, wanted: Wanted) -> Page:
    """Show who changed what, newest first, with a button to what is older."""
    text, older = await found(desk, wanted)
    if not text:
        nothing = wanted == Wanted()
        return Page(_("Nothing has been changed yet.") if nothing else _("No change matches that."))
    if older is None:
        return Page(text)
    return Page(text, [ui.ActionRow(Confirm("older", older.text(), _("Older"), discord.ButtonStyle.secondary))])


async def _finish_again(desk: Desk, _confirmed: Confirmed) -> Page:
    count = await desk.community.posts.reopen(desk.guild.id)
    text = i18n.ngettext(
        "I am trying again with {n} post. /schedule history says in a minute or two what became of it.",
        "I am trying again with {n} posts. /schedule history says in a minute or two what became of them.",
        count,
    )
    return Page(text.format(n=count) if count else _("Nothing is missing any more."))


async def _post_first(desk: Desk, confirmed: Confirmed) -> Page:
    return await post_first(desk, confirmed.about)


ACTS: dict[str, Act] = {
    "everyone": _ping_everyone, "import": _take_over, "forget": _forget, "older": _older, "first": _post_first,
    "again": _finish_again,
}  # fmt: skip
