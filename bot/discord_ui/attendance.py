"""Where the bot is: what changed while it was away is noted before anything is posted."""

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.client import Handoff

log = logging.getLogger(__name__)


async def reconcile(bot: "Handoff") -> None:
    """Note servers that removed the bot, or took it back, while it was not connected: Discord tells it only live.

    Servers of other processes' shards are theirs to note.
    """
    here = {guild.id for guild in bot.guilds}
    known = await bot.community.privacy.known_guilds()
    for guild_id, left in known.items():
        if guild_id in here and left:
            await bot.community.guilds.joined(guild_id)
        elif guild_id not in here and not left and _is_ours(bot, guild_id):
            log.info("guild %d has removed the bot meanwhile", guild_id)
            await bot.community.guilds.left(guild_id, bot.clock.now())


def _is_ours(bot: "Handoff", guild_id: int) -> bool:
    """Whether a server belongs to a shard of this process."""
    shard = (guild_id >> 22) % (bot.shard_count or 1)
    return not bot.shards or shard in bot.shards
