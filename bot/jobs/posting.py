"""One delivery from claim to close: look it up if it may stand, ask, post, note what stands and what it shows."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from bot import i18n
from bot.clock import Clock
from bot.community.deliveries import BY_HAND, DIGEST, Delivery, Part, Receipt, State, Target
from bot.community.records import By
from bot.community.store import Community
from bot.errors import BotError, Unavailable, UserError, WithId
from bot.jobs import reasons
from bot.jobs.awaited import LATE_AFTER, close_missing, late, waits
from bot.jobs.content import Contents, LeftOut, as_part
from bot.jobs.due import after_quiet
from bot.jobs.figures import shown
from bot.jobs.finishing import Finishing
from bot.jobs.publishing import Gone, Ping, Post, Publisher, Refused, Reports, Standing, Unsettled
from bot.jobs.sweep import POSTED_WITHIN
from bot.workers import Rendered

log = logging.getLogger(__name__)

SEND_SECONDS = 20.0  # less than a lease: whoever sends still holds the claim when Discord has answered
LOOK_AGAIN = timedelta(minutes=5)
PAUSES = (5, 15, 60, 300, 900)  # seconds between tries
TRIED = (reasons.UNREACHABLE, reasons.NO_REPORT)  # what kept a post back although somebody was here to send it
NEVER_KNOWN = (reasons.HISTORY_CLOSED, reasons.HISTORY_LONG)


class Lost(Exception):
    """Somebody else holds the claim now."""


class _NotYet(Exception):
    """Nothing was sent; to be tried again at ``at``."""

    def __init__(self, at: datetime, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.at = at
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a post goes. In a forum, ``beneath`` is the post that opened this week's thread."""

    channel_id: int
    target: Target
    beneath: Delivery | None = None


