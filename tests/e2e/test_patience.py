"""When computing takes long, or fails: Discord's three seconds are never missed, and the fault has an id.

The worker here never answers until it is told to. It is the one stand-in: while real workers compute, simulated
time stands still, and nothing would ever seem slow.
"""

import asyncio
import logging
import re
from datetime import date
from typing import Any

import discord
import pytest
from simcord import Env

from bot.client import Handoff
from bot.clock import SettableClock
from bot.community.store import Community
from bot.discord_ui.answers import PATIENCE as USUAL_PATIENCE
from bot.errors import BadInput, Unavailable
from bot.features.rotation.request import RotationRequest
from bot.market.catalogue import Catalogue
from bot.reading import Known
from bot.request import Request
from bot.workers import Rendered, Reports
from tests.conftest import Scene, bot_with, said

pytestmark = pytest.mark.simcord(settle_timeout=2)
PATIENCE = 2.5  # simulated seconds: longer than settling may take, so that only moving the clock uses it up


class SilentReports:
    """Reports whose worker is silent until ``told`` is given a result or an error."""

    def __init__(self, reports: Reports) -> None:
        self._reports = reports
        self.env: Env | None = None
        self.told: asyncio.Future[Rendered] = asyncio.Future()

    @property
    def catalogue(self) -> Catalogue:
        return self._reports.catalogue

    def today(self) -> date:
        return self._reports.today()

    def known(self) -> Known:
        return self._reports.known()

    def day_of(self, request: Request) -> date:
        return self._reports.day_of(request)

    async def get(self, request: Request, *, language: str = "en", theme: str = "dark") -> Rendered:
        assert self.env is not None
        rendered: Rendered = await self.env.external_wait(self.told, reason="the worker is silent")
        return rendered


@pytest.fixture
async def silent(reports: Reports) -> SilentReports:
    return SilentReports(reports)


@pytest.fixture
def simcord_bot(silent: Any, clock: SettableClock, servers: Community) -> Handoff:
    return bot_with(silent, clock, servers)


@pytest.fixture
def slow(scene: Scene, silent: SilentReports) -> Scene:
    silent.env = scene.env
    scene.bot.answers.patience = PATIENCE
    return scene


@pytest.fixture
async def answer(reports: Reports) -> Rendered:
    return await reports.get(RotationRequest())


async def test_the_asker_sees_after_a_second_that_it_takes_longer(
    slow: Scene, silent: SilentReports, answer: Rendered
) -> None:
    result = await slow.alice.slash(slow.channel, "rotation")
    assert not result.acknowledged
    await slow.env.advance_time(PATIENCE * 0.9)
    assert not result.acknowledged
    await slow.env.advance_time(PATIENCE * 0.15)
    assert result.deferred
    assert not result.ephemeral
    silent.told.set_result(answer)
    await slow.env.settle()
    assert result.response is not None
    assert "Small caps" in said(result.response)
    assert result.response.message.attachments


def test_patience_ends_well_before_discords_three_seconds() -> None:
    assert 0.5 <= USUAL_PATIENCE <= 1.5


async def test_a_quick_answer_is_not_deferred(slow: Scene, silent: SilentReports, answer: Rendered) -> None:
    silent.told.set_result(answer)
    result = await slow.alice.slash(slow.channel, "rotation")
    assert result.acknowledged
    assert not result.deferred


async def test_what_can_be_checked_is_refused_though_the_worker_is_silent(slow: Scene) -> None:
    result = await slow.alice.slash(slow.channel, "rotation", small="IWMM")
    assert result.ephemeral
    assert not result.deferred


async def test_a_text_command_shows_typing(slow: Scene, silent: SilentReports, answer: Rendered) -> None:
    await slow.alice.send(slow.channel, "!rotation")
    await slow.env.advance_time(PATIENCE * 1.1)
    assert any(entry.path.endswith("/typing") for entry in slow.env.http_requests)
    silent.told.set_result(answer)
    await slow.env.settle()
    assert "Small caps" in said(slow.last)


