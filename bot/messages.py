"""Texts for people, from the code into the catalogues: ``make messages``.

Texts come from calls of gettext and ngettext, and from what slash commands show: their names and those of options
and choices are apart by context, as a name follows Discord's rules and a word in a sentence does not. Nothing is
guessed: a changed text is a new one. Catalogues name files but no lines and no days, so that they change with the
texts alone.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po
from discord import app_commands
from discord.ext import commands

import cogs
from bot import i18n
from bot.discord_ui.translator import CHOICE, COMMAND, OPTION

ROOT = Path(__file__).parents[1]
PLACES = ("bot", "cogs")
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "in_context": ((1, "c"), 2)}
_UNDESCRIBED = "…"  # what the library shows for an option without a description
_WIDTH = 0  # no wrapping: one text, one line


def template() -> Catalog:
    """Return every text of the code, untranslated, by file and place."""
    found = Catalog(project="Handoff", charset="utf-8", fuzzy=False)
    for place in PLACES:
        for file, _line, message, _comments, context in extract_from_dir(ROOT / place, keywords=KEYWORDS):
            found.add(message, locations=[(f"{place}/{file}", 0)], context=context)
    for text, context, file in shown_by_commands():
        if text != _UNDESCRIBED:
            found.add(text, locations=[(file, 0)], context=context)
    return found


def shown_by_commands() -> Iterator[tuple[str, str | None, str]]:
    """Give what slash commands show: text, context (None for sentences), file."""
    for module in sorted(pkgutil.iter_modules(cogs.__path__), key=lambda module: module.name):
        loaded = importlib.import_module(f"cogs.{module.name}")
        for _name, cog in inspect.getmembers(loaded, inspect.isclass):
            if issubclass(cog, commands.Cog) and cog.__module__ == loaded.__name__:
                for text, context in _texts_of(cog):
                    yield text, context, f"cogs/{module.name}.py"


def _texts_of(cog: type[commands.Cog]) -> Iterator[tuple[str, str | None]]:
    for command in cog.__cog_commands__:
        if asks := command.extras.get("asks"):  # the question as people put it
            yield asks, None
    for command in _slash_commands(cog):
        yield from _texts(command)


def _slash_commands(cog: type[commands.Cog]) -> Iterator[Any]:
    group = getattr(cog, "__cog_group_name__", None)
    if group and cog.__cog_is_app_commands_group__:
        yield app_commands.Group(name=str(group), description=str(cog.__cog_group_description__))
    own = [command.app_command for command in cog.__cog_commands__ if hasattr(command, "app_command")]
    for command in [*filter(None, own), *cog.__cog_app_commands__]:
        yield command
        if isinstance(command, app_commands.Group):
            yield from command.walk_commands()


def _texts(command: Any) -> Iterator[tuple[str, str | None]]:
    yield command.name, COMMAND
    yield command.description, None
    if asked := command.extras.get("asks"):
        yield asked, None
    for option in getattr(command, "parameters", ()):
        yield option.display_name, OPTION
        yield str(option.description), None
        for choice in option.choices:
            yield choice.name, CHOICE


def path_of(language: str) -> Path:
    """Return where a language's catalogue is."""
    return ROOT / "bot" / "locales" / language / "LC_MESSAGES" / "handoff.po"


def stored(language: str) -> Catalog:
    """Return a language's catalogue as it is; empty where there is none yet."""
    path = path_of(language)
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as source:
        return read_po(source, locale=language)


def merged(language: str, texts: Catalog) -> Catalog:
    """Return the texts with the translations there are."""
    known, result = stored(language), Catalog(locale=language, fuzzy=False)
    for message in texts:
        if message.id:
            old = known.get(message.id, message.context)
            translated = old.string if old is not None and old.id == message.id else None
            result.add(message.id, translated, message.locations, context=message.context)
    return result


def written(catalog: Catalog) -> bytes:
    """Return a catalogue as the text of its file."""
    body = BytesIO()
    write_po(body, catalog, width=_WIDTH, omit_header=True, include_lineno=False)
    plural = get_plural(catalog.locale)
    header = (
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        f"Language: {catalog.locale}",
        f"Plural-Forms: {plural.plural_forms}",
    )
    lines = ['msgid ""', 'msgstr ""', *(f'"{line}\\n"' for line in header), "", ""]
    return "\n".join(lines).encode() + body.getvalue()


def untranslated(catalog: Catalog) -> list[str]:
    """Return the texts that have no translation, or a plural without all its forms."""
    return [_first(message.id) for message in catalog if message.id and not _complete(message.string)]


def _complete(string: Any) -> bool:
    return all(string) if isinstance(string, list | tuple) else bool(string)


def _first(text: Any) -> str:
    return str(text[0] if isinstance(text, list | tuple) else text)


def main() -> None:
    """Bring every catalogue up to date with the code, and say how much is translated."""
    texts = template()
    for language in i18n.LANGUAGES:
        if language != i18n.DEFAULT:
            catalog = merged(language, texts)
            path_of(language).parent.mkdir(parents=True, exist_ok=True)
            path_of(language).write_bytes(written(catalog))
            print(f"{language}: {len(catalog) - len(untranslated(catalog))} of {len(catalog)} texts translated")  # noqa: T201


if __name__ == "__main__":
    main()
