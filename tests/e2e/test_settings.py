"""``/settings`` and ``/channel``: every option, what follows from it, what is refused; and who may."""

from dataclasses import replace
from datetime import time, timedelta

import discord
import pytest
from simcord.actors import MemberActor
from simcord.backend.models.channel import Overwrite
from simcord.enums import OverwriteType

from bot.clock import SettableClock
from bot.community.records import By, GuildSettings
from bot.discord_ui.permissions import AdminCog
from tests.conftest import FRIDAY_EVENING, Scene, buttons, said
from tests.e2e.conftest import asked, direct, typed, with_rights
from tests.e2e.test_admin import close
from tests.test_limits import synced

pytestmark = pytest.mark.simcord(settle_timeout=25)


async def stored(scene: Scene) -> GuildSettings:
    return await scene.bot.community.guilds.get(scene.guild.id)


async def test_every_setting_is_changed_stored_and_its_consequence_said(scene: Scene, ada: MemberActor) -> None:
    log, news = scene.guild.create_text_channel("log"), scene.guild.create_text_channel("news")
    readers, heads = scene.guild.create_role("Readers"), scene.guild.create_role("Heads")
    steps: list[tuple[dict[str, object], dict[str, object], str]] = [
        ({"zone": "madrid"}, {"zone": "Europe/Madrid"}, "now of that zone: /schedule list says when."),
        ({"language": "es"}, {"language": "es"}, "Language: **es**"),
        ({"theme": "light"}, {"theme": "light"}, "Pictures: **light**"),
        ({"quiet": "22-7:30"}, {"quiet_from": time(22), "quiet_to": time(7, 30)}, "is posted at 07:30."),
        ({"quiet": "off"}, {"quiet_from": None, "quiet_to": None}, "Quiet hours: **off**"),
        ({"pings": 0}, {"mentions_per_day": 0}, "Pings a day: **0**"),
        ({"role": readers}, {"mention_role_id": readers.id}, "/pingbutton puts a button into a channel"),
        ({"role": readers}, {"mention_role_id": None}, "Role to ping: **off**"),
        ({"admin": heads}, {"admin_roles": (heads.id,)}, "Server Settings → Integrations"),
        ({"admin": heads}, {"admin_roles": ()}, "Admin roles: **those with “Manage Server”**"),
        ({"logrole": heads}, {"log_role_id": heads.id}, "only in a log channel: choose one with log:"),
        ({"log": log}, {"log_channel_id": log.id}, f"Every change and every failure is noted in <#{log.id}>."),
        ({"log": log}, {"log_channel_id": None}, "Log channel: **off**"),
        ({"logrole": heads}, {"log_role_id": None}, "Role told of failures: **off**"),
        ({"allow": news}, {"allowed_channels": (news.id,)}, f"Channels for questions: **<#{news.id}>**"),
        ({"allow": news}, {"allowed_channels": ()}, "Channels for questions: **all**"),
        ({"hourly": "30"}, {"hourly_cap": 30}, "/ is answered to the asker alone and ! points to /."),
        ({"hourly": "off"}, {"hourly_cap": None}, "Public answers an hour: **off**"),
        ({"autodelete": "12"}, {"auto_delete_hours": 12}, "Answers deleted after hours: **12**"),
        ({"digest": "none"}, {"digest_over": None}, "Digest from more posts an hour than: **off**"),
    ]
    for options, expected, words in steps:
        text = await asked(scene, ada, "settings change", **options)
        assert words in text, options
        settings = await stored(scene)
        assert {name: getattr(settings, name) for name in expected} == expected
    assert (await stored(scene)).owner_user_id == ada.id
    assert "Nothing was changed" in await asked(scene, ada, "settings change")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("zone:atlantis", "I know no time zone “atlantis”. Try a large city nearby."),
        ("language:klingon", "“klingon” is none of the choices: en or es."),
        ("quiet:at night", "“at night”|22:00-07:00"),
        ("quiet:22:00-22:00", "would be all day: /pause all does that."),
        ("quiet:22:00-26:00", "“26\\:00” is no time of day. Write it as 16:45."),
        ("pings:25", "pings is a number up to 24."),
        ("pings:-1", "pings is a number up to 24."),
        ("pings:many", "A whole number was expected, such as 2."),
        ("hourly:0x10", "hourly is a number up to 1000, or “off”."),
        ("hourly:1001", "hourly is a number up to 1000, or “off”."),
        ("autodelete:337", "autodelete is a number up to 336, or “off”."),
        ("digest:-3", "digest is a number up to 1000, or “off”."),
        ("role:nobles", "I find no role “nobles” here."),
        ("log:#nowhere", "I find no channel “\\#nowhere” here"),
        ("allow:nowhere", "I find no channel “nowhere” here"),
        ("owner:nobody", "I find nobody called “nobody”"),
        ("role:@everyone", "@everyone is no role to choose here."),
        ("admin:@everyone", "@everyone is no role to choose here."),
        ("zone:**<@&1>**" + "x" * 900, "I know no time zone “\\*\\*\\<\\@&1\\>"),
    ],
)
async def test_what_makes_no_sense_is_refused_and_changes_nothing(
    scene: Scene, ada: MemberActor, text: str, words: str
) -> None:
    answer = await typed(scene, ada, f"!settings change {text}")
    assert any(one in answer for one in words.split("|")), answer
    assert await stored(scene) == GuildSettings(guild_id=scene.guild.id)
    assert len(answer) < 400


