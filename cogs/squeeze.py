"""Crowded shorts: a screen of an index's members."""

from discord import app_commands
from discord.ext import commands

from bot.client import Handoff
from bot.discord_ui.context import Context
from bot.discord_ui.parameters import AsOf
from bot.discord_ui.question import question
from bot.features.squeeze.request import MOST, Cap, SqueezeRequest


class Squeeze(commands.Cog):
    """Crowded shorts: a screen of an index's members."""

    @question(SqueezeRequest, aliases=("squeezes", "crowded"), asks="Where are short sales most crowded?", example="10")
    async def squeeze(
        self,
        ctx: Context,
        n: app_commands.Range[int, 1, MOST] = 20,
        index: str = "IWM",
        sector: str | None = None,
        cap: Cap = "all",
        as_of: AsOf = None,
    ) -> None:
        """Members with the most crowded shorts, by percentile rank: a screen, not a list to buy."""
        await ctx.reply_with(SqueezeRequest(n=n, index=index, sector=sector, cap=cap, as_of=as_of))


async def setup(bot: Handoff) -> None:
    """Add the cog."""
    await bot.add_cog(Squeeze())
