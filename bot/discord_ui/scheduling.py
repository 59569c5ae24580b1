"""What ``/schedule`` does: each verb returns the page that says what became of it."""

from dataclasses import replace

from discord.utils import escape_markdown

from bot import i18n
from bot.community.records import GuildSettings, Schedule
from bot.discord_ui.admin_controls import confirm_row, first_post_row
from bot.discord_ui.coming import coming
from bot.discord_ui.desk import Desk
from bot.discord_ui.doctor import complaints
from bot.discord_ui.ids import Outdated
from bot.discord_ui.pages import Page
from bot.discord_ui.previews import preview_card
from bot.discord_ui.schedule_options import MOST_SCHEDULES, Changes, Ways, Wishes, names_of
from bot.discord_ui.schedule_words import history_words, listed, runs_words, schedule_label
from bot.discord_ui.wishes import changed_schedule, new_schedule
from bot.errors import BadInput
from bot.i18n import gettext as _

_RUNS_SHOWN, _RUNS_LISTED = 3, 10


async def find(desk: Desk, text: str) -> Schedule:
    """Return the schedule that a number in the list or an id means. Raises BadInput."""
    schedules = await desk.community.schedules.of_guild(desk.guild.id)
    wanted = text.strip().lstrip("#")
    for number, schedule in enumerate(schedules, 1):
        if wanted in {str(number), schedule.id}:
            return schedule
    raise BadInput(
        _("There is no schedule “{name}” here. /schedule list shows them.").format(name=i18n.plain(text, 20))
    )


async def runs_of(desk: Desk, schedule: Schedule, count: int = _RUNS_SHOWN) -> str:
    """Return the next times of a schedule, in words; of a paused one how to go on."""
    if schedule.state == "paused":
        return _("It is paused: /schedule resume goes on with it.")
    return runs_words(await coming(desk, schedule, count))


async def add(desk: Desk, wishes: Wishes) -> Page:
    """Add a schedule and say when it posts."""
    there = await desk.community.schedules.of_guild(desk.guild.id)
    if len(there) >= MOST_SCHEDULES:
        raise BadInput(_("There are {n} schedules here already, as many as I keep.").format(n=MOST_SCHEDULES))
    settings = await desk.settings()
    schedule = new_schedule(desk, wishes, settings)
    for number, one in enumerate(there, 1):
        if _same_post(one, schedule):
            raise BadInput(_("That is posted already: number {n} in /schedule list.").format(n=number))
    await desk.settle(settings)
    stored = await desk.community.schedules.add(schedule, desk.by)
    page = await _saved(desk, stored, _("Added."), wishes)
    return replace(page, rows=[*page.rows, first_post_row(stored.id)])


async def edit(desk: Desk, changes: Changes) -> Page:
    """Change a schedule and say when it posts now."""
    before = await find(desk, changes.schedule)
    schedule = changed_schedule(desk, before, changes, await desk.settings())
    if schedule == before and changes.mention != "everyone":
        raise BadInput(_("Nothing would be changed: name what shall be, such as at: or days:."))
    try:
        await desk.community.schedules.save(schedule, desk.by)
    except KeyError:
        raise Outdated from None
    return await _saved(desk, schedule, _("Changed."), changes)


def _same_post(one: Schedule, other: Schedule) -> bool:
    """Return whether a channel would get the same report twice at the same times."""
    channels = [{place.channel_id for place in schedule.destinations} for schedule in (one, other)]
    same = (one.content, one.request, one.cadence) == (other.content, other.request, other.cadence)
    return same and bool(channels[0] & channels[1])


async def _saved(desk: Desk, schedule: Schedule, done: str, wishes: Ways) -> Page:
    places = names_of([place.channel_id for place in schedule.destinations])
    head = f"### {done}\n{escape_markdown(schedule_label(schedule))} · {places}"
    lines = [head, await runs_of(desk, schedule), *complaints(desk, [schedule])]
    rows = []
    if wishes.mention == "everyone":
        lines.append(_("Everyone in the server would be pinged by each post. Is that really meant?"))
        rows.append(confirm_row("everyone", schedule.id, _("Yes, ping everyone")))
    if paused := _all_paused(desk, await desk.settings()):
        lines.append(paused)
    lines.append("-# " + _("/schedule list shows every post, /undo takes this back."))
    return Page("\n".join(lines), rows)


def _all_paused(desk: Desk, settings: GuildSettings) -> str | None:
    if settings.paused_until is None or settings.paused_until <= desk.bot.clock.now():
        return None
    return _("Everything is paused. /resume all ends that.")


async def listing(desk: Desk) -> Page:
    """List the server's schedules."""
    schedules = await desk.community.schedules.of_guild(desk.guild.id)
    if not schedules:
        return Page(_("Nothing is posted here regularly. /setup takes you through it, /schedule add is the short way."))
    settings = await desk.settings()
    lines = [listed(n, s, await coming(desk, s, 1, settings)) for n, s in enumerate(schedules, 1)]
    if paused := _all_paused(desk, settings):
        lines.insert(0, paused)
    return Page("\n".join(lines))


async def pause(desk: Desk, text: str) -> Page:
    """Pause one schedule."""
    schedule = await find(desk, text)
    await desk.community.schedules.pause(schedule, desk.by)
    return Page(_("Paused: {schedule}. /schedule resume goes on.").format(schedule=_name(schedule)))


async def resume(desk: Desk, text: str) -> Page:
    """Go on with one schedule."""
    schedule = await find(desk, text)
    await desk.community.schedules.resume(schedule, desk.by)
    head = _("Resumed: {schedule}. What was missed is not made up for.").format(schedule=_name(schedule))
    goes_on = replace(schedule, state="active")
    return Page("\n".join([head, await runs_of(desk, goes_on), *complaints(desk, [schedule])]))


async def remove(desk: Desk, text: str) -> Page:
    """Delete one schedule."""
    schedule = await find(desk, text)
    await desk.community.schedules.remove(schedule, desk.by)
    return Page(_("Removed: {schedule}. /undo brings it back.").format(schedule=_name(schedule)))


async def preview(desk: Desk, text: str) -> Page:
    """Show the post as it would be now, and the next times."""
    schedule = await find(desk, text)
    head = _("This is how {schedule} would look now. Nobody else sees it.").format(schedule=_name(schedule))
    return Page(f"{head}\n{await runs_of(desk, schedule)}", card=await preview_card(desk, schedule), alone=True)


async def runs(desk: Desk, text: str) -> Page:
    """Show the next ten times."""
    schedule = await find(desk, text)
    return Page(f"### {_name(schedule)}\n{await runs_of(desk, schedule, _RUNS_LISTED)}")


async def history(desk: Desk, text: str | None) -> Page:
    """Show what became of the last posts, of one schedule or of all."""
    ledger, guild_id = desk.community.ledger, desk.guild.id
    if text:
        found = await ledger.history(guild_id, what=(await find(desk, text)).what)
    else:
        found = await ledger.of_schedules(guild_id)
    undone = any(post.link and post.reason for post in found)
    rows = [confirm_row("again", "", _("Publish and pin what is missing"))] if undone else []
    return Page(history_words(found), rows)


def _name(schedule: Schedule) -> str:
    return escape_markdown(schedule_label(schedule))
