"""What has been chosen so far in ``/setup``: small enough to travel in the custom id of every control of the form.

``s1:CONTROL:ZONE:CHANNEL:DAYS:TIME:CONTENT:ROLE``. So the form outlives restarts, and two admins never share one.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.community.records import known_zone
from bot.discord_ui.ids import Outdated, base36
from bot.discord_ui.schedule_options import postable, usual_time

PATTERN = re.compile(r"s\d{1,2}:.*", re.DOTALL)
_CURRENT = re.compile(
    r"s1:(?P<control>[a-z]{1,5}):(?P<zone>[A-Za-z0-9_+/-]{1,40}):(?P<channel>[0-9a-z]{0,13}):(?P<days>[0-6]{1,7})"
    r":(?P<at>\d{4}):(?P<content>[a-z]{1,16}):(?P<role>[0-9a-z]{0,13})"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A setup in the making. ``channel_id`` and ``role_id`` None are not chosen."""

    zone: str
    channel_id: int | None
    days: tuple[int, ...]
    at: time
    content: str = "weekly"
    role_id: int | None = None

    def custom_id(self, control: str) -> str:
        """Return the custom id of one of the form's controls."""
        channel = base36(self.channel_id) if self.channel_id is not None else ""
        role = base36(self.role_id) if self.role_id is not None else ""
        days = "".join(str(day) for day in self.days)
        return f"s1:{control}:{self.zone}:{channel}:{days}:{self.at:%H%M}:{self.content}:{role}"


def read_draft(custom_id: str) -> tuple[str, Draft]:
    """Return which control a custom id belongs to, and the draft. Raises Outdated for what cannot be read."""
    match = _CURRENT.fullmatch(custom_id)
    if match is None or not known_zone(match["zone"]) or match["content"] not in postable():
        raise Outdated
    hour, minute = divmod(int(match["at"]), 100)
    if hour > 23 or minute > 59:
        raise Outdated
    return match["control"], Draft(
        zone=match["zone"],
        channel_id=int(match["channel"], 36) if match["channel"] else None,
        days=tuple(sorted({int(day) for day in match["days"]})),
        at=time(hour, minute),
        content=match["content"],
        role_id=int(match["role"], 36) if match["role"] else None,
    )


def first_draft(zone: str, channel_id: int | None, role_id: int | None, now: datetime) -> Draft:
    """Return what is usual in a time zone: the weekly summary, soon after Friday's close."""
    days, at = usual_time(ZoneInfo(zone), now.astimezone(ZoneInfo(zone)).date())
    return Draft(zone, channel_id, days, at, role_id=role_id)


def moved(draft: Draft, zone: str, now: datetime) -> Draft:
    """Return a draft in another time zone. Where its hours are the usual ones they become those usual there.

    Kept by the letter, "soon after Friday's close" would be hours before it.
    """
    before, after = (first_draft(name, None, None, now) for name in (draft.zone, zone))
    if (draft.days, draft.at) != (before.days, before.at):
        return replace(draft, zone=zone)
    return replace(draft, zone=zone, days=after.days, at=after.at)
