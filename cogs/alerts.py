"""Alerts: rules that watch indicators, set by admins for the server and by people for themselves."""

from collections.abc import Callable
from typing import Any

from discord import app_commands
from discord.ext import commands

from bot.client import Handoff
from bot.discord_ui import alerting
from bot.discord_ui.alert_lists import listing
from bot.discord_ui.alert_options import (
    AlertChanges,
    AlertId,
    AlertWishes,
    HouseWishes,
    OwnAlertId,
    OwnChanges,
    OwnWishes,
)
from bot.discord_ui.context import Context
from bot.discord_ui.permissions import AdminCog
from bot.discord_ui.verbs import Body, Group

_WHICH = "Which one: its number in the list"


def _open_group(body: Body) -> Group:
    """Make a group that everybody sees: some of its commands are for all, the others ask for the right."""
    return Group(app_commands.guild_only()(body), fallback="list", aliases=["alerts"])


def _subgroup(parent: Group) -> Callable[[Body], Group]:
    """Make a group within a group; called by text without a verb, it lists."""

    def decorate(body: Body) -> Group:
        made = Group(body, parent=parent, fallback="list", aliases=["own"])
        parent.add_command(made)
        return made

    return decorate


class Alerts(AdminCog):
    """Alerts: rules that watch indicators and speak when something happens."""

    async def cog_check(self, ctx: commands.Context[Any]) -> bool:
        """Ask for the right, except for what people set for themselves."""
        own = ctx.command is not None and ctx.command.qualified_name.startswith("alert mine")
        return own or await super().cog_check(ctx)

    @_open_group
    async def alert(self, ctx: Context) -> None:
        """What watches here, and how each alert is doing."""
        await ctx.look(listing)

    @alert.verb()
    async def add(self, ctx: Context, *, wishes: AlertWishes) -> None:
        """Watch an indicator: tried on its history first, stored when you save it."""
        await ctx.administer(lambda desk: alerting.add(desk, wishes))

    @alert.verb(aliases=("change",))
    async def edit(self, ctx: Context, *, changes: AlertChanges) -> None:
        """Change what an alert waits for, where it speaks or how often."""
        await ctx.administer(lambda desk: alerting.edit(desk, changes))

    @alert.verb()
    @app_commands.describe(alert=_WHICH)
    async def pause(self, ctx: Context, alert: AlertId) -> None:
        """Stop one until it is resumed."""
        await ctx.administer(lambda desk: alerting.pause(desk, alert))

    @alert.verb()
    @app_commands.describe(alert=_WHICH)
    async def resume(self, ctx: Context, alert: AlertId) -> None:
        """Go on with one that was paused or snoozed."""
        await ctx.administer(lambda desk: alerting.resume(desk, alert))

    @alert.verb(aliases=("delete",))
    @app_commands.describe(alert=_WHICH)
    async def remove(self, ctx: Context, alert: AlertId) -> None:
        """End one for good."""
        await ctx.administer(lambda desk: alerting.remove(desk, alert))

    @alert.verb(aliases=("preview",))
    @app_commands.describe(alert=_WHICH)
    async def test(self, ctx: Context, alert: AlertId) -> None:
        """See the post of the last time one would have fired; nobody else does."""
        await ctx.look(lambda desk: alerting.test(desk, alert, own=False))

    @alert.verb()
    @app_commands.describe(alert="Which one: its number in the list; all of them without it")
    async def history(self, ctx: Context, alert: AlertId | None = None) -> None:
        """What fired, and what became of each post."""
        await ctx.look(lambda desk: alerting.history(desk, alert, own=False))

    @alert.verb()
    async def settings(self, ctx: Context, *, wishes: HouseWishes) -> None:
        """What this server allows of alerts: private ones, how many an hour."""
        await ctx.administer(lambda desk: alerting.settings(desk, wishes))

    @_subgroup(alert)
    async def mine(self, ctx: Context) -> None:
        """Your private alerts, told by direct message."""
        await ctx.look(lambda desk: listing(desk, own=True))

    @mine.verb(name="add")
    async def add_own(self, ctx: Context, *, wishes: OwnWishes) -> None:
        """Watch an indicator for yourself: tried on its history first, stored when you save it."""
        await ctx.administer(lambda desk: alerting.add_own(desk, wishes))

    @mine.verb(name="edit", aliases=("change",))
    async def edit_own(self, ctx: Context, *, changes: OwnChanges) -> None:
        """Change what one of yours waits for, or how often it speaks."""
        await ctx.administer(lambda desk: alerting.edit_own(desk, changes))

    @mine.verb(name="test", aliases=("preview",))
    @app_commands.describe(alert=_WHICH)
    async def test_own(self, ctx: Context, alert: OwnAlertId) -> None:
        """See the message of the last time one of yours would have fired."""
        await ctx.look(lambda desk: alerting.test(desk, alert, own=True))

    @mine.verb(name="history")
    @app_commands.describe(alert="Which one: its number in the list; all of them without it")
    async def history_own(self, ctx: Context, alert: OwnAlertId | None = None) -> None:
        """What fired of yours, and what became of each message."""
        await ctx.look(lambda desk: alerting.history(desk, alert, own=True))

    @mine.verb(name="pause")
    @app_commands.describe(alert=_WHICH)
    async def pause_own(self, ctx: Context, alert: OwnAlertId) -> None:
        """Stop one of yours until it is resumed."""
        await ctx.administer(lambda desk: alerting.pause(desk, alert, own=True))

    @mine.verb(name="resume")
    @app_commands.describe(alert=_WHICH)
    async def resume_own(self, ctx: Context, alert: OwnAlertId) -> None:
        """Go on with one of yours."""
        await ctx.administer(lambda desk: alerting.resume(desk, alert, own=True))

    @mine.verb(name="remove", aliases=("delete",))
    @app_commands.describe(alert=_WHICH)
    async def remove_own(self, ctx: Context, alert: OwnAlertId) -> None:
        """End one of yours for good."""
        await ctx.administer(lambda desk: alerting.remove(desk, alert, own=True))


async def setup(bot: Handoff) -> None:
    """Add the cog."""
    await bot.add_cog(Alerts())
