from datetime import timedelta

from bot.community.deliveries import Delivery, Receipt
from bot.community.store import Community
from tests.community.examples import CHANNEL, MINUTE, NOW, OTHER_CHANNEL, due


async def _post(
    community: Community, what: str, minute: int, *, unfinished: bool = False, version: str = "v1"
) -> Delivery:
    entry = due(what, period=str(minute), due_at=NOW + minute * MINUTE)
    await community.ledger.enter([entry])
    at = NOW + minute * MINUTE
    (claimed,) = await community.ledger.claim(at, holder="a", lease_until=at + MINUTE, limit=1)
    receipt = Receipt(
        channel_id=CHANNEL, message_id=1000 + minute, at=at, unfinished=unfinished, as_of=NOW.date(), version=version
    )
    assert await community.ledger.sent(claimed, receipt)
    found = await community.ledger.get(entry.id)
    assert found is not None
    return found


async def test_the_post_before(community: Community) -> None:
    posts = [await _post(community, "schedule:a", n) for n in range(3)]
    await _post(community, "schedule:b", 3)
    assert await community.posts.last("schedule:a", CHANNEL) == posts[2]
    assert await community.posts.last("schedule:a", CHANNEL, besides=posts[2].id) == posts[1]
    assert await community.posts.last("schedule:a", OTHER_CHANNEL) is None


async def test_what_was_posted_since(community: Community) -> None:
    await _post(community, "alert:a", 0)
    wanted = [await _post(community, "alert:b", 2), await _post(community, "alert:a", 4)]
    await _post(community, "schedule:b", 5)
    assert await community.posts.since(CHANNEL, NOW + MINUTE, "alert:") == wanted
    assert await community.posts.since(OTHER_CHANNEL, NOW, "alert:") == []


async def test_later_steps_are_found_until_done(community: Community) -> None:
    post = await _post(community, "schedule:a", 0, unfinished=True)
    await _post(community, "schedule:a", 1)
    assert await community.posts.unfinished(NOW) == [post]
    assert await community.posts.unfinished(NOW + MINUTE) == []
    await community.posts.finished(post)
    assert await community.posts.unfinished(NOW) == []


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
