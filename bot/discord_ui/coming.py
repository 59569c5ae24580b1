"""When a schedule posts next: what admins are shown after every change."""

from bot.community.records import GuildSettings, Schedule
from bot.discord_ui.desk import Desk
from bot.jobs.due import Due
from bot.jobs.sweep import next_runs


async def coming(desk: Desk, schedule: Schedule, count: int, settings: GuildSettings | None = None) -> list[Due]:
    """Return the next times of a schedule, under the server's settings or those that are to be.

    A period that was posted already, before its time was moved to later, does not come again.
    """
    settings = settings or await desk.settings()
    past = await desk.community.ledger.history(desk.guild.id, what=schedule.what)
    catalogue, now = desk.bot.reports.catalogue, desk.bot.clock.now()
    return next_runs(schedule, settings, catalogue, now, count, entered={row.period for row in past})
