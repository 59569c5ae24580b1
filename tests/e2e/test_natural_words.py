"""What people type without having read anything: hints that lead on, mixes that stay private, other bots left alone."""

from dataclasses import replace

import pytest
from discord.ext import commands

from bot.community.records import By, GuildSettings
from tests.conftest import EXPECTED, FRIDAY_EVENING, Scene, said
from tests.e2e.conftest import typed

pytestmark = pytest.mark.simcord(settle_timeout=25)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("!is small cap cheap", "!valuation"),
        ("!Are small caps cheap?", "!valuation"),
        ("!are smallcaps leading", "!rotation"),
        ("!how much is sold short", "!shortinterest"),
        ("!what comes next", None),  # a definition is asked for by “what”
        ("!iwm", "!quote IWM"),
        ("!$SPY", "!quote SPY"),
        ("!rotaton 1y", "!rotation"),
        ("!play despacito", None),
        ("!ban @spammer for spam", None),
        ("!gme", None),  # not every word that is listed somewhere is ours to answer
        ("!", None),
    ],
)
async def test_a_hint_leads_to_the_nearest_command(scene: Scene, text: str, command: str | None) -> None:
    scene.expected = (*EXPECTED, commands.UserInputError)
    await scene.bob.send(scene.channel, text)
    hinted = scene.last.content if scene.last.author.bot else ""
    assert (hinted == f"Did you mean `{command}`?") if command else not hinted.startswith("Did you mean `")


async def test_questions_in_spanish_lead_on_too(scene: Scene) -> None:
    spanish = replace(GuildSettings(guild_id=scene.guild.id), language="es")
    await scene.bot.community.guilds.save(spanish, By(1, FRIDAY_EVENING))
    question = next(one for one in scene.bot.commands if one.name == "valuation")
    await scene.bob.send(scene.channel, "!están baratas las small caps")
    assert scene.last.author.bot
    assert f"!{question.name}" in scene.last.content


async def test_what_is_hinted_at_is_answered(scene: Scene) -> None:
    for text, words in (
        ("!quote IWM", "IWM closed at"),
        ("!cheap", "Small caps are"),
        ("!compare iwm spy since 2020", "SPY returned most since 1 Jan 2020"),
        ("!compare iwm spy ytd", "returned most year to date"),
        ("!next fomc", "Next: Fed decision on Wednesday, 29 Jul 2026"),
        ("!calendar", "Next: Short interest published"),
        ("!fed funds", "Fed target"),
        ("!years last 5", "of 5** Full years"),
        ("!si gamestop", "Did you mean GME"),
        ("!short interest gme", "GME"),
        ("!short s", "SentinelOne"),
        ("!fund s", "No prices are kept for S;"),
    ):
        assert words in await typed(scene, scene.bob, text), text


async def test_a_mix_is_somebodys_own_and_taken_away(scene: Scene) -> None:
    await scene.bob.send(scene.channel, "!60/40 spy iwm")
    assert [m.content for m in scene.channel.history()] == [
        "The answer would be seen by everyone here. Use /allocation: then only you see it."
    ]


async def test_a_mix_is_answered_where_nobody_else_reads(scene: Scene) -> None:
    answer = await scene.bob.slash(scene.channel, "allocation", holdings="60/40 spy iwm")
    assert answer.ephemeral
    assert "40% of this is in small caps" in said(answer.response)
    for text in ("!1/2", "!12/25 party", "!60/50 spy iwm"):  # no parts of a whole: nobody's figures
        await scene.bob.send(scene.channel, text)
        assert scene.last.content == text
