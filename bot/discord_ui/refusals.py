"""Discord's error codes as reasons that people can do something about."""

import discord

from bot.jobs import reasons
from bot.jobs.publishing import Refused

GONE_CHANNEL, GONE_MESSAGE = 10003, 10008
_REASONS = {
    GONE_CHANNEL: reasons.UNKNOWN_CHANNEL,
    10004: reasons.BOT_REMOVED,
    10087: reasons.WRONG_TAGS,
    30003: reasons.PINS_FULL,
    40066: reasons.WRONG_TAGS,
    40067: reasons.WRONG_TAGS,
    50001: reasons.NO_ACCESS,
    50007: reasons.DM_CLOSED,
    50008: reasons.UNKNOWN_CHANNEL,
    50013: reasons.NO_PERMISSION,
    50024: reasons.NOT_ANNOUNCEMENT,
    50068: reasons.NOT_ANNOUNCEMENT,
    50083: reasons.THREAD_CLOSED,
    160005: reasons.THREAD_CLOSED,
}
_DETAIL = 200


def refused(error: discord.HTTPException) -> Refused:
    """Return the refusal that an error of Discord's means."""
    usual = reasons.NO_PERMISSION if error.status == 403 else reasons.REFUSED
    return Refused(_REASONS.get(error.code, usual), f"{error.status} {error.code} {error.text}"[:_DETAIL])
