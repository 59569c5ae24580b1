"""The ledger under any order of steps: at most one post of each row, and nothing that is closed opens again.

Beside it runs a model of a few lines: who may claim what is worked out from the rules, not by the query.
"""

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from bot.community.deliveries import CLOSED, Delivery, NewDelivery, Receipt
from bot.community.store import Community
from bot.community.tables import deliveries
from tests.community.examples import MINUTE, NOW, due

LEASE = 3 * MINUTE
PER_GUILD = 2
Step = tuple[str, int, int]
ACTS = ("enter", "claim", "claim", "claim", "sent", "sent", "retry", "postpone", "skipped", "failed", "uncertain",
        "renew", "wait", "crash")  # fmt: skip
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 7), st.integers(0, 2)), min_size=5, max_size=22)


@dataclass
class Row:
    """What the rules say of a row. ``open``: an attempt began of which it is not known that nothing was sent."""

    entry: NewDelivery
    state: str = "due"
    ready_at: datetime = NOW
    attempt: int = 0
    holder: str | None = None
    lease_until: datetime = NOW
    open: bool = False
    posts: set[int] = field(default_factory=set)

    def ready(self, now: datetime) -> bool:
        if self.state in {"due", "retry"}:
            return self.ready_at <= now
        return self.state == "claimed" and self.lease_until <= now


