"""Funds that hold small caps, side by side."""

from discord.ext import commands

from bot.client import Handoff
from bot.discord_ui.context import Context
from bot.discord_ui.parameters import AsOf, Fund, ListedSeveral, WindowOrDate
from bot.discord_ui.question import question
from bot.features.funds.request import FundsRequest


class Funds(commands.Cog):
    """Funds that hold small caps, side by side."""

    @question(
        FundsRequest,
        aliases=("fund", "etf", "etfs", "compare", "comparar"),
        asks="How do the small-cap funds differ?",
        example="iwm vb iwn 3y",
    )
    async def funds(
        self,
        ctx: Context,
        symbols: ListedSeveral = "",
        window: WindowOrDate = "5y",
        benchmark: Fund = "SPY",
        as_of: AsOf = None,
    ) -> None:
        """Funds compared: cost, yield, returns, risk, drawdown, overlap."""
        await ctx.reply_with(FundsRequest(symbols=tuple(symbols), window=window, benchmark=benchmark, as_of=as_of))


async def setup(bot: Handoff) -> None:
    """Add the cog."""
    await bot.add_cog(Funds())
