"""How the bot behaves in a server and in its channels."""

import discord
from discord import app_commands

from bot.client import Handoff
from bot.discord_ui import channel_rules, imports, ping_role, preferences, taking_over
from bot.discord_ui.channel_rules import ChannelWishes
from bot.discord_ui.context import Context
from bot.discord_ui.permissions import AdminCog, admin_command, admin_group
from bot.discord_ui.preferences import Preferences


class Settings(AdminCog):
    """How the bot behaves in a server and in its channels."""

    @admin_group("show", aliases=("config",))
    async def settings(self, ctx: Context) -> None:
        """How the bot is set up here."""
        await ctx.look(preferences.show)

    @settings.verb(aliases=("set",))
    async def change(self, ctx: Context, *, wishes: Preferences) -> None:
        """Change time zone, language, quiet hours, roles, limits, who is in charge."""
        await ctx.administer(lambda desk: preferences.change(desk, wishes))

    @settings.verb()
    async def export(self, ctx: Context) -> None:
        """Take everything that is set up here as a file."""
        await ctx.look(taking_over.export)

    @settings.verb(name="import")
    @app_commands.describe(file="What /settings export wrote", instead="For channels that do not exist here")
    async def take_in(self, ctx: Context, file: discord.Attachment, instead: discord.TextChannel | None = None) -> None:
        """Take a setup in from a file; you see what would change first."""
        await ctx.look(lambda desk: imports.offer(desk, file, instead.id if instead else None))

    @settings.verb()
    @app_commands.describe(server="The other server's id", instead="For channels that do not exist here")
    async def clone(self, ctx: Context, server: str, instead: discord.TextChannel | None = None) -> None:
        """Take the setup of another server that you manage; you see what would change first."""
        await ctx.look(lambda desk: imports.clone(desk, server, instead.id if instead else None))

    @admin_command()
    async def channel(self, ctx: Context, *, wishes: ChannelWishes) -> None:
        """How questions are answered in a channel: mode, language, colours, which ones."""
        await ctx.administer(lambda desk: channel_rules.change(desk, wishes))

    @admin_command()
    async def pingbutton(self, ctx: Context) -> None:
        """Put a button here by which members join or leave the role that is pinged."""
        await ctx.administer(ping_role.offered)


async def setup(bot: Handoff) -> None:
    """Add the cog."""
    await bot.add_cog(Settings())
