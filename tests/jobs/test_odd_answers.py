"""What stands between the bot and Discord, and Discord on a bad day: nothing is taken for a refusal that is none."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.community.deliveries import Target
from bot.community.records import new_id
from bot.discord_ui.publisher import RestPublisher
from bot.jobs import reasons
from bot.jobs.publishing import Post, Refused, Standing, Unsettled
from bot.workers import Rendered, Task
from tests.jobs.support import Computing, picture
from tests.standin.odd import HTML
from tests.standin.process import StandIn

TEXT, FORUM, GUILD = 10, 13, 1
SHUT_OUT = {"status": 429, "kind": HTML, "body": "<html>error code: 1015</html>"}
BARRED = {"status": 403, "kind": HTML, "body": "<html>Attention Required! | Cloudflare</html>"}
OUTDATED = {"status": 400, "kind": HTML, "body": "<html>400 Bad Request</html>"}


@pytest.fixture(autouse=True)
def _channels(standin: StandIn) -> None:
    channels = [{"id": TEXT}, {"id": FORUM, "kind": 15}]
    standin.set(channels=channels, limits={"per_second": 1000, "per_channel": 1000})


def _post(kind: str = "text", **target: Any) -> Post:
    task = Task("rotation", "{}", date(2026, 7, 17), "sample", "en", "dark")
    parts = (Rendered(Computing().report(task), {"lines": picture()}),)
    channel = FORUM if kind == "forum" else TEXT
    goal = Target(kind="forum" if kind == "forum" else "text", **target)
    return Post(id=new_id(), guild_id=GUILD, channel_id=channel, parts=parts, target=goal)


def _code(code: int, status: int = 400) -> dict[str, Any]:
    return {"status": status, "body": f'{{"code": {code}, "message": "no"}}'}


@pytest.mark.parametrize("kind", ["text", "forum"])
@pytest.mark.parametrize(
    "answer",
    [SHUT_OUT, BARRED, OUTDATED, _code(0, 401), _code(40004), _code(40006), _code(40062), _code(130000),
     _code(40333, 403)],
    ids=["1015", "barred", "html", "token", "sending off", "feature off", "limited", "overloaded", "blocked"],
)  # fmt: skip
async def test_what_is_no_word_of_discords_or_passes_is_no_refusal(
    standin: StandIn, sender: RestPublisher, kind: str, answer: dict[str, Any]
) -> None:
    """Three refusals pause a schedule: an address shut out for an hour must not pause all of them."""
    standin.set(odd=[answer])
    post = _post(kind)
    with pytest.raises(Unsettled) as caught:
        await sender.post(post)
    assert caught.value.retry_after == 60
    await sender.post(post)
    assert standin.counts()["created"] == 1


@pytest.mark.parametrize("kind", ["text", "forum"])
@pytest.mark.parametrize("answer", [{"cut": 40}, {"status": 200, "body": '{"id": "1', "after_the_deed": True}])
async def test_an_answer_that_breaks_off_leaves_one_message(
    standin: StandIn, sender: RestPublisher, kind: str, answer: dict[str, Any]
) -> None:
    standin.set(odd=[answer])
    post, since = _post(kind), datetime.now(UTC)
    try:
        standing: Standing | None = await sender.post(post)
    except Unsettled:
        standing = await sender.find(post.id, GUILD, post.channel_id, post.target, since)
    assert standing is not None
    assert standin.counts()["created"] == 1
    assert standin.messages(standing.channel_id)[0]["id"] == str(standing.message_id)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (_code(40058), reasons.WRONG_KIND),
        (_code(50008), reasons.WRONG_KIND),
        (_code(50278, 403), reasons.DM_CLOSED),
        (_code(160006), reasons.THREADS_FULL),
        (_code(200000), reasons.REFUSED),
        (_code(40005, 413), reasons.REFUSED),
        (_code(50035), reasons.REFUSED),
    ],
)
@pytest.mark.parametrize("kind", ["text", "forum"])
async def test_what_is_discords_word_has_its_reason(
    standin: StandIn, sender: RestPublisher, kind: str, answer: dict[str, Any], reason: str
) -> None:
    standin.set(odd=[answer])
    with pytest.raises(Refused) as caught:
        await sender.post(_post(kind))
    assert caught.value.reason == reason


async def test_an_answer_that_may_not_be_one_is_a_message_of_its_own(standin: StandIn, sender: RestPublisher) -> None:
    """Without Read Message History nothing can be replied to: a correction is said all the same."""
    standin.set(odd=[_code(160002)])
    await sender.post(_post(reply_to=7))
    (message,) = standin.messages(TEXT)
    assert message["message_reference"] is None
    await sender.post(_post(reply_to=7))
    assert standin.messages(TEXT)[1]["message_reference"]["message_id"] == 7


async def test_a_thread_that_does_not_open_by_itself_is_opened(standin: StandIn, sender: RestPublisher) -> None:
    thread = 14
    standin.set(channels=[{"id": thread, "kind": 11, "parent_id": TEXT, "archived": True}], odd=[_code(50083)])
    await sender.post(replace(_post(), channel_id=thread))
    channel = standin.channel(thread)
    assert (len(channel["messages"]), channel["archived"]) == (1, False)


async def test_a_full_forum_is_not_a_missing_right(standin: StandIn, sender: RestPublisher) -> None:
    await sender.pin(await sender.post(_post("forum")))
    with pytest.raises(Refused) as caught:
        await sender.pin(await sender.post(_post("forum")))
    assert caught.value.reason == reasons.PINS_FULL


async def test_whoever_is_cut_off_while_everybody_is_shut_out_does_not_leave_the_door_shut(
    standin: StandIn, sender: RestPublisher
) -> None:
    """The library shuts its own door during a global 429, and whoever sleeps there opens it again, if not cancelled."""
    body = '{"message": "You are being rate limited.", "retry_after": 30.0, "global": true}'
    standin.set(odd=[{"status": 429, "body": body, "headers": {"Via": "1.1 google"}}])
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await sender.post(_post())
    async with asyncio.timeout(5):
        await sender.post(_post())
    assert standin.counts()["created"] == 1
