"""A portfolio's mix and risk, for its owner's eyes alone."""

from typing import Literal

from discord import app_commands
from discord.ext import commands

from bot import i18n
from bot.client import Handoff
from bot.discord_ui.context import Context, FieldForm
from bot.discord_ui.parameters import AsOf, WindowOrDate
from bot.discord_ui.question import question
from bot.features.allocation.request import AllocationRequest
from bot.i18n import gettext as _


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
        holdings: str | None = None,
        unit: Literal["auto", "percent", "dollars", "shares"] = "auto",
        shift: app_commands.Range[float, 0.01, 1.0] = 0.10,
        window: WindowOrDate = "5y",
        as_of: AsOf = None,
    ) -> None:
        """Your mix of company sizes and its risk: leave the holdings out for a form. Only you see it."""
        request = AllocationRequest(holdings=holdings or "", unit=unit, shift=shift, window=window, as_of=as_of)
        if request.holdings:
            await ctx.reply_with(request)
        else:
            with i18n.use(ctx.language):
                form = FieldForm(_("Your portfolio"), _("What do you hold?"), "SPY 60, IWM 20, NVDA 20")
            await ctx.reply_once_filled(request, "holdings", form)


async def setup(bot: Handoff) -> None:
    """Add the cog."""
    await bot.add_cog(Allocation())
