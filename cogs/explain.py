"""Definitions: what a figure means and how it comes about."""

from discord.ext import commands

from bot.client import Handoff
from bot.discord_ui.context import Context
from bot.discord_ui.parameters import AsOf, Definition
from bot.discord_ui.question import question
from bot.features.explain.request import ExplainRequest


class Explain(commands.Cog):
    """Definitions: what a figure means and how it comes about."""

    @question(
        ExplainRequest, aliases=("define", "definition", "what"), asks="What does a figure mean?", example="regime"
    )
    async def explain(self, ctx: Context, metric: Definition = "rotation.regime", as_of: AsOf = None) -> None:
        """What a figure means: definition, inputs, caveats, today's arithmetic."""
        await ctx.reply_with(ExplainRequest(metric=metric, as_of=as_of))


async def setup(bot: Handoff) -> None:
    """Add the cog."""
    await bot.add_cog(Explain())
