"""Buttons and selects of cards. All state is in the custom id: they work after restarts and on cards of a year ago.

Pressed by the person who asked, a control changes the card in place; anybody else gets a copy of their own.
"""

import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot import features, i18n
from bot.discord_ui import comparison, details, ids
from bot.discord_ui.admission import counted
from bot.discord_ui.forms import Asked
from bot.discord_ui.house import House, NotAnsweredHere, house_of, place_id
from bot.discord_ui.limits import CUSTOM_ID, LABEL, OPTION_TEXT, OPTIONS, cut
from bot.discord_ui.replies import EditReply, InteractionReply
from bot.discord_ui.safe import answer_error
from bot.errors import BadInput
from bot.i18n import gettext as _
from bot.log import origin
from bot.reading import Reading, read_options
from bot.report import Report
from bot.request import Request

if TYPE_CHECKING:
    from bot.client import Handoff

log = logging.getLogger(__name__)
Row = ui.ActionRow[Any]


@dataclass(frozen=True, slots=True)
class Press:
    """A control that was used: where, what it says, and what was chosen in a select."""

    interaction: "discord.Interaction[Handoff]"
    pressed: ids.Pressed
    values: tuple[str, ...] = ()
    house: House = field(default_factory=House)

    @property
    def about(self) -> str:
        """What follows the action's dot: a field, a page."""
        return self.pressed.action.partition(".")[2]

    @property
    def language(self) -> str:
        """The channel's language where one was chosen, else that of whoever pressed: as for slash commands."""
        chosen = self.house.channel.language if self.house.channel else None
        return chosen or i18n.supported(str(self.interaction.locale))

    def reply(self) -> InteractionReply:
        """Return where the answer goes: in place for whom the card belongs to."""
        mine = self.pressed.asker == self.interaction.user.id
        return self.as_here(EditReply(self.interaction)) if mine else self.aside()

    def aside(self) -> InteractionReply:
        """Return where an answer goes that only whoever pressed sees."""
        return self.as_here(InteractionReply(self.interaction, ephemeral=True))

    def as_here(self, reply: InteractionReply) -> InteractionReply:
        """Return the reply in the language and the colours of this place."""
        reply.language, reply.theme = self.language, self.house.theme
        return reply

    async def answer(self, reading: Reading) -> None:
        """Show another card instead of this one."""
        request = self.house.spared(reading.request)
        await self.interaction.client.answers.answer(self.reply(), request, reading.notes)


Action = Callable[[Press], Awaitable[None]]


class Control(ui.DynamicItem[ui.Item[Any]], template=ids.PATTERN):
    """Any control of any card, of this version or of another."""

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: ui.Item[Any], _match: re.Match[str], /
    ) -> "Control":
        """Wrap the used item; what its id says is read where errors are answered."""
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do what the control says. The library would only log an error here, so it is answered here."""
        language = i18n.supported(str(interaction.locale))
        origin.set(f"guild {interaction.guild_id} control {self.custom_id}")
        try:
            with i18n.use(language):
                action, press = await self._pressed(interaction)
            language = press.language
            with i18n.use(language):
                await action(press)
        except Exception as error:  # noqa: BLE001  (the outermost boundary: everything gets its answer)
            await answer_error(interaction, error, language)

    async def _pressed(self, interaction: "discord.Interaction[Handoff]") -> tuple[Action, Press]:
        """Return what is to be done, and by whom and where. Raises Outdated and what this place refuses."""
        bot = interaction.client
        pressed = ids.decode(self.custom_id)
        channel = interaction.channel_id if pressed.action == "share" else None  # all else is no noise to a channel
        bot.pace.take(interaction.user.id, channel, bot.clock.now())
        action = ACTIONS.get(pressed.action.partition(".")[0])
        if action is None:
            raise ids.Outdated
        house = await house_of(bot, interaction.guild_id, interaction.channel)
        if interaction.user.id in house.blocks.users:
            raise NotAnsweredHere(_("You may not use this here."))
        pressed = replace(pressed, request=house.spared(pressed.request))
        return action, Press(interaction, pressed, tuple(getattr(self.item, "values", ())), house)


def button(
    action: str, request: Request, asker: int | None, label: str, *, current: bool = False, off: bool = False
) -> Control | None:
    """Return a button, or None where the question does not fit into its id; ``current`` marks what is shown now."""
    custom_id = ids.encode(action, request, asker)
    if custom_id is None:
        log.info("no %s button: the question does not fit into %d characters", action, CUSTOM_ID)
        return None
    style = discord.ButtonStyle.primary if current else discord.ButtonStyle.secondary
    return Control(ui.Button(label=cut(label, LABEL), custom_id=custom_id, style=style, disabled=current or off))


def select(
    action: str, request: Request, asker: int | None, labels: dict[str, str], chosen: str = "", *, hint: str = ""
) -> Control | None:
    """Return a select of values by label, or None where the question does not fit into its id.

    ``hint`` is what it says while nothing is ``chosen``.
    """
    custom_id = ids.encode(action, request, asker)
    if custom_id is None:
        return None
    options = [
        discord.SelectOption(label=cut(label, OPTION_TEXT), value=value, default=value == chosen)
        for value, label in list(labels.items())[:OPTIONS]
    ]
    return Control(ui.Select(custom_id=custom_id, options=options, placeholder=cut(hint, OPTION_TEXT) or None))


def in_rows(buttons: Sequence[ui.Item[Any] | None], width: int = 5) -> list[Row]:
    """Return the buttons there are in rows as wide as Discord allows."""
    there = [one for one in buttons if one is not None]
    return [ui.ActionRow(*there[start : start + width]) for start in range(0, len(there), width)]


async def _show(press: Press) -> None:
    await press.answer(Reading(press.pressed.request, ()))


async def _choose(press: Press) -> None:
    """Put what was chosen in a select into the field that it is for."""
    kind = type(press.pressed.request)
    if press.about not in kind.model_fields or not press.values:
        raise ids.Outdated
    given = {press.about: press.values[0]}
    await press.answer(read_options(kind, given, press.interaction.client.known(), base=press.pressed.request))


async def _open(press: Press) -> None:
    """Show another question's usual answer, as of the day of this card."""
    wanted = press.values[0] if press.values else ""
    if wanted not in press.pressed.request.opens:
        raise ids.Outdated
    await press.answer(Reading(features.request_type(wanted)(as_of=press.pressed.request.as_of), ()))


