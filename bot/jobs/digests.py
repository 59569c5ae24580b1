"""Digests: where more posts fall due in one channel within an hour than its server wants, they become one.

All of an hour's schedules are known ahead, so the first of them already waits for the last.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.community.deliveries import DIGEST, NewDelivery, Target, Turn
from bot.community.records import GuildSettings, Schedule
from bot.jobs import reasons
from bot.jobs.due import after_quiet

_HOUR = timedelta(hours=1)


def digested(
    turns: Sequence[Turn],
    ahead: Sequence[Schedule],
    coming: Mapping[int, str],
    settings: Mapping[int, GuildSettings],
) -> list[Turn]:
    """Return the turns with what belongs into a digest handed over to it.

    ``ahead`` are the servers' schedules that fall due within the hour after the last of the turns' posts, quiet hours
    included (those of the turns may be among them); ``coming`` the digests that already wait in a channel, by their
    ids.
    """
    nearby = _by_channel(ahead)
    waiting: dict[int, list[tuple[int, NewDelivery]]] = defaultdict(list)
    for index, turn in enumerate(turns):
        for entry in turn.entries:
            if entry.state == "due" and not entry.target.dashboard:
                waiting[entry.channel_id].append((index, entry))
    changed: dict[str, NewDelivery] = {}
    added: dict[int, list[NewDelivery]] = defaultdict(list)
    for channel_id, found in waiting.items():
        entries = [entry for _index, entry in found]
        digest = None
        digest_id = coming.get(channel_id)
        if digest_id is None:
            digest = _digest(entries, nearby[channel_id], settings[entries[0].guild_id])
            if digest is None:
                continue
            digest_id = digest.id
            added[found[0][0]].append(digest)
        changed |= {e.id: replace(e, state="skipped", reason=reasons.DIGEST, digest_id=digest_id) for e in entries}
    return [
        replace(turn, entries=(*added[index], *(changed.get(entry.id, entry) for entry in turn.entries)))
        for index, turn in enumerate(turns)
    ]


def _by_channel(schedules: Sequence[Schedule]) -> dict[int, list[Schedule]]:
    """Return the schedules that post a message of their own, by channel."""
    found: dict[int, list[Schedule]] = defaultdict(list)
    for schedule in schedules:
        for place in schedule.destinations:
            if place.paused_reason is None and not place.dashboard:
                found[place.channel_id].append(schedule)
    return found


def _digest(entries: Sequence[NewDelivery], ahead: Sequence[Schedule], settings: GuildSettings) -> NewDelivery | None:
    """Return the digest for a channel's entries and those of ``ahead`` within the hour; None where they are few."""
    if settings.digest_over is None:
        return None
    first = min(entries, key=lambda entry: entry.due_at)
    known = {entry.what for entry in entries}
    more = _within_the_hour(first.due_at, [one for one in ahead if one.what not in known], settings)
    if len(entries) + len(more) <= settings.digest_over:
        return None
    last = max([*(entry.due_at for entry in entries), *(at for at, _schedule in more)])
    period = first.due_at.strftime("%Y-%m-%dT%H:%MZ")
    return replace(
        first,
        id=hashlib.sha256(f"{first.channel_id}:{period}".encode()).hexdigest()[:16],  # the same in every process
        what=DIGEST,
        period=period,
        due_at=last,
        ready_at=max(last, *(entry.ready_at for entry in entries)),
        parts=(),
        target=_target(first, [*(entry.target for entry in entries), *_targets(more, first.channel_id)]),
    )


def _within_the_hour(
    start: datetime, ahead: Sequence[Schedule], settings: GuildSettings
) -> list[tuple[datetime, Schedule]]:
    """Return what falls due within an hour, and when. What quiet hours put off meets at their end, a whole night's."""
    zone = ZoneInfo(settings.zone)
    later = [
        (after_quiet(one.next_due_at, zone, settings.quiet_from, settings.quiet_to), one)
        for one in ahead
        if one.next_due_at is not None
    ]
    return [(at, one) for at, one in later if start <= at < start + _HOUR]


def _targets(more: Sequence[tuple[datetime, Schedule]], channel_id: int) -> list[Target]:
    places = [(one, place) for _at, one in more for place in one.destinations if place.channel_id == channel_id]
    return [Target.of(one, place) for one, place in places]


def _target(first: NewDelivery, targets: Sequence[Target]) -> Target:
    """Return how the digest is posted: it calls and is published on where any of its members would be."""
    pinged = next((target for target in targets if target.mention != "none"), Target())
    return replace(
        first.target,
        crosspost=any(target.crosspost for target in targets),
        pin=False,
        mention=pinged.mention,
        mention_role_id=pinged.mention_role_id,
    )
