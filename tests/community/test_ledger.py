import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.community.deliveries import Delivery, NewDelivery, Part, Receipt, Target
from bot.community.records import GuildSettings
from bot.community.store import Community
from tests.community.examples import BY, CHANNEL, GUILD, MINUTE, NOW, OTHER_CHANNEL, OTHER_GUILD, due

LEASE = timedelta(seconds=30)
RECEIPT = Receipt(channel_id=CHANNEL, message_id=99, at=NOW)


async def _claim(
    community: Community, now: datetime = NOW, *, holder: str = "a", limit: int = 10, per_guild: int = 2
) -> list[Delivery]:
    return await community.ledger.claim(now, holder=holder, lease_until=now + LEASE, limit=limit, per_guild=per_guild)


async def _row(community: Community, entry: NewDelivery) -> Delivery:
    found = await community.ledger.get(entry.id)
    assert found is not None
    return found


async def test_once_for_each_what_channel_and_period(community: Community) -> None:
    entries = [
        due(),
        due(period="2026-07-24"),
        due(channel=OTHER_CHANNEL),
        due("alert:b"),
        due(),
        due(guild_id=OTHER_GUILD),
    ]
    assert await community.ledger.enter(entries) == 4
    assert await community.ledger.enter(entries) == 0
    assert await community.ledger.enter([]) == 0
    assert len(await community.ledger.history(GUILD, limit=100)) == 4


async def test_a_row_comes_back_as_it_was_entered(community: Community) -> None:
    entry = due(
        parts=(Part("rotation", {"window": "6m"}), Part("highs")),
        target=Target(kind="forum", pin=True, tags=(1, 2), mention="role", mention_role_id=7),
        language="es",
        theme="light",
        due_at=NOW,
        ready_at=NOW + MINUTE,
    )
    await community.ledger.enter([entry])
    row = await _row(community, entry)
    for name in ("id", "what", "guild_id", "channel_id", "period", "due_at", "ready_at", "parts", "target", "language"):
        assert getattr(row, name) == getattr(entry, name), name
    assert (row.state, row.attempt, row.may_stand, row.theme) == ("due", 0, False, "light")
    assert await community.ledger.get("nothing") is None


async def test_only_what_is_due_and_ready_is_claimed_and_only_once(community: Community) -> None:
    now, later = due(), due("schedule:b", OTHER_CHANNEL, due_at=NOW + MINUTE)
    skipped = due("schedule:c", 7, state="skipped", reason="holiday")
    await community.ledger.enter([later, now, skipped])
    (claimed,) = await _claim(community)
    assert (claimed.id, claimed.state, claimed.attempt, claimed.holder) == (now.id, "claimed", 1, "a")
    assert (claimed.opened_at, claimed.lease_until, claimed.may_stand) == (NOW, NOW + LEASE, False)
    assert await _claim(community) == []
    assert [d.id for d in await _claim(community, NOW + MINUTE, holder="b")] == [now.id, later.id]
    assert (await community.ledger.counts()) == {"claimed": 2, "skipped": 1}


async def test_one_at_a_time_and_in_order_in_each_channel(community: Community) -> None:
    first, second = due(due_at=NOW - MINUTE), due("schedule:b")
    await community.ledger.enter([second, first])
    (claimed,) = await _claim(community)
    assert claimed.id == first.id
    assert await _claim(community) == []
    assert await community.ledger.sent(claimed, RECEIPT)
    assert [d.id for d in await _claim(community)] == [second.id]


async def test_no_server_takes_all_the_places(community: Community) -> None:
    many = [due("schedule:many", channel, due_at=NOW - MINUTE) for channel in range(1, 21)]
    other = due("schedule:one", 77, guild_id=OTHER_GUILD)
    await community.ledger.enter([*many, other])
    claimed = await _claim(community, limit=10, per_guild=3)
    assert sorted(d.guild_id for d in claimed) == [GUILD] * 3 + [OTHER_GUILD]
    busy = await community.ledger.claim(NOW, holder="a", lease_until=NOW + LEASE, limit=10, per_guild=3, busy={GUILD})
    assert busy == []
    assert len(await _claim(community, limit=2, per_guild=5)) == 2


