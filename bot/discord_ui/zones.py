"""Time zones as an option: any city or country is found, each with the time it is there now."""

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

import discord
from babel import Locale
from babel.core import get_global
from discord import app_commands

from bot import i18n
from bot.discord_ui.limits import OPTION_TEXT, cut
from bot.discord_ui.parameters import WrittenParameter
from bot.discord_ui.schedule_words import local_now
from bot.discord_ui.translator import bare
from bot.errors import BadInput
from bot.i18n import gettext as _

if TYPE_CHECKING:
    from bot.client import Handoff

LIKELY_ZONES = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Toronto",
    "America/Mexico_City", "America/Bogota", "America/Sao_Paulo", "America/Argentina/Buenos_Aires", "Europe/London",
    "Europe/Lisbon", "Europe/Madrid", "Europe/Paris", "Europe/Berlin", "Europe/Athens", "Africa/Lagos",
    "Africa/Johannesburg", "Asia/Dubai", "Asia/Kolkata", "Asia/Singapore", "Asia/Tokyo", "Australia/Sydney", "UTC",
)  # fmt: skip
# What people call their time all year. Taken by the letter, EST would be an hour off from March to November.
_CALLED = {
    **dict.fromkeys(("et", "est", "edt", "eastern", "eastern time"), "America/New_York"),
    **dict.fromkeys(("ct", "cst", "cdt", "central", "central time"), "America/Chicago"),
    **dict.fromkeys(("mt", "mst", "mdt", "mountain", "mountain time"), "America/Denver"),
    **dict.fromkeys(("pt", "pst", "pdt", "pacific", "pacific time"), "America/Los_Angeles"),
    **dict.fromkeys(("usa", "us"), "America/New_York"),
    **dict.fromkeys(("bst", "uk", "england"), "Europe/London"),
    "cest": "Europe/Paris",
    "ist": "Asia/Kolkata",
}
_DISTANCE = re.compile(r"(?:utc|gmt)?\s*[+-]\s*\d{1,2}(?::?\d{2})?", re.IGNORECASE)


@cache
def _zones() -> tuple[str, ...]:
    """Return the zones people know: places, not the abbreviations and aliases of old; likely ones first."""
    names = sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))
    return tuple(dict.fromkeys((*LIKELY_ZONES, *names)))


@cache
def _places() -> dict[str, tuple[str, ...]]:
    """Return the zones of each country and city by its name in every language: "nueva york", "españa"."""
    found: dict[str, list[str]] = {}
    territories = get_global("zone_territories")
    for locale in map(Locale.parse, i18n.LANGUAGES):
        for zone in _zones():
            city = locale.time_zones.get(zone, {}).get("city")
            country = locale.territories.get(territories.get(zone, ""))
            for name in filter(None, (city, country)):
                found.setdefault(bare(name), []).append(zone)
    return {name: tuple(dict.fromkeys(zones)) for name, zones in found.items()}


def matching_zones(typed: str, count: int = 25) -> tuple[str, ...]:
    """Return zones for what was typed: what it is the name of, then what begins so, then what has a word that does."""
    wanted = bare(typed.strip())
    path = wanted.replace(" ", "_")
    if not wanted:
        return LIKELY_ZONES[:count]
    called = [_CALLED[wanted]] if wanted in _CALLED else []
    exact = [name for name in available_timezones() if name.lower() == path]
    cities = [zone for zone in _zones() if zone.rsplit("/", 1)[-1].lower().startswith(path)]
    begun: Iterable[tuple[str, ...]] = (zones for name, zones in _places().items() if name.startswith(wanted))
    begins = re.compile(rf"(?:^|[/_-]){re.escape(path)}", re.IGNORECASE)
    words = [zone for zone in _zones() if begins.search(zone)]
    found = (*called, *_places().get(wanted, ()), *exact, *cities, *(zone for zones in begun for zone in zones), *words)
    return tuple(dict.fromkeys(found))[:count]


def read_zone(text: str) -> str:
    """Return the zone a name, a city or a country means. Raises BadInput."""
    if _DISTANCE.fullmatch(text.strip()):
        raise BadInput(
            _("“{text}” knows no summer time. Try a large city nearby: clocks are followed there.").format(
                text=i18n.plain(text, 30)
            )
        )
    found = matching_zones(text, 1)
    if not found:
        raise BadInput(_("I know no time zone “{text}”. Try a large city nearby.").format(text=i18n.plain(text, 30)))
    return found[0]


class ZoneParameter(WrittenParameter):
    """An IANA time zone."""

    def read(self, text: str) -> str:
        """Return the zone. Raises BadInput."""
        return read_zone(text)

    async def autocomplete(self, interaction: "discord.Interaction[Handoff]", value: str | float, /) -> Any:
        """Offer zones with their local time."""
        now = interaction.client.clock.now()
        with i18n.use(i18n.supported(str(interaction.locale))):
            return [
                app_commands.Choice(name=cut(local_now(zone, now), OPTION_TEXT), value=zone)
                for zone in matching_zones(str(value))
            ]


Zone = app_commands.Transform[str | None, ZoneParameter]
