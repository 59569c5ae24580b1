"""Help: every command is in it, every question is put in people's words, every example can be pressed."""

import itertools
import re
from datetime import timedelta

import discord
import pytest
from discord.ext import commands

from bot import i18n
from bot.clock import SettableClock
from bot.community.records import By, ChannelSettings
from bot.discord_ui import help_pages, limits
from bot.discord_ui.question import Question
from bot.shown import disclaimer
from tests.conftest import FRIDAY_EVENING, Scene, buttons, said, walk

pytestmark = pytest.mark.simcord(settle_timeout=25)


def every_question(scene: Scene) -> list[Question]:
    return [command for command in scene.bot.commands if isinstance(command, Question)]


@pytest.mark.parametrize("by", ["slash", "text"])
async def test_every_command_is_in_help(scene: Scene, by: str) -> None:
    if by == "slash":
        result = await scene.alice.slash(scene.channel, "help")
        assert result.ephemeral
        assert result.response is not None
        text = said(result.response)
    else:
        await scene.alice.send(scene.channel, "!help")
        text = said(scene.last)
    for command in scene.bot.commands:
        assert f"/{command.name}" in text, command.name
    for question in every_question(scene):
        assert f"**{question.asks}** /{question.name} · `!{question.example}`" in text
    assert text.index("Are small caps leading?") < text.index("What comes next?"), "the usual questions come first"


async def test_questions_stand_under_what_people_want_to_know(scene: Scene) -> None:
    named = {question.name for question in every_question(scene)}
    assert set(itertools.chain(*help_pages.LEARNT)) <= named, "no theme names a question that is gone"
    view = help_pages.overview(list(scene.bot.commands), scene.bot.known(), "!")  # type: ignore[arg-type]
    blocks = [c.content for c in walk(view.children) if isinstance(c, discord.ui.TextDisplay)]
    for theme, names in zip(("Who leads", "How broad", "What could turn it", "Funds"), help_pages.LEARNT, strict=True):
        block = next(text for text in blocks if text.startswith(f"-# {theme}"))
        assert list(re.findall(r"\*\* /([a-z]+)", block)) == list(names)
        assert len(names) <= help_pages.IN_A_ROW


async def test_questions_are_in_peoples_words(scene: Scene) -> None:
    for question in every_question(scene):
        assert question.asks.endswith("?"), question.name
        assert len(question.asks.split()) >= 3, question.name
    assert len({question.asks for question in every_question(scene)}) == len(every_question(scene))


@pytest.mark.parametrize("language", ["en", "es"])
async def test_every_example_is_answered_when_it_is_pressed(scene: Scene, clock: SettableClock, language: str) -> None:
    await scene.bot.community.guilds.save_channel(
        ChannelSettings(channel_id=scene.channel.id, guild_id=scene.guild.id, language=language), By(1, FRIDAY_EVENING)
    )
    with i18n.use(language):
        last_words = disclaimer()
    page = await scene.alice.slash(scene.channel, "help")
    assert page.response is not None
    labels = set(buttons(page.response))
    assert labels == {question.example for question in every_question(scene)}
    await scene.alice.send(scene.channel, "!help")
    page_for_all = scene.last
    for number, label in enumerate(sorted(labels)):
        clock.set(FRIDAY_EVENING + timedelta(minutes=number))
        person = scene.guild.add_member(scene.env.create_user(f"person{number}"))
        pressed = await person.click(page_for_all, label=label)
        assert pressed.ephemeral, label
        assert pressed.response is not None
        assert last_words in said(pressed.response), label


async def test_every_example_works_when_it_is_typed(scene: Scene, clock: SettableClock) -> None:
    for number, question in enumerate(every_question(scene)):
        if question.request.private:
            continue
        clock.set(FRIDAY_EVENING + timedelta(minutes=number))
        await scene.alice.send(scene.channel, f"!{question.example}")
        assert "Not investment advice." in said(scene.last), question.example


async def test_help_on_one_command_shows_its_options_and_example(scene: Scene) -> None:
    for wanted in ("rotation", "/rotation", "!rotation", "rot", "ROTATION"):
        await scene.alice.send(scene.channel, f"!help {wanted}")
        text = said(scene.last)
        for words in ("### /rotation", "Are small caps leading?", "`!rot`", "- `window`: How far back", "- `basis`"):
            assert words in text
        assert list(buttons(scene.last)) == ["rotation iwn spy 3y"]


