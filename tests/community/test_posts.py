"""Posts that stand: what came before them, what is still to be done, what they show."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.community.alert_records import STORM, TAKEN_BACK
from bot.community.deliveries import Delivery, NewDelivery, Receipt
from bot.community.store import Community
from tests.community.examples import (
    BY,
    CHANNEL,
    GUILD,
    MEMBER,
    MINUTE,
    NOW,
    OTHER_CHANNEL,
    OTHER_GUILD,
    alert,
    due,
    schedule,
)

PRIVATE = 777_000_000_000_000_007


async def _post(community: Community, what: str, minute: int, **receipt: Any) -> Delivery:
    entry = due(what, period=str(minute), due_at=NOW + minute * MINUTE)
    await community.ledger.enter([entry])
    at = NOW + minute * MINUTE
    (claimed,) = await community.ledger.claim(at, holder="a", lease_until=at + MINUTE, limit=1)
    usual: dict[str, Any] = {"message_id": 1000 + minute, "as_of": NOW.date(), "version": "v1"}
    assert await community.ledger.sent(claimed, Receipt(channel_id=CHANNEL, at=at, **usual | receipt))
    found = await community.ledger.get(entry.id)
    assert found is not None
    return found


async def test_the_post_before(community: Community) -> None:
    posts = [await _post(community, "schedule:a", n) for n in range(3)]
    await _post(community, "schedule:b", 3)
    assert await community.posts.last("schedule:a", CHANNEL) == posts[2]
    assert await community.posts.last("schedule:a", CHANNEL, besides=posts[2].id) == posts[1]
    assert await community.posts.last("schedule:a", OTHER_CHANNEL) is None


async def _fire(community: Community, minute: int, what: str = "alert:a", **changes: Any) -> NewDelivery:
    """Post what an alert says; its note is the minute unless another is given."""
    at = NOW + minute * MINUTE
    entry = due(what, due_at=at, **{"period": f"{what} {minute}", "note": f"minute {minute}", **changes})
    await community.ledger.enter([entry])
    if entry.state == "due":
        (claimed,) = await community.ledger.claim(at, holder="a", lease_until=at + MINUTE, limit=1)
        await community.ledger.sent(claimed, Receipt(channel_id=entry.channel_id, message_id=minute, at=at))
    return entry


async def test_what_alerts_said_in_a_servers_own_channels(community: Community) -> None:
    """A private alert's channel is nobody else's business; another server's alerts are not ours."""
    await community.schedules.add(schedule(channels=(CHANNEL,)), BY)
    for made in (alert(channel_id=OTHER_CHANNEL), alert(channel_id=PRIVATE, user_id=MEMBER, kind="text")):
        await community.alerts.add(made, BY)
    await _fire(community, 0)
    await _fire(community, 2)
    await _fire(community, 3, channel=OTHER_CHANNEL)
    await _fire(community, 4, channel=PRIVATE)
    await _fire(community, 5, guild_id=OTHER_GUILD)
    await _fire(community, 6, "schedule:a")
    await _fire(community, 7, state="skipped", reason="snoozed")
    await _fire(community, 8, note=None)
    await _fire(community, 9, STORM, note="3 alerts at once")
    fired = community.posts.fired
    assert await fired(GUILD, NOW + MINUTE, 20) == ["minute 2", "minute 3", "3 alerts at once"]
    assert await fired(GUILD, NOW + MINUTE, 2) == ["minute 3", "3 alerts at once"]
    assert await fired(OTHER_GUILD, NOW, 20) == []


async def test_what_was_taken_back_is_not_told_again(community: Community) -> None:
    await community.schedules.add(schedule(channels=(CHANNEL,)), BY)
    wrong = await _fire(community, 1)
    await _fire(community, 2)
    await _fire(community, 3, period=f"{wrong.period}{TAKEN_BACK}", note=None)
    assert await community.posts.fired(GUILD, NOW, 20) == ["minute 2"]


async def test_later_steps_are_found_until_done(community: Community) -> None:
    posts = community.posts
    post = await _post(community, "schedule:a", 0, unfinished=True)
    await _post(community, "schedule:a", 1)
    assert (await posts.unfinished(), await posts.untold()) == ([post], [])
    await posts.finished(post)
    assert (await posts.unfinished(), await posts.untold()) == ([], [])
    assert await community.ledger.get(post.id) == replace(post, unfinished=False)


async def test_a_step_that_is_given_up_is_noted_until_somebody_was_told_and_may_be_done_again(
    community: Community,
) -> None:
    posts = community.posts
    first, second = [await _post(community, "schedule:a", n, unfinished=True) for n in range(2)]
    await posts.given_up(first, "not_pinned")
    noted = replace(first, reason="not_pinned")
    assert (await posts.unfinished(), await posts.untold()) == ([second], [noted])
    await posts.told(first)
    assert (await posts.unfinished(), await posts.untold()) == ([second], [])
    assert await community.ledger.get(first.id) == replace(noted, unfinished=False)
    assert await posts.reopen(OTHER_GUILD) == 0
    assert await posts.reopen(GUILD) == 1
    assert await posts.unfinished() == [first, second]
    await posts.given_up(first, "not_pinned")
    await posts.gone(first)
    assert await posts.untold() == []
    assert await posts.reopen(GUILD) == 0  # there is no message any more


async def test_of_a_message_that_is_edited_in_place_only_what_it_shows_now_is_compared(community: Community) -> None:
    old, newer = [await _post(community, "schedule:a", n, message_id=77) for n in range(2)]
    other = await _post(community, "schedule:b", 2, message_id=78)
    outdated = await community.posts.outdated("v2", NOW - MINUTE)
    assert {post.id for post in outdated} == {newer.id, other.id}
    await community.posts.gone(newer)
    assert old.id in {post.id for post in await community.posts.outdated("v2", NOW - MINUTE)}


async def test_posts_are_compared_once_with_each_version(community: Community) -> None:
    posts = sorted([await _post(community, "schedule:a", n) for n in range(3)], key=lambda post: post.id)
    await _post(community, "schedule:new", 9, version="v2")
    week = NOW - timedelta(days=7)
    assert await community.posts.outdated("v2", week) == posts
    assert await community.posts.outdated("v2", week, after_id=posts[0].id, limit=1) == posts[1:2]
    await community.posts.compared(posts[:2], "v2")
    await community.posts.compared([], "v2")
    await community.posts.corrected(posts[2], {"week": 0.02}, "v2", NOW)
    assert await community.posts.outdated("v2", week) == []
    again = await community.posts.outdated("v3", week)
    assert {p.id for p in again} >= {p.id for p in posts}
    corrected = await community.ledger.get(posts[2].id)
    assert corrected is not None
    assert (corrected.shown, corrected.version, corrected.corrected_at) == ({"week": 0.02}, "v2", NOW)
    await community.posts.gone(posts[0])
    assert posts[0].id not in {p.id for p in await community.posts.outdated("v3", week)}
