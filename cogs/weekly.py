"""The weekly summary, on demand."""

from discord.ext import commands

from bot.client import Handoff
from bot.discord_ui.context import Context
from bot.discord_ui.parameters import AsOf
from bot.discord_ui.question import question
from bot.features.weekly.request import WeeklyRequest


class Weekly(commands.Cog):
    """The weekly summary, on demand."""

    @question(WeeklyRequest, aliases=("week", "summary"), asks="What happened this week?")
    async def weekly(self, ctx: Context, as_of: AsOf = None) -> None:
        """The weekly summary: the week, the year, the scoreboard, what comes next."""
        await ctx.reply_with(WeeklyRequest(as_of=as_of))


async def setup(bot: Handoff) -> None:
    """Add the cog."""
    await bot.add_cog(Weekly())
