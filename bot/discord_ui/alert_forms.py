"""Forms of alerts: a new one on an indicator, prefilled with where it stands; a change of one that is there."""

from typing import Any

import discord
from discord import ui

from bot import i18n
from bot.alerts.asked import condition_name, conditions_for, rule_asked, rule_changed
from bot.alerts.rule import CONDITIONS, THRESHOLDS, Condition, Watched
from bot.alerts.spans import band_text
from bot.alerts.threshold import change_text, level_text
from bot.community.alert_records import Alert
from bot.discord_ui.limits import LABEL, TITLE, cut
from bot.discord_ui.safe import SafeModal
from bot.errors import BadInput
from bot.i18n import gettext as _

_LONGEST = 60


class _Form(SafeModal):
    """Fields that both forms have."""

    def line(self, custom_id: str, label: str, default: str, example: str = "") -> "ui.TextInput[Any]":
        """Add a line that may stay empty."""
        field: ui.TextInput[Any] = ui.TextInput(
            custom_id=custom_id, default=cut(default, _LONGEST), placeholder=example or None, required=False,
            max_length=_LONGEST,
        )  # fmt: skip
        self.add_item(ui.Label(text=cut(label, TITLE), component=field))
        return field

    def number(self, field: "ui.TextInput[Any]", label: str) -> int:
        """Return a whole number that was filled in, 0 for nothing. Raises BadInput."""
        text = field.value.strip()
        if not text:
            return 0
        if not text.isdigit():
            raise BadInput(_("{label}: please write a whole number.").format(label=label))
        return int(text)


class NewForm(_Form):
    """Asks what an alert on an indicator waits for."""

    def __init__(self, watched: Watched) -> None:
        super().__init__(_("Alert: {title}").format(title=watched.title))
        self._watched = watched
        options = [
            discord.SelectOption(label=cut(condition_name(one), LABEL), value=one, default=place == 0)
            for place, one in enumerate(conditions_for(watched))
        ]
        self.when: ui.Select[Any] = ui.Select(custom_id="when", options=options)
        self.add_item(ui.Label(text=cut(_("What it waits for"), TITLE), component=self.when))
        self.value = self.line("value", _("Value"), starting_value(watched), level_text(0.0, watched.unit))
        self.within = self.line("within", _("How far back (new highs and lows, changes)"), "", "63, 3m, 1y")
        self.confirm = self.line("confirm", _("Closes in a row"), "1")
        self.cooldown = self.line("cooldown", _("Days of silence after it spoke"), "0")

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Show the preview; errors are answered by the base class."""
        from bot.discord_ui.alert_previews import preview_new

        with i18n.use(self.language):
            condition = _condition(self.when.values)
            rule = rule_asked(
                self._watched,
                condition,
                "" if condition in {"new_high", "new_low"} else self.value.value,
                self.within.value,
                confirmation=self.number(self.confirm, _("Closes in a row")) or 1,
                cooldown_days=self.number(self.cooldown, _("Days of silence after it spoke")),
            )
            await preview_new(interaction, rule)


class EditForm(_Form):
    """Asks what shall be different about an alert."""

    def __init__(self, alert: Alert, watched: Watched) -> None:
        super().__init__(_("Alert: {title}").format(title=watched.title))
        self._alert_id = alert.id
        self._watched = watched
        rule = alert.rule
        self._written = written_value(alert, watched)
        self.value = self.line("value", _("Value"), self._written)
        self.within = self.line("within", _("How far back"), str(rule.within or ""), "63, 3m, 1y")
        self.confirm = self.line("confirm", _("Closes in a row"), str(rule.confirmation))
        self.cooldown = self.line("cooldown", _("Days of silence after it spoke"), str(rule.cooldown_days))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Show the preview of the change; errors are answered by the base class."""
        from bot.discord_ui.alert_previews import preview_change

        with i18n.use(self.language):
            alert = await interaction.client.community.alerts.get(self._alert_id)
            if alert is None:
                raise BadInput(_("This alert is gone."))
            value, within = self.value.value.strip(), self.within.value.strip()
            rule = rule_changed(
                alert.rule,
                self._watched,
                value="" if value == self._written.strip() else value,
                within="" if within == str(alert.rule.within or "") else within,
                confirmation=self.number(self.confirm, _("Closes in a row")) or 1,
                cooldown_days=self.number(self.cooldown, _("Days of silence after it spoke")),
            )
            await preview_change(interaction, alert, rule)


def _condition(values: list[str]) -> Condition:
    found = next((one for one in CONDITIONS if one in values), None)
    if found is None:
        raise BadInput(_("Please choose what it waits for."))
    return found


def starting_value(watched: Watched) -> str:
    """Return where an indicator stands now, as it would be typed."""
    if watched.states or watched.now is None:
        return ""
    return level_text(watched.now, watched.unit)


def written_value(alert: Alert, watched: Watched) -> str:
    """Return the value of a rule as it would be typed."""
    rule = alert.rule
    if rule.condition in THRESHOLDS:
        return level_text(rule.threshold or 0.0, watched.unit)
    if rule.condition == "changes_by":
        return change_text(rule.threshold or 0.0, watched.unit, rule.direction, relative=rule.relative)
    if rule.condition == "enters_band":
        return band_text(rule.low or 0.0, 1.0 if rule.high is None else rule.high)
    if rule.state is not None and rule.state < len(watched.states):
        return watched.states[rule.state]
    return ""
