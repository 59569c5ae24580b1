from dataclasses import replace
from datetime import time, timedelta

from bot.community.records import Blocks, ChannelSettings, GuildSettings
from bot.community.store import Community
from tests.community.examples import (
    ADMIN,
    BY,
    CHANNEL,
    GUILD,
    MEMBER,
    MINUTE,
    NOW,
    OTHER_CHANNEL,
    OTHER_GUILD,
    alert,
    schedule,
)

FULL = GuildSettings(
    guild_id=GUILD,
    zone="Asia/Kathmandu",
    language="es",
    theme="light",
    allowed_channels=(CHANNEL, OTHER_CHANNEL),
    admin_roles=(9,),
    mention_role_id=8,
    mentions_per_day=2,
    hourly_cap=30,
    auto_delete_hours=12,
    quiet_from=time(22, 30),
    quiet_to=time(6),
    paused_until=NOW + timedelta(days=1),
    log_channel_id=OTHER_CHANNEL,
    log_role_id=7,
    digest_over=None,
    owner_user_id=ADMIN,
)


async def test_defaults_until_something_is_set(community: Community) -> None:
    assert await community.guilds.get(GUILD) == GuildSettings(guild_id=GUILD)
    await community.guilds.save(FULL, BY)
    assert await community.guilds.get(GUILD) == FULL
    both = await community.guilds.several([GUILD, OTHER_GUILD])
    assert both == {GUILD: FULL, OTHER_GUILD: GuildSettings(guild_id=OTHER_GUILD)}


async def test_every_change_is_audited_with_before_after_and_who(community: Community) -> None:
    await community.guilds.save(FULL, BY)
    await community.guilds.save(FULL, BY)  # nothing new: no entry
    await community.guilds.save(replace(FULL, theme="dark"), BY)
    newest, first = await community.audit.entries(GUILD)
    assert (first.before["zone"], first.after["zone"]) == ("America/New_York", "Asia/Kathmandu")
    assert (newest.before["theme"], newest.after["theme"]) == ("light", "dark")
    assert (newest.user_id, newest.at, newest.action, newest.subject) == (ADMIN, NOW, "changed", "settings")


async def test_another_zone_has_schedules_planned_anew(community: Community) -> None:
    added = await community.schedules.add(schedule(), BY)
    await community.schedules.plan([replace(added, next_due_at=NOW + MINUTE, next_period="x")], again_at=NOW)
    await community.guilds.save(replace(FULL, zone="America/New_York", theme="dark"), BY)
    replanned_by_first_settings = await community.schedules.unplanned(NOW, 10)
    await community.schedules.plan([replace(added, next_due_at=NOW + MINUTE, next_period="x")], again_at=NOW)
    await community.guilds.save(replace(FULL, zone="America/New_York"), BY)
    assert await community.schedules.unplanned(NOW, 10) == []
    await community.guilds.save(FULL, BY)
    assert [s.id for s in await community.schedules.unplanned(NOW, 10)] == [added.id]
    assert [s.id for s in replanned_by_first_settings] == [added.id]


async def test_a_channel_may_differ(community: Community) -> None:
    quiet = ChannelSettings(guild_id=GUILD, channel_id=CHANNEL, command_mode="off", allowed_commands=("highs",))
    assert await community.guilds.channel(GUILD, CHANNEL) == ChannelSettings(guild_id=GUILD, channel_id=CHANNEL)
    await community.guilds.save_channel(quiet, BY)
    await community.guilds.save_channel(quiet, BY)
    assert await community.guilds.channel(GUILD, CHANNEL) == quiet
    assert await community.guilds.channels(GUILD) == [quiet]
    assert await community.guilds.channels(OTHER_GUILD) == []
    assert await community.guilds.looks([CHANNEL, OTHER_CHANNEL]) == {CHANNEL: quiet}
    assert [e.subject for e in await community.audit.entries(GUILD)] == [f"channel:{CHANNEL}"]


async def test_blocks_of_people_and_symbols(community: Community) -> None:
    assert await community.guilds.block(GUILD, MEMBER, BY)
    assert not await community.guilds.block(GUILD, MEMBER, BY)
    assert await community.guilds.block(GUILD, "GME", BY)
    assert await community.guilds.blocks(GUILD) == Blocks(frozenset({MEMBER}), frozenset({"GME"}))
    assert await community.guilds.blocks(OTHER_GUILD) == Blocks()
    assert await community.guilds.blocked_symbols([GUILD, OTHER_GUILD]) == {GUILD: {"GME"}, OTHER_GUILD: frozenset()}
    assert await community.guilds.unblock(GUILD, "GME", BY)
    assert not await community.guilds.unblock(GUILD, "GME", BY)
    assert await community.guilds.blocks(GUILD) == Blocks(frozenset({MEMBER}))


async def test_leaving_is_noted_and_coming_back_clears_it(community: Community) -> None:
    await community.guilds.save(FULL, BY)
    await community.guilds.left(GUILD, NOW)
    await community.guilds.left(OTHER_GUILD, NOW)  # never set anything: still to be forgotten
    assert await community.guilds.left_before(NOW) == []
    assert sorted(await community.guilds.left_before(NOW + MINUTE)) == [GUILD, OTHER_GUILD]
    await community.guilds.joined(GUILD)
    assert await community.guilds.left_before(NOW + MINUTE) == [OTHER_GUILD]
    assert await community.guilds.get(GUILD) == FULL


async def test_the_roles_that_anything_calls(community: Community) -> None:
    """Of every server at once: at the start each of them is compared with what is there."""
    await community.guilds.save(FULL, BY)
    await community.schedules.add(schedule(guild_id=OTHER_GUILD, mention="role", mention_role_id=21), BY)
    await community.schedules.add(schedule(mention="role"), BY)  # the server's own
    await community.alerts.add(alert(mention_role_id=22), BY)
    assert await community.guilds.pinged_roles() == {GUILD: {7, 8, 22}, OTHER_GUILD: {21}}
