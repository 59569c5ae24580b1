"""What comes of the form of ``/setup``: the preview of the real post, then the schedule."""

from dataclasses import replace

import discord

from bot.community.records import Cadence, Destination, GuildSettings, Schedule
from bot.discord_ui.admin_controls import first_post_row
from bot.discord_ui.coming import coming
from bot.discord_ui.desk import Desk
from bot.discord_ui.doctor import complaints
from bot.discord_ui.pages import Page
from bot.discord_ui.previews import preview_card
from bot.discord_ui.schedule_options import Channel, kind_of, usual_tags
from bot.discord_ui.schedule_words import cadence_words, runs_words
from bot.discord_ui.setup_draft import Draft, first_draft, moved
from bot.errors import BadInput
from bot.i18n import gettext as _


async def opening_draft(desk: Desk, zone: str | None) -> Draft:
    """Return where the form begins: with the weekly post that is there, else with what is usual, here."""
    settings = await desk.settings()
    here = desk.guild.get_channel_or_thread(desk.channel_id)
    if isinstance(here, discord.Thread):
        here = here.parent
    channel_id = here.id if isinstance(here, Channel) else None
    now = desk.bot.clock.now()
    usual = first_draft(settings.zone, channel_id, settings.mention_role_id, now)
    for found in await desk.community.schedules.of_guild(desk.guild.id):
        if found.content == usual.content and found.cadence.kind == "weekly" and found.cadence.at is not None:
            role_id = found.mention_role_id or settings.mention_role_id if found.mention == "role" else None
            place, days = found.destinations[0].channel_id, found.cadence.weekdays
            usual = replace(usual, channel_id=place, days=days, at=found.cadence.at, role_id=role_id)
            break
    return moved(usual, zone or settings.zone, now)


async def preview_pages(desk: Desk, draft: Draft) -> Page:
    """Return the real post as it would be now, the next three times, and what stands in the way."""
    settings = _settings(await desk.settings(), draft)
    schedule = await _schedule(desk, draft)
    runs = runs_words(await coming(desk, schedule, 3, settings))
    place = schedule.destinations[0].channel_id
    text = _("### The next three times in {channel}\n{runs}\n-# {zone} · {cadence}").format(
        channel=f"<#{place}>", runs=runs, zone=draft.zone, cadence=cadence_words(schedule.cadence)
    )
    there = await desk.community.schedules.get(desk.guild.id, schedule.id)
    ahead = _("The post itself is shown below, to you alone. “Start posting” begins.")
    if there is not None:
        ahead = _(
            "The post itself is shown below, to you alone. “Start posting” changes the one that is there already."
        )
    return Page("\n".join([text, ahead, *complaints(desk, [schedule])]), card=await preview_card(desk, schedule))


async def save(desk: Desk, draft: Draft) -> Page:
    """Store what was set up. Done again for the same report and channel, it changes what is there."""
    schedule = await _schedule(desk, draft)
    await desk.settle(_settings(await desk.settings(), draft))
    known = {found.id for found in await desk.community.schedules.of_guild(desk.guild.id)}
    if schedule.id in known:
        await desk.community.schedules.save(schedule, desk.by)
    else:
        await desk.community.schedules.add(schedule, desk.by)
    runs = runs_words(await coming(desk, schedule, 1))
    done = _("### Done\nThe next post comes\n{runs}\n-# /schedule changes it, /doctor checks it, /undo takes it back.")
    rows = [] if schedule.id in known else [first_post_row(schedule.id)]
    return Page("\n".join([done.format(runs=runs), *complaints(desk, [schedule])]), rows)


def _settings(settings: GuildSettings, draft: Draft) -> GuildSettings:
    """Return the server's settings; its role to ping, which other posts and the button go by, is set at first alone."""
    return replace(settings, zone=draft.zone, mention_role_id=settings.mention_role_id or draft.role_id)


async def _schedule(desk: Desk, draft: Draft) -> Schedule:
    channel = desk.guild.get_channel_or_thread(draft.channel_id or 0)
    if not isinstance(channel, Channel):
        raise BadInput(_("Please choose a channel first."))
    role_id = None if draft.role_id == _settings(await desk.settings(), draft).mention_role_id else draft.role_id
    made = Schedule(
        guild_id=desk.guild.id,
        content=draft.content,
        cadence=Cadence(kind="weekly", weekdays=draft.days, at=draft.at),
        destinations=(Destination(channel_id=channel.id, kind=kind_of(channel), tags=usual_tags(channel)),),
        mention="role" if draft.role_id is not None else "none",
        mention_role_id=role_id,
        author_user_id=desk.member.id,
    )
    there = [
        found
        for found in await desk.community.schedules.of_guild(desk.guild.id)
        if found.content == made.content and channel.id in [place.channel_id for place in found.destinations]
    ]
    if not there:
        return made
    found = min(there, key=lambda one: len(one.destinations))  # rather what is posted here alone
    mention = "everyone" if found.mention == "everyone" and draft.role_id is None else made.mention
    return replace(found, cadence=made.cadence, mention=mention, mention_role_id=role_id)
