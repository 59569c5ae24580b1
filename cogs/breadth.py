"""Breadth: whether the few or the many lead."""

from discord.ext import commands

from bot.client import Handoff
from bot.discord_ui.context import Context
from bot.discord_ui.parameters import AsOf, WindowOrDate
from bot.discord_ui.question import question
from bot.features.breadth.request import BreadthRequest


class Breadth(commands.Cog):
    """Breadth: whether the few or the many lead."""

    @question(BreadthRequest, aliases=("participation",), asks="Do many take part, or only a few?", example="1y")
    async def breadth(self, ctx: Context, window: WindowOrDate = "6m", as_of: AsOf = None) -> None:
        """How many take part: above their averages, at highs, equal against cap weight."""
        await ctx.reply_with(BreadthRequest(window=window, as_of=as_of))


async def setup(bot: Handoff) -> None:
    """Add the cog."""
    await bot.add_cog(Breadth())
