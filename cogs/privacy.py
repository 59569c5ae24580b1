"""What is stored about you: shown and deleted."""

from typing import Literal

from discord import app_commands
from discord.ext import commands

from bot.client import Handoff
from bot.discord_ui import personal
from bot.discord_ui.context import Context
from bot.discord_ui.verbs import group

About = Literal["me", "server"]


class Privacy(commands.Cog):
    """What is stored about you: shown and deleted."""

    @group("export")
    @app_commands.describe(about="You, or the whole server (for admins)")
    async def privacy(self, ctx: Context, about: About = "me") -> None:
        """Get everything that is stored about you."""
        await ctx.about(about, personal.export, personal.export_server)

    @privacy.verb()
    @app_commands.describe(about="You, or the whole server (for admins)")
    async def delete(self, ctx: Context, about: About = "me") -> None:
        """Delete what is stored about you."""
        await ctx.about(about, personal.delete, personal.delete_server)


async def setup(bot: Handoff) -> None:
    """Add the cog."""
    await bot.add_cog(Privacy())
