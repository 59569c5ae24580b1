"""Telling people what the bot cannot say in the channel: that a schedule was paused, and what to do about it."""

import logging

from bot import i18n
from bot.community.records import GuildSettings, Schedule
from bot.community.store import Community
from bot.i18n import gettext as _
from bot.jobs.publishing import Publisher, Refused, Unsettled
from bot.jobs.reasons import happened, remedy

log = logging.getLogger(__name__)


class Notices:
    """Tells whoever is in charge of a schedule, once: in the server's log channel, and by DM, else in the server."""

    def __init__(self, community: Community, publisher: Publisher) -> None:
        self._community = community
        self._publisher = publisher

    async def run(self) -> int:
        """Tell about everything that was paused since; returns how many people were told."""
        told = 0
        for schedule in await self._community.schedules.notices():
            settings = await self._community.guilds.get(schedule.guild_id)
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
        return await self._publisher.tell(person, last_resort, None, text, f"n{schedule.id}") or noted

    async def _note(self, schedule: Schedule, settings: GuildSettings, text: str) -> bool:
        if settings.log_channel_id is None:
            return False
        try:
            await self._publisher.note(settings.log_channel_id, text, f"l{schedule.id}", settings.log_role_id)
        except Refused as refusal:
            log.info("nothing can be said in the log channel of server %d: %s", settings.guild_id, refusal)
            return False
        return True


def paused_text(schedule: Schedule) -> str:
    """Return the words, in the active language."""
    reason = schedule.reason or ""
    channels = i18n.all_of([f"<#{place.channel_id}>" for place in schedule.destinations])
    text = _(
        "I have paused the schedule “{content}” in {channels} after it failed three times in a row. {happened}"
    ).format(content=schedule.content, channels=channels, happened=happened(reason))
    return f"{text} {remedy(reason)}".strip()
