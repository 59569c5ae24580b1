"""What ``/alert`` and its buttons answer when they cannot do what was asked."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from simcord.actors import MemberActor
from simcord.results import InteractionResult

from bot.clock import SettableClock
from bot.community.records import By, GuildSettings
from tests.community.examples import alert
from tests.conftest import FRIDAY_EVENING, Scene, buttons, said
from tests.e2e.conftest import shown
from tests.e2e.test_alerts import BELOW, added, at, posts, press, text_of

pytestmark = pytest.mark.simcord(settle_timeout=25)
GONE = "There is no alert “9” here. {command} shows them."
Ask = Callable[..., Awaitable[InteractionResult]]


@pytest.fixture
def ask(scene: Scene, clock: SettableClock, ada: MemberActor) -> Ask:
    """Ask as an admin, a minute apart: nobody may ask as fast as a test does."""

    async def asked(name: str, **options: Any) -> InteractionResult:
        clock.set(clock.now() + timedelta(minutes=1))
        return await ada.slash(scene.channel, name, **options)

    return asked


async def test_a_number_that_is_not_in_the_list(ask: Ask) -> None:
    for verb in ("edit", "pause", "resume", "remove", "test", "history"):
        assert GONE.format(command="/alert list") in text_of(await ask(f"alert {verb}", alert="9")), verb
        assert GONE.format(command="/alert mine list") in text_of(await ask(f"alert mine {verb}", alert="9")), verb


async def test_changes_that_make_no_rule_leave_it_as_it_is(scene: Scene, ada: MemberActor, ask: Ask) -> None:
    await added(ada, scene, **BELOW)
    (before,) = await scene.bot.community.alerts.of_guild(scene.guild.id)
    wrong = [
        ({"value": "5.5%"}, "“5.5%” does not work as a value here"),
        ({"when": "changes_by"}, "needs a value"),
        ({"when": "changes_by", "value": "-$5"}, "Within what time should it change?"),
        ({"when": "changes_state"}, "does not fit"),
        ({"within": "3m"}, "How far back to look only goes with"),
        ({"indicator": "rates.yield_2y", "value": "$290"}, "does not work as a value here"),
        ({"indicator": "price.close.IWN.X"}, "Did you mean IWN?"),
        ({"confirm": 0}, "1 to 20"),
        ({"cooldown": -1}, "0 to 366"),
        ({"budget": 0}, "1 to 31"),
        ({"back": "much"}, "does not work as a value here"),
        ({"quiet": "22"}, "quiet hours"),
        ({"until": "tomorrow"}, "does not work as a last day"),
        ({"note": "x" * 201}, "200 characters"),
    ]
    for changes, told in wrong:
        assert told in text_of(await ask("alert edit", alert="1", **changes)), changes
    assert await scene.bot.community.alerts.of_guild(scene.guild.id) == [before]


@pytest.mark.parametrize("hourly", [0, 101, -1])
async def test_so_many_an_hour_and_no_other_number(ask: Ask, hourly: int) -> None:
    assert "Alerts an hour: 1 to 100." in text_of(await ask("alert settings", hourly=hourly))
    assert text_of(await ask("alert settings")) == "Private alerts are off. 10 alerts an hour at most."


async def test_a_full_server_takes_no_more_by_command_button_or_preset(
    scene: Scene, ada: MemberActor, ask: Ask
) -> None:
    alerts, by = scene.bot.community.alerts, By(ada.id, FRIDAY_EVENING)
    for _n in range(49):
        await alerts.add(alert(guild_id=scene.guild.id, channel_id=scene.channel.id), by)
    preview = await ask("alert add", **BELOW)
    await alerts.add(alert(guild_id=scene.guild.id, channel_id=scene.channel.id), by)
    full = "There are 50 alerts here already, as many as I keep."
    assert full in text_of(await press(ada, preview, "Save"))
    assert full in text_of(await ask("alert add", **BELOW))
    listed = await ask("alert list")
    assert full in text_of(await ada.select(shown(listed)[-1], values=["record"]))
    assert len(await alerts.of_guild(scene.guild.id)) == 50


async def test_a_list_of_fifty_can_be_read(scene: Scene, clock: SettableClock, ada: MemberActor) -> None:
    """Fifty alerts do not fit one message: a button turns to the next ones, and from the last to the first."""
    alerts, by = scene.bot.community.alerts, By(ada.id, FRIDAY_EVENING)
    for _n in range(50):
        await alerts.add(alert(guild_id=scene.guild.id, channel_id=scene.channel.id), by)
    await ada.send(scene.channel, "!alert")
    refused = await scene.bob.click(scene.last, label=turning(scene.last))
    assert "Only people with “Manage Server”" in text_of(refused)
    numbers: list[int] = []
    while True:
        text = said(scene.last)
        assert len(text) <= 4000
        numbers += [int(n) for n in re.findall(r"^\*\*(\d+)\*\* · Fires when", text, re.MULTILINE)]
        label = turning(scene.last)
        clock.set(clock.now() + timedelta(minutes=1))
        await ada.click(scene.last, label=label)
        if label == "From the beginning":
            break
    assert numbers == list(range(1, 51))
    assert "**1** · Fires when" in said(scene.last)


def turning(page: Any) -> str:
    return next(label for label in buttons(page) if label.startswith(("Next", "From the beginning")))


async def test_what_was_removed_meanwhile_is_said_to_be_gone(
    scene: Scene, clock: SettableClock, ada: MemberActor, ask: Ask
) -> None:
    await added(ada, scene, **BELOW)
    edited = await ask("alert edit", alert="1", value="$280")
    await at(scene, clock, 29)
    (post,) = posts(scene)
    await ask("alert remove", alert="1")
    for label in ("Snooze a week", "Edit", "Pause"):
        clock.set(clock.now() + timedelta(minutes=1))
        told = text_of(await ada.click(post, label=label))
        assert "Snoozed" not in told
        assert "Paused" not in told
        assert told, label
    saved = text_of(await press(ada, edited, "Save"))
    assert "Saved." not in saved
    assert not await scene.bot.community.alerts.of_guild(scene.guild.id)


async def test_a_draft_pressed_twice_is_saved_once(scene: Scene, ada: MemberActor, ask: Ask) -> None:
    preview = await ask("alert add", **BELOW)
    page = next(message for message in reversed(shown(preview)) if "Save" in buttons(message))
    await asyncio.gather(*(ada.click(page, label="Save") for _twice in range(2)), return_exceptions=True)
    assert len(await scene.bot.community.alerts.of_guild(scene.guild.id)) == 1


async def test_whoever_lost_the_right_saves_nothing(scene: Scene) -> None:
    role = scene.guild.create_role("Curators")
    carol = scene.guild.add_member(scene.env.create_user("carol"), roles=[role])
    settings, by = GuildSettings(guild_id=scene.guild.id), By(1, FRIDAY_EVENING)
    await scene.bot.community.guilds.save(replace(settings, admin_roles=(role.id,)), by)
    preview = await carol.slash(scene.channel, "alert add", **BELOW)
    await scene.bot.community.guilds.save(settings, by)
    refused = await press(carol, preview, "Save")
    assert "Only people with “Manage Server”" in text_of(refused)
    assert not await scene.bot.community.alerts.of_guild(scene.guild.id)
