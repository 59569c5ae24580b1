"""Buttons and selects of alerts: on previews, lists and posts. What they do is in the custom id.

``t1:ACT:ABOUT:MORE``. ABOUT is an alert's id, or a post's for what tells about the post.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.alerts.presets import Preset
from bot.community.alert_records import PREFIX, STORM, Alert
from bot.discord_ui.ids import Outdated
from bot.discord_ui.limits import DESCRIPTION, LABEL, OPTION_TEXT, cut
from bot.discord_ui.safe import answering
from bot.i18n import gettext as _
from bot.log import origin

if TYPE_CHECKING:
    from bot.client import Handoff

Row = ui.ActionRow[Any]
_PATTERN = re.compile(r"t1:(?P<act>[a-z]{1,10}):(?P<about>[0-9a-f]{0,16}):(?P<more>[A-Za-z0-9_=]{0,60})")


@dataclass(frozen=True, slots=True)
class AlertPress:
    """A control that was used: with what it is to do something, and what was chosen in a select."""

    interaction: "discord.Interaction[Handoff]"
    about: str
    more: str
    values: tuple[str, ...] = ()


class AlertControl(ui.DynamicItem[ui.Item[Any]], template=re.compile(r"t\d{1,3}:.*", re.DOTALL)):
    """Any control of alerts, of this version or another."""

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: ui.Item[Any], _match: re.Match[str], /
    ) -> "AlertControl":
        """Wrap the used item; what its id says is read where errors are answered."""
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do what it says. The library would only log an error here, so it is answered here."""
        origin.set(f"guild {interaction.guild_id} control {self.custom_id}")
        async with answering(interaction):
            await self._act(interaction)

    async def _act(self, interaction: "discord.Interaction[Handoff]") -> None:
        from bot.discord_ui.alert_acts import ACTS  # what is done makes pages that hold such controls again
        from bot.discord_ui.auditing import mirrored

        bot = interaction.client
        bot.pace.take(interaction.user.id, interaction.channel_id, bot.clock.now())
        match = _PATTERN.fullmatch(self.custom_id)
        act = ACTS.get(match["act"]) if match else None
        if match is None or act is None:
            raise Outdated
        values = tuple(str(value) for value in getattr(self.item, "values", ()))
        press = AlertPress(interaction, match["about"], match["more"], values)
        if interaction.guild is None:
            await act(press)
            return
        async with mirrored(bot, interaction.guild, lambda entry: entry.user_id == interaction.user.id):
            await act(press)


def _button(
    act: str, about: str, label: str, *, more: str = "", style: discord.ButtonStyle = discord.ButtonStyle.secondary
) -> AlertControl:
    custom_id = f"t1:{act}:{about}:{more}"
    return AlertControl(ui.Button(label=cut(label, LABEL), custom_id=custom_id, style=style))


def draft_rows(draft: Alert, calmer: Sequence[tuple[str, int]]) -> list[Row]:
    """Return what can be done with a draft: save it, leave it, make it calmer."""
    buttons = [
        _button("save", draft.id, _("Save"), style=discord.ButtonStyle.success),
        _button("drop", draft.id, _("Discard")),
    ]
    for name, value in calmer:
        pattern = _("Confirm over {n} closes") if name == "confirmation" else _("Cooldown of {n} days")
        buttons.append(_button("calm", draft.id, pattern.format(n=value), more=f"{name}={value}"))
    return [Row(*buttons)]


def turn_row(label: str, *, own: bool, start: int) -> Row:
    """Return the button that turns a list of alerts to those from a place on."""
    return Row(_button("turn", "", label, more=f"{'own' if own else 'all'}={start}"))


def preset_rows(offered: Sequence[Preset]) -> list[Row]:
    """Return the select that adds presets."""
    options = [
        discord.SelectOption(label=cut(one.title, OPTION_TEXT), value=one.id, description=cut(one.why, DESCRIPTION))
        for one in offered
    ]
    select: ui.Select[Any] = ui.Select(
        custom_id="t1:presets::", placeholder=_("Add from the thesis's watch list"), options=options,
        max_values=len(options),
    )  # fmt: skip
    return [Row(AlertControl(select))]


def post_rows(what: str, post_id: str) -> list[Row]:
    """Return the buttons of a posted alert (by its name in the ledger); a storm's are those that tell about it."""
    told = [_button("why", post_id, _("Explain")), _button("table", post_id, _("Table"))]
    if what == STORM:
        return [Row(*told)]
    alert_id = what.removeprefix(PREFIX)
    changing = [
        _button("snooze", alert_id, _("Snooze a week")),
        _button("edit", alert_id, _("Edit")),
        _button("pause", alert_id, _("Pause")),
    ]
    return [Row(*changing, *told)]
