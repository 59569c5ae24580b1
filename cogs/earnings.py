"""Earnings: growth in three forms, revisions in three forms."""

from discord.ext import commands

from bot.client import Handoff
from bot.discord_ui.context import Context
from bot.discord_ui.parameters import AsOf, Listed
from bot.discord_ui.question import question
from bot.features.earnings.request import EarningsRequest


class Earnings(commands.Cog):
    """Earnings: growth in three forms, revisions in three forms."""

    @question(EarningsRequest, aliases=("eps", "revisions"), asks="Whose earnings grow faster?")
    async def earnings(self, ctx: Context, symbol: Listed | None = None, as_of: AsOf = None) -> None:
        """Earnings growth and revisions, small against large; or one company's."""
        await ctx.reply_with(EarningsRequest(symbol=symbol, as_of=as_of))


async def setup(bot: Handoff) -> None:
    """Add the cog."""
    await bot.add_cog(Earnings())
