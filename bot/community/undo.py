"""Taking back the last act, with all that it changed: the audit log knows what was before."""

from dataclasses import replace
from typing import Any

from bot.community.alert_records import AlertSettings
from bot.community.alerts import Alerts
from bot.community.audit import AuditLog
from bot.community.guilds import Guilds
from bot.community.plain import from_plain
from bot.community.records import AuditEntry, By, ChannelSettings, GuildSettings, Schedule, new_id
from bot.community.schedules import Schedules


class Undo:
    """Restores what an entry of the log says was there before."""

    def __init__(self, log: AuditLog, guilds: Guilds, schedules: Schedules, alerts: Alerts) -> None:
        self._log = log
        self._guilds = guilds
        self._schedules = schedules
        self._alerts = alerts

    async def last(self, guild_id: int, by: By) -> list[AuditEntry]:
        """Take back all that a server's last act changed; returns its entries, none where there is none.

        What is restored first and marked after can be taken back again if the marking never came. Raises Full where
        there is no room for what was removed.
        """
        by = replace(by, act=by.act or new_id())  # what is restored is told from what people changed by it
        entries = await self._log.last_act(guild_id)
        for entry in entries:
            await self._restore(entry, by)
        return entries if entries and await self._log.mark_undone(entries, by) else []

    async def _restore(self, entry: AuditEntry, by: By) -> None:
        kind, _colon, name = entry.subject.partition(":")
        match kind:
            case "settings":
                now = await self._guilds.get(entry.guild_id)
                before = from_plain(GuildSettings, entry.before)
                await self._guilds.save(replace(before, left_at=now.left_at), by)
            case "channel":
                await self._guilds.save_channel(from_plain(ChannelSettings, entry.before), by)
            case "schedule":
                await self._restore_schedule(entry, name, by)
            case "alert":
                await self._alerts.restore(entry.guild_id, name, entry.before, by)
            case "alert_settings":
                await self._alerts.save_settings(AlertSettings(**(entry.before or {"guild_id": entry.guild_id})), by)
            case "block":
                await self._restore_block(entry, by)

    async def _restore_schedule(self, entry: AuditEntry, schedule_id: str, by: By) -> None:
        now = await self._schedules.get(entry.guild_id, schedule_id)
        if entry.before is None:
            if now is not None:
                await self._schedules.remove(now, by)
            return
        before = from_plain(Schedule, entry.before)
        if now is None:
            await self._schedules.add(before, by)
        else:
            await self._schedules.save(replace(before, created_at=now.created_at), by)

    async def _restore_block(self, entry: AuditEntry, by: By) -> None:
        plain: dict[str, Any] = entry.before or entry.after or {}
        change = self._guilds.unblock if entry.before is None else self._guilds.block
        if plain.get("blocked") is not None:
            await change(entry.guild_id, plain["blocked"], by)
