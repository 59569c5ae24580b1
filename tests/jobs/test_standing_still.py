"""Processes and databases that stand still for longer than a claim holds, and then go on as if nothing had been."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot.community.deliveries import NewDelivery, Part, Target
from bot.community.records import By, Cadence
from bot.community.store import Community
from bot.discord_ui.posts import Card, post_card
from bot.discord_ui.publisher import RestPublisher
from bot.jobs.publishing import Post
from bot.jobs.service import Jobs
from tests.community.examples import schedule
from tests.jobs.support import FRIDAY, Shifted, deliverer, reports, row
from tests.standin.process import StandIn

GUILD, CHANNEL, FORUM = 1, 10, 11
LEASE = timedelta(seconds=31)


@pytest.fixture(autouse=True)
def _channels(standin: StandIn) -> None:
    standin.set(channels=[{"id": CHANNEL}, {"id": FORUM, "kind": 15}], nonce_seconds=0)


def _due(kind: Any) -> NewDelivery:
    return NewDelivery(
        what="schedule:a", guild_id=GUILD, channel_id=FORUM if kind == "forum" else CHANNEL, period="2026-07-17",
        due_at=FRIDAY, ready_at=FRIDAY, parts=(Part("rotation", {"window": "6m"}),), target=Target(kind=kind),
    )  # fmt: skip


class Stopping:
    """Makes cards, and stands still while it makes the first."""

    def __init__(self, clock: Shifted) -> None:
        self._clock = clock
        self.stopped = 0

    def __call__(self, post: Post) -> Card:
        if not self.stopped:
            self._clock.forward(LEASE)
            self.stopped += 1
        return post_card(post)


@pytest.mark.parametrize("kind", ["text", "forum"])
async def test_a_process_that_stood_still_sends_nothing_that_another_may_have_sent(
    community: Community, standin: StandIn, sender: RestPublisher, kind: str
) -> None:
    """Between the claim and the wire it was stopped, or its machine was: the clock tells, its timers do not yet."""
    clock = Shifted()
    await community.ledger.enter([entry := _due(kind)])
    stopping = Stopping(clock)
    stopped = RestPublisher(sender._http, stopping, per_second=1000)
    await deliverer(community, stopped, clock, holder="stopped").drain()
    assert (stopping.stopped, standin.counts()["created"]) == (1, 0)
    clock.forward(timedelta(minutes=1))
    await deliverer(community, sender, clock, holder="another").drain()
    assert standin.counts()["created"] == 1
    assert (await row(community, entry.id)).state == "sent"


@pytest.mark.parametrize("kind", ["text", "forum"])
async def test_a_database_that_stood_still_grants_nothing_that_is_over(
    community: Community, standin: StandIn, sender: RestPublisher, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """The answer to "may I still send?" comes so late that another has taken over at the moment it is read."""
    clock, renew, asked = Shifted(), community.ledger.renew, 0
    await community.ledger.enter([entry := _due(kind)])

    async def slow_at_first(*arguments: Any) -> set[str]:
        nonlocal asked
        asked += 1
        held = await renew(*arguments)
        if asked == 1:
            clock.forward(LEASE)
            await deliverer(community, sender, clock, holder="another").drain()
        return held

    slow = RestPublisher(sender._http, _aged(clock, timedelta(seconds=15)), per_second=1000)
    worker = deliverer(community, slow, clock, holder="slow")
    claimed = await community.ledger.claim(FRIDAY, holder="slow", lease_until=FRIDAY + LEASE, limit=1)
    clock.forward(timedelta(seconds=15))
    monkeypatch.setattr(community.ledger, "renew", slow_at_first)
    await worker._posting.work(claimed[0])
    assert asked == 2
    assert standin.counts()["created"] == 1
    assert (await row(community, entry.id)).holder is None


def _aged(clock: Shifted, by: timedelta) -> Callable[[Post], Card]:
    def card(post: Post) -> Card:
        clock.forward(by)
        return post_card(post)

    return card


async def test_a_database_that_is_away_at_the_first_ready_does_not_stop_the_work_for_good(
    community: Community, standin: StandIn, sender: RestPublisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_arguments: Any) -> int:
        raise OperationalError("UPDATE deliveries", {}, Exception("the database system is starting up"))

    clock = Shifted(FRIDAY - timedelta(hours=2))
    record = schedule(guild_id=GUILD, content="rotation", channels=(CHANNEL,), cadence=Cadence(kind="session"))
    await community.schedules.add(record, By(None, clock.at))
    monkeypatch.setattr(community.ledger, "reclaim", away)
    async with Jobs(community, reports(clock), sender, clock) as jobs:
        await jobs.sweep.run()
        clock.at = FRIDAY
        await jobs.start()
        async with asyncio.timeout(20):
            while not standin.counts()["created"]:  # noqa: ASYNC110  (the stand-in has no events)
                await asyncio.sleep(0.02)
    assert standin.counts()["created"] == 1
