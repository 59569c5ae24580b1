"""Keeping order: doctor, pauses, blocks, settings as a file, the audit log, privacy, the role that is pinged."""

import json
import re
from datetime import timedelta

import discord
import pytest
from simcord.actors import MemberActor
from simcord.backend.models.channel import Overwrite
from simcord.enums import OverwriteType

from bot.clock import SettableClock
from bot.jobs import reasons
from tests.conftest import FRIDAY_EVENING, Scene, buttons, said
from tests.e2e.conftest import text_of, unhurried

pytestmark = pytest.mark.simcord(settle_timeout=25)


def cards(scene: Scene) -> list[discord.Message]:
    return [m for m in scene.channel.history() if "About this post" in buttons(m)]


async def fall_due(scene: Scene, clock: SettableClock, days: int) -> None:
    clock.set(FRIDAY_EVENING + timedelta(days=days, minutes=20))
    await scene.bot.jobs.catch_up()


async def test_everything_paused_for_a_day_is_left_out_and_goes_on_by_itself(
    scene: Scene, clock: SettableClock, ada: MemberActor
) -> None:
    await ada.slash(scene.channel, "schedule add")
    await scene.bot.jobs.catch_up()
    await ada.send(scene.channel, "!pause all 24h")
    assert "Nothing is posted before" in said(scene.last)
    await fall_due(scene, clock, 0)
    assert not cards(scene)
    history = await text_of(await ada.slash(scene.channel, "schedule history"))
    assert "Everything was paused." in history
    await fall_due(scene, clock, 7)
    assert len(cards(scene)) == 1


@pytest.mark.parametrize("length", ["soon", "0h", "91d", "24"])
async def test_a_pause_needs_a_length(scene: Scene, ada: MemberActor, length: str) -> None:
    assert "24h, 3d or 1w" in await text_of(await ada.slash(scene.channel, "pause", length=length))


async def test_a_blocked_ticker_is_left_out_of_screens_and_refused_by_name(scene: Scene, ada: MemberActor) -> None:
    elsewhere = scene.guild.create_text_channel("elsewhere")
    await scene.alice.slash(elsewhere, "squeeze")
    found = re.search(r"Highest score: \*\*([A-Z]+):", said(elsewhere.last_message))
    assert found is not None
    first = found[1]
    await ada.slash(scene.channel, "block ticker", symbol=first)
    assert first in await text_of(await ada.slash(scene.channel, "block list"))
    await scene.alice.slash(scene.channel, "squeeze")
    assert "Most crowded shorts" in said(scene.last)
    assert first not in said(scene.last)
    refused = await scene.alice.slash(scene.channel, "shortinterest", symbols=first)
    assert f"This server has decided not to show {first}." in await text_of(refused)
    await ada.slash(scene.channel, "block lift", symbol=first)
    assert "Nobody and nothing" in await text_of(await ada.slash(scene.channel, "block list"))


async def test_a_blocked_person_is_not_answered(scene: Scene, ada: MemberActor) -> None:
    await scene.bob.slash(scene.channel, "highs")
    card = scene.last
    await ada.slash(scene.channel, "block person", person=scene.alice)
    assert "You may not use this here." in await text_of(await scene.alice.slash(scene.channel, "rotation"))
    assert "You may not use this here." in await text_of(await scene.alice.click(card, label="Explain"))
    await scene.bob.slash(scene.channel, "rotation")
    assert "As of 17 Jul 2026" in said(scene.last)


async def test_the_doctor_names_what_is_missing_and_where_to_click(scene: Scene, ada: MemberActor) -> None:
    await ada.slash(scene.channel, "schedule add")
    assert "Nothing is missing." in await text_of(await ada.slash(scene.channel, "doctor"))
    close(scene)
    found = await text_of(await ada.slash(scene.channel, "doctor"))
    assert "I lack “Send Messages”, “Embed Links”, and “Attach Files”" in found
    assert f"Open Edit Channel → Permissions of {scene.channel.mention}" in found


def close(scene: Scene) -> None:
    """Take from the bot what it needs to post in the channel."""
    me = scene.bot.user
    assert me is not None
    denied = discord.Permissions(send_messages=True, attach_files=True).value
    scene.env.backend.set_overwrite(scene.channel.id, Overwrite(me.id, OverwriteType.MEMBER, 0, denied))


