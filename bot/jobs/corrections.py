"""Corrections: when new data changes what a post said by more than rounding, the post is edited and marked.

Only posts of the last two weeks are looked at, each once for every dataset version. Nobody is mentioned. A copy that
was published to followers changes with its original.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import ValidationError

from bot.clock import Clock
from bot.community.deliveries import Delivery
from bot.community.store import Community
from bot.errors import BotError, Unavailable, WithId
from bot.jobs.awaited import close_missing
from bot.jobs.content import as_request
from bot.jobs.figures import differ, shown
from bot.jobs.publishing import Gone, Post, Publisher, Refused, Reports, Standing, Unsettled, in_good_time
from bot.workers import Rendered

log = logging.getLogger(__name__)

LOOKED_BACK = timedelta(days=14)
BATCH = 200


class Corrections:
    """Compares what stands with what would be posted now for the same day."""

    def __init__(self, community: Community, reports: Reports, publisher: Publisher, clock: Clock) -> None:
        self._posts = community.posts
        self._reports = reports
        self._publisher = publisher
        self._clock = clock

    async def run(self, version: str) -> int:
        """Compare every recent post with dataset ``version``; returns how many were corrected."""
        now = self._clock.now()
        corrected, after_id = 0, ""
        while posts := await self._posts.outdated(version, now - LOOKED_BACK, after_id=after_id, limit=BATCH):
            after_id = posts[-1].id
            corrected += await self._compare(posts, version, now)
        return corrected

    async def settled(self, version: str) -> bool:
        """Whether every recent post has been compared with dataset ``version``: Discord may have been out of reach."""
        return not await self._posts.outdated(version, self._clock.now() - LOOKED_BACK, limit=1)

    async def _compare(self, posts: Sequence[Delivery], version: str, now: datetime) -> int:
        same: list[Delivery] = []
        corrected = 0
        for post in posts:
            try:
                parts = await self._again(post)
                if differ(post.shown, shown([part.report for part in parts])):
                    corrected += await self._correct(post, parts, version, now)
                    continue
            except (Unavailable, WithId, Unsettled) as fault:
                log.warning("delivery %s is compared later: %s", post.id, fault)
                continue
            except (BotError, KeyError, ValidationError, Refused) as fault:
                log.info("delivery %s cannot be corrected: %s", post.id, fault)
            same.append(post)
        await self._posts.compared(same, version)
        return corrected

    async def _again(self, post: Delivery) -> tuple[Rendered, ...]:
        asked = [as_request(part) for part in post.asked]
        get = self._reports.get
        return tuple([await get(request, language=post.language, theme=post.theme) for request in asked])

    async def _correct(self, post: Delivery, parts: tuple[Rendered, ...], version: str, now: datetime) -> int:
        standing = Standing.of(post)
        if standing is None:
            return 0
        edited = Post(
            id=post.id,
            guild_id=post.guild_id,
            channel_id=post.channel_id,
            parts=parts,
            target=post.target,
            language=post.language,
            what=post.what,
            late=post.due_at if post.late else None,
            missing=close_missing(post, parts, self._reports.catalogue),
            corrected=now,
        )
        try:
            await in_good_time(self._publisher.edit(edited, standing))
        except Gone:
            await self._posts.gone(post)
            return 0
        await self._posts.corrected(post, shown([part.report for part in parts]), version, now)
        return 1
