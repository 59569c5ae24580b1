"""Changes in words: who changed what, from what to what; names as Discord shows them, never raw data."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from itertools import groupby
from types import MappingProxyType
from typing import Any

from discord.utils import escape_markdown, format_dt
from pydantic import ValidationError

from bot import i18n
from bot.alerts.rule import Rule, Watched
from bot.community.plain import from_plain
from bot.community.records import AuditEntry, Cadence, Destination, Schedule
from bot.community.transfer import Difference
from bot.discord_ui.alert_words import short_words
from bot.discord_ui.limits import cut
from bot.discord_ui.schedule_words import cadence_words, clock_words, place_words, schedule_label
from bot.i18n import gettext as _
from bot.jobs.reasons import happened

Titles = Mapping[str, Watched]
NONE: Titles = MappingProxyType({})
_VALUE, _CHANGES, _LABEL = 80, 6, 100
_SILENT = {"id", "guild_id", "kind", "per_year", "standing", "withdrawn"}  # says nothing to people


def field_words(name: str) -> str:
    """Name a stored field."""
    words = {
        "zone": _("Time zone"), "language": _("Language"), "theme": _("Pictures"), "quiet_from": _("Quiet from"),
        "quiet_to": _("Quiet until"), "mention_role_id": _("Role to ping"), "mentions_per_day": _("Pings a day"),
        "admin_roles": _("Admin roles"), "owner_user_id": _("In charge"), "log_channel_id": _("Log channel"),
        "log_role_id": _("Role told of failures"), "allowed_channels": _("Channels for questions"),
        "hourly_cap": _("Public answers an hour"), "auto_delete_hours": _("Answers deleted after hours"),
        "digest_over": _("Digest from more posts an hour than"), "paused_until": _("Everything paused until"),
        "command_mode": _("Questions"), "allowed_commands": _("Only these questions"), "content": _("Report"),
        "request": _("Its options"), "cadence": _("When"), "destinations": _("Where"), "mention": _("Pings"),
        "state": _("State"), "reason": _("Because"), "author_user_id": _("Set up by"), "channel_id": _("Channel"),
        "rule": _("Rule"), "snoozed_until": _("Snoozed until"), "private_allowed": _("Private alerts"),
        "per_hour": _("Alerts an hour"), "blocked": _("Blocked"),
    }  # fmt: skip
    return words.get(name, name.replace("_", " "))


def value_words(name: str, value: Any, titles: Titles = NONE) -> str:
    """Write a field's stored value in short; nothing is a dash. ``titles`` name the indicators of alerts."""
    if value is None or value in ([], {}, ()):
        return i18n.DASH
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list | tuple) and name != "destinations":
        return i18n.all_of([value_words(name, item, titles) for item in value])
    return cut(_one(name, value, titles), _VALUE)


def _one(name: str, value: Any, titles: Titles) -> str:
    if isinstance(value, int):
        sign = next((sign for sign, ends in _SIGNS.items() if name.endswith(ends)), None)
        return f"<{sign}{value}>" if sign else str(value)
    if isinstance(value, str) and name.endswith("_until"):
        return format_dt(datetime.fromisoformat(value), "f")
    if isinstance(value, str) and name in {"quiet_from", "quiet_to"}:
        return clock_words(time.fromisoformat(value))
    try:
        if name in _COMPOUND:
            return _COMPOUND[name](value, titles)
    except ValidationError:
        pass  # of an older version: shown as it stands
    if isinstance(value, dict):
        return escape_markdown(" ".join(f"{key}:{inner}" for key, inner in value.items()))
    return escape_markdown(str(value))


_SIGNS = {"#": ("_channels", "channel_id"), "@&": ("_roles", "role_id"), "@": ("user_id", "blocked")}
_COMPOUND: dict[str, Callable[[Any, Titles], str]] = {
    "reason": lambda value, _titles: escape_markdown(happened(value)),
    "state": lambda value, _titles: {"active": _("active"), "paused": _("paused")}.get(value, value),
    "cadence": lambda value, _titles: cadence_words(from_plain(Cadence, value)),
    "destinations": lambda value, _titles: i18n.all_of(
        [place_words(from_plain(Destination, place)) for place in value]
    ),
    "rule": lambda value, titles: escape_markdown(short_words(Rule.model_validate(value), titles)),
}


