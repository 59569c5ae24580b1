"""Style: growth against value among small caps."""

from discord.ext import commands

from bot.client import Handoff
from bot.discord_ui.context import Context
from bot.discord_ui.parameters import AsOf, WindowOrDate
from bot.discord_ui.question import question
from bot.features.style.request import StyleRequest


class Style(commands.Cog):
    """Style: growth against value among small caps."""

    @question(StyleRequest, aliases=("growth", "growthvalue"), asks="Does growth or value lead?", example="1y")
    async def style(self, ctx: Context, window: WindowOrDate = "6m", as_of: AsOf = None) -> None:
        """Growth against value among small caps: returns, spread, regime."""
        await ctx.reply_with(StyleRequest(window=window, as_of=as_of))


async def setup(bot: Handoff) -> None:
    """Add the cog."""
    await bot.add_cog(Style())
