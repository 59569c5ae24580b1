"""Time zones as an option: any city is found, each with the time it is there now."""

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot import i18n
from bot.discord_ui.limits import OPTION_TEXT, cut
from bot.discord_ui.parameters import WrittenParameter
from bot.discord_ui.schedule_words import local_now
from bot.discord_ui.setup_draft import matching_zones
from bot.errors import BadInput
from bot.i18n import gettext as _

if TYPE_CHECKING:
    from bot.client import Handoff


def read_zone(text: str) -> str:
    """Return the zone a name or a city means. Raises BadInput."""
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


Zone = app_commands.Transform[str, ZoneParameter]
