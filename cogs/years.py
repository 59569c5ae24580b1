"""Calendar years: small caps against large caps, one by one."""

from discord import app_commands
from discord.ext import commands

from bot.client import Handoff
from bot.discord_ui.context import Context
from bot.discord_ui.parameters import AsOf, Fund
from bot.discord_ui.question import question
from bot.features.years.request import YearsRequest


class Years(commands.Cog):
    """Calendar years: small caps against large caps, one by one."""

    @question(YearsRequest, aliases=("year", "annual"), asks="Was it like this in other years?", example="2015")
    async def years(
        self,
        ctx: Context,
        since: app_commands.Range[int, 1900, 2200] | None = None,
        small: Fund = "IWM",
        large: Fund = "SPY",
        as_of: AsOf = None,
    ) -> None:
        """Calendar-year total returns: small caps against large caps."""
        await ctx.reply_with(YearsRequest(since=since, small=small, large=large, as_of=as_of))


async def setup(bot: Handoff) -> None:
    """Add the cog."""
    await bot.add_cog(Years())
