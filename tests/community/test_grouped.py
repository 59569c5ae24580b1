"""Small writes that share a commit: nobody is answered early, nobody suffers for another's fault."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.community.deliveries import Delivery, Receipt
from bot.community.grouped import MOST, Grouped
from bot.community.store import Community
from tests.community.examples import BY, CHANNEL, NOW, due, schedule

LEASE = timedelta(seconds=30)


class Disk:
    """Writes numbers when it is let: notes each group, refuses what is negative."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.begun = asyncio.Event()
        self.open = asyncio.Event()
        self.open.set()

    async def write(self, items: Sequence[int]) -> list[int]:
        self.groups.append(list(items))
        self.begun.set()
        await self.open.wait()
        if any(item < 0 for item in items):
            raise ValueError(f"cannot write {items}")
        return [item * 10 for item in items]


async def test_what_is_asked_for_meanwhile_is_written_together() -> None:
    disk = Disk()
    disk.open.clear()
    write = Grouped(disk.write)
    asked = [asyncio.create_task(write(n)) for n in range(MOST + 5)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not any(task.done() for task in asked)  # nobody is answered before it is written
    disk.open.set()
    assert await asyncio.gather(*asked) == [n * 10 for n in range(MOST + 5)]
    assert sorted(n for group in disk.groups for n in group) == list(range(MOST + 5))
    assert len(disk.groups) == 2
    assert max(map(len, disk.groups)) == MOST


async def test_the_next_group_is_what_came_while_the_one_before_was_written() -> None:
    disk = Disk()
    disk.open.clear()
    write = Grouped(disk.write)
    first = asyncio.create_task(write(1))
    await disk.begun.wait()
    rest = [asyncio.create_task(write(n)) for n in (2, 3)]
    await asyncio.sleep(0)
    disk.open.set()
    assert await asyncio.gather(first, *rest) == [10, 20, 30]
    assert disk.groups == [[1], [2, 3]]
    assert await write(4) == 40  # and it goes on after a rest


async def test_ones_fault_is_not_the_others() -> None:
    disk = Disk()
    write = Grouped(disk.write)
    results = await asyncio.gather(*(write(n) for n in (1, -2, 3)), return_exceptions=True)
    assert [results[0], results[2]] == [10, 30]
    assert isinstance(results[1], ValueError)


async def test_who_stops_waiting_stops_nothing() -> None:
    disk = Disk()
    disk.open.clear()
    write = Grouped(disk.write)
    leaving, staying = asyncio.create_task(write(1)), asyncio.create_task(write(2))
    await disk.begun.wait()
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    settling = asyncio.create_task(write.settle())
    await asyncio.sleep(0)
    assert not settling.done()
    disk.open.set()
    await settling
    assert await staying == 20
    assert disk.groups == [[1, 2]]
    await write.settle()


async def _claimed(community: Community, count: int) -> list[Delivery]:
    await community.ledger.enter([due(channel=CHANNEL + n, guild_id=n) for n in range(count)])
    return await community.ledger.claim(NOW, holder="a", lease_until=NOW + LEASE, limit=count)


def _receipt(delivery: Delivery) -> Receipt:
    return Receipt(channel_id=delivery.channel_id, message_id=delivery.channel_id + 1, at=NOW)


async def test_marks_of_one_commit_keep_to_their_own_claims(community: Community) -> None:
    """Of four marks in one transaction, one lost its claim, one row is gone: the others are not held up."""
    claims = await _claimed(community, 3)
    lost = replace(claims[0], attempt=9)
    gone = replace(claims[1], id="0" * 16)
    marked = await asyncio.gather(*(community.ledger.sent(d, _receipt(d)) for d in (lost, gone, *claims[1:])))
    assert marked == [False, False, True, True]
    assert await community.ledger.counts() == {"claimed": 1, "sent": 2}
    for delivery in claims[1:]:
        stored = await community.ledger.get(delivery.id)
        assert stored is not None
        assert (stored.message_id, stored.posted_channel_id) == (delivery.channel_id + 1, delivery.channel_id)


async def test_a_mark_whose_answer_was_lost_is_made_again_in_peace(community: Community) -> None:
    """The commit happened, the connection broke: the same mark again is held, another message's is not."""
    (claim,) = await _claimed(community, 1)
    assert await community.ledger.sent(claim, _receipt(claim))
    assert await community.ledger.sent(claim, _receipt(claim))
    assert not await community.ledger.sent(claim, replace(_receipt(claim), message_id=5))
    stored = await community.ledger.get(claim.id)
    assert stored is not None
    assert stored.message_id == claim.channel_id + 1


async def test_a_post_that_went_well_ends_the_failures_of_its_own_place_alone(community: Community) -> None:
    record = schedule(channels=(CHANNEL, CHANNEL + 1), guild_id=7)
    await community.schedules.add(record, BY)
    for channel in (CHANNEL, CHANNEL, CHANNEL + 1):
        await community.schedules.failed(record.what, channel, "no_access", BY)
    await community.ledger.enter(
        [due(record.what, CHANNEL, guild_id=7), due("schedule:other", CHANNEL + 1, guild_id=8)]
    )
    claims = await community.ledger.claim(NOW, holder="a", lease_until=NOW + LEASE, limit=5)
    assert all(await asyncio.gather(*(community.ledger.sent(d, _receipt(d)) for d in claims)))
    stored = await community.schedules.get(7, record.id)
    assert stored is not None
    assert [place.failures for place in stored.destinations] == [0, 1]


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
async def test_closing_waits_for_marks(migrated_url: str) -> None:
    async with Community(migrated_url) as community:
        (claim,) = await _claimed(community, 1)
        leaving = asyncio.create_task(community.ledger.sent(claim, _receipt(claim)))
        await asyncio.sleep(0)
        leaving.cancel()
    async with Community(migrated_url) as community:
        assert await community.ledger.counts() == {"sent": 1}
