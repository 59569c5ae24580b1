"""The weekly summary as a channel gets it: what it knows of the channel, and what can be done with its card."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import discord
import pytest
from simcord.actors import MemberActor

from bot.clock import SettableClock
from bot.community.deliveries import NewDelivery, Part, Receipt
from bot.community.records import By
from bot.features.weekly.request import WeeklyRequest
from tests.conftest import FRIDAY_EVENING, Scene, buttons, said, walk

pytestmark = pytest.mark.simcord(settle_timeout=25)
WEEK = timedelta(days=7)
DUE = datetime(2026, 7, 17, 20, 45, tzinfo=UTC)  # 16:45 in New York


def posts(scene: Scene) -> list[discord.Message]:
    """Return the posts of schedules, oldest first."""
    found = [m for m in scene.channel.history() if "About this post" in buttons(m)]
    return sorted(found, key=lambda message: message.id)


def selects(message: discord.Message) -> list[discord.SelectMenu]:
    return [part for part in walk(message.components) if isinstance(part, discord.SelectMenu)]


async def posted(scene: Scene, clock: SettableClock, moment: datetime) -> discord.Message:
    clock.set(moment)
    await scene.bot.jobs.catch_up()
    return posts(scene)[-1]


async def fired(scene: Scene, at: datetime, sentence: str) -> None:
    """Let an alert have been posted in the channel."""
    ledger, channel_id = scene.bot.community.ledger, scene.channel.id
    entry = NewDelivery(
        what="alert:a", guild_id=scene.guild.id, channel_id=channel_id, period=at.isoformat(), due_at=at, ready_at=at,
        parts=(Part("rotation"),), note=sentence,
    )  # fmt: skip
    await ledger.enter([entry])
    (claimed,) = await ledger.claim(at, holder="gateway", lease_until=at + timedelta(seconds=30), limit=1)
    await ledger.sent(claimed, Receipt(channel_id=channel_id, message_id=1, at=at))


async def test_it_knows_what_its_channel_was_told_and_what_alerts_said(
    scene: Scene, clock: SettableClock, ada: MemberActor
) -> None:
    await ada.slash(scene.channel, "schedule add")
    first = said(await posted(scene, clock, DUE))
    assert "since 10 Jul 2026" in first
    assert "the last summary here" not in first
    long = "IWM closed below its mean of 200 days for the first time in a year, and this sentence goes on"
    await fired(scene, DUE + timedelta(days=2), long)
    clock.set(DUE + timedelta(days=3))
    second = await posted(scene, clock, DUE + WEEK)
    assert "since the last summary here (17 Jul 2026)" in said(second)
    assert f"Alert: {long}" in said(second)
    # what it was told besides is too long for a button's id: the buttons are there all the same, and still work
    assert {"Explain", "Table", "CSV", "PNG", "Another day"} <= buttons(second).keys()
    explained = await scene.bob.click(second, label="Explain")
    assert explained.ephemeral
    assert "from the close of 17 Jul 2026 to 24 Jul 2026" in said(explained.response)
    table = await scene.bob.click(second, label="Table")
    assert "The Fed decides on rates" in said(table.response)
    assert len(posts(scene)) == 2


async def test_its_windows_and_reports_open_for_whoever_presses_as_of_its_day(
    scene: Scene, clock: SettableClock, ada: MemberActor
) -> None:
    await ada.slash(scene.channel, "schedule add")
    card = await posted(scene, clock, DUE)
    clock.set(DUE + 2 * WEEK)  # two weeks later it still speaks of its own day
    await scene.env.restart_bot(scene.another())
    window = await scene.bob.click(card, label="1Y")
    assert window.ephemeral
    assert "IWM, 1 year" in said(window.response)
    assert "As of 17 Jul 2026" in said(window.response)
    (menu,) = selects(card)
    assert menu.placeholder == "Open a report"
    assert [option.value for option in menu.options] == list(WeeklyRequest.opens)
    assert menu.options[0].label == "/rotation"
    for name, words in (("highs", "record"), ("when", "comes next"), ("thesis", "hold")):
        scene.bot.pace.__init__()  # type: ignore[misc]  # the pace of questions is not what is tested
        opened = await scene.bob.select(card, [name])
        assert opened.ephemeral
        assert words in said(opened.response)
        assert "As of 17 Jul 2026" in said(opened.response)
    assert said(posts(scene)[0]) == said(card)  # the post itself stays as it is


async def test_late_it_says_so_and_calls_nobody(scene: Scene, clock: SettableClock, ada: MemberActor) -> None:
    role = scene.guild.create_role("Readers", mentionable=True)
    await ada.slash(scene.channel, "schedule add", mention="role", role=role)
    (record,) = await scene.bot.community.schedules.of_guild(scene.guild.id)
    assert record.mention == "role"
    await scene.bot.jobs.catch_up()
    on_time = await posted(scene, clock, DUE)
    assert said(on_time).startswith(f"<@&{role.id}>")
    late = await posted(scene, clock, DUE + WEEK + timedelta(hours=5))
    assert late.id != on_time.id
    assert "Late: this was due <t:" in said(late)
    assert f"<@&{role.id}>" not in said(late)
    clock.set(DUE + 2 * WEEK + timedelta(hours=7))
    await scene.bot.jobs.catch_up()
    assert len(posts(scene)) == 2  # more than six hours: left out, and the history says why
    history = await ada.slash(scene.channel, "schedule history")
    assert "left out. I was away for more than six hours" in said(history.response)
    assert "(late)" in said(history.response)


async def test_everything_paused_leaves_out_what_waits_already(
    scene: Scene, clock: SettableClock, ada: MemberActor
) -> None:
    """A post that quiet hours had put off to the morning is left out when everything is paused in the night."""
    await ada.slash(scene.channel, "schedule add")
    settings = await scene.bot.community.guilds.get(scene.guild.id)
    quiet = replace(settings, quiet_from=time(16), quiet_to=time(20))
    await scene.bot.community.guilds.save(quiet, By(1, FRIDAY_EVENING))
    clock.set(DUE)
    await scene.bot.jobs.catch_up()
    assert not posts(scene)
    await ada.slash(scene.channel, "pause", length="24h")
    clock.set(DUE + timedelta(hours=5))
    await scene.bot.jobs.catch_up()
    assert not posts(scene)
    history = await ada.slash(scene.channel, "schedule history")
    assert "Everything was paused." in said(history.response)
    clock.set(DUE + WEEK + timedelta(hours=5))
    await scene.bot.jobs.catch_up()
    assert len(posts(scene)) == 1