def subject_words(subject: str, plain: Mapping[str, Any] | None = None, titles: Titles = NONE) -> str:
    """Name what was changed: a channel and a person as mentions, a schedule and an alert by what they do."""
    kind, _colon, name = subject.partition(":")
    words = {
        "channel": lambda: f"<#{name}>",
        "block": lambda: _("block of {name}").format(name=f"<@{name}>" if name.isdigit() else i18n.plain(name, 20)),
        "settings": lambda: _("settings"),
        "alert_settings": lambda: _("what alerts may do"),
        "schedule": lambda: _("schedule {name}").format(name=escape_markdown(_schedule_name(name, plain))),
        "alert": lambda: _("alert {name}").format(name=_alert_name(name, plain, titles)),
    }
    return words[kind]() if kind in words else i18n.plain(subject, _LABEL)


def _schedule_name(schedule_id: str, plain: Mapping[str, Any] | None) -> str:
    try:
        return (
            cut(schedule_label(from_plain(Schedule, {"guild_id": 0, **plain})), _LABEL) if plain else schedule_id[:16]
        )
    except ValidationError:
        return schedule_id[:16]


def _alert_name(alert_id: str, plain: Mapping[str, Any] | None, titles: Titles) -> str:
    return value_words("rule", plain["rule"], titles) if plain and plain.get("rule") else i18n.plain(alert_id, 16)


def entry_words(entry: AuditEntry, titles: Titles = NONE) -> str:
    """Say in a line who did what when, and beneath it what changed."""
    who = f"<@{entry.user_id}>" if entry.user_id else _("I myself")
    deeds = {"added": _("added"), "changed": _("changed"), "removed": _("removed"), "undone": _("took back")}
    about = subject_words(entry.subject, entry.after or entry.before, titles)
    head = f"{format_dt(entry.at, 'f')} {who} {deeds.get(entry.action, entry.action)} **{about}**"
    changes = _changes(entry.before, entry.after, titles) if entry.before and entry.after else []
    return "\n".join([head, *(f"-# {line}" for line in changes[:_CHANGES])])


def _changes(before: Mapping[str, Any], after: Mapping[str, Any], titles: Titles) -> list[str]:
    return [
        _change(name, before.get(name), after.get(name), titles)
        for name in dict.fromkeys((*before, *after))
        if before.get(name) != after.get(name) and name not in _SILENT
    ]


def _change(name: str, before: Any, after: Any, titles: Titles) -> str:
    return f"{field_words(name)}: {value_words(name, before, titles)} → {value_words(name, after, titles)}"


def difference_words(differences: Sequence[Difference], titles: Titles = NONE) -> str:
    """List what would change: what comes and goes in a line each, what stays with each field that differs."""
    lines: list[str] = []
    for subject, group in groupby(differences, key=lambda one: one.subject):
        found = list(group)
        old, new = ({one.field: getattr(one, side) for one in found} for side in ("before", "after"))
        about = subject_words(subject, found[0].whole, titles)
        if subject == "settings" or (_any(old) and _any(new)):
            lines += [
                f"- {about}: {_change(name, old[name], new[name], titles)}" for name in old if name not in _SILENT
            ]
        elif _any(new):
            lines.append("- " + _("added: {what}").format(what=_with_place(about, new)))
        else:
            lines.append("- " + _("removed: {what}").format(what=_with_place(about, old)))
    return "\n".join(lines) or _("Nothing would change.")


def _any(side: Mapping[str, Any]) -> bool:
    return any(value is not None for value in side.values())


def _with_place(about: str, plain: Mapping[str, Any]) -> str:
    """Add where it speaks, for what speaks somewhere."""
    if plain.get("destinations"):
        return f"{about} · {value_words('destinations', plain['destinations'])}"
    if "rule" in plain and plain.get("channel_id"):
        return f"{about} · {value_words('channel_id', plain['channel_id'])}"
    return about
