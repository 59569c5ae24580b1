"""From what an admin wished for to a schedule: every wish read, every gap filled with what is usual."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from zoneinfo import ZoneInfo

from bot import features, i18n, words
from bot.community.records import MAX_DELAY_MINUTES, Cadence, CadenceKind, Destination, GuildSettings, Mention, Schedule
from bot.discord_ui.desk import Desk
from bot.discord_ui.permissions import require_everyone
from bot.discord_ui.schedule_options import (
    Changes,
    Channel,
    Ways,
    Wishes,
    kind_of,
    read_days,
    read_nth,
    read_tags,
    read_time,
    usual_time,
)
from bot.errors import BadInput
from bot.i18n import gettext as _
from bot.reading import Known, read_options
from bot.request import Request

_BY_DAY: tuple[CadenceKind, ...] = ("weekly", "monthly")
_BY_EXCHANGE: tuple[CadenceKind, ...] = ("session", "finra", "fomc")
_MEANT_FOR: dict[str, tuple[CadenceKind, ...]] = {
    "nth": ("monthly",), "days": _BY_DAY, "holidays": _BY_DAY, "delay": _BY_EXCHANGE,
}  # fmt: skip


def new_schedule(desk: Desk, wishes: Wishes, settings: GuildSettings) -> Schedule:
    """Return the schedule that is wished for; by default the weekly summary, here, after Friday's close."""
    content = wishes.report or "weekly"
    channel = wishes.channel or _here(desk)
    zone = ZoneInfo(settings.zone)
    usual_days, usual_at = usual_time(zone, desk.bot.clock.now().astimezone(zone).date())
    usual: CadenceKind = "finra" if content == "shortinterest" else "weekly"
    plain = Cadence(kind="weekly", weekdays=usual_days, at=usual_at)
    schedule = Schedule(
        guild_id=desk.guild.id,
        content=content,
        request=read_request(content, wishes, desk.bot.known()),
        cadence=_cadence(plain, wishes, usual),
        destinations=_places(desk, (), wishes, channel),
        author_user_id=desk.member.id,
    )
    return _with_mention(desk, schedule, wishes, settings)


def changed_schedule(desk: Desk, schedule: Schedule, changes: Changes, settings: GuildSettings) -> Schedule:
    """Return a schedule with the changes made; what is not named stays, but for another report's parameters."""
    content = changes.report or schedule.content
    request = dict(schedule.request)
    if changes.report or changes.window or changes.options:
        before = request if content == schedule.content else {}
        request = read_request(content, changes, desk.bot.known(), before)
    places = _places(desk, schedule.destinations, changes, changes.channel)
    if changes.without is not None:
        places = tuple(place for place in places if place.channel_id != changes.without.id)
        if not places:
            raise BadInput(_("A schedule needs at least one channel. /schedule remove ends it."))
    cadence = _cadence(schedule.cadence, changes, schedule.cadence.kind)
    changed = replace(schedule, content=content, request=request, cadence=cadence, destinations=places)
    return _with_mention(desk, changed, changes, settings)


def read_request(
    content: str, wishes: Ways, known: Known, before: Mapping[str, object] | None = None
) -> dict[str, object]:
    """Return the report's parameters as plain data, only those that differ from its defaults. Raises a UserError.

    What is not named is as ``before``.
    """
    kind = features.request_type(content)
    base: Request = kind.model_validate(dict(before or {}))
    if wishes.options:
        base = words.read(kind, wishes.options, known, base=base).request
    given = {"window": wishes.window} if wishes.window else {}
    request = read_options(kind, given, known, base=base).request
    if request.as_of is not None:
        raise BadInput(_("A schedule always shows the newest day: leave the day out."))
    return request.differing()


