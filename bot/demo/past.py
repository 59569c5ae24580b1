"""What happened in the demo before it opens: an admin set up a weekly post and alerts, and a week went by.

Everything is done by the bot itself, by the same ways as on a real server: nothing here is made up.
"""

from dataclasses import replace
from datetime import datetime, time, timedelta

import discord
from discord import ui

from bot.alerts.rule import Rule
from bot.community.alert_records import Alert
from bot.demo.stage import START, Stage
from bot.discord_ui.alerting import began
from bot.discord_ui.desk import Desk
from bot.discord_ui.help_pages import example_buttons
from bot.discord_ui.limits import checked
from bot.discord_ui.setup_steps import opening_draft, save
from bot.i18n import gettext as _

WEEK_BEFORE = START - timedelta(days=7)
ZONE = "America/New_York"
POSTED_AT = time(17, 0)
WATCHED = Rule(indicator="rotation.spread.1m", condition="crosses_below", threshold=0.0)  # it does, that week
SHOWN = ("rotation", "highs", "shortinterest", "thesis")


async def lived_through(stage: Stage) -> None:
    """Set up what is posted and watched, then let the week go by until the demo's beginning."""
    desk = await desk_of(stage)
    await save(desk, replace(await opening_draft(desk, ZONE), at=POSTED_AT))
    await watch(desk)
    while stage.clock.now() < START:
        await forward(stage, min(timedelta(days=1), START - stage.clock.now()))
    await guide(stage)


async def desk_of(stage: Stage) -> Desk:
    """Return the admin acting in the channel."""
    guild = stage.bot.get_guild(stage.channel.guild.id) if stage.channel.guild else None
    assert guild is not None
    member = await guild.fetch_member(stage.admin.id)
    return Desk(stage.bot, guild, member, stage.channel.id)


async def watch(desk: Desk) -> None:
    """Have one alert watch the channel."""
    found = await began(desk, WATCHED)
    alert = Alert(
        guild_id=desk.guild.id,
        channel_id=desk.channel_id,
        kind="text",
        rule=WATCHED,
        author_user_id=desk.member.id,
        per_year=found.per_year,
        standing=found.state,
    )
    await desk.community.alerts.add(alert, desk.by)


async def forward(stage: Stage, span: timedelta) -> None:
    """Move the clock, stopping wherever something falls due: nothing comes late."""
    until = stage.clock.now() + span
    await stage.bot.jobs.catch_up()
    while due := await _next_due(stage, until):
        await _move(stage, due)
    await _move(stage, until)


async def _next_due(stage: Stage, until: datetime) -> datetime | None:
    guilds = [guild.id for guild in stage.bot.guilds]
    ahead = await stage.bot.community.schedules.upcoming(guilds, until)
    now = stage.clock.now()
    return min((one.next_due_at for one in ahead if one.next_due_at and one.next_due_at > now), default=None)


async def _move(stage: Stage, moment: datetime) -> None:
    await stage.env.advance_time(max(0.0, (moment - stage.clock.now()).total_seconds()))
    await stage.bot.jobs.catch_up()


async def guide(stage: Stage) -> None:
    """Post and pin what there is to try."""
    message = await _channel(stage).send(view=guide_view(stage))
    await message.pin()


async def say(stage: Stage, text: str) -> None:
    """Say a sentence in the channel."""
    await _channel(stage).send(text)


def _channel(stage: Stage) -> discord.TextChannel:
    channel = stage.bot.get_channel(stage.channel.id)
    assert isinstance(channel, discord.TextChannel)
    return channel


def guide_view(stage: Stage) -> ui.LayoutView:
    """Return the list of things to try, with buttons for the first of them."""
    text = _(
        "### Things to try\n"
        "**You are Max, a member.** Press a button below, or type `/rotation`, `!rotation iwn spy 3y`, `!help`.\n"
        "On a card: 1Y, the selects, Explain, Table, CSV, Another day, Compare. Reply `vs qqq` to a card.\n"
        "**Become Ada, an admin,** under “Viewing as” above: `/setup`, `/schedule list`, `/alert list`, `/doctor`. "
        "As Max the same is refused.\n"
        "**Move the clock:** write `+1h` here, and the weekly post arrives. `+1d` brings newer days."
    )
    buttons = example_buttons(SHOWN, list(stage.bot.commands), stage.bot.known())
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(ui.TextDisplay(text), ui.ActionRow(*buttons)))
    return checked(view)
