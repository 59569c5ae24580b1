"""The size of a position, for its owner's eyes alone."""

from discord import app_commands
from discord.ext import commands

from bot.client import Handoff
from bot.discord_ui.context import Context
from bot.discord_ui.parameters import AsOf, Listed
from bot.discord_ui.question import question
from bot.features.position.request import PositionRequest


class Position(commands.Cog):
    """The size of a position, for its owner's eyes alone."""

    @question(
        PositionRequest,
        aliases=("size", "sizing"),
        asks="Which size keeps a loss bearable?",
        example="IWM account:25000",
    )
    async def position(
        self,
        ctx: Context,
        symbol: Listed,
        account: app_commands.Range[float, 1.0, 1e12] = 10_000.0,
        risk: app_commands.Range[float, 0.0001, 0.2] = 0.01,
        ranges: app_commands.Range[float, 0.25, 20.0] = 2.0,
        as_of: AsOf = None,
    ) -> None:
        """How many shares cost a stated part of an account if the price falls some average ranges."""
        await ctx.reply_with(PositionRequest(symbol=symbol, account=account, risk=risk, ranges=ranges, as_of=as_of))


async def setup(bot: Handoff) -> None:
    """Add the cog."""
    await bot.add_cog(Position())
