import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.community.alert_records import AlertSettings
from bot.community.deliveries import Receipt
from bot.community.privacy import guild_tables, person_columns
from bot.community.records import By, ChannelSettings, GuildSettings, Person, Reply
from bot.community.store import Community
from bot.community.tables import metadata
from bot.discord_ui.preferences import LONGEST_HOURS
from bot.jobs import housekeeping
from tests.community.examples import (
    ADMIN,
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

PAGE = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text(encoding="utf-8")
OTHER_ADMIN = 888_000_000_000_000_008
_PERSON = re.compile(r"(^|_)(user|author|owner|member|person|asker|by)(_|$)")


async def _live_a_little(community: Community, guild_id: int, channel_id: int, admin: int) -> None:
    """Put something into every table."""
    by = By(admin, NOW)
    await community.guilds.save(GuildSettings(guild_id=guild_id, owner_user_id=admin), by)
    await community.guilds.save_channel(ChannelSettings(guild_id=guild_id, channel_id=channel_id, theme="light"), by)
    await community.guilds.block(guild_id, "GME", by)
    await community.guilds.block(guild_id, MEMBER, by)
    record = await community.schedules.add(
        schedule(guild_id=guild_id, channels=(channel_id,), author_user_id=admin), by
    )
    await community.schedules.pause(record, by)
    entry = due(record.what, channel_id, guild_id=guild_id)
    await community.ledger.enter([entry])
    (claimed,) = await community.ledger.claim(NOW, holder="a", lease_until=NOW + MINUTE, limit=1)
    await community.ledger.sent(claimed, Receipt(channel_id=channel_id, message_id=guild_id + 1, at=NOW))
    await community.people.save(Person(user_id=admin, language="es"))
    await community.alerts.add(alert(guild_id=guild_id, channel_id=channel_id, author_user_id=admin), by)
    await community.alerts.add(alert(guild_id=guild_id, channel_id=channel_id + 1, user_id=admin), by)
    await community.alerts.save_settings(AlertSettings(guild_id=guild_id, private_allowed=True), by)
    reply = Reply(message_id=guild_id + 2, guild_id=guild_id, channel_id=channel_id, user_id=admin, delete_at=NOW)
    await community.replies.add(reply)
    assert await community.answers.take(guild_id, 5, NOW)


async def _everything(community: Community) -> dict[str, list[str]]:
    """Return every row of every table as text."""
    async with community.database.read() as connection:
        return {
            t.name: [repr(tuple(row)) for row in await connection.execute(select(t))] for t in metadata.sorted_tables
        }


def _holding(rows: dict[str, list[str]], *ids: int) -> set[str]:
    return {name for name, texts in rows.items() for text in texts if any(str(i) in text for i in ids)}


def test_every_table_is_about_a_server_or_a_person() -> None:
    covered = {table.name for table in guild_tables()} | {column.table.name for column, _way in person_columns()}
    assert covered == set(metadata.tables)


def test_every_column_that_may_name_a_person_says_what_happens_to_it() -> None:
    named = {(t.name, c.name) for t in metadata.sorted_tables for c in t.c if _PERSON.search(c.name)}
    said: dict[Any, str] = {(column.table.name, column.name): way for column, way in person_columns()}
    assert set(said) == named
    for way in said.values():
        assert way in {"delete", "forget"} or way.startswith("keep: ")
    forgettable = [column for column, way in person_columns() if way == "forget"]
    assert all(column.nullable for column in forgettable)


async def test_a_forgotten_server_leaves_no_trace_and_others_keep_everything(community: Community) -> None:
    await _live_a_little(community, GUILD, CHANNEL, ADMIN)
    await _live_a_little(community, OTHER_GUILD, OTHER_CHANNEL, OTHER_ADMIN)
    before = await _everything(community)
    assert _holding(before, GUILD, OTHER_GUILD) == {table.name for table in guild_tables()}
    theirs = {name: [text for text in texts if str(OTHER_GUILD) in text] for name, texts in before.items()}

    assert await community.privacy.forget_guild(GUILD) > 8
    after = await _everything(community)
    assert _holding(after, GUILD, CHANNEL) == set()
    assert {name: [t for t in texts if str(OTHER_GUILD) in t] for name, texts in after.items()} == theirs
    assert await community.privacy.forget_guild(GUILD) == 0


async def test_a_forgotten_person_is_named_nowhere(community: Community) -> None:
    await _live_a_little(community, GUILD, CHANNEL, ADMIN)
    await _live_a_little(community, OTHER_GUILD, OTHER_CHANNEL, OTHER_ADMIN)
    before = await _everything(community)
    assert _holding(before, ADMIN) == {"guilds", "schedules", "audit", "people", "replies", "alerts"}
    assert await community.privacy.forget_person(ADMIN) > 5
    after = await _everything(community)
    assert _holding(after, ADMIN) == set()
    assert {name: len(texts) for name, texts in after.items()} == {
        name: len(texts) - (name in {"people", "alerts"}) for name, texts in before.items()
    }
    assert _holding(after, OTHER_ADMIN) == _holding(before, OTHER_ADMIN)
    assert (await community.guilds.get(GUILD)).owner_user_id is None


async def test_a_blocked_person_stays_blocked_when_forgotten(community: Community) -> None:
    await _live_a_little(community, GUILD, CHANNEL, ADMIN)
    await community.privacy.forget_person(MEMBER)
    assert _holding(await _everything(community), MEMBER) == {"blocked_users"}
    assert MEMBER in (await community.guilds.blocks(GUILD)).users


async def test_a_person_sees_what_is_stored(community: Community) -> None:
    await _live_a_little(community, GUILD, CHANNEL, ADMIN)
    mine = await community.privacy.about_person(ADMIN)
    assert set(mine) == {"guilds", "schedules", "audit", "people", "replies", "alerts"}
    assert mine["people"] == [{"user_id": ADMIN, "language": "es"}]
    assert mine["replies"][0]["delete_at"] == NOW.isoformat()
    assert {"before", "after"}.isdisjoint(mine["audit"][0])  # settings as they were may name others
    assert set(await community.privacy.about_person(MEMBER)) == {"blocked_users"}
    assert await community.privacy.about_person(1) == {}


async def test_a_server_sees_what_is_stored(community: Community) -> None:
    await _live_a_little(community, GUILD, CHANNEL, ADMIN)
    ours = await community.privacy.about_guild(GUILD)
    assert set(ours) == {table.name for table in guild_tables()}
    assert ours["guilds"][0]["allowed_channels"] == []
    assert await community.privacy.about_guild(OTHER_GUILD) == {}


async def test_people_choose_and_replies_expire(community: Community) -> None:
    me = Person(user_id=MEMBER, language="es")
    assert await community.people.get(MEMBER) == Person(user_id=MEMBER)
    await community.people.save(replace(me, language="en"))
    await community.people.save(me)
    assert await community.people.get(MEMBER) == me
    await community.people.save(Person(user_id=MEMBER))
    assert await community.privacy.about_person(MEMBER) == {}

    soon = Reply(message_id=5, guild_id=GUILD, channel_id=CHANNEL, user_id=MEMBER, delete_at=NOW + MINUTE)
    stays = replace(soon, message_id=6, delete_at=None)
    await community.replies.add(soon)
    await community.replies.add(stays)
    assert await community.replies.expired(NOW) == []
    assert await community.replies.expired(NOW + timedelta(hours=1)) == [soon]
    await community.replies.forget([5])
    assert await community.replies.expired(NOW + timedelta(hours=1)) == []
    assert await community.replies.forget_older(7) == 1


async def test_the_log_itself_ends(community: Community) -> None:
    await _live_a_little(community, GUILD, CHANNEL, ADMIN)
    assert await community.audit.drop_older(NOW) == 0
    assert await community.audit.drop_older(NOW + MINUTE) == 8
    assert await community.audit.entries(GUILD) == []


async def test_what_was_told_somebody_directly_goes_with_them(community: Community) -> None:
    """The ledger names nobody, but a direct channel is somebody's."""
    direct = CHANNEL + 1
    mine = await community.alerts.add(alert(channel_id=direct, user_id=MEMBER), By(MEMBER, NOW))
    ours = await community.alerts.add(alert(), By(ADMIN, NOW))
    await community.ledger.enter([due(mine.what, direct), due("alert:storm", direct), due(ours.what, CHANNEL)])
    told = (await community.privacy.about_person(MEMBER))["deliveries"]
    assert {row["what"] for row in told} == {mine.what, "alert:storm"}
    assert "deliveries" not in await community.privacy.about_person(ADMIN)
    assert await community.privacy.forget_person(MEMBER) == 3  # the alert and what it said
    assert not _holding(await _everything(community), MEMBER, direct)
    assert [row.what for row in await community.ledger.history(GUILD)] == [ours.what]


async def test_a_server_is_not_shown_what_its_members_watch_privately(community: Community) -> None:
    """Whoever may manage the server may export what is stored about it: not what the bot tells one person alone."""
    direct = CHANNEL + 1
    mine = await community.alerts.add(alert(channel_id=direct, user_id=MEMBER), By(MEMBER, NOW))
    ours = await community.alerts.add(alert(), By(ADMIN, NOW))
    said = {"note": "IWM closed below $290"}
    await community.ledger.enter([due(mine.what, direct, **said), due("alert:storm", direct, **said), due(ours.what)])
    shown = await community.privacy.about_guild(GUILD)
    assert [row["id"] for row in shown["alerts"]] == [ours.id]
    assert [row["what"] for row in shown["deliveries"]] == [ours.what]
    assert not any(str(hidden) in str(shown) for hidden in (MEMBER, direct, mine.id, said["note"]))
    assert await community.ledger.of_schedules(GUILD) == []


async def test_a_private_alert_that_is_removed_leaves_nothing_it_said(community: Community) -> None:
    """Without it nobody could tell any more whose direct channel it was."""
    direct = CHANNEL + 1
    mine = await community.alerts.add(alert(channel_id=direct, user_id=MEMBER), By(MEMBER, NOW))
    ours = await community.alerts.add(alert(), By(ADMIN, NOW))
    await community.ledger.enter([due(mine.what, direct), due("alert:storm", direct), due(ours.what)])
    assert await community.alerts.remove(mine, By(MEMBER, NOW))
    assert not _holding(await _everything(community), MEMBER, direct)
    assert await community.alerts.remove(ours, By(ADMIN, NOW))
    assert [row.what for row in await community.ledger.history(GUILD)] == [ours.what]


async def test_every_server_that_is_known_is_listed_with_whether_it_left(community: Community) -> None:
    await _live_a_little(community, GUILD, CHANNEL, ADMIN)
    await community.alerts.add(alert(guild_id=OTHER_GUILD), By(ADMIN, NOW))  # nothing but an alert
    assert await community.privacy.known_guilds() == {GUILD: False, OTHER_GUILD: False}
    await community.guilds.left(OTHER_GUILD, NOW)
    assert await community.privacy.known_guilds() == {GUILD: False, OTHER_GUILD: True}
    await community.privacy.forget_guild(OTHER_GUILD)
    assert await community.privacy.known_guilds() == {GUILD: False}


@pytest.mark.parametrize(
    ("about", "kept"),
    [
        ("a server's settings", housekeeping.GUILDS_KEPT),
        ("the ledger", housekeeping.HISTORY_KEPT),
        ("the audit log", housekeeping.AUDIT_KEPT),
        ("public answers that go by themselves", timedelta(hours=LONGEST_HOURS)),
    ],
)
def test_the_page_tells_the_periods_that_are_kept(about: str, kept: timedelta) -> None:
    (row,) = [line for line in PAGE.split("\n") if line.startswith(f"| {about}")]
    assert f"{kept.days} days" in row
