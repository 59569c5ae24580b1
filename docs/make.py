"""Generated pages: the gallery, the list of commands, the definitions. Run by ``make gallery``.

Nothing in them is written by hand: what the code offers is what they show.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from discord import app_commands
from discord.ext import commands

import cogs
from bot import features, metrics
from bot.discord_ui.help_pages import usual
from bot.request import choices_of
from bot.shown import disclaimer
from bot.worker import compute, draw, opened

DOCS = Path(__file__).parent
PICTURES = DOCS / "pictures"
THEMES = ("dark", "light")
NEEDED: dict[str, dict[str, object]] = {
    "allocation": {"holdings": "SPY 60, IWM 20, NVDA 20"},
    "position": {"symbol": "IWM"},
    "storm": {"alerts": [{"indicator": "price.close.IWM", "condition": "new_high"}]},
}
"""What questions need that have no answer without the asker's own figures."""


def gallery() -> str:
    """Draw every question's pictures in every theme on the bundled sample, and return the page that shows them."""
    PICTURES.mkdir(exist_ok=True)
    lines = ["# Gallery", "", "Every card of the bundled sample, as of its last session. Made by `make gallery`.", ""]
    for name in features.names():
        request = features.request_type(name).model_validate(NEEDED.get(name, {}))
        report = compute(request, opened("sample").at(None))
        lines += [f"## {report.title}", "", f"`/{name}`: {report.headline}", ""]
        for theme in THEMES:
            for chart_id, picture in draw(report, theme).items():
                path = PICTURES / f"{name}-{chart_id}-{theme}.png"
                path.write_bytes(picture)
                alt = next(chart.alt for chart in report.charts if chart.id == chart_id).replace("\n", " ")
                if theme == "dark":
                    lines += [f"![{alt}](pictures/{path.name})", ""]
    return "\n".join([*lines, disclaimer(), ""])


def every_command() -> Iterator[commands.HybridCommand[Any, ..., Any]]:
    """Yield every command of every cog, groups before their parts, in order of names."""
    found: list[Any] = []
    for module in pkgutil.iter_modules(cogs.__path__):
        loaded = importlib.import_module(f"cogs.{module.name}")
        for _name, kind in inspect.getmembers(loaded, inspect.isclass):
            if issubclass(kind, commands.Cog) and kind.__module__ == loaded.__name__:
                found += [
                    c for c in kind.__cog_commands__ if isinstance(c, commands.HybridCommand | commands.HybridGroup)
                ]
    yield from sorted(found, key=lambda command: str(command.qualified_name))


def command_page() -> str:
    """Return the page of commands: what each answers, its words and its options."""
    lines = ["# Commands", "", "Every command works with `/` and with `!`; words may stand in any order after `!`.", ""]
    for command in every_command():
        lines += [f"## /{command.qualified_name} {usual(command)}".rstrip(), "", command.help or "", ""]
        if command.aliases:
            lines += ["Also: " + ", ".join(f"`!{alias}`" for alias in command.aliases), ""]
        kind = command.extras.get("request")
        if kind is not None:
            lines += ["| option | default | takes |", "|---|---|---|"]
            lines += [_option(kind, name) for name in command.params]
            lines.append("")
        elif parameters := _parameters(command):
            lines += ["| option | takes |", "|---|---|"]
            lines += [
                f"| `{one.display_name}`{' (needed)' if one.required else ''} | {_takes(one)} |" for one in parameters
            ]
            lines.append("")
    return "\n".join(lines)


def _parameters(command: commands.HybridCommand[Any, ..., Any]) -> list[app_commands.Parameter]:
    """Return the options of a command that is no question; a group's are those of what it does without a verb."""
    slashed: Any = command.app_command
    slashed = slashed.get_command(usual(command)) if isinstance(slashed, app_commands.Group) else slashed
    return list(slashed.parameters)


def _takes(parameter: app_commands.Parameter) -> str:
    choices = ", ".join(choice.name for choice in parameter.choices)
    return f"{parameter.description}: {choices}" if choices else str(parameter.description)


def _option(kind: Any, name: str) -> str:
    from bot.discord_ui.parameters import DESCRIPTIONS

    field = kind.model_fields[name]
    default = "" if field.is_required() else field.get_default()
    written = " ".join(default) if isinstance(default, tuple) else default
    shown = "needed" if field.is_required() else "none" if written in {None, ""} else f"`{written}`"
    takes = DESCRIPTIONS.get(name, field.description or "")
    if choices := choices_of(kind, name):
        takes = f"{takes}: {', '.join(choices)}" if takes else ", ".join(choices)
    return f"| `{name}` | {shown} | {takes} |"


def definition_page() -> str:
    """Return the page of definitions."""
    lines = ["# Definitions", "", "What every figure means. In Discord: `/explain`.", ""]
    for metric in metrics.catalogue().values():
        lines += [f"## {metric.name}", "", f"`{metric.id}`", "", metric.formula, ""]
        lines += ["Goes in: " + "; ".join(metric.inputs) + ". Source: " + ", ".join(metric.sources) + ".", ""]
        lines += [f"- {caveat}" for caveat in metric.caveats]
        lines.append("")
    return "\n".join(lines)


def main() -> None:
    """Write all generated pages."""
    for name, page in (("gallery", gallery), ("commands", command_page), ("definitions", definition_page)):
        (DOCS / f"{name}.md").write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
