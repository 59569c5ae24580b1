"""Risks: how unusual today's readings are in their own history."""

from discord.ext import commands

from bot.client import Handoff
from bot.discord_ui.context import Context
from bot.discord_ui.parameters import AsOf
from bot.discord_ui.question import question
from bot.features.risks.request import RisksRequest


class Risks(commands.Cog):
    """Risks: how unusual today's readings are in their own history."""

    @question(RisksRequest, aliases=("risk", "gauges"), asks="What could go wrong?")
    async def risks(self, ctx: Context, as_of: AsOf = None) -> None:
        """Four risk gauges, each with its inputs: slowdown, financing, quality, short interest."""
        await ctx.reply_with(RisksRequest(as_of=as_of))


async def setup(bot: Handoff) -> None:
    """Add the cog."""
    await bot.add_cog(Risks())
