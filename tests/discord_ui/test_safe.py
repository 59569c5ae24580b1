"""Errors in forms reach the person, not only the log."""

import logging
from typing import Any

import discord
import pytest
from discord import app_commands, ui

from bot import i18n
from bot.discord_ui.ids import Outdated
from bot.discord_ui.limits import TITLE
from bot.discord_ui.safe import SafeModal
from bot.errors import BadInput
from tests.conftest import Scene


class Form(SafeModal):
    day: ui.TextInput[Any] = ui.TextInput(label="Day", custom_id="day")

    def __init__(self) -> None:
        super().__init__("Form")

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        if self.day.value == "crash":
            raise ZeroDivisionError("secret")
        if self.day.value == "old":
            raise Outdated
        raise BadInput("Not a day.")


@pytest.fixture
async def offering(scene: Scene) -> Scene:
    @app_commands.command(name="form", description="Show a form")
    async def form(interaction: discord.Interaction[Any], language: str = "en") -> None:
        with i18n.use(language):
            await interaction.response.send_modal(Form())

    scene.bot.tree.add_command(form)
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


async def test_a_form_is_read_and_answered_in_the_language_it_was_opened_in(offering: Scene) -> None:
    """Whoever has Discord in English fills in a Spanish channel's form: its examples are Spanish, so is its answer."""
    shown = await offering.alice.slash(offering.channel, "form", language="es")
    result = await offering.alice.submit_modal(shown, {"day": "old"})
    assert result.response is not None
    assert result.response.content.startswith("Este botón es de otra versión del bot")


def test_a_title_that_is_too_long_is_cut() -> None:
    with i18n.use("es"):
        form = SafeModal("Una pregunta muy larga " * 5)
    assert len(form.title) <= TITLE
    assert form.language == "es"
