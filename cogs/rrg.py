"""The relative rotation graph of funds against a benchmark."""

from discord.ext import commands

from bot.client import Handoff
from bot.discord_ui.context import Context
from bot.discord_ui.parameters import AsOf, Fund, ListedSeveral
from bot.discord_ui.question import question
from bot.features.rrg.request import RrgRequest


class Rrg(commands.Cog):
    """The relative rotation graph of funds against a benchmark."""

    @question(RrgRequest, aliases=("rotationgraph",), asks="Who is gaining, who is fading?", example="iwm iwo iwn")
    async def rrg(self, ctx: Context, symbols: ListedSeveral = "", benchmark: Fund = "SPY", as_of: AsOf = None) -> None:
        """The rotation graph: who is leading, weakening, lagging, improving."""
        await ctx.reply_with(RrgRequest(symbols=tuple(symbols), benchmark=benchmark, as_of=as_of))


async def setup(bot: Handoff) -> None:
    """Add the cog."""
    await bot.add_cog(Rrg())
