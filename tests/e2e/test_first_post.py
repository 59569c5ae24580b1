"""The page that promises a first post in five minutes: its sums are right, and its presses lead there."""

import re
from pathlib import Path

import pytest

from bot.config import Settings
from tests.conftest import Scene, buttons, said
from tests.e2e.conftest import with_rights
from tests.e2e.test_admin import cards
from tests.e2e.test_welcome import joined

PAGE = (Path(__file__).parents[2] / "docs" / "guide" / "first-post.md").read_text(encoding="utf-8")
STEPS = re.findall(r"^\| (\d) \| (.+) \| (\d+) s \|$", PAGE, re.MULTILINE)
PRESSES = [label for _number, text, _seconds in STEPS for label in re.findall(r"\*\*([^*]+)\*\*", text)]


def test_the_steps_are_counted_and_their_times_add_up() -> None:
    assert [int(number) for number, _text, _seconds in STEPS] == list(range(1, 9))
    minutes, seconds = divmod(sum(int(seconds) for _number, _text, seconds in STEPS), 60)
    assert "Eight steps, under five minutes" in PAGE
    assert (
        f"That is {minutes} minutes and {seconds} seconds, {['', 'one', 'two', 'three', 'four'][len(PRESSES)]} presses"
        in PAGE
    )
    assert minutes < 5


def test_its_command_starts_the_bot_on_the_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    (name, value) = re.search(r"`(HANDOFF_\w+)=(\w+) DISCORD_TOKEN", PAGE).groups()  # type: ignore[union-attr]
    monkeypatch.setenv(name, value)
    assert Settings().data.source == "sample"


@pytest.mark.simcord(settle_timeout=25)
async def test_its_presses_lead_from_the_welcome_to_the_first_post(scene: Scene) -> None:
    await joined(scene)
    welcome = scene.last
    ada = with_rights(scene, "ada", manage_guild=True)
    assert PRESSES == ["Set up", "Preview", "Start posting", "Post the first one now"]
    form = (await ada.click(welcome, label=PRESSES[0])).response
    assert form is not None
    for label in PRESSES[1:]:
        assert label in buttons(form)
        await ada.click(form, label=label)
    await scene.bot.jobs.catch_up()
    (post,) = cards(scene)
    assert "Small caps, the week to 17 Jul 2026" in said(post)
    assert not scene.env.errors
