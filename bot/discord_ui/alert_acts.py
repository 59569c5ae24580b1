"""What buttons and selects of alerts do. Whoever presses one is checked again: rights may have changed since."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import discord
from discord.utils import format_dt

from bot import features, i18n
from bot.community.alert_records import Alert, Full
from bot.community.records import By
from bot.discord_ui import alerting, details, indicator_pages
from bot.discord_ui.alert_controls import AlertPress
from bot.discord_ui.alert_forms import EditForm, NewForm
from bot.discord_ui.alert_lists import listing
from bot.discord_ui.alert_previews import desk_of
from bot.discord_ui.alert_words import full_words, named, state_words
from bot.discord_ui.desk import Desk
from bot.discord_ui.ids import Outdated
from bot.discord_ui.pages import Page, page_view
from bot.discord_ui.permissions import NotAllowed, may_administer, require_admin
from bot.discord_ui.replies import InteractionReply, say_privately
from bot.features.indicator.request import IndicatorRequest
from bot.i18n import gettext as _
from bot.workers import Rendered

SNOOZED_FOR = timedelta(days=7)


async def _alert(press: AlertPress) -> Alert:
    """Return the alert a control is about. Raises Outdated where it is gone, NotAllowed for others' alerts."""
    interaction = press.interaction
    alert = await interaction.client.community.alerts.get(press.about)
    if alert is None:
        raise Outdated
    if alert.private:
        if alert.user_id != interaction.user.id:
            raise NotAllowed
        return alert
    await require_admin(interaction.client.community, interaction.user)
    if alert.guild_id != interaction.guild_id:
        raise Outdated
    return alert


def _by(press: AlertPress) -> By:
    return By(press.interaction.user.id, press.interaction.client.clock.now())


async def _replace(press: AlertPress, page: Page) -> None:
    """Show a page in place of the message that was pressed."""
    view = page_view(page)
    if press.interaction.response.is_done():
        await press.interaction.edit_original_response(view=view, attachments=[])
    else:
        await press.interaction.response.edit_message(view=view, attachments=[])


# drafts


async def _save(press: AlertPress) -> None:
    draft = await _alert(press)
    if draft.state != "draft":
        raise Outdated
    bot = press.interaction.client
    await press.interaction.response.defer()
    found = await bot.reports.work("bot.alerts.work:began", draft.rule.model_dump_json())
    try:
        saved = await bot.community.alerts.adopt(replace(draft, per_year=found.per_year), found.state, _by(press))
    except Full as full:
        raise alerting.too_many(full, own=draft.private) from None
    except KeyError:
        raise Outdated from None
    watched = await bot.watchables.find(saved.rule.indicator)
    lines = ["### " + _("Saved."), full_words(saved, watched)]
    if saved.state == "paused":  # a change of a rule that rests does not wake it
        lines.append(f"-# {state_words(saved, watched, bot.clock.now())}")
    await _replace(press, Page("\n".join(lines)))


async def _drop(press: AlertPress) -> None:
    draft = await _alert(press)
    await press.interaction.client.community.alerts.drop([draft.id])
    await _replace(press, Page(_("Discarded: nothing was changed.")))


async def _calm(press: AlertPress) -> None:
    """Change one thing of a draft, and try it on history again."""
    draft = await _alert(press)
    name, _equals, number = press.more.partition("=")
    if draft.state != "draft" or name not in {"confirmation", "cooldown_days"} or not number.isdigit():
        raise Outdated
    bot = press.interaction.client
    await press.interaction.response.defer()
    rule = draft.rule.model_copy(update={name: int(number)})
    desk = await desk_of(press.interaction, draft)
    found = await alerting.began(desk, rule)
    changed = replace(draft, rule=rule, per_year=found.per_year, standing=found.state)
    await bot.community.alerts.save_draft(changed, _by(press).at)
    page = await alerting.draft_page(desk, changed, found)
    await _replace(press, page)
    await _show_card(press, page)


async def _show_card(press: AlertPress, page: Page) -> None:
    if page.card is not None:
        view, files = page.card
        await press.interaction.followup.send(view=view, files=files, ephemeral=True)


# presets, and alerts set from a card


async def _presets(press: AlertPress) -> None:
    await require_admin(press.interaction.client.community, press.interaction.user)
    await press.interaction.response.defer(ephemeral=True, thinking=True)
    page = await alerting.add_presets(Desk.at(press.interaction), press.values)
    await press.interaction.followup.send(view=page_view(page), ephemeral=True)


