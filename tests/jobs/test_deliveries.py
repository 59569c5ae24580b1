"""Deliveries on a real database, through discord.py's client, against the stand-in."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.clock import Clock
from bot.community.deliveries import Delivery, NewDelivery, Part, Target
from bot.community.records import GuildSettings
from bot.community.store import Community
from bot.discord_ui.publisher import RestPublisher
from bot.errors import BadInput, Unavailable
from bot.jobs import reasons
from bot.jobs.deliveries import Deliverer
from bot.jobs.notices import Notices
from bot.jobs.publishing import Post
from bot.workers import Task
from tests.community.examples import BY, schedule
from tests.jobs.support import FRIDAY, Ahead, Computing, Shifted, deliverer, markers, row, texts
from tests.standin.process import StandIn

GUILD, OTHER_GUILD, CHANNEL, OTHER = 1, 2, 10, 20
MINUTE = timedelta(minutes=1)
PERSON = 5_000


@pytest.fixture(autouse=True)
def _channels(standin: StandIn) -> None:
    channels = [{"id": CHANNEL}, {"id": OTHER, "guild_id": OTHER_GUILD}]
    standin.set(channels=channels, limits={"per_second": 1000, "per_channel": 1000}, ahead=_ahead(FRIDAY))


def _ahead(moment: Any) -> float:
    return float((moment - Ahead(0).now()).total_seconds())


def _due(channel: int = CHANNEL, **changes: Any) -> NewDelivery:
    plain: dict[str, Any] = {
        "what": "schedule:a", "guild_id": GUILD, "channel_id": channel, "period": "2026-07-17", "due_at": FRIDAY,
        "ready_at": changes.get("due_at", FRIDAY), "parts": (Part("rotation", {"window": "6m"}),),
    }  # fmt: skip
    return NewDelivery(**{**plain, **changes})


async def _run(community: Community, sender: RestPublisher, clock: Clock, pool: Computing | None = None) -> None:
    worker = deliverer(community, sender, clock, pool)
    await worker.reclaim()
    await worker.drain()


async def _claimed(community: Community, clock: Clock) -> Delivery:
    """Claim like a process that is about to die."""
    (claimed,) = await community.ledger.claim(
        clock.now(), holder="test", lease_until=clock.now() + timedelta(seconds=30), limit=1
    )
    return claimed


def _as_post(delivery: Delivery) -> Post:
    from bot.workers import Rendered

    report = Computing().report(Task("rotation", "{}", date(2026, 7, 17), "sample", "en", "dark"))
    parts = (Rendered(report, {}),)
    return Post(
        id=delivery.id, guild_id=delivery.guild_id, channel_id=delivery.channel_id, parts=parts, target=delivery.target
    )


async def test_what_is_due_is_posted_once_and_closed(
    community: Community, standin: StandIn, sender: RestPublisher
) -> None:
    here, there = _due(), _due(OTHER, guild_id=OTHER_GUILD)
    later = _due(what="schedule:later", due_at=FRIDAY + MINUTE)
    await community.ledger.enter([here, there, later])
    pool = Computing()
    await _run(community, sender, Shifted(), pool)
    await _run(community, sender, Shifted(), pool)
    for entry in (here, there):
        (message,) = standin.messages(entry.channel_id)
        assert markers(message) == [entry.id]
        posted = await row(community, entry.id)
        assert (posted.state, posted.message_id, posted.sent_at) == ("sent", int(message["id"]), FRIDAY)
        assert (posted.as_of, posted.late, posted.version) == (date(2026, 7, 17), False, "v1")
        assert posted.asked[0].request["as_of"] == "2026-07-17"
        assert posted.shown == {"0.spread": [0.0412, 0.001]}
    assert (await row(community, later.id)).state == "due"
    assert len(pool.tasks) == 1  # one report for both


async def test_killed_between_sending_and_marking(
    community: Community, standin: StandIn, sender: RestPublisher
) -> None:
    clock = Shifted()
    await community.ledger.enter([_due()])
    claimed = await _claimed(community, clock)
    standing = await sender.post(_as_post(claimed))
    clock.forward(timedelta(hours=1))
    standin.set(ahead=_ahead(clock.now()))  # by now the nonce is forgotten
    await _run(community, sender, clock)
    posted = await row(community, claimed.id)
    assert (posted.state, posted.message_id) == ("sent", standing.message_id)
    assert len(standin.messages(CHANNEL)) == 1
    assert posted.as_of is None  # what it shows was lost with the process: it is never "corrected"


@pytest.mark.parametrize("kind", ["text", "forum"])
@pytest.mark.parametrize("put_right", [False, True])
async def test_killed_with_a_clock_that_was_wrong(
    community: Community, standin: StandIn, sender: RestPublisher, kind: Any, put_right: bool
) -> None:
    """Discord's moment of the message is before the claim's, by a clock that went fast: it is found all the same."""
    standin.set(channels=[{"id": 30, "kind": 15}], nonce_seconds=0)
    fast = timedelta(hours=3) if put_right else timedelta(minutes=40)
    clock = Shifted(FRIDAY + fast)
    await community.ledger.enter([_due(30 if kind == "forum" else CHANNEL, target=Target(kind=kind))])
    claimed = await _claimed(community, clock)
    standing = await sender.post(_as_post(claimed))
    passed = timedelta(minutes=50)
    standin.set(ahead=_ahead(FRIDAY + passed))
    clock.at = FRIDAY + passed if put_right else clock.at + passed
    await _run(community, sender, clock)
    posted = await row(community, claimed.id)
    assert (posted.state, posted.message_id) == ("sent", standing.message_id)
    assert standin.counts()["created"] == 1


async def test_killed_between_claiming_and_sending(
    community: Community, standin: StandIn, sender: RestPublisher
) -> None:
    clock = Shifted()
    await community.ledger.enter([_due()])
    claimed = await _claimed(community, clock)
    standin.say(CHANNEL, "somebody talks")
    clock.forward(MINUTE)
    await _run(community, sender, clock)
    assert [markers(m) for m in standin.messages(CHANNEL)] == [[], [claimed.id]]


async def test_where_history_may_not_be_read_it_is_never_sent_again(
    community: Community, standin: StandIn, sender: RestPublisher
) -> None:
    clock = Shifted()
    await community.ledger.enter([_due()])
    claimed = await _claimed(community, clock)
    standin.set(channels=[{"id": CHANNEL, "history": False}])
    standin.say(CHANNEL, "somebody talks")
    for _n in range(3):
        clock.forward(MINUTE)
        await _run(community, sender, clock)
    closed = await row(community, claimed.id)
    assert (closed.state, closed.reason) == ("uncertain", reasons.HISTORY_CLOSED)
    assert len(standin.messages(CHANNEL)) == 1


@pytest.mark.parametrize("after", [0.0, 1.0])
async def test_an_outage_is_sat_out(
    community: Community, standin: StandIn, sender: RestPublisher, after: float
) -> None:
    clock = Shifted()
    await community.ledger.enter([entry := _due()])
    standin.set(faults={"chance": 1.0, "kinds": ["503"], "after_the_deed": after})
    for _n in range(3):
        await _run(community, sender, clock)
        waiting = await row(community, entry.id)
        assert (waiting.state, waiting.reason) in {("retry", reasons.UNREACHABLE), ("sent", None)}
        clock.forward(2 * MINUTE)
        standin.set(nonce_seconds=0)  # and no nonce is remembered by then
    standin.set(faults={"chance": 0.0})
    await _run(community, sender, clock)
    assert (await row(community, entry.id)).state == "sent"
    assert len(standin.messages(CHANNEL)) == 1


@pytest.mark.parametrize(
    ("minutes", "state", "late"), [(15, "sent", False), (16, "sent", True), (361, "skipped", False)]
)
async def test_late_is_said_and_too_late_left_out(
    community: Community, standin: StandIn, sender: RestPublisher, minutes: int, state: str, late: bool
) -> None:
    target = Target(mention="role", mention_role_id=7)
    await community.ledger.enter([entry := _due(target=target)])
    await _run(community, sender, Shifted(FRIDAY + minutes * MINUTE))
    closed = await row(community, entry.id)
    assert (closed.state, closed.late) == (state, late)
    messages = standin.messages(CHANNEL)
    assert len(messages) == (state == "sent")
    for message in messages:
        assert ("Late: this was due <t:" in texts(message)) == late
        assert ("<@&7>" in texts(message)) != late  # nobody is called for what is late
    if state == "skipped":
        assert closed.reason == reasons.TOO_LATE


async def test_pings_end_at_the_days_cap_and_stale_figures_call_nobody(
    community: Community, standin: StandIn, sender: RestPublisher
) -> None:
    await community.guilds.save(GuildSettings(guild_id=GUILD, mentions_per_day=2, mention_role_id=9), BY)
    standin.set(channels=[{"id": n} for n in range(100, 104)])
    target = Target(mention="role")
    await community.ledger.enter([_due(n, target=target) for n in range(100, 103)])
    await _run(community, sender, Shifted())
    said = [texts(standin.messages(n)[0]) for n in range(100, 103)]
    assert sum("<@&9>" in text for text in said) == 2
    stale = Computing()
    stale.stale = True
    tomorrow = FRIDAY + timedelta(days=1)
    await community.ledger.enter([_due(103, target=replace(target, mention="everyone"), due_at=tomorrow)])
    await _run(community, sender, Shifted(tomorrow), stale)
    assert "@everyone" not in texts(standin.messages(103)[0])


async def test_three_refusals_pause_the_schedule_and_its_author_is_told_once(
    community: Community, standin: StandIn, sender: RestPublisher
) -> None:
    standin.set(channels=[{"id": CHANNEL, "send": False}])
    record = schedule(guild_id=GUILD, content="rotation", channels=(CHANNEL,), author_user_id=PERSON)
    await community.schedules.add(record, BY)
    notices = Notices(community, sender, Shifted())
    for n in range(3):
        assert await notices.run() == 0
        await community.ledger.enter([_due(what=record.what, period=str(n))])
        await _run(community, sender, Shifted())
    failed = await community.ledger.history(GUILD)
    assert {(d.state, d.reason) for d in failed} == {("failed", reasons.NO_PERMISSION)}
    paused = await community.schedules.get(GUILD, record.id)
    assert paused is not None
    assert (paused.state, paused.reason) == ("paused", reasons.NO_PERMISSION)
    assert await notices.run() == 1
    assert await notices.run() == 0
    (notice,) = standin.messages(PERSON)
    for words in ("“rotation”", f"<#{CHANNEL}>", "Send Messages", "/schedule resume"):
        assert words in notice["content"]


@pytest.mark.parametrize("log", [True, False])
async def test_the_log_channel_hears_of_it_too_and_its_role_is_called(
    community: Community, standin: StandIn, sender: RestPublisher, log: bool
) -> None:
    """The person has closed their DMs: the log channel is enough, without one the system channel has to do."""
    standin.set(channels=[{"id": 77, "guild_id": 9}, {"id": PERSON, "kind": 1, "send": False}])
    settings = GuildSettings(guild_id=GUILD, log_channel_id=77 if log else 999, log_role_id=8)
    await community.guilds.save(settings, BY)
    record = schedule(guild_id=GUILD, content="rotation", channels=(CHANNEL,), author_user_id=PERSON)
    await community.schedules.add(record, BY)
    for _n in range(3):
        await community.schedules.failed(record.what, CHANNEL, reasons.UNKNOWN_CHANNEL, BY)
    assert await Notices(community, sender, Shifted()).run() == 1
    said = {n: [m["content"] for m in standin.messages(n)] for n in (77, CHANNEL, PERSON)}
    assert [text.startswith("<@&8> I have paused") for text in said[77]] == [True] * log
    assert [text.startswith("I have paused") for text in said[CHANNEL]] == [True] * (not log)
    assert said[PERSON] == []


async def test_a_server_that_hangs_or_fails_delays_nobody(
    community: Community, standin: StandIn, sender: RestPublisher
) -> None:
    """One server's reports never come; with few places in all, the others are served all the same."""
    hanging = asyncio.Event()

    async def gate(task: Task) -> None:
        if task.language == "es":
            await hanging.wait()

    pool = Computing()
    pool.gate = gate
    standin.set(channels=[{"id": n} for n in range(100, 130)])
    slow = [_due(n, language="es", due_at=FRIDAY - MINUTE) for n in range(100, 110)]
    broken = [_due(n, guild_id=3) for n in range(900, 910)]  # no such channels
    fine = [_due(n, guild_id=OTHER_GUILD) for n in range(110, 130)]
    await community.ledger.enter([*slow, *broken, *fine])
    worker = deliverer(community, sender, Shifted(), pool, places=8, per_guild=2)
    serving = asyncio.create_task(worker.serve())
    worker.wake()
    async with asyncio.timeout(20):
        while (await community.ledger.counts()).get("sent", 0) < 20:  # noqa: ASYNC110  (the database has no events)
            await asyncio.sleep(0.02)
    counts = await community.ledger.counts()
    assert counts["claimed"] == 2
    assert counts["due"] == 8
    hanging.set()
    async with asyncio.timeout(20):
        while (await community.ledger.counts()).get("sent", 0) < 30:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    assert (await community.ledger.counts()) == {"sent": 30, "failed": 10}


