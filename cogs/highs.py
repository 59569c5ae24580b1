"""Records: which closes were the highest ever, and how far away the last one is."""

from discord.ext import commands

from bot.client import Handoff
from bot.discord_ui.context import Context
from bot.discord_ui.parameters import AsOf, Fund
from bot.discord_ui.question import question
from bot.features.highs.request import HighsRequest


class Highs(commands.Cog):
    """Records: which closes were the highest ever, and how far away the last one is."""

    @question(
        HighsRequest,
        aliases=("high", "records", "record", "ath"),
        asks="Are small caps at a record?",
        example="russell",
    )
    async def highs(self, ctx: Context, fund: Fund = "IWM", as_of: AsOf = None) -> None:
        """Record closes: the last one, the gap before it, the drawdown since."""
        await ctx.reply_with(HighsRequest(fund=fund, as_of=as_of))


async def setup(bot: Handoff) -> None:
    """Add the cog."""
    await bot.add_cog(Highs())
