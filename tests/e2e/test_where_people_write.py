"""Text commands wherever people write: kinds of channels, missing rights, other prefixes, corrections."""

from dataclasses import replace
from typing import Any

import discord
import pytest
from simcord.builders import ChannelHandle

from bot.community.records import By, GuildSettings
from bot.discord_ui.desk import Desk
from bot.discord_ui.house import House, has_bot, house_of
from bot.discord_ui.permissions import OnlyInServers
from tests.conftest import FRIDAY_EVENING, Scene, buttons, said, walk
from tests.e2e.conftest import unhurried

pytestmark = pytest.mark.simcord(settle_timeout=20)
PICTURE = b"\x89PNG\r\n\x1a\n"


async def thread_of(scene: Scene, channel: ChannelHandle, **about: Any) -> ChannelHandle:
    """Open a thread of a channel, or a post of a forum."""
    place = scene.bot.get_channel(channel.id)
    assert isinstance(place, discord.TextChannel | discord.ForumChannel)
    await place.create_thread(name="Thursday", **about)
    (thread,) = channel.threads
    return thread


async def place(scene: Scene, kind: str) -> ChannelHandle:
    match kind:
        case "text":
            return scene.channel
        case "news":
            return scene.guild.create_news_channel("news")
        case "voice":
            return scene.guild.create_voice_channel("voice")
        case "stage":
            return scene.guild.create_stage_channel("stage")
        case "forum post":
            return await thread_of(scene, scene.guild.create_forum_channel("forum"), content="Talk here.")
        case _:
            return await thread_of(scene, scene.channel, type=discord.ChannelType.public_thread)


KINDS = ("text", "news", "voice", "stage", "thread", "forum post")


@pytest.mark.parametrize("kind", KINDS)
async def test_a_question_is_answered_in_every_kind_of_channel(scene: Scene, kind: str) -> None:
    where = await place(scene, kind)
    await scene.alice.send(where, "!rotation 1y")
    card = where.last_message
    assert card is not None
    assert "IWM, 1 year" in said(card)
    assert len(card.attachments) == 1
    changed = await scene.alice.click(card, label="5Y")
    assert changed.response is not None
    assert changed.response.id == card.id
    await scene.alice.send(where, "!rotaton")
    assert where.last_message is not None
    assert "Did you mean `!rotation`?" in where.last_message.content
    typed = await scene.bob.slash(where, "highs")
    assert not typed.ephemeral
    assert "As of 17 Jul 2026." in said(typed.response)


@pytest.mark.parametrize("kind", ["voice", "stage", "news"])
async def test_where_answers_go_into_threads_other_channels_get_them_in_place(scene: Scene, kind: str) -> None:
    where = await place(scene, kind)
    rules = await scene.bot.community.guilds.channel(scene.guild.id, where.id)
    await scene.bot.community.guilds.save_channel(replace(rules, command_mode="thread"), By(1, FRIDAY_EVENING))
    await scene.alice.send(where, "!highs")
    assert len(where.threads) == (kind == "news")  # a channel for talking has none
    answer = (where.threads or [where])[0].last_message
    assert answer is not None
    assert "As of 17 Jul 2026." in said(answer)


def without(scene: Scene, *denied: str) -> ChannelHandle:
    """Return a channel where everybody, the bot included, lacks some rights."""
    guild = scene.env.backend.get_guild(scene.guild.id)
    for role in guild.roles.values():
        role.permissions &= ~discord.Permissions(administrator=True).value
    overwrite = discord.PermissionOverwrite(**dict.fromkeys(denied, False))
    return scene.guild.create_text_channel("narrow", overwrites={scene.guild.default_role: overwrite})


async def test_without_attach_files_the_card_comes_without_its_picture_and_says_why(scene: Scene) -> None:
    narrow = without(scene, "attach_files")
    await scene.alice.send(narrow, "!rotation")
    card = narrow.last_message
    assert card is not None
    assert not card.attachments
    assert not [c for c in walk(card.components) if isinstance(c, discord.MediaGalleryComponent)]
    assert "There is no picture: I lack “Attach Files” in this channel." in said(card)
    assert "IWM, 6 months" in said(card)
    assert {"Explain", "1Y"} <= set(buttons(card))


async def test_without_read_history_the_answer_refers_to_nothing(scene: Scene) -> None:
    narrow = without(scene, "read_message_history")
    await scene.alice.send(narrow, "!rotation")
    card = narrow.last_message
    assert card is not None
    assert "IWM, 6 months" in said(card)
    assert card.reference is None


