"""A portfolio's mix and risk, for its owner's eyes alone."""

from typing import Literal

from discord import app_commands
from discord.ext import commands

from bot.client import Handoff
from bot.discord_ui.context import Context
from bot.discord_ui.parameters import AsOf, WindowOrDate
from bot.discord_ui.question import question
from bot.features.allocation.request import AllocationRequest


class Allocation(commands.Cog):
    """A portfolio's mix and risk, for its owner's eyes alone."""

    @question(
        AllocationRequest,
        aliases=("portfolio", "mix"),
        asks="How is my portfolio spread over company sizes?",
        example="SPY 60, IWM 20, NVDA 20",
    )
    async def allocation(
        self,
        ctx: Context,
        holdings: str,
        unit: Literal["auto", "percent", "dollars", "shares"] = "auto",
        shift: app_commands.Range[float, 0.01, 1.0] = 0.10,
        window: WindowOrDate = "5y",
        as_of: AsOf = None,
    ) -> None:
        """Your mix of company sizes and its risk, as in SPY 60, IWM 20, NVDA 20. Only you see it."""
        await ctx.reply_with(AllocationRequest(holdings=holdings, unit=unit, shift=shift, window=window, as_of=as_of))


async def setup(bot: Handoff) -> None:
    """Add the cog."""
    await bot.add_cog(Allocation())
