"""What is really asked for a post: what the channel was told last, and what alerts said since."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import ClassVar

import pytest

from bot import features
from bot.community.deliveries import Delivery, NewDelivery, Part, Receipt
from bot.community.store import Community
from bot.features.weekly.request import MOST_FIRED
from bot.jobs.content import Contents, as_part, as_request, symbols
from bot.request import Request
from tests.community.examples import BY, CHANNEL, GUILD, MINUTE, NOW, OTHER_CHANNEL, due, schedule

ANOTHER = 777_000_000_000_000_007


class DiaryRequest(Request):
    """A question that wants to know what the channel knows."""

    feature: ClassVar[str] = "diary"
    told: ClassVar[frozenset[str]] = frozenset({"since", "fired"})
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


async def test_a_year_called_since_is_not_the_channels_day(community: Community) -> None:
    """``years`` asks for a first year under the name by which others ask for the day of the last post."""
    contents = Contents(community.ledger, community.posts, community.guilds)
    for week in range(3):
        when = NOW + timedelta(days=7 * week)
        entry = due("schedule:y", period=str(week), due_at=when, parts=(Part("years"),))
        claimed = await _claimed(community, entry)
        (asked,) = await contents.requests(claimed)
        assert asked == as_request(Part("years"))
        receipt = Receipt(channel_id=CHANNEL, message_id=week + 1, at=when, as_of=when.date(), asked=(as_part(asked),))
        assert await community.ledger.sent(claimed, receipt)


async def test_the_channels_last_post_counts_whichever_schedule_it_was_of_and_nothing_that_was_not_sent(
    community: Community,
) -> None:
    """Set up anew, the schedule is another; a preview leaves no row; what failed or came too late told nothing."""
    await _post(community, _diary_entry(0), as_of=date(2026, 7, 17))
    for week, state in ((1, "failed"), (2, "skipped"), (3, "uncertain")):
        claimed = await _claimed(community, _diary_entry(week))
        assert await community.ledger.close(claimed, state, "too_late")
    other = due("schedule:r", period="3", due_at=NOW + timedelta(days=22), parts=(Part("rotation"),))
    await _post(community, other, as_of=date(2026, 8, 7))
    anew = replace(_diary_entry(4), what="schedule:anew")
    (asked,) = await Contents(community.ledger, community.posts, community.guilds).requests(
        await _claimed(community, anew)
    )
    assert asked == DiaryRequest(since=date(2026, 7, 17))


@pytest.mark.parametrize("found_again", [False, True])
async def test_what_alerts_say_around_a_summary_is_told_once(community: Community, found_again: bool) -> None:
    """Alerts come with the same close: before the summary asks, while it is made, and marked after they stood."""
    await community.schedules.add(schedule(), BY)
    contents, second = Contents(community.ledger, community.posts, community.guilds), timedelta(seconds=1)

    async def fired(n: int, at: datetime) -> None:
        fire = due("alert:x", OTHER_CHANNEL, str(n), due_at=NOW, note=f"alert {n}")
        await community.ledger.enter([fire])
        (claimed,) = await community.ledger.claim(NOW, holder="a", lease_until=NOW + MINUTE, limit=1)
        assert await community.ledger.sent(claimed, Receipt(channel_id=OTHER_CHANNEL, message_id=n, at=at))

    await community.schedules.add(schedule(channels=(OTHER_CHANNEL,)), BY)
    await fired(1, NOW - 10 * second)
    summary = await _claimed(community, _diary_entry(0))
    (asked,) = await contents.requests(summary)
    await fired(2, NOW - second)  # stood before, is marked only now
    await fired(3, NOW + 2 * second)  # while the summary is drawn and sent
    first = () if found_again else (as_part(asked),)
    receipt = Receipt(channel_id=CHANNEL, message_id=9, at=NOW + MINUTE, as_of=NOW.date(), asked=first)
    assert await community.ledger.sent(summary, receipt)
    await fired(4, NOW + 2 * MINUTE)
    (later,) = await contents.requests(await _claimed(community, _diary_entry(1)))
    assert isinstance(asked, DiaryRequest)
    assert isinstance(later, DiaryRequest)
    assert asked.fired == ("alert 1",)
    assert later.fired == (("alert 3", "alert 4") if found_again else ("alert 2", "alert 3", "alert 4"))


async def test_the_same_sentence_twice_is_two_alerts(community: Community) -> None:
    await community.schedules.add(schedule(), BY)
    contents = Contents(community.ledger, community.posts, community.guilds)
    await _post(community, due("alert:x", period="1", due_at=NOW, note="A record."), as_of=None)
    summary = await _claimed(community, _diary_entry(0))
    (asked,) = await contents.requests(summary)
    receipt = Receipt(channel_id=CHANNEL, message_id=9, at=NOW, as_of=NOW.date(), asked=(as_part(asked),))
    assert await community.ledger.sent(summary, receipt)
    await _post(community, due("alert:x", period="2", due_at=NOW + MINUTE, note="A record."), as_of=None)
    (later,) = await contents.requests(await _claimed(community, _diary_entry(1)))
    assert [one.plain()["fired"] for one in (asked, later)] == [["A record."], ["A record."]]


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
    for n in range(MOST_FIRED + 5):
        fire = due("alert:x", period=str(n), due_at=NOW + (n + 1) * MINUTE, note=f"alert {n}")
        await _post(community, fire, as_of=None)
    contents = Contents(community.ledger, community.posts, community.guilds)
    (asked,) = await contents.requests(await _claimed(community, _diary_entry(1)))
    assert isinstance(asked, DiaryRequest)
    assert asked.fired == tuple(f"alert {n}" for n in range(5, MOST_FIRED + 5))


def test_requests_and_parts_are_the_same_thing() -> None:
    part = as_part(as_request(Part("rotation", {"window": "1y"})))
    assert as_request(part) == as_request(Part("rotation", {"window": "1y"}))
    assert part.request["window"] == "1y"
    with pytest.raises(KeyError):
        as_request(Part("astrology"))


def test_words_that_may_be_symbols() -> None:
    assert symbols(Part("x", {"fund": "gme", "others": ["AMC", "iwm"], "n": 3, "as_of": None})) == {"GME", "AMC", "IWM"}
