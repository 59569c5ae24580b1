"""``/settings export``, ``import``, ``clone``: alerts too, what changes is shown first, hostile files do no harm."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import discord
import pytest
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle, GuildHandle

from bot.alerts.rule import Rule
from bot.clock import SettableClock
from bot.community.alert_records import Alert
from bot.community.records import By, GuildSettings, Schedule
from tests.conftest import FRIDAY_EVENING, Scene, said
from tests.e2e.conftest import asked, text_of, typed, unhurried, with_rights

pytestmark = pytest.mark.simcord(settle_timeout=25)
ALWAYS_TRUE = Rule(indicator="rotation.spread.6m", condition="above", threshold=-5.0)


async def exported(scene: Scene, who: MemberActor, channel: ChannelHandle | None = None) -> dict[str, Any]:
    unhurried(scene)
    result = await who.slash(channel or scene.channel, "settings export")
    assert result.response is not None
    (file,) = result.response.attachments
    plain: dict[str, Any] = json.loads(await file.read())
    return plain


async def offered(scene: Scene, who: MemberActor, plain: dict[str, Any], channel: ChannelHandle | None = None) -> Any:
    unhurried(scene)
    body = json.dumps(plain).encode()
    return await who.slash(channel or scene.channel, "settings import", file=("s.json", body))


async def taken_over(scene: Scene, who: MemberActor, offer: Any) -> str:
    unhurried(scene)
    assert offer.response is not None
    await who.click(offer.response, label="Take over")
    return said(offer.response)


async def filled(scene: Scene, ada: MemberActor) -> Schedule:
    """Set up a schedule, an alert that holds already, a block and a channel with rules of its own."""
    await asked(scene, ada, "schedule add", report="rotation", window="1y")
    await asked(scene, ada, "channel", mode="thread")
    await asked(scene, ada, "block ticker", symbol="GME")
    community = scene.bot.community
    alert = Alert(guild_id=scene.guild.id, channel_id=scene.channel.id, rule=ALWAYS_TRUE, author_user_id=ada.id)
    await community.alerts.add(alert, By(ada.id, FRIDAY_EVENING))
    (schedule,) = await community.schedules.of_guild(scene.guild.id)
    return schedule


def elsewhere(scene: Scene) -> tuple[GuildHandle, ChannelHandle, MemberActor]:
    there = scene.env.create_guild("Another")
    namesake = there.create_text_channel("markets")
    heads = there.create_role("Heads", permissions=discord.Permissions(manage_guild=True))
    return there, namesake, there.add_member(scene.env.create_user("hedy"), roles=[heads])


async def test_a_whole_setup_goes_to_another_server_and_is_taken_back_whole(
    scene: Scene, clock: SettableClock, ada: MemberActor
) -> None:
    await filled(scene, ada)
    plain = await exported(scene, ada)
    assert [alert["rule"]["indicator"] for alert in plain["alerts"]] == ["rotation.spread.6m"]
    there, namesake, hedy = elsewhere(scene)
    offer = await offered(scene, hedy, plain, namesake)
    text = await text_of(offer)
    for line in (
        f"added: schedule rotation window:1y · every Friday at 16:45 · {namesake.mention}",
        "added: alert IWM minus SPY over 6 months is above −500 points",
        "added: block of GME",
        f"added: {namesake.mention}",
        "Nothing is changed before you press the button.",
    ):
        assert line in text
    community = scene.bot.community
    assert not await community.privacy.about_guild(there.id)
    done = await taken_over(scene, hedy, offer)
    assert "Taken over:" in done
    assert "/undo takes all of it back." in done
    (alert,) = await community.alerts.of_guild(there.id)
    assert (alert.channel_id, alert.rule) == (namesake.id, ALWAYS_TRUE)
    assert alert.standing.through > 0
    assert (await community.guilds.get(there.id)).owner_user_id == hedy.id
    clock.set(FRIDAY_EVENING + timedelta(minutes=20))
    await scene.bot.jobs.catch_up()
    assert namesake.last_message is not None
    assert "IWM, 1 year" in said(namesake.last_message)  # the schedule; the alert held before it came, so it is silent
    assert len([m for m in namesake.history() if "IWM" in said(m)]) == 1
    unhurried(scene)
    await hedy.slash(namesake, "undo")
    assert not await community.schedules.of_guild(there.id)
    assert not await community.alerts.of_guild(there.id)
    assert (await community.guilds.blocks(there.id)).symbols == frozenset()
    assert await community.guilds.channels(there.id) == []


async def test_a_backup_brings_everything_back_after_it_was_deleted(scene: Scene, ada: MemberActor) -> None:
    schedule = await filled(scene, ada)
    plain = await exported(scene, ada)
    same = await offered(scene, ada, plain)
    assert await text_of(same) == "### This would change\nNothing would change."
    unhurried(scene)
    question = await ada.slash(scene.channel, "privacy delete", about="server")
    assert question.response is not None
    await ada.click(question.response, label="Delete everything")
    await taken_over(scene, ada, await offered(scene, ada, plain))
    again = await exported(scene, ada)
    assert again == plain
    (back,) = await scene.bot.community.schedules.of_guild(scene.guild.id)
    assert back.id == schedule.id


async def test_channels_without_a_namesake_are_left_out_or_replaced(scene: Scene, ada: MemberActor) -> None:
    await filled(scene, ada)
    plain = await exported(scene, ada)
    there = scene.env.create_guild("Another")
    there.create_voice_channel("markets")  # of the same name, but nothing can be posted there
    other = there.create_text_channel("other")
    heads = there.create_role("Heads", permissions=discord.Permissions(manage_guild=True))
    hedy = there.add_member(scene.env.create_user("hedy"), roles=[heads])
    text = await text_of(await offered(scene, hedy, plain, other))
    assert f"Left out, as nothing here has their name: <#{scene.channel.id}>" in text
    assert "schedule" not in text
    unhurried(scene)
    body = json.dumps(plain).encode()
    offer = await hedy.slash(other, "settings import", file=("s.json", body), instead=other)
    assert f"added: schedule rotation window:1y · every Friday at 16:45 · {other.mention}" in await text_of(offer)


async def test_pings_of_everyone_never_come_by_file(scene: Scene, ada: MemberActor) -> None:
    """A file is text anybody can write: it may not ping everyone without the confirmation that this takes."""
    await filled(scene, ada)
    plain = await exported(scene, ada)
    plain["schedules"][0] |= {"mention": "everyone", "content": "highs", "request": {}}
    offer = await offered(scene, ada, plain)
    assert "Pings of everyone are left out" in await text_of(offer)
    await taken_over(scene, ada, offer)
    (schedule,) = await scene.bot.community.schedules.of_guild(scene.guild.id)
    assert (schedule.content, schedule.mention) == ("highs", "none")


async def test_a_confirmed_ping_of_everyone_survives_its_own_backup(scene: Scene) -> None:
    head = with_rights(scene, "hedy", manage_guild=True, mention_everyone=True)
    question = await head.slash(scene.channel, "schedule add", mention="everyone")
    assert question.response is not None
    await head.click(question.response, label="Yes, ping everyone")
    plain = await exported(scene, head)
    assert "Nothing would change." in await text_of(await offered(scene, head, plain))


Broken = tuple[list[str | int], object, str]
BROKEN: list[Broken] = [
    (["format"], 2, "written by a newer version of me"),
    (["settings", "zone"], "Mars", "makes no sense"),
    (["settings", "language"], "xx", "Language: “xx”"),
    (["settings", "theme"], "<@&1>", "Pictures: “\\<\\@&1\\>”"),
    (["settings", "mentions_per_day"], 1000, "Pings a day: “1000”"),
    (["settings", "hourly_cap"], -1, "Public answers an hour: “\\-1”"),
    (["settings", "auto_delete_hours"], 10**9, "Answers deleted after hours: "),
    (["settings", "quiet_from"], "22:00", "Quiet from: "),
    (["settings", "allowed_channels"], "all", "makes no sense"),
    (["settings"], [], "no file that"),
    (["schedules"], 3, "no file that"),
    (["schedules", 0, "content"], "alert", "Report: “alert”"),
    (["schedules", 0, "content"], "**x**", "Report: “\\*\\*x\\*\\*”"),
    (["schedules", 0, "request"], {"window": "soon"}, "Its options: "),
    (["schedules", 0, "request"], {"nonsense": 1}, "Its options: "),
    (["schedules", 0, "request"], {"as_of": "2026-07-01"}, "always shows the newest day"),
    (["schedules", 0, "cadence"], {"kind": "weekly"}, "makes no sense"),
    (["schedules", 0, "cadence", "nth"], 2**70, "makes no sense"),
    (["schedules", 0, "id"], "\ud800", "no file that"),
    (["channel_names"], {"1": "\udfff"}, "no file that"),
    (["schedules", 0, "destinations"], [], "makes no sense|no file that"),
    (["schedules", 0, "mention"], "all", "makes no sense"),
    (["alerts", 0, "rule", "indicator"], "no.such.thing", "no.such.thing|no\\.such\\.thing"),
    (["alerts", 0, "rule", "condition"], "explodes", "makes no sense"),
    (["alerts", 0, "state"], "draft", "no file that"),
    (["alert_settings", "per_hour"], "all", "makes no sense"),
    (["alert_settings", "per_hour"], 0, "Alerts an hour: “0”"),
    (["alert_settings", "per_hour"], 101, "Alerts an hour: “101”"),
    (["channels", 0, "allowed_commands"], ["@everyone"], "Only these questions: "),
    (["channels", 0, "command_mode"], "loud", "makes no sense"),
    (["blocked_symbols"], ["GME", "**no ticker at all**"], "blocked tickers"),
    (["blocked_symbols"], [f"A{n}" for n in range(501)], "holds too much"),
    (["channel_names"], 7, ""),
]


async def test_files_that_make_no_sense_are_refused_and_change_nothing(scene: Scene, ada: MemberActor) -> None:
    await filled(scene, ada)
    plain = await exported(scene, ada)
    for path, value, words in BROKEN:
        broken = json.loads(json.dumps(plain))
        inner = broken
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = value
        text = await text_of(await offered(scene, ada, broken))
        assert any(one in text for one in words.split("|")), (path, value, text)
        assert len(text) < 1000
    assert await exported(scene, ada) == plain


async def test_a_file_with_too_many_schedules_is_refused(scene: Scene, ada: MemberActor) -> None:
    await filled(scene, ada)
    plain = await exported(scene, ada)
    (one,) = plain["schedules"]
    plain["schedules"] = [{**one, "id": f"{n:016x}"} for n in range(51)]
    assert "50 schedules, 50 alerts and 500 tickers at most" in await text_of(await offered(scene, ada, plain))


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[" * 50_000, b"nan", b'"text"', b"{" + b" " * 200_001 + b"}"])
async def test_what_is_no_file_of_ours_is_said_to_be_none(scene: Scene, ada: MemberActor, body: bytes) -> None:
    result = await ada.slash(scene.channel, "settings import", file=("x.json", body))
    assert "no file that /settings export wrote" in await text_of(result)


async def test_roles_that_are_gone_do_not_come_back(scene: Scene, ada: MemberActor) -> None:
    role = scene.guild.create_role("Readers")
    await asked(scene, ada, "settings change", role=role)
    plain = await exported(scene, ada)
    plain["settings"] |= {
        "mention_role_id": 12345,
        "admin_roles": [12345, role.id, scene.guild.id],
        "log_role_id": scene.guild.id,
    }
    await taken_over(scene, ada, await offered(scene, ada, plain))
    settings = await scene.bot.community.guilds.get(scene.guild.id)
    assert (settings.mention_role_id, settings.admin_roles, settings.log_role_id) == (None, (role.id,), None)
    refused = await typed(scene, scene.bob, "!settings show")  # @everyone in a file makes nobody an admin
    assert "Only people with “Manage Server”" in refused


async def test_a_clone_leaves_the_roles_of_where_it_goes(scene: Scene, ada: MemberActor) -> None:
    await filled(scene, ada)
    there = scene.env.create_guild("Another")
    namesake = there.create_text_channel("markets")
    heads = there.create_role("Heads", permissions=discord.Permissions(manage_guild=True))
    there.add_member(ada.user, roles=[heads])
    own = replace(GuildSettings(guild_id=there.id), admin_roles=(heads.id,), zone="Asia/Tokyo")
    await scene.bot.community.guilds.save(own, By(1, FRIDAY_EVENING))
    both = next(member for member in [there.add_member(scene.env.create_user("both"), roles=[heads])])
    scene.guild.add_member(
        both.user, roles=[scene.guild.create_role("More", permissions=discord.Permissions(manage_guild=True))]
    )
    unhurried(scene)
    offer = await both.slash(namesake, "settings clone", server=str(scene.guild.id))
    text = await text_of(offer)
    assert "Asia/Tokyo → America/New" in text
    await taken_over(scene, both, offer)
    settings = await scene.bot.community.guilds.get(there.id)
    assert (settings.admin_roles, settings.zone) == ((heads.id,), "America/New_York")
    assert len(await scene.bot.community.alerts.of_guild(there.id)) == 1


@pytest.mark.parametrize("server", ["12", "everywhere", "9" * 400, "<@&1>", "-5"])
async def test_a_server_that_is_none_cannot_be_cloned(scene: Scene, ada: MemberActor, server: str) -> None:
    assert "I am in no server with that id." in await asked(scene, ada, "settings clone", server=server)
