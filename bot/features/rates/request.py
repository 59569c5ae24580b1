"""What can be asked about interest rates."""

from typing import ClassVar

from bot.request import FundText, Request, WindowText


class RatesRequest(Request):
    """Interest rates, their change over a window, and the sensitivity of small minus large to them."""

    feature: ClassVar[str] = "rates"
    window: WindowText = "ytd"
    small: FundText = "IWM"
    large: FundText = "SPY"
