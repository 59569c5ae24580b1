"""The first post of a new schedule at once: whoever set it up sees in the channel what will come regularly."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from discord.utils import format_dt

from bot.community.deliveries import BY_HAND
from bot.community.records import Schedule
from bot.discord_ui.desk import Desk
from bot.discord_ui.doctor import complaints
from bot.discord_ui.ids import Outdated
from bot.discord_ui.pages import Page
from bot.discord_ui.schedule_options import names_of
from bot.errors import BadInput
from bot.i18n import gettext as _
from bot.jobs.due import after_quiet


async def post_first(desk: Desk, schedule_id: str) -> Page:
    """Have a schedule fall due now, by the way everything falls due: claimed, posted once, written down."""
    schedule = await desk.community.schedules.get(desk.guild.id, schedule_id)
    if schedule is None:
        raise Outdated
    now = desk.bot.clock.now()
    settings = await desk.settings()
    if schedule.state == "paused" or (settings.paused_until and settings.paused_until > now):
        raise BadInput(_("Posting is paused: /schedule resume or /resume all first."))
    if lacking := complaints(desk, [schedule]):
        raise BadInput("\n".join(lacking))
    if await desk.community.ledger.history(desk.guild.id, what=schedule.what, period=BY_HAND):
        raise BadInput(_("It was posted once already: /schedule history shows where."))
    await _due_now(desk, schedule)
    ready = after_quiet(now, ZoneInfo(settings.zone), settings.quiet_from, settings.quiet_to)
    places = names_of([place.channel_id for place in schedule.destinations])
    if ready > now:
        text = _("It is quiet now: the first post comes to {channels} {moment}.")
        return Page(text.format(channels=places, moment=format_dt(ready, "R")))
    return Page(
        _("The first post is on its way to {channels}. /schedule list says when the next comes.").format(
            channels=places
        )
    )


async def _due_now(desk: Desk, schedule: Schedule) -> None:
    await desk.bot.jobs.plan()  # what has just fallen due by itself is not to be lost
    now = desk.bot.clock.now()
    await desk.community.schedules.plan([replace(schedule, next_due_at=now, next_period=BY_HAND)], again_at=now)
    await desk.bot.jobs.plan()
