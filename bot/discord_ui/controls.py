"""Buttons on a card. All state is in the custom id, so they work after restarts and on cards of a year ago.

Pressed by the person who asked, a switch changes the card in place; anybody else gets a copy of their own.
"""

import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot import i18n
from bot.discord_ui import details, ids
from bot.discord_ui.errors import explained
from bot.discord_ui.limits import CUSTOM_ID, LABEL, cut
from bot.discord_ui.replies import EditReply, InteractionReply, say_privately
from bot.i18n import gettext as _
from bot.log import origin
from bot.report import Report
from bot.request import Mark, Request, choices_of, mark_of

if TYPE_CHECKING:
    from bot.client import Handoff

log = logging.getLogger(__name__)

QUICK_WINDOWS = ("1m", "6m", "ytd", "1y", "5y")
Row = ui.ActionRow[Any]


@dataclass(frozen=True, slots=True)
class Press:
    """A control that was pressed: where, what it says, and what was chosen in a select."""

    interaction: "discord.Interaction[Handoff]"
    pressed: ids.Pressed
    values: tuple[str, ...]

    def reply(self) -> InteractionReply:
        """Return where the answer goes: in place for whom the card belongs to."""
        mine = self.pressed.asker == self.interaction.user.id
        return EditReply(self.interaction) if mine else InteractionReply(self.interaction, ephemeral=True)


class Control(ui.DynamicItem[ui.Item[Any]], template=ids.PATTERN):
    """Any control of any card, of this version or of another."""

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: ui.Item[Any], _match: re.Match[str], /
    ) -> "Control":
        """Wrap the pressed item; what its id says is read where errors are answered."""
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do what the control says. The library would only log an error here, so it is answered here."""
        language = i18n.supported(str(interaction.locale))
        origin.set(f"guild {interaction.guild_id} control {self.custom_id}")
        with i18n.use(language):
            try:
                await self._act(interaction)
            except Exception as error:  # noqa: BLE001  (the outermost boundary: everything gets its answer)
                if text := explained(error):
                    await say_privately(interaction, text)

    async def _act(self, interaction: "discord.Interaction[Handoff]") -> None:
        bot = interaction.client
        bot.pace.take(interaction.user.id, interaction.channel_id, bot.clock.now())
        pressed = ids.decode(self.custom_id)
        action = ACTIONS.get(pressed.action)
        if action is None:
            raise ids.Outdated
        await action(Press(interaction, pressed, tuple(getattr(self.item, "values", ()))))


def rows(request: Request, report: Report, asker: int | None) -> list[Row]:
    """Return a card's rows of controls. ``request`` has its day fixed; ``asker`` may change the card in place."""
    lines = [_windows(request, asker), _more(request, report, asker)]
    return [ui.ActionRow(*buttons) for buttons in lines if buttons]


def _windows(request: Request, asker: int | None) -> list[Control]:
    kind = type(request)
    field = next((name for name in kind.model_fields if mark_of(kind, name) is Mark.WINDOW), None)
    if field is None:
        return []
    buttons = []
    for window in QUICK_WINDOWS:
        target = request.model_copy(update={field: window})
        button = _button("show", target, asker, window.upper())
        if button is not None and getattr(request, field) == window:
            button.item.disabled = True  # type: ignore[attr-defined]  # the item is the button made here
            button.item.style = discord.ButtonStyle.primary  # type: ignore[attr-defined]
        buttons.append(button)
    return [button for button in buttons if button is not None]


def _more(request: Request, report: Report, asker: int | None) -> list[Control]:
    buttons = [_button("show", other, asker, label) for other, label in _switches(request)]
    buttons.append(_button("explain", request, asker, _("Explain")))
    if any(table.place != "csv" for table in report.tables):
        buttons.append(_button("table", request, asker, _("Table")))
    buttons.append(_button("csv", request, asker, _("CSV")))
    return [button for button in buttons if button is not None]


def _switches(request: Request) -> list[tuple[Request, str]]:
    """Return the request with each choice of two turned to the other, and what that is called."""
    switches = []
    for name in type(request).model_fields:
        choices = choices_of(type(request), name)
        if len(choices) == 2:
            other = choices[1] if getattr(request, name) == choices[0] else choices[0]
            switches.append((request.model_copy(update={name: other}), _switch_label(other)))
    return switches


def _switch_label(choice: str) -> str:
    known = {"total": _("With dividends"), "price": _("Price only")}
    return known.get(choice) or choice.replace("_", " ").capitalize()


def _button(action: str, request: Request, asker: int | None, label: str) -> Control | None:
    custom_id = ids.encode(action, request, asker)
    if custom_id is None:
        log.info("no %s button: the question does not fit into %d characters", action, CUSTOM_ID)
        return None
    return Control(ui.Button(label=cut(label, LABEL), custom_id=custom_id))


async def _show(press: Press) -> None:
    await press.interaction.client.answers.answer(press.reply(), press.pressed.request)


async def _explain(press: Press) -> None:
    await _detail(press, details.explanation)


async def _table(press: Press) -> None:
    await _detail(press, details.table_page)


async def _csv(press: Press) -> None:
    await _detail(press, details.csv_page)


async def _detail(press: Press, page: Callable[[Report], tuple[ui.LayoutView, list[discord.File]]]) -> None:
    """Show more about the card's report, to whoever pressed alone."""
    reply = InteractionReply(press.interaction, ephemeral=True)
    rendered = await press.interaction.client.answers.rendered(reply, press.pressed.request)
    await reply.card(*page(rendered.report))


ACTIONS: dict[str, Callable[[Press], Awaitable[None]]] = {
    "show": _show,
    "explain": _explain,
    "table": _table,
    "csv": _csv,
}
