"""What can be asked about calendar years."""

from typing import ClassVar

from pydantic import Field

from bot.request import FundText, Request


class YearsRequest(Request):
    """Calendar years of two funds; ``since`` is the first year, None for the last ten full years."""

    feature: ClassVar[str] = "years"
    since: int | None = Field(default=None, ge=1900, le=2200)
    small: FundText = "IWM"
    large: FundText = "SPY"
