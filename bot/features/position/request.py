"""What can be asked about the size of a position."""

from typing import Annotated, ClassVar

from pydantic import Field

from bot.request import Request, SymbolText


class PositionRequest(Request):
    """The size at which a fall of some average ranges costs a stated part of a stated account."""

    feature: ClassVar[str] = "position"
    private: ClassVar[bool] = True
    symbol: SymbolText
    account: Annotated[float, Field(gt=0, le=1e12, allow_inf_nan=False)] = 10_000.0
    risk: Annotated[float, Field(gt=0, le=0.2)] = 0.01
    ranges: Annotated[float, Field(ge=0.25, le=20)] = 2.0
