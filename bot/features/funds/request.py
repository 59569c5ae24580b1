"""What can be asked about funds."""

from typing import Annotated, ClassVar

from pydantic import Field

from bot.request import FundText, Mark, Request, SymbolsText, WindowText

MOST_FUNDS = 10
DEFAULTS = ("IWM", "VB", "IWO", "IWN")


class FundsRequest(Request):
    """Funds compared over a window; beta, capture and tracking error are measured against the benchmark.

    The card and its picture have room for six of them, the table for all.
    """

    feature: ClassVar[str] = "funds"
    symbols: Annotated[SymbolsText, Field(min_length=1, max_length=MOST_FUNDS), Mark.SYMBOLS] = DEFAULTS
    window: WindowText = "5y"
    benchmark: FundText = "SPY"
