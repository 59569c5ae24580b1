"""The scoreboard: every measurable part of the claim."""

from discord.ext import commands

from bot.client import Handoff
from bot.discord_ui.context import Context
from bot.discord_ui.parameters import AsOf
from bot.discord_ui.question import question
from bot.features.thesis.request import ThesisRequest


class Thesis(commands.Cog):
    """The scoreboard: every measurable part of the claim."""

    @question(ThesisRequest, aliases=("scoreboard", "claim", "claims"), asks="Does the claim still hold?")
    async def thesis(self, ctx: Context, as_of: AsOf = None) -> None:
        """The scoreboard of the claim: what was said, what holds today, by which rule."""
        await ctx.reply_with(ThesisRequest(as_of=as_of))


async def setup(bot: Handoff) -> None:
    """Add the cog."""
    await bot.add_cog(Thesis())
