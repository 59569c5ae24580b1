"""One table of handlers: what is told, what is logged, and what is unwrapped before."""

import logging
from datetime import date

import discord
import pytest
from discord import app_commands
from discord.ext import commands

from bot import i18n
from bot.discord_ui import ids
from bot.discord_ui.errors import explained, unwrapped
from bot.errors import BadInput, BotError, DateInFuture, Unavailable, UnknownSymbol


class Response:
    """What the library reads of an HTTP response."""

    def __init__(self, status: int) -> None:
        self.status = status
        self.reason = "reason"


def http_error(kind: type[discord.HTTPException], status: int, code: int) -> discord.HTTPException:
    return kind(Response(status), {"code": code, "message": "told"})  # type: ignore[arg-type]  # all it reads of it


def hybrid(error: Exception) -> commands.HybridCommandError:
    """Wrap as the library does: an app command's error inside a hybrid's."""
    inner = app_commands.CommandInvokeError.__new__(app_commands.CommandInvokeError)
    inner.original = error
    return commands.HybridCommandError(inner)


def test_wrappings_are_taken_off_however_many() -> None:
    error = BadInput("no")
    assert unwrapped(commands.CommandInvokeError(error)) is error
    assert unwrapped(hybrid(error)) is error
    assert unwrapped(commands.CommandInvokeError(hybrid(error))) is error
    assert unwrapped(commands.ConversionError(None, error)) is error  # type: ignore[arg-type]  # any converter
    transforming = app_commands.TransformerError("x", discord.AppCommandOptionType.string, app_commands.Transformer())
    transforming.__cause__ = error
    assert unwrapped(transforming) is error
    assert unwrapped(error) is error


def test_a_loop_of_wrappings_ends() -> None:
    first, second = commands.CommandInvokeError(ValueError()), commands.CommandInvokeError(ValueError())
    first.original, second.original = second, first
    assert unwrapped(first) in (first, second)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (BadInput("Told as it is."), "Told as it is."),
        (UnknownSymbol("IWMM", ("IWM",)), "Did you mean IWM?"),
        (DateInFuture(date(2027, 1, 1), date(2026, 7, 17)), "still ahead"),
        (Unavailable("Yahoo Finance"), "try again in a little while"),
        (ids.Outdated(), "another version"),
        (commands.CommandOnCooldown(commands.Cooldown(1, 5), 0.2, commands.BucketType.user), "again in 1 second."),
        (commands.CommandOnCooldown(commands.Cooldown(1, 5), 4.6, commands.BucketType.user), "again in 5 seconds."),
        (commands.NoPrivateMessage(), "only in a server"),
        (commands.MissingPermissions(["manage_guild"]), "may not use this"),
        (app_commands.MissingPermissions(["manage_guild"]), "may not use this"),
        (commands.BotMissingPermissions(["attach_files", "embed_links"]), "attach files and embed links"),
        (commands.BadArgument("raw"), "did not understand"),
        (
            commands.MissingRequiredArgument(commands.Parameter("x", commands.Parameter.POSITIONAL_ONLY)),
            "“x” is missing",
        ),
        (http_error(discord.HTTPException, 503, 0), "Discord does not answer"),
    ],
)
def test_what_people_are_told(error: Exception, words: str) -> None:
    for shape in (error, commands.CommandInvokeError(error), hybrid(error)):
        assert words in (explained(shape) or "")


@pytest.mark.parametrize(
    "error",
    [
        commands.CommandNotFound("x"),
        http_error(discord.NotFound, 404, 10062),
        http_error(discord.NotFound, 404, 10008),
        http_error(discord.HTTPException, 400, 40060),
        http_error(discord.Forbidden, 403, 50013),
    ],
)
def test_where_nobody_waits_for_an_answer_none_is_given(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        assert explained(error) is None
    assert not caplog.records


@pytest.mark.parametrize("error", [ZeroDivisionError("secret"), http_error(discord.HTTPException, 400, 50035)])
def test_a_fault_of_ours_has_an_id_and_a_traceback_in_the_log(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        text = explained(hybrid(error))
    (record,) = caplog.records
    error_id = record.getMessage().removeprefix("error ")
    assert len(error_id) == 8
    assert text is not None
    assert error_id in text
    assert "secret" not in text
    assert record.exc_info is not None
    assert record.exc_info[1] is error


def test_a_bot_error_without_words_has_some() -> None:
    assert explained(BotError()) == "Something went wrong."


def test_everything_told_is_translated() -> None:
    errors = [
        commands.CommandOnCooldown(commands.Cooldown(1, 5), 3, commands.BucketType.user), commands.NoPrivateMessage(),
        commands.CheckFailure(), commands.BadArgument(), ids.Outdated(), commands.BotMissingPermissions(["speak"]),
        http_error(discord.HTTPException, 503, 0), ZeroDivisionError(),
    ]  # fmt: skip
    with i18n.use(i18n.PSEUDO):
        assert all((explained(error) or "").startswith("⟦") for error in errors)
