"""What ``/schedule`` takes: its flags, and how each is read. By text they are written ``report:rotation at:16:45``."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

import discord
from discord import app_commands
from discord.ext import commands

from bot import features, i18n
from bot.community.records import PlaceKind
from bot.discord_ui.limits import OPTION_TEXT, OPTIONS, cut
from bot.discord_ui.parameters import Choices, WindowParameter, WrittenParameter
from bot.discord_ui.permissions import may_administer
from bot.discord_ui.schedule_words import schedule_label
from bot.discord_ui.translator import bare
from bot.errors import BadInput
from bot.i18n import gettext as _
from bot.market.catalogue import NEW_YORK

if TYPE_CHECKING:
    from bot.client import Handoff

Channel = discord.TextChannel | discord.Thread | discord.ForumChannel
Every = Literal["weekly", "monthly", "session", "finra", "fomc"]
Nth = Literal["first", "second", "third", "fourth", "last"]
NTH: dict[str, int] = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
NOT_POSTED = {"alert", "explain", "indicator", "storm"}  # these answer somebody's question, or come when they fire
MOST_SCHEDULES = 50  # in one server
_DAYS = (
    ("monday", "lunes"), ("tuesday", "martes"), ("wednesday", "weds", "miercoles"), ("thursday", "jueves"),
    ("friday", "viernes"), ("saturday", "sabado"), ("sunday", "domingo"),
)  # fmt: skip
_WORKDAYS = {"weekdays", "daily", "everyday", "day", "days", "laborables", "diario", "diariamente", "dia", "dias"}
_BESIDE_DAYS = {"every", "each", "on", "cada", "todos", "los", "el"}
_OF_A_MONTH = {
    "1st", "2nd", "3rd", "4th", "first", "second", "third", "fourth", "last", "primer", "primero", "segundo", "tercer",
    "tercero", "cuarto", "ultimo",
}  # fmt: skip
_SHORTEST_DAY = 3  # letters
TO = re.compile(r"\s+(?:to|a)\s+|\s*[-–—]\s*", re.IGNORECASE)
_AND = re.compile(r"[\s,;/+&]+(?:(?:and|y|e)\s+)?")
_CLOCK = re.compile(r"(\d{1,2})(?:h|[:.h](\d{2}))?\s*(?:([ap])\.?\s?m\.?)?", re.IGNORECASE)
_AFTER_CLOSE = time(16, 45)
_SATURDAY_MORNING = time(9, 0)


def postable() -> tuple[str, ...]:
    """Return the reports that can be posted regularly, the weekly summary first."""
    names = [n for n in features.names() if n not in NOT_POSTED and not features.request_type(n).private]
    return tuple(sorted(names, key=lambda name: (name != "weekly", name)))


def read_days(text: str) -> tuple[int, ...]:
    """Read days of the week: ``fri``, ``mon, thu``, ``mon-fri``, ``every friday``, ``weekdays``. Raises BadInput."""
    found: set[int] = set()
    for word in _AND.split(TO.sub("-", text.lower())):
        if bare(word) in _WORKDAYS:
            found.update(range(5))
        elif bare(word) in _OF_A_MONTH:
            raise BadInput(_("For one of a month's days, write every:monthly nth:first days:mon."))
        elif word and word not in _BESIDE_DAYS:
            first, *rest = (_day(end, word) for end in word.split("-", 1))
            last = rest[0] if rest else first
            found.update((first + n) % 7 for n in range((last - first) % 7 + 1))
    if not found:
        raise BadInput(_("Please name at least one day of the week."))
    return tuple(sorted(found))


def _day(name: str, written: str) -> int:
    """Return the day that begins so, or is the name of several such days. Raises BadInput with what was written."""
    plain = bare(name).removesuffix(".")
    for number, names in enumerate(_DAYS):
        if len(plain) >= _SHORTEST_DAY and any(f"{day}s".startswith(plain) for day in names):
            return number
    raise BadInput(_("“{text}” is no day of the week.").format(text=i18n.plain(written, 20)))


def read_time(text: str) -> time:
    """Read a time of day: ``16:45``, ``9``, ``4:45pm``. Raises BadInput."""
    match = _CLOCK.fullmatch(text.strip())
    hour, minute = (int(match[1]), int(match[2] or 0)) if match else (99, 0)
    if match and match[3]:
        hour = hour % 12 + (12 if match[3].lower() == "p" else 0) if 1 <= hour <= 12 else 99
    if hour > 23 or minute > 59:
        raise BadInput(_("“{text}” is no time of day. Write it as 16:45.").format(text=i18n.plain(text, 20)))
    return time(hour, minute)


def usual_time(zone: ZoneInfo, near: date) -> tuple[tuple[int, ...], time]:
    """Return when a weekly post suits a time zone: soon after Friday's close, else on Saturday morning.

    It has to do so all year, though clocks change on other days than New York's or never: the latest of a year counts.
    """
    friday = near + timedelta(days=(4 - near.weekday()) % 7)
    after_close = [
        datetime.combine(friday + timedelta(weeks=week), _AFTER_CLOSE, NEW_YORK).astimezone(zone) for week in range(53)
    ]
    if all(local.weekday() == 4 for local in after_close):
        return (4,), max(local.time() for local in after_close)
    latest = max(local.time() for local in after_close if local.weekday() == 5)
    return (5,), max(_SATURDAY_MORNING, latest)


def kind_of(channel: discord.abc.GuildChannel | discord.Thread) -> PlaceKind:
    """Return how a post is made in a channel."""
    if isinstance(channel, discord.Thread):
        return "thread"
    if isinstance(channel, discord.ForumChannel):
        return "forum"
    is_news = isinstance(channel, discord.TextChannel) and channel.is_news()
    return "announcement" if is_news else "text"


def read_tags(channel: object, names: str | None) -> tuple[int, ...]:
    """Return the ids of a forum's tags by their names, apart by commas. Raises BadInput for unknown or missing ones."""
    if not isinstance(channel, discord.ForumChannel):
        return ()
    known = {tag.name.lower(): tag.id for tag in channel.available_tags}
    wanted = [name.strip().lower() for name in (names or "").split(",") if name.strip()]
    unknown = [name for name in wanted if name not in known]
    if unknown or (channel.flags.require_tag and not wanted):
        listed = i18n.all_of([tag.name for tag in channel.available_tags]) or "–"
        raise BadInput(_("Please choose from this forum's tags: {tags}.").format(tags=i18n.plain(listed, 300)))
    return tuple(known[name] for name in wanted)


