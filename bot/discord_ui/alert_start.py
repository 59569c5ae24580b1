"""From a card to an alert: what the card shows can be watched, one select away from the form."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import discord

from bot import i18n
from bot.alerts.rule import Watched
from bot.discord_ui.alerting import require_private
from bot.discord_ui.desk import Desk
from bot.discord_ui.indicator_pages import found_page, groups_page
from bot.discord_ui.limits import OPTIONS
from bot.discord_ui.pages import page_view
from bot.discord_ui.permissions import may_administer
from bot.features.indices import INDEX_OF
from bot.request import Mark, Request, mark_of

if TYPE_CHECKING:
    from bot.client import Handoff

_MOST = 15
_SYMBOLS = 4  # of a card with many, the first ones


async def begin(interaction: "discord.Interaction[Handoff]", request: Request) -> None:
    """Offer what can be watched of a card, to whoever pressed. Raises the refusal of who may set no alerts here."""
    bot, desk = interaction.client, Desk.at(interaction)
    if not await may_administer(bot.community, desk.member):
        await require_private(desk)
    await interaction.response.defer(ephemeral=True, thinking=True)
    known = list((await bot.watchables.listing(i18n.active())).values())
    symbols = await _companies(bot, request)
    positions: tuple[Watched, ...] = ()
    if symbols:
        positions = await bot.reports.work("bot.alerts.work:of_symbols", i18n.active(), symbols)
    found = [*positions, *on_card(request, known)][:OPTIONS]
    page = found_page(found) if found else groups_page(known)
    await interaction.followup.send(view=page_view(page), ephemeral=True)


async def _companies(bot: "Handoff", request: Request) -> list[str]:
    """Return the companies whose short positions a card shows: those asked for, or those a screen found."""
    named = request.model_dump(include={"symbols", "symbol"})
    if request.feature == "squeeze":
        report = (await bot.reports.get(request, language=i18n.active())).report
        return [str(row[0]) for row in report.table("squeeze").rows[:_SYMBOLS]]
    if request.feature not in {"shortinterest", "quote"}:
        return []
    symbols = [*named.get("symbols", ()), *filter(None, [named.get("symbol")])]
    return [symbol for symbol in symbols if symbol not in INDEX_OF][:_SYMBOLS]


def on_card(request: Request, known: Iterable[Watched]) -> list[Watched]:
    """Return the indicators of a card: the question's own, then those of the symbols it is about."""
    kind, listed = type(request), list(known)
    marks = {name: mark_of(kind, name) for name in kind.model_fields}
    symbols = [getattr(request, name) for name, mark in marks.items() if mark in {Mark.FUND, Mark.SYMBOL}]
    symbols += [one for name, mark in marks.items() if mark is Mark.SYMBOLS for one in getattr(request, name)]
    pair = "/".join(str(one) for one in symbols[:2])
    ends = {pair, *(str(one) for one in symbols if one)}
    own = [one for one in listed if one.id.partition(".")[0] == request.feature]
    others = [one for one in listed if one not in own and one.id.rpartition(".")[2] in ends]
    return [*own, *others][:_MOST]
