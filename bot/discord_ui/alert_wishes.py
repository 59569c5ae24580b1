"""From what somebody wished for to an alert: every wish read, every gap filled with what is usual."""

from dataclasses import replace
from typing import Any

import discord

from bot.alerts.asked import parse_end, parse_hours, rule_asked, rule_changed
from bot.alerts.rule import Condition, Rule, Watched
from bot.community.alert_records import Alert
from bot.discord_ui.alert_options import AlertChanges, AlertWishes, Channel, Restraints, limits_of
from bot.discord_ui.desk import Desk
from bot.discord_ui.schedule_options import kind_of
from bot.errors import BadInput
from bot.i18n import gettext as _


def new_rule(desk: Desk, wishes: Restraints, watched: Watched) -> Rule:
    """Return the rule that is wished for; without ``when`` the one that suits what was given. Raises BadInput."""
    return rule_asked(
        watched,
        wishes.when or usual_condition(watched, wishes.value or ""),
        wishes.value or "",
        wishes.within or "",
        hysteresis=wishes.back or "",
        **limits_of(wishes),
        **_times(desk, wishes),
    )


def usual_condition(watched: Watched, value: str) -> Condition:
    """Return what is meant where nobody said: states change, without a value a record is. Raises BadInput."""
    if watched.states:
        return "changes_state"
    if not value:
        return "new_high"
    raise BadInput(_("Say what it waits for: when:above, when:below, when:changes_by or another of the list."))


def changed_rule(desk: Desk, rule: Rule, changes: Restraints, watched: Watched) -> Rule:
    """Return a rule with the changes made. Raises BadInput."""
    return rule_changed(
        rule,
        watched,
        changes.when,
        changes.value or "",
        changes.within or "",
        hysteresis=changes.back or "",
        **limits_of(changes),
        **_times(desk, changes),
    )


def _times(desk: Desk, wishes: Restraints) -> dict[str, Any]:
    """Return quiet hours and the last day among the wishes."""
    found: dict[str, Any] = {}
    if wishes.quiet is not None:
        found["quiet_from"], found["quiet_to"] = parse_hours(wishes.quiet) or (None, None)
    if wishes.until is not None:
        found["expires"] = parse_end(wishes.until, desk.bot.known().today)
    return found


def new_alert(desk: Desk, wishes: AlertWishes, rule: Rule) -> Alert:
    """Return the alert of a server that is wished for: here, unless a channel was named."""
    channel = wishes.channel or here(desk)
    if wishes.role is not None:
        _check_pinged(rule)
    return Alert(
        guild_id=desk.guild.id,
        channel_id=channel.id,
        kind=kind_of(channel),
        rule=rule,
        author_user_id=desk.member.id,
        mention_role_id=wishes.role.id if wishes.role else None,
    )


def changed_alert(alert: Alert, changes: AlertChanges, rule: Rule) -> Alert:
    """Return an alert with the changes made."""
    channel = changes.channel
    role_id = alert.mention_role_id if changes.ping is not False else None
    if changes.role is not None:
        role_id = changes.role.id
    if role_id is not None:
        _check_pinged(rule)
    return replace(
        alert,
        rule=rule,
        channel_id=channel.id if channel else alert.channel_id,
        kind=kind_of(channel) if channel else alert.kind,
        mention_role_id=role_id,
    )


def _check_pinged(rule: Rule) -> None:
    """Raise BadInput where an alert may ping nobody: crowded shorts are not something to call people to."""
    if rule.indicator.startswith("squeeze."):
        raise BadInput(_("Alerts on squeeze scores ping nobody: leave the role out."))


def here(desk: Desk) -> Channel:
    """Return the channel somebody is in. Raises BadInput where alerts cannot be posted."""
    channel = desk.guild.get_channel_or_thread(desk.channel_id)
    if not isinstance(channel, discord.TextChannel | discord.Thread):
        raise BadInput(_("Alerts go to text channels and threads: name one with channel."))
    return channel


async def own_alert(desk: Desk, rule: Rule) -> Alert:
    """Return a private alert; the person's direct channel is opened for it."""
    return Alert(
        guild_id=desk.guild.id,
        channel_id=await direct_channel(desk),
        rule=rule,
        user_id=desk.member.id,
        author_user_id=desk.member.id,
    )


async def direct_channel(desk: Desk) -> int:
    """Return the channel in which somebody is told privately."""
    return (await desk.member.create_dm()).id