class World:
    """Two holders at work on one database, a clock, and the model."""

    def __init__(self, community: Community) -> None:
        self.ledger = community.ledger
        self.now = NOW
        self.rows: dict[str, Row] = {}
        self.held: list[Delivery] = []
        self.messages = 0

    async def step(self, act: str, which: int, size: int) -> None:
        if act in {"sent", "retry", "postpone", "skipped", "failed", "uncertain", "renew"}:
            if self.held:
                await self._close(act, self.held[which % len(self.held)], size)
        elif act == "enter":
            await self._enter(which, size)
        elif act == "claim":
            await self._claim("ab"[which % 2], size + 1)
        elif act == "crash":
            await self._crash("ab"[which % 2])
        else:
            self.now += (size + 1) * MINUTE

    async def _enter(self, which: int, size: int) -> None:
        """Enter a row on one of four channels of two servers; the second time it is there already."""
        entry = due(f"schedule:{size}", 10 + which % 4, period=str(which // 4), guild_id=1 + which % 2, due_at=self.now)
        place = (entry.what, entry.channel_id, entry.period)
        same = any((r.entry.what, r.entry.channel_id, r.entry.period) == place for r in self.rows.values())
        assert await self.ledger.enter([entry, replace(entry, id="f" * 16)]) == (0 if same else 1)
        if not same:
            self.rows[entry.id] = Row(entry, ready_at=self.now)

    def _claimable(self, limit: int) -> list[str]:
        under_way = {
            r.entry.channel_id for r in self.rows.values() if r.state == "claimed" and r.lease_until > self.now
        }
        waiting = [r for r in self.rows.values() if r.ready(self.now) and r.entry.channel_id not in under_way]
        waiting.sort(key=lambda r: (r.entry.due_at, r.entry.id))
        first = list({r.entry.channel_id: r for r in reversed(waiting)}.values())
        first.sort(key=lambda r: (r.entry.due_at, r.entry.id))
        chosen: list[Row] = []
        for row in first:
            if sum(one.entry.guild_id == row.entry.guild_id for one in chosen) < PER_GUILD:
                chosen.append(row)
        return [row.entry.id for row in chosen[:limit]]

    async def _claim(self, holder: str, limit: int) -> None:
        expected = self._claimable(limit)
        lease = self.now + LEASE
        found = await self.ledger.claim(self.now, holder=holder, lease_until=lease, limit=limit, per_guild=PER_GUILD)
        assert [delivery.id for delivery in found] == expected
        for delivery in found:
            row = self.rows[delivery.id]
            row.attempt += 1
            row.state, row.holder, row.lease_until = "claimed", holder, lease
            assert delivery.attempt == row.attempt
            assert delivery.may_stand == row.open, "whoever posts must know whether it may stand already"
            row.open = True
        self.held += found

    async def _crash(self, holder: str) -> None:
        mine = [row for row in self.rows.values() if row.state == "claimed" and row.holder == holder]
        assert await self.ledger.reclaim(holder, self.now) == len(mine)
        for row in mine:
            row.lease_until = self.now

    async def _close(self, act: str, delivery: Delivery, size: int) -> None:
        row = self.rows[delivery.id]
        mine = row.state == "claimed" and row.attempt == delivery.attempt
        later = self.now + size * MINUTE
        if act == "sent":
            await self._sent(row, delivery, mine=mine)
        elif act == "renew":
            assert await self.ledger.renew([delivery], self.now + LEASE) == ({delivery.id} if mine else set())
            row.lease_until = self.now + LEASE if mine else row.lease_until
        elif act in {"retry", "postpone"}:
            let_go: Callable[..., Any] = getattr(self.ledger, act)
            assert await let_go(delivery, later, "unreachable") == mine
            if mine:
                row.state, row.ready_at = ("retry" if act == "retry" else "due"), later
                row.open = row.open and act == "retry"
        else:
            state: Literal["skipped"] = act  # type: ignore[assignment]
            assert await self.ledger.close(delivery, state, "waiting") == mine
            row.state = state if mine else row.state

    async def _sent(self, row: Row, delivery: Delivery, *, mine: bool) -> None:
        self.messages += 1
        receipt = Receipt(channel_id=delivery.channel_id, message_id=self.messages, at=self.now)
        first, again = [await self.ledger.sent(delivery, receipt) for _n in range(2)]
        assert (first, again) == (mine, mine), "the same mark twice is one mark: the answer to a commit may be lost"
        if mine:
            row.state = "sent"
            row.posts.add(self.messages)

    async def check(self, closed: dict[str, str]) -> None:
        stored = [one for guild in (1, 2) for one in await self.ledger.history(guild, limit=100)]
        assert {one.id: (one.state, one.attempt) for one in stored} == {
            key: (row.state, row.attempt) for key, row in self.rows.items()
        }
        for one in stored:
            posts = self.rows[one.id].posts
            assert len(posts) <= 1
            assert {one.message_id} - {None} == posts
            assert (one.state == "sent") == bool(posts)
            assert one.state == closed.get(one.id, one.state), "what is closed stays closed"
            assert (one.holder is not None) == (one.state == "claimed")
        closed |= {one.id: one.state for one in stored if one.state in CLOSED}
        live = [
            one.channel_id
            for one in stored
            if one.state == "claimed" and one.lease_until and one.lease_until > self.now
        ]
        assert len(live) == len(set(live)), "one post at a time in each channel"


async def live(community: Community, steps: list[Step]) -> None:
    async with community.database.write() as connection:
        await connection.execute(delete(deliveries))
    world, closed = World(community), dict[str, str]()
    for act, which, size in [("enter", 0, 0), ("enter", 2, 0), ("enter", 1, 0), *steps]:
        await world.step(act, which, size)
        await world.check(closed)
    for row in [row for row in world.rows.values() if row.state not in CLOSED]:  # nothing is ever out of reach
        world.now += timedelta(hours=1)
        while row.state not in CLOSED:
            await world.step("claim", 0, 2)
            for delivery in world.held:
                await world._close("sent", delivery, 0)
    await world.check(closed)


def test_in_any_order_of_steps_a_row_is_posted_at_most_once(migrated_sqlite: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'laws.db')}"
    with asyncio.Runner() as runner:
        community = Community(url)
        runner.run(community.__aenter__())
        try:

            @given(STEPS)
            @settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
            def law(steps: list[Step]) -> None:
                runner.run(live(community, steps))

            law()
        finally:
            runner.run(community.__aexit__(None, None, None))
