"""Indicators: what can be watched, and one of them in its own history."""

from typing import Any

from discord import app_commands
from discord.ext import commands

from bot.client import Handoff
from bot.discord_ui.alert_options import Indicator
from bot.discord_ui.context import Context
from bot.discord_ui.indicator_pages import open_list
from bot.discord_ui.parameters import AsOf, WindowOrDate
from bot.discord_ui.question import Body, question
from bot.features.indicator.request import IndicatorRequest


def _listed(body: Body) -> commands.HybridCommand[Any, ..., None]:
    """Make a method a command of its own options, by slash and by text."""
    return commands.HybridCommand(body, aliases=["watchable"])


class Indicators(commands.Cog):
    """Indicators: what can be watched, and one of them in its own history."""

    @_listed
    @app_commands.describe(search="Words of its name, a ticker, a part of its id")
    async def indicators(self, ctx: Context, *, search: str | None = None) -> None:
        """What can be watched, by group or by words."""
        await open_list(ctx, search)

    @question(
        IndicatorRequest,
        aliases=("series",),
        asks="Where does one figure stand in its history?",
        example="rotation.regime",
    )
    async def indicator(
        self, ctx: Context, indicator: Indicator = "rotation.regime", window: WindowOrDate = "5y", as_of: AsOf = None
    ) -> None:
        """One indicator: where it stands, and where that is in its own history."""
        await ctx.reply_with(IndicatorRequest(indicator=indicator, window=window, as_of=as_of))


async def setup(bot: Handoff) -> None:
    """Add the cog."""
    await bot.add_cog(Indicators())
