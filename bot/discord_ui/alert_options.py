"""What ``/alert`` takes: its flags, and how each is read. By text they are written ``when:below value:4%``."""

from typing import TYPE_CHECKING, Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot import i18n
from bot.alerts.rule import MAX_CONFIRMATION, MAX_COOLDOWN_DAYS
from bot.discord_ui.limits import OPTION_TEXT, OPTIONS, cut
from bot.discord_ui.parameters import Choices, WrittenParameter
from bot.discord_ui.watchables import label
from bot.errors import BadInput
from bot.i18n import gettext as _

if TYPE_CHECKING:
    from bot.client import Handoff

Channel = discord.TextChannel | discord.Thread
When = Literal[
    "above", "below", "crosses_above", "crosses_below", "new_high", "new_low", "changes_by", "enters_band",
    "changes_state",
]  # fmt: skip


class IndicatorParameter(WrittenParameter):
    """An indicator by its id or title."""

    async def autocomplete(self, interaction: "discord.Interaction[Handoff]", value: str | float, /) -> Any:
        """Offer indicators by id and by words of their titles."""
        language = i18n.supported(str(interaction.locale))
        with i18n.use(language):
            found = await interaction.client.watchables.matching(str(value)[:OPTION_TEXT], language, OPTIONS)
            return [app_commands.Choice(name=cut(label(one), OPTION_TEXT), value=one.id) for one in found]


class AlertParameter(WrittenParameter):
    """An alert: its number in the list, or its id."""

    private = False

    async def autocomplete(self, interaction: "discord.Interaction[Handoff]", value: str | float, /) -> Any:
        """Offer the alerts of the server to those who may change them, or somebody's own."""
        from bot.discord_ui.alert_words import short_words

        language = i18n.supported(str(interaction.locale))
        choices: Choices = []
        with i18n.use(language):
            titles = await interaction.client.watchables.at_hand(language)
            for number, alert in enumerate(await self._offered(interaction), 1):
                words = f"{number} · {short_words(alert.rule, titles)}"
                if str(value).casefold() in words.casefold():
                    choices.append(app_commands.Choice(name=cut(words, OPTION_TEXT), value=alert.id))
        return choices[:OPTIONS]

    async def _offered(self, interaction: "discord.Interaction[Handoff]") -> list[Any]:
        from bot.discord_ui.permissions import may_administer

        community, guild = interaction.client.community, interaction.guild
        if self.private:
            return await community.alerts.of_person(interaction.user.id)
        if guild is None or not await may_administer(community, interaction.user):
            return []
        return await community.alerts.of_guild(guild.id)


class OwnAlertParameter(AlertParameter):
    """One of somebody's own private alerts."""

    private = True


Indicator = app_commands.Transform[str, IndicatorParameter]
AlertId = app_commands.Transform[str, AlertParameter]
OwnAlertId = app_commands.Transform[str, OwnAlertParameter]


class Restraints(commands.FlagConverter, case_insensitive=True, delimiter=":"):
    """What an alert waits for and what holds it back; None leaves it as it is, or as is usual."""

    when: When | None = commands.flag(default=None, description="What it waits for")
    value: str | None = commands.flag(default=None, description="A level or change in its unit: 4%, -50bp, $280, 0-5")
    within: str | None = commands.flag(default=None, description="How far back to look: 63, 3m, 1y, ever")
    confirm: int | None = commands.flag(default=None, description="Closes in a row before it speaks")
    back: str | None = commands.flag(default=None, description="How far it must come back before it speaks again")
    cooldown: int | None = commands.flag(default=None, description="Days of silence after it spoke")
    budget: int | None = commands.flag(default=None, description="Times a month at most")
    quiet: str | None = commands.flag(default=None, description="Hours in which it waits: 22:00-07:00, or off")
    until: str | None = commands.flag(default=None, description="The last day it watches: 2026-12-31, or never")
    note: str | None = commands.flag(default=None, description="Words that stand with it")


class AlertWishes(Restraints, case_insensitive=True, delimiter=":"):
    """A new alert of a server."""

    indicator: Indicator = commands.flag(description="Which series: /indicators lists them", positional=True)
    channel: Channel | None = commands.flag(default=None, description="Where it is posted (default: here)")
    role: discord.Role | None = commands.flag(default=None, description="The role to ping")


class AlertChanges(Restraints, case_insensitive=True, delimiter=":"):
    """What shall change of which alert."""

    alert: AlertId = commands.flag(description="Which one: its number in the list", positional=True)
    indicator: Indicator | None = commands.flag(default=None, description="Another series")
    channel: Channel | None = commands.flag(default=None, description="Where it is posted")
    role: discord.Role | None = commands.flag(default=None, description="The role to ping")
    ping: bool | None = commands.flag(default=None, description="No takes the role away")


class OwnWishes(Restraints, case_insensitive=True, delimiter=":"):
    """A private alert."""

    indicator: Indicator = commands.flag(description="Which series: /indicators lists them", positional=True)


class OwnChanges(Restraints, case_insensitive=True, delimiter=":"):
    """What shall change of which private alert."""

    alert: OwnAlertId = commands.flag(description="Which one: its number in the list", positional=True)
    indicator: Indicator | None = commands.flag(default=None, description="Another series")


class HouseWishes(commands.FlagConverter, case_insensitive=True, delimiter=":"):
    """What a server allows of alerts."""

    private: bool | None = commands.flag(default=None, description="Members may have alerts by direct message")
    hourly: int | None = commands.flag(default=None, description="Alerts posted within an hour at most")


def limits_of(wishes: Restraints) -> dict[str, Any]:
    """Return the plain limits among the wishes, by the rule's own names. Raises BadInput."""
    if wishes.confirm is not None and not 1 <= wishes.confirm <= MAX_CONFIRMATION:
        raise BadInput(_("Confirmation takes 1 to {most} closes in a row.").format(most=MAX_CONFIRMATION))
    if wishes.cooldown is not None and not 0 <= wishes.cooldown <= MAX_COOLDOWN_DAYS:
        raise BadInput(_("The cooldown takes 0 to {most} days.").format(most=MAX_COOLDOWN_DAYS))
    given = {
        "confirmation": wishes.confirm,
        "cooldown_days": wishes.cooldown,
        "monthly_budget": wishes.budget,
        "note": wishes.note,
    }
    return {name: value for name, value in given.items() if value is not None}