def _cadence(before: Cadence, wishes: Ways, usual: CadenceKind) -> Cadence:
    """Return the cadence with the wishes fulfilled, ``usual`` where none says how often.

    Raises BadInput where they do not go together: what would be left out in silence is refused.
    """
    kind: CadenceKind = wishes.every or ("monthly" if wishes.nth else usual)
    for name, kinds in _MEANT_FOR.items():
        if getattr(wishes, name) is not None and kind not in kinds:
            raise BadInput(_("{option}: goes only with every:{kinds}.").format(option=name, kinds=i18n.one_of(kinds)))
    if wishes.at and wishes.delay is not None:
        raise BadInput(_("Give the time with at: or with delay:, not with both."))
    weekdays = read_days(wishes.days) if wishes.days else before.weekdays
    at = read_time(wishes.at) if wishes.at else before.at
    follows_exchange = kind not in {"weekly", "monthly"}
    if follows_exchange and not wishes.at and before.kind in {"weekly", "monthly"}:
        at = None
    if kind == "monthly" and len(weekdays) != 1:
        raise BadInput(_("Once a month needs one day of the week, such as days:fri."))
    if wishes.delay is not None and not 0 <= wishes.delay <= MAX_DELAY_MINUTES:
        raise BadInput(_("The delay after the close is 0 to {n} minutes.").format(n=MAX_DELAY_MINUTES))
    return Cadence(
        kind=kind,
        at=at if follows_exchange else at or time(17, 0),
        weekdays=() if follows_exchange else weekdays or (4,),
        nth=(read_nth(wishes.nth) or before.nth or 1) if kind == "monthly" else None,
        delay_minutes=before.delay_minutes if wishes.delay is None else wishes.delay,
        holidays=wishes.holidays or before.holidays,
    )


def _places(
    desk: Desk, before: tuple[Destination, ...], wishes: Ways, channel: Channel | None
) -> tuple[Destination, ...]:
    places = {place.channel_id: _as_it_is(desk, place, wishes) for place in before}
    if channel is not None:
        places = {channel.id: _place(channel, wishes)}
    if wishes.also is not None:
        places[wishes.also.id] = _place(wishes.also, wishes)
    if wishes.tags is not None and all(place.kind != "forum" for place in places.values()):
        raise BadInput(_("Only posts in forum channels have tags."))
    if wishes.crosspost and all(place.kind != "announcement" for place in places.values()):
        raise BadInput(_("Only announcement channels can be published to followers."))
    return tuple(_in_this_way(place, wishes) for place in places.values())


def _as_it_is(desk: Desk, place: Destination, wishes: Ways) -> Destination:
    """Return a place as its channel is by now: a text channel may have become one for announcements, or the reverse."""
    channel = desk.guild.get_channel_or_thread(place.channel_id)
    if not isinstance(channel, Channel):
        return place  # gone, or hidden: the doctor says so
    kind = kind_of(channel)
    tags = read_tags(channel, wishes.tags) if wishes.tags is not None else place.tags
    return replace(place, kind=kind, tags=tags, crosspost=place.crosspost and kind == "announcement")


def _in_this_way(place: Destination, wishes: Ways) -> Destination:
    """Return a place with what is wished for done there; publishing on is for those that can. Raises BadInput."""
    crosspost = place.crosspost if wishes.crosspost is None else wishes.crosspost
    dashboard = place.dashboard if wishes.dashboard is None else wishes.dashboard
    if dashboard and place.kind == "forum":
        raise BadInput(_("A forum has no single message to edit: choose a text channel for that."))
    return replace(
        place,
        pin=place.pin if wishes.pin is None else wishes.pin,
        crosspost=crosspost and place.kind == "announcement",
        dashboard=dashboard,
    )


def _place(channel: Channel, wishes: Ways) -> Destination:
    return Destination(channel_id=channel.id, kind=kind_of(channel), tags=read_tags(channel, wishes.tags))


def _here(desk: Desk) -> Channel:
    channel = desk.guild.get_channel_or_thread(desk.channel_id)
    if not isinstance(channel, Channel):
        raise BadInput(_("Please choose a text, announcement or forum channel."))
    return channel


def _with_mention(desk: Desk, schedule: Schedule, wishes: Ways, settings: GuildSettings) -> Schedule:
    """Note the role to ping. Everyone is pinged only once that has been confirmed: not here."""
    if wishes.mention is None and wishes.role is None:
        return schedule
    mention: Mention = "role" if wishes.role is not None and wishes.mention is None else wishes.mention or "none"
    if mention == "everyone":
        require_everyone(desk.member)
    if wishes.role is not None and wishes.role.is_default():
        raise BadInput(_("To ping everyone, use mention:everyone."))
    if mention == "everyone":
        return schedule
    if mention == "role" and wishes.role is None and settings.mention_role_id is None:
        raise BadInput(_("Choose which role: with role: here, or for every post with /settings change role:."))
    return replace(schedule, mention=mention, mention_role_id=wishes.role.id if wishes.role else None)