async def test_help_on_a_group_lists_its_parts(scene: Scene) -> None:
    result = await scene.alice.slash(scene.channel, "help", command="schedule")
    assert result.response is not None
    assert "- /schedule add: Post a report regularly" in said(result.response)
    assert "- /schedule list: What is posted here" in said(result.response)


async def test_a_mistyped_name_is_corrected(scene: Scene) -> None:
    result = await scene.alice.slash(scene.channel, "help", command="rotatoin")
    assert result.response is not None
    assert result.response.content == "There is no command “rotatoin”. Did you mean rotation?"
    await scene.alice.send(scene.channel, "!help rotaton")
    assert scene.last.content == "There is no command “rotaton”. Did you mean rotation?"
    result = await scene.bob.slash(scene.channel, "help", command="@everyone")
    assert result.response is not None
    assert "@everyone" not in result.response.content.replace("\\@", "")


async def test_names_are_completed(scene: Scene) -> None:
    offered = await scene.alice.autocomplete(scene.channel, "help", "command", "ro")
    assert {"name": "/rotation", "value": "rotation"} in [{"name": c["name"], "value": c["value"]} for c in offered]
    assert len(await scene.alice.autocomplete(scene.channel, "help", "command", "")) <= limits.OPTIONS


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("rotación", "/rotación"), ("/ROTACION", "/rotación"), ("rotation", "/rotación"), ("!rot", "/rotación"),
        ("maximos", "/máximos"), ("highs 1y", "/máximos"),
    ],
)  # fmt: skip
async def test_a_command_is_found_by_its_name_in_any_language(scene: Scene, typed: str, title: str) -> None:
    every = list(scene.bot.commands)
    with i18n.use("es"):
        view = help_pages.about(typed, every, scene.bot.known(), "!")  # type: ignore[arg-type]
    first = next(c.content for c in walk(view.children) if isinstance(c, discord.ui.TextDisplay))
    assert first.startswith(f"### {title}\n")


async def test_names_are_completed_in_the_language_of_who_types(scene: Scene) -> None:
    every = list(scene.bot.commands)
    with i18n.use("es"):
        for typed in ("maxi", "máxi", "high", "/MÁX"):
            offered = help_pages.completions(typed, every)  # type: ignore[arg-type]
            assert [(one.name, one.value) for one in offered] == [("/máximos", "highs")]


@pytest.mark.parametrize(
    ("typed", "meant"), [("!rotacin 1y", "rotación"), ("!maximoz", "máximos"), ("!risgos", "riesgos")]
)
async def test_a_name_mistyped_in_spanish_is_corrected_in_spanish(scene: Scene, typed: str, meant: str) -> None:
    await scene.bot.community.guilds.save_channel(
        ChannelSettings(channel_id=scene.channel.id, guild_id=scene.guild.id, language="es"), By(1, FRIDAY_EVENING)
    )
    await scene.alice.send(scene.channel, typed)
    assert f"`!{meant}`" in scene.last.content
    await scene.bob.send(scene.channel, f"!{meant}")
    assert "No es asesoramiento de inversión." in said(scene.last)


@pytest.mark.parametrize("language", ["en", "es", i18n.PSEUDO])
async def test_help_fits_in_every_language(scene: Scene, language: str) -> None:
    every: list[commands.Command[None, ..., None]] = list(scene.bot.commands)  # type: ignore[arg-type]
    with i18n.use(language):
        view = help_pages.overview(every, scene.bot.known(), "!")  # type: ignore[arg-type]
        texts = [item.content for item in view.walk_children() if isinstance(item, discord.ui.TextDisplay)]
        for command in every:
            help_pages.about(command.name, every, scene.bot.known(), "!")  # type: ignore[arg-type]
            assert help_pages.slash(command) in "\n".join(texts), "nothing was cut off"  # type: ignore[arg-type]
    assert view.total_children_count <= limits.COMPONENTS
    assert sum(map(len, texts)) <= limits.TEXT
    ids = [c.custom_id for c in walk(view.children) if getattr(c, "custom_id", None)]
    assert len(set(ids)) == len(ids)
