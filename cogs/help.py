"""Help: what can be asked, by question."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot import i18n
from bot.client import Handoff
from bot.discord_ui import help_pages
from bot.discord_ui.context import Context
from bot.discord_ui.house import has_bot


class Help(commands.Cog):
    """Help: what can be asked, by question."""

    @commands.hybrid_command(name="help", aliases=("commands", "questions"))  # type: ignore[arg-type]  # the library cannot know our context
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.describe(command="Only this one, with all its options")
    async def show(self, ctx: Context, *, command: str | None = None) -> None:
        """What you can ask, with examples to press."""
        bot, guild_id = ctx.bot, ctx.guild.id if ctx.guild else None
        every = help_pages.offered(bot.commands, in_server=has_bot(bot, guild_id))
        with i18n.use(ctx.language):
            if command:
                view = help_pages.about(command, every, bot.known(), bot.prefix)
            else:
                view = help_pages.overview(every, bot.known(), bot.prefix)
        await ctx.answer_to(private=True).card(view, [])

    @show.autocomplete("command")
    async def offered(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        """Offer the commands by name."""
        bot = interaction.client
        every = help_pages.offered(bot.commands, in_server=has_bot(bot, interaction.guild_id))
        with i18n.use(i18n.supported(str(interaction.locale))):
            return help_pages.completions(typed, every)


async def setup(bot: Handoff) -> None:
    """Add the cog."""
    await bot.add_cog(Help())