async def test_three_refusals_pause_the_schedule_and_are_told_once(
    scene: Scene, clock: SettableClock, ada: MemberActor
) -> None:
    await ada.slash(scene.channel, "schedule add", report="rotation", every="session")
    await scene.bot.jobs.catch_up()
    close(scene)
    for day in (3, 4, 5, 6, 7):
        clock.set(FRIDAY_EVENING + timedelta(days=day, minutes=5))
        await scene.bot.jobs.catch_up()
        await scene.bot.jobs.catch_up()
    (schedule,) = await scene.bot.community.schedules.of_guild(scene.guild.id)
    assert (schedule.state, schedule.reason) == ("paused", reasons.NO_PERMISSION)
    told = [r for r in scene.env.http_requests if r.method == "POST" and r.path == "/users/@me/channels"]
    assert len(told) == 1
    assert "I am not allowed to post in the channel." in await text_of(await ada.slash(scene.channel, "schedule list"))


async def test_settings_are_changed_shown_audited_and_taken_back(scene: Scene, ada: MemberActor) -> None:
    log_channel = scene.guild.create_text_channel("log")
    changed = await ada.slash(
        scene.channel, "settings change", zone="madrid", quiet="22:00-7:00", hourly="30", log=log_channel, pings=2
    )
    text = await text_of(changed)
    assert "Time zone: **Europe/Madrid, 22:30**" in text
    assert "Quiet hours: **22:00–07:00**" in text
    assert "Public answers an hour: **30**" in text
    assert f"In charge: **<@{ada.id}>**" in text
    assert log_channel.last_message is not None
    assert "Time zone: America/New\\_York → Europe/Madrid" in log_channel.last_message.content
    audit = await text_of(await ada.slash(scene.channel, "audit", about="settings"))
    assert f"<@{ada.id}> changed **settings**" in audit
    assert "No change matches that." in await text_of(await ada.slash(scene.channel, "audit", about="block"))
    unhurried(scene)
    assert "Taken back:" in await text_of(await ada.slash(scene.channel, "undo"))
    assert (await scene.bot.community.guilds.get(scene.guild.id)).zone == "America/New_York"
    assert "There is nothing to take back." in await text_of(await ada.slash(scene.channel, "undo"))


async def test_a_removed_schedule_comes_back(scene: Scene, ada: MemberActor) -> None:
    await ada.slash(scene.channel, "schedule add", report="rotation")
    await ada.slash(scene.channel, "schedule remove", schedule="1")
    await ada.slash(scene.channel, "undo")
    (schedule,) = await scene.bot.community.schedules.of_guild(scene.guild.id)
    assert schedule.content == "rotation"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"hourly": "many"}, "hourly is a number up to 1,000, or “off”"),
        ({"quiet": "at night"}, "22:00-07:00"),
        ({"zone": "atlantis"}, "I know no time zone"),
        ({"pings": 99}, "pings is a number up to 24"),
    ],
)
async def test_settings_that_make_no_sense_are_refused(
    scene: Scene, ada: MemberActor, options: dict[str, object], words: str
) -> None:
    text = await text_of(await ada.slash(scene.channel, "settings change", **options))
    assert words.replace("1,000", "1000") in text.replace("1,000", "1000")


async def test_a_setup_travels_to_another_server_with_its_channels_mapped(scene: Scene, ada: MemberActor) -> None:
    await ada.slash(scene.channel, "schedule add", report="rotation", window="1y")
    await ada.slash(scene.channel, "block ticker", symbol="GME")
    exported = await ada.slash(scene.channel, "settings export")
    assert exported.response is not None
    (file,) = exported.response.attachments
    body = await file.read()
    assert json.loads(body)["channel_names"] == {str(scene.channel.id): "markets"}
    there = scene.env.create_guild("Another")
    namesake = there.create_text_channel("markets")
    heads = there.create_role("Heads", permissions=discord.Permissions(manage_guild=True))
    hedy = there.add_member(scene.env.create_user("hedy"), roles=[heads])
    shown = await hedy.slash(namesake, "settings import", file=("settings.json", body))
    text = await text_of(shown)
    assert "This would change" in text
    assert f"added: schedule rotation window:1y · every Friday at 16:45 · {namesake.mention}" in text
    assert not await scene.bot.community.schedules.of_guild(there.id)
    assert shown.response is not None
    await hedy.click(shown.response, label="Take over")
    (schedule,) = await scene.bot.community.schedules.of_guild(there.id)
    assert [place.channel_id for place in schedule.destinations] == [namesake.id]
    assert (await scene.bot.community.guilds.blocks(there.id)).symbols == {"GME"}


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"format": 1, "schedules": 3}', b'{"format": 1}', b"\xff\xfe"])
async def test_a_file_that_makes_no_sense_changes_nothing(scene: Scene, ada: MemberActor, body: bytes) -> None:
    text = await text_of(await ada.slash(scene.channel, "settings import", file=("x.json", body)))
    assert "no file that /settings export wrote" in text or "Nothing would change." in text
    assert not await scene.bot.community.schedules.of_guild(scene.guild.id)


