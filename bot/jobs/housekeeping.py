"""What is thrown away, and when: the periods of docs/privacy.md."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.clock import Clock
from bot.community.store import Community
from bot.jobs.publishing import Publisher, Refused, Standing, Unsettled, in_good_time

log = logging.getLogger(__name__)

GUILDS_KEPT = timedelta(days=30)  # after the bot was removed
HISTORY_KEPT = timedelta(days=180)
AUDIT_KEPT = timedelta(days=365)
REPLIES_KEPT = timedelta(days=7)
_DISCORD_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Swept:
    """How much went."""

    guilds: int = 0
    deliveries: int = 0
    audit: int = 0
    replies: int = 0


class Housekeeping:
    """Deletes what is past its time."""

    def __init__(self, community: Community, publisher: Publisher, clock: Clock) -> None:
        self._community = community
        self._publisher = publisher
        self._clock = clock

    async def run(self) -> Swept:
        """Do the daily round; returns what went."""
        now = self._clock.now()
        gone = await self._community.guilds.left_before(now - GUILDS_KEPT)
        for guild_id in gone:
            await self._community.privacy.forget_guild(guild_id)
        swept = Swept(
            guilds=len(gone),
            deliveries=await self._community.ledger.drop_older(now - HISTORY_KEPT),
            audit=await self._community.audit.drop_older(now - AUDIT_KEPT),
            replies=await self._community.replies.forget_older(snowflake_at(now - REPLIES_KEPT)),
        )
        log.info("housekeeping: %s", swept)
        return swept

    async def delete_replies(self) -> int:
        """Delete public answers whose hours are over; returns how many."""
        expired = await self._community.replies.expired(self._clock.now())
        done: list[int] = []
        for reply in expired:
            try:
                await in_good_time(self._publisher.delete(Standing(reply.channel_id, reply.message_id)))
            except Unsettled:
                continue  # next time
            except Refused as refusal:
                log.info("an answer stays: %s", refusal)
            done.append(reply.message_id)
        await self._community.replies.forget(done)
        return len(done)


def snowflake_at(moment: datetime) -> int:
    """Return the smallest id that Discord gives out from a moment on."""
    return int((moment - _DISCORD_EPOCH).total_seconds() * 1000) << 22
