"""The order in which the bot begins: database, cogs, gateway ready, then what is due."""

from typing import Any

from bot.client import Handoff
from bot.clock import SettableClock
from bot.community.deliveries import NewDelivery, Part
from bot.community.store import Community
from bot.jobs.publishing import Publisher
from bot.jobs.service import Jobs
from bot.workers import Reports
from tests.conftest import FRIDAY_EVENING, Scene, buttons


async def test_what_fell_due_while_it_was_away_comes_after_everything_else(
    scene: Scene, reports: Reports, clock: SettableClock, servers: Community
) -> None:
    entry = NewDelivery(
        what="schedule:a", guild_id=scene.guild.id, channel_id=scene.channel.id, period="2026-07-17",
        due_at=FRIDAY_EVENING, ready_at=FRIDAY_EVENING, parts=(Part("rotation"),),
    )  # fmt: skip
    await servers.ledger.enter([entry])
    (_abandoned,) = await servers.ledger.claim(FRIDAY_EVENING, holder="gateway", lease_until=FRIDAY_EVENING, limit=1)
    seen: list[str] = []

    class NotingJobs(Jobs):
        async def start(self) -> None:
            assert await servers.ledger.counts() == {"claimed": 1}  # the database answers; nothing was done yet
            seen.append("ready" if bot.is_ready() else "not ready")
            await super().start()
            await self.catch_up()
            seen.append("due work")

    class Noting(Handoff):
        async def load_extension(self, name: str, *, package: str | None = None) -> None:
            assert not self.is_ready()
            seen.append("cog")
            await super().load_extension(name, package=package)

    def jobs(publisher: Publisher) -> Jobs:
        return NotingJobs(servers, reports, publisher, clock, by_hand=True)

    bot: Any = Noting(reports, clock, community=servers, jobs=jobs, shard_count=1)
    await scene.env.restart_bot(bot)
    cogs = seen.count("cog")
    assert cogs == len(bot.extensions) > 10
    assert seen == ["cog"] * cogs + ["ready", "due work"]
    (card,) = [m for m in scene.channel.history() if "About this post" in buttons(m)]
    assert await servers.ledger.counts() == {"sent": 1}
    assert (await servers.ledger.history(scene.guild.id))[0].message_id == card.id