async def test_a_log_channel_that_is_closed_to_the_bot_is_said_at_once(scene: Scene, ada: MemberActor) -> None:
    close(scene)
    text = await asked(scene, ada, "settings change", log=scene.channel)
    assert "I lack “Send Messages”" in text
    assert f"Open Edit Channel → Permissions of {scene.channel.mention}" in text


async def test_whoever_is_in_charge_must_be_able_to(scene: Scene, ada: MemberActor) -> None:
    stranger = scene.env.create_user("stranger")
    assert "must be a member of this server" in await typed(scene, ada, f"!settings change owner:<@{stranger.id}>")
    refused = await asked(scene, ada, "settings change", owner=scene.alice)
    assert f"<@{scene.alice.id}> may not change settings here" in refused
    heads = scene.guild.create_role("Heads")
    hedy = scene.guild.add_member(scene.env.create_user("hedy"), roles=[heads])
    await asked(scene, ada, "settings change", admin=heads)
    text = await asked(scene, ada, "settings change", owner=hedy)
    assert f"<@{hedy.id}> is told of failures by direct message from now on." in text
    assert (await stored(scene)).owner_user_id == hedy.id


async def test_failures_are_told_to_the_new_owner_the_log_channel_and_its_role(
    scene: Scene, clock: SettableClock, ada: MemberActor
) -> None:
    hedy = with_rights(scene, "hedy", manage_guild=True)
    log, watch = scene.guild.create_text_channel("log"), scene.guild.create_role("Watch")
    await asked(scene, ada, "schedule add", report="rotation", every="session")
    await asked(scene, ada, "settings change", owner=hedy, log=log, logrole=watch)
    await scene.bot.jobs.catch_up()
    close(scene)
    for day in (3, 4, 5):
        clock.set(FRIDAY_EVENING + timedelta(days=day, minutes=5))
        await scene.bot.jobs.catch_up()
        await scene.bot.jobs.catch_up()
    (told,) = direct(hedy)
    assert "I have paused the schedule “rotation”" in said(told)
    assert "I am not allowed to post in the channel." in said(told)
    assert not direct(ada)
    note = log.last_message
    assert note is not None
    assert "I have paused the schedule “rotation”" in said(note)
    assert [role.id for role in note.role_mentions] == [watch.id]


async def test_a_chosen_role_may_do_everything_and_loses_it_with_the_role(scene: Scene, ada: MemberActor) -> None:
    curators = scene.guild.create_role("Curators")
    carol = scene.guild.add_member(scene.env.create_user("carol"), roles=[curators])
    assert "Only people with “Manage Server”" in await typed(scene, carol, "!settings")
    await asked(scene, ada, "settings change", admin=curators)
    for text, words in (
        ("!settings", "Time zone:"),
        ("!schedule add rotation window:1y", "Added."),
        ("!channel mode:thread", "answers in threads"),
        ("!block ticker GME", "GME is not shown here any more"),
        ("!pause 3d", "Nothing is posted before"),
        ("!audit", f"<@{carol.id}> added **block of GME**"),
        ("!undo", "Taken back:"),
        ("!doctor", "1 channel with posts checked."),
    ):
        assert words in await typed(scene, carol, text), text
    await asked(scene, ada, "settings change", admin=curators)
    assert "Only people with “Manage Server”" in await typed(scene, carol, "!doctor")


