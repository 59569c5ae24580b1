"""Where posts go and what is done to them there, against the stand-in: announcements, forums, threads, pins, several
places at once; and what becomes of a post when the permission for just one step is missing."""

import asyncio
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from bot.community.deliveries import BY_HAND, Delivery, NewDelivery, Part, Target
from bot.community.records import By, Cadence, Destination, GuildSettings
from bot.community.store import Community
from bot.discord_ui.posts import story
from bot.discord_ui.publisher import RestPublisher
from bot.jobs import publishing, reasons
from bot.jobs.corrections import Corrections
from bot.jobs.finishing import Finishing
from bot.jobs.notices import Notices
from bot.jobs.publishing import Post
from bot.jobs.sweep import Sweep
from bot.market.catalogue import Catalogue
from bot.workers import Rendered, Task
from tests.community.examples import schedule
from tests.jobs.support import FRIDAY, Ahead, Computing, Shifted, deliverer, markers, reports, row, texts
from tests.standin.process import StandIn

GUILD, TEXT, NEWS, THREAD, FORUM, PERSON = 1, 10, 11, 12, 13, 5_000
FOLLOWERS = (21, 22)
DAY = timedelta(days=1)
MONDAY = datetime(2026, 7, 13, 20, 30, tzinfo=UTC)
BY = By(PERSON, MONDAY - DAY)
CHANNELS: list[dict[str, Any]] = [
    {"id": TEXT},
    {"id": NEWS, "kind": 5, "followers": FOLLOWERS},
    {"id": THREAD, "kind": 11, "parent_id": TEXT},
    {"id": FORUM, "kind": 15, "needs_tag": True},
    *({"id": follower, "guild_id": 2} for follower in FOLLOWERS),
]


class World:
    """A server on the stand-in, and somebody who posts to it."""

    def __init__(self, community: Community, sender: RestPublisher, standin: StandIn) -> None:
        self.community = community
        self.sender = sender
        self.standin = standin
        self.clock = Shifted(MONDAY)
        self.pool = Computing()
        standin.set(channels=CHANNELS, limits={"per_second": 1000, "per_channel": 1000})
        self.at(MONDAY)

    def at(self, moment: datetime) -> None:
        self.clock.at = moment
        self.standin.set(ahead=(moment - Ahead(0).now()).total_seconds())

    def set(self, channel: int, **changes: Any) -> None:
        self.standin.set(channels=[{"id": channel, **changes}])

    async def post(
        self, channel: int, target: Target, *, what: str = "schedule:a", period: str | None = None
    ) -> Delivery:
        """Let something fall due now, and post what is due."""
        now = self.clock.at
        entry = NewDelivery(
            what=what, guild_id=GUILD, channel_id=channel, period=period or now.date().isoformat(), due_at=now,
            ready_at=now, parts=(Part("rotation", {"window": "6m"}),), target=target,
        )  # fmt: skip
        await self.community.ledger.enter([entry])
        await self.work()
        return await row(self.community, entry.id)

    async def work(self) -> None:
        await deliverer(self.community, self.sender, self.clock, self.pool).drain()

    def threads(self) -> dict[int, dict[str, Any]]:
        channels = self.standin.state()["channels"].values()
        return {int(c["id"]): c for c in channels if c["parent_id"] == str(FORUM)}


@pytest.fixture
def world(community: Community, sender: RestPublisher, standin: StandIn) -> World:
    return World(community, sender, standin)


# steps after the post


