"""What the valuation question takes."""

from typing import ClassVar

from bot.request import Request


class ValuationRequest(Request):
    """Small caps against large caps, on one day."""

    feature: ClassVar[str] = "valuation"
