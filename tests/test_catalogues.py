"""Every text there is, in every language: translated, filled with the same values, and inside what it has to fit.

The texts are extracted from the code anew: one that was added and not translated fails here.
"""

import ast
import functools
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from discord import Locale, app_commands, ui
from discord.app_commands import TranslationContext
from discord.app_commands import TranslationContextLocation as Place

from bot import features, i18n, messages
from bot.charts.theme import DARK
from bot.discord_ui import limits
from bot.discord_ui.card import card_view
from bot.discord_ui.card_rows import rows
from bot.discord_ui.translator import CHOICE, COMMAND, OPTION, CatalogueTranslator, original_name
from bot.report import Report
from bot.worker import opened
from bot.workers import Rendered
from tests.charts.legibility import check
from tests.conftest import Scene
from tests.discord_ui.reports import extreme_report, rendered
from tests.test_every_feature import answered, request_of
from tests.test_limits import NAME, nested, size, synced

LANGUAGES = [language for language in i18n.LANGUAGES if language != i18n.DEFAULT]
FIELD = re.compile(r"{[^}]*}")
ADVICE = re.compile(
    r"!(?![a-z])|¡|\b(debería\w*|deben?|debes|compre|compren|vendan?|garantizad\w*|a la luna)\b", re.IGNORECASE
)
ADDRESSED = re.compile(r"\b(tú|usted|ustedes|vosotros|puedes|tienes|quieres|tu|tus)\b", re.IGNORECASE)
KEPT = re.compile(r"{[^}]*}|\*\*|###|-#|(?<![\w)])/[a-z]+|<#|`")


@pytest.fixture(scope="module")
def extracted() -> Catalog:
    return messages.template()


def first(text: Any) -> str:
    return forms(text)[0]


def forms(text: Any) -> list[str]:
    return list(text) if isinstance(text, list | tuple) else [text]


def texts(language: str) -> Iterator[Message]:
    yield from (message for message in messages.stored(language) if message.id)


def pairs(language: str) -> Iterator[tuple[str, str]]:
    """Give every translated text with what it translates; a plural's forms one by one."""
    for message in texts(language):
        if all(forms(message.string)):
            yield from zip(forms(message.string), forms(message.id), strict=True)


def keys(catalog: Catalog) -> set[tuple[Any, str | None]]:
    return {(message.id, message.context) for message in catalog if message.id}


# complete


def test_the_extraction_finds_every_kind_of_text(extracted: Catalog) -> None:
    assert extracted.get("Small caps lead: {small} against {large} since {day}")
    assert extracted.get(("{n} week", "{n} weeks"))
    assert extracted.get("Small caps against large caps: returns, relative strength, regime.")
    assert extracted.get("How far back: 6m, ytd, 1y, or the day it starts")
    for name, context in (("rotation", COMMAND), ("window", OPTION), ("total", CHOICE)):
        assert extracted.get(name, context), name
    assert len(extracted) > 1500


def test_no_text_stands_inside_of_an_f_string() -> None:
    """There the extractor does not look: it would stay English in every language, and nothing else would tell."""
    hidden = []
    for path in (path for folder in ("bot", "cogs") for path in Path(folder).rglob("*.py")):
        strings = (one for one in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(one, ast.JoinedStr))
        calls = [call for string in strings for call in ast.walk(string) if isinstance(call, ast.Call)]
        named = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in {"_", "ngettext"}]
        hidden += [f"{path}:{call.lineno}: {ast.unparse(call)}" for call in named]
    assert hidden == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_in_the_catalogue_and_nothing_else(language: str, extracted: Catalog) -> None:
    stored = keys(messages.stored(language))
    new, gone = keys(extracted) - stored, stored - keys(extracted)
    assert not new, f"run `make messages`, then translate {len(new)}: {sorted(map(str, new))[:5]}"
    assert not gone, f"run `make messages`: {len(gone)} texts are gone: {sorted(map(str, gone))[:5]}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated_in_all_its_forms(language: str) -> None:
    catalog = messages.stored(language)
    assert messages.untranslated(catalog) == []
    assert [first(message.id) for message in texts(language) if message.fuzzy] == []
    assert not catalog.obsolete
    for message in texts(language):
        wanted = catalog.num_plurals if isinstance(message.id, list | tuple) else 1
        assert len(forms(message.string)) == wanted, first(message.id)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_is_as_the_tool_writes_it(language: str, extracted: Catalog) -> None:
    path = messages.path_of(language)
    again = messages.written(read_po(io.BytesIO(path.read_bytes()), locale=language))
    assert again == path.read_bytes()
    assert b"POT-Creation-Date" not in again
    assert not re.search(rb"^#: .*:\d", again, re.MULTILINE)


