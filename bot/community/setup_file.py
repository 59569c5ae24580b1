"""A server's setup as a file: what is written into it, and how it is read for the same or another server.

The file holds settings, channels' own settings, schedules, alerts and blocked symbols. It names no person; roles are
carried only within the same server, as they do not exist in another.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from bot.community import alerts as alerts_of
from bot.community.alert_records import Alert, AlertSettings
from bot.community.plain import as_plain, from_plain
from bot.community.records import By, ChannelSettings, Destination, GuildSettings, Schedule, new_id
from bot.community.schedules import settings_of

FORMAT = 1
_NOT_CARRIED = {"guild_id", "owner_user_id", "left_at", "paused_until"}
_ROLES = {"admin_roles", "mention_role_id", "log_role_id"}
_OF_PERSONS = {"guild_id", "author_user_id", "reason", "snoozed_until"}  # or of the moment
_SCHEDULE = {"id", "content", "request", "cadence", "destinations", "mention", "mention_role_id", "state"}
_ALERT = {"id", "rule", "channel_id", "kind", "mention_role_id", "state"}
_HOW_IT_GOES = {"failures", "paused_reason"}  # of a place: no setting
_ID = re.compile(r"[0-9a-f]{16}")


R = TypeVar("R", Schedule, Alert)


class Newer(ValueError):
    """A file of a later format than this version reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """Everything admins set in one server. ``dropped`` lists channels that could not be mapped."""

    settings: GuildSettings
    channels: tuple[ChannelSettings, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    alerts: tuple[Alert, ...] = ()
    alert_settings: AlertSettings
    blocked_symbols: tuple[str, ...] = ()
    dropped: tuple[int, ...] = ()


def alert_plain(alert: Alert) -> dict[str, Any]:
    """Return what was set of an alert, as JSON-ready data."""
    plain = {"id": alert.id, **alerts_of.settings_of(alert)}
    return {name: value for name, value in plain.items() if name not in _OF_PERSONS}


def as_file(setup: Setup) -> dict[str, Any]:
    """Return a setup as JSON-ready data."""
    settings = {name: value for name, value in as_plain(setup.settings).items() if name not in _NOT_CARRIED}
    return {
        "format": FORMAT,
        "guild": setup.settings.guild_id,
        "settings": settings,
        "channels": [_carried(as_plain(channel)) for channel in setup.channels],
        "schedules": [schedule_plain(schedule) for schedule in setup.schedules],
        "alerts": [alert_plain(alert) for alert in setup.alerts],
        "alert_settings": _carried(as_plain(setup.alert_settings)),
        "blocked_symbols": list(setup.blocked_symbols),
    }


def schedule_plain(schedule: Schedule) -> dict[str, Any]:
    """Return what was set of a schedule, as JSON-ready data."""
    plain = _carried(settings_of(schedule))
    places = [{name: v for name, v in p.items() if name not in _HOW_IT_GOES} for p in plain["destinations"]]
    return {**plain, "destinations": places}


def _carried(plain: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in plain.items() if name not in _OF_PERSONS}


def channels_named(file: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the channels that a file speaks of, in order: what has to be mapped into another server."""
    settings = file.get("settings", {})
    named = [*settings.get("allowed_channels", ()), settings.get("log_channel_id")]
    named += [channel.get("channel_id") for channel in file.get("channels", ())]
    named += [p.get("channel_id") for s in file.get("schedules", ()) for p in s.get("destinations", ())]
    named += [alert.get("channel_id") for alert in file.get("alerts", ())]
    return tuple(dict.fromkeys(channel for channel in named if isinstance(channel, int)))


def from_file(file: Mapping[str, Any], current: Setup, channels: Mapping[int, int], by: By) -> Setup:
    """Read a file into the setup of ``current``'s server, each channel replaced by the one it maps to.

    What is not carried stays as it is there, and so does what an older version did not write yet. Raises Newer, or
    ValueError with every fault for a file that makes no sense.
    """
    written = file.get("format")
    if written != FORMAT:
        newer = isinstance(written, int) and written > FORMAT
        raise (Newer if newer else ValueError)(f"format is {written!r}, not {FORMAT}")
    guild_id = current.settings.guild_id
    same = file.get("guild") == guild_id
    own = {"guild_id": guild_id}
    carried = _carried_settings(file.get("settings", {}), channels, same=same)
    settings = from_plain(GuildSettings, {**as_plain(current.settings), **carried})
    allowed = {**as_plain(current.alert_settings), **file.get("alert_settings", {}), **own}
    looks = [from_plain(ChannelSettings, {**channel, **own}) for channel in file.get("channels", ())]
    schedules = [_schedule(one, current, channels, by, same=same) for one in file.get("schedules", ())]
    alerts = [_alert(one, guild_id, channels, by, same=same) for one in file.get("alerts", ())]
    return Setup(
        settings=settings,
        channels=tuple(replace(c, channel_id=channels[c.channel_id]) for c in looks if c.channel_id in channels)
        if "channels" in file
        else current.channels,
        schedules=_each_once(schedules) if "schedules" in file else current.schedules,
        alerts=_each_once(alerts) if "alerts" in file else current.alerts,
        alert_settings=from_plain(AlertSettings, allowed),
        blocked_symbols=tuple(str(symbol) for symbol in file.get("blocked_symbols", current.blocked_symbols)),
        dropped=tuple(channel for channel in channels_named(file) if channel not in channels),
    )


def _each_once(found: Sequence[R | None]) -> tuple[R, ...]:
    """Return what could be placed. Raises ValueError where two claim to be the same."""
    placed = [one for one in found if one is not None]
    if len({one.id for one in placed}) < len(placed):
        raise ValueError("the same id twice")
    return tuple(placed)


def _id(plain: Mapping[str, Any], *, same: bool) -> str:
    """Return the id something keeps: within its server its own, if it is one."""
    kept = str(plain.get("id"))
    return kept if same and _ID.fullmatch(kept) else new_id()


def _schedule(
    plain: Mapping[str, Any], current: Setup, channels: Mapping[int, int], by: By, *, same: bool
) -> Schedule | None:
    """Return a schedule as it is to be; one that is there keeps its author, and its places how they are doing."""
    own = {"guild_id": current.settings.guild_id, "author_user_id": by.user_id, "id": _id(plain, same=same)}
    schedule = from_plain(Schedule, {**{k: v for k, v in plain.items() if k in _SCHEDULE}, **own})
    moved = _mapped_schedule(schedule, channels, same=same)
    before = next((one for one in current.schedules if one.id == schedule.id), None)
    if moved is None or before is None:
        return moved
    going = {place.channel_id: place for place in before.destinations}
    places = tuple(
        replace(place, failures=was.failures, paused_reason=was.paused_reason)
        if (was := going.get(place.channel_id))
        else place
        for place in moved.destinations
    )
    return replace(moved, destinations=places, author_user_id=before.author_user_id, reason=before.reason)


def _alert(plain: Mapping[str, Any], guild_id: int, channels: Mapping[int, int], by: By, *, same: bool) -> Alert | None:
    own = {"guild_id": guild_id, "author_user_id": by.user_id, "id": _id(plain, same=same)}
    alert = from_plain(Alert, {**{k: v for k, v in plain.items() if k in _ALERT}, **own})
    if alert.state == "draft":
        raise ValueError("a draft is no alert")
    if alert.channel_id not in channels:
        return None
    moved = replace(alert, channel_id=channels[alert.channel_id])
    return moved if same else replace(moved, mention_role_id=None)


def _carried_settings(plain: Mapping[str, Any], channels: Mapping[int, int], *, same: bool) -> dict[str, Any]:
    """Return the settings that a file changes here: its channels mapped, another server's roles left out."""
    left_out = _NOT_CARRIED if same else _NOT_CARRIED | _ROLES
    carried = {name: value for name, value in plain.items() if name not in left_out}
    if isinstance(carried.get("allowed_channels"), list):
        carried["allowed_channels"] = [channels[c] for c in carried["allowed_channels"] if c in channels]
    if carried.get("log_channel_id") is not None:
        carried["log_channel_id"] = channels.get(carried["log_channel_id"])
    return carried


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
    return moved if same else replace(moved, mention="none", mention_role_id=None)
