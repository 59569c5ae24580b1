"""A server's setup taken out of the store, compared with another, and put in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as with_default
from typing import Any

from bot.community.alert_records import Alert
from bot.community.alerts import Alerts
from bot.community.guilds import Guilds
from bot.community.plain import as_plain
from bot.community.records import By, ChannelSettings, Schedule, new_id
from bot.community.schedules import Schedules
from bot.community.setup_file import Setup, alert_plain, schedule_plain


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that would change: where, which field, from what, to what (None: not there).

    ``whole`` is what it belongs to, as it would be, or was.
    """

    subject: str
    field: str
    before: Any
    after: Any
    whole: Mapping[str, Any] = with_default(default_factory=dict, compare=False)


class Transfer:
    """Takes setups out of the store and puts them in."""

    def __init__(self, guilds: Guilds, schedules: Schedules, alerts: Alerts) -> None:
        self._guilds = guilds
        self._schedules = schedules
        self._alerts = alerts

    async def current(self, guild_id: int) -> Setup:
        """Return a server's setup as it is."""
        blocks = await self._guilds.blocks(guild_id)
        return Setup(
            settings=await self._guilds.get(guild_id),
            channels=tuple(await self._guilds.channels(guild_id)),
            schedules=tuple(await self._schedules.of_guild(guild_id)),
            alerts=tuple(await self._alerts.of_guild(guild_id)),
            alert_settings=await self._alerts.settings(guild_id),
            blocked_symbols=tuple(sorted(blocks.symbols)),
        )

    async def apply(self, setup: Setup, by: By) -> None:
        """Make a server's setup this one. Every change stands in the audit log."""
        guild_id = setup.settings.guild_id
        now = await self.current(guild_id)
        await self._guilds.save(setup.settings, by)
        kept = {channel.channel_id for channel in setup.channels}
        plain = (ChannelSettings(guild_id=guild_id, channel_id=channel.channel_id) for channel in now.channels)
        for channel in (*setup.channels, *(channel for channel in plain if channel.channel_id not in kept)):
            await self._guilds.save_channel(channel, by)
        await self._apply_schedules(now.schedules, setup.schedules, by)
        if setup.alert_settings != now.alert_settings:
            await self._alerts.save_settings(setup.alert_settings, by)
        await self._apply_alerts(now.alerts, setup.alerts, by)
        for symbol in sorted(set(now.blocked_symbols) - set(setup.blocked_symbols)):
            await self._guilds.unblock(guild_id, symbol, by)
        for symbol in sorted(set(setup.blocked_symbols) - set(now.blocked_symbols)):
            await self._guilds.block(guild_id, symbol, by)

    async def _apply_schedules(self, now: tuple[Schedule, ...], wanted: tuple[Schedule, ...], by: By) -> None:
        there, kept = {schedule.id for schedule in now}, {schedule.id for schedule in wanted}
        for schedule in now:
            if schedule.id not in kept:
                await self._schedules.remove(schedule, by)
        for schedule in wanted:
            if schedule.id in there:
                await self._schedules.save(schedule, by)
            else:
                taken = await self._schedules.exists(schedule.id)  # by another server: the file was not written here
                await self._schedules.add(replace(schedule, id=new_id()) if taken else schedule, by)

    async def _apply_alerts(self, now: tuple[Alert, ...], wanted: tuple[Alert, ...], by: By) -> None:
        there, kept = {alert.id: alert for alert in now}, {alert.id for alert in wanted}
        for alert in now:
            if alert.id not in kept:
                await self._alerts.remove(alert, by)
        for alert in wanted:
            before = there.get(alert.id)
            if before is None:
                taken = await self._alerts.get(alert.id) is not None
                await self._alerts.add(replace(alert, id=new_id()) if taken else alert, by)
            elif alert_plain(before) != alert_plain(alert):
                await self._alerts.save(_with_settings_of(before, alert), by, anew=before.rule != alert.rule)


def _with_settings_of(before: Alert, alert: Alert) -> Alert:
    """Return an alert as it is to be; where its rule changed it begins anew, else it stands where it stood."""
    anew = before.rule != alert.rule
    return replace(
        before,
        rule=alert.rule,
        channel_id=alert.channel_id,
        kind=alert.kind,
        state=alert.state,
        mention_role_id=alert.mention_role_id,
        standing=alert.standing if anew else before.standing,
        per_year=alert.per_year if anew else before.per_year,
    )


def differences(before: Setup, after: Setup) -> list[Difference]:
    """Return what differs between two setups, in the order of the settings."""
    found = _fields("settings", as_plain(before.settings), as_plain(after.settings))
    found += _fields("alert_settings", as_plain(before.alert_settings), as_plain(after.alert_settings))
    pairs = (
        ({f"channel:{c.channel_id}": as_plain(c) for c in setup.channels} for setup in (before, after)),
        ({f"schedule:{s.id}": schedule_plain(s) for s in setup.schedules} for setup in (before, after)),
        ({f"alert:{a.id}": alert_plain(a) for a in setup.alerts} for setup in (before, after)),
        ({f"block:{s}": {"blocked": s} for s in setup.blocked_symbols} for setup in (before, after)),
    )
    for old, new in pairs:
        for subject in dict.fromkeys((*old, *new)):
            found += _fields(subject, old.get(subject, {}), new.get(subject, {}))
    return found


def _fields(subject: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    names = dict.fromkeys((*old, *new))
    whole = new or old
    return [Difference(subject, n, old.get(n), new.get(n), whole) for n in names if old.get(n) != new.get(n)]