def usual_tags(channel: object) -> tuple[int, ...]:
    """Return the first of a forum's tags where it asks for one: ``/schedule edit tags:`` chooses others."""
    if not isinstance(channel, discord.ForumChannel) or not channel.flags.require_tag:
        return ()
    return tuple(tag.id for tag in channel.available_tags[:1])


class ReportParameter(WrittenParameter):
    """The name of a report that can be posted."""

    def read(self, text: str) -> str:
        """Return the report's name. Raises BadInput."""
        name = text.strip().lower().lstrip("/!").replace(" ", "")
        first, _space, more = text.strip().lstrip("/!").partition(" ")
        if name not in postable() and first.lower() in postable():
            raise BadInput(
                _(
                    "I do not understand “{text}” behind {report}: every option has its name before it, such as "
                    "days:fri at:16:45 channel:#markets."
                ).format(text=i18n.plain(more, 40), report=first.lower())
            )
        if name not in postable():
            raise BadInput(
                _("There is no report “{name}” to post. There are: {names}.").format(
                    name=i18n.plain(text, 30), names=i18n.all_of(postable())
                )
            )
        return name

    async def autocomplete(self, _interaction: "discord.Interaction[Handoff]", value: str | float, /) -> Any:
        """Offer the reports that begin with what was typed, then those that hold it."""
        typed = str(value).lower()
        found = sorted((n for n in postable() if typed in n), key=lambda n: not n.startswith(typed))
        return [app_commands.Choice(name=name, value=name) for name in found[:OPTIONS]]


