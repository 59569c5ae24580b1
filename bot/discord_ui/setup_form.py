"""``/setup``: one form of selects, only for the admin who opened it; it ends with the real post and its next times."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

import discord
from babel.dates import get_day_names
from discord import ui

from bot import i18n
from bot.discord_ui.auditing import noted
from bot.discord_ui.desk import Desk
from bot.discord_ui.ids import Outdated
from bot.discord_ui.limits import DESCRIPTION, LABEL, OPTIONS, checked, cut
from bot.discord_ui.pages import page_view
from bot.discord_ui.permissions import require_admin
from bot.discord_ui.safe import answering
from bot.discord_ui.schedule_options import postable, read_time
from bot.discord_ui.schedule_words import clock_words, local_now
from bot.discord_ui.setup_draft import PATTERN, Draft, moved, read_draft
from bot.discord_ui.setup_steps import opening_draft, preview_pages, save
from bot.discord_ui.zones import LIKELY_ZONES, read_zone
from bot.i18n import gettext as _
from bot.log import origin

if TYPE_CHECKING:
    from bot.client import Handoff
    from bot.discord_ui.context import Context

Interaction = discord.Interaction[Any]
_OTHER = "other"
_TIMES = (*(time(hour) for hour in range(6, 24)), time(16, 15), time(16, 45))
_POSTED_IN = [discord.ChannelType.text, discord.ChannelType.news, discord.ChannelType.forum]


class SetupControl(ui.DynamicItem[ui.Item[Any]], template=PATTERN):
    """Any control of the form, of this version or another: the draft is in its custom id."""

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, item: ui.Item[Any], _match: re.Match[str], /
    ) -> "SetupControl":
        """Wrap the control that was used."""
        return cls(item)

    async def callback(self, interaction: Interaction) -> None:
        """Go on with the form."""
        origin.set(f"guild {interaction.guild_id} setup")
        async with answering(interaction):
            await self._act(interaction)

    async def _act(self, interaction: "discord.Interaction[Handoff]") -> None:
        await require_admin(interaction.client.community, interaction.user)
        control, draft = read_draft(self.custom_id)
        act = _ACTS.get(control)
        if act is None:
            raise Outdated
        await act(interaction, draft, getattr(self.item, "values", []))


class _Asked(ui.Modal):
    """Asks for what no select can list: any city, any time of day."""

    def __init__(self, title: str, label: str, example: str, taken: Callable[[str], Draft]) -> None:
        super().__init__(title=title)
        self.answer: ui.TextInput[Any] = ui.TextInput(placeholder=example, max_length=60, custom_id="answer")
        self.add_item(ui.Label(text=label, component=self.answer))
        self._taken = taken

    async def on_submit(self, interaction: Interaction, /) -> None:
        """Put what was written into the form."""
        async with answering(interaction):
            await _show(interaction, self._taken(self.answer.value))


async def open_form(ctx: "Context", zone: str | None) -> None:
    """Show the form, by slash to the admin alone."""
    with i18n.use(ctx.language):
        draft = await opening_draft(Desk.of(ctx), zone)
        await ctx.send(view=form(draft, ctx.bot), ephemeral=True)


def form(draft: Draft, bot: "Handoff") -> ui.LayoutView:
    """Return the form with what is chosen so far."""
    now = bot.clock.now()
    head = _(
        "### When and where shall I post?\nIt is {zone}. Change what is not right: time zone, channel, days, time, "
        "report, and a role to ping if you like. Then press Preview: nothing is posted before you have seen it."
    ).format(zone=local_now(draft.zone, now))
    rows = [
        _row(_select(draft, "zone", _("Time zone"), _zone_options(draft, now))),
        _row(_channel_select(draft)),
        _row(_select(draft, "days", _("Days"), _day_options(draft), most=7)),
        _row(_select(draft, "time", _("Time of day"), _time_options(draft))),
        _row(_select(draft, "what", _("What to post"), _content_options(draft, bot))),
        _row(_role_select(draft)),
        _row(_button(draft, "see", _("Preview"), discord.ButtonStyle.primary)),
    ]
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(ui.TextDisplay(head), *rows))
    return checked(view)


def _row(item: ui.Item[Any]) -> ui.ActionRow[Any]:
    return ui.ActionRow(SetupControl(item))


def _select(
    draft: Draft, control: str, placeholder: str, options: Sequence[discord.SelectOption], most: int = 1
) -> ui.Select[Any]:
    return ui.Select(
        custom_id=draft.custom_id(control), placeholder=placeholder, options=list(options), max_values=most
    )


def _channel_select(draft: Draft) -> ui.ChannelSelect[Any]:
    chosen = [_default(draft.channel_id, discord.SelectDefaultValueType.channel)] if draft.channel_id else []
    return ui.ChannelSelect(
        custom_id=draft.custom_id("place"), placeholder=_("Channel"), channel_types=_POSTED_IN, default_values=chosen
    )


def _role_select(draft: Draft) -> ui.RoleSelect[Any]:
    chosen = [_default(draft.role_id, discord.SelectDefaultValueType.role)] if draft.role_id else []
    return ui.RoleSelect(
        custom_id=draft.custom_id("role"), placeholder=_("Role to ping (none)"), min_values=0, default_values=chosen
    )


def _default(snowflake: int, kind: discord.SelectDefaultValueType) -> discord.SelectDefaultValue:
    return discord.SelectDefaultValue(id=snowflake, type=kind)


def _button(draft: Draft, control: str, label: str, style: discord.ButtonStyle) -> ui.Button[Any]:
    return ui.Button(label=cut(label, LABEL), style=style, custom_id=draft.custom_id(control))


def _zone_options(draft: Draft, now: datetime) -> list[discord.SelectOption]:
    zones = dict.fromkeys((draft.zone, *LIKELY_ZONES))
    options = [
        discord.SelectOption(label=local_now(zone, now), value=zone, default=zone == draft.zone) for zone in zones
    ]
    return [*options[:24], discord.SelectOption(label=_("Another city…"), value=_OTHER)]


def _day_options(draft: Draft) -> list[discord.SelectOption]:
    names = get_day_names("wide", locale="en" if i18n.active() == i18n.PSEUDO else i18n.active())
    return [discord.SelectOption(label=str(names[day]), value=str(day), default=day in draft.days) for day in range(7)]


def _time_options(draft: Draft) -> list[discord.SelectOption]:
    times = sorted({draft.at, *_TIMES})
    options = [discord.SelectOption(label=clock_words(at), value=f"{at:%H%M}", default=at == draft.at) for at in times]
    return [*options, discord.SelectOption(label=_("Another time…"), value=_OTHER)]


def _content_options(draft: Draft, bot: "Handoff") -> list[discord.SelectOption]:
    described = {command.name: i18n.gettext(command.short_doc) for command in bot.commands}
    return [
        discord.SelectOption(
            label=f"/{name}",
            value=name,
            default=name == draft.content,
            description=cut(described.get(name, ""), DESCRIPTION) or None,
        )
        for name in postable()[:OPTIONS]
    ]


async def _show(interaction: Interaction, draft: Draft) -> None:
    await interaction.response.edit_message(view=form(draft, interaction.client), attachments=[])


async def _zone(interaction: Interaction, draft: Draft, values: Sequence[Any]) -> None:
    def taken(text: str) -> Draft:
        return moved(draft, read_zone(text), interaction.client.clock.now())

    if values[0] == _OTHER:
        await interaction.response.send_modal(_Asked(_("Time zone"), _("A large city nearby"), "Bogota", taken))
    else:
        await _show(interaction, taken(values[0]))


async def _time(interaction: Interaction, draft: Draft, values: Sequence[Any]) -> None:
    def taken(text: str) -> Draft:
        return replace(draft, at=read_time(text))

    if values[0] == _OTHER:
        await interaction.response.send_modal(_Asked(_("Time of day"), _("In your time zone"), "16:45", taken))
    else:
        await _show(interaction, taken(f"{values[0][:2]}:{values[0][2:]}"))


async def _place(interaction: Interaction, draft: Draft, values: Sequence[Any]) -> None:
    await _show(interaction, replace(draft, channel_id=values[0].id))


async def _days(interaction: Interaction, draft: Draft, values: Sequence[Any]) -> None:
    await _show(interaction, replace(draft, days=tuple(sorted(int(day) for day in values))))


async def _what(interaction: Interaction, draft: Draft, values: Sequence[Any]) -> None:
    await _show(interaction, replace(draft, content=values[0]))


async def _role(interaction: Interaction, draft: Draft, values: Sequence[Any]) -> None:
    await _show(interaction, replace(draft, role_id=values[0].id if values else None))


async def _back(interaction: Interaction, draft: Draft, _values: Sequence[Any]) -> None:
    await _show(interaction, draft)


async def _see(interaction: Interaction, draft: Draft, _values: Sequence[Any]) -> None:
    await interaction.response.defer()
    page = await preview_pages(Desk.at(interaction), draft)
    buttons = ui.ActionRow[Any](
        SetupControl(_button(draft, "go", _("Start posting"), discord.ButtonStyle.success)),
        SetupControl(_button(draft, "back", _("Change something"), discord.ButtonStyle.secondary)),
    )
    await interaction.edit_original_response(view=page_view(replace(page, rows=[buttons])))
    if page.card is not None:
        view, files = page.card
        await interaction.followup.send(view=view, files=files, ephemeral=True)


async def _go(interaction: Interaction, draft: Draft, _values: Sequence[Any]) -> None:
    await interaction.response.defer()  # another's act may have to end first, and Discord waits three seconds
    page = await noted(Desk.at(interaction), lambda desk: save(desk, draft))
    await interaction.edit_original_response(view=page_view(page))


_ACTS: dict[str, Callable[[Interaction, Draft, Sequence[Any]], Awaitable[None]]] = {
    "zone": _zone, "place": _place, "days": _days, "time": _time, "what": _what, "role": _role, "see": _see,
    "go": _go, "back": _back,
}  # fmt: skip
