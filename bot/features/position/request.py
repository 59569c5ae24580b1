"""What can be asked about the size of a position."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from bot.request import Request, SymbolText

MOST_RANGES = 20.0


class PositionRequest(Request):
    """The size at which a fall of some average ranges costs a stated part of a stated account."""

    feature: ClassVar[str] = "position"
    private: ClassVar[bool] = True
    symbol: SymbolText
    account: Annotated[float, Field(gt=0, le=1e12, allow_inf_nan=False)] = 10_000.0
    risk: Annotated[float, Field(gt=0, le=0.2)] = 0.01
    ranges: Annotated[float, Field(ge=0.25, le=MOST_RANGES)] = 2.0

    @classmethod
    def takes_number(cls, text: str, given: Mapping[str, str]) -> str | None:
        """Return the risk for a percentage, the account for a sum, and after it the average ranges for a few."""
        few = text.replace(".", "", 1).isdecimal() and float(text) <= MOST_RANGES
        names = ("risk",) if text.endswith("%") else ("account", "ranges") if few else ("account",)
        return next((name for name in names if name not in given), None)