async def test_where_the_bot_may_not_write_it_is_silent_and_goes_on_elsewhere(scene: Scene) -> None:
    narrow = scene.guild.create_text_channel("narrow")
    scene.env.inject_error("POST", f"/channels/{narrow.id}/messages", status=403, code=50013, times=None)
    for typed in ("!rotation", "!rotaton", "!rotation nonsense"):
        sent = await scene.alice.send(narrow, typed)
        assert [m.id for m in narrow.history()][-1] == sent.id
    scene.expected = (*scene.expected, discord.Forbidden)
    await scene.bob.send(scene.channel, "!rotation")
    assert "IWM, 6 months" in said(scene.last)


@pytest.mark.parametrize(
    "text", ["", "look at this", "what about !rotation", "?rotation", "/rotation", "!!", "! ", "!?"]
)
async def test_what_is_no_command_is_left_alone(scene: Scene, text: str) -> None:
    await scene.alice.send(scene.channel, text, attachments=[("chart.png", PICTURE)])
    assert not scene.last.author.bot


async def test_a_command_with_a_picture_is_still_a_command(scene: Scene) -> None:
    await scene.alice.send(scene.channel, "!rotation 1y", attachments=[("chart.png", PICTURE)])
    assert "IWM, 1 year" in said(scene.last)


@pytest.mark.parametrize("words", ["", " ", " hello"])
async def test_a_bare_mention_is_no_command(scene: Scene, words: str) -> None:
    assert scene.bot.user is not None
    await scene.alice.send(scene.channel, f"<@{scene.bot.user.id}>{words}")
    assert not scene.last.author.bot


@pytest.mark.parametrize("mention", ["<@{}> rotation 1y", "<@!{}> rotation 1y", "<@{}>   ROTATION 1Y"])
async def test_a_mention_is_as_good_as_the_prefix(scene: Scene, mention: str) -> None:
    assert scene.bot.user is not None
    await scene.alice.send(scene.channel, mention.format(scene.bot.user.id))
    assert "IWM, 1 year" in said(scene.last)


async def test_a_mistyped_command_is_answered_once_it_is_corrected(scene: Scene) -> None:
    sent = await scene.alice.send(scene.channel, "!rotaton 1y")
    assert "Did you mean `!rotation`?" in scene.last.content
    await scene.alice.edit(sent, "!rotation 1y")
    assert "IWM, 1 year" in said(scene.last)
    assert scene.last.reference is not None
    assert scene.last.reference.message_id == sent.id
    answered = scene.last.id
    await scene.alice.edit(sent, "!rotation 3y")
    assert scene.last.id == answered, "what has its answer is not read again"


async def test_a_word_that_was_wrong_may_be_corrected_again_and_again(scene: Scene) -> None:
    sent = await scene.alice.send(scene.channel, "!rotation xyzzy")
    for wrong in ("xyzzyx", "xyzzyy"):
        before = scene.last.id
        await scene.alice.edit(sent, f"!rotation {wrong}")
        assert scene.last.id != before
        assert f"“{wrong.upper()}”" in scene.last.content
    unhurried(scene)
    await scene.alice.edit(sent, "!rotation 1y")
    assert "IWM, 1 year" in said(scene.last)


async def test_an_edit_that_makes_a_command_of_talk_is_none(scene: Scene) -> None:
    sent = await scene.alice.send(scene.channel, "hello")
    await scene.alice.edit(sent, "!rotation")
    assert scene.last.id == sent.id


async def test_only_so_many_mistakes_are_remembered(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.discord_ui.pace.CORRECTABLE", 2)
    sent = [await scene.alice.send(scene.channel, f"!rotato{n}") for n in range(3)]
    assert list(scene.bot.mistakes.written) == [message.id for message in sent[1:]]


async def test_a_server_without_the_bot_has_no_rules_and_no_desk(scene: Scene) -> None:
    former = 424242
    settings = GuildSettings(guild_id=former, language="es", theme="light", hourly_cap=1, allowed_channels=(7,))
    await scene.bot.community.guilds.save(settings, By(1, FRIDAY_EVENING))
    assert await house_of(scene.bot, former, None) == House()
    assert not has_bot(scene.bot, former)
    assert not has_bot(scene.bot, None)
    here = scene.bot.get_guild(scene.guild.id)
    assert here is not None
    assert (await house_of(scene.bot, here.id, here.text_channels[0])).settings is not None
    there = discord.Guild(data={"id": former}, state=scene.bot._connection)  # type: ignore[typeddict-item]  # as for a brought-along app
    who = discord.Member._from_client_user(user=scene.bot.user, guild=there, state=scene.bot._connection)  # type: ignore[arg-type]
    with pytest.raises(OnlyInServers):
        Desk._in(scene.bot, there, who, 7)