async def test_members_are_refused_by_every_command_of_admins(scene: Scene) -> None:
    """All of them, as the bot itself knows them, without any option: who may is asked before what is wanted."""
    admins = [one.qualified_name for one in scene.bot.walk_commands() if isinstance(one.cog, AdminCog)]
    names = [name for name in admins if not name.startswith("alert mine")]  # their own alerts are members' business
    assert len(names) > 30
    for name in names:
        text = await typed(scene, scene.alice, f"!{name}")
        assert text == "Only people with “Manage Server”, or with a role that they chose for it, may do this.", name
    assert not await scene.bot.community.privacy.about_guild(scene.guild.id)


async def test_a_command_opened_to_everyone_is_still_for_admins(scene: Scene) -> None:
    """A server's owner can override what Discord hides: each top command is tried by a member."""
    commands = {one.name: one for one in await scene.bot.tree.fetch_commands()}
    tried = {"settings": "settings show", "block": "block list", "schedule": "schedule list"}
    for name in sorted(
        {one.root_parent or one for one in scene.bot.walk_commands() if isinstance(one.cog, AdminCog)}, key=str
    ):
        if str(name) in {"alert", "setup", "channel", "pause"} | set(tried):
            scene.guild.set_command_permissions(commands[str(name)], {scene.guild.default_role: True})
            if str(name) != "alert":
                text = await asked(scene, scene.alice, tried.get(str(name), str(name)))
                assert "Only people with “Manage Server”" in text


async def test_what_was_deleted_in_the_server_does_not_stay_in_the_settings(scene: Scene, ada: MemberActor) -> None:
    gone = replace(GuildSettings(guild_id=scene.guild.id), allowed_channels=(12345,), admin_roles=(54321,))
    await scene.bot.community.guilds.save(gone, By(1, FRIDAY_EVENING))
    assert "The channel 12345 for questions no longer exists." in await asked(scene, ada, "doctor")
    await asked(scene, ada, "settings change", theme="light")
    settings = await stored(scene)
    assert (settings.allowed_channels, settings.admin_roles) == ((), ())


async def test_each_way_of_answering_in_a_channel(scene: Scene, ada: MemberActor) -> None:
    other = scene.guild.create_text_channel("other")
    steps = [
        ("mode:ephemeral", "answers for the asker alone", "Regular posts and alerts still come here"),
        ("mode:off", "no answers", "Regular posts and alerts still come here"),
        ("mode:thread language:es theme:light", "answers in threads, es, light", "/undo takes it back."),
        ("mode:public language:server theme:server", "answers for everyone**", ""),
        ("commands:highs,/rotation,!highs", "only /highs and /rotation", ""),
        ("commands:all", "answers for everyone**", ""),
        ("", "answers for everyone**", "Nothing was changed"),
    ]
    for options, line, words in steps:
        text = await typed(scene, ada, f"!channel channel:other {options}")
        assert f"<#{other.id}>: **" in text
        assert line in text, options
        assert words in text
    assert await scene.bot.community.guilds.channels(scene.guild.id) == []
    assert "There is no question “nonsense”. There are:" in await typed(scene, ada, "!channel commands:highs,nonsense")
    assert "“loud” is none of the choices" in await typed(scene, ada, "!channel mode:loud")


async def test_threads_that_the_bot_may_not_open_are_said_at_once(scene: Scene, ada: MemberActor) -> None:
    me = scene.bot.user
    assert me is not None
    denied = discord.Permissions(create_public_threads=True).value
    scene.env.backend.set_overwrite(scene.channel.id, Overwrite(me.id, OverwriteType.MEMBER, 0, denied))
    text = await asked(scene, ada, "channel", mode="thread")
    assert "I lack “Create Public Threads”" in text
    assert "I lack “Create Public Threads”" in await asked(scene, ada, "doctor")


async def test_a_channels_rules_hold_in_its_threads_where_the_command_was_given(scene: Scene, ada: MemberActor) -> None:
    await asked(scene, ada, "channel", mode="thread")
    await scene.alice.send(scene.channel, "!highs")
    (thread,) = scene.channel.threads
    await ada.slash(thread, "channel", mode="off")
    (own,) = await scene.bot.community.guilds.channels(scene.guild.id)
    assert (own.channel_id, own.command_mode) == (scene.channel.id, "off")


