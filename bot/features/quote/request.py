"""What the quote takes."""

from typing import ClassVar

from bot.request import Request, SymbolText, WindowText


class QuoteRequest(Request):
    """Any listed symbol; the window is that of the picture."""

    feature: ClassVar[str] = "quote"
    levels: ClassVar[bool] = True
    symbol: SymbolText = "IWM"
    window: WindowText = "1y"
