"""``/indicators``: what can be watched, by group, found by words, each a select away from its card."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import ui
from discord.utils import escape_markdown

from bot import i18n
from bot.alerts.rule import Watched
from bot.alerts.sentence import reading
from bot.discord_ui.alert_controls import AlertControl, Row
from bot.discord_ui.limits import DESCRIPTION, OPTION_TEXT, OPTIONS, cut
from bot.discord_ui.pages import Page, page_view
from bot.errors import BadInput, UnknownSymbol
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.symbols import resolve

if TYPE_CHECKING:
    from bot.discord_ui.context import Context

_LISTED = 25


async def open_list(ctx: "Context", search: str | None) -> None:
    """Answer ``/indicators``: the groups, or what the words find. Raises BadInput for words that find nothing."""
    with i18n.use(ctx.language):
        await ctx.defer(ephemeral=True)
        known = await ctx.bot.watchables.listing(ctx.language)
        if search:
            found = await ctx.bot.watchables.matching(search, ctx.language, _LISTED)
            found = found or await _of_company(ctx, search)
            if not found:
                raise BadInput(
                    _("No indicator is called anything like “{text}”. /indicators without words lists them.").format(
                        text=i18n.plain(search, 40)
                    )
                )
            page = found_page(found)
        else:
            page = groups_page(list(known.values()))
        await ctx.send(view=page_view(page), ephemeral=True)


async def _of_company(ctx: "Context", search: str) -> list[Watched]:
    """Return what can be watched of a company's short position, nothing where the words name none."""
    try:
        symbol = resolve(search, ctx.bot.known().catalogue, listed=True).symbol
    except UnknownSymbol:
        return []
    return list(await ctx.bot.reports.work("bot.alerts.work:of_symbols", ctx.language, [symbol]))


def groups_page(known: Sequence[Watched]) -> Page:
    """Return the page of groups with a select of them."""
    groups: dict[str, list[Watched]] = {}
    for one in known:
        groups.setdefault(one.group, []).append(one)
    count = ngettext("{n} indicator can be watched.", "{n} indicators can be watched.", len(known))
    lines = [f"### {count.format(n=i18n.number(len(known)))}"]
    lines += [f"**{name}** · {i18n.number(len(found))}" for name, found in groups.items()]
    lines.append("-# " + _("Any ticker works besides: price.spread.1y.IWO/IWN, short.of_float.CAR, squeeze.score.CAR."))
    options = [discord.SelectOption(label=cut(name, OPTION_TEXT), value=found[0].id) for name, found in groups.items()]
    return Page("\n".join(lines), [_select("group", options[:OPTIONS], _("Group"))])


def found_page(found: Sequence[Watched]) -> Page:
    """Return a page of indicators, with a select that shows one and another that sets an alert on one."""
    lines = [_line(one) for one in found[:_LISTED]]
    options = [
        discord.SelectOption(label=cut(one.title, OPTION_TEXT), value=one.id, description=cut(one.id, DESCRIPTION))
        for one in found[:OPTIONS]
    ]
    rows = [_select("show", options, _("Show one")), _select("pick", options, _("Set an alert on"))]
    return Page("\n".join(lines), rows)


def group_page(known: Sequence[Watched], member: str, start: int = 0) -> Page:
    """Return a part of the group that an indicator is in, with a button for the next part."""
    group = next((one.group for one in known if one.id == member), None)
    found = [one for one in known if one.group == group]
    page = found_page(found[start : start + _LISTED])
    head = f"### {group or ''}"
    if len(found) <= _LISTED:
        return Page(f"{head}\n{page.text}", page.rows)
    following = start + _LISTED if start + _LISTED < len(found) else 0
    label = _("Next: {n} more").format(n=len(found) - following) if following else _("From the beginning")
    turn: ui.Button[Any] = ui.Button(label=label, custom_id=f"t1:more::{following}={_packed(member)}")
    return Page(f"{head}\n{page.text}", [*page.rows, Row(AlertControl(turn))])


def _packed(member: str) -> str:
    """Return an id as letters and digits alone, as custom ids of alerts allow."""
    return member.encode().hex()[:56]


def unpacked(text: str) -> str:
    """Read ``_packed`` back; the beginning of an id where it was long."""
    return bytes.fromhex(text[: len(text) // 2 * 2]).decode(errors="ignore")


def _line(one: Watched) -> str:
    names = {"title": f"**{escape_markdown(one.title)}**", "source": one.source}
    if one.now is None or one.first is None:
        said = _("{title}: no values yet · {source}").format(**names)
    else:
        pattern = _("{title}: {value}, since {first} · {source}")
        said = pattern.format(value=reading(one.now, one), first=i18n.day(one.first), **names)
    return f"{said}\n-# `{one.id}`"


def _select(act: str, options: Sequence[discord.SelectOption], placeholder: str) -> Row:
    select: ui.Select[Any] = ui.Select(custom_id=f"t1:{act}::", options=list(options), placeholder=placeholder)
    return Row(AlertControl(select))