async def test_blocks_say_what_follows_and_what_is_there_already(scene: Scene, ada: MemberActor) -> None:
    for text, words in (
        (f"!block person <@{scene.alice.id}>", "is not answered here any more, and is told so when they ask."),
        (f"!block person <@{scene.alice.id}>", "is blocked already."),
        (f"!block person <@{ada.id}>", "You cannot block yourself."),
        ("!block ticker $gme", "GME is not shown here any more"),
        ("!block ticker GME", "GME is blocked already."),
        ("!block ticker nonsense!!", "I have no data for “NONSENSE!!”"),
        ("!block", f"<@{scene.alice.id}> and GME"),
        ("!block lift", "Name a person or a ticker."),
        (f"!block lift <@{scene.bob.id}> AMC", "There was no such block."),
        (f"!block lift <@{scene.alice.id}> gme", "Lifted."),
        ("!block", "Nobody and nothing is blocked here."),
    ):
        assert words in await typed(scene, ada, text), text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("!pause all 24h", "Nothing is posted before"),
        ("!pause 24h", "Nothing is posted before"),
        ("!pause", "Nothing is posted before"),
        ("!pause all soon", "Write how long as 24h, 3d or 1w: 90 days at most."),
        ("!pause all 91d", "90 days at most."),
        ("!pause 2", "For one schedule: /schedule pause, resume."),
        ("!pause rotation", "For one schedule: /schedule pause, resume."),
        ("!resume", "Nothing is paused. To go on with one schedule: /schedule resume."),
        ("!resume 2", "For one schedule: /schedule pause, resume."),
    ],
)
async def test_pausing_everything_says_what_it_does_or_how_to(
    scene: Scene, ada: MemberActor, text: str, words: str
) -> None:
    assert words in await typed(scene, ada, text)
    paused = (await stored(scene)).paused_until
    assert (paused is not None) == ("Nothing is posted before" in words)
    if paused is not None:
        assert paused == FRIDAY_EVENING + timedelta(hours=24)
        assert "Everything paused until" in await typed(scene, ada, "!settings")
        assert "Everything is paused. /resume all ends that." in await typed(scene, ada, "!schedule add rotation")
        assert "Posting goes on." in await typed(scene, ada, "!resume all")
        assert (await stored(scene)).paused_until is None


async def test_discord_hides_every_command_of_admins_from_members(scene: Scene, ada: MemberActor) -> None:
    cogs = {command.name: command.cog for command in scene.bot.commands}
    hidden = [sent for sent in synced(scene) if isinstance(cogs[sent["name"]], AdminCog) and sent["name"] != "alert"]
    assert len(hidden) >= 10
    wanted = discord.Permissions(manage_guild=True).value
    assert {sent["name"]: sent["default_member_permissions"] for sent in hidden} == {
        sent["name"]: wanted for sent in hidden
    }
    offered = {name.split()[0] for name in scene.alice.available_commands(scene.channel)}
    assert not offered & {sent["name"] for sent in hidden}
    assert {sent["name"] for sent in hidden} <= {name.split()[0] for name in ada.available_commands(scene.channel)}


async def test_the_ping_button_says_what_stands_in_its_way(scene: Scene, ada: MemberActor) -> None:
    assert "Choose the role first" in await asked(scene, ada, "pingbutton")
    above = scene.guild.create_role("Above")
    await asked(scene, ada, "settings change", role=above)
    stored_roles = scene.env.backend.get_guild(scene.guild.id).roles
    for role in stored_roles.values():
        role.permissions &= ~discord.Permissions(administrator=True, manage_roles=True).value
    await scene.env.restart_bot(scene.another())
    assert "I need “Manage Roles”" in await asked(scene, ada, "pingbutton")
    assert not [m for m in scene.channel.history() if "Ping me" in buttons(m)]


async def test_an_old_ping_button_of_another_role_gives_nothing(scene: Scene, ada: MemberActor) -> None:
    first, second = scene.guild.create_role("First"), scene.guild.create_role("Second")
    await asked(scene, ada, "settings change", role=first)
    await asked(scene, ada, "pingbutton")
    (post,) = [m for m in scene.channel.history() if "Ping me" in buttons(m)]
    await asked(scene, ada, "settings change", role=second)
    pressed = await scene.alice.click(post, label="Ping me")
    assert "The role of this button is pinged here no longer" in said(pressed.response)
    assert not scene.env.backend.get_guild(scene.guild.id).members[scene.alice.id].role_ids
