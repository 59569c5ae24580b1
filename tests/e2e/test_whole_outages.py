"""``handoff run`` as it is, while its database goes away, while it is told to end or another begins: one message."""

import asyncio
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clock import SystemClock
from bot.community.database import migrate
from bot.community.deliveries import Delivery, NewDelivery, Part, Target
from bot.community.store import Community
from tests.databases import own_server
from tests.jobs.support import markers
from tests.standin.gateway import CHANNEL, GUILD
from tests.standin.process import StandIn
from tests.standin.process import running as standin_running
from tests.standin.whole import Whole, started

PATIENCE = 3.0  # seconds until Discord gives an interaction up
FORUM = 502


@pytest.fixture
def discord_alone() -> Iterator[StandIn]:
    """A stand-in for this test alone, which forgets nonces at once: only the ledger is left to prevent doubles."""
    with standin_running() as standin:
        places = [{"id": CHANNEL, "guild_id": GUILD}, {"id": FORUM, "guild_id": GUILD, "kind": 15}]
        standin.set(channels=places, nonce_seconds=0)
        yield standin


@pytest.fixture
def server() -> Iterator[Any]:
    """A PostgreSQL of this test's own, to be stopped and started."""
    with own_server() as started_one:
        migrate(started_one.get_uri())
        yield started_one


def enter(url: str, kind: Any = "text") -> NewDelivery:
    now = SystemClock().now()
    entry = NewDelivery(
        what="schedule:a", guild_id=GUILD, channel_id=FORUM if kind == "forum" else CHANNEL, period="2026-07-17",
        due_at=now, ready_at=now, parts=(Part("rotation", {"window": "6m"}),), target=Target(kind=kind),
    )  # fmt: skip

    async def entered() -> None:
        async with Community(url) as community:
            await community.ledger.enter([entry])

    asyncio.run(entered())
    return entry


def stored(url: str, entry: NewDelivery) -> Delivery:
    async def read() -> Delivery | None:
        async with Community(url) as community:
            return await community.ledger.get(entry.id)

    found = asyncio.run(read())
    assert found is not None
    return found


def posts(standin: StandIn) -> list[str]:
    """Return the markers of all posts that stand anywhere."""
    channels = standin.state()["channels"].values()
    return [marker for channel in channels for message in channel["messages"] for marker in markers(message)]


def sent(url: str, entry: NewDelivery) -> bool:
    return stored(url, entry).state == "sent"


def begun(bot: Whole) -> None:
    bot.until(lambda: "housekeeping" in bot.log, "the first round of jobs")


def test_a_database_that_goes_away_and_comes_back(discord_alone: StandIn, server: Any, tmp_path: Path) -> None:
    url = server.get_uri()
    with started(discord_alone, tmp_path, HANDOFF_DATA__COMMUNITY_URL=url) as bot:
        begun(bot)
        before = enter(url)
        server.stop()
        asked = bot.slash("rotation", window="6m")
        assert asked["noticed"] < PATIENCE
        assert "on my side" in str(asked["data"])
        bot.until(lambda: "job due failed" in bot.log, "a round without the database")
        server.ensure_postgres_running()
        bot.until(lambda: sent(url, before), "the post")
        assert "http" not in str(bot.slash("quote", symbol="IWM")["data"].get("content"))
        assert bot.stop() == 0
    assert posts(discord_alone) == [before.id]
    assert "never retrieved" not in bot.log


def test_told_to_end_in_the_middle_of_sending(discord_alone: StandIn, tmp_path: Path) -> None:
    """Discord has taken the posts, its answers are under way, and the process is told to end: it does, at once."""
    url = f"sqlite:///{tmp_path / 'community.db'}"
    migrate(url)
    entries = [enter(url), enter(url, "forum")]
    discord_alone.set(odd=[{"where": "POST /api/v10/channels", "held": 12.0, "times": 2}])
    with started(discord_alone, tmp_path, HANDOFF_DATA__COMMUNITY_URL=url) as bot:
        bot.until(lambda: len(posts(discord_alone)) == len(entries), "the messages")
        told = time.monotonic()
        assert bot.stop() == 0
        assert time.monotonic() - told < 10.0
    assert [stored(url, entry).state for entry in entries] == ["claimed", "claimed"]
    with started(discord_alone, tmp_path, HANDOFF_DATA__COMMUNITY_URL=url) as bot:
        bot.until(lambda: all(sent(url, entry) for entry in entries), "what stands")
        assert bot.stop() == 0
    assert sorted(posts(discord_alone)) == sorted(entry.id for entry in entries)


def test_one_that_begins_while_another_is_sending_leaves_it_its_claim(
    discord_alone: StandIn, server: Any, tmp_path: Path
) -> None:
    """An update begins the new process before the old one has ended: what that is sending is its own."""
    url = server.get_uri()
    entry = enter(url, "forum")

    async def claimed_by_the_old_one() -> None:
        now = SystemClock().now()
        async with Community(url) as community:
            until = now + timedelta(minutes=10)
            assert await community.ledger.claim(now, holder="gateway", lease_until=until, limit=1)

    asyncio.run(claimed_by_the_old_one())
    with started(discord_alone, tmp_path, HANDOFF_DATA__COMMUNITY_URL=url) as bot:
        begun(bot)
        assert bot.stop() == 0
    assert posts(discord_alone) == []
    found = stored(url, entry)
    assert (found.state, found.attempt) == ("claimed", 1)
    assert found.lease_until is not None
    assert found.lease_until > SystemClock().now()
