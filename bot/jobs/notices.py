"""Telling people what the bot cannot say in the channel: that a schedule was paused, and what to do about it."""

import logging
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot import i18n
from bot.clock import Clock
from bot.community.records import Destination, GuildSettings, Schedule
from bot.community.store import Community
from bot.i18n import gettext as _
from bot.jobs.due import after_quiet
from bot.jobs.publishing import Publisher, Refused, Unsettled
from bot.jobs.reasons import happened, remedy

log = logging.getLogger(__name__)


class Notices:
    """Tells whoever is in charge of a schedule, once: in the server's log channel, and by DM, else in the server.

    In the server's quiet hours nobody is told; it is done at their end.
    """

    def __init__(self, community: Community, publisher: Publisher, clock: Clock) -> None:
        self._community = community
        self._publisher = publisher
        self._clock = clock

    async def run(self) -> int:
        """Tell about everything that was paused since; returns how many people were told."""
        told, now = 0, self._clock.now()
        for schedule in await self._community.schedules.notices():
            settings = await self._community.guilds.get(schedule.guild_id)
            if after_quiet(now, ZoneInfo(settings.zone), settings.quiet_from, settings.quiet_to) > now:
                continue
            with i18n.use(settings.language):
                text = paused_text(schedule)
            try:
                told += await self._tell(schedule, settings, text)
            except Unsettled as fault:
                log.warning("nobody could be told about schedule %s yet: %s", schedule.id, fault)
                continue
            await self._community.schedules.told(schedule)
        return told

    async def _tell(self, schedule: Schedule, settings: GuildSettings, text: str) -> bool:
        """Say it in the log channel, which outlasts people, and to the person; whether anybody was reached."""
        noted = await self._note(schedule, settings, text)
        person = settings.owner_user_id or schedule.author_user_id
        last_resort = None if noted else schedule.guild_id
        return await self._publisher.tell(person, last_resort, None, text, f"n{_mark(schedule)}") or noted

    async def _note(self, schedule: Schedule, settings: GuildSettings, text: str) -> bool:
        if settings.log_channel_id is None:
            return False
        try:
            await self._publisher.note(settings.log_channel_id, text, f"l{_mark(schedule)}", settings.log_role_id)
        except Refused as refusal:
            log.info("nothing can be said in the log channel of server %d: %s", settings.guild_id, refusal)
            return False
        return True


def _mark(schedule: Schedule) -> str:
    """Return what tells this notice from the one about another place of the same schedule."""
    return f"{schedule.id}-{sum(place.paused_reason is not None for place in schedule.destinations)}"


def paused_text(schedule: Schedule) -> str:
    """Return the words, in the active language."""
    stopped = [place for place in schedule.destinations if place.paused_reason is not None]
    going_on = [place for place in schedule.destinations if place.paused_reason is None]
    if schedule.state == "active" and stopped:
        reason = stopped[-1].paused_reason or ""
        text = _(
            "I no longer post “{content}” in {channels}: it failed there three times in a row. It goes on in {others}. "
            "{happened}"
        ).format(content=schedule.content, channels=_named(stopped), others=_named(going_on), happened=happened(reason))
    else:
        reason = schedule.reason or ""
        text = _(
            "I have paused the schedule “{content}” in {channels} after it failed three times in a row. {happened}"
        ).format(content=schedule.content, channels=_named(schedule.destinations), happened=happened(reason))
    return f"{text} {remedy(reason)}".strip()


def _named(places: Sequence[Destination]) -> str:
    return i18n.all_of([f"<#{place.channel_id}>" for place in places])
