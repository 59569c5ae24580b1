"""New data: posts whose figures change are edited and marked, the others left alone."""

from datetime import timedelta
from typing import Any

import pytest

from bot.community.deliveries import NewDelivery, Part, Target
from bot.community.records import GuildSettings, Reply
from bot.community.store import Community
from bot.discord_ui.publisher import RestPublisher
from bot.jobs import publishing
from bot.jobs.corrections import Corrections
from bot.jobs.finishing import Finishing
from bot.jobs.housekeeping import GUILDS_KEPT, HISTORY_KEPT, Housekeeping, Swept, snowflake_at
from tests.community.examples import BY
from tests.jobs.support import FRIDAY, Computing, Shifted, deliverer, reports, row, texts
from tests.standin.process import StandIn

CHANNELS = (10, 11, 12)
MINUTE = timedelta(minutes=1)


class World:
    """Three posts that stand, and a market whose data may be put right."""

    def __init__(self, community: Community, sender: RestPublisher) -> None:
        self.community = community
        self.sender = sender
        self.clock = Shifted()
        self.pool = Computing()
        self.entries: list[NewDelivery] = []

    async def post(self, target: Target | None = None) -> None:
        for channel in CHANNELS:
            entry = NewDelivery(
                what="schedule:a", guild_id=1, channel_id=channel, period=str(self.clock.at), due_at=self.clock.at,
                ready_at=self.clock.at, parts=(Part("rotation", {"window": "6m"}),),
                target=target or Target(mention="role", mention_role_id=7),
            )  # fmt: skip
            self.entries.append(entry)
        await self.community.ledger.enter(self.entries)
        await deliverer(self.community, self.sender, self.clock, self.pool).drain()

    async def correct(self, version: str) -> int:
        """Let a new dataset arrive; a fresh cache, as its version is part of every key."""
        fresh = reports(self.clock, self.pool)
        return await Corrections(self.community, fresh, self.sender, self.clock).run(version)


@pytest.fixture
def world(community: Community, sender: RestPublisher, standin: StandIn) -> World:
    ahead = (FRIDAY - Shifted(FRIDAY).at).total_seconds()
    standin.set(channels=[{"id": n, "kind": 5} for n in CHANNELS], ahead=ahead)
    return World(community, sender)


async def test_corrected_by_more_than_rounding_it_is_edited_and_marked(world: World, standin: StandIn) -> None:
    await world.post()
    world.pool.spread = 0.0412 + 0.0004  # 4.1 and 4.2 points, less than half a step apart
    assert await world.correct("v2") == 0
    world.pool.spread = 0.0498
    world.clock.forward(timedelta(days=1))
    world.pool.tasks.clear()
    assert await world.correct("v3") == len(CHANNELS)
    assert len(world.pool.tasks) == 1  # asked once for all
    assert world.pool.tasks[0].day.isoformat() == "2026-07-17"  # of the day it speaks of
    for channel in CHANNELS:
        (message,) = standin.messages(channel)
        assert message["edited"] == 1
        assert "Corrected <t:" in texts(message)
        assert "+5.0" in texts(message)
        assert message["allowed_mentions"] == {"parse": []}
    stored = await row(world.community, world.entries[0].id)
    assert (stored.shown, stored.corrected_at) == ({"0.spread": [0.0498, 0.001]}, world.clock.at)
    assert await world.correct("v3") == 0
    assert await world.correct("v4") == 0
    assert standin.messages(CHANNELS[0])[0]["edited"] == 1


async def test_what_cannot_be_corrected_stops_nothing(world: World, standin: StandIn) -> None:
    await world.post()
    gone, _closed, fine = (standin.messages(n)[0]["id"] for n in CHANNELS)
    await world.sender.delete(_at(CHANNELS[0], gone))
    standin.set(channels=[{"id": CHANNELS[1], "view": False}])
    world.pool.spread = 0.1
    assert await world.correct("v2") == 1
    assert standin.messages(CHANNELS[2])[0]["edited"] == 1
    assert fine == standin.messages(CHANNELS[2])[0]["id"]
    assert (await row(world.community, world.entries[0].id)).message_id is None
    assert await world.correct("v3") == 0