@pytest.mark.parametrize(
    ("channel", "published", "pinned", "reason"),
    [
        ({}, True, True, None),
        ({"pins_allowed": False}, True, False, reasons.NOT_PINNED),
        ({"publishes": False}, False, True, reasons.NOT_PUBLISHED),
        (
            {"publishes": False, "pins_allowed": False},
            False,
            False,
            reasons.together([reasons.NOT_PUBLISHED, reasons.NOT_PINNED]),
        ),
        ({"most_pins": 0}, True, False, reasons.PINS_FULL),
        ({"kind": 0}, False, True, reasons.NOT_PUBLISHED),  # no announcement channel any more
    ],
)
async def test_a_step_that_is_refused_costs_neither_the_post_nor_the_other_step(
    world: World, channel: dict[str, Any], published: bool, pinned: bool, reason: str | None
) -> None:
    record = schedule(guild_id=GUILD, content="rotation", channels=(NEWS,), author_user_id=PERSON)
    await world.community.schedules.add(record, BY)
    world.set(NEWS, **channel)
    target = Target(kind="announcement", crosspost=True, pin=True)
    notices = Notices(world.community, world.sender, world.clock)
    told_people = []
    for n in range(4):
        world.at(MONDAY + n * DAY)
        posted = await world.post(NEWS, target, what=record.what)
        assert (posted.state, posted.reason, posted.unfinished) == ("sent", reason, reason is not None)
        told_people.append(await notices.run())
        assert not (await row(world.community, posted.id)).unfinished
    messages = world.standin.messages(NEWS)
    assert len(messages) == 4
    assert [bool(m.get("crossposted")) for m in messages] == [published] * 4
    assert world.standin.channel(NEWS)["pins"] == ([posted.message_id] if pinned else [])
    stored = await world.community.schedules.get(GUILD, record.id)
    assert stored is not None
    assert (stored.state, stored.destinations[0].failures) == ("active", 0)
    told = story(posted)
    assert (reasons.happened(reason or "x") in told, reasons.remedy(reason or "x") in told) == (bool(reason), True)
    assert told_people == [bool(reason), False, False, False]  # once, not with each post that has it happen
    if reason:
        (direct,) = world.standin.messages(PERSON)
        assert f"https://discord.com/channels/{GUILD}/{NEWS}/{messages[0]['id']}" in direct["content"]
        assert direct["content"].endswith(f"{reasons.happened(reason)} {reasons.remedy(reason)}")


async def test_a_channel_that_has_published_its_ten_this_hour_is_tried_again_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Discord asks to wait for most of an hour: the post stands, the pin too, and nothing else waits."""
    monkeypatch.setattr(publishing, "STEP_SECONDS", 0.2)
    world.set(NEWS, publish_wait=3000)
    posted = await world.post(NEWS, Target(kind="announcement", crosspost=True, pin=True))
    assert (posted.state, posted.unfinished, posted.reason) == ("sent", True, None)
    assert world.standin.channel(NEWS)["pins"] == [posted.message_id]
    other = await world.post(TEXT, Target())
    assert other.state == "sent"
    later = Finishing(world.community.posts, world.sender)
    assert await later.resume(world.clock.at) == 1  # still too many
    assert not world.standin.messages(FOLLOWERS[0])
    world.set(NEWS, publish_wait=0)
    assert await later.resume(world.clock.at) == 1
    assert await later.resume(world.clock.at) == 0
    assert markers(world.standin.messages(FOLLOWERS[0])[0]) == [posted.id]


async def test_channels_do_not_wait_for_each_others_steps(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some have published their ten this hour: the others' posts are finished meanwhile."""
    limited = range(100, 106)
    busy = [{"id": n, "guild_id": n, "kind": 5, "publish_wait": 3000} for n in limited]
    world.standin.set(channels=busy)
    monkeypatch.setattr(publishing, "STEP_SECONDS", 0.05)
    for n in (*limited, NEWS):
        await world.post(n, Target(kind="announcement", crosspost=True), what=f"schedule:{n}")
    world.standin.set(channels=[{**one, "publish_wait": 0} for one in busy[:1]])
    monkeypatch.setattr(publishing, "STEP_SECONDS", 1.0)
    clock = asyncio.get_running_loop().time
    begun = clock()
    assert await Finishing(world.community.posts, world.sender).resume(world.clock.at) == len(limited)
    assert clock() - begun < 3.0
    assert world.standin.messages(100)[0]["crossposted"]
    assert {post.channel_id for post in await world.community.posts.unfinished()} == set(limited[1:])


