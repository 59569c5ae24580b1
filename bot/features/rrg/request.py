"""What can be asked about the rotation graph."""

from typing import Annotated, ClassVar

from pydantic import Field

from bot.request import FundText, Mark, Request, SymbolsText

MOST_SYMBOLS = 12
DEFAULTS = ("IWM", "IWO", "IWN", "IJR", "MDY", "QQQ", "MAGS")


class RrgRequest(Request):
    """Funds against a benchmark on the rotation graph."""

    feature: ClassVar[str] = "rrg"
    symbols: Annotated[SymbolsText, Field(min_length=1, max_length=MOST_SYMBOLS), Mark.SYMBOLS] = DEFAULTS
    benchmark: FundText = "SPY"
