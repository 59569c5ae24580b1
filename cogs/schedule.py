"""What is posted regularly: added, changed, shown, ended."""

from discord import app_commands

from bot.client import Handoff
from bot.discord_ui import scheduling
from bot.discord_ui.context import Context
from bot.discord_ui.permissions import AdminCog, admin_group
from bot.discord_ui.schedule_options import Changes, ScheduleId, Wishes


class Schedule(AdminCog):
    """What is posted regularly: added, changed, shown, ended."""

    @admin_group("list", aliases=("schedules",))
    async def schedule(self, ctx: Context) -> None:
        """What is posted here regularly, and when next."""
        await ctx.look(scheduling.listing)

    @schedule.verb()
    async def add(self, ctx: Context, *, wishes: Wishes) -> None:
        """Post a report regularly: the weekly summary unless you say otherwise."""
        await ctx.administer(lambda desk: scheduling.add(desk, wishes))

    @schedule.verb(aliases=("change",))
    async def edit(self, ctx: Context, *, changes: Changes) -> None:
        """Change what is posted, when or where."""
        await ctx.administer(lambda desk: scheduling.edit(desk, changes))

    @schedule.verb()
    @app_commands.describe(schedule="Which one: its number in the list")
    async def pause(self, ctx: Context, schedule: ScheduleId) -> None:
        """Stop posting one until it is resumed."""
        await ctx.administer(lambda desk: scheduling.pause(desk, schedule))

    @schedule.verb()
    @app_commands.describe(schedule="Which one: its number in the list")
    async def resume(self, ctx: Context, schedule: ScheduleId) -> None:
        """Go on posting one that was paused."""
        await ctx.administer(lambda desk: scheduling.resume(desk, schedule))

    @schedule.verb(aliases=("delete",))
    @app_commands.describe(schedule="Which one: its number in the list")
    async def remove(self, ctx: Context, schedule: ScheduleId) -> None:
        """End one for good."""
        await ctx.administer(lambda desk: scheduling.remove(desk, schedule))

    @schedule.verb()
    @app_commands.describe(schedule="Which one: its number in the list")
    async def preview(self, ctx: Context, schedule: ScheduleId) -> None:
        """See the post as it would be now; nobody else does."""
        await ctx.look(lambda desk: scheduling.preview(desk, schedule))

    @schedule.verb()
    @app_commands.describe(schedule="Which one: its number in the list")
    async def runs(self, ctx: Context, schedule: ScheduleId) -> None:
        """The next ten times one is posted."""
        await ctx.look(lambda desk: scheduling.runs(desk, schedule))

    @schedule.verb()
    @app_commands.describe(schedule="Which one: its number in the list; all of them without it")
    async def history(self, ctx: Context, schedule: ScheduleId | None = None) -> None:
        """What became of the last posts, and why."""
        await ctx.look(lambda desk: scheduling.history(desk, schedule))


async def setup(bot: Handoff) -> None:
    """Add the cog."""
    await bot.add_cog(Schedule())