async def test_a_switch_in_place_keeps_the_card_until_the_new_one_is_there(
    slow: Scene, silent: SilentReports, answer: Rendered
) -> None:
    silent.told.set_result(answer)
    await slow.alice.slash(slow.channel, "rotation")
    before = said(slow.last)
    silent.told = asyncio.Future()
    pressed = await slow.alice.click(slow.last, label="1Y")
    await slow.env.advance_time(PATIENCE * 1.1)
    assert pressed.acknowledged
    assert said(slow.last) == before
    silent.told.set_result(answer)
    await slow.env.settle()
    assert len(slow.last.attachments) == 1


async def test_an_error_after_deferring_is_said_in_the_waiting_message(slow: Scene, silent: SilentReports) -> None:
    result = await slow.alice.slash(slow.channel, "rotation")
    await slow.env.advance_time(PATIENCE * 1.1)
    silent.told.set_exception(BadInput("Computed too late to be checked before."))
    await slow.env.settle()
    assert result.response is not None
    assert result.response.content == "Computed too late to be checked before."


async def test_a_worker_out_of_reach_is_said_as_such(slow: Scene, silent: SilentReports) -> None:
    slow.expected = (Unavailable,)
    silent.told.set_exception(Unavailable("The calculation"))
    result = await slow.alice.slash(slow.channel, "rotation")
    assert result.ephemeral
    assert result.response is not None
    assert result.response.content.startswith("The calculation does not answer at the moment.")


async def test_a_fault_of_ours_is_an_apology_with_an_id_that_is_in_the_log(
    slow: Scene, silent: SilentReports, caplog: pytest.LogCaptureFixture
) -> None:
    slow.expected = (ZeroDivisionError,)
    silent.told.set_exception(ZeroDivisionError("secret detail"))
    with caplog.at_level(logging.ERROR):
        result = await slow.alice.slash(slow.channel, "rotation")
    assert result.ephemeral
    assert result.response is not None
    text = result.response.content
    assert "secret detail" not in text
    error_id = re.search(r"id ([0-9a-f]{8})\.", text)
    assert error_id is not None
    (record,) = [r for r in caplog.records if error_id[1] in r.getMessage()]
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], ZeroDivisionError)


async def test_a_fault_behind_a_button_is_answered_too(
    slow: Scene, silent: SilentReports, answer: Rendered, caplog: pytest.LogCaptureFixture
) -> None:
    silent.told.set_result(answer)
    await slow.alice.slash(slow.channel, "rotation")
    silent.told = asyncio.Future()
    silent.told.set_exception(ZeroDivisionError())
    with caplog.at_level(logging.ERROR):
        pressed = await slow.bob.click(slow.last, label="Explain")
    assert pressed.ephemeral
    assert pressed.response is not None
    assert "Sorry, that went wrong on my side." in pressed.response.content


async def test_discord_failing_to_take_the_answer_does_not_break_the_next_one(
    slow: Scene, silent: SilentReports, answer: Rendered
) -> None:
    slow.expected = (discord.HTTPException,)
    silent.told.set_result(answer)
    slow.env.inject_error("POST", "/channels/*/messages", status=500, times=2)
    await slow.alice.send(slow.channel, "!rotation")
    await slow.alice.send(slow.channel, "!rotation 1y")
    assert "Small caps" in said(slow.last)


async def test_two_who_ask_at_the_same_moment_share_one_card(
    slow: Scene, silent: SilentReports, answer: Rendered
) -> None:
    first = await slow.alice.slash(slow.channel, "rotation")
    second = await slow.bob.slash(slow.channel, "rotation")
    silent.told.set_result(answer)
    await slow.env.settle()
    assert first.response is not None
    assert "Small caps" in said(first.response)
    assert second.ephemeral
    assert second.response is not None
    assert first.response.message.jump_url in second.response.content


async def test_when_the_first_of_two_fails_the_second_is_answered_in_its_own_right(
    slow: Scene, silent: SilentReports, answer: Rendered
) -> None:
    slow.expected = (Unavailable,)
    first = await slow.alice.slash(slow.channel, "rotation")
    second = await slow.bob.slash(slow.channel, "rotation")
    failing, silent.told = silent.told, asyncio.Future()
    silent.told.set_result(answer)
    failing.set_exception(Unavailable("The calculation"))
    await slow.env.settle()
    assert first.response is not None
    assert "does not answer" in first.response.content
    assert second.response is not None
    assert "Small caps" in said(second.response)
