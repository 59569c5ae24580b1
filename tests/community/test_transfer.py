import json
from dataclasses import replace
from datetime import time

import pytest

from bot.community.records import By, Cadence, ChannelSettings, Destination, GuildSettings
from bot.community.store import Community
from bot.community.transfer import Difference, as_file, channels_named, differences, from_file
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
    schedule,
)

THEIR_CHANNEL = 777_000_000_000_000_007
LATER = By(ADMIN, NOW + MINUTE)


async def _set_up(community: Community) -> None:
    settings = GuildSettings(
        guild_id=GUILD,
        zone="Europe/Paris",
        admin_roles=(9,),
        allowed_channels=(CHANNEL,),
        log_channel_id=OTHER_CHANNEL,
        owner_user_id=ADMIN,
    )
    await community.guilds.save(settings, BY)
    await community.guilds.save_channel(ChannelSettings(guild_id=GUILD, channel_id=CHANNEL, language="es"), BY)
    await community.guilds.block(GUILD, "GME", BY)
    await community.guilds.block(GUILD, MEMBER, BY)
    places = (
        Destination(channel_id=CHANNEL, kind="forum", tags=(4,), failures=2),
        Destination(channel_id=OTHER_CHANNEL),
    )
    await community.schedules.add(schedule(destinations=places, mention="role", mention_role_id=9), BY)
    await community.schedules.add(schedule(content="highs", channels=(OTHER_CHANNEL,)), LATER)


async def test_a_file_put_into_its_own_server_changes_nothing(community: Community) -> None:
    await _set_up(community)
    now = await community.transfer.current(GUILD)
    file = json.loads(json.dumps(as_file(now)))
    same = {channel: channel for channel in channels_named(file)}
    again = from_file(file, now.settings, same, LATER)
    assert set(same) == {CHANNEL, OTHER_CHANNEL}
    assert [d.field for d in differences(now, again)] == ["destinations"]  # failures start afresh
    entries = len(await community.audit.entries(GUILD))
    await community.transfer.apply(again, LATER)
    await community.transfer.apply(again, LATER)
    assert len(await community.audit.entries(GUILD)) == entries + 1


async def test_no_person_is_named_in_the_file(community: Community) -> None:
    await _set_up(community)
    text = json.dumps(as_file(await community.transfer.current(GUILD)))
    assert str(ADMIN) not in text
    assert str(MEMBER) not in text


async def test_a_clone_maps_channels_and_leaves_roles_behind(community: Community) -> None:
    await _set_up(community)
    await community.guilds.block(OTHER_GUILD, "AMC", BY)
    gone = await community.schedules.add(schedule(guild_id=OTHER_GUILD, channels=(THEIR_CHANNEL,)), BY)
    file = as_file(await community.transfer.current(GUILD))
    current = await community.guilds.get(OTHER_GUILD)
    wanted = from_file(file, current, {CHANNEL: THEIR_CHANNEL}, LATER)
    assert wanted.dropped == (OTHER_CHANNEL,)
    await community.transfer.apply(wanted, LATER)

    theirs = await community.transfer.current(OTHER_GUILD)
    assert theirs.settings == GuildSettings(
        guild_id=OTHER_GUILD, zone="Europe/Paris", allowed_channels=(THEIR_CHANNEL,)
    )
    assert [(c.channel_id, c.language) for c in theirs.channels] == [(THEIR_CHANNEL, "es")]
    (copied,) = theirs.schedules
    assert copied.destinations == (Destination(channel_id=THEIR_CHANNEL, kind="forum"),)
    assert (copied.mention, copied.content, copied.author_user_id) == ("none", "weekly", ADMIN)
    assert copied.id not in {s.id for s in await community.schedules.of_guild(GUILD)} | {gone.id}
    assert theirs.blocked_symbols == ("GME",)
    assert len(await community.schedules.of_guild(GUILD)) == 2


async def test_the_difference_is_shown_first(community: Community) -> None:
    await _set_up(community)
    now = await community.transfer.current(GUILD)
    changed = replace(
        now,
        settings=replace(now.settings, theme="light"),
        schedules=(replace(now.schedules[0], cadence=Cadence(kind="session", at=time(18))),),
        blocked_symbols=("GME", "AMC"),
    )
    found = differences(now, changed)
    assert found[0] == Difference("settings", "theme", "dark", "light")
    assert Difference("block:AMC", "blocked", None, "AMC") in found
    assert {d.subject for d in found} == {
        "settings", "block:AMC", f"schedule:{now.schedules[0].id}", f"schedule:{now.schedules[1].id}",
    }  # fmt: skip
    removed = {d.field: d for d in found if d.subject == f"schedule:{now.schedules[1].id}"}
    assert (removed["content"].before, removed["content"].after) == ("highs", None)


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ({}, "format"),
        ({"format": 2}, "format"),
        ({"format": 1, "settings": {"zone": "Mars"}}, "Mars"),
        ({"format": 1, "settings": {"mentions_per_day": "many"}}, "mentions_per_day"),
        ({"format": 1, "schedules": [{"content": "weekly"}]}, "cadence"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused(file: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        from_file(file, GuildSettings(guild_id=GUILD), {}, BY)


async def test_undo_goes_back_one_change_at_a_time(community: Community) -> None:
    first = GuildSettings(guild_id=GUILD, theme="light")
    await community.guilds.save(first, BY)
    added = await community.schedules.add(schedule(), BY)
    edited = replace(added, request={"fund": "VB"})
    await community.schedules.save(edited, BY)
    await community.guilds.block(GUILD, "GME", BY)
    await community.guilds.unblock(GUILD, "GME", BY)
    await community.guilds.save_channel(ChannelSettings(guild_id=GUILD, channel_id=CHANNEL, theme="light"), BY)
    await community.schedules.remove(edited, BY)

    async def state() -> tuple[list[dict[str, object]], bool, int, str]:
        schedules = [dict(s.request) for s in await community.schedules.of_guild(GUILD)]
        blocks = "GME" in (await community.guilds.blocks(GUILD)).symbols
        looks = [c for c in await community.guilds.channels(GUILD) if c.theme == "light"]
        return schedules, blocks, len(looks), (await community.guilds.get(GUILD)).theme

    seen = [await state()]
    while await community.undo.last(GUILD, LATER) is not None:
        seen.append(await state())
    assert seen == [
        ([], False, 1, "light"),
        ([{"fund": "VB"}], False, 1, "light"),
        ([{"fund": "VB"}], False, 0, "light"),
        ([{"fund": "VB"}], True, 0, "light"),
        ([{"fund": "VB"}], False, 0, "light"),
        ([{}], False, 0, "light"),
        ([], False, 0, "light"),
        ([], False, 0, "dark"),
    ]
    undone = [e for e in await community.audit.entries(GUILD) if e.action == "undone"]
    assert len(undone) == 7
    assert {e.at for e in undone} == {LATER.at}