def _at(channel: int, message_id: str) -> Any:
    from bot.jobs.publishing import Standing

    return Standing(channel, int(message_id))


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 400, "body": '{"code": 30046, "message": "Try again later"}'},
        {"status": 429, "body": '{"message": "slow down", "retry_after": 900.0}', "headers": {"Via": "1.1 google"}},
    ],
    ids=["edits of old messages", "slow down"],
)
async def test_as_many_edits_as_discord_takes_of_old_messages_and_the_rest_later(
    world: World, standin: StandIn, monkeypatch: pytest.MonkeyPatch, answer: dict[str, Any]
) -> None:
    monkeypatch.setattr(publishing, "STEP_SECONDS", 1.0)
    await world.post()
    world.pool.spread = 0.0498
    standin.set(odd=[{**answer, "where": "PATCH"}])
    assert await world.correct("v2") == len(CHANNELS) - 1
    assert await world.correct("v2") == 1
    assert [standin.messages(channel)[0]["edited"] for channel in CHANNELS] == [1] * len(CHANNELS)


async def test_old_posts_are_history(world: World, standin: StandIn) -> None:
    await world.post()
    world.clock.forward(timedelta(days=15))
    world.pool.spread = 0.1
    assert await world.correct("v2") == 0
    assert standin.messages(CHANNELS[0])[0]["edited"] == 0


async def test_a_question_that_is_gone_is_left_alone(world: World) -> None:
    await world.post()
    world.pool.fault = ZeroDivisionError()
    assert await world.correct("v2") == 0


async def test_interrupted_steps_are_done_later_and_refused_ones_given_up(world: World, standin: StandIn) -> None:
    await world.post(Target(kind="announcement", crosspost=True, pin=True))
    first = [standin.messages(n)[0] for n in CHANNELS]
    posts = world.community.posts
    finishing = Finishing(posts, world.sender)
    assert await finishing.resume(world.clock.at) == 0
    # as if the process had died after marking
    async with world.community.database.write() as connection:
        from sqlalchemy import update

        from bot.community.tables import deliveries

        await connection.execute(update(deliveries).values(unfinished=True))
    standin.set(channels=[{"id": CHANNELS[0], "pins_allowed": False}])
    assert await finishing.resume(world.clock.at) == 3
    assert await finishing.resume(world.clock.at) == 0
    assert [standin.channel(n)["pins"] for n in CHANNELS[1:]] == [[int(m["id"])] for m in first[1:]]
    assert [post.channel_id for post in await posts.untold()] == [CHANNELS[0]]


async def test_housekeeping_keeps_to_its_periods(world: World, standin: StandIn) -> None:
    await world.post()
    community, clock = world.community, world.clock
    house = Housekeeping(community, world.sender, clock)
    await community.guilds.save(GuildSettings(guild_id=5, theme="light"), BY)
    await community.guilds.left(5, clock.at)
    await community.replies.add(Reply(message_id=snowflake_at(clock.at), guild_id=1, channel_id=10, user_id=3))
    assert await house.run() == Swept()
    clock.forward(GUILDS_KEPT + MINUTE)
    assert await house.run() == Swept(guilds=1, replies=1)
    assert (await community.guilds.get(5)).theme == "dark"
    clock.forward(HISTORY_KEPT)
    assert (await house.run()).deliveries == len(CHANNELS)


async def test_answers_go_when_their_hours_are_over(world: World, standin: StandIn) -> None:
    await world.post()
    house = Housekeeping(world.community, world.sender, world.clock)
    for channel in CHANNELS:
        message_id = int(standin.messages(channel)[0]["id"])
        reply = Reply(
            message_id=message_id, guild_id=1, channel_id=channel, user_id=3, delete_at=world.clock.at + MINUTE
        )
        await world.community.replies.add(reply)
    assert await house.delete_replies() == 0
    world.clock.forward(MINUTE)
    standin.set(channels=[{"id": CHANNELS[1], "view": False}])
    assert await house.delete_replies() == 3
    assert await house.delete_replies() == 0
    assert [len(standin.messages(n)) for n in CHANNELS] == [0, 1, 0]


def test_snowflakes_are_discords() -> None:
    # https://discord.com/developers/docs/reference: 175928847299117063 was made on 30 April 2016, 11:18:25.796 UTC
    from datetime import UTC, datetime

    assert snowflake_at(datetime(2016, 4, 30, 11, 18, 25, 796000, UTC)) >> 22 == 175928847299117063 >> 22
