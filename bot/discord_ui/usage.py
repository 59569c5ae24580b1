"""What people are told who write a text command wrongly: which word, and what can stand there."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from discord.ext import commands

from bot import i18n
from bot.errors import BadInput
from bot.i18n import gettext as _

_LONGEST = 40
_NO_NUMBER = re.compile(r'Converting to "(?:int|float)" failed')


def _missing(name: str) -> str:
    return _("“{name}” is missing: write it behind the command, or use / and Discord asks for it.").format(
        name=i18n.plain(name, _LONGEST)
    )


def _missing_argument(error: commands.MissingRequiredArgument | commands.MissingRequiredAttachment) -> str:
    kind: Any = error.param.converter
    if isinstance(kind, type) and issubclass(kind, commands.FlagConverter):  # the library knows it by our name alone
        return _missing(next(flag.name or "" for flag in kind.get_flags().values() if flag.required))
    return _missing(error.param.displayed_name or error.param.name)


def _missing_flag(error: commands.MissingRequiredFlag) -> str:
    return _missing(error.flag.name or "")


def _empty_flag(error: commands.MissingFlagArgument) -> str:
    return _("Nothing is written behind “{name}:”.").format(name=i18n.plain(error.flag.name or "", _LONGEST))


def _flag_twice(error: commands.TooManyFlags) -> str:
    return _("“{name}:” is there more than once.").format(name=i18n.plain(error.flag.name or "", _LONGEST))


def _no_choice(error: commands.BadLiteralArgument) -> str:
    told = _("“{text}” is none of the choices: {choices}.").format(
        text=i18n.plain(error.argument, _LONGEST), choices=i18n.one_of([str(one) for one in error.literals])
    )
    if "weekly" in error.literals and _names_days(error.argument):
        told += " " + _("Days of the week are written behind days:.")
    return told


def _names_days(text: str) -> bool:
    from bot.discord_ui.schedule_options import read_days  # the options' errors are explained here

    try:
        return bool(read_days(text))
    except BadInput:
        return False


def _no_channel(error: commands.ChannelNotFound | commands.ThreadNotFound) -> str:
    return _("I find no channel “{text}” here that I could post in: choose it from the list that # opens.").format(
        text=i18n.plain(str(error.argument), _LONGEST)
    )


def _no_role(error: commands.RoleNotFound) -> str:
    return _("I find no role “{text}” here.").format(text=i18n.plain(error.argument, _LONGEST))


def _nobody(error: commands.MemberNotFound | commands.UserNotFound) -> str:
    return _("I find nobody called “{text}”: mention them with @.").format(text=i18n.plain(error.argument, _LONGEST))


def _neither(error: commands.BadBoolArgument) -> str:
    return _("“{text}” is neither yes nor no.").format(text=i18n.plain(error.argument, _LONGEST))


def _of_no_kind(error: commands.BadUnionArgument) -> str | None:
    """Explain the last of what was tried: a union is a choice of channels here."""
    last: Any = error.errors[-1]
    handler = HANDLERS.get(type(last), _misused)
    return handler(last)


def _no_argument(error: commands.BadArgument) -> str:
    if _NO_NUMBER.match(str(error)):
        return _("A whole number was expected, such as 2.")
    return _misused(error)


def _quoted(error: Exception) -> str:  # noqa: ARG001  (handlers share one shape)
    return _("A quotation mark stands alone or in the wrong place.")


def _misused(error: Exception) -> str:  # noqa: ARG001
    return _("I did not understand that. /help shows what can be asked.")


def _kinds(handler: Callable[[Any], str], kinds: Sequence[type[Exception]]) -> dict[type, Callable[..., str | None]]:
    return dict.fromkeys(kinds, handler)


HANDLERS: dict[type, Callable[..., str | None]] = {
    **_kinds(_missing_argument, [commands.MissingRequiredArgument, commands.MissingRequiredAttachment]),
    commands.MissingRequiredFlag: _missing_flag,
    commands.MissingFlagArgument: _empty_flag,
    commands.TooManyFlags: _flag_twice,
    commands.BadLiteralArgument: _no_choice,
    **_kinds(_no_channel, [commands.ChannelNotFound, commands.ThreadNotFound]),
    commands.RoleNotFound: _no_role,
    **_kinds(_nobody, [commands.MemberNotFound, commands.UserNotFound]),
    commands.BadBoolArgument: _neither,
    commands.BadUnionArgument: _of_no_kind,
    commands.BadArgument: _no_argument,
    commands.ArgumentParsingError: _quoted,
    commands.UserInputError: _misused,
}
