"""Text commands written wrongly: each gets a sentence about the word that is wrong."""

import inspect
from typing import Any

import pytest
from discord.ext import commands

from bot import i18n
from bot.discord_ui.errors import explained
from bot.discord_ui.usage import HANDLERS

HOSTILE = "**<@&1>** `x`"


def parameter(name: str) -> commands.Parameter:
    return commands.Parameter(name, inspect.Parameter.KEYWORD_ONLY)


class Flags(commands.FlagConverter):
    at: str = commands.flag(default="")


FLAG = Flags.get_flags()["at"]
CADENCES = ("weekly", "monthly")
LOUD = commands.BadLiteralArgument(parameter("mode"), ("on", "off"), [], "loud")
NOWHERE = commands.BadUnionArgument(
    parameter("channel"), (), [commands.ChannelNotFound("x"), commands.ThreadNotFound("x")]
)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (commands.MissingRequiredArgument(parameter("schedule")), "“schedule” is missing"),
        (commands.MissingRequiredAttachment(parameter("file")), "“file” is missing"),
        (commands.MissingRequiredFlag(FLAG), "“at” is missing"),
        (commands.MissingFlagArgument(FLAG), "Nothing is written behind “at:”."),
        (commands.TooManyFlags(FLAG, ["1", "2"]), "“at:” is there more than once."),
        (LOUD, "“loud” is none of the choices: on or off."),
        (commands.ChannelNotFound("nowhere"), "I find no channel “nowhere” here"),
        (commands.RoleNotFound("nobles"), "I find no role “nobles” here."),
        (commands.MemberNotFound("nobody"), "I find nobody called “nobody”"),
        (commands.UserNotFound("nobody"), "I find nobody called “nobody”"),
        (commands.BadBoolArgument("maybe"), "“maybe” is neither yes nor no."),
        (NOWHERE, "no channel “x”"),
        (commands.BadArgument('Converting to "int" failed for parameter "pings".'), "A whole number was expected"),
        (commands.BadArgument("something else"), "I did not understand that."),
        (commands.UnexpectedQuoteError('"'), "A quotation mark stands alone"),
        (commands.ExpectedClosingQuoteError('"'), "A quotation mark stands alone"),
        (commands.TooManyArguments(), "I did not understand that."),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)  # fmt: skip
def test_the_word_that_is_wrong_is_named(error: Exception, words: str) -> None:
    text = explained(error)
    assert text is not None
    assert words in text


@pytest.mark.parametrize(
    "error",
    [
        commands.ChannelNotFound(HOSTILE),
        commands.RoleNotFound(HOSTILE),
        commands.UserNotFound(HOSTILE),
        commands.BadBoolArgument(HOSTILE),
        commands.BadLiteralArgument(parameter("mode"), ("on",), [], HOSTILE),
    ],
)
def test_what_was_typed_has_no_effect(error: Exception) -> None:
    text = str(explained(error))
    assert i18n.plain(HOSTILE, 40) in text
    assert HOSTILE not in text


def test_every_error_of_writing_is_explained() -> None:
    """A new one in the library falls under its base class; none becomes an apology."""

    def below(kind: type[Any]) -> set[type[Any]]:
        return {kind}.union(*(below(child) for child in kind.__subclasses__()))

    library = {kind for kind in below(commands.UserInputError) if kind.__module__.startswith("discord.")}
    assert len(library) > 20
    assert all(any(parent in HANDLERS for parent in kind.__mro__) for kind in library)


@pytest.mark.parametrize(
    ("typed", "literals", "hinted"),
    [
        ("friday", CADENCES, True),
        ("lunes", CADENCES, True),
        ("hourly", CADENCES, False),
        ("last friday", CADENCES, False),
        ("friday", ("on", "off"), False),
    ],
)
def test_days_of_the_week_where_a_cadence_goes_are_sent_to_their_option(
    typed: str, literals: tuple[str, ...], hinted: bool
) -> None:
    text = explained(commands.BadLiteralArgument(parameter("every"), literals, [], typed))
    assert text is not None
    assert text.startswith(f"“{typed}” is none of the choices: ")
    assert text.endswith("Days of the week are written behind days:.") is hinted