async def test_posts_of_a_channel_stay_in_order(community: Community, standin: StandIn, sender: RestPublisher) -> None:
    entries = [_due(what=f"schedule:{n}", due_at=FRIDAY - (9 - n) * MINUTE) for n in range(10)]
    await community.ledger.enter(entries[::-1])
    await _run(community, sender, Shifted())
    assert [markers(m)[0] for m in standin.messages(CHANNEL)] == [entry.id for entry in entries]


async def test_a_dashboard_is_one_message_that_changes(
    community: Community, standin: StandIn, sender: RestPublisher
) -> None:
    clock, target = Shifted(), Target(dashboard=True)
    for n in range(3):
        await community.ledger.enter([_due(period=str(n), target=target, due_at=clock.now())])
        await _run(community, sender, clock)
        clock.forward(MINUTE)
    (message,) = standin.messages(CHANNEL)
    assert message["edited"] == 2
    history = await community.ledger.history(GUILD)
    assert {d.message_id for d in history} == {int(message["id"])}
    assert markers(message) == [history[0].id]
    await sender.delete(_standing(int(message["id"])))
    await community.ledger.enter([_due(period="3", target=target, due_at=clock.now())])
    await _run(community, sender, clock)
    (fresh,) = standin.messages(CHANNEL)
    assert fresh["id"] != message["id"]


