"""What can be asked about record closes."""

from typing import ClassVar

from bot.request import FundText, Request


class HighsRequest(Request):
    """The record closes of a fund or an index."""

    feature: ClassVar[str] = "highs"
    levels: ClassVar[bool] = True
    fund: FundText = "IWM"
