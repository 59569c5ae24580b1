"""What is done to a post once it stands: published to followers, pinned in place of the one before."""

import asyncio
import logging
from collections.abc import Awaitable
from datetime import datetime, timedelta

from bot.community.deliveries import Delivery
from bot.community.posts import Posts
from bot.jobs import reasons
from bot.jobs.publishing import Publisher, Refused, Standing, Unsettled, in_good_time

log = logging.getLogger(__name__)

TRIED_FOR = timedelta(hours=2)  # an announcement channel publishes ten posts an hour: the eleventh waits for the next


class Finishing:
    """Crossposts and pins. Every step may be repeated, so an interrupted one is simply done again.

    The post counts whatever becomes of these steps: what Discord refuses, or leaves unanswered for too long, is given
    up and noted beside it. Somebody has then to be told (``Notices``).
    """

    def __init__(self, posts: Posts, publisher: Publisher) -> None:
        self._posts = posts
        self._publisher = publisher

    async def resume(self, now: datetime) -> int:
        """Do what was interrupted, nowhere waiting for another channel; returns how many posts that was."""
        waiting = await self._posts.unfinished()
        standing = [(post, Standing.of(post)) for post in waiting]
        await asyncio.gather(*(self.finish(post, place, now) for post, place in standing if place is not None))
        return len(waiting)

    async def finish(self, post: Delivery, standing: Standing, now: datetime) -> None:
        """Do the later steps, each whatever became of the other; what was not answered is done again later."""
        refused: list[str] = []
        unanswered: list[str] = []
        if post.target.crosspost:
            try:
                await self._step(post, self._publisher.crosspost(standing))
            except Refused:
                refused.append(reasons.NOT_PUBLISHED)
            except Unsettled:
                unanswered.append(reasons.LEFT_UNPUBLISHED)
        if post.target.pin:
            try:
                await self._step(post, self._pin(post, standing))
            except Refused as refusal:
                full = refusal.reason == reasons.PINS_FULL
                refused.append(reasons.PINS_FULL if full else reasons.NOT_PINNED)
            except Unsettled:
                unanswered.append(reasons.LEFT_UNPINNED)
        if unanswered and now - (post.sent_at or now) < TRIED_FOR:
            return
        given_up = reasons.together([*refused, *unanswered])
        if given_up is None:
            await self._posts.finished(post)
        else:
            await self._posts.given_up(post, given_up)

    async def _step(self, post: Delivery, step: Awaitable[None]) -> None:
        """Take one step in time. Raises Refused or Unsettled."""
        try:
            await in_good_time(step)
        except (Refused, Unsettled) as fault:
            log.warning("delivery %s stands but is not finished: %s", post.id, fault)
            raise

    async def _pin(self, post: Delivery, standing: Standing) -> None:
        """Pin the newest of its kind alone. The pin before goes first: a forum has room for one."""
        pinned = _pinned(post, standing)
        before = await self._posts.last(post.what, post.channel_id, besides=post.id)
        if before is not None and post.sent_at is not None and (before.sent_at or post.sent_at) > post.sent_at:
            return  # a newer one stands already
        former = Standing.of(before) if before is not None else None
        if before is not None and former is not None and (unpinned := _pinned(before, former)) != pinned:
            await self._publisher.unpin(unpinned)
        await self._publisher.pin(pinned)


def _pinned(post: Delivery, standing: Standing) -> Standing:
    """Return what a pin is put on: in a forum the thread, whichever of its messages the post is."""
    return Standing(standing.channel_id, standing.channel_id) if post.target.kind == "forum" else standing
