"""What followed such events before: counts, medians, base rates."""

from typing import Literal

from discord import app_commands
from discord.ext import commands

from bot.client import Handoff
from bot.discord_ui.context import Context
from bot.discord_ui.parameters import AsOf, Fund
from bot.discord_ui.question import question
from bot.features.history.request import Event, HistoryRequest


class History(commands.Cog):
    """What followed such events before: counts, medians, base rates."""

    @question(
        HistoryRequest, aliases=("past", "followed", "before"), asks="What followed such moments before?", example="cut"
    )
    async def history(
        self,
        ctx: Context,
        event: Event = "record",
        small: Fund = "IWM",
        large: Fund = "SPY",
        side: Literal["small", "large"] = "small",
        gap_days: app_commands.Range[int, 1, 10_000] = 365,
        points: app_commands.Range[float, 0.1, 200.0] = 10.0,
        as_of: AsOf = None,
    ) -> None:
        """What followed records, regime changes, cuts and the like before, with counts and base rates."""
        await ctx.reply_with(
            HistoryRequest(
                event=event, small=small, large=large, side=side, gap_days=gap_days, points=points, as_of=as_of
            )
        )


async def setup(bot: Handoff) -> None:
    """Add the cog."""
    await bot.add_cog(History())
