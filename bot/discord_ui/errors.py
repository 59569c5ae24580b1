"""What people are told when something fails: one table of handlers, looked up along the error's class order.

Commands, interactions, views, modals and controls all end here. A ``UserError`` speaks for itself; Discord's own
refusals get a sentence; everything else is our fault: an apology with an id, and the full story in the log.
"""

import logging
import math
from collections.abc import Callable

import discord
from discord import app_commands
from discord.ext import commands

from bot import i18n
from bot.discord_ui import usage
from bot.errors import BotError, Unavailable, WithId
from bot.i18n import gettext as _

log = logging.getLogger(__name__)

_UNKNOWN_MESSAGE, _UNKNOWN_INTERACTION, _ALREADY_ACKNOWLEDGED = 10008, 10062, 40060


def unwrapped(error: BaseException) -> BaseException:
    """Return what really happened: hybrid commands wrap exceptions twice, transformers and converters once."""
    seen: set[int] = set()
    while id(error) not in seen:
        seen.add(id(error))
        inner = getattr(error, "original", None)
        if inner is None and isinstance(error, app_commands.TransformerError):
            inner = error.__cause__
        if not isinstance(inner, BaseException):
            return error
        error = inner
    return error


def explained(error: BaseException) -> str | None:
    """Return what to tell the person, in the active language; None where nobody waits for an answer.

    Faults of ours are logged here with their traceback under the id that the person is told.
    """
    error = unwrapped(error)
    return _handler(error)(error)


def foreseen(error: BaseException) -> bool:
    """Return whether people are told what to do about an error; anything else is a fault of ours."""
    return _handler(unwrapped(error)) is not _our_fault


def _handler(error: BaseException) -> Callable[..., str | None]:
    return next((_HANDLERS[kind] for kind in type(error).__mro__ if kind in _HANDLERS), _our_fault)


def _our_fault(error: BaseException) -> str:
    apology = WithId.new()
    log.error("error %s", apology.error_id, exc_info=error)
    return apology.text()


def _own(error: BotError) -> str:
    return error.text()


def _unavailable(error: Unavailable) -> str:
    log.warning("unavailable: %s", error.source)
    return error.text()


def _too_fast(error: commands.CommandOnCooldown) -> str:
    seconds = max(1, math.ceil(error.retry_after))  # rounded down it would be too early again
    return i18n.ngettext(
        "A moment, please: ask again in {n} second.", "A moment, please: ask again in {n} seconds.", seconds
    ).format(n=seconds)


def _may_not(error: Exception) -> str:  # noqa: ARG001  (handlers share one shape)
    return _("You may not use this here.")


def _lacks_rights(error: commands.BotMissingPermissions | app_commands.BotMissingPermissions) -> str:
    missing = [name.replace("_", " ") for name in error.missing_permissions]
    return _("I lack the permission to do that here: {permissions}.").format(permissions=i18n.all_of(missing))


def _only_in_servers(error: Exception) -> str:  # noqa: ARG001
    return _("This works only in a server.")


def _outdated(error: Exception) -> str:  # noqa: ARG001
    return _("This command has changed. Please reload Discord and try again.")


def _forbidden(error: discord.Forbidden) -> None:
    log.warning("Discord forbids: %s", error)


def _refused(error: discord.HTTPException) -> str | None:
    if error.code in {_UNKNOWN_MESSAGE, _UNKNOWN_INTERACTION, _ALREADY_ACKNOWLEDGED}:
        log.info("gone before it was answered: %s", error)
        return None
    if error.status >= 500:
        log.warning("Discord does not answer: %s", error)
        return Unavailable("Discord").text()
    return _our_fault(error)


def _silent(error: Exception) -> None:  # noqa: ARG001
    return None


_HANDLERS: dict[type, Callable[..., str | None]] = {
    BotError: _own,
    Unavailable: _unavailable,
    commands.CommandOnCooldown: _too_fast,
    commands.CommandNotFound: _silent,
    commands.NoPrivateMessage: _only_in_servers,
    app_commands.NoPrivateMessage: _only_in_servers,
    commands.BotMissingPermissions: _lacks_rights,
    app_commands.BotMissingPermissions: _lacks_rights,
    commands.CheckFailure: _may_not,
    app_commands.CheckFailure: _may_not,
    **usage.HANDLERS,
    app_commands.TransformerError: usage.HANDLERS[commands.UserInputError],
    app_commands.CommandSignatureMismatch: _outdated,
    app_commands.CommandNotFound: _outdated,
    discord.Forbidden: _forbidden,
    discord.HTTPException: _refused,
}
