"""A setup from a file made to fit a server: what makes no sense is refused, what is not here is left out."""

from collections.abc import Iterable
from dataclasses import replace

import discord
from pydantic import ValidationError

from bot import features, i18n
from bot.community.alert_records import MOST_PER_GUILD, MOST_PER_HOUR, Alert
from bot.community.records import ChannelSettings, Destination, GuildSettings, Schedule
from bot.community.setup_file import Setup
from bot.discord_ui.change_words import field_words
from bot.discord_ui.channel_rules import question_names
from bot.discord_ui.desk import Desk
from bot.discord_ui.preferences import LONGEST_HOURS, MOST_ANSWERS, MOST_MENTIONS
from bot.discord_ui.schedule_options import MOST_SCHEDULES, Channel, kind_of, postable
from bot.errors import BadInput
from bot.i18n import gettext as _
from bot.symbols import is_shaped

MOST_SYMBOLS = 500
THEMES = ("dark", "light")


async def fitted(desk: Desk, setup: Setup, current: Setup) -> Setup:
    """Return the setup as it can be here. Raises BadInput, or another UserError, for what cannot be anywhere."""
    if (
        len(setup.schedules) > MOST_SCHEDULES
        or len(setup.alerts) > MOST_PER_GUILD
        or len(setup.blocked_symbols) > MOST_SYMBOLS
    ):
        raise BadInput(
            _("The file holds too much: {schedules} schedules, {alerts} alerts and {symbols} tickers at most.").format(
                schedules=MOST_SCHEDULES, alerts=MOST_PER_GUILD, symbols=MOST_SYMBOLS
            )
        )
    if strange := [symbol for symbol in setup.blocked_symbols if not is_shaped(symbol)]:
        raise _senseless(_("blocked tickers"), strange[0])
    _within("per_hour", setup.alert_settings.per_hour, 1, MOST_PER_HOUR)
    for alert in setup.alerts:
        await desk.bot.watchables.find(alert.rule.indicator)
    pinging = {schedule.id for schedule in current.schedules if schedule.mention == "everyone"}
    return replace(
        setup,
        settings=_settings(desk, setup.settings),
        channels=tuple(_channel(desk, channel) for channel in setup.channels),
        schedules=tuple(_schedule(desk, schedule, everyone=schedule.id in pinging) for schedule in setup.schedules),
        alerts=tuple(_alert(desk, alert) for alert in setup.alerts),
    )


def quietened(before: Setup, after: Setup) -> bool:
    """Whether pings of everyone were taken out: they are confirmed one by one, never by a file."""
    kept = {schedule.id: schedule.mention for schedule in after.schedules}
    return any(one.mention == "everyone" and kept.get(one.id) == "none" for one in before.schedules)


def _senseless(where: str, what: object) -> BadInput:
    return BadInput(
        _("The file makes no sense at {where}: “{what}”.").format(
            where=field_words(where), what=i18n.plain(str(what), 40)
        )
    )


def _settings(desk: Desk, settings: GuildSettings) -> GuildSettings:
    _within("mentions_per_day", settings.mentions_per_day, 0, MOST_MENTIONS)
    _within("hourly_cap", settings.hourly_cap, 1, MOST_ANSWERS)
    _within("auto_delete_hours", settings.auto_delete_hours, 1, LONGEST_HOURS)
    _within("digest_over", settings.digest_over, 1, MOST_ANSWERS)
    _look(settings.language, settings.theme)
    if (settings.quiet_from is None) != (settings.quiet_to is None):
        raise _senseless("quiet_from", settings.quiet_from)
    return replace(
        settings,
        admin_roles=tuple(role for role in settings.admin_roles if _role(desk, role)),
        mention_role_id=_role(desk, settings.mention_role_id),
        log_role_id=_role(desk, settings.log_role_id),
    )


def _within(name: str, value: int | None, least: int, most: int) -> None:
    if value is not None and not least <= value <= most:
        raise _senseless(name, value)


def _look(language: str | None, theme: str | None) -> None:
    if language not in {None, *i18n.LANGUAGES}:
        raise _senseless("language", language)
    if theme not in {None, *THEMES}:
        raise _senseless("theme", theme)


def _role(desk: Desk, role_id: int | None) -> int | None:
    role = desk.guild.get_role(role_id) if role_id is not None else None
    return None if role is None or role.is_default() else role.id


def _channel(desk: Desk, own: ChannelSettings) -> ChannelSettings:
    _look(own.language, own.theme)
    known = question_names(desk)
    if unknown := [name for name in own.allowed_commands if name not in known]:
        raise _senseless("allowed_commands", unknown[0])
    return own


def _schedule(desk: Desk, schedule: Schedule, *, everyone: bool) -> Schedule:
    if schedule.content not in postable():
        raise _senseless("content", schedule.content)
    try:
        request = features.request_type(schedule.content).model_validate(dict(schedule.request))
    except ValidationError as error:
        raise _senseless("request", error.errors(include_url=False)[0]["loc"]) from None
    if request.as_of is not None:
        raise BadInput(_("A schedule always shows the newest day: leave the day out."))
    silent = schedule.mention == "everyone" and not everyone
    return replace(
        schedule,
        request=request.differing(),
        destinations=tuple(_place(desk, place) for place in schedule.destinations),
        mention="none" if silent else schedule.mention,
        mention_role_id=_role(desk, schedule.mention_role_id),
    )


def _place(desk: Desk, place: Destination) -> Destination:
    """Return the place as its channel here is: a text channel has no tags, only announcements are published on."""
    channel = channel_here(desk, place.channel_id)
    assert channel is not None  # places elsewhere were left out when channels were mapped
    kind = kind_of(channel)
    tags = [tag.id for tag in channel.available_tags] if isinstance(channel, discord.ForumChannel) else []
    return replace(
        place,
        kind=kind,
        tags=tuple(tag for tag in place.tags if tag in tags),
        crosspost=place.crosspost and kind == "announcement",
        dashboard=place.dashboard and kind != "forum",
    )


def _alert(desk: Desk, alert: Alert) -> Alert:
    channel = channel_here(desk, alert.channel_id)
    assert channel is not None  # as above
    return replace(alert, kind=kind_of(channel), mention_role_id=_role(desk, alert.mention_role_id))


def channel_here(desk: Desk, channel_id: int) -> Channel | None:
    """Return a channel of this server that can be posted in."""
    found = desk.guild.get_channel_or_thread(channel_id)
    return found if isinstance(found, Channel) else None


def channels_here(desk: Desk) -> Iterable[Channel]:
    """Return the channels of this server that can be posted in."""
    return [one for one in (*desk.guild.channels, *desk.guild.threads) if isinstance(one, Channel)]
