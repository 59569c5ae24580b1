"""The question: what comes next."""

from typing import ClassVar

from bot.request import Request


class WhenRequest(Request):
    """The next Fed decision, short-interest dates, index reconstitution, holidays and early closes."""

    feature: ClassVar[str] = "when"