async def test_an_abandoned_claim_is_taken_over_and_the_old_holder_is_too_late(community: Community) -> None:
    entry = due()
    await community.ledger.enter([entry])
    (mine,) = await _claim(community)
    after = NOW + LEASE
    (theirs,) = await _claim(community, after, holder="b")
    assert (theirs.attempt, theirs.opened_at, theirs.may_stand) == (2, NOW, True)
    assert not await community.ledger.sent(mine, RECEIPT)
    assert not await community.ledger.close(mine, "failed", "x")
    assert not await community.ledger.retry(mine, after, "x")
    assert await community.ledger.renew([mine], after + LEASE) == set()
    assert await community.ledger.renew([theirs, mine], after + LEASE) == {entry.id}
    assert await community.ledger.renew([], after) == set()
    assert await community.ledger.sent(theirs, RECEIPT)
    assert (await _row(community, entry)).state == "sent"
    assert await _claim(community, after + 10 * LEASE) == []


async def test_at_start_a_holder_lets_go_of_its_own_claims_only(community: Community) -> None:
    mine, theirs = due(), due("schedule:b", OTHER_CHANNEL, guild_id=OTHER_GUILD)
    await community.ledger.enter([mine])
    await _claim(community, holder="a")
    await community.ledger.enter([theirs])
    await _claim(community, holder="b")
    assert await community.ledger.reclaim("a", NOW) == 1
    (again,) = await _claim(community, holder="a")
    assert (again.id, again.may_stand) == (mine.id, True)


async def test_an_open_outcome_is_remembered_and_a_clean_one_forgotten(community: Community) -> None:
    entry = due()
    await community.ledger.enter([entry])
    (first,) = await _claim(community)
    assert await community.ledger.postpone(first, NOW + MINUTE, "unavailable")
    assert await _claim(community) == []
    (second,) = await _claim(community, NOW + MINUTE)
    assert (second.attempt, second.may_stand, second.opened_at) == (2, False, NOW + MINUTE)
    assert await community.ledger.retry(second, NOW + 2 * MINUTE, "unreachable", "503")
    row = await _row(community, entry)
    assert (row.state, row.reason, row.note, row.lease_until) == ("retry", "unreachable", "503", None)
    (third,) = await _claim(community, NOW + 2 * MINUTE)
    assert (third.attempt, third.may_stand, third.opened_at) == (3, True, NOW + MINUTE)


async def test_what_was_posted_stays_known(community: Community) -> None:
    entry = due()
    await community.ledger.enter([entry])
    (claimed,) = await _claim(community)
    receipt = replace(
        RECEIPT,
        late=True,
        unfinished=True,
        asked=(Part("weekly", {"as_of": "2026-07-17"}),),
        shown={"week": 0.012},
        as_of=NOW.date(),
        version="v1",
    )
    assert await community.ledger.sent(claimed, receipt)
    row = await _row(community, entry)
    assert (row.state, row.message_id, row.posted_channel_id, row.sent_at) == ("sent", 99, CHANNEL, NOW)
    assert (row.late, row.unfinished, row.asked, row.shown) == (True, True, receipt.asked, {"week": 0.012})
    assert (row.as_of, row.version, row.holder) == (NOW.date(), "v1", None)
    with pytest.raises(ValueError, match="not an end"):
        await community.ledger.close(claimed, "due", "x")


async def test_pings_are_capped_for_a_server_and_a_day(community: Community) -> None:
    entries = [due("schedule:p", channel, period="1") for channel in (1, 2, 3)]
    await community.ledger.enter([*entries, due("schedule:p", 4, guild_id=OTHER_GUILD)])
    rows = [await _row(community, entry) for entry in entries]
    midnight = NOW - timedelta(hours=16)
    granted = await asyncio.gather(*(community.ledger.mention(row, midnight, 2) for row in rows))
    assert sorted(granted) == [False, True, True]
    holder = rows[granted.index(True)]
    assert await community.ledger.mention(holder, midnight, 2)  # the same post asks again after a crash
    assert await community.ledger.mention(rows[granted.index(False)], NOW + MINUTE, 2)  # another day


async def test_old_rows_go_and_open_ones_stay(community: Community) -> None:
    done, waiting = due(), due("schedule:b", OTHER_CHANNEL)
    await community.ledger.enter([done])
    (claimed,) = await _claim(community)
    await community.ledger.sent(claimed, RECEIPT)
    await community.ledger.enter([waiting])
    assert await community.ledger.drop_older(NOW) == 0
    assert await community.ledger.drop_older(NOW + MINUTE) == 1
    assert [d.id for d in await community.ledger.history(GUILD)] == [waiting.id]