async def _pick(press: AlertPress) -> None:
    """Ask for the rest of an alert on the indicator that was chosen."""
    if not press.values:
        raise Outdated
    interaction = press.interaction
    if not await may_administer(interaction.client.community, interaction.user):
        await alerting.require_private(Desk.at(interaction))
    watched = await interaction.client.watchables.find(press.values[0])
    await interaction.response.send_modal(NewForm(watched))


async def _group(press: AlertPress) -> None:
    """Show the indicators of a group in place of the groups."""
    known = await press.interaction.client.watchables.listing(i18n.active())
    if not press.values:
        raise Outdated
    await _replace(press, indicator_pages.group_page(list(known.values()), press.values[0]))


async def _more(press: AlertPress) -> None:
    """Turn to the next indicators of a group."""
    start, _equals, packed = press.more.partition("=")
    known = await press.interaction.client.watchables.listing(i18n.active())
    beginning = indicator_pages.unpacked(packed)
    member = next((one for one in known if one.startswith(beginning)), None)
    if member is None or not start.isdigit():
        raise Outdated
    await _replace(press, indicator_pages.group_page(list(known.values()), member, int(start)))


async def _turn(press: AlertPress) -> None:
    """Turn the list of alerts."""
    whose, _equals, start = press.more.partition("=")
    if whose not in {"own", "all"} or not start.isdigit():
        raise Outdated
    if whose == "all":
        await require_admin(press.interaction.client.community, press.interaction.user)
    await _replace(press, await listing(Desk.at(press.interaction), own=whose == "own", start=int(start)))


async def _show(press: AlertPress) -> None:
    """Show the card of the indicator that was chosen, to whoever chose it."""
    if not press.values:
        raise Outdated
    reply = InteractionReply(press.interaction, ephemeral=True)
    await press.interaction.client.answers.answer(reply, IndicatorRequest(indicator=press.values[0]))


# posts


async def _snooze(press: AlertPress) -> None:
    alert, by = await _alert(press), _by(press)
    until = by.at + SNOOZED_FOR
    await press.interaction.client.community.alerts.snooze(alert, until, by)
    text = _("Snoozed until {moment}. It goes on watching; {command} resume ends the snooze.")
    await say_privately(press.interaction, text.format(moment=format_dt(until, "F"), command=alert.command))


async def _pause(press: AlertPress) -> None:
    alert = await _alert(press)
    await press.interaction.client.community.alerts.pause(alert, _by(press))
    titles = await press.interaction.client.watchables.named([alert.rule.indicator])
    text = _("Paused: {alert}. {command} resume goes on.")
    await say_privately(press.interaction, text.format(alert=named(alert, titles), command=alert.command))


async def _edit(press: AlertPress) -> None:
    alert = await _alert(press)
    watched = await press.interaction.client.watchables.find(alert.rule.indicator)
    await press.interaction.response.send_modal(EditForm(alert, watched))


async def _told(press: AlertPress) -> Rendered:
    """Return the report that a post shows. Raises Outdated where the ledger no longer knows it."""
    bot = press.interaction.client
    post = await bot.community.ledger.get(press.about)
    if post is None or not post.asked:
        raise Outdated
    if post.guild_id != press.interaction.guild_id and press.interaction.guild_id is not None:
        raise Outdated
    part = post.asked[0]
    request = features.request_type(part.content).model_validate(dict(part.request))
    return await bot.answers.rendered(InteractionReply(press.interaction, ephemeral=True), request)


async def _why(press: AlertPress) -> None:
    rendered = await _told(press)
    await _page(press, rendered, details.explanation(rendered.report))


async def _table(press: AlertPress) -> None:
    rendered = await _told(press)
    await _page(press, rendered, details.tables(rendered.report))


async def _page(press: AlertPress, rendered: Rendered, pieces: list[details.Piece]) -> None:
    """Show the first page of what is behind a post, to whoever pressed alone."""
    first = details.pages_of(pieces)[:1]
    view: discord.ui.LayoutView = details.page_view(rendered.report, first, 0, [])
    await InteractionReply(press.interaction, ephemeral=True).card(view, [])


ACTS: Mapping[str, Callable[[AlertPress], Awaitable[None]]] = MappingProxyType(
    {
        "save": _save,
        "drop": _drop,
        "calm": _calm,
        "presets": _presets,
        "pick": _pick,
        "group": _group,
        "more": _more,
        "turn": _turn,
        "show": _show,
        "snooze": _snooze,
        "pause": _pause,
        "edit": _edit,
        "why": _why,
        "table": _table,
    }
)