async def test_what_discord_never_answers_is_noted_told_and_done_again_by_hand(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Longer than the hour in which ten may be published it is not tried; nobody is told in quiet hours."""
    monkeypatch.setattr(publishing, "STEP_SECONDS", 0.1)
    posts, later = world.community.posts, Finishing(world.community.posts, world.sender)
    record = schedule(guild_id=GUILD, content="rotation", channels=(NEWS,), author_user_id=PERSON)
    await world.community.schedules.add(record, BY)
    quiet = GuildSettings(guild_id=GUILD, zone="UTC", quiet_from=time(22), quiet_to=time(7))
    await world.community.guilds.save(quiet, BY)
    world.set(NEWS, publish_wait=3000)
    posted = await world.post(NEWS, Target(kind="announcement", crosspost=True), what=record.what)
    notices = Notices(world.community, world.sender, world.clock)
    for minutes, state in ((119, (True, None)), (120, (True, reasons.LEFT_UNPUBLISHED))):
        world.at(MONDAY + timedelta(minutes=minutes))
        await later.resume(world.clock.at)
        now = await row(world.community, posted.id)
        assert (now.unfinished, now.reason) == state
        assert await notices.run() == 0  # 22:29 and 22:30
    world.at(MONDAY.replace(hour=7) + DAY)
    assert await later.resume(world.clock.at) == 0
    assert (await notices.run(), await notices.run()) == (1, 0)
    (told,) = world.standin.messages(PERSON)
    assert "Discord did not answer, so it was not published to the channels that follow." in told["content"]
    assert "/schedule history has a button that tries again." in told["content"]
    assert reasons.happened(reasons.LEFT_UNPUBLISHED) in story(await row(world.community, posted.id))

    world.set(NEWS, publish_wait=0)
    assert await posts.reopen(GUILD) == 1
    assert await later.resume(world.clock.at) == 1
    done = await row(world.community, posted.id)
    assert (done.unfinished, done.reason) == (False, None)
    assert markers(world.standin.messages(FOLLOWERS[0])[0]) == [posted.id]
    assert await notices.run() == 0


async def test_a_correction_reaches_the_copies_that_were_published(world: World) -> None:
    await world.post(NEWS, Target(kind="announcement", crosspost=True))
    world.pool.spread = 0.0498
    fresh = reports(world.clock, world.pool)
    assert await Corrections(world.community, fresh, world.sender, world.clock).run("v2") == 1
    for channel in (NEWS, *FOLLOWERS):
        (message,) = world.standin.messages(channel)
        assert "Corrected <t:" in texts(message)
        assert "+5.0" in texts(message)
        assert message["allowed_mentions"] == {"parse": []}


async def test_a_dashboard_stays_pinned_while_it_changes(world: World) -> None:
    target = Target(dashboard=True, pin=True)
    for n in range(3):
        world.at(MONDAY + n * DAY)
        posted = await world.post(TEXT, target)
    (message,) = world.standin.messages(TEXT)
    assert (message["edited"], world.standin.channel(TEXT)["pins"]) == (2, [int(message["id"])])
    assert posted.message_id == int(message["id"])


async def test_the_pin_of_a_deleted_post_is_nobodys_fault(world: World) -> None:
    first = await world.post(TEXT, Target(pin=True))
    assert first.message_id is not None
    from bot.jobs.publishing import Standing

    await world.sender.delete(Standing(TEXT, first.message_id))
    world.at(MONDAY + DAY)
    second = await world.post(TEXT, Target(pin=True))
    assert second.reason is None
    assert second.message_id in world.standin.channel(TEXT)["pins"]


# forums and threads


async def test_a_forum_gets_one_post_a_week(world: World) -> None:
    """Daily posts go beneath Monday's; the next week opens a new thread, with its tags, pinned in the other's place."""
    target = Target(kind="forum", tags=(4, 5), pin=True)
    posted = []
    for n in (0, 1, 4, 7, 8):
        world.at(MONDAY + n * DAY)
        posted.append(await world.post(FORUM, target))
    this_week, next_week = sorted(world.threads())
    assert [p.posted_channel_id for p in posted] == [this_week] * 3 + [next_week] * 2
    for thread_id, found in ((this_week, posted[:3]), (next_week, posted[3:])):
        messages = world.standin.messages(thread_id)
        assert [markers(m) for m in messages] == [[p.id] for p in found]
        assert int(messages[0]["id"]) == thread_id  # the first is the thread's own
        assert world.threads()[thread_id]["applied_tags"] == [4, 5]
    assert [world.threads()[n]["pinned"] for n in (this_week, next_week)] == [False, True]
    assert {p.reason for p in posted} == {None}


async def test_a_digest_in_a_forum_needs_no_picture(world: World) -> None:
    """Without a file the library would send the form in a way that is none of Discord's."""
    now = world.clock.at
    digest = NewDelivery(
        what="digest", guild_id=GUILD, channel_id=FORUM, period="2026-07-13T20:30Z", due_at=now, ready_at=now,
        parts=(Part("rotation"), Part("highs")), target=Target(kind="forum", tags=(4,)),
    )  # fmt: skip
    members = [
        NewDelivery(
            what=f"schedule:{n}", guild_id=GUILD, channel_id=FORUM, period="2026-07-13", due_at=now, ready_at=now,
            parts=(part,), state="skipped", reason=reasons.DIGEST, digest_id=digest.id,
        )
        for n, part in enumerate(digest.parts)
    ]  # fmt: skip
    await world.community.ledger.enter([digest, *members])
    await world.work()
    (thread,) = world.threads().values()
    assert "2 reports at once" in texts(thread["messages"][0])


async def test_tags_are_set_on_the_thread_and_missing_ones_refused(world: World) -> None:
    refused = await world.post(FORUM, Target(kind="forum"))
    assert (refused.state, refused.reason) == ("failed", reasons.WRONG_TAGS)
    assert "tags" in reasons.remedy(reasons.WRONG_TAGS)
    assert (await world.post(FORUM, Target(kind="forum", tags=(4,)), what="schedule:b")).state == "sent"
    world.set(FORUM, tags=[5, 6])  # a moderator has deleted tag 4
    gone = await world.post(FORUM, Target(kind="forum", tags=(4,)), what="schedule:c")
    assert (gone.state, gone.reason) == ("failed", reasons.WRONG_TAGS)


async def test_a_thread_that_discord_has_archived_by_itself_is_opened_and_pinned_again(world: World) -> None:
    target = Target(kind="forum", tags=(4,), pin=True)
    first = await world.post(FORUM, target)
    assert first.posted_channel_id is not None
    world.at(MONDAY + 5 * DAY)  # Saturday of the same week, after five silent days
    assert world.threads()[first.posted_channel_id]["archived"]
    second = await world.post(FORUM, target)
    assert (second.posted_channel_id, second.reason) == (first.posted_channel_id, None)
    thread = world.threads()[first.posted_channel_id]
    assert (len(thread["messages"]), thread["archived"], thread["pinned"]) == (2, False, True)


async def test_the_first_post_by_hand_opens_the_weeks_thread(world: World) -> None:
    """Its period names no day; the regular post of the same week goes beneath it all the same."""
    target = Target(kind="forum", tags=(4,))
    first = await world.post(FORUM, target, period=BY_HAND)
    world.at(MONDAY + DAY)
    beneath = await world.post(FORUM, target)
    world.at(MONDAY + 7 * DAY)
    next_week = await world.post(FORUM, target)
    assert [post.state for post in (first, beneath, next_week)] == ["sent"] * 3
    assert first.posted_channel_id == beneath.posted_channel_id != next_week.posted_channel_id


async def test_two_schedules_in_a_forum_have_a_thread_each(world: World) -> None:
    for n in range(2):
        world.at(MONDAY + n * DAY)
        for what in ("schedule:a", "schedule:b"):
            await world.post(FORUM, Target(kind="forum", tags=(4,)), what=what)
    assert [len(thread["messages"]) for thread in world.threads().values()] == [2, 2]


@pytest.mark.parametrize(
    ("change", "state", "elsewhere", "reason"),
    [
        ({"archived": True}, "sent", False, None),
        ({"locked": True}, "failed", False, reasons.THREAD_CLOSED),
        ({"archived": True, "locked": True}, "failed", False, reasons.THREAD_CLOSED),
        ({"send": False}, "failed", False, reasons.NO_PERMISSION),
        ({"gone": True}, "sent", True, None),  # a moderator has deleted it: the week goes on in another
    ],
)
async def test_the_weeks_thread_may_be_archived_locked_or_deleted(
    world: World, change: dict[str, Any], state: str, elsewhere: bool, reason: str | None
) -> None:
    target = Target(kind="forum", tags=(4,))
    first = await world.post(FORUM, target)
    assert first.posted_channel_id is not None
    world.set(first.posted_channel_id, **change)
    world.at(MONDAY + DAY)
    second = await world.post(FORUM, target)
    assert (second.state, second.reason) == (state, reason)
    assert len(world.threads()) == 1
    if state == "sent":
        assert (second.posted_channel_id != first.posted_channel_id) == elsewhere
        assert second.posted_channel_id in world.threads()


@pytest.mark.parametrize("days", [1, 7], ids=["beneath the week's post", "as a post of its own"])
async def test_killed_after_posting_in_a_forum_it_is_found_and_not_repeated(world: World, days: int) -> None:
    target = Target(kind="forum", tags=(4,))
    first = await world.post(FORUM, target)
    world.at(MONDAY + days * DAY)
    now = world.clock.at
    entry = NewDelivery(
        what="schedule:a", guild_id=GUILD, channel_id=FORUM, period=now.date().isoformat(), due_at=now, ready_at=now,
        parts=(Part("rotation"),), target=target,
    )  # fmt: skip
    await world.community.ledger.enter([entry])
    claimed = await world.community.ledger.claim(now, holder="x", lease_until=now + timedelta(seconds=30), limit=1)
    assert len(claimed) == 1
    beneath = days == 1
    where = first.posted_channel_id if beneath else FORUM
    assert where is not None
    kind = Target(kind="thread") if beneath else target
    report = Rendered(world.pool.report(Task("rotation", "{}", now.date(), "sample", "en", "dark")), {})
    post = Post(id=entry.id, guild_id=GUILD, channel_id=where, parts=(report,), target=kind)
    standing = await world.sender.post(post)
    world.at(now + timedelta(hours=1))  # by now the nonce is forgotten
    await world.work()
    found = await row(world.community, entry.id)
    assert (found.state, found.message_id, found.posted_channel_id) == (
        "sent",
        standing.message_id,
        standing.channel_id,
    )
    assert world.standin.counts()["created"] == 2


async def test_an_archived_thread_is_opened_for_a_post_and_for_its_pin(world: World) -> None:
    world.set(THREAD, archived=True)
    posted = await world.post(THREAD, Target(kind="thread", pin=True))
    assert (posted.state, posted.reason) == ("sent", None)
    channel = world.standin.channel(THREAD)
    assert (channel["thread_metadata"]["archived"], channel["pins"]) == (False, [posted.message_id])


# several places


async def test_a_schedule_posts_to_all_its_places_whatever_becomes_of_one(world: World, catalogue: Catalogue) -> None:
    """Text, announcement, thread and forum at once; the thread refuses three times and is stopped alone, once told."""
    places = (
        Destination(channel_id=TEXT, pin=True),
        Destination(channel_id=NEWS, kind="announcement", crosspost=True),
        Destination(channel_id=THREAD, kind="thread"),
        Destination(channel_id=FORUM, kind="forum", tags=(4,)),
    )
    record = schedule(
        guild_id=GUILD, content="rotation", destinations=places, author_user_id=PERSON,
        cadence=Cadence(kind="session", delay_minutes=30),
    )  # fmt: skip
    await world.community.schedules.add(record, BY)
    sweep = Sweep(world.community, world.clock, lambda: catalogue)
    notices = Notices(world.community, world.sender, world.clock)
    world.at(MONDAY - timedelta(hours=1))
    await sweep.run()
    world.set(THREAD, locked=True)
    told = []
    for n in range(5):
        world.at(MONDAY + n * DAY)
        await sweep.run()
        await world.work()
        told.append(await notices.run())
    assert [len(world.standin.messages(n)) for n in (TEXT, NEWS, FOLLOWERS[0], THREAD)] == [5, 5, 5, 0]
    (thread,) = world.threads().values()
    assert len(thread["messages"]) == 5
    assert told == [0, 0, 1, 0, 0]
    (notice,) = world.standin.messages(PERSON)
    assert notice["content"] == (
        f"I no longer post “rotation” in <#{THREAD}>: it failed there three times in a row. It goes on in <#{TEXT}>, "
        f"<#{NEWS}>, and <#{FORUM}>. {reasons.happened(reasons.THREAD_CLOSED)} {reasons.remedy(reasons.THREAD_CLOSED)}"
    )
    history = await world.community.ledger.history(GUILD, channel_id=THREAD)
    assert [(d.state, d.reason) for d in history] == [("failed", reasons.THREAD_CLOSED)] * 3


async def test_nobody_is_told_in_quiet_hours(world: World) -> None:
    quiet = GuildSettings(guild_id=GUILD, zone="Europe/Madrid", quiet_from=time(22), quiet_to=time(7))
    await world.community.guilds.save(quiet, BY)
    record = schedule(guild_id=GUILD, content="rotation", channels=(TEXT,), author_user_id=PERSON)
    await world.community.schedules.add(record, BY)
    for _n in range(3):
        await world.community.schedules.failed(record.what, TEXT, reasons.NO_ACCESS, BY)
    notices = Notices(world.community, world.sender, world.clock)
    assert world.clock.at.hour == 20  # 22:30 in Madrid
    assert await notices.run() == 0
    world.at(datetime(2026, 7, 14, 5, 0, tzinfo=UTC))
    assert await notices.run() == 1
    assert await notices.run() == 0


# quiet hours and stale data, where something was put off


async def test_what_is_put_off_into_quiet_hours_comes_at_their_end(world: World) -> None:
    """Discord is out of reach until the quiet hours have begun: the post comes in the morning, marked late."""
    quiet = GuildSettings(guild_id=GUILD, zone="UTC", quiet_from=time(21), quiet_to=time(7))
    await world.community.guilds.save(quiet, BY)
    world.standin.set(faults={"chance": 1.0, "kinds": ["503"], "after_the_deed": 0.0})
    posted = await world.post(TEXT, Target(mention="everyone"))
    assert posted.state == "retry"
    world.standin.set(faults={"chance": 0.0})
    world.at(MONDAY + timedelta(minutes=40))
    await world.work()
    waiting = await row(world.community, posted.id)
    assert (waiting.state, waiting.reason) == ("retry", reasons.QUIET)
    assert waiting.ready_at == datetime(2026, 7, 14, 7, 0, tzinfo=UTC)
    world.at(waiting.ready_at)
    await world.work()
    (message,) = world.standin.messages(TEXT)
    assert "Late: this was due" in texts(message)
    assert "@everyone" not in texts(message)


@pytest.mark.parametrize(
    ("due", "stale", "as_of"),
    [
        (FRIDAY, False, None),
        (datetime(2026, 8, 3, 21, 30, tzinfo=UTC), True, None),  # the sample ends on 31 July
        (datetime(2026, 8, 3, 12, 0, tzinfo=UTC), False, None),  # that day's close is still to come
        (datetime(2026, 8, 3, 21, 30, tzinfo=UTC), False, "2026-07-16"),  # asked of a certain day
    ],
)
async def test_a_close_that_never_came_in_is_said_and_calls_nobody(
    world: World, due: datetime, stale: bool, as_of: str | None
) -> None:
    request = {"window": "6m", **({"as_of": as_of} if as_of else {})}
    entry = NewDelivery(
        what="schedule:a", guild_id=GUILD, channel_id=TEXT, period=due.date().isoformat(), due_at=due, ready_at=due,
        parts=(Part("rotation", request),), target=Target(mention="everyone"),
    )  # fmt: skip
    await world.community.ledger.enter([entry])
    world.at(due)
    await world.work()
    assert bool(world.standin.messages(TEXT)) != stale  # it is waited for
    world.at(due + timedelta(hours=2))
    await world.work()
    (message,) = world.standin.messages(TEXT)
    said = "Stale: the close of 3 Aug 2026 has not come in yet; these figures are of 31 Jul 2026."
    assert (said in texts(message)) == stale
    assert ("@everyone" in texts(message)) != stale
    assert "Late:" not in texts(message)