async def test_only_a_server_one_manages_can_be_cloned(scene: Scene, ada: MemberActor) -> None:
    await ada.slash(scene.channel, "schedule add", report="rotation")
    there = scene.env.create_guild("Another")
    channel = there.create_text_channel("news")
    heads = there.create_role("Heads", permissions=discord.Permissions(manage_guild=True))
    hedy = there.add_member(scene.env.create_user("hedy"), roles=[heads])
    refused = await hedy.slash(channel, "settings clone", server=str(scene.guild.id))
    assert "Only people with “Manage Server”" in await text_of(refused)
    unknown = await hedy.slash(channel, "settings clone", server="12")
    assert "I am in no server with that id." in await text_of(unknown)


async def test_members_join_and_leave_the_role_by_themselves(scene: Scene, ada: MemberActor) -> None:
    role = scene.guild.create_role("Readers")
    await ada.slash(scene.channel, "settings change", role=role)
    await ada.slash(scene.channel, "pingbutton")
    (post,) = [m for m in scene.channel.history() if "Ping me" in buttons(m)]
    await scene.env.restart_bot(scene.another())
    joined = await scene.alice.click(post, label="Ping me")
    assert "You are pinged from now on" in await text_of(joined)
    assert role.id in scene.env.backend.get_guild(scene.guild.id).members[scene.alice.id].role_ids
    left = await scene.alice.click(post, label="Ping me")
    assert "You are not pinged any more." in await text_of(left)
    assert role.id not in scene.env.backend.get_guild(scene.guild.id).members[scene.alice.id].role_ids


async def test_people_see_and_delete_what_is_stored_about_them(scene: Scene, ada: MemberActor) -> None:
    nothing = await scene.alice.slash(scene.channel, "privacy export")
    assert "Nothing is stored about you." in await text_of(nothing)
    await ada.slash(scene.channel, "schedule add")
    exported = await ada.slash(scene.channel, "privacy export")
    assert exported.response is not None
    (file,) = exported.response.attachments
    assert {"schedules", "guilds", "audit"} <= json.loads(await file.read()).keys()
    question = await ada.slash(scene.channel, "privacy delete")
    assert "entries name you" in await text_of(question)
    assert await scene.bot.community.privacy.about_person(ada.id)
    assert question.response is not None
    pressed = await ada.click(question.response, label="Delete it")
    assert "no longer know you" in said(pressed.response or question.response)
    assert not await scene.bot.community.privacy.about_person(ada.id)


async def test_a_server_is_forgotten_at_once_by_its_admins_alone(scene: Scene, ada: MemberActor) -> None:
    await ada.slash(scene.channel, "schedule add")
    refused = await scene.alice.slash(scene.channel, "privacy delete", about="server")
    assert "Only people with “Manage Server”" in await text_of(refused)
    asked = await ada.slash(scene.channel, "privacy delete", about="server")
    assert asked.response is not None
    await ada.click(asked.response, label="Delete everything")
    assert not await scene.bot.community.privacy.about_guild(scene.guild.id)


async def test_a_confirmation_by_somebody_else_is_refused(scene: Scene, ada: MemberActor) -> None:
    await ada.slash(scene.channel, "schedule add")
    await ada.send(scene.channel, "!privacy delete server")
    refused = await scene.alice.click(scene.last, label="Delete everything")
    assert "Only people with “Manage Server”" in await text_of(refused)
    assert await scene.bot.community.schedules.of_guild(scene.guild.id)


@pytest.mark.parametrize("command", ["doctor", "pause", "undo", "settings", "block", "audit", "setup", "schedule list"])
async def test_members_are_refused_everywhere(scene: Scene, command: str) -> None:
    await scene.alice.send(scene.channel, f"!{command}")
    assert "Only people with “Manage Server”" in scene.last.content