class Posting:
    """Works on claimed rows. ``keep`` makes sure that a claim holds for some seconds more, or raises Lost."""

    def __init__(
        self,
        community: Community,
        reports: Reports,
        publisher: Publisher,
        clock: Clock,
        *,
        keep: Callable[[Delivery, float], Awaitable[None]],
    ) -> None:
        self._community = community
        self._ledger = community.ledger
        self._reports = reports
        self._publisher = publisher
        self._clock = clock
        self._keep = keep
        self._contents = Contents(community.ledger, community.posts, community.guilds)
        self._finishing = Finishing(community.posts, publisher)

    async def work(self, delivery: Delivery) -> None:
        """Bring one claimed row as far as it goes."""
        try:
            await self._post(delivery)
        except Lost:
            log.warning("delivery %s was taken over by another process", delivery.id)
        except Refused as refusal:
            await self._failed(delivery, refusal)
        except LeftOut as unwanted:
            await self._ledger.close(delivery, "skipped", unwanted.reason)
        except Unsettled as open_end:
            await self._ledger.retry(delivery, self._again_at(delivery, open_end), reasons.UNREACHABLE, open_end.detail)
        except _NotYet as wait:
            let_go = self._ledger.retry if delivery.may_stand else self._ledger.postpone
            await let_go(delivery, wait.at, wait.reason, wait.detail)
        except Exception:
            log.exception("delivery %s: a fault of ours; it is looked up and tried again", delivery.id)
            await self._ledger.retry(delivery, self._again_at(delivery, Unsettled("fault")), reasons.NO_REPORT)

    async def _post(self, delivery: Delivery) -> None:
        place = await self._place(delivery)
        before = await self._edited(delivery)
        if delivery.may_stand and before is None:
            found = await self._look_up(delivery, place)
            if found is not None:
                await self._close(delivery, found, (), ())
                return
        if delivery.called_off:
            raise LeftOut(delivery.reason or reasons.WITHDRAWN)
        now = self._clock.now()
        owed = delivery.ready_at if delivery.reason == reasons.QUIET else delivery.due_at
        if now - owed > POSTED_WITHIN:
            raise LeftOut(next((why for why in TRIED if why == delivery.reason), reasons.TOO_LATE))
        if waits(delivery, self._reports.catalogue, self._reports.today(), now):
            raise _NotYet(now + LOOK_AGAIN, reasons.WAITING)
        await self._keep_quiet(delivery, now)
        asked, parts = await self._rendered(delivery)
        post = Post(
            id=delivery.id,
            guild_id=delivery.guild_id,
            channel_id=place.channel_id,
            parts=parts,
            target=place.target,
            language=delivery.language,
            what=delivery.what,
            late=late(delivery, now),
            missing=close_missing(delivery, parts, self._reports.catalogue),
        )
        if before is None:  # an edit mentions nobody
            post = await self._with_ping(delivery, post)
        standing = await self._send(delivery, post, place, before)
        await self._close(delivery, standing, asked, parts, is_late=post.late is not None)

    async def _place(self, delivery: Delivery) -> "_Place":
        """Return where a post goes: in a forum, beneath this week's first post of its kind once there is one."""
        target = delivery.target
        if target.kind == "forum":
            last = await self._community.posts.last(delivery.what, delivery.channel_id, besides=delivery.id)
            standing = Standing.of(last) if last is not None else None
            if last is not None and standing is not None and _week(last) == _week(delivery):
                return _Place(standing.channel_id, replace(target, kind="thread"), last)
        return _Place(delivery.channel_id, target)

    async def _edited(self, delivery: Delivery) -> Standing | None:
        """Return the message that a dashboard replaces in place."""
        if not delivery.target.dashboard:
            return None
        last = await self._community.posts.last(delivery.what, delivery.channel_id, besides=delivery.id)
        return None if last is None else Standing.of(last)

    async def _look_up(self, delivery: Delivery, place: "_Place") -> Standing | None:
        now, since = self._clock.now(), delivery.opened_at or delivery.due_at
        if now < since:  # the clock was wrong then, by nobody knows how much
            since = now - POSTED_WITHIN
        async with self._while_it_stands(place):
            return await self._publisher.find(delivery.id, delivery.guild_id, place.channel_id, place.target, since)

    @asynccontextmanager
    async def _while_it_stands(self, place: "_Place") -> AsyncIterator[None]:
        """Begin again, with a new thread, where the week's thread in a forum has been deleted."""
        try:
            yield
        except Refused as refusal:
            if place.beneath is None or refusal.reason != reasons.UNKNOWN_CHANNEL:
                raise
            await self._community.posts.gone(place.beneath)
            raise _NotYet(self._clock.now(), refusal.reason, refusal.detail) from refusal

    async def _keep_quiet(self, delivery: Delivery, now: datetime) -> None:
        """Put off what waiting, failing or a restart brought into quiet hours; all else was entered outside of them."""
        if delivery.attempt == 1 and now - delivery.ready_at <= LATE_AFTER:
            return
        settings = await self._community.guilds.get(delivery.guild_id)
        end = after_quiet(now, ZoneInfo(settings.zone), settings.quiet_from, settings.quiet_to)
        if end > now:
            raise _NotYet(end, reasons.QUIET)

    async def _rendered(self, delivery: Delivery) -> tuple[tuple[Part, ...], tuple[Rendered, ...]]:
        try:
            requests = await self._contents.requests(delivery)
            get = self._reports.get
            parts = [await get(request, language=delivery.language, theme=delivery.theme) for request in requests]
        except (Unavailable, WithId) as fault:
            pause = PAUSES[min(delivery.attempt, len(PAUSES)) - 1]
            raise _NotYet(self._clock.now() + timedelta(seconds=pause), reasons.NO_REPORT, str(fault)) from fault
        except (BotError, KeyError, ValidationError) as fault:
            with i18n.use(delivery.language):
                detail = str(fault) if isinstance(fault, UserError) else type(fault).__name__
            raise Refused(reasons.NO_REPORT, detail) from fault
        dated = [r.model_copy(update={"as_of": part.report.as_of}) for r, part in zip(requests, parts, strict=True)]
        return tuple(as_part(request) for request in dated), tuple(parts)

    async def _with_ping(self, delivery: Delivery, post: Post) -> Post:
        """Let a post mention whom admins chose: never a late or stale one, and only so often a day."""
        target = delivery.target
        stale = post.missing or any(stat.stale for report in post.reports for stat in report.stats)
        if target.mention == "none":
            return post
        if post.late or stale:
            await self._ledger.take_back_mention(delivery)
            return post
        settings = await self._community.guilds.get(delivery.guild_id)
        local = delivery.ready_at.astimezone(ZoneInfo(settings.zone))
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        role_id = target.mention_role_id or settings.mention_role_id if target.mention == "role" else None
        if target.mention == "role" and role_id is None:
            return post
        if not await self._ledger.mention(delivery, midnight, settings.mentions_per_day):
            return post
        return replace(post, ping=Ping(role_id))

    async def _send(self, delivery: Delivery, post: Post, place: "_Place", before: Standing | None) -> Standing:
        await self._keep(delivery, SEND_SECONDS)
        end = self._clock.now() + timedelta(seconds=SEND_SECONDS)

        def in_time() -> bool:
            return self._clock.now() < end

        try:
            async with asyncio.timeout(SEND_SECONDS), self._while_it_stands(place):
                if before is None:
                    return await self._publisher.post(post, in_time)
                try:
                    await self._publisher.edit(post, before)
                except Gone:
                    found = await self._look_up(delivery, place) if delivery.may_stand else None
                    return found or await self._publisher.post(post, in_time)
                return before
        except TimeoutError as slow:
            raise Unsettled("no answer in time") from slow

    async def _close(
        self,
        delivery: Delivery,
        standing: Standing,
        asked: tuple[Part, ...],
        parts: tuple[Rendered, ...],
        *,
        is_late: bool = False,
    ) -> None:
        target = delivery.target
        receipt = Receipt(
            channel_id=standing.channel_id,
            message_id=standing.message_id,
            at=self._clock.now(),
            late=is_late,
            unfinished=target.pin or target.crosspost,
            asked=asked,
            shown=shown([part.report for part in parts]),
            as_of=min((part.report.as_of for part in parts), default=None),
            version=(parts[0].report.version or self._reports.catalogue.version) if parts else None,
        )
        if not await self._ledger.sent(delivery, receipt):
            raise Lost
        if delivery.attempt > 1 or delivery.reason:
            log.info("delivery %s stands after %d attempts", delivery.id, delivery.attempt)
        if receipt.unfinished:
            await self._finishing.finish(delivery, standing, receipt.at)

    async def _failed(self, delivery: Delivery, refusal: Refused) -> None:
        open_for_ever = refusal.reason in NEVER_KNOWN
        state: State = "uncertain" if open_for_ever else "failed"
        log.warning("delivery %s %s: %s", delivery.id, state, refusal)
        if await self._ledger.close(delivery, state, refusal.reason, refusal.detail or None) and not open_for_ever:
            by = By(None, self._clock.now())
            members = await self._ledger.members(delivery.id) if delivery.what == DIGEST else [delivery]
            for failed in members:
                await self._community.schedules.failed(failed.what, delivery.channel_id, refusal.reason, by)
            await self._community.alert_runs.failed(delivery.what, refusal.reason, by.at)

    def _again_at(self, delivery: Delivery, fault: Unsettled) -> datetime:
        pause = fault.retry_after or PAUSES[min(delivery.attempt, len(PAUSES)) - 1]
        return self._clock.now() + timedelta(seconds=pause)


def _week(delivery: Delivery) -> tuple[int, int]:
    """Return the calendar week (ISO) that a post belongs to: of its period, which names a day unless asked by hand."""
    day = delivery.due_at.date() if delivery.period == BY_HAND else date.fromisoformat(delivery.period[:10])
    return day.isocalendar()[:2]
