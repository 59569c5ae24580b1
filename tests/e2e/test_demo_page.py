"""The demo's page: a past that really happened, things to try, and a clock that brings the next weekly post."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.config import Settings
from bot.demo import past
from bot.demo.page import moved
from bot.demo.stage import START, Stage, opened
from bot.market.dataset import Dataset
from tests.conftest import buttons, said

pytestmark = pytest.mark.slow


@asynccontextmanager
async def living() -> AsyncIterator[Stage]:
    async with opened(Settings(), past.WEEK_BEFORE) as running:
        await past.lived_through(running)
        yield running


class Shown:
    """A page that is refreshed."""

    refreshed = 0

    async def refresh(self) -> None:
        self.refreshed += 1


def spread_1m(day: str, month_before: str) -> float:
    """Compute the spread of one month from the sample's closes and dividends, not by the code that watches it."""
    returns = []
    for symbol in ("IWM", "SPY"):
        index = Dataset.open("sample").total_return(symbol)
        returns.append(float(index.loc[day]) / float(index.loc[month_before]) - 1)
    return returns[0] - returns[1]


async def the_past_holds_a_weekly_post_and_an_alert_that_fired(stage: Stage) -> None:
    told = [said(message) for message in stage.channel.history()]
    weekly = next(text for text in told if "the week to 10 Jul 2026" in text)
    assert "Late:" not in weekly
    alert = next(text for text in told if "crosses below" in text)
    fell = spread_1m("2026-07-13", "2026-06-12")
    assert spread_1m("2026-07-10", "2026-06-10") > 0 > fell
    assert f"−{abs(fell) * 100:.2f} points on 13 Jul 2026" in alert
    assert not any("17 Jul 2026" in text for text in told), "this Friday's is still to come"
    assert abs(stage.clock.now() - START) < timedelta(minutes=10)
    assert not stage.env.errors


async def the_guide_is_pinned_and_what_it_names_exists(stage: Stage) -> None:
    (pinned,) = stage.channel.pinned_messages()
    text = said(pinned)
    names = {command.name for command in stage.bot.commands}
    assert set(re.findall(r"`/([a-z]+)", text)) <= names
    for label in list(buttons(pinned)):
        pressed = await stage.member.click(pinned, label=label)
        assert pressed.ephemeral
        assert pressed.response is not None
        assert "Not investment advice." in said(pressed.response)


async def the_member_is_refused_what_the_admin_may(stage: Stage) -> None:
    refused = await stage.member.send(stage.channel, "!schedule list")
    assert "Only people with “Manage Server”" in said(stage.channel.history()[-1])
    assert refused.author.id == stage.member.id
    listed = await stage.admin.slash(stage.channel, "schedule list")
    assert listed.response is not None
    assert "weekly" in said(listed.response).lower()


async def moving_the_clock_brings_the_next_weekly_post(stage: Stage) -> None:
    page = Shown()
    assert "It is Fri 2026-07-17 17:" in await moved(stage, page, "+1h")
    assert page.refreshed == 1
    last = stage.channel.last_message
    assert last is not None
    assert "the week to 17 Jul 2026" in said(last)
    assert "Late:" not in said(last)
    await moved(stage, page, "+1w")
    texts = [said(message) for message in stage.channel.history()]
    assert any("the week to 24 Jul 2026" in text for text in texts)
    assert "Type +1d for a day" in await moved(stage, page, "tomorrow")


async def test_the_demo_has_lived_and_goes_on() -> None:
    async with living() as stage:  # simcord opens and closes in one task, which fixtures do not promise
        await the_past_holds_a_weekly_post_and_an_alert_that_fired(stage)
        await the_guide_is_pinned_and_what_it_names_exists(stage)
        await moving_the_clock_brings_the_next_weekly_post(stage)
        await the_member_is_refused_what_the_admin_may(stage)
