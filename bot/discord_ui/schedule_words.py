"""Schedules in words: what is posted, when, where, and how it is going."""

from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from babel.dates import format_time, get_day_names
from discord.utils import escape_markdown, format_dt

from bot import features, i18n
from bot.community.deliveries import Delivery
from bot.community.records import Cadence, Destination, Schedule
from bot.i18n import gettext as _
from bot.jobs.due import Due
from bot.jobs.reasons import happened, remedy
from bot.request import Request


def schedule_label(schedule: Schedule) -> str:
    """Name a schedule in one line without markup: its report, what is special about it, when."""
    return f"{content_words(schedule)} · {cadence_words(schedule.cadence)}"


def content_words(schedule: Schedule) -> str:
    """Name the report with the parameters that are not its defaults."""
    if schedule.content not in features.names():
        return schedule.content
    kind: type[Request] = features.request_type(schedule.content)
    chosen = [f"{name}:{_value(value)}" for name, value in schedule.request.items() if name in kind.model_fields]
    return " ".join([schedule.content, *chosen])


def _value(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def cadence_words(cadence: Cadence) -> str:
    """Say when something is posted."""
    at = clock_words(cadence.at) if cadence.at is not None else ""
    days = days_words(cadence.weekdays) if cadence.weekdays else ""
    match cadence.kind:
        case "weekly":
            words = _("every {days} at {time}").format(days=days, time=at)
        case "monthly":
            words = _("each month's {nth} {days} at {time}").format(nth=_nth(cadence.nth), days=days, time=at)
        case "session":
            words = _("each session, {when}").format(when=_after_close(cadence))
        case "finra":
            words = _("when short interest is published, {when}").format(when=_after_close(cadence))
        case "fomc":
            words = _("on days of Fed decisions, {when}").format(when=_after_close(cadence))
    return words


def _after_close(cadence: Cadence) -> str:
    if cadence.at is not None:
        return _("at {time}, after the close").format(time=clock_words(cadence.at))
    return _("{n} minutes after the close").format(n=cadence.delay_minutes)


def _nth(nth: int | None) -> str:
    names = {1: _("first"), 2: _("second"), 3: _("third"), 4: _("fourth"), -1: _("last")}
    return names[nth or 1]


def clock_words(at: time) -> str:
    """Write a time of day as the active language does, always with 24 hours: "16:45"."""
    return format_time(at, "HH:mm", locale=_babel())


def days_words(weekdays: Sequence[int]) -> str:
    """Name days of the week (Monday is 0)."""
    names = get_day_names("wide", locale=_babel())
    return i18n.all_of([str(names[day]) for day in sorted(weekdays)])


def _babel() -> str:
    return "en" if i18n.active() == i18n.PSEUDO else i18n.active()


def local_now(zone: str, now: datetime) -> str:
    """Say what time it is in a zone: "Europe/Madrid, 22:30"."""
    return f"{zone}, {clock_words(now.astimezone(ZoneInfo(zone)).time())}"


def runs_words(dues: Sequence[Due]) -> str:
    """List the next times, as Discord shows them to each reader in their own time."""
    if not dues:
        return _("No next time is known: the calendar does not reach that far.")
    return "\n".join(f"- {format_dt(due.at, 'F')} ({format_dt(due.at, 'R')})" for due in dues)


def listed(number: int, schedule: Schedule, dues: Sequence[Due]) -> str:
    """Return a schedule's lines in the list."""
    places = i18n.all_of([place_words(place) for place in schedule.destinations])
    head = f"**{number}** · {escape_markdown(schedule_label(schedule))} · {places}"
    if schedule.state == "paused":
        reason = f" {happened(schedule.reason)} {remedy(schedule.reason)}" if schedule.reason else ""
        return (head + "\n-# " + _("Paused.") + reason).rstrip()
    failing = [place for place in schedule.destinations if place.paused_reason]
    stopped = "".join(f"\n-# <#{place.channel_id}>: {happened(place.paused_reason or '')}" for place in failing)
    if not dues:
        return head + stopped
    return head + "\n-# " + _("Next: {moment}").format(moment=format_dt(dues[0].at, "F")) + stopped


def place_words(place: Destination) -> str:
    """Name one place and how is posted there."""
    ways = [
        word
        for flag, word in (
            (place.pin, _("pinned")),
            (place.crosspost, _("published")),
            (place.dashboard, _("edited in place")),
        )
        if flag
    ]
    return f"<#{place.channel_id}>" + (f" ({i18n.all_of(ways)})" if ways else "")


def history_words(deliveries: Sequence[Delivery]) -> str:
    """Say what became of each post, newest first."""
    return "\n".join(_history_line(delivery) for delivery in deliveries) or _("Nothing has fallen due yet.")


def _history_line(delivery: Delivery) -> str:
    words = {
        "due": _("waiting"), "claimed": _("being posted"), "retry": _("being tried again"), "sent": _("posted"),
        "uncertain": _("perhaps posted"), "skipped": _("left out"), "failed": _("failed"),
    }[delivery.state]  # fmt: skip
    if delivery.link:
        words = f"[{words}]({delivery.link})"
    late = _(" (late)") if delivery.late else ""
    reason = f" {happened(delivery.reason)}" if delivery.reason else ""
    what = i18n.all_of(list(dict.fromkeys(part.content for part in delivery.parts)))
    where = f"{what} <#{delivery.channel_id}>".lstrip()
    return f"- {format_dt(delivery.due_at, 'f')} {where}: {words}{late}.{reason}"
