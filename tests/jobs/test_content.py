"""What is really asked for a post: what the channel was told last, and what alerts said since."""

from dataclasses import replace
from datetime import date, timedelta
from typing import ClassVar

import pytest

from bot import features
from bot.community.deliveries import Delivery, NewDelivery, Part, Receipt
from bot.community.store import Community
from bot.jobs.content import Contents, as_part, as_request, symbols
from bot.request import Request
from tests.community.examples import BY, CHANNEL, GUILD, MINUTE, NOW, OTHER_CHANNEL, due, schedule

ANOTHER = 777_000_000_000_000_007


class DiaryRequest(Request):
    """A question that wants to know what the channel knows."""

    feature: ClassVar[str] = "diary"
    window: str = "6m"
    since: date | None = None
    fired: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


@pytest.fixture(autouse=True)
def _diary(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = features.request_type
    monkeypatch.setattr(features, "request_type", lambda name: DiaryRequest if name == "diary" else usual(name))


async def _post(community: Community, entry: NewDelivery, *, as_of: date | None, note: str | None = None) -> None:
    await community.ledger.enter([entry])
    (claimed,) = await community.ledger.claim(entry.ready_at, holder="a", lease_until=entry.ready_at + MINUTE, limit=1)
    receipt = Receipt(channel_id=entry.channel_id, message_id=1, at=entry.ready_at, as_of=as_of)
    assert await community.ledger.sent(claimed, receipt)


async def _claimed(community: Community, entry: NewDelivery) -> Delivery:
    await community.ledger.enter([entry])
    (claimed,) = await community.ledger.claim(entry.ready_at, holder="a", lease_until=entry.ready_at + MINUTE, limit=1)
    return claimed


def _diary_entry(week: int, channel: int = CHANNEL, **request: str) -> NewDelivery:
    when = NOW + timedelta(days=7 * week)
    return due("schedule:d", channel, str(week), due_at=when, parts=(Part("diary", request),))


async def test_the_first_post_knows_nothing_and_the_next_what_was_last(community: Community) -> None:
    contents = Contents(community.ledger, community.posts, community.guilds)
    await community.schedules.add(schedule(channels=(CHANNEL, ANOTHER)), BY)
    first = await _claimed(community, _diary_entry(0))
    assert await contents.requests(first) == (DiaryRequest(),)
    await community.ledger.sent(first, Receipt(channel_id=CHANNEL, message_id=1, at=NOW, as_of=date(2026, 7, 16)))
    await _post(community, due("alert:x", period="1", due_at=NOW + MINUTE, note="IWM set a record."), as_of=None)
    await _post(community, due("alert:y", period="1", due_at=NOW + 2 * MINUTE), as_of=None)
    await _post(community, due("alert:x", OTHER_CHANNEL, due_at=NOW + MINUTE, note="elsewhere"), as_of=None)
    second = await _claimed(community, _diary_entry(1, window="1y"))
    (asked,) = await contents.requests(second)
    assert asked == DiaryRequest(window="1y", since=date(2026, 7, 16), fired=("IWM set a record.",))
    # another channel has had no summary yet: what was said in its week counts, wherever in the server
    newcomer = await _claimed(community, _diary_entry(1, ANOTHER))
    assert await contents.requests(newcomer) == (DiaryRequest(fired=("IWM set a record.",)),)
    assert await contents.requests(replace(newcomer, due_at=NOW + timedelta(days=8))) == (DiaryRequest(),)


async def test_without_its_day_the_last_post_counts_by_when_it_was_sent(community: Community) -> None:
    await _post(community, _diary_entry(0), as_of=None)
    (asked,) = await Contents(community.ledger, community.posts, community.guilds).requests(
        await _claimed(community, _diary_entry(1))
    )
    assert asked == DiaryRequest(since=NOW.date())


async def test_what_is_fixed_in_the_schedule_stays(community: Community) -> None:
    await _post(community, _diary_entry(0), as_of=date(2026, 7, 16))
    claimed = await _claimed(community, _diary_entry(1, since="2026-01-02"))
    (asked,) = await Contents(community.ledger, community.posts, community.guilds).requests(claimed)
    assert asked == DiaryRequest(since=date(2026, 1, 2))


async def test_a_digest_asks_for_all_its_members(community: Community) -> None:
    digest = due("digest", due_at=NOW + MINUTE, parts=())
    members = [
        due(
            f"schedule:{n}",
            state="skipped",
            digest_id=digest.id,
            due_at=NOW + n * MINUTE,
            parts=(Part("diary", {"window": w}),),
        )
        for n, w in enumerate(("1m", "1y"))
    ]
    await community.ledger.enter([digest, *members])
    claimed = await _claimed(community, digest)
    asked = await Contents(community.ledger, community.posts, community.guilds).requests(claimed)
    assert asked == (DiaryRequest(window="1m"), DiaryRequest(window="1y"))


async def test_a_servers_blocked_symbols_are_left_out(community: Community) -> None:
    for symbol in ("GME", "AMC"):
        await community.guilds.block(GUILD, symbol, BY)
    contents = Contents(community.ledger, community.posts, community.guilds)
    assert await contents.requests(await _claimed(community, _diary_entry(0))) == (
        DiaryRequest(without=("AMC", "GME")),
    )
    usual = due("schedule:r", OTHER_CHANNEL, parts=(Part("rotation"),))
    (asked,) = await contents.requests(await _claimed(community, usual))
    assert "without" not in asked.plain()


async def test_only_the_latest_alerts_are_told_again(community: Community) -> None:
    await community.schedules.add(schedule(), BY)
    await _post(community, _diary_entry(0), as_of=None)
    for n in range(25):
        fire = due("alert:x", period=str(n), due_at=NOW + (n + 1) * MINUTE, note=f"alert {n}")
        await _post(community, fire, as_of=None)
    contents = Contents(community.ledger, community.posts, community.guilds)
    (asked,) = await contents.requests(await _claimed(community, _diary_entry(1)))
    assert isinstance(asked, DiaryRequest)
    assert asked.fired == tuple(f"alert {n}" for n in range(5, 25))


def test_requests_and_parts_are_the_same_thing() -> None:
    part = as_part(as_request(Part("rotation", {"window": "1y"})))
    assert as_request(part) == as_request(Part("rotation", {"window": "1y"}))
    assert part.request["window"] == "1y"
    with pytest.raises(KeyError):
        as_request(Part("astrology"))


def test_words_that_may_be_symbols() -> None:
    assert symbols(Part("x", {"fund": "gme", "others": ["AMC", "iwm"], "n": 3, "as_of": None})) == {"GME", "AMC", "IWM"}
