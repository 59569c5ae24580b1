"""The guided way to the first post."""

from discord import app_commands

from bot.client import Handoff
from bot.discord_ui.context import Context
from bot.discord_ui.permissions import AdminCog, admin_command
from bot.discord_ui.setup_form import open_form
from bot.discord_ui.zones import Zone


class Setup(AdminCog):
    """The guided way to the first post."""

    @admin_command()
    @app_commands.describe(zone="Your time zone: type a city")
    async def setup(self, ctx: Context, *, zone: Zone = None) -> None:
        """Have a report posted regularly: choose when and where, see it, start."""
        await open_form(ctx, zone)


async def setup(bot: Handoff) -> None:
    """Add the cog."""
    await bot.add_cog(Setup())
