"""Keeping order: what is missing, pauses, blocks, who changed what."""

from typing import Literal

import discord
from discord import app_commands

from bot.client import Handoff
from bot.discord_ui import auditing, calm, doctor
from bot.discord_ui.admin_controls import audit_page
from bot.discord_ui.context import Context
from bot.discord_ui.permissions import AdminCog, admin_command, admin_group

_EVERYTHING = [app_commands.Choice(name="all", value="all")]


class Admin(AdminCog):
    """Keeping order: what is missing, pauses, blocks, who changed what."""

    @admin_command()
    async def doctor(self, ctx: Context) -> None:
        """Check every permission in every channel: what is missing, where to click."""
        await ctx.look(doctor.examine)

    @admin_command()
    @app_commands.describe(what="Everything", length="How long: 24h (if left out), 3d, 1w")
    @app_commands.choices(what=_EVERYTHING)
    async def pause(self, ctx: Context, what: str = "all", *, length: str = "") -> None:
        """Post nothing at all for a while."""
        await ctx.administer(lambda desk: calm.pause_all(desk, what, length))

    @admin_command()
    @app_commands.describe(what="Everything")
    @app_commands.choices(what=_EVERYTHING)
    async def resume(self, ctx: Context, what: str = "all") -> None:
        """End the pause of everything."""
        await ctx.administer(lambda desk: calm.resume_all(desk, what))

    @admin_group("list", aliases=("blocks",))
    async def block(self, ctx: Context) -> None:
        """Who is not answered here, and which tickers are not shown."""
        await ctx.look(calm.blocks)

    @block.verb(aliases=("user",))
    @app_commands.describe(person="Who is answered no more")
    async def person(self, ctx: Context, person: discord.User) -> None:
        """Answer somebody no more."""
        await ctx.administer(lambda desk: calm.block_person(desk, person.id))

    @block.verb()
    @app_commands.describe(symbol="Ticker")
    async def ticker(self, ctx: Context, symbol: str) -> None:
        """Show a ticker no more, in answers and in posts."""
        await ctx.administer(lambda desk: calm.block_ticker(desk, symbol))

    @block.verb(aliases=("remove",))
    @app_commands.describe(person="Who is answered again", symbol="Ticker")
    async def lift(self, ctx: Context, person: discord.User | None = None, symbol: str | None = None) -> None:
        """Lift a block."""
        await ctx.administer(lambda desk: calm.lift(desk, person.id if person else None, symbol))

    @admin_command()
    @app_commands.describe(
        person="Changes of this person", about="Changes of this kind", since="How far back: 24h, 7d, 4w"
    )
    async def audit(
        self,
        ctx: Context,
        person: discord.User | None = None,
        about: Literal["settings", "schedule", "channel", "alert", "block"] | None = None,
        *,
        since: str | None = None,
    ) -> None:
        """Who changed what here, from what to what."""
        await ctx.look(
            lambda desk: audit_page(desk, auditing.wanted(desk, person.id if person else None, about, since))
        )

    @admin_command()
    async def undo(self, ctx: Context) -> None:
        """Take back the last change, with all that it changed."""
        await ctx.administer(auditing.undo)


async def setup(bot: Handoff) -> None:
    """Add the cog."""
    await bot.add_cog(Admin())
