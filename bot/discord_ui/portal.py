"""What Discord says about a token, for the operator: the doctor's questions, and why a start was refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import aiohttp
import discord
from discord.http import Route

from bot.errors import ConfigError, Unavailable
from bot.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Portal:
    """The bot's name, whether message content may be read, and how many seconds this machine's clock is off."""

    name: str
    message_content: bool
    clock_off: float | None


class Refused(Exception):
    """Discord does not take the token."""


class Unreachable(Exception):
    """Discord cannot be reached."""


async def examine(token: str) -> Portal:
    """Log in, read the application, log out. Raises Refused or Unreachable."""
    try:
        async with discord.Client(intents=discord.Intents.none()) as client:
            await client.login(token)
            flags = (await client.application_info()).flags
            name = client.user.name if client.user else ""
            allowed = flags.gateway_message_content or flags.gateway_message_content_limited
            return Portal(name, allowed, await _clock_off())
    except discord.LoginFailure:
        raise Refused from None
    except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError):
        raise Unreachable from None


@contextmanager
def refusals_told() -> Iterator[None]:
    """Turn what keeps the bot from Discord into a sentence: ConfigError where one can act on it, else Unavailable."""
    try:
        yield
    except discord.LoginFailure:
        raise ConfigError([_("Discord refuses the token. Copy it anew from the developer portal.")]) from None
    except discord.PrivilegedIntentsRequired:
        raise ConfigError(
            [_("Discord refuses: switch on “Message Content Intent” for this bot in the developer portal.")]
        ) from None
    except (discord.DiscordServerError, discord.GatewayNotFound, aiohttp.ClientConnectionError, OSError):
        raise Unavailable("Discord") from None


async def _clock_off() -> float | None:
    async with aiohttp.ClientSession() as session, session.get(f"{Route.BASE}/gateway") as answer:
        moment = answer.headers.get("Date")
        return (discord.utils.utcnow() - parsedate_to_datetime(moment)).total_seconds() if moment else None
