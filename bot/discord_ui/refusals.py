"""Discord's error codes as reasons that people can do something about."""

import discord

from bot.jobs import reasons
from bot.jobs.publishing import Refused

GONE_CHANNEL, GONE_MESSAGE = 10003, 10008
_TOO_LARGE = 413
_JSON = "application/json"
_REASONS = {
    GONE_CHANNEL: reasons.UNKNOWN_CHANNEL,
    10004: reasons.BOT_REMOVED,
    10087: reasons.WRONG_TAGS,
    30003: reasons.PINS_FULL,
    30047: reasons.PINS_FULL,
    40058: reasons.WRONG_KIND,
    40066: reasons.WRONG_TAGS,
    40067: reasons.WRONG_TAGS,
    50001: reasons.NO_ACCESS,
    50007: reasons.DM_CLOSED,
    50008: reasons.WRONG_KIND,
    50013: reasons.NO_PERMISSION,
    50024: reasons.NOT_ANNOUNCEMENT,
    50068: reasons.NOT_ANNOUNCEMENT,
    50083: reasons.THREAD_CLOSED,
    50278: reasons.DM_CLOSED,
    160005: reasons.THREAD_CLOSED,
    160006: reasons.THREADS_FULL,
    160007: reasons.THREADS_FULL,
}
# Too fast or too often in one way or another, something switched off for a while, and an overload.
_PASSING = {
    20016, 20022, 20028, 20029, 30046, 40003, 40004, 40006, 40062, 40333, 110001, 130000,
}  # fmt: skip
_DETAIL = 200


def passing(error: discord.HTTPException) -> bool:
    """Whether an answer is no refusal: a token revoked, an address shut out, an outage, something that will pass.

    Discord speaks JSON: a page comes from what stands before it, and says nothing about what was asked.
    """
    kind = error.response.headers.get("Content-Type", _JSON)
    is_page = not kind.startswith(_JSON) and error.status != _TOO_LARGE
    return is_page or error.status in {401, 429} or error.status >= 500 or error.code in _PASSING


def refused(error: discord.HTTPException) -> Refused:
    """Return the refusal that an error of Discord's means."""
    usual = reasons.NO_PERMISSION if error.status == 403 else reasons.REFUSED
    return Refused(_REASONS.get(error.code, usual), f"{error.status} {error.code} {error.text}"[:_DETAIL])
