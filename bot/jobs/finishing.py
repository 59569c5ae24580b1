"""What is done to a post once it stands: published to followers, pinned in place of the one before."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.community.deliveries import Delivery
from bot.community.posts import Posts
from bot.jobs import reasons
from bot.jobs.publishing import Publisher, Refused, Standing, Unsettled

log = logging.getLogger(__name__)

TRIED_FOR = timedelta(hours=1)
STEP_SECONDS = 20.0  # Discord may ask to wait most of an hour: an announcement channel publishes ten posts an hour


class Finishing:
    """Crossposts and pins. Every step may be repeated, so an interrupted one is simply done again.

    The post counts whatever becomes of these steps: what Discord refuses is given up and noted beside it.
    """

    def __init__(self, posts: Posts, publisher: Publisher) -> None:
        self._posts = posts
        self._publisher = publisher

    async def resume(self, now: datetime) -> int:
        """Do what was interrupted within the last hour; returns how many posts that was."""
        waiting = await self._posts.unfinished(now - TRIED_FOR)
        for post in waiting:
            standing = Standing.of(post)
            if standing is not None:
                await self.finish(post, standing)
        return len(waiting)

    async def finish(self, post: Delivery, standing: Standing) -> None:
        """Do the later steps, each whatever became of the other; what was not answered is done again later."""
        refused: str | None = None
        try:
            if post.target.crosspost and not await self._done(post, lambda: self._publisher.crosspost(standing)):
                refused = reasons.NOT_PUBLISHED
            if post.target.pin and not await self._done(post, lambda: self._pin(post, standing)):
                refused = reasons.NOT_PINNED if refused is None else reasons.NEITHER
        except Unsettled as open_end:
            log.info("delivery %s is finished later: %s", post.id, open_end.detail)
            return
        await self._posts.finished(post, refused)

    async def _done(self, post: Delivery, step: Callable[[], Awaitable[None]]) -> bool:
        try:
            async with asyncio.timeout(STEP_SECONDS):
                await step()
        except TimeoutError as slow:
            raise Unsettled("no answer in time") from slow
        except Refused as refusal:
            log.warning("delivery %s stands but is not finished: %s", post.id, refusal)
            return False
        return True

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
