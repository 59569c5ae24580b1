"""What the short interest question takes."""

from typing import Annotated, ClassVar

from pydantic import Field

from bot.request import Mark, Request, SymbolsText

MOST_SYMBOLS = 10


class ShortinterestRequest(Request):
    """Index funds are answered with their own short interest and their members', anything else with its own."""

    feature: ClassVar[str] = "shortinterest"
    symbols: Annotated[SymbolsText, Field(min_length=1, max_length=MOST_SYMBOLS), Mark.SYMBOLS] = ("IWM",)
