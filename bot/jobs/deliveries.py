"""Deliveries: claim a row, make the report, post it, close the row. A crash anywhere loses nothing, doubles nothing.

A claim is a lease, renewed while it is worked on. One that was left open is first looked up in its channel. Servers
do not wait for each other: each has a few places of many, each channel one, and posts go out in order there.
"""

import asyncio
import logging
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.community.deliveries import Delivery
from bot.community.store import Community
from bot.jobs.posting import Lost, Posting
from bot.jobs.publishing import Publisher, Reports

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """How much is done at a time, and how long a claim holds."""

    places: int = 128
    per_guild: int = 2
    lease: timedelta = timedelta(seconds=30)


class Deliverer:
    """Works off the ledger. ``holder`` names this process in its claims.

    ``serve`` runs for as long as the bot does and works whenever ``wake`` is called; ``drain`` works off what is due
    now and returns. ``reclaim`` takes back what this holder left open when it died: call it before either, and only
    where no other process uses the same name.
    """

    def __init__(
        self,
        community: Community,
        reports: Reports,
        publisher: Publisher,
        clock: Clock,
        *,
        holder: str = "gateway",
        pace: Pace | None = None,
    ) -> None:
        self._community = community
        self._clock = clock
        self._holder = holder
        self._pace = pace or Pace()
        self._posting = Posting(community, reports, publisher, clock, keep=self._keep)
        self._wake = asyncio.Event()
        self._at_work: dict[asyncio.Task[None], Delivery] = {}
        self._leases: dict[str, datetime] = {}
        self._heart: asyncio.Task[None] | None = None
        self._serving = False

    async def reclaim(self) -> int:
        """Let go of the claims a former life of this process left open; returns how many."""
        return await self._community.ledger.reclaim(self._holder, self._clock.now())

    def wake(self) -> None:
        """Say that something may have fallen due."""
        self._wake.set()

    async def serve(self) -> None:
        """Work until cancelled; what is under way then stays claimed and is looked up at the next start."""
        self._serving = True
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                try:
                    while await self._fill():
                        pass
                except Exception:
                    log.exception("nothing could be claimed: again when something falls due or is done")
        finally:
            self._serving = False
            await self._stop()

    async def drain(self) -> None:
        """Work off everything that is due now."""
        try:
            while await self._fill() or self._at_work:
                if self._at_work:
                    await asyncio.wait(self._at_work, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if not self._serving:
                await self._stop()

    async def _fill(self) -> int:
        """Claim as much as there are places for, and begin; returns how many."""
        free = self._pace.places - len(self._at_work)
        if free < max(1, self._pace.places // 4):
            return 0  # claims cost a look over all that is due: not one for every place that becomes free
        load = Counter(delivery.guild_id for delivery in self._at_work.values())
        now = self._clock.now()
        until = now + self._pace.lease
        claimed = await self._community.ledger.claim(
            now,
            holder=self._holder,
            lease_until=until,
            limit=free,
            per_guild=self._pace.per_guild,
            busy={guild_id for guild_id, count in load.items() if count >= self._pace.per_guild},
        )
        for delivery in claimed:
            self._begin(delivery, until)
        return len(claimed)

    def _begin(self, delivery: Delivery, until: datetime) -> None:
        self._leases[delivery.id] = until
        task = asyncio.create_task(self._posting.work(delivery), name=f"delivery {delivery.id}")
        self._at_work[task] = delivery
        task.add_done_callback(self._done)
        if self._heart is None:
            self._heart = asyncio.create_task(self._beat())

    def _done(self, task: asyncio.Task[None]) -> None:
        delivery = self._at_work.pop(task)
        self._leases.pop(delivery.id, None)
        if not task.cancelled() and (fault := task.exception()) is not None:
            log.error("delivery %s broke off: its claim runs out and is looked up", delivery.id, exc_info=fault)
        self._wake.set()

    async def _beat(self) -> None:
        """Renew the leases of what takes longer."""
        while True:
            await asyncio.sleep(self._pace.lease.total_seconds() / 3)
            try:
                await self._renew_all()
            except Exception:
                log.exception("leases could not be renewed: what is sent next asks for its own")

    async def _renew_all(self) -> None:
        held = list(self._at_work.values())
        until = self._clock.now() + self._pace.lease
        kept = await self._community.ledger.renew(held, until)
        self._leases.update({d.id: until for d in held if d.id in kept and d.id in self._leases})

    async def _keep(self, delivery: Delivery, seconds: float) -> None:
        """Make sure that a claim holds for so many seconds more. Raises Lost where somebody else has it now.

        A database that was away answers when what it grants is over already: then it is asked again.
        """
        wanted = timedelta(seconds=seconds)  # less than a lease
        while self._leases.get(delivery.id, (now := self._clock.now())) - now < wanted:
            until = now + self._pace.lease
            if delivery.id not in await self._community.ledger.renew([delivery], until):
                raise Lost
            self._leases[delivery.id] = until

    async def _stop(self) -> None:
        heart, self._heart = self._heart, None
        ending = [*self._at_work, *([heart] if heart else [])]
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)