class ScheduleParameter(WrittenParameter):
    """A schedule of this server: its number in the list, or its id."""

    async def autocomplete(self, interaction: "discord.Interaction[Handoff]", value: str | float, /) -> Any:
        """Offer the server's schedules to those who may change them."""
        community, guild = interaction.client.community, interaction.guild
        if guild is None or not await may_administer(community, interaction.user):
            return []
        typed = str(value).lower()
        choices: Choices = []
        with i18n.use(i18n.supported(str(interaction.locale))):
            for number, schedule in enumerate(await community.schedules.of_guild(guild.id), 1):
                channel = guild.get_channel_or_thread(schedule.destinations[0].channel_id)
                where = f" · #{channel.name}" if channel else ""
                label = f"{number} · {schedule_label(schedule)}{where}"
                if typed in label.lower():
                    choices.append(app_commands.Choice(name=cut(label, OPTION_TEXT), value=schedule.id))
        return choices[:OPTIONS]


Report = app_commands.Transform[str, ReportParameter]
ScheduleId = app_commands.Transform[str, ScheduleParameter]
Window = app_commands.Transform[str, WindowParameter]


class Ways(commands.FlagConverter, case_insensitive=True, delimiter=":"):
    """How a schedule shall be; None leaves it as it is, or as is usual."""

    window: Window | None = commands.flag(default=None, description="How far back it looks: 6m, ytd, 1y")
    options: str | None = commands.flag(
        default=None, description="Anything else the report takes, as words: iwn vs qqq"
    )
    every: Every | None = commands.flag(default=None, description="How often: by the week or month, or as news comes")
    days: str | None = commands.flag(default=None, description="Days of the week: fri, or mon, thu")
    nth: Nth | None = commands.flag(default=None, description="Which of the month's such days")
    at: str | None = commands.flag(default=None, description="Time of day in the server's time zone: 16:45")
    delay: int | None = commands.flag(default=None, description="Minutes after the close")
    holidays: Literal["skip", "before", "after"] | None = commands.flag(
        default=None, description="What to do on market holidays"
    )
    channel: Channel | None = commands.flag(default=None, description="Where it is posted (default: here)")
    also: Channel | None = commands.flag(default=None, description="One more channel to post to")
    tags: str | None = commands.flag(default=None, description="Tags of a forum's posts, apart by commas")
    mention: Literal["none", "role", "everyone"] | None = commands.flag(default=None, description="Whom to ping")
    role: discord.Role | None = commands.flag(default=None, description="The role to ping")
    pin: bool | None = commands.flag(default=None, description="Keep the latest post pinned")
    crosspost: bool | None = commands.flag(default=None, description="Publish announcements to followers")
    dashboard: bool | None = commands.flag(default=None, description="Keep one message and edit it")


class Wishes(Ways, case_insensitive=True, delimiter=":"):
    """What shall be posted, and how."""

    report: Report | None = commands.flag(
        default=None, description="Which report (default: the weekly summary)", positional=True
    )


class Changes(Ways, case_insensitive=True, delimiter=":"):
    """What shall change of which schedule."""

    report: Report | None = commands.flag(default=None, description="Another report")
    schedule: ScheduleId = commands.flag(description="Which one: its number in the list", positional=True)
    without: Channel | None = commands.flag(default=None, description="A channel to post to no longer")


def read_nth(name: str | None) -> int | None:
    """Return which of the month's days a word means."""
    return NTH[name] if name else None


def names_of(channels: Sequence[int]) -> str:
    """Return channels as mentions, joined."""
    return i18n.all_of([f"<#{channel_id}>" for channel_id in channels])
