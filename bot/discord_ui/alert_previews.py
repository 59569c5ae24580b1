"""Previews that follow a form: the backtest as a card, the rule as a sentence, the way to save it."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord

from bot.alerts.rule import Rule
from bot.community.alert_records import Alert
from bot.discord_ui import alerting
from bot.discord_ui.alert_wishes import here, own_alert
from bot.discord_ui.desk import Desk
from bot.discord_ui.pages import Page, page_view
from bot.discord_ui.permissions import NotAllowed, OnlyInServers, may_administer
from bot.discord_ui.schedule_options import kind_of

if TYPE_CHECKING:
    from bot.client import Handoff


async def preview_new(interaction: "discord.Interaction[Handoff]", rule: Rule) -> None:
    """Preview a new alert: for admins one of the server, in this channel; for others a private one."""
    desk = Desk.at(interaction)
    await interaction.response.defer(ephemeral=True, thinking=True)
    if await may_administer(desk.community, desk.member):
        channel = here(desk)
        alert = Alert(guild_id=desk.guild.id, channel_id=channel.id, kind=kind_of(channel), rule=rule)
    else:
        await alerting.require_private(desk)
        alert = await own_alert(desk, rule)
    await _show(interaction, await alerting.drafted(desk, alert))


async def preview_change(interaction: "discord.Interaction[Any]", alert: Alert, rule: Rule) -> None:
    """Preview a changed alert. Raises NotAllowed where somebody may not change it."""
    desk = await desk_of(interaction, alert)
    mine = alert.user_id == desk.member.id if alert.private else await may_administer(desk.community, desk.member)
    if not mine:
        raise NotAllowed
    await interaction.response.defer(ephemeral=True, thinking=True)
    await _show(interaction, await alerting.drafted(desk, replace(alert, rule=rule), of=alert))


async def desk_of(interaction: "discord.Interaction[Handoff]", alert: Alert) -> Desk:
    """Return the desk of whoever acts on an alert; one's own may be acted on from the direct message as well.

    Raises NotAllowed for who has left the server in which it was made, OnlyInServers where the bot has.
    """
    if interaction.guild is not None or not alert.private:
        return Desk.at(interaction)
    guild = interaction.client.get_guild(alert.guild_id)
    if guild is None:
        raise OnlyInServers
    try:
        member = await guild.fetch_member(interaction.user.id)
    except discord.NotFound:
        raise NotAllowed from None
    return Desk(interaction.client, guild, member, interaction.channel_id or 0)


async def _show(interaction: "discord.Interaction[Any]", page: Page) -> None:
    if page.card is not None:
        view, files = page.card
        await interaction.followup.send(view=view, files=files, ephemeral=True)
    await interaction.followup.send(view=page_view(page), ephemeral=True)
