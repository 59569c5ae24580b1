"""Cogs are thin, and every question answers with a card: by slash, by text, with its defaults."""

import ast
from pathlib import Path

import pytest
from discord.ext import commands

from bot import features, i18n
from bot.discord_ui.question import Question
from bot.features.rotation.request import RotationRequest
from docs.make import NEEDED
from tests.conftest import Scene, buttons, said

COGS = sorted((Path(__file__).parent.parent.parent / "cogs").glob("[a-z]*.py"))
pytestmark = pytest.mark.simcord(settle_timeout=25)


def asked_by(path: Path) -> list[str]:
    """Return the names of the requests a cog makes."""
    return [
        node.args[0].id.removesuffix("Request").lower()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "question"
        if isinstance(node.args[0], ast.Name)
    ]


QUESTIONS = sorted(name for path in COGS for name in asked_by(path))


@pytest.mark.parametrize("path", COGS, ids=lambda path: path.stem)
def test_cogs_are_thin(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {
        node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
    } | {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}  # fmt: skip
    assert not {name for name in imported if name.startswith("cogs")}
    assert not {name for name in imported if name.startswith("bot.features.") and not name.endswith(".request")}
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef)]
    assert all(len(body) <= 6 for body in bodies)


def test_the_three_first_questions_have_their_cogs() -> None:
    assert {"rotation", "highs", "years"} <= set(QUESTIONS) <= set(features.names())


@pytest.mark.parametrize("name", QUESTIONS)
async def test_every_question_answers_by_slash_and_by_text(scene: Scene, name: str) -> None:
    command = scene.bot.get_command(name)
    assert isinstance(command, Question)
    asked = await scene.alice.slash(scene.channel, name, **NEEDED.get(name, {}))
    assert asked.response is not None
    text = said(asked.response)
    assert "As of " in text
    assert "Not investment advice." in text
    assert asked.ephemeral is command.request.private
    if command.request.private:
        return
    assert {"Explain", "CSV"} <= set(buttons(asked.response))
    elsewhere = scene.guild.create_text_channel("elsewhere")
    await scene.alice.send(elsewhere, f"!{name}")
    assert elsewhere.last_message is not None
    assert said(elsewhere.last_message) == text


@pytest.mark.parametrize("name", QUESTIONS)
async def test_every_alias_answers_too(scene: Scene, name: str) -> None:
    command = scene.bot.get_command(name)
    assert command is not None
    assert all(scene.bot.get_command(alias) is command for alias in command.aliases)


async def test_every_cog_says_what_it_is_for(scene: Scene) -> None:
    assert all(cog.description for cog in scene.bot.cogs.values())
    assert all(isinstance(cog, commands.Cog) for cog in scene.bot.cogs.values())


@pytest.mark.parametrize("name", ["rotation", "highs", "years"])
async def test_a_card_speaks_the_language_of_the_server(scene: Scene, name: str) -> None:
    scene.bot.language = i18n.PSEUDO
    await scene.alice.send(scene.channel, f"!{name}")
    for line in said(scene.last).splitlines():
        assert "⟦" in line, line
    assert all(label.startswith("⟦") or label.isupper() or label[0].isdigit() for label in buttons(scene.last))


async def test_options_reach_the_report(scene: Scene) -> None:
    await scene.alice.slash(
        scene.channel, "rotation", window="3y", small="IWN", large="QQQ", basis="total", as_of="2026-07-10"
    )
    text = said(scene.last)
    for words in ("IWN, 3 years", "QQQ, 3 years", "As of 10 Jul 2026"):
        assert words in text
    assert RotationRequest.model_fields.keys() >= {"window", "small", "large", "basis", "as_of"}
