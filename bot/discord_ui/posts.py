"""A post that nobody asked for just now: the card of a schedule or an alert, and the button that tells its story.

The button's custom id is the post's marker: by it the post is found again after a crash.
"""

import re
from datetime import datetime
from typing import Any, Protocol, cast

import discord
from discord import ui
from discord.utils import format_dt

from bot import features, i18n
from bot.community.alert_records import PREFIX
from bot.community.deliveries import Delivery
from bot.community.ledger import Ledger
from bot.discord_ui import alert_controls, card_rows
from bot.discord_ui.card import ACCENT, card_view
from bot.discord_ui.ids import Outdated
from bot.discord_ui.limits import Block, checked, cut, fitted
from bot.discord_ui.replies import say_privately
from bot.discord_ui.safe import answering
from bot.i18n import gettext as _
from bot.jobs.publishing import Ping, Post
from bot.jobs.reasons import happened, remedy
from bot.shown import disclaimer

_FIELD = 200
Card = tuple[ui.LayoutView, list[discord.File]]


def post_card(post: Post) -> Card:
    """Return the message of a post: one report's card, or a digest of several headlines."""
    with i18n.use(post.language):
        view, files = _digest(post) if len(post.parts) > 1 else _single(post)
        if post.ping is None:
            return view, files
        pinging = ui.LayoutView(timeout=None)
        pinging.add_item(ui.TextDisplay(mention_text(post.ping)))  # these messages have no content beside components
        for item in view.children:
            pinging.add_item(item)
        return checked(pinging), files


def _single(post: Post) -> Card:
    (part,) = post.parts
    report = part.report
    if post.what.startswith(PREFIX):
        rows = [*alert_controls.post_rows(post.what, post.id), _story_row(post)]
        return card_view(part, notes=remarks(post), controls=rows)
    request = features.request_type(report.feature).model_validate({**report.request, "as_of": report.as_of})
    rows = [*card_rows.rows(request, report, None), _story_row(post)]
    return card_view(part, notes=remarks(post), controls=rows)


def _digest(post: Post) -> Card:
    count = len(post.parts)
    title = i18n.ngettext("{n} report at once", "{n} reports at once", count).format(n=count)
    lines = [f"**{cut(report.title, _FIELD)}** {report.headline}" for report in post.reports]
    notes = [f"-# {note}" for note in (*remarks(post), disclaimer())]
    blocks = fitted([Block([f"### {title}"], 9), Block(lines, 5), Block(notes, 7)])
    children: list[ui.Item[Any]] = [ui.TextDisplay(block.text()) for block in blocks]
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*children, _story_row(post), accent_colour=ACCENT["neutral"]))
    return checked(view), []


def remarks(post: Post) -> list[str]:
    """Say what is unusual about a post: that it is late, that it is stale, that it was corrected."""
    notes = []
    if post.late is not None:
        notes.append(_("Late: this was due {moment}.").format(moment=_shown(post.late)))
    if post.missing is not None:
        text = _("Stale: the close of {day} has not come in yet; these figures are of {shown}.")
        shows = min(report.as_of for report in post.reports)
        notes.append(text.format(day=i18n.day(post.missing), shown=i18n.day(shows)))
    if post.corrected is not None:
        text = _("Corrected {moment}: the data behind it has been put right since.")
        notes.append(text.format(moment=_shown(post.corrected)))
    return notes


def mention_text(ping: Ping) -> str:
    """Return the words that ping."""
    return "@everyone" if ping.everyone else f"<@&{ping.role_id}>"


def _shown(moment: datetime) -> str:
    return format_dt(moment, "f")


def _story_row(post: Post) -> ui.ActionRow[Any]:
    return ui.ActionRow(StoryButton(post.id))


class _Bookkeeper(Protocol):
    """A bot that knows its ledger."""

    ledger: Ledger


class StoryButton(ui.DynamicItem[ui.Button[Any]], template=r"p1:(?P<id>[0-9a-f]{16})"):
    """Tells when a post was due, when it came and what happened to it. Works after restarts."""

    def __init__(self, post_id: str) -> None:
        super().__init__(ui.Button(label=_("About this post"), custom_id=f"p1:{post_id}"))
        self.post_id = post_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str], /
    ) -> "StoryButton":
        """Read the post's id back."""
        return cls(match["id"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Tell the story to whoever pressed."""
        async with answering(interaction):
            await self._tell(interaction)

    async def _tell(self, interaction: discord.Interaction[Any]) -> None:
        delivery = await cast(_Bookkeeper, interaction.client).ledger.get(self.post_id)
        elsewhere = (
            interaction.guild_id is not None and delivery is not None and delivery.guild_id != interaction.guild_id
        )
        if delivery is None or elsewhere:
            raise Outdated
        await say_privately(interaction, story(delivery))


def story(delivery: Delivery) -> str:
    """Tell a post's story, in the active language."""
    lines = [_("Due {moment}.").format(moment=_shown(delivery.due_at))]
    if delivery.sent_at is not None:
        lines.append(_("Posted {moment}.").format(moment=_shown(delivery.sent_at)))
    if delivery.as_of is not None:
        lines.append(_("It shows the close of {day}.").format(day=i18n.day(delivery.as_of)))
    if delivery.reason is not None:
        command = "/alert" if delivery.what.startswith(PREFIX) else "/schedule"
        lines += [happened(delivery.reason), remedy(delivery.reason, command)]
    if delivery.attempt > 1:
        lines.append(_("It took {n} attempts.").format(n=delivery.attempt))
    if delivery.corrected_at is not None:
        lines.append(_("Corrected {moment}.").format(moment=_shown(delivery.corrected_at)))
    return " ".join(line for line in lines if line)
