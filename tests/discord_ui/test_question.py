"""Commands whose parameters are a request's fields."""

import inspect
import pkgutil
from datetime import date
from typing import ClassVar

import pytest
from discord.ext import commands

import cogs
from bot import features
from bot.discord_ui.context import Context
from bot.discord_ui.question import Question, question
from bot.request import Request
from tests.conftest import Scene

HIDDEN: dict[str, set[str]] = {  # filled from a server's settings and posts, not by people
    "squeeze": {"without"},
    "thesis": {"since"},
    "weekly": {"since", "fired"},
}


class EchoRequest(Request):
    feature: ClassVar[str] = "echo"
    count: int = 3


class Echo(commands.Cog):
    """Says what it was asked."""

    @question(EchoRequest, aliases=("say",))
    async def echo(self, ctx: Context, count: int = 3, as_of: str | None = None) -> None:
        """Say what was asked."""
        await ctx.send(f"{type(count).__name__} {count} {as_of!r}")


@pytest.fixture
async def echoing(scene: Scene) -> Scene:
    await scene.bot.add_cog(Echo())
    await scene.bot.sync()
    return scene


def questions(scene: Scene) -> list[Question]:
    return [command for command in scene.bot.commands if isinstance(command, Question)]


def test_the_library_still_parses_arguments_where_we_do_it_instead() -> None:
    """The one method that is not public: overridden by name, so its absence would go unnoticed otherwise."""
    for kind in (commands.Command, commands.HybridCommand):
        assert inspect.iscoroutinefunction(kind._parse_arguments)
        assert list(inspect.signature(kind._parse_arguments).parameters) == ["self", "ctx"]
    assert "_parse_arguments" in inspect.getsource(commands.Command.prepare)
    assert Question._parse_arguments is not commands.HybridCommand._parse_arguments


async def test_the_body_gets_the_values_read_by_slash_and_by_words(echoing: Scene) -> None:
    await echoing.alice.slash(echoing.channel, "echo", count=5, as_of="2025-12-06")
    assert echoing.last.content == repr((5, date(2025, 12, 5))).replace("(5, ", "int 5 ").removesuffix(")")
    await echoing.alice.send(echoing.channel, "!say 7")
    assert echoing.last.content == "int 7 None"
    await echoing.alice.send(echoing.channel, "!echo")
    assert echoing.last.content == "int 3 None"


def test_an_option_without_a_field_is_refused_when_the_command_is_made() -> None:
    with pytest.raises(TypeError, match="colour not among the fields of EchoRequest"):

        class Paint(commands.Cog):
            @question(EchoRequest)
            async def paint(self, ctx: Context, colour: str = "red") -> None:
                """Never made."""


async def test_two_words_find_a_command_that_is_written_as_one(echoing: Scene) -> None:
    await echoing.alice.send(echoing.channel, "!ec ho 4")
    assert echoing.last.content == "int 4 None"
    await echoing.alice.send(echoing.channel, "!EC HO")
    assert echoing.last.content == "int 3 None"


async def test_every_field_of_every_question_is_an_option_with_the_same_default(scene: Scene) -> None:
    for command in questions(scene):
        kind, hidden = command.request, HIDDEN.get(command.request.feature, set())
        assert set(command.params) == set(kind.model_fields) - hidden, command.name
        for name, parameter in command.params.items():
            expected = kind.model_fields[name].get_default(call_default_factory=True)
            default = None if parameter.required else parameter.default  # nothing and "" mean: left out
            written = ",".join(expected) if isinstance(expected, tuple) else expected
            assert default in {written, None, ""} or kind.model_fields[name].is_required(), name


async def test_every_question_is_a_command_of_its_name(scene: Scene) -> None:
    asked = {command.request.feature: command.name for command in questions(scene)}
    assert asked == {name: name for name in asked}
    assert {"rotation", "highs", "years"} <= set(asked) <= set(features.names())


def test_every_cog_is_loaded_by_its_name() -> None:
    for module in pkgutil.iter_modules(cogs.__path__):
        loaded = __import__(f"cogs.{module.name}", fromlist=["setup"])
        assert inspect.iscoroutinefunction(loaded.setup)
