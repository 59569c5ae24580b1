"""What comes of the form of ``/setup``: the preview of the real post, then the schedule."""

from dataclasses import replace

from bot.community.records import Cadence, Destination, GuildSettings, Schedule
from bot.discord_ui.admin_controls import first_post_row
from bot.discord_ui.desk import Desk
from bot.discord_ui.doctor import complaints
from bot.discord_ui.pages import Page
from bot.discord_ui.previews import preview_card
from bot.discord_ui.schedule_options import Channel, kind_of, read_tags
from bot.discord_ui.schedule_words import cadence_words, runs_words
from bot.discord_ui.setup_draft import Draft, first_draft
from bot.errors import BadInput
from bot.i18n import gettext as _
from bot.jobs.sweep import next_runs


async def opening_draft(desk: Desk, zone: str | None) -> Draft:
    """Return where the form begins: with what this server set before, else with what is usual."""
    settings = await desk.settings()
    return first_draft(zone or settings.zone, desk.channel_id, settings.mention_role_id, desk.bot.clock.now())


async def preview_pages(desk: Desk, draft: Draft) -> Page:
    """Return the real post as it would be now, the next three times, and what stands in the way."""
    settings = _settings(await desk.settings(), draft)
    schedule = await _schedule(desk, draft)
    runs = runs_words(next_runs(schedule, settings, desk.bot.reports.catalogue, desk.bot.clock.now(), 3))
    place = schedule.destinations[0].channel_id
    text = _("### The next three times in {channel}\n{runs}\n-# {zone} · {cadence}").format(
        channel=f"<#{place}>", runs=runs, zone=draft.zone, cadence=cadence_words(schedule.cadence)
    )
    return Page("\n".join([text, *complaints(desk, [schedule])]), card=await preview_card(desk, schedule))


async def save(desk: Desk, draft: Draft) -> Page:
    """Store what was set up. Done again for the same report and channel, it changes what is there."""
    schedule = await _schedule(desk, draft)
    await desk.settle(_settings(await desk.settings(), draft))
    known = {found.id for found in await desk.community.schedules.of_guild(desk.guild.id)}
    if schedule.id in known:
        await desk.community.schedules.save(schedule, desk.by)
    else:
        await desk.community.schedules.add(schedule, desk.by)
    settings, catalogue = await desk.settings(), desk.bot.reports.catalogue
    runs = runs_words(next_runs(schedule, settings, catalogue, desk.bot.clock.now(), 1))
    done = _("### Done\nThe next post comes\n{runs}\n-# /schedule changes it, /doctor checks it, /undo takes it back.")
    rows = [] if schedule.id in known else [first_post_row(schedule.id)]
    return Page("\n".join([done.format(runs=runs), *complaints(desk, [schedule])]), rows)


def _settings(settings: GuildSettings, draft: Draft) -> GuildSettings:
    return replace(settings, zone=draft.zone, mention_role_id=draft.role_id)


async def _schedule(desk: Desk, draft: Draft) -> Schedule:
    channel = desk.guild.get_channel_or_thread(draft.channel_id or 0)
    if not isinstance(channel, Channel):
        raise BadInput(_("Please choose a channel first."))
    made = Schedule(
        guild_id=desk.guild.id,
        content=draft.content,
        cadence=Cadence(kind="weekly", weekdays=draft.days, at=draft.at),
        destinations=(Destination(channel_id=channel.id, kind=kind_of(channel), tags=read_tags(channel, None)),),
        mention="role" if draft.role_id is not None else "none",
        author_user_id=desk.member.id,
    )
    for found in await desk.community.schedules.of_guild(desk.guild.id):
        if found.content == made.content and [p.channel_id for p in found.destinations] == [channel.id]:
            return replace(found, cadence=made.cadence, mention=made.mention, mention_role_id=None)
    return made