def _standing(message_id: int) -> Any:
    from bot.jobs.publishing import Standing

    return Standing(CHANNEL, message_id)


async def test_published_further_and_pinned_in_place_of_the_one_before(
    community: Community, standin: StandIn, sender: RestPublisher
) -> None:
    clock, target = Shifted(), Target(kind="announcement", crosspost=True, pin=True)
    standin.set(channels=[{"id": CHANNEL, "kind": 5}])
    for n in range(2):
        await community.ledger.enter([_due(period=str(n), target=target, due_at=clock.now())])
        await _run(community, sender, clock)
        clock.forward(MINUTE)
    first, second = standin.messages(CHANNEL)
    assert first["crossposted"]
    assert second["crossposted"]
    assert standin.channel(CHANNEL)["pins"] == [int(second["id"])]
    assert not any(d.unfinished for d in await community.ledger.history(GUILD))


async def test_a_close_that_has_not_come_in_is_waited_for(
    community: Community, standin: StandIn, sender: RestPublisher
) -> None:
    """The sample ends on 31 July 2026; a post due after the close of 3 August waits two hours, no longer."""
    monday = FRIDAY + timedelta(days=17)
    clock = Shifted(monday)
    await community.ledger.enter([entry := _due(due_at=monday, period="2026-08-03")])
    await _run(community, sender, clock)
    waiting = await row(community, entry.id)
    assert (waiting.state, waiting.reason, waiting.may_stand) == ("due", reasons.WAITING, False)
    clock.forward(timedelta(hours=1, minutes=55))
    await _run(community, sender, clock)
    assert (await row(community, entry.id)).state == "due"
    clock.forward(5 * MINUTE)
    await _run(community, sender, clock)
    posted = await row(community, entry.id)
    assert (posted.state, posted.as_of, posted.late) == ("sent", date(2026, 7, 31), False)
    # where the data is older than one session, waiting would not help
    tuesday = monday + timedelta(days=1)
    await community.ledger.enter([stale := _due(due_at=tuesday, period="2026-08-04")])
    await _run(community, sender, Shifted(tuesday))
    assert (await row(community, stale.id)).state == "sent"
    assert len(standin.messages(CHANNEL)) == 2


