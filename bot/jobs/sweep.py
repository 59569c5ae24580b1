"""The sweep: schedules get their next time, and what has fallen due is entered into the ledger, once.

Running it twice, in two processes, or again after a crash changes nothing.
"""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.community.deliveries import NewDelivery, Part, Target, Turn
from bot.community.records import ChannelSettings, Destination, GuildSettings, Schedule
from bot.community.store import Community
from bot.jobs import reasons
from bot.jobs.content import symbols
from bot.jobs.digests import digested
from bot.jobs.due import Calendar, Due, after_quiet, next_due, next_dues

BATCH = 100
POSTED_WITHIN = timedelta(hours=6)  # later than this nothing is posted
_LOOK_AGAIN = timedelta(hours=12)  # where the exchange's calendar ends
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Around:
    """What a batch of schedules needs to know about its servers and channels."""

    settings: dict[int, GuildSettings]
    looks: dict[int, ChannelSettings]
    blocked: dict[int, frozenset[str]]


class Sweep:
    """Plans schedules and enters what is due. ``calendar`` returns the exchange's days as known now.

    ``entered`` is called whenever rows have been entered: posting need not wait for the rest of a long sweep.
    """

    def __init__(
        self,
        community: Community,
        clock: Clock,
        calendar: Callable[[], Calendar],
        entered: Callable[[], object] = lambda: None,
    ) -> None:
        self._community = community
        self._clock = clock
        self._calendar = calendar
        self._entered = entered

    async def run(self) -> int:
        """Do both; returns how many rows were entered."""
        now = self._clock.now()
        await self._community.ledger.leave_out_paused(now)
        entered = 0
        while schedules := await self._community.schedules.due(now, BATCH):
            entered += await self._turn(schedules, now)
            self._entered()
        while schedules := await self._community.schedules.unplanned(now, BATCH):
            await self._plan(schedules, now)
        return entered

    async def replan(self) -> None:
        """Have everything planned anew: a new dataset may know other holidays, publications and decisions."""
        await self._community.schedules.replan({"finra", "fomc", "session", "weekly", "monthly"}, self._clock.now())

    async def _plan(self, schedules: Sequence[Schedule], now: datetime) -> None:
        settings = await self._community.guilds.several(list({s.guild_id for s in schedules}))
        planned = [self._planned(s, ZoneInfo(settings[s.guild_id].zone), now) for s in schedules]
        await self._community.schedules.plan(planned, again_at=now + _LOOK_AGAIN)

    def _planned(self, schedule: Schedule, zone: ZoneInfo, now: datetime) -> Schedule:
        due = next_due(schedule.cadence, zone, self._calendar(), now)
        if due is None:
            return replace(schedule, next_due_at=None, next_period=None)
        return replace(schedule, next_due_at=due.at, next_period=due.period)

    async def _turn(self, schedules: Sequence[Schedule], now: datetime) -> int:
        guild_ids = list({s.guild_id for s in schedules})
        channel_ids = list({place.channel_id for s in schedules for place in s.destinations})
        guilds = self._community.guilds
        around = _Around(
            await guilds.several(guild_ids), await guilds.looks(channel_ids), await guilds.blocked_symbols(guild_ids)
        )
        turns = [self._turned(schedule, around, now) for schedule in schedules]
        last = max([now, *(entry.ready_at for turn in turns for entry in turn.entries)])
        ahead = await self._community.schedules.upcoming(guild_ids, last + _HOUR)
        coming = await self._community.ledger.open_digests(channel_ids, now)
        return await self._community.schedules.turn(digested(turns, ahead, coming, around.settings))

    def _turned(self, schedule: Schedule, around: _Around, now: datetime) -> Turn:
        settings = around.settings[schedule.guild_id]
        zone = ZoneInfo(settings.zone)
        seen = schedule.next_due_at
        assert seen is not None  # only schedules with a time fall due
        period = schedule.next_period or seen.astimezone(zone).date().isoformat()
        following = next_due(schedule.cadence, zone, self._calendar(), seen)
        due = Due(period, after_quiet(seen, zone, settings.quiet_from, settings.quiet_to))
        reason = self._left_out(schedule, due, settings, around.blocked[schedule.guild_id], now)
        ready_at = max(due.at, after_quiet(now, zone, settings.quiet_from, settings.quiet_to))
        entries = [
            _entry(
                schedule,
                place,
                due,
                ready_at=ready_at,
                settings=settings,
                look=around.looks.get(place.channel_id),
                reason=reason,
            )
            for place in schedule.destinations
            if place.paused_reason is None
        ]
        return Turn(
            schedule.id,
            seen,
            following.at if following else None,
            following.period if following else None,
            tuple(entries),
        )

    def _left_out(
        self, schedule: Schedule, due: Due, settings: GuildSettings, blocked: frozenset[str], now: datetime
    ) -> str | None:
        if settings.left_at is not None:
            return reasons.BOT_REMOVED
        if now - due.at > POSTED_WITHIN:
            return reasons.TOO_LATE
        if settings.paused_until is not None and due.at < settings.paused_until:
            return reasons.PAUSED
        if symbols(Part(schedule.content, schedule.request)) & blocked:
            return reasons.BLOCKED
        return None


def _entry(
    schedule: Schedule,
    place: Destination,
    due: Due,
    *,
    ready_at: datetime,
    settings: GuildSettings,
    look: ChannelSettings | None,
    reason: str | None,
) -> NewDelivery:
    return NewDelivery(
        what=schedule.what,
        guild_id=schedule.guild_id,
        channel_id=place.channel_id,
        period=due.period,
        due_at=due.at,
        ready_at=ready_at,
        parts=(Part(schedule.content, dict(schedule.request)),),
        target=Target.of(schedule, place),
        language=(look.language if look else None) or settings.language,
        theme=(look.theme if look else None) or settings.theme,
        state="due" if reason is None else "skipped",
        reason=reason,
    )


def next_runs(
    schedule: Schedule,
    settings: GuildSettings,
    calendar: Calendar,
    now: datetime,
    count: int,
    *,
    entered: Set[str] = frozenset(),
) -> list[Due]:
    """Return the next times a schedule will post, quiet hours included; not the periods ``entered`` already."""
    zone = ZoneInfo(settings.zone)
    dues = next_dues(schedule.cadence, zone, calendar, now, count + len(entered))
    left = [due for due in dues if due.period not in entered][:count]
    return [Due(d.period, after_quiet(d.at, zone, settings.quiet_from, settings.quiet_to)) for d in left]
