"""Rates: their path, what is priced, and what small caps made of them."""

from discord.ext import commands

from bot.client import Handoff
from bot.discord_ui.context import Context
from bot.discord_ui.parameters import AsOf, Fund, WindowOrDate
from bot.discord_ui.question import question
from bot.features.rates.request import RatesRequest


class Rates(commands.Cog):
    """Rates: their path, what is priced, and what small caps made of them."""

    @question(
        RatesRequest,
        aliases=("yields", "cuts", "fedfunds", "yieldcurve"),
        asks="Do interest rates help or hurt?",
        example="1y",
    )
    async def rates(
        self, ctx: Context, window: WindowOrDate = "ytd", small: Fund = "IWM", large: Fund = "SPY", as_of: AsOf = None
    ) -> None:
        """Rates and what the curve prices; how sensitive small caps are; past cuts."""
        await ctx.reply_with(RatesRequest(window=window, small=small, large=large, as_of=as_of))


async def setup(bot: Handoff) -> None:
    """Add the cog."""
    await bot.add_cog(Rates())