def test_a_changed_text_is_a_new_one_and_never_guessed() -> None:
    changed = Catalog(charset="utf-8", fuzzy=False)
    changed.add("Did you mean {names}?")
    changed.add("Did you mean {names} here?")
    catalog = messages.merged("es", changed)
    assert catalog["Did you mean {names}?"].string == "¿Quizá {names}?"
    assert messages.untranslated(catalog) == ["Did you mean {names} here?"]
    assert len(catalog) == 2


def test_half_a_plural_counts_as_untranslated() -> None:
    catalog = Catalog(locale="es", fuzzy=False)
    catalog.add(("{n} day", "{n} days"), ("{n} día", ""))
    catalog.add("Day", "Día")
    assert messages.untranslated(catalog) == ["{n} day"]


# right


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_filled_in_and_what_is_typed_is_the_same_on_both_sides(language: str) -> None:
    for shown, meant in pairs(language):
        assert sorted(FIELD.findall(shown)) == sorted(FIELD.findall(meant)), shown
        assert sorted(KEPT.findall(shown)) == sorted(KEPT.findall(meant)), shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_begin_and_end_alike_where_sentences_are_joined(language: str) -> None:
    for shown, meant in pairs(language):
        assert (shown[0].isspace(), shown[-1].isspace()) == (meant[0].isspace(), meant[-1].isspace()), shown
        assert (shown[0] in ",.;") == (meant[0] in ",.;"), shown
        assert (shown[-1] in ".?:") == (meant[-1] in ".?:") or " " not in meant, shown
        assert "  " not in shown


def test_spanish_advises_nobody_and_addresses_nobody() -> None:
    for message in texts("es"):
        for shown in forms(message.string):
            assert not ADVICE.search(shown), shown
            assert not ADDRESSED.search(shown), shown


def test_spanish_keeps_the_terms_of_the_field() -> None:
    for message in texts("es"):
        meant, shown = first(message.id).lower(), " ".join(forms(message.string)).lower()
        assert "basis points" not in meant or "puntos básicos" in shown or "pb" in shown, shown
        assert "days to cover" not in meant or "días para cubrir" in shown, shown
        assert "pequeña capitalización" not in shown
        assert "short interest" not in meant or re.search(r"cort[oa]s", shown), shown
        assert "total return" not in meant or re.search(r"rentabilidad|tr", shown), shown


# inside its place


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_of_commands_follow_discords_rules(language: str) -> None:
    named = [first(message.string) for message in texts(language) if message.context in (COMMAND, OPTION)]
    assert len(named) > 30
    for name in named:
        assert not name or NAME.fullmatch(name), name
        assert name == name.lower()
    for message in texts(language):
        if message.context == CHOICE:
            assert len(first(message.string)) <= limits.OPTION_TEXT


async def test_commands_are_sent_in_every_language_within_the_limits(scene: Scene) -> None:
    for command in synced(scene):
        for part in nested(command):
            names, sentences = part.get("name_localizations") or {}, part.get("description_localizations") or {}
            for shown in names.values():
                assert NAME.fullmatch(shown), shown
            for shown in sentences.values():
                assert 1 <= len(shown) <= limits.DESCRIPTION, shown
            for choice in part.get("choices", ()):
                for shown in (choice.get("name_localizations") or {}).values():
                    assert 1 <= len(shown) <= limits.OPTION_TEXT
        for locale in ("es-ES", "es-419"):
            assert command["description_localizations"].get(locale), command["name"]
            assert size(command) * 2 < 16_000


