"""Where the bot is, and what it was told to ping: what changed while it was away is noted before anything is posted."""

import asyncio
import logging
from collections.abc import Sequence, Set
from dataclasses import replace
from typing import TYPE_CHECKING

import discord

from bot.community.records import By
from bot.discord_ui.auditing import mirrored

if TYPE_CHECKING:
    from bot.client import Handoff

log = logging.getLogger(__name__)

PAUSES = (2.0, 10.0, 30.0)  # seconds between tries


async def reconcile(bot: "Handoff", pauses: Sequence[float] = PAUSES) -> None:
    """Note servers that removed the bot, or took it back, while it was not connected: Discord tells it only live.

    Servers of other processes' shards are theirs to note. Raises nothing: what is due begins after this, and must not
    wait for the next "ready", which may be days away, because the database was.
    """
    for pause in (*pauses, None):
        try:
            await _reconciled(bot)
        except Exception:
            log.exception("what changed while the bot was away could not be noted")
            if pause is not None:
                await asyncio.sleep(pause)
        else:
            return


async def _reconciled(bot: "Handoff") -> None:
    here = {guild.id for guild in bot.guilds}
    known = await bot.community.privacy.known_guilds()
    for guild_id, left in known.items():
        if guild_id in here and left:
            await bot.community.guilds.joined(guild_id)
        elif guild_id not in here and not left and _is_ours(bot, guild_id):
            log.info("guild %d has removed the bot meanwhile", guild_id)
            await bot.community.guilds.left(guild_id, bot.clock.now())
    for guild_id, roles in (await bot.community.guilds.pinged_roles()).items():
        guild = bot.get_guild(guild_id)
        if guild is None or guild.unavailable:  # in an outage nothing is known of its roles
            continue
        if gone := {role_id for role_id in roles if guild.get_role(role_id) is None}:
            await roles_gone(bot, guild, gone)


async def roles_gone(bot: "Handoff", guild: discord.Guild, gone: Set[int]) -> None:
    """Ping deleted roles no more: a post would name them and reach nobody."""
    community, by = bot.community, By(None, bot.clock.now())
    async with mirrored(bot, guild, lambda entry: entry.user_id is None and entry.at == by.at):
        settings = await community.guilds.get(guild.id)
        if {settings.mention_role_id, settings.log_role_id} & gone:
            kept = (None if one in gone else one for one in (settings.mention_role_id, settings.log_role_id))
            mention, log_role = kept
            await community.guilds.save(replace(settings, mention_role_id=mention, log_role_id=log_role), by)
        for schedule in await community.schedules.of_guild(guild.id):
            if schedule.mention_role_id in gone:
                await community.schedules.save(replace(schedule, mention="none", mention_role_id=None), by)
        for alert in await community.alerts.of_guild(guild.id):
            if alert.mention_role_id in gone:
                await community.alerts.save(replace(alert, mention_role_id=None), by)


def _is_ours(bot: "Handoff", guild_id: int) -> bool:
    """Whether a server belongs to a shard of this process."""
    shard = (guild_id >> 22) % (bot.shard_count or 1)
    return not bot.shards or shard in bot.shards
