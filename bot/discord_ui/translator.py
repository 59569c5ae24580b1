"""Slash commands in the reader's language: Discord shows each person its names and texts in theirs."""

import unicodedata
from collections.abc import Iterable

from discord import Locale, app_commands
from discord.app_commands import TranslationContextLocation as Place

from bot import i18n

COMMAND, OPTION, CHOICE = "command", "option", "choice"
NAMES = {
    Place.command_name: COMMAND,
    Place.group_name: COMMAND,
    Place.parameter_name: OPTION,
    Place.choice_name: CHOICE,
}
"""What has a context of its own in the catalogues. Descriptions are sentences and have none."""


class CatalogueTranslator(app_commands.Translator):
    """Looks every text of a command up in the catalogues, when commands are synced."""

    async def translate(
        self, string: app_commands.locale_str, locale: Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        """Return the text in Discord's locale; None where it would be the same: Discord then shows the original."""
        with i18n.use(str(locale)):
            place = NAMES.get(context.location)
            found = i18n.in_context(place, string.message) if place else i18n.gettext(string.message)
        return found if found != string.message else None


def original_name(typed: str, names: Iterable[str]) -> str | None:
    """Return which of the commands is called ``typed`` in some language, with or without its accents."""
    wanted = bare(typed)
    for language in i18n.LANGUAGES:
        with i18n.use(language):
            for name in names:
                if bare(i18n.in_context(COMMAND, name)) == wanted:
                    return name
    return None


def bare(name: str) -> str:
    """Return a name as it is compared: small, without accents."""
    return "".join(c for c in unicodedata.normalize("NFD", name.lower()) if not unicodedata.combining(c))