async def test_a_report_that_cannot_be_made_now_or_ever(
    community: Community, standin: StandIn, sender: RestPublisher
) -> None:
    clock, pool = Shifted(), Computing()
    await community.ledger.enter([entry := _due()])
    pool.fault = Unavailable("The calculation")
    await _run(community, sender, clock, pool)
    waiting = await row(community, entry.id)
    assert (waiting.state, waiting.reason, waiting.may_stand) == ("due", reasons.NO_REPORT, False)
    pool.fault = BadInput("There is no such fund.")
    clock.forward(MINUTE)
    await _run(community, sender, clock, pool)
    failed = await row(community, entry.id)
    assert (failed.state, failed.reason, failed.note) == ("failed", reasons.NO_REPORT, "There is no such fund.")
    await community.ledger.enter([gone := _due(period="2", parts=(Part("astrology"),))])
    await _run(community, sender, clock)
    assert (await row(community, gone.id)).reason == reasons.NO_REPORT
    assert standin.messages(CHANNEL) == []


async def test_a_fault_of_ours_is_looked_up_and_tried_again(
    community: Community, standin: StandIn, sender: RestPublisher
) -> None:
    clock, pool = Shifted(), Computing()
    await community.ledger.enter([entry := _due()])

    async def gate(_task: Task) -> None:
        raise ZeroDivisionError

    pool.gate = gate
    await _run(community, sender, clock, pool)
    assert (await row(community, entry.id)).state == "due"
    pool.gate = None
    clock.forward(MINUTE)
    await _run(community, sender, clock, pool)
    assert len(standin.messages(CHANNEL)) == 1


