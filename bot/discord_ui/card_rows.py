"""Which controls a card has: read from the fields of its question, so that a new question has them by itself."""

from typing import Any

from discord import ui

from bot import features, i18n
from bot.discord_ui import ids
from bot.discord_ui.bin import BinButton
from bot.discord_ui.comparison import comparable
from bot.discord_ui.controls import Control, button, in_rows, select
from bot.discord_ui.translator import CHOICE, COMMAND
from bot.i18n import gettext as _
from bot.report import Report
from bot.request import Mark, Request, choices_of, mark_of

Row = ui.ActionRow[Any]
QUICK_WINDOWS = ("1m", "6m", "ytd", "1y", "5y")
USUAL_FUNDS = {
    "small": ("IWM", "VB", "IJR", "IWO", "IWN"),
    "large": ("SPY", "QQQ", "RSP", "IWB", "VTI", "MAGS"),
    "benchmark": ("SPY", "QQQ", "RSP", "IWB", "VTI"),
    "index": ("IWM", "IWB", "IVV", "QQQ"),
    "fund": ("IWM", "RUT", "IWB", "SPY", "QQQ"),
}
"""What the selects offer for each field, beside what the card shows now. Any other fund is a word away."""


def rows(
    request: Request, report: Report, asker: int | None, *, alone: bool = False, in_server: bool = True
) -> list[Row]:
    """Return a card's rows of controls.

    ``request`` has its day fixed; ``asker`` may change the card in place; ``alone``: only the asker sees the card.
    Where it is not ``in_server``, there is nothing that needs one.
    """
    selects = [Row(one) for one in _selects(request, asker)]
    taken_away = [BinButton(asker)] if asker is not None else []
    more = [*_more(request, report, asker, alone=alone, in_server=in_server), *taken_away]
    return [*in_rows(_windows(request, asker)), *selects, *in_rows(more)]


def remarks(request: Request) -> tuple[str, ...]:
    """Say why buttons are missing, where a question is too long for what a button can remember."""
    if ids.encode("explain", request, None) is None:
        return (_("This question is too long for buttons to remember: ask about fewer symbols to have them."),)
    return ()


def _windows(request: Request, asker: int | None, *, shown: bool = True) -> list[Control | None]:
    """Return a button for each usual window; the one that is ``shown`` cannot be pressed."""
    if request.opens:
        return _windows(features.request_type(request.opens[0])(as_of=request.as_of), asker, shown=False)
    kind = type(request)
    field = next((name for name in kind.model_fields if mark_of(kind, name) is Mark.WINDOW), None)
    if field is None:
        return []
    current = getattr(request, field) if shown else None
    return [
        button("show", request.model_copy(update={field: window}), asker, window.upper(), current=current == window)
        for window in QUICK_WINDOWS
    ]


def _selects(request: Request, asker: int | None) -> list[Control]:
    kind, found = type(request), []
    for name in kind.model_fields:
        chosen = getattr(request, name)
        if mark_of(kind, name) in {Mark.FUND, Mark.INDEX}:
            symbols = dict.fromkeys((chosen, *USUAL_FUNDS.get(name, ())))
            labels = {symbol: _fund_label(name, symbol) for symbol in sorted(symbols, key=lambda s: s != chosen)}
            found.append(select(f"fund.{name}", request, asker, labels, chosen))
        elif len(choices := choices_of(kind, name)) > 2:
            labels = {choice: _role(name).format(choice=choice_label(choice)) for choice in choices}
            found.append(select(f"pick.{name}", request, asker, labels, chosen))
    if request.opens:
        names = {name: "/" + i18n.in_context(COMMAND, name) for name in request.opens}
        found.append(select("open", request, asker, names, hint=_("Open a report")))
    return [one for one in found if one is not None]


def _fund_label(field: str, symbol: str) -> str:
    roles = {
        "small": _("Small side: {symbol}"),
        "large": _("Large side: {symbol}"),
        "benchmark": _("Measured against {symbol}"),
        "index": _("Members of {symbol}"),
    }
    return roles.get(field, "{symbol}").format(symbol=symbol)


def _role(field: str) -> str:
    """Return what a choice is for, where its name alone does not say it."""
    return _("Size: {choice}") if field == "cap" else "{choice}"


def _more(request: Request, report: Report, asker: int | None, *, alone: bool, in_server: bool) -> list[Control | None]:
    wanted = [("show", other, label) for other, label in _switches(request)]
    wanted.append(("explain", request, _("Explain")))
    if any(table.place != "csv" and table.rows for table in report.tables):
        wanted.append(("table", request, _("Table")))
    wanted.append(("csv", request, _("CSV")))
    if report.charts:
        wanted.append(("png", request, _("PNG")))
    wanted.append(("asof", request, _("Another day")))
    if comparable(request):
        wanted.append(("compare", request, _("Compare")))
    if in_server:
        wanted.append(("alert", request, _("Set an alert")))
    if alone:
        wanted.append(("share", request, _("Share")))
    return [button(action, asked, asker, label) for action, asked, label in wanted]


def _switches(request: Request) -> list[tuple[Request, str]]:
    """Return the request with each choice of two turned to the other, and what that is called."""
    switches = []
    for name in type(request).model_fields:
        choices = choices_of(type(request), name)
        if len(choices) == 2:
            other = choices[1] if getattr(request, name) == choices[0] else choices[0]
            switches.append((request.model_copy(update={name: other}), choice_label(other)))
    return switches


def choice_label(choice: str) -> str:
    """Return what a choice is called on a button."""
    known = {"total": _("With dividends"), "price": _("Price only"), "early": _("Early close")}
    if choice in known:
        return known[choice]
    return i18n.in_context(CHOICE, choice).replace("_", " ").capitalize()