async def test_no_two_commands_or_options_are_named_alike(scene: Scene) -> None:
    def apart(parts: list[dict[str, Any]], locale: str) -> None:
        names = [(part.get("name_localizations") or {}).get(locale, part["name"]) for part in parts]
        assert len(set(names)) == len(names), sorted(names)
        for part in parts:
            apart(part.get("options", []), locale)

    for locale in ("es-ES", "es-419"):
        apart(synced(scene), locale)


@pytest.mark.parametrize(
    ("locale", "place", "text", "shown"),
    [
        (Locale.spain_spanish, Place.command_name, "years", "años"),
        (Locale.latin_american_spanish, Place.command_name, "years", "años"),
        (Locale.spain_spanish, Place.parameter_name, "window", "ventana"),
        (Locale.spain_spanish, Place.choice_name, "price", "precio"),
        (Locale.spain_spanish, Place.parameter_description, "Fund or index", "Fondo o índice"),
        (Locale.american_english, Place.command_name, "years", None),
        (Locale.japanese, Place.command_description, "Fund or index", None),
    ],
)
async def test_the_translator_answers_in_discords_locales(
    locale: Locale, place: Place, text: str, shown: str | None
) -> None:
    where: Any = place
    context: Any = TranslationContext(where, None)
    assert await CatalogueTranslator().translate(app_commands.locale_str(text), locale, context) == shown


@pytest.mark.parametrize("typed", ["!años", "!anos", "!AÑOS", "!years"])
async def test_text_commands_have_their_names_in_every_language(scene: Scene, typed: str) -> None:
    sent = await scene.alice.send(scene.channel, typed)
    context = await scene.bot.get_context(sent)
    assert context.command is scene.bot.get_command("years")


def test_a_word_that_names_no_command_is_left_alone() -> None:
    assert original_name("tesis", ["years", "thesis"]) == "thesis"
    assert original_name("tesi", ["years", "thesis"]) is None


@functools.cache
def spoken(name: str, language: str) -> Report:
    return answered(name, opened("sample").last, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", features.names())
def test_what_is_written_on_pictures_fits(name: str, language: str) -> None:
    for block in spoken(name, language).charts:
        with i18n.use(language):
            figure = features.chart_module(name).draw(block.data, DARK)
        if figure.get_size_inches()[1] == 6.75:  # stories are taller, of the same parts
            check(figure, DARK)


@pytest.mark.parametrize("language", [*LANGUAGES, i18n.PSEUDO])
@pytest.mark.parametrize("name", features.names())
def test_cards_fit_into_messages(name: str, language: str) -> None:
    report = spoken(name, language)
    with i18n.use(language):
        controls = rows(request_of(name), report, 2**63)
        pictures = {chart.id: b"png" for chart in report.charts}
        view, files = card_view(Rendered(report.without_drawings(), pictures), controls=controls)
    assert view.total_children_count <= limits.COMPONENTS
    assert 100 < view.content_length() <= limits.TEXT
    assert all(file.description and len(file.description) <= limits.ALT for file in files)
    assert "…" not in report.headline
    for item in view.walk_children():
        inner = getattr(item, "item", item)
        if isinstance(inner, ui.Button):
            assert inner.label or inner.emoji
            assert len(inner.label or "") <= limits.LABEL
            assert not (inner.label or "").endswith(limits.MORE)
        if isinstance(inner, ui.Select):
            assert len(inner.placeholder or "") <= limits.PLACEHOLDER
            assert all(1 <= len(option.label) <= limits.OPTION_TEXT for option in inner.options)


@pytest.mark.parametrize("language", [*LANGUAGES, i18n.PSEUDO])
def test_the_longest_card_fits_in_every_language(language: str) -> None:
    with i18n.use(language):
        view, _files = card_view(rendered(extreme_report()))
    assert view.content_length() <= limits.TEXT
