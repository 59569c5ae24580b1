"""What a button remembers: the whole question, in the 100 characters of its custom id.

``h1:ACTION:FEATURE:ASKER:DAY:FIELDS``. The leading number is the version of this layout. ASKER is who may edit the
message in place (base 36; empty on posts that belong to nobody), DAY the session the card describes (days since
2000, base 36), FIELDS the request's fields that differ from their defaults. So a button works after a restart,
and on a card of a year ago it still speaks of that card's day.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote, unquote

from pydantic import ValidationError

from bot import features
from bot.discord_ui.limits import CUSTOM_ID
from bot.errors import UserError
from bot.i18n import gettext as _
from bot.request import Mark, Request, mark_of

VERSION = 1
PATTERN = re.compile(r"h\d{1,3}:.*", re.DOTALL)  # every version, so that outdated ids get an answer too
_CURRENT = re.compile(
    rf"h{VERSION}:(?P<action>[a-z]{{1,8}}(?:\.[a-z0-9_]+)?):(?P<feature>[a-z]+)"
    r":(?P<asker>[0-9a-z]{0,13}):(?P<day>[0-9a-z]{0,4}):(?P<fields>.*)"
)
_EPOCH = date(2000, 1, 1)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_PLAIN = "^.,-+ /$"


class Outdated(UserError):
    """A button of another version of the bot, or one whose question no longer exists."""

    def text(self) -> str:
        """Say what to do instead."""
        return _("This button is from another version of the bot and no longer works. Please ask again.")


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a custom id says: the action (``explain``, ``fund.small``), the question, and who may edit in place."""

    action: str
    request: Request
    asker: int | None


def encode(action: str, request: Request, asker: int | None) -> str | None:
    """Return the custom id, or None where the question does not fit into it."""
    kind = type(request)
    fields = ";".join(
        f"{name}={_packed(value)}"
        for name, value in request.differing().items()
        if name != "as_of" and mark_of(kind, name) is not Mark.TOLD
    )
    who = base36(asker) if asker is not None else ""
    day = base36((request.as_of - _EPOCH).days) if request.as_of is not None else ""
    custom_id = f"h{VERSION}:{action}:{request.feature}:{who}:{day}:{fields}"
    return custom_id if len(custom_id) <= CUSTOM_ID else None


def decode(custom_id: str) -> Pressed:
    """Read a custom id back. Raises Outdated for what this version cannot read."""
    match = _CURRENT.fullmatch(custom_id)
    if match is None:
        raise Outdated
    try:
        kind = features.request_type(match["feature"])
        values = {name: _unpacked(kind, name, text) for name, text in _pairs(match["fields"])}
        if match["day"]:
            values["as_of"] = _EPOCH + timedelta(days=int(match["day"], 36))
        request = kind.model_validate(values)
    except (KeyError, ValueError, ValidationError, OverflowError):
        raise Outdated from None
    return Pressed(match["action"], request, int(match["asker"], 36) if match["asker"] else None)


def _pairs(fields: str) -> list[tuple[str, str]]:
    pairs = [part.split("=", 1) for part in fields.split(";") if part]
    return [(name, unquote(text)) for name, text in pairs]


def _packed(value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, list):
        return ",".join(quote(str(item), safe=_PLAIN) for item in value)
    return quote(str(value), safe=_PLAIN)


def _unpacked(kind: type[Request], name: str, text: str) -> Any:
    if mark_of(kind, name) is Mark.SYMBOLS:
        return tuple(text.split(",")) if text else ()
    return text


def base36(number: int) -> str:
    """Write a number with digits and letters. Raises ValueError below 0."""
    if number < 0:
        raise ValueError("only numbers from 0 on")
    digits = ""
    while True:
        number, last = divmod(number, 36)
        digits = _DIGITS[last] + digits
        if number == 0:
            return digits
