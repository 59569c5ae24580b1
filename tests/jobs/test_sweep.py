"""From schedules to rows of the ledger, on a clock that is moved by hand."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from bot.community.deliveries import DIGEST, Delivery
from bot.community.records import By, Cadence, ChannelSettings, Destination, GuildSettings, Schedule
from bot.community.store import Community
from bot.jobs import reasons
from bot.jobs.sweep import Sweep, next_runs
from bot.market.catalogue import Catalogue
from tests.community.examples import ADMIN, CHANNEL, GUILD, OTHER_CHANNEL, OTHER_GUILD, schedule
from tests.jobs.support import Shifted

MONDAY = datetime(2026, 7, 13, 12, 0, tzinfo=UTC)
FRIDAY_DUE = datetime(2026, 7, 17, 20, 45, tzinfo=UTC)  # 16:45 in New York
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BY = By(ADMIN, MONDAY)


class World:
    """A community, its sweep and a clock."""

    def __init__(self, community: Community, catalogue: Catalogue) -> None:
        self.community = community
        self.clock = Shifted(MONDAY)
        self.catalogue = catalogue
        self.sweep = Sweep(community, self.clock, lambda: self.catalogue)

    async def add(self, **changes: Any) -> Schedule:
        added = await self.community.schedules.add(schedule(**{"content": "rotation", **changes}), BY)
        await self.sweep.run()
        return added

    async def at(self, moment: datetime) -> int:
        self.clock.at = moment
        return await self.sweep.run()

    async def rows(self) -> list[Delivery]:
        return (await self.community.ledger.history(GUILD, limit=1000))[::-1]

    async def now(self, record: Schedule) -> Schedule:
        found = await self.community.schedules.get(record.guild_id, record.id)
        assert found is not None
        return found


@pytest.fixture
def world(community: Community, catalogue: Catalogue) -> World:
    return World(community, catalogue)


async def test_planned_due_entered_and_planned_again(world: World) -> None:
    added = await world.add(channels=(CHANNEL, OTHER_CHANNEL))
    assert ((await world.now(added)).next_due_at, (await world.now(added)).next_period) == (FRIDAY_DUE, "2026-07-17")
    assert await world.at(FRIDAY_DUE - timedelta(seconds=1)) == 0
    assert await world.at(FRIDAY_DUE) == 2
    assert await world.at(FRIDAY_DUE) == 0
    rows = await world.rows()
    assert {(d.what, d.channel_id, d.period, d.due_at, d.state) for d in rows} == {
        (added.what, channel, "2026-07-17", FRIDAY_DUE, "due") for channel in (CHANNEL, OTHER_CHANNEL)
    }
    assert (await world.now(added)).next_due_at == FRIDAY_DUE + 7 * DAY


async def test_a_year_swept_now_and_then_gives_each_week_once(world: World) -> None:
    """Daylight saving changes twice in it, and so do two holidays on a Friday."""
    await world.add()
    moment = MONDAY
    while moment < MONDAY + 365 * DAY:
        moment += 83 * HOUR
        await world.at(moment)
    rows = await world.rows()
    weeks = [(MONDAY.date() + timedelta(days=4 + 7 * n)).isoformat() for n in range(52)]
    assert [d.period for d in sorted(rows, key=lambda d: d.period)] == weeks
    moved = {d.period: d.due_at.date().isoformat() for d in rows if d.due_at.date().isoformat() != d.period}
    assert moved == {"2026-12-25": "2026-12-28", "2027-01-01": "2027-01-04", "2027-03-26": "2027-03-29",
                     "2027-06-18": "2027-06-21"}  # fmt: skip


async def test_missed_while_down(world: World) -> None:
    """Down for three weeks: two posts are left out and noted, the last is due as it is within six hours."""
    await world.add()
    await world.at(FRIDAY_DUE + 14 * DAY + 5 * HOUR)
    rows = await world.rows()
    assert [(d.period, d.state, d.reason) for d in rows] == [
        ("2026-07-17", "skipped", reasons.TOO_LATE),
        ("2026-07-24", "skipped", reasons.TOO_LATE),
        ("2026-07-31", "due", None),
    ]


async def test_quiet_hours_put_off(world: World) -> None:
    quiet = GuildSettings(guild_id=GUILD, quiet_from=time(16, 30), quiet_to=time(8))
    await world.community.guilds.save(quiet, BY)
    await world.add()
    await world.at(FRIDAY_DUE)
    (entry,) = await world.rows()
    assert entry.due_at == entry.ready_at == datetime(2026, 7, 18, 12, 0, tzinfo=UTC)
    # missed by day, back at night: it waits for the morning and is late then
    await world.community.guilds.save(replace(quiet, quiet_from=time(17)), BY)
    await world.at(FRIDAY_DUE + 7 * DAY + HOUR)
    latest = (await world.rows())[-1]
    assert latest.due_at == FRIDAY_DUE + 7 * DAY
    assert latest.ready_at == datetime(2026, 7, 25, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("why", ["paused", "left", "blocked", "place"])
async def test_left_out_with_the_reason(world: World, why: str) -> None:
    added = await world.add(request={"fund": "GME"}, channels=(CHANNEL, OTHER_CHANNEL))
    guilds = world.community.guilds
    expected = {
        "paused": [("skipped", reasons.PAUSED)] * 2,
        "left": [("skipped", reasons.BOT_REMOVED)] * 2,
        "blocked": [("skipped", reasons.BLOCKED)] * 2,
        "place": [("due", None)],
    }[why]
    if why == "paused":
        await guilds.save(GuildSettings(guild_id=GUILD, paused_until=FRIDAY_DUE + HOUR), BY)
    elif why == "left":
        await guilds.left(GUILD, MONDAY)
    elif why == "blocked":
        await guilds.block(GUILD, "GME", BY)
    else:
        for _n in range(3):
            await world.community.schedules.failed(added.what, CHANNEL, "no_access", BY)
    await world.at(FRIDAY_DUE)
    assert [(d.state, d.reason) for d in await world.rows()] == expected


async def test_language_and_theme_are_the_channels_else_the_servers(world: World) -> None:
    await world.community.guilds.save(GuildSettings(guild_id=GUILD, language="es"), BY)
    look = ChannelSettings(guild_id=GUILD, channel_id=CHANNEL, language="en", theme="light")
    await world.community.guilds.save_channel(look, BY)
    await world.add(channels=(CHANNEL, OTHER_CHANNEL))
    await world.at(FRIDAY_DUE)
    found = {d.channel_id: (d.language, d.theme) for d in await world.rows()}
    assert found == {CHANNEL: ("en", "light"), OTHER_CHANNEL: ("es", "dark")}


async def test_another_zone_never_posts_a_period_twice(world: World) -> None:
    await world.add()
    await world.at(FRIDAY_DUE)
    west = GuildSettings(guild_id=GUILD, zone="Pacific/Honolulu")  # there it is 10:45, and 16:45 comes again
    await world.community.guilds.save(west, By(ADMIN, FRIDAY_DUE))
    for hours in range(1, 30):
        await world.at(FRIDAY_DUE + hours * HOUR)
    assert [d.period for d in await world.rows()] == ["2026-07-17"]


async def test_edited_after_it_was_posted_it_is_not_posted_again(world: World) -> None:
    added = await world.add()
    await world.at(FRIDAY_DUE)
    later = replace(added, cadence=replace(added.cadence, at=time(18)))
    await world.community.schedules.save(later, By(ADMIN, FRIDAY_DUE))
    await world.at(FRIDAY_DUE + 12 * HOUR)
    assert [d.period for d in await world.rows()] == ["2026-07-17"]
    await world.at(FRIDAY_DUE + 7 * DAY + 2 * HOUR)
    assert [d.period for d in await world.rows()] == ["2026-07-17", "2026-07-24"]


async def test_a_new_calendar_moves_what_follows_it(world: World) -> None:
    added = await world.add(cadence=Cadence(kind="fomc"))
    before = (await world.now(added)).next_period
    assert before == "2026-07-29"
    world.catalogue = replace(world.catalogue, fomc=(datetime(2026, 7, 22, tzinfo=UTC).date(),))
    await world.sweep.replan()
    await world.sweep.run()
    assert (await world.now(added)).next_period == "2026-07-22"
    world.catalogue = replace(world.catalogue, fomc=())
    await world.sweep.replan()
    await world.sweep.run()
    assert (await world.now(added)).next_due_at is None
    await world.at(MONDAY + 13 * HOUR)  # it looks again, and finds nothing still
    assert (await world.now(added)).next_due_at is None


def _minutes(n: int, **changes: Any) -> Schedule:
    at = time(16, n)
    return schedule(content="rotation", cadence=Cadence(kind="weekly", weekdays=(4,), at=at), **changes)


async def test_more_than_the_server_wants_in_an_hour_become_one(world: World) -> None:
    await world.community.guilds.save(GuildSettings(guild_id=GUILD, digest_over=3), BY)
    records = [_minutes(10 * n) for n in range(4)]
    records += [_minutes(30, channels=(OTHER_CHANNEL,)), _minutes(5, destinations=(_dashboard(),))]
    for record in records:
        await world.community.schedules.add(record, BY)
    await world.sweep.run()
    for minute in range(0, 60, 5):
        await world.at(datetime(2026, 7, 17, 20, minute, tzinfo=UTC))
    rows = await world.rows()
    (digest,) = [d for d in rows if d.what == DIGEST]
    members = await world.community.ledger.members(digest.id)
    assert [d.what for d in members] == [record.what for record in records[:4]]
    assert {(d.state, d.reason) for d in members} == {("skipped", reasons.DIGEST)}
    assert (digest.state, digest.channel_id) == ("due", CHANNEL)
    assert digest.due_at == digest.ready_at == datetime(2026, 7, 17, 20, 30, tzinfo=UTC)
    alone = [d for d in rows if d.digest_id is None and d.what != DIGEST]
    assert {d.what for d in alone} == {records[4].what, records[5].what}
    assert {d.state for d in alone} == {"due"}


async def test_a_digest_calls_and_is_published_on_as_its_members_would_be(world: World) -> None:
    """Also as those that fall due after the first: the digest is made when the first of them is."""
    await world.community.guilds.save(GuildSettings(guild_id=GUILD, digest_over=2), BY)
    news = Destination(channel_id=CHANNEL, kind="announcement", crosspost=True, pin=True)
    records = [_minutes(0), _minutes(10, destinations=(news,)), _minutes(20, mention="role", mention_role_id=7)]
    for record in records:
        await world.community.schedules.add(record, BY)
    await world.sweep.run()
    for minute in (0, 10, 20):
        await world.at(datetime(2026, 7, 17, 20, minute, tzinfo=UTC))
    (digest,) = [d for d in await world.rows() if d.what == DIGEST]
    assert len(await world.community.ledger.members(digest.id)) == 3
    target = digest.target
    assert (target.crosspost, target.mention, target.mention_role_id, target.pin) == (True, "role", 7, False)


def _dashboard() -> Destination:
    return Destination(channel_id=CHANNEL, dashboard=True)


async def test_as_many_as_the_server_wants_stay_single(world: World) -> None:
    await world.community.guilds.save(GuildSettings(guild_id=GUILD, digest_over=4), BY)
    for n in range(4):
        await world.community.schedules.add(_minutes(10 * n), BY)
    await world.sweep.run()
    await world.at(FRIDAY_DUE)
    assert {d.what for d in await world.rows()}.isdisjoint({DIGEST})
    await world.community.guilds.save(GuildSettings(guild_id=GUILD, digest_over=None), BY)
    for n in range(4):
        await world.community.schedules.add(_minutes(10 * n + 5), BY)
    await world.sweep.run()
    await world.at(FRIDAY_DUE + 7 * DAY)
    assert {d.what for d in await world.rows()}.isdisjoint({DIGEST})


async def test_what_comes_too_late_for_its_digest_is_posted_by_itself(world: World) -> None:
    await world.community.guilds.save(GuildSettings(guild_id=GUILD, digest_over=1), BY)
    for n in (0, 0):
        await world.community.schedules.add(_minutes(n), BY)
    await world.sweep.run()
    await world.at(datetime(2026, 7, 17, 20, 0, tzinfo=UTC))
    (digest,) = [d for d in await world.rows() if d.what == DIGEST]
    assert digest.ready_at == datetime(2026, 7, 17, 20, 0, tzinfo=UTC)
    claimed = await world.community.ledger.claim(world.clock.at, holder="a", lease_until=world.clock.at + HOUR, limit=5)
    assert [d.id for d in claimed] == [digest.id]
    from bot.community.deliveries import Turn
    from tests.community.examples import due

    straggler = due("schedule:straggler", state="skipped", reason=reasons.DIGEST, digest_id=digest.id)
    await world.community.schedules.turn([Turn("x", world.clock.at, None, None, (straggler,))])
    entered = await world.community.ledger.get(straggler.id)
    assert entered is not None
    assert (entered.state, entered.reason, entered.digest_id) == ("due", None, None)


NIGHT = GuildSettings(guild_id=GUILD, zone="UTC", quiet_from=time(22), quiet_to=time(7), digest_over=2)
MORNING = datetime(2026, 7, 18, 7, 0, tzinfo=UTC)


def _nightly(*times: time, **changes: Any) -> list[Schedule]:
    cadences = [Cadence(kind="weekly", weekdays=(4,) if at.hour > 12 else (5,), at=at) for at in times]
    return [schedule(content="rotation", cadence=cadence, **changes) for cadence in cadences]


async def _over_night(world: World, records: list[Schedule]) -> list[Delivery]:
    """Add schedules, sweep every ten minutes from Friday noon to Saturday's; returns what was entered."""
    for record in records:
        await world.community.schedules.add(record, BY)
    await world.sweep.run()
    for n in range(24 * 6 + 1):
        await world.at(datetime(2026, 7, 17, 12, tzinfo=UTC) + n * HOUR / 6)
    return await world.rows()


