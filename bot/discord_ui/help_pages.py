"""Help, made from the commands: by question in people's words, each with an example that can be pressed."""

import difflib
import itertools
from collections.abc import Iterable, Sequence
from typing import Any

import discord
from discord import ui
from discord.ext import commands

from bot import i18n
from bot.discord_ui.controls import Control, button
from bot.discord_ui.limits import LABEL, OPTIONS, Block, checked, cut, fitted
from bot.discord_ui.permissions import AdminCog
from bot.discord_ui.question import Question
from bot.discord_ui.translator import COMMAND, bare, original_name
from bot.errors import BadInput
from bot.i18n import gettext as _
from bot.reading import Known

LEARNT = (
    ("rotation", "highs", "years", "thesis", "weekly"),
    ("valuation", "earnings", "breadth", "style", "rrg"),
    ("shortinterest", "squeeze", "rates", "risks", "history"),
    ("funds", "quote", "allocation", "position", "when"),
)
"""The order in which to learn the questions, by what people want to know; others follow by name."""
IN_A_ROW = 5  # buttons, as many as Discord puts side by side
_LIKENESS = 0.5
Command = commands.Command[Any, ..., Any]


def offered(every: Iterable[Command], *, in_server: bool) -> list[Command]:
    """Return the commands that can be used: where there is no server, none that needs one."""
    return [one for one in every if in_server or not _needs_server(one)]


def _needs_server(command: Command) -> bool:
    contexts = getattr(getattr(command, "app_command", None), "allowed_contexts", None)
    return isinstance(command.cog, AdminCog) or (contexts is not None and not contexts.dm_channel)


def questions(every: Iterable[Command]) -> list[Question]:
    """Return the questions among the commands, in the order in which to learn them."""
    place = {name: n for n, name in enumerate(itertools.chain(*LEARNT))}
    found = [command for command in every if isinstance(command, Question)]
    return sorted(found, key=lambda command: (place.get(command.name, len(place)), command.name))


def overview(every: Sequence[Command], known: Known, prefix: str) -> ui.LayoutView:
    """Return the page of all commands: questions with their examples, then the rest by who may use it."""
    children: list[ui.Item[Any]] = []
    intro = _("### What do you want to know?\nPress an example, or type it: only you see what a button answers.")
    texts = [Block([intro], 9)]
    groups = _batches(questions(every), IN_A_ROW)
    heads = itertools.chain(_themes(), itertools.repeat(_("Look it up")))
    texts += [
        Block([f"-# {head}", *(_line(one, prefix) for one in group)], 5)
        for head, group in zip(heads, groups, strict=False)
    ]
    texts += [Block(lines, 4) for lines in _others(every) if len(lines) > 1]
    texts.append(Block(["-# " + _("More about one: /help and its name.")], 8))
    kept = fitted(texts)
    for number, block in enumerate(kept):
        children.append(ui.TextDisplay(block.text()))
        if 1 <= number <= len(groups):
            children.append(ui.ActionRow(*_examples(groups[number - 1], known)))
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*children))
    return checked(view)


def about(wanted: str, every: Sequence[Command], known: Known, prefix: str) -> ui.LayoutView:
    """Return the page of one command. Raises BadInput with the nearest where there is none of that name."""
    command = _found(wanted, every, prefix)
    lines = [f"### {slash(command)}"]
    if isinstance(command, Question):
        lines.append(f"**{command.asks}**")
    lines.append(i18n.gettext(command.short_doc))
    if command.aliases:
        names = i18n.all_of([f"`{prefix}{alias}`" for alias in command.aliases])
        lines.append(_("Also: {names}.").format(names=names))
    lines += [f"- {line}" for line in _options(command)]
    children: list[ui.Item[Any]] = [ui.TextDisplay(block.text()) for block in fitted([Block(lines, 1)])]
    if isinstance(command, Question) and (examples := _examples([command], known)):
        children.append(ui.ActionRow(*examples))
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*children))
    return checked(view)


def slash(command: Command) -> str:
    """Return what is typed for a command, in the active language."""
    return "/" + " ".join(i18n.in_context(COMMAND, part) for part in command.qualified_name.split())


def usual(group: Command) -> str:
    """Return what a group does where no verb is typed: by slash it has to be named."""
    return str(getattr(group, "fallback", None) or "")


def example_buttons(names: Sequence[str], every: Sequence[Command], known: Known) -> list[Control]:
    """Return the examples of some questions as buttons that ask them."""
    by_name = {command.name: command for command in questions(every)}
    return _examples([by_name[name] for name in names if name in by_name], known)


def _themes() -> tuple[str, ...]:
    return (_("Who leads"), _("How broad, how dear"), _("What could turn it"), _("Funds, stocks, your own money"))


def _batches(found: Sequence[Question], size: int) -> list[list[Question]]:
    return [list(found[start : start + size]) for start in range(0, len(found), size)]


def _line(command: Question, prefix: str) -> str:
    return f"**{command.asks}** {slash(command)} · `{prefix}{command.example}`"


def _examples(group: Sequence[Question], known: Known) -> list[Control]:
    made = [button("show", one.example_request(known), None, cut(one.example, LABEL)) for one in group]
    return [one for one in made if one is not None]


def _others(every: Sequence[Command]) -> list[list[str]]:
    """Return the lines on commands that are no questions: everybody's, then those for admins."""
    everybody, admins = [_("**Besides**")], [_("**For people who manage the server**")]
    for command in sorted(every, key=lambda one: one.qualified_name):
        if not isinstance(command, Question):
            lines = admins if isinstance(command.cog, AdminCog) else everybody
            lines.append(f"{slash(command)}{_verbs(command)}: {i18n.gettext(command.short_doc)}")
    return [everybody, admins]


def _verbs(command: Command) -> str:
    if not isinstance(command, commands.Group):
        return ""
    names = sorted(i18n.in_context(COMMAND, part) for part in (usual(command), *(one.name for one in command.commands)))
    return f" ({', '.join(names)})"


def _options(command: Command) -> list[str]:
    slashed = getattr(command, "app_command", None)
    if isinstance(command, commands.Group):
        first = f"{slash(command)} {i18n.in_context(COMMAND, usual(command))}: {i18n.gettext(command.short_doc)}"
        return [first, *(f"{slash(part)}: {i18n.gettext(part.short_doc)}" for part in command.commands)]
    options = getattr(slashed, "parameters", ())
    return [f"`{one.display_name}`: {i18n.gettext(str(one.description))}" for one in options]


def _found(wanted: str, every: Sequence[Command], prefix: str) -> Command:
    name = wanted.strip().lower().removeprefix("/").removeprefix(prefix)
    names = {alias: command for command in every for alias in (command.name, *command.aliases)}
    for wanted_name in (name, name.partition(" ")[0]):
        if found := names.get(original_name(wanted_name, names) or ""):
            return found
    near = difflib.get_close_matches(name, [*names, *(slash(command)[1:] for command in every)], 1, _LIKENESS)
    text = _("There is no command “{name}”.").format(name=i18n.plain(name, 30))
    if near:
        text += " " + _("Did you mean {names}?").format(names=near[0])
    raise BadInput(text)


def completions(typed: str, every: Sequence[Command]) -> list[discord.app_commands.Choice[str]]:
    """Return the commands whose name, here or in English, holds what is typed."""
    wanted = bare(typed.strip().removeprefix("/"))
    found = sorted((slash(one), one.name) for one in every if wanted in bare(f"{slash(one)} {one.name}"))
    return [discord.app_commands.Choice(name=shown, value=name) for shown, name in found[:OPTIONS]]