async def test_stopped_in_the_middle_it_goes_on_where_it_was(
    community: Community, standin: StandIn, sender: RestPublisher
) -> None:
    pool, begun = Computing(), asyncio.Event()

    async def gate(_task: Task) -> None:
        begun.set()
        await asyncio.Event().wait()

    pool.gate = gate
    await community.ledger.enter([_due()])
    worker = deliverer(community, sender, Shifted(), pool)
    serving = asyncio.create_task(worker.serve())
    worker.wake()
    await begun.wait()
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    assert await community.ledger.counts() == {"claimed": 1}
    await _run(community, sender, Shifted())
    assert len(standin.messages(CHANNEL)) == 1


async def test_a_claim_lost_while_working_is_not_posted(
    community: Community, standin: StandIn, sender: RestPublisher
) -> None:
    """The report takes longer than the lease; meanwhile another process takes over and posts."""
    clock, slow, begun, go_on = Shifted(), Computing(), asyncio.Event(), asyncio.Event()

    async def gate(_task: Task) -> None:
        begun.set()
        await go_on.wait()

    slow.gate = gate
    await community.ledger.enter([entry := _due()])
    first = deliverer(community, sender, clock, slow, holder="first")
    working = asyncio.create_task(first.drain())
    await begun.wait()
    clock.forward(timedelta(seconds=31))
    await deliverer(community, sender, clock, holder="second").drain()
    standin.set(nonce_seconds=0)
    go_on.set()
    await working
    (message,) = standin.messages(CHANNEL)
    assert markers(message) == [entry.id]
    assert (await row(community, entry.id)).state == "sent"


async def test_two_processes_at_once_post_each_once(migrated_url: str, standin: StandIn, sender: RestPublisher) -> None:
    standin.set(channels=[{"id": n} for n in range(100, 160)])
    async with Community(migrated_url) as one, Community(migrated_url) as two:
        await one.ledger.enter([_due(n, guild_id=n) for n in range(100, 160)])
        workers: list[Deliverer] = [
            deliverer(base, sender, Shifted(), holder=name, places=8) for base, name in ((one, "a"), (two, "b"))
        ]
        await asyncio.gather(*(worker.drain() for worker in workers))
        assert await one.ledger.counts() == {"sent": 60}
    assert (standin.counts()["created"], standin.counts()["most"]) == (60, 1)


async def test_forums_and_threads(community: Community, standin: StandIn, sender: RestPublisher) -> None:
    standin.set(channels=[{"id": 30, "kind": 15}, {"id": 31, "kind": 11, "parent_id": 10, "archived": True}])
    forum = _due(30, target=Target(kind="forum", tags=(4,)))
    thread = _due(31, target=Target(kind="thread"))
    await community.ledger.enter([forum, thread])
    await _run(community, sender, Shifted())
    posted = await row(community, forum.id)
    assert posted.posted_channel_id == posted.message_id
    assert posted.posted_channel_id not in {None, 30}
    assert markers(standin.messages(31)[0]) == [thread.id]
