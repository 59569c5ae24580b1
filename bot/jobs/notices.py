"""Telling people what the bot cannot say in the channel: what was paused or left undone, and what to do about it."""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from zoneinfo import ZoneInfo

from bot import i18n
from bot.clock import Clock
from bot.community.deliveries import Delivery
from bot.community.records import Destination, GuildSettings, Schedule
from bot.community.schedule_rows import id_of
from bot.community.store import Community
from bot.i18n import gettext as _
from bot.jobs.due import after_quiet
from bot.jobs.publishing import Publisher, Refused, Unsettled, in_good_time
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
        """Tell about everything that was paused or left undone since; returns how many people were told."""
        told = 0
        for schedule in await self._community.schedules.notices():
            mark, author = _mark(schedule), schedule.author_user_id
            if (
                reached := await self._tell(schedule.guild_id, author, partial(paused_text, schedule), mark)
            ) is not None:
                told += reached
                await self._community.schedules.told(schedule)
        for post in await self._community.posts.untold():
            told += await self._left_undone(post)
        return told

    async def _left_undone(self, post: Delivery) -> bool:
        """Tell that a post stands but was not published on or pinned: once, not at each post that has it happen."""
        before = await self._community.posts.last(post.what, post.channel_id, besides=post.id)
        reached: bool | None = False
        if before is None or before.reason != post.reason:
            schedule = await self._community.schedules.get(post.guild_id, id_of(post.what))
            author = schedule.author_user_id if schedule else None
            reached = await self._tell(post.guild_id, author, partial(undone_text, post), post.id)
        if reached is not None:
            await self._community.posts.told(post)
        return bool(reached)

    async def _tell(self, guild_id: int, author: int | None, words: Callable[[], str], mark: str) -> bool | None:
        """Say it in the log channel, which outlasts people, and to the person; whether anybody was reached.

        None where it is for later: in quiet hours, and while Discord is out of reach.
        """
        settings, now = await self._community.guilds.get(guild_id), self._clock.now()
        if after_quiet(now, ZoneInfo(settings.zone), settings.quiet_from, settings.quiet_to) > now:
            return None
        with i18n.use(settings.language):
            text = words()
        try:
            noted = await self._note(settings, text, mark)
            last_resort = None if noted else guild_id
            person = settings.owner_user_id or author
            return await in_good_time(self._publisher.tell(person, last_resort, None, text, f"n{mark}")) or noted
        except Unsettled as fault:
            log.warning("nobody in server %d could be told yet: %s", guild_id, fault)
            return None

    async def _note(self, settings: GuildSettings, text: str, mark: str) -> bool:
        if settings.log_channel_id is None:
            return False
        try:
            await in_good_time(self._publisher.note(settings.log_channel_id, text, f"l{mark}", settings.log_role_id))
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


def undone_text(post: Delivery) -> str:
    """Return the words, in the active language."""
    text = _("My post in {channel} stands: {link}").format(channel=f"<#{post.channel_id}>", link=post.link)
    reason = post.reason or ""
    return f"{text}\n{happened(reason)} {remedy(reason)}".strip()


def _named(places: Sequence[Destination]) -> str:
    return i18n.all_of([f"<#{place.channel_id}>" for place in places])
