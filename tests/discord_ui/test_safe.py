"""Errors in modals and views reach the person, not only the log."""

import logging
from typing import Any

import discord
import pytest
from discord import app_commands, ui

from bot.discord_ui.safe import SafeModal, SafeView
from bot.errors import BadInput
from tests.conftest import Scene


class Form(SafeModal, title="Form"):
    day: ui.TextInput[Any] = ui.TextInput(label="Day", custom_id="day")

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        if self.day.value == "crash":
            raise ZeroDivisionError("secret")
        raise BadInput("Not a day.")


class Board(SafeView):
    row: ui.ActionRow[Any] = ui.ActionRow()

    @row.button(label="Press")
    async def press(self, interaction: discord.Interaction[Any], button: ui.Button[Any]) -> None:
        raise BadInput("Not now.")


@pytest.fixture
async def offering(scene: Scene) -> Scene:
    @app_commands.command(name="form", description="Show a form")
    async def form(interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_modal(Form())

    @app_commands.command(name="board", description="Show a board")
    async def board(interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message(view=Board())

    scene.bot.tree.add_command(form)
    scene.bot.tree.add_command(board)
    await scene.bot.sync()
    return scene


async def test_what_is_wrong_with_a_form_is_said_to_who_filled_it_in(offering: Scene) -> None:
    shown = await offering.alice.slash(offering.channel, "form")
    result = await offering.alice.submit_modal(shown, {"day": "x"})
    assert result.ephemeral
    assert result.response is not None
    assert result.response.content == "Not a day."


async def test_a_fault_in_a_form_is_an_apology_with_an_id(offering: Scene, caplog: pytest.LogCaptureFixture) -> None:
    offering.expected = (ZeroDivisionError,)
    shown = await offering.alice.slash(offering.channel, "form")
    with caplog.at_level(logging.ERROR):
        result = await offering.alice.submit_modal(shown, {"day": "crash"})
    assert result.response is not None
    assert "Sorry, that went wrong on my side." in result.response.content
    assert "secret" not in result.response.content
    assert any(record.getMessage().removeprefix("error ") in result.response.content for record in caplog.records)


async def test_an_error_in_a_view_is_said_to_who_pressed(offering: Scene) -> None:
    shown = await offering.alice.slash(offering.channel, "board")
    assert shown.response is not None
    pressed = await offering.bob.click(shown.response, label="Press")
    assert pressed.ephemeral
    assert pressed.response is not None
    assert pressed.response.content == "Not now."
