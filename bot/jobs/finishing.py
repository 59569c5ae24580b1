"""What is done to a post once it stands: published to followers, pinned in place of the one before."""

import logging
from datetime import datetime, timedelta

from bot.community.deliveries import Delivery
from bot.community.posts import Posts
from bot.jobs.publishing import Publisher, Refused, Standing, Unsettled

log = logging.getLogger(__name__)

TRIED_FOR = timedelta(hours=1)


class Finishing:
    """Crossposts and pins. Every step may be repeated, so an interrupted one is simply done again."""

    def __init__(self, posts: Posts, publisher: Publisher) -> None:
        self._posts = posts
        self._publisher = publisher

    async def resume(self, now: datetime) -> int:
        """Do what was interrupted within the last hour; returns how many posts that was."""
        waiting = await self._posts.unfinished(now - TRIED_FOR)
        for post in waiting:
            if post.message_id is not None:
                await self.finish(post, Standing(post.posted_channel_id or post.channel_id, post.message_id))
        return len(waiting)

    async def finish(self, post: Delivery, standing: Standing) -> None:
        """Do the later steps; what Discord refuses is given up, what it did not answer is left for later."""
        try:
            if post.target.crosspost:
                await self._publisher.crosspost(standing)
            if post.target.pin:
                await self._pin(post, standing)
        except Refused as refusal:
            log.warning("delivery %s stands but is not finished: %s", post.id, refusal)
        except Unsettled as open_end:
            log.info("delivery %s is finished later: %s", post.id, open_end.detail)
            return
        await self._posts.finished(post)

    async def _pin(self, post: Delivery, standing: Standing) -> None:
        before = await self._posts.last(post.what, post.channel_id, besides=post.id)
        if before is not None and post.sent_at is not None and (before.sent_at or post.sent_at) > post.sent_at:
            return  # a newer one stands already
        await self._publisher.pin(standing)
        if before is not None and before.message_id is not None:
            await self._publisher.unpin(Standing(before.posted_channel_id or before.channel_id, before.message_id))
