"""The calendar of what moves these figures next."""

from typing import Literal

from discord.ext import commands

from bot.client import Handoff
from bot.discord_ui.context import Context
from bot.discord_ui.parameters import AsOf
from bot.discord_ui.question import question
from bot.features.when.request import WhenRequest


class When(commands.Cog):
    """The calendar of what moves these figures next."""

    @question(
        WhenRequest,
        aliases=("fed", "fomc", "dates", "events", "next", "calendar"),
        asks="What comes next?",
        example="fed",
    )
    async def when(
        self,
        ctx: Context,
        event: Literal["all", "fed", "shorts", "reconstitution", "holidays", "early"] = "all",
        as_of: AsOf = None,
    ) -> None:
        """The calendar: Fed decisions, short interest, index changes, holidays."""
        await ctx.reply_with(WhenRequest(event=event, as_of=as_of))


async def setup(bot: Handoff) -> None:
    """Add the cog."""
    await bot.add_cog(When())
