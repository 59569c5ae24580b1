"""The publisher against the stand-in, through discord.py's own client."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import discord
import pytest
from discord import ui

from bot.community.deliveries import Target
from bot.community.records import new_id
from bot.discord_ui.publisher import CLOCKS_DIFFER, RestPublisher
from bot.jobs import reasons
from bot.jobs.publishing import Gone, Ping, Post, Refused, Standing, Unsettled
from bot.workers import Rendered, Task
from tests.jobs.support import Computing, markers, picture, publisher, texts
from tests.standin.process import StandIn

TEXT, NEWS, THREAD, FORUM, GUILD = 10, 11, 12, 13, 1


@pytest.fixture(autouse=True)
def _channels(standin: StandIn) -> None:
    channels = [
        {"id": TEXT},
        {"id": NEWS, "kind": 5},
        {"id": THREAD, "kind": 11, "parent_id": TEXT},
        {"id": FORUM, "kind": 15},
    ]
    standin.set(channels=channels, limits={"per_second": 1000, "per_channel": 1000})


def _rendered(feature: str = "rotation") -> Rendered:
    task = Task(feature, "{}", date(2026, 7, 17), "sample", "en", "dark")
    return Rendered(Computing().report(task), {"lines": picture()})


def _post(channel_id: int = TEXT, **changes: Any) -> Post:
    return Post(id=new_id(), guild_id=GUILD, channel_id=channel_id, parts=(_rendered(),), **changes)


def _now() -> datetime:
    return datetime.now(UTC)


async def _reason(call: Any) -> str:
    with pytest.raises(Refused) as caught:
        await call
    return caught.value.reason


async def test_a_post_is_a_card_with_its_picture_and_its_marker(standin: StandIn, sender: RestPublisher) -> None:
    post = _post()
    standing = await sender.post(post)
    (message,) = standin.messages(TEXT)
    assert (standing.channel_id, str(standing.message_id)) == (TEXT, message["id"])
    assert markers(message) == [post.id]
    assert message["nonce"] == post.id
    assert [name for name, size in message["files"] if size > 50] == ["rotation-2026-07-17-lines.png"]
    assert message["allowed_mentions"] == {"parse": []}
    assert "Report rotation" in texts(message)


async def test_sent_again_within_minutes_it_is_the_same_message(standin: StandIn, sender: RestPublisher) -> None:
    post = _post()
    first = await sender.post(post)
    assert await sender.post(post) == first
    standin.set(ahead=600)  # by then the nonce is forgotten
    assert await sender.post(post) != first


@pytest.mark.parametrize(
    ("ping", "allowed", "words"),
    [
        (Ping(77), {"parse": [], "roles": [77]}, "<@&77>"),
        (Ping(), {"parse": ["everyone"], "roles": []}, "@everyone"),
    ],
)
async def test_only_whom_admins_chose_is_mentioned(
    standin: StandIn, sender: RestPublisher, ping: Ping, allowed: dict[str, Any], words: str
) -> None:
    post = _post(ping=ping)
    standing = await sender.post(post)
    (message,) = standin.messages(TEXT)
    got = message["allowed_mentions"]
    assert {**got, "roles": [int(r) for r in got.get("roles", [])]} == allowed
    assert texts(message).startswith(words)
    await sender.edit(replace(post, ping=None, corrected=_now()), standing)
    (edited,) = standin.messages(TEXT)
    assert edited["allowed_mentions"] == {"parse": []}
    assert "Corrected <t:" in texts(edited)
    assert (edited["edited"], len(edited["files"])) == (1, 1)


@pytest.mark.parametrize("kind", ["503", "reset", "429", "500"])
@pytest.mark.parametrize("after", [0.0, 1.0])
async def test_one_message_whatever_goes_wrong_on_the_way(
    standin: StandIn, sender: RestPublisher, kind: str, after: float
) -> None:
    standin.set(faults={"chance": 1.0, "kinds": [kind], "after_the_deed": after, "times": 1})
    standing = await sender.post(_post())
    assert standin.counts()[f"fault_{kind}"] == 1
    (message,) = standin.messages(TEXT)
    assert int(message["id"]) == standing.message_id


async def test_out_of_reach_is_unsettled_and_says_so_in_time(standin: StandIn) -> None:
    standin.set(faults={"chance": 1.0, "kinds": ["503"], "after_the_deed": 0.0})
    async with publisher(standin, pauses=(0.0, 0.0)) as sender:
        with pytest.raises(Unsettled, match="503"):
            await sender.post(_post())
    assert standin.counts()["fault_503"] == 3


async def test_a_revoked_token_is_no_refusal(standin: StandIn, sender: RestPublisher) -> None:
    sender._http.token = "another"
    standin.set(channels=[{"id": TEXT, "view": False}])
    assert await _reason(sender.post(_post())) == reasons.NO_ACCESS  # only users/@me looks at the token here
    with pytest.raises(discord.HTTPException):
        await sender._http.request(discord.http.Route("GET", "/users/@me"))
    with pytest.raises(Unsettled):
        await sender._calls.once(lambda: sender._http.request(discord.http.Route("GET", "/users/@me")))


@pytest.mark.parametrize(
    ("channel", "reason"),
    [
        ({"id": TEXT, "send": False}, reasons.NO_PERMISSION),
        ({"id": TEXT, "view": False}, reasons.NO_ACCESS),
        ({"id": TEXT, "kind": 15}, reasons.WRONG_KIND),
        ({"id": TEXT, "kind": 11, "locked": True}, reasons.THREAD_CLOSED),
        ({"id": TEXT, "kind": 11, "locked": True, "archived": True}, reasons.THREAD_CLOSED),
    ],
)
async def test_refusals_have_a_reason(
    standin: StandIn, sender: RestPublisher, channel: dict[str, Any], reason: str
) -> None:
    standin.set(channels=[channel])
    assert await _reason(sender.post(_post())) == reason


async def test_a_deleted_channel(sender: RestPublisher) -> None:
    assert await _reason(sender.post(_post(99))) == reasons.UNKNOWN_CHANNEL


async def test_an_archived_thread_is_opened(standin: StandIn, sender: RestPublisher) -> None:
    standin.set(channels=[{"id": THREAD, "archived": True}])
    post = _post(THREAD, target=Target(kind="thread"))
    standing = await sender.post(post)
    assert standin.channel(THREAD)["thread_metadata"]["archived"] is False
    standin.set(channels=[{"id": THREAD, "archived": True}])
    await sender.edit(post, standing)
    assert standin.messages(THREAD)[0]["edited"] == 1


async def test_editing_what_is_gone(standin: StandIn, sender: RestPublisher) -> None:
    standing = await sender.post(_post())
    await sender.delete(standing)
    await sender.delete(standing)
    assert standin.messages(TEXT) == []
    with pytest.raises(Gone):
        await sender.edit(_post(), standing)


async def test_found_again_among_many(standin: StandIn, sender: RestPublisher) -> None:
    for n in range(120):
        standin.say(TEXT, f"talk {n}")
    before = _now()
    post = _post()
    standing = await sender.post(post)
    for n in range(120):
        standin.say(TEXT, f"more talk {n}")
    assert await sender.find(post.id, GUILD, TEXT, post.target, before) == standing
    assert await sender.find(new_id(), GUILD, TEXT, post.target, before) is None
    assert await sender.find(post.id, GUILD, TEXT, post.target, before + 2 * CLOCKS_DIFFER) is None


async def test_history_that_may_not_be_read_is_told_from_an_empty_one(standin: StandIn, sender: RestPublisher) -> None:
    target = Target()
    standin.set(channels=[{"id": TEXT, "history": False}])
    assert await sender.find(new_id(), GUILD, TEXT, target, _now()) is None  # nothing was ever said there
    await sender.post(_post())
    assert await _reason(sender.find(new_id(), GUILD, TEXT, target, _now())) == reasons.HISTORY_CLOSED
    assert await sender.find(new_id(), GUILD, TEXT, target, _now() + timedelta(hours=1)) is None  # nothing since
    standin.set(channels=[{"id": TEXT, "view": False}])
    assert await _reason(sender.find(new_id(), GUILD, TEXT, target, _now())) == reasons.HISTORY_CLOSED


async def test_a_deleted_last_message_does_not_look_like_closed_history(
    standin: StandIn, sender: RestPublisher
) -> None:
    standin.say(TEXT, "before")
    since = _now() + timedelta(minutes=4)
    standin.set(ahead=300)
    await sender.delete(Standing(TEXT, standin.say(TEXT, "gone at once")))
    assert await sender.find(new_id(), GUILD, TEXT, Target(), since) is None


async def test_a_forum_gets_a_thread_and_it_is_found_by_its_first_message(
    standin: StandIn, sender: RestPublisher
) -> None:
    since = _now()
    post = _post(FORUM, target=Target(kind="forum", tags=(5, 6)))
    standing = await sender.post(post)
    other = await sender.post(_post(FORUM, target=post.target))
    assert standing.channel_id == standing.message_id != other.channel_id
    (message,) = standin.messages(standing.channel_id)
    assert markers(message) == [post.id]
    find = sender.find
    assert await find(post.id, GUILD, FORUM, post.target, since) == standing
    assert await find(post.id, GUILD, FORUM, post.target, since + 2 * CLOCKS_DIFFER) is None
    standin.set(channels=[{"id": standing.channel_id, "archived": True}])
    assert await find(post.id, GUILD, FORUM, post.target, since) == standing
    await sender.delete(standing)
    assert await find(post.id, GUILD, FORUM, post.target, since) is None
    standin.set(channels=[{"id": FORUM, "history": False, "needs_tag": True}])
    assert await _reason(find(post.id, GUILD, FORUM, post.target, since)) == reasons.HISTORY_CLOSED
    assert await _reason(sender.post(_post(FORUM, target=Target(kind="forum")))) == reasons.WRONG_TAGS


@pytest.mark.parametrize("kind", ["500", "503", "reset"])
async def test_a_forum_post_is_never_sent_twice_blindly(standin: StandIn, sender: RestPublisher, kind: str) -> None:
    standin.set(faults={"chance": 1.0, "kinds": [kind], "after_the_deed": 1.0})
    with pytest.raises(Unsettled):
        await sender.post(_post(FORUM, target=Target(kind="forum", tags=(5,))))
    assert standin.counts()["created"] == 1
    assert standin.counts()[f"fault_{kind}"] == 1


async def test_published_further_pinned_unpinned(standin: StandIn, sender: RestPublisher) -> None:
    standing = await sender.post(_post(NEWS))
    for _n in range(2):
        await sender.crosspost(standing)
        await sender.pin(standing)
    assert standin.messages(NEWS)[0]["crossposted"]
    assert standin.channel(NEWS)["pins"] == [standing.message_id]
    await sender.unpin(standing)
    await sender.unpin(Standing(NEWS, 5))
    assert standin.channel(NEWS)["pins"] == []
    plain = await sender.post(_post(TEXT))
    assert await _reason(sender.crosspost(plain)) == reasons.NOT_ANNOUNCEMENT
    standin.set(channels=[{"id": TEXT, "pins_allowed": False}])
    assert await _reason(sender.pin(plain)) == reasons.NO_PERMISSION


async def test_a_person_is_told_else_the_log_channel_else_the_system_channel(
    standin: StandIn, sender: RestPublisher
) -> None:
    person, log = 5_000, 14
    standin.set(channels=[{"id": log}])
    assert await sender.tell(person, GUILD, log, "hello", "n1")
    assert await sender.tell(person, GUILD, log, "hello", "n1")  # again after a crash
    assert [m["content"] for m in standin.messages(person)] == ["hello"]
    standin.set(channels=[{"id": person, "kind": 1, "send": False}])
    assert await sender.tell(person, GUILD, log, "hello log", "n2")
    assert await sender.tell(None, GUILD, None, "hello system", "n3")
    assert [m["content"] for m in standin.messages(log)] == ["hello log"]
    assert [m["content"] for m in standin.messages(TEXT)] == ["hello system"]
    assert not await sender.tell(None, 999, None, "nobody", "n4")


async def test_a_card_without_its_marker_is_refused_before_it_is_sent(standin: StandIn, sender: RestPublisher) -> None:
    def bare(_post: Post) -> tuple[ui.LayoutView, list[discord.File]]:
        view = ui.LayoutView(timeout=None)
        view.add_item(ui.TextDisplay("no marker"))
        return view, []

    forgetful = RestPublisher(sender._http, bare)
    with pytest.raises(ValueError, match="found again"):
        await forgetful.post(_post())
    assert standin.counts()["created"] == 0


async def test_a_digest_holds_every_headline(standin: StandIn, sender: RestPublisher) -> None:
    post = Post(id=new_id(), guild_id=GUILD, channel_id=TEXT, parts=(_rendered("highs"), _rendered("years")))
    await sender.post(post)
    (message,) = standin.messages(TEXT)
    assert markers(message) == [post.id]
    for words in ("2 reports at once", "Report highs", "Report years"):
        assert words in texts(message)


async def test_shut_out_once_the_others_do_not_storm_the_door(standin: StandIn) -> None:
    """Somebody else has used up the second: every post arrives, and hardly any is refused again."""
    standin.set(channels=[{"id": 100 + n} for n in range(15)], limits={"per_second": 30, "per_channel": 1000})
    me = discord.http.Route("GET", "/users/@me")
    async with publisher(standin, per_second=20) as sender:
        await asyncio.gather(*(sender._http.request(me) for _n in range(29)))
        standings = await asyncio.gather(*(sender.post(_post(100 + n)) for n in range(15)))
    assert len({standing.channel_id for standing in standings}) == 15
    counts = standin.counts()
    assert counts["created"] == 15
    assert 1 <= counts["global_429"] <= 6


async def test_limits_that_are_over_are_forgotten_and_those_that_hold_are_kept(standin: StandIn) -> None:
    """Ten thousand channels must not be looked through at every post; a channel's own limit still holds."""
    standin.set(
        channels=[{"id": 100 + n} for n in range(300)],
        limits={"per_second": 10_000, "per_channel": 2, "channel_seconds": 0.2},
    )
    async with publisher(standin) as sender:
        most = 0
        for start in range(0, 300, 50):
            await asyncio.gather(*(sender.post(_post(100 + n)) for n in range(start, start + 50)))
            most = max(most, len(sender._http._buckets))
            await asyncio.sleep(0.21)
        assert most < 256
        await asyncio.gather(*(sender.post(_post(TEXT)) for _n in range(5)))
    assert standin.counts()["created"] == 305
    assert standin.counts().get("channel_429", 0) == 0
