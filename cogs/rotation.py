"""Who leads: small caps or large caps."""

from discord.ext import commands

from bot.client import Handoff
from bot.discord_ui.context import Context
from bot.discord_ui.parameters import AsOf, Fund, WindowOrDate
from bot.discord_ui.question import question
from bot.features.rotation.request import RotationRequest
from bot.request import Basis


class Rotation(commands.Cog):
    """Who leads: small caps or large caps."""

    @question(RotationRequest, aliases=("rot", "leaders", "rs"), asks="Are small caps leading?", example="iwn spy 3y")
    async def rotation(
        self,
        ctx: Context,
        window: WindowOrDate = "6m",
        small: Fund = "IWM",
        large: Fund = "SPY",
        basis: Basis = "total",
        as_of: AsOf = None,
    ) -> None:
        """Small caps against large caps: returns, relative strength, regime."""
        await ctx.reply_with(RotationRequest(window=window, small=small, large=large, basis=basis, as_of=as_of))


async def setup(bot: Handoff) -> None:
    """Add the cog."""
    await bot.add_cog(Rotation())