async def test_what_a_night_held_back_comes_as_one_digest_in_the_morning(world: World) -> None:
    await world.community.guilds.save(NIGHT, BY)
    records = _nightly(time(22, 30), time(23), time(3), time(7, 30))
    rows = await _over_night(world, [*records, *_nightly(time(21, 0), time(8, 30))])
    (digest,) = [d for d in rows if d.what == DIGEST]
    assert (digest.state, digest.due_at) == ("due", MORNING + HOUR / 2)
    members = await world.community.ledger.members(digest.id)
    assert {d.what for d in members} == {record.what for record in records}
    alone = sorted(d.due_at for d in rows if d.digest_id is None and d.what != DIGEST)
    assert alone == [datetime(2026, 7, 17, 21, 0, tzinfo=UTC), MORNING + 1.5 * HOUR]


async def test_a_quiet_night_with_few_posts_has_no_digest(world: World) -> None:
    await world.community.guilds.save(NIGHT, BY)
    rows = await _over_night(world, _nightly(time(22, 30), time(3)))
    assert [(d.state, d.due_at, d.ready_at) for d in rows] == [("due", MORNING, MORNING)] * 2


async def test_a_digest_never_comes_into_quiet_hours(world: World) -> None:
    """Posts of 21:30 to 21:50 are one; the one of 22:10 waits for the morning by itself."""
    await world.community.guilds.save(NIGHT, BY)
    rows = await _over_night(world, _nightly(time(21, 30), time(21, 40), time(21, 50), time(22, 10)))
    (digest,) = [d for d in rows if d.what == DIGEST]
    assert digest.ready_at == datetime(2026, 7, 17, 21, 50, tzinfo=UTC)
    assert len(await world.community.ledger.members(digest.id)) == 3
    assert [d.ready_at for d in rows if d.digest_id is None and d.what != DIGEST] == [MORNING]


