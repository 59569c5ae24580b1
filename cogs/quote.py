"""One stock, fund or index."""

from discord.ext import commands

from bot.client import Handoff
from bot.discord_ui.context import Context
from bot.discord_ui.parameters import AsOf, Listed, WindowOrDate
from bot.discord_ui.question import question
from bot.features.quote.request import QuoteRequest


class Quote(commands.Cog):
    """One stock, fund or index."""

    @question(QuoteRequest, aliases=("q", "price", "chart"), asks="How is one stock doing?", example="nvda 1y")
    async def quote(
        self, ctx: Context, symbol: Listed = "IWM", window: WindowOrDate = "1y", as_of: AsOf = None
    ) -> None:
        """One stock or fund: close, changes, distance from its high, short interest, size."""
        await ctx.reply_with(QuoteRequest(symbol=symbol, window=window, as_of=as_of))


async def setup(bot: Handoff) -> None:
    """Add the cog."""
    await bot.add_cog(Quote())
