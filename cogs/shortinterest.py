"""Short interest: of what, of which day, published when."""

from discord.ext import commands

from bot.client import Handoff
from bot.discord_ui.context import Context
from bot.discord_ui.parameters import AsOf, ListedSeveral
from bot.discord_ui.question import question
from bot.features.shortinterest.request import ShortinterestRequest


class Shortinterest(commands.Cog):
    """Short interest: of what, of which day, published when."""

    @question(
        ShortinterestRequest, aliases=("si", "short", "shorts"), asks="How much is sold short?", example="GME AMC"
    )
    async def shortinterest(self, ctx: Context, symbols: ListedSeveral = "IWM", as_of: AsOf = None) -> None:
        """How much is sold short: an index, its fund, or single stocks."""
        await ctx.reply_with(ShortinterestRequest(symbols=tuple(symbols), as_of=as_of))


async def setup(bot: Handoff) -> None:
    """Add the cog."""
    await bot.add_cog(Shortinterest())