async def test_everything_paused_catches_what_waits_for_the_morning(world: World) -> None:
    await world.community.guilds.save(NIGHT, BY)
    for record in _nightly(time(22, 30), time(3)):
        await world.community.schedules.add(record, BY)
    await world.sweep.run()
    await world.at(datetime(2026, 7, 17, 22, 30, tzinfo=UTC))
    assert [(d.state, d.ready_at) for d in await world.rows()] == [("due", MORNING)]
    await world.community.guilds.save(replace(NIGHT, paused_until=MORNING + DAY), BY)
    await world.at(datetime(2026, 7, 18, 3, 0, tzinfo=UTC))
    assert [(d.state, d.reason) for d in await world.rows()] == [("skipped", reasons.PAUSED)] * 2


async def test_posting_is_woken_while_a_long_sweep_goes_on(world: World) -> None:
    for n in range(150):
        await world.community.schedules.add(schedule(content="rotation", channels=(1000 + n,)), BY)
    entered: list[int] = []

    def woken() -> None:
        entered.append(len(entered))

    sweep = Sweep(world.community, world.clock, lambda: world.catalogue, woken)
    await sweep.run()
    assert entered == []
    world.clock.at = FRIDAY_DUE
    assert await sweep.run() == 150
    assert entered == [0, 1]  # batches of a hundred


async def test_the_next_runs_are_shown_with_quiet_hours(world: World) -> None:
    quiet = GuildSettings(guild_id=GUILD, quiet_from=time(16), quiet_to=time(20))
    runs = next_runs(schedule(), quiet, world.catalogue, MONDAY, 3)
    assert [run.period for run in runs] == ["2026-07-17", "2026-07-24", "2026-07-31"]
    assert runs[0].at == datetime(2026, 7, 18, 0, 0, tzinfo=UTC)


async def test_many_schedules_of_many_servers(world: World) -> None:
    records = [
        schedule(guild_id=GUILD if n % 2 else OTHER_GUILD, content="rotation", channels=(1000 + n,)) for n in range(230)
    ]
    for record in records:
        await world.community.schedules.add(record, BY)
    await world.sweep.run()
    assert await world.at(FRIDAY_DUE) == 230
    assert await world.at(FRIDAY_DUE) == 0
