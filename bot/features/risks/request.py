"""What can be asked about risks."""

from typing import ClassVar

from bot.request import Request


class RisksRequest(Request):
    """The four risk gauges."""

    feature: ClassVar[str] = "risks"
