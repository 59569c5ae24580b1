import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from bot.alerts.columns import State
from bot.alerts.rule import Rule
from bot.community.alert_records import AlertSettings
from bot.community.records import By, Cadence, ChannelSettings, Destination, GuildSettings
from bot.community.setup_file import FORMAT, Newer, Setup, as_file, channels_named, from_file
from bot.community.store import Community
from bot.community.transfer import Difference, differences
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

THEIR_CHANNEL = 777_000_000_000_000_007
HIGHS = Rule(indicator="highs.gap", condition="new_high")
EMPTY = Setup(settings=GuildSettings(guild_id=GUILD), alert_settings=AlertSettings(guild_id=GUILD))
TWICE = {"id": "00000000000000aa", "channel_id": CHANNEL, "rule": HIGHS.plain()}
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
    await community.alerts.add(alert(mention_role_id=9, author_user_id=ADMIN), BY)
    await community.alerts.add(alert(rule=HIGHS, channel_id=OTHER_CHANNEL), LATER)
    await community.alerts.add(alert(channel_id=MEMBER + 1, user_id=MEMBER), LATER)  # nobody else's business
    await community.alerts.save_settings(AlertSettings(guild_id=GUILD, private_allowed=True, per_hour=3), BY)


async def test_a_file_put_into_its_own_server_changes_nothing(community: Community) -> None:
    await _set_up(community)
    now = await community.transfer.current(GUILD)
    file = json.loads(json.dumps(as_file(now)))
    same = {channel: channel for channel in channels_named(file)}
    again = from_file(file, now, same, LATER)
    assert set(same) == {CHANNEL, OTHER_CHANNEL}
    assert differences(now, again) == []
    entries = len(await community.audit.entries(GUILD))
    await community.transfer.apply(again, LATER)
    await community.transfer.apply(again, LATER)
    assert len(await community.audit.entries(GUILD)) == entries
    assert await community.transfer.current(GUILD) == now


async def test_no_person_is_named_in_the_file(community: Community) -> None:
    await _set_up(community)
    text = json.dumps(as_file(await community.transfer.current(GUILD)))
    assert str(ADMIN) not in text
    assert str(MEMBER) not in text
    assert len(as_file(await community.transfer.current(GUILD))["alerts"]) == 2


