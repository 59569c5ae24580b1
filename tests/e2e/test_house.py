"""House rules: how questions are answered in a channel, how often, how long answers stay, who may bin them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import discord
import pytest

from bot.clock import SettableClock
from bot.community.records import By, ChannelSettings, GuildSettings
from bot.discord_ui.pace import Pace
from tests.conftest import FRIDAY_EVENING, Scene, buttons, said, walk

pytestmark = pytest.mark.simcord(settle_timeout=25)
BY = By(1, FRIDAY_EVENING)


async def ruled(scene: Scene, **rules: Any) -> None:
    settings = ChannelSettings(guild_id=scene.guild.id, channel_id=scene.channel.id, **rules)
    await scene.bot.community.guilds.save_channel(settings, BY)


async def set_up(scene: Scene, **settings: Any) -> None:
    await scene.bot.community.guilds.save(replace(GuildSettings(guild_id=scene.guild.id), **settings), BY)


def bin_of(card: Any) -> str:
    shown = card.message if hasattr(card, "message") else card
    (custom_id,) = [c.custom_id for c in walk(shown.components) if (getattr(c, "custom_id", "") or "")[:3] == "b1:"]
    return str(custom_id)


async def test_ephemeral_answers_are_for_the_asker_and_text_is_pointed_to_slash(scene: Scene) -> None:
    await ruled(scene, command_mode="ephemeral")
    assert (await scene.alice.slash(scene.channel, "rotation")).ephemeral
    await scene.alice.send(scene.channel, "!rotation")
    assert "use /rotation" in scene.last.content


async def test_nothing_is_answered_where_questions_are_off(scene: Scene) -> None:
    await ruled(scene, command_mode="off")
    refused = await scene.alice.slash(scene.channel, "rotation")
    assert refused.ephemeral
    assert "Questions are not answered in this channel." in said(refused.response)
    await scene.alice.send(scene.channel, "!rotation")
    assert "Questions are not answered in this channel." in scene.last.content


@pytest.mark.parametrize("by_text", [True, False])
async def test_answers_go_into_a_thread(scene: Scene, by_text: bool) -> None:
    await ruled(scene, command_mode="thread")
    if by_text:
        await scene.alice.send(scene.channel, "!rotation 1y")
    else:
        told = await scene.alice.slash(scene.channel, "rotation", window="1y")
        assert told.ephemeral
        assert "Answered in <#" in said(told.response)
    (thread,) = scene.channel.threads
    assert thread.last_message is not None
    assert "IWM, 1 year" in said(thread.last_message)
    assert not [m for m in scene.channel.history() if "IWM, 1 year" in said(m)]


async def test_in_the_thread_itself_the_answer_stays(scene: Scene) -> None:
    await ruled(scene, command_mode="thread")
    await scene.alice.send(scene.channel, "!rotation 1y")
    (thread,) = scene.channel.threads
    await scene.alice.send(thread, "!rotation 3y")
    assert thread.last_message is not None
    assert "IWM, 3 years" in said(thread.last_message)
    assert len(scene.channel.threads) == 1


async def test_only_the_allowed_questions_and_channels(scene: Scene) -> None:
    await ruled(scene, allowed_commands=("highs",))
    refused = await scene.alice.slash(scene.channel, "rotation")
    assert "In this channel only /highs is answered." in said(refused.response)
    assert not (await scene.alice.slash(scene.channel, "highs")).ephemeral
    other = scene.guild.create_text_channel("other")
    await set_up(scene, allowed_channels=(other.id,))
    refused = await scene.alice.slash(scene.channel, "highs")
    assert f"Questions are answered in {other.mention}." in said(refused.response)
    assert not (await scene.alice.slash(other, "rotation")).ephemeral


async def test_a_channel_speaks_its_own_language_and_wears_its_own_colours(scene: Scene) -> None:
    await ruled(scene, theme="light")
    await scene.alice.slash(scene.channel, "rotation")
    light = await scene.last.attachments[0].read()
    other = scene.guild.create_text_channel("other")
    await scene.alice.slash(other, "rotation")
    assert other.last_message is not None
    assert await other.last_message.attachments[0].read() != light
    await ruled(scene, language="es")
    await scene.alice.slash(scene.channel, "highs")
    card = scene.last
    assert "17 jul 2026" in said(card)
    await scene.alice.click(card, label="Explicación")
    copy = await scene.bob.click(card, label="Explicación")
    assert "17 jul 2026" in said(copy.response), "what is pressed there speaks it too"
    form = await scene.alice.click(card, label="Otro día")
    await scene.alice.submit_modal(form, {"answer": "dec 4 2025"})
    assert "4 dic 2025" in said(scene.last), "a card that changes keeps its language"
    again = await scene.alice.click(scene.last, label="Otro día")
    wrong = await scene.alice.submit_modal(again, {"answer": "algún día"})
    assert "No entiendo “algún día”" in said(wrong.response), "and what is wrong is said in it"


async def test_a_refused_press_is_answered_in_the_channels_language(scene: Scene) -> None:
    await ruled(scene, language="es")
    await scene.alice.slash(scene.channel, "rotation", small="MAGS")
    refused = await scene.alice.click(scene.last, label="5Y")
    assert refused.ephemeral
    assert "sus datos empiezan el" in said(refused.response)


async def test_an_hour_has_only_so_many_public_answers(scene: Scene, clock: SettableClock) -> None:
    await set_up(scene, hourly_cap=2)
    for window in ("1m", "6m"):
        assert not (await scene.alice.slash(scene.channel, "rotation", window=window)).ephemeral
    assert (await scene.alice.slash(scene.channel, "rotation", window="1y")).ephemeral
    await scene.alice.send(scene.channel, "!rotation 3y")
    assert "There were enough answers here for now." in scene.last.content
    clock.set(FRIDAY_EVENING + timedelta(minutes=61))
    scene.bot.pace = Pace()
    assert not (await scene.alice.slash(scene.channel, "rotation", window="5y")).ephemeral


async def test_the_hour_is_counted_across_restarts_and_replies_to_cards(scene: Scene) -> None:
    await set_up(scene, hourly_cap=2)
    await scene.alice.slash(scene.channel, "rotation", window="1m")
    card = scene.last
    await scene.env.restart_bot(scene.another())
    await scene.alice.send(scene.channel, "3y", reply_to=card)
    assert "IWM, 3 years" in said(scene.last)
    await scene.env.restart_bot(scene.another())
    assert (await scene.alice.slash(scene.channel, "rotation", window="1y")).ephemeral
    await scene.alice.send(scene.channel, "5y", reply_to=card)
    assert "There were enough answers here for now. Use /rotation" in scene.last.content


async def test_what_came_to_nothing_does_not_count(scene: Scene) -> None:
    """A link to the answer just above, a refusal and a private answer are no public answers."""
    await set_up(scene, hourly_cap=2)
    await scene.alice.slash(scene.channel, "rotation", window="1m")
    again = await scene.bob.slash(scene.channel, "rotation", window="1m")
    assert "That was just answered" in said(again.response)
    await scene.alice.slash(scene.channel, "quote", symbol="nonsense!")
    await scene.alice.slash(scene.channel, "position", symbol="IWM")
    scene.bot.pace = Pace()
    assert not (await scene.alice.slash(scene.channel, "rotation", window="1y")).ephemeral
    assert (await scene.alice.slash(scene.channel, "rotation", window="3y")).ephemeral


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ({"command_mode": "ephemeral"}, "In this channel answers are for the asker alone."),
        ({"command_mode": "off"}, "Questions are not answered in this channel."),
        ({"allowed_commands": ("highs",)}, "In this channel only /highs is answered."),
    ],
)
async def test_sharing_an_answer_is_bound_by_the_channels_rules(scene: Scene, rules: Any, words: str) -> None:
    elsewhere = scene.guild.create_text_channel("elsewhere")
    await scene.bob.slash(elsewhere, "rotation")
    await scene.bob.slash(scene.channel, "rotation", window="1y")
    mine = await scene.alice.click(scene.last, label="5Y")
    assert mine.ephemeral
    await ruled(scene, **rules)
    before = scene.last.id
    refused = await scene.alice.click(mine.response, label="Share")
    assert words in said(refused.response)
    assert scene.last.id == before


async def test_a_shared_answer_counts_and_goes_like_any_other(scene: Scene, clock: SettableClock) -> None:
    await set_up(scene, hourly_cap=2, auto_delete_hours=1)
    await scene.bob.slash(scene.channel, "rotation", window="1y")
    mine = await scene.alice.click(scene.last, label="5Y")
    await scene.alice.click(mine.response, label="Share")
    shared = scene.last
    assert "IWM, 5 years" in said(shared)
    scene.bot.pace = Pace()
    mine = await scene.alice.click(shared, label="1Y")
    refused = await scene.bob.click(shared, label="1M")
    assert (await scene.bob.slash(scene.channel, "highs")).ephemeral
    assert refused.ephemeral
    clock.set(FRIDAY_EVENING + timedelta(hours=1, minutes=1))
    await scene.bot.jobs.catch_up()
    assert shared.id not in [m.id for m in scene.channel.history()]


@pytest.mark.parametrize("by_text", [True, False])
async def test_answers_go_by_themselves(scene: Scene, clock: SettableClock, by_text: bool) -> None:
    await set_up(scene, auto_delete_hours=2)
    if by_text:
        await scene.alice.send(scene.channel, "!rotation")
    else:
        await scene.alice.slash(scene.channel, "rotation")
    card = scene.last
    assert "Explain" in buttons(card)
    clock.set(FRIDAY_EVENING + timedelta(hours=1, minutes=59))
    await scene.bot.jobs.catch_up()
    assert card.id in [m.id for m in scene.channel.history()]
    another = scene.another()
    await scene.env.restart_bot(another)  # its hours are kept in the database, not in the process
    clock.set(FRIDAY_EVENING + timedelta(hours=2, minutes=1))
    await another.jobs.catch_up()
    assert card.id not in [m.id for m in scene.channel.history()]


async def test_the_asker_and_moderators_may_bin_an_answer(scene: Scene) -> None:
    moderators = scene.guild.create_role("Moderators", permissions=discord.Permissions(manage_messages=True))
    mod = scene.guild.add_member(scene.env.create_user("mod"), roles=[moderators])
    for person, window in ((scene.alice, "1y"), (mod, "3y")):
        await scene.alice.slash(scene.channel, "rotation", window=window)
        card = scene.last
        refused = await scene.bob.click(card, custom_id=bin_of(card))
        assert "Only whoever asked, and moderators" in said(refused.response)
        await person.click(card, custom_id=bin_of(card))
        assert card.id not in [m.id for m in scene.channel.history()]


async def test_the_bin_works_after_a_restart_and_on_text_answers(scene: Scene) -> None:
    await scene.alice.send(scene.channel, "!rotation")
    card = scene.last
    await scene.env.restart_bot(scene.another())
    await scene.alice.click(card, custom_id=bin_of(card))
    assert card.id not in [m.id for m in scene.channel.history()]


@pytest.mark.parametrize("typed", ["!position aapl 1000 50 45", "!allocation 100000 IWM 20", "!position"])
async def test_private_figures_typed_in_public_are_taken_away_and_pointed_to_slash(scene: Scene, typed: str) -> None:
    sent = await scene.alice.send(scene.channel, typed)
    assert sent.id not in [m.id for m in scene.channel.history()]
    name = typed.split(maxsplit=1)[0].lstrip("!")
    assert f"Use /{name}: then only you see it." in scene.last.content
    assert not any(figure in scene.last.content for figure in ("1000", "100000"))


async def test_without_the_right_to_delete_it_is_still_not_answered(scene: Scene) -> None:
    guild = scene.env.backend.get_guild(scene.guild.id)
    for role in guild.roles.values():
        role.permissions &= ~discord.Permissions(administrator=True, manage_messages=True).value
    quiet = scene.guild.create_text_channel("quiet")
    sent = await scene.alice.send(quiet, "!position aapl 1000 50 45")
    assert quiet.last_message is not None
    assert "Use /position" in quiet.last_message.content
    assert sent.id in [m.id for m in quiet.history()]
