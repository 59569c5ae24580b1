"""Valuation: multiples with and without loss-makers, and the relative price."""

from discord.ext import commands

from bot.client import Handoff
from bot.discord_ui.context import Context
from bot.discord_ui.parameters import AsOf
from bot.discord_ui.question import question
from bot.features.valuation.request import ValuationRequest


class Valuation(commands.Cog):
    """Valuation: multiples with and without loss-makers, and the relative price."""

    @question(ValuationRequest, aliases=("value", "pe", "multiples", "cheap"), asks="Are small caps cheap?")
    async def valuation(self, ctx: Context, as_of: AsOf = None) -> None:
        """How dear small caps are against large: multiples both ways, relative price."""
        await ctx.reply_with(ValuationRequest(as_of=as_of))


async def setup(bot: Handoff) -> None:
    """Add the cog."""
    await bot.add_cog(Valuation())