async def test_a_clone_maps_channels_and_leaves_roles_behind(community: Community) -> None:
    await _set_up(community)
    await community.guilds.block(OTHER_GUILD, "AMC", BY)
    gone = await community.schedules.add(schedule(guild_id=OTHER_GUILD, channels=(THEIR_CHANNEL,)), BY)
    file = as_file(await community.transfer.current(GUILD))
    current = await community.transfer.current(OTHER_GUILD)
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
    (watching,) = theirs.alerts
    assert (watching.channel_id, watching.mention_role_id, watching.author_user_id) == (THEIR_CHANNEL, None, ADMIN)
    assert watching.rule == alert().rule
    assert watching.id not in {one.id for one in await community.alerts.of_guild(GUILD)}
    assert theirs.alert_settings == AlertSettings(guild_id=OTHER_GUILD, private_allowed=True, per_hour=3)
    assert len(await community.schedules.of_guild(GUILD)) == 2
    assert len(await community.alerts.of_guild(GUILD)) == 2


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
        ({"format": 1, "alerts": [{"channel_id": CHANNEL, "rule": {"indicator": "x"}}]}, "condition"),
        ({"format": 1, "alerts": [{"channel_id": CHANNEL, "rule": HIGHS.plain(), "state": "draft"}]}, "draft"),
        ({"format": 1, "guild": GUILD, "alerts": [TWICE, TWICE]}, "twice"),
        ({"format": 1, "alert_settings": {"per_hour": "all"}}, "per_hour"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused(file: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        from_file(file, EMPTY, {CHANNEL: CHANNEL}, BY)


async def test_what_a_file_does_not_speak_of_stays(community: Community) -> None:
    """Files of an earlier version know no alerts: taking one in must not end those that are there."""
    await _set_up(community)
    now = await community.transfer.current(GUILD)
    old = {"format": 1, "guild": GUILD, "settings": {"theme": "light"}}
    wanted = from_file(old, now, {}, LATER)
    assert [(d.subject, d.field) for d in differences(now, wanted)] == [("settings", "theme")]


async def test_what_is_taken_in_is_what_was_shown(community: Community) -> None:
    """Whatever the difference names is done, and nothing else: afterwards there is no difference left."""
    await _set_up(community)
    file = as_file(await community.transfer.current(GUILD))
    await community.guilds.save_channel(
        ChannelSettings(guild_id=GUILD, channel_id=OTHER_CHANNEL, command_mode="off"), LATER
    )
    first, second = await community.alerts.of_guild(GUILD)
    await community.alerts.pause(first, LATER)
    await community.alerts.remove(second, LATER)
    await community.alerts.add(alert(channel_id=OTHER_CHANNEL), LATER)
    await community.schedules.remove((await community.schedules.of_guild(GUILD))[0], LATER)
    await community.alerts.save_settings(AlertSettings(guild_id=GUILD), LATER)

    now = await community.transfer.current(GUILD)
    wanted = from_file(file, now, {CHANNEL: CHANNEL, OTHER_CHANNEL: OTHER_CHANNEL}, LATER)
    changed = {d.subject.partition(":")[0] for d in differences(now, wanted)}
    assert changed == {"channel", "schedule", "alert", "alert_settings"}
    await community.transfer.apply(wanted, LATER)
    after = await community.transfer.current(GUILD)
    assert differences(after, wanted) == []
    assert {one.id: one.state for one in after.alerts} == {first.id: "active", second.id: "active"}
    assert [c.channel_id for c in after.channels] == [CHANNEL]


async def test_an_alert_whose_rule_stays_goes_on_from_where_it_stood(community: Community) -> None:
    standing = State(armed=True, run=2, through=739_000)
    added = await community.alerts.add(alert(standing=standing, per_year=2.5), BY)
    file = as_file(await community.transfer.current(GUILD))
    (plain,) = file["alerts"]
    moved = {**file, "alerts": [{**plain, "channel_id": OTHER_CHANNEL}]}
    anew = {**file, "alerts": [{**plain, "rule": HIGHS.plain()}]}
    channels = {CHANNEL: CHANNEL, OTHER_CHANNEL: OTHER_CHANNEL}
    await community.transfer.apply(from_file(moved, await community.transfer.current(GUILD), channels, LATER), LATER)
    stored = await community.alerts.get(added.id)
    assert stored is not None
    assert (stored.channel_id, stored.standing, stored.per_year) == (OTHER_CHANNEL, standing, 2.5)
    wanted = from_file(anew, await community.transfer.current(GUILD), channels, LATER)
    fresh = State(through=740_000)
    await community.transfer.apply(
        replace(wanted, alerts=tuple(replace(one, standing=fresh) for one in wanted.alerts)), LATER
    )
    stored = await community.alerts.get(added.id)
    assert stored is not None
    assert (stored.rule, stored.standing) == (HIGHS, fresh)


async def test_a_file_cannot_lay_hands_on_another_servers_things(community: Community) -> None:
    """Ids in a file are only words: one that belongs to another server is not taken from it."""
    theirs = await community.schedules.add(schedule(guild_id=OTHER_GUILD, channels=(THEIR_CHANNEL,)), BY)
    watched = await community.alerts.add(alert(guild_id=OTHER_GUILD, channel_id=THEIR_CHANNEL), BY)
    await community.schedules.add(schedule(), BY)
    await community.alerts.add(alert(), BY)
    file = as_file(await community.transfer.current(GUILD))
    file["schedules"][0]["id"], file["alerts"][0]["id"] = theirs.id, watched.id
    wanted = from_file(file, await community.transfer.current(GUILD), {CHANNEL: CHANNEL}, LATER)
    await community.transfer.apply(wanted, LATER)
    assert await community.schedules.of_guild(OTHER_GUILD) == [theirs]
    assert [one.id for one in await community.alerts.of_guild(OTHER_GUILD)] == [watched.id]
    (ours,) = await community.schedules.of_guild(GUILD)
    assert ours.id != theirs.id
    assert [one.id for one in await community.alerts.of_guild(GUILD)] != [watched.id]


@pytest.mark.parametrize(
    "smuggled",
    [
        {"created_at": "2020-01-01T00:00:00"},
        {"next_due_at": "2020-01-01T00:00:00+00:00", "next_period": "x"},
        {"notice_pending": True, "reason": "refused"},
        {"author_user_id": MEMBER, "guild_id": OTHER_GUILD},
    ],
)
async def test_what_is_the_bots_own_cannot_be_smuggled_in(community: Community, smuggled: dict[str, object]) -> None:
    made = {
        "content": "weekly",
        "cadence": {"kind": "session"},
        "destinations": [{"channel_id": CHANNEL, "failures": 2, "paused_reason": "refused"}],
    }
    now = await community.transfer.current(GUILD)
    wanted = from_file({"format": 1, "schedules": [{**made, **smuggled}]}, now, {CHANNEL: CHANNEL}, LATER)
    await community.transfer.apply(wanted, LATER)
    (stored,) = await community.schedules.of_guild(GUILD)
    assert (stored.created_at, stored.next_due_at, stored.next_period) == (LATER.at, None, None)
    assert (stored.notice_pending, stored.reason, stored.author_user_id) == (False, None, ADMIN)
    assert stored.destinations == (Destination(channel_id=CHANNEL),)
    assert await community.schedules.of_guild(OTHER_GUILD) == []


async def test_one_act_is_taken_back_whole_and_only_once(community: Community) -> None:
    await community.guilds.save(GuildSettings(guild_id=GUILD, theme="light"), BY)
    before = await community.transfer.current(GUILD)
    together = By(ADMIN, NOW, "one act")
    await community.guilds.save(GuildSettings(guild_id=GUILD, zone="Asia/Tokyo"), together)
    added = await community.schedules.add(schedule(), together)
    await community.schedules.save(replace(added, content="highs"), together)
    await community.guilds.block(GUILD, "GME", together)
    await community.alerts.add(alert(), together)
    taken = await community.undo.last(GUILD, LATER)
    assert [entry.action for entry in taken] == ["added", "added", "changed", "added", "changed"]
    assert await community.transfer.current(GUILD) == before
    taken = await community.undo.last(GUILD, LATER)
    assert [entry.subject for entry in taken] == ["settings"]
    assert await community.undo.last(GUILD, LATER) == []


async def test_two_who_take_back_at_once_take_back_one_act(community: Community) -> None:
    await community.guilds.save(GuildSettings(guild_id=GUILD, theme="light"), BY)
    await community.guilds.save(GuildSettings(guild_id=GUILD, theme="light", zone="Asia/Tokyo"), BY)
    entries = await community.audit.last_act(GUILD)
    assert await community.audit.mark_undone(entries, LATER)
    assert not await community.audit.mark_undone(entries, LATER)
    assert [e.action for e in await community.audit.entries(GUILD)].count("undone") == 1


async def test_the_log_is_filtered_by_person_kind_age_and_place(community: Community) -> None:
    await community.guilds.save(GuildSettings(guild_id=GUILD, theme="light"), BY)
    await community.guilds.block(GUILD, "GME", By(MEMBER, NOW + MINUTE))
    await community.alerts.add(alert(), By(MEMBER, NOW + 2 * MINUTE))
    await community.alerts.save_settings(AlertSettings(guild_id=GUILD, per_hour=3), By(ADMIN, NOW + 3 * MINUTE))
    log = community.audit

    async def subjects(**wanted: Any) -> list[str]:
        return [entry.subject.partition(":")[0] for entry in await log.entries(GUILD, **wanted)]

    everything = ["alert_settings", "alert", "block", "settings"]
    assert await subjects() == everything
    assert await subjects(user_id=MEMBER) == ["alert", "block"]
    assert await subjects(subject="alert") == ["alert_settings", "alert"]
    assert await subjects(since=NOW + 2 * MINUTE) == ["alert_settings", "alert"]
    assert await subjects(user_id=MEMBER, since=NOW + 2 * MINUTE) == ["alert"]
    newest = (await log.entries(GUILD, limit=2))[-1].id
    assert await subjects(before_id=newest) == everything[2:]
    assert await subjects(subject="alert%") == []


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
    while await community.undo.last(GUILD, LATER):
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


REQUIRED = {
    "format",
    "channels.channel_id",
    "schedules.content", "schedules.cadence", "schedules.destinations",
    "schedules.cadence.kind", "schedules.cadence.at", "schedules.cadence.weekdays", "schedules.destinations.channel_id",
    "alerts.rule", "alerts.channel_id", "alerts.rule.indicator", "alerts.rule.condition", "alerts.rule.threshold",
}  # fmt: skip


def _paths(plain: Any, *path: Any) -> Iterator[tuple[Any, ...]]:
    """Return the way to every field of a file."""
    fields = plain.items() if isinstance(plain, dict) else enumerate(plain) if isinstance(plain, list) else ()
    for name, inner in fields:
        if isinstance(plain, dict):
            yield (*path, name)
        if name != "request":  # a report's own
            yield from _paths(inner, *path, name)


def _changed(plain: dict[str, Any], path: tuple[Any, ...], change: Callable[[dict[str, Any], str], None]) -> Any:
    copy = inner = json.loads(json.dumps(plain))
    for step in path[:-1]:
        inner = inner[step]
    change(inner, path[-1])
    return copy


def _name(path: tuple[Any, ...]) -> str:
    return ".".join(step for step in path if isinstance(step, str))


async def test_a_file_of_an_older_version_is_read_whatever_field_it_did_not_know_yet(community: Community) -> None:
    """Each field left out in turn: all but those without which nothing could be posted are filled in."""
    await _set_up(community)
    now = await community.transfer.current(GUILD)
    plain, here = as_file(now), {CHANNEL: CHANNEL, OTHER_CHANNEL: OTHER_CHANNEL}
    refused = set()
    for path in _paths(plain):
        older = _changed(plain, path, lambda inner, name: inner.pop(name))
        try:
            wanted = from_file(older, now, here, LATER)
        except ValueError:
            refused.add(_name(path))
            continue
        touched = {d.subject.partition(":")[0] for d in differences(now, wanted)}
        if path != ("guild",):  # of no known server: all of it is new here
            assert touched <= {path[0], path[0].removesuffix("s")}, path
    assert refused == REQUIRED


async def test_fields_that_are_no_more_are_left_aside(community: Community) -> None:
    await _set_up(community)
    now = await community.transfer.current(GUILD)
    plain, here = as_file(now), {CHANNEL: CHANNEL, OTHER_CHANNEL: OTHER_CHANNEL}
    for path in {(*path[:-1], "of_old") for path in _paths(plain) if "rule" not in path}:
        older = _changed(plain, path, lambda inner, name: inner.update({name: 7}))
        assert differences(now, from_file(older, now, here, LATER)) == [], path


def test_a_newer_file_is_told_from_nonsense() -> None:
    with pytest.raises(Newer):
        from_file({"format": FORMAT + 1}, EMPTY, {}, BY)
    for nonsense in ("2", None, 0, 1.5, [2]):
        with pytest.raises(ValueError, match="format") as refused:
            from_file({"format": nonsense}, EMPTY, {}, BY)
        assert not isinstance(refused.value, Newer), nonsense
