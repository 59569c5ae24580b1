"""The demo's clock: moved forward, it brings what is due by then, once."""

import discord

from bot import config
from bot.demo.page import moved
from bot.demo.stage import Stage, opened
from tests.conftest import buttons, said


class Page:
    """Stands where the page is: counts how often it was shown anew."""

    def __init__(self) -> None:
        self.refreshed = 0

    async def refresh(self) -> None:
        self.refreshed += 1


def posts(stage: Stage) -> list[discord.Message]:
    return [message for message in stage.channel.history() if "About this post" in buttons(message)]


async def test_moving_the_clock_brings_the_weekly_post_and_newer_data() -> None:
    async with opened(config.Settings()) as stage:
        page, before = Page(), len(posts(stage))
        added = await stage.admin.slash(stage.channel, "schedule add", report="rotation", window="1y")
        assert "every Friday at 16:45" in said(added.response)
        assert len(posts(stage)) == before
        assert "It is Fri 2026-07-17 17:30 in New York." in await moved(stage, page, "+1h")
        first = [post for post in posts(stage) if "IWM, 1 year" in said(post)]
        assert ["As of 17 Jul 2026" in said(post) for post in first] == [True]
        await moved(stage, page, "+1w")
        both = [post for post in posts(stage) if "IWM, 1 year" in said(post)]
        assert sorted("As of 24 Jul 2026" in said(post) for post in both) == [False, True]
        assert page.refreshed == 2
