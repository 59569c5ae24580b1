"""A server's setup as a file: taken out, compared, put in again or into another server.

The file holds settings, channels' own settings, schedules and blocked symbols. It names no person; roles are
carried only within the same server, as they do not exist in another.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.community.guilds import Guilds
from bot.community.plain import as_plain, from_plain
from bot.community.records import By, ChannelSettings, Destination, GuildSettings, Schedule, new_id
from bot.community.schedules import Schedules, settings_of

FORMAT = 1
_NOT_CARRIED = {"guild_id", "owner_user_id", "left_at", "paused_until"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """Everything admins set in one server. ``dropped`` lists channels that could not be mapped."""

    settings: GuildSettings
    channels: tuple[ChannelSettings, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    blocked_symbols: tuple[str, ...] = ()
    dropped: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that would change: where, which field, from what, to what (None: not there)."""

    subject: str
    field: str
    before: Any
    after: Any


class Transfer:
    """Takes setups out of the store and puts them in."""

    def __init__(self, guilds: Guilds, schedules: Schedules) -> None:
        self._guilds = guilds
        self._schedules = schedules

    async def current(self, guild_id: int) -> Setup:
        """Return a server's setup as it is."""
        blocks = await self._guilds.blocks(guild_id)
        return Setup(
            settings=await self._guilds.get(guild_id),
            channels=tuple(await self._guilds.channels(guild_id)),
            schedules=tuple(await self._schedules.of_guild(guild_id)),
            blocked_symbols=tuple(sorted(blocks.symbols)),
        )

    async def apply(self, setup: Setup, by: By) -> None:
        """Make a server's setup this one. Every change stands in the audit log."""
        guild_id = setup.settings.guild_id
        now = await self.current(guild_id)
        await self._guilds.save(setup.settings, by)
        for channel in setup.channels:
            await self._guilds.save_channel(channel, by)
        known = {schedule.id for schedule in now.schedules}
        kept = {schedule.id for schedule in setup.schedules}
        for schedule in now.schedules:
            if schedule.id not in kept:
                await self._schedules.remove(schedule, by)
        for schedule in setup.schedules:
            await (self._schedules.save if schedule.id in known else self._schedules.add)(schedule, by)
        for symbol in sorted(set(now.blocked_symbols) - set(setup.blocked_symbols)):
            await self._guilds.unblock(guild_id, symbol, by)
        for symbol in sorted(set(setup.blocked_symbols) - set(now.blocked_symbols)):
            await self._guilds.block(guild_id, symbol, by)


def as_file(setup: Setup) -> dict[str, Any]:
    """Return a setup as JSON-ready data."""
    settings = {name: value for name, value in as_plain(setup.settings).items() if name not in _NOT_CARRIED}
    return {
        "format": FORMAT,
        "guild": setup.settings.guild_id,
        "settings": settings,
        "channels": [_carried(as_plain(channel)) for channel in setup.channels],
        "schedules": [_carried(settings_of(schedule)) for schedule in setup.schedules],
        "blocked_symbols": list(setup.blocked_symbols),
    }


def _carried(plain: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in plain.items() if name not in {"guild_id", "author_user_id", "reason"}}


def channels_named(file: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the channels that a file speaks of, in order: what has to be mapped into another server."""
    settings = file.get("settings", {})
    named = [*settings.get("allowed_channels", ()), settings.get("log_channel_id")]
    named += [channel.get("channel_id") for channel in file.get("channels", ())]
    named += [p.get("channel_id") for s in file.get("schedules", ()) for p in s.get("destinations", ())]
    return tuple(dict.fromkeys(channel for channel in named if isinstance(channel, int)))


def from_file(file: Mapping[str, Any], current: GuildSettings, channels: Mapping[int, int], by: By) -> Setup:
    """Read a file into the setup of ``current``'s server, each channel replaced by the one it maps to.

    What is not carried stays as it is there. Raises ValueError, with every fault, for a file that makes no sense.
    """
    if file.get("format") != FORMAT:
        raise ValueError(f"format is {file.get('format')!r}, not {FORMAT}")
    same = file.get("guild") == current.guild_id
    plain = {**as_plain(current), **{k: v for k, v in file.get("settings", {}).items() if k not in _NOT_CARRIED}}
    settings = _mapped_settings(from_plain(GuildSettings, plain), channels, same=same)
    own = {"guild_id": current.guild_id}
    looks = [from_plain(ChannelSettings, {**channel, **own}) for channel in file.get("channels", ())]
    author = {**own, "author_user_id": by.user_id}
    schedules = [from_plain(Schedule, {**schedule, **author}) for schedule in file.get("schedules", ())]
    mapped = [_mapped_schedule(schedule, channels, same=same) for schedule in schedules]
    return Setup(
        settings=settings,
        channels=tuple(replace(c, channel_id=channels[c.channel_id]) for c in looks if c.channel_id in channels),
        schedules=tuple(schedule for schedule in mapped if schedule is not None),
        blocked_symbols=tuple(str(symbol) for symbol in file.get("blocked_symbols", ())),
        dropped=tuple(channel for channel in channels_named(file) if channel not in channels),
    )


def _mapped_settings(settings: GuildSettings, channels: Mapping[int, int], *, same: bool) -> GuildSettings:
    log = settings.log_channel_id
    mapped = replace(
        settings,
        allowed_channels=tuple(channels[c] for c in settings.allowed_channels if c in channels),
        log_channel_id=channels.get(log) if log is not None else None,
    )
    return mapped if same else replace(mapped, admin_roles=(), mention_role_id=None, log_role_id=None)


def _mapped_schedule(schedule: Schedule, channels: Mapping[int, int], *, same: bool) -> Schedule | None:
    places: dict[int, Destination] = {}
    for place in schedule.destinations:
        if place.channel_id in channels:
            channel_id = channels[place.channel_id]
            tags = place.tags if same else ()
            places[channel_id] = replace(place, channel_id=channel_id, tags=tags, failures=0, paused_reason=None)
    if not places:
        return None
    moved = replace(schedule, destinations=tuple(places.values()))
    return moved if same else replace(moved, id=new_id(), mention="none", mention_role_id=None)


def differences(before: Setup, after: Setup) -> list[Difference]:
    """Return what differs between two setups, in the order of the settings."""
    found = _fields("settings", as_plain(before.settings), as_plain(after.settings))
    pairs = (
        ({f"channel:{c.channel_id}": as_plain(c) for c in setup.channels} for setup in (before, after)),
        ({f"schedule:{s.id}": settings_of(s) for s in setup.schedules} for setup in (before, after)),
        ({f"block:{s}": {"blocked": s} for s in setup.blocked_symbols} for setup in (before, after)),
    )
    for old, new in pairs:
        for subject in dict.fromkeys((*old, *new)):
            found += _fields(subject, old.get(subject, {}), new.get(subject, {}))
    return found


def _fields(subject: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    names = dict.fromkeys((*old, *new))
    return [Difference(subject, n, old.get(n), new.get(n)) for n in names if old.get(n) != new.get(n)]