async def _as_of(press: Press) -> None:
    """Ask for a day, and answer for its evening."""

    async def taken(interaction: "discord.Interaction[Handoff]", text: str) -> None:
        request = press.pressed.request
        reading = read_options(type(request), {"as_of": text}, interaction.client.known(), base=request)
        await replace(press, interaction=interaction).answer(reading)

    form = Asked(_("As known then"), _("On the evening of which day?"), _("dec 4, 4.12.2025, 2025-12-04"), taken)
    await press.interaction.response.send_modal(form)


async def _compare(press: Press) -> None:
    """Ask for one more fund, and show it beside what the card is about."""

    async def taken(interaction: "discord.Interaction[Handoff]", text: str) -> None:
        reading = comparison.compared(press.pressed.request, text, interaction.client.known())
        await replace(press, interaction=interaction).answer(reading)

    form = Asked(_("Compare"), _("With which fund or ticker?"), _("IJR, QQQ, VB"), taken)
    await press.interaction.response.send_modal(form)


async def _share(press: Press) -> None:
    """Show an answer that only its asker sees to the whole channel."""
    interaction = press.interaction
    if interaction.guild_id is not None and not interaction.permissions.send_messages:
        raise BadInput(_("You may not write in this channel, so I cannot post here for you."))
    bot, feature = interaction.client, press.pressed.request.feature
    press.house.admit(feature, place_id(interaction.channel), interaction.user.id, by_text=False)
    if press.house.mode == "ephemeral":
        raise BadInput(_("In this channel answers are for the asker alone."))
    reply, taken = InteractionReply(interaction), await bot.door.take(press.house, feature, bot.clock.now())
    async with counted(bot, press.house, reply, interaction.user.id, taken):
        await bot.answers.answer(press.as_here(reply), press.pressed.request)


async def _png(press: Press) -> None:
    """Give the addresses of the card's pictures."""
    await press.aside().card(*details.picture_page(press.interaction.message))


async def _alert(press: Press) -> None:
    """Lead to an alert on what the card shows."""
    from bot.discord_ui.alert_start import begin  # its pages hold cards, which hold such controls again

    await begin(press.interaction, press.pressed.request)


async def _csv(press: Press) -> None:
    reply = press.aside()
    if not reply.files:
        raise BadInput(_("I lack “Attach Files” in this channel."))
    rendered = await press.interaction.client.answers.rendered(reply, press.pressed.request)
    await reply.card(*details.csv_page(rendered.report))


async def _explain(press: Press) -> None:
    await _leaf(press, "explain", details.explanation)


async def _table(press: Press) -> None:
    await _leaf(press, "table", details.tables)


async def _leaf(press: Press, action: str, told: Callable[[Report], list[details.Piece]]) -> None:
    """Show a page of what is behind the card, to whoever pressed alone; turning it over changes it in place."""
    interaction, request = press.interaction, press.pressed.request
    turned = bool(press.about) and interaction.message is not None and interaction.message.flags.ephemeral
    reply = press.as_here(EditReply(interaction)) if turned else press.aside()
    rendered = await interaction.client.answers.rendered(reply, request)
    pages = details.pages_of(told(rendered.report))
    number = min(max(_page_number(press.about), 1), len(pages))
    turns = [
        button(f"{action}.p{number - 1}", request, interaction.user.id, _("Previous"), off=number == 1),
        button(f"{action}.p{number + 1}", request, interaction.user.id, _("Next"), off=number == len(pages)),
    ]
    rows = in_rows(turns) if len(pages) > 1 else []
    await reply.card(details.page_view(rendered.report, pages, number, rows), [])


def _page_number(about: str) -> int:
    """Return the page of "p3"; the first where nothing is said. Raises Outdated for what is no page."""
    if about and not re.fullmatch(r"p\d{1,4}", about):
        raise ids.Outdated
    return int(about[1:]) if about else 1


ACTIONS: dict[str, Action] = {
    "show": _show,
    "fund": _choose,
    "pick": _choose,
    "open": _open,
    "asof": _as_of,
    "compare": _compare,
    "share": _share,
    "png": _png,
    "alert": _alert,
    "explain": _explain,
    "table": _table,
    "csv": _csv,
}