async def test_history_is_newest_first_and_filtered(community: Community) -> None:
    entries = [due(period=str(n), due_at=NOW + n * MINUTE) for n in range(5)]
    await community.ledger.enter([*entries, due("alert:x", OTHER_CHANNEL)])
    newest = await community.ledger.history(GUILD, what="schedule:a", limit=3)
    assert [d.period for d in newest] == ["4", "3", "2"]
    assert [d.what for d in await community.ledger.history(GUILD, channel_id=OTHER_CHANNEL)] == ["alert:x"]
    assert await community.ledger.history(OTHER_GUILD) == []


async def test_a_digest_knows_its_members(community: Community) -> None:
    digest = due("digest", due_at=NOW + 10 * MINUTE)
    members = [due(f"schedule:{n}", state="skipped", reason="digest", digest_id=digest.id, due_at=NOW + n * MINUTE)
               for n in (2, 1)]  # fmt: skip
    await community.ledger.enter([digest, *members])
    assert [d.what for d in await community.ledger.members(digest.id)] == ["schedule:1", "schedule:2"]
    assert await community.ledger.open_digests([CHANNEL, OTHER_CHANNEL], NOW) == {CHANNEL: digest.id}
    assert await community.ledger.open_digests([CHANNEL], NOW + 11 * MINUTE) == {}


async def test_two_processes_never_hold_the_same_row(migrated_url: str) -> None:
    async with Community(migrated_url) as one, Community(migrated_url) as two:
        await one.ledger.enter([due("schedule:x", n, guild_id=n) for n in range(1, 121)])

        async def work(community: Community, holder: str) -> list[str]:
            mine: list[str] = []
            while claimed := await _claim(community, holder=holder, limit=7):
                mine += [d.id for d in claimed]
            return mine

        first, second = await asyncio.gather(work(one, "one"), work(two, "two"))
    assert len(first) + len(second) == 120
    assert not set(first) & set(second)
    assert first or second
    if migrated_url.startswith("postgresql"):  # SQLite makes one wait as long as the other goes on
        assert first
        assert second


async def _paused(community: Community, until: datetime, guild_id: int = GUILD) -> None:
    await community.guilds.save(GuildSettings(guild_id=guild_id, paused_until=until), BY)


async def test_nothing_of_a_paused_server_is_claimed(community: Community) -> None:
    ours, theirs = due(), due(channel=OTHER_CHANNEL, guild_id=OTHER_GUILD)
    await community.ledger.enter([ours, theirs])
    await _paused(community, NOW + 2 * MINUTE)
    assert [d.id for d in await _claim(community)] == [theirs.id]
    assert {d.id for d in await _claim(community, NOW + 2 * MINUTE)} == {ours.id, theirs.id}


async def test_what_would_be_posted_during_a_pause_is_left_out(community: Community) -> None:
    """Rows that wait already, whatever they wait for, not what comes after; those under way are told to end here."""
    under_way = due("schedule:under way")
    await community.ledger.enter([under_way])
    (claimed,) = await _claim(community)
    waiting = due("schedule:quiet", ready_at=NOW + 5 * MINUTE)
    after = due("alert:after", due_at=NOW + 60 * MINUTE)
    elsewhere = due("schedule:elsewhere", OTHER_CHANNEL, guild_id=OTHER_GUILD)
    await community.ledger.enter([waiting, after, elsewhere])
    await _paused(community, NOW + 60 * MINUTE)
    await _paused(community, NOW - MINUTE, OTHER_GUILD)  # over by now
    assert await community.ledger.leave_out_paused(NOW) == 2
    assert await community.ledger.leave_out_paused(NOW) == 0
    states = {entry.what: await _row(community, entry) for entry in (under_way, waiting, after, elsewhere)}
    assert {what: (d.state, d.reason) for what, d in states.items()} == {
        "schedule:under way": ("claimed", "paused"),
        "schedule:quiet": ("skipped", "paused"),
        "alert:after": ("due", None),
        "schedule:elsewhere": ("due", None),
    }
    assert await community.ledger.sent(claimed, RECEIPT)
    assert (await _row(community, under_way)).reason is None  # it was on its way: it stands


async def test_leases_are_renewed_of_ones_own_attempts_alone(community: Community) -> None:
    await community.ledger.enter([due(channel=CHANNEL + n, guild_id=n) for n in range(3)])
    held = await _claim(community)
    later = NOW + LEASE + MINUTE
    assert await community.ledger.renew([], later) == set()
    foreign = replace(held[0], attempt=7)
    assert await community.ledger.renew([foreign, *held[1:]], later) == {d.id for d in held[1:]}
    taken_over = await _claim(community, NOW + LEASE, holder="b")
    assert [d.id for d in taken_over] == [held[0].id]
    assert await community.ledger.renew(held, later) == {d.id for d in held[1:]}
