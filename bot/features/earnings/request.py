"""What the earnings question takes."""

from typing import Annotated, ClassVar

from bot.request import Mark, Request, SymbolText


class EarningsRequest(Request):
    """Small caps against large caps, or one company where a symbol is given."""

    feature: ClassVar[str] = "earnings"
    symbol: Annotated[SymbolText | None, Mark.SYMBOL] = None
