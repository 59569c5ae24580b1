"""How old the data is, and how each source fares."""

from discord.ext import commands

from bot import i18n
from bot.client import Handoff
from bot.discord_ui.context import Context
from bot.errors import BotError
from bot.jobs.ingesting import next_fetch
from bot.market import standing


class Status(commands.Cog):
    """How old the data is, and how each source fares."""

    @commands.hybrid_command(aliases=("sources", "freshness"))  # type: ignore[arg-type]  # the library cannot know our context
    async def status(self, ctx: Context) -> None:
        """How old the data is, and when the next is due."""
        reports, now, reply = ctx.bot.reports, ctx.bot.clock.now(), ctx.answer_to(private=True)
        await reply.wait()  # a worker reads the store
        try:
            vendors = await reports.standings()
        except BotError:
            vendors = None
        following = None if vendors == () else next_fetch(reports.catalogue, now)  # nobody fetches the bundled sample
        with i18n.use(ctx.language):
            told = standing.lines(vendors, reports.catalogue, now, following)
            await reply.say("\n".join(told))


async def setup(bot: Handoff) -> None:
    """Add the cog."""
    await bot.add_cog(Status())
