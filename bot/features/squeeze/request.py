"""What the squeeze screen takes."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from bot.request import Mark, Request, SymbolsText

SECTORS = (
    "communication", "consumer discretionary", "consumer staples", "energy", "financials", "health care",
    "industrials", "information technology", "materials", "real estate", "utilities",
)  # fmt: skip
Cap = Literal["all", "small", "mid", "large", "mega"]
MOST = 50


class SqueezeRequest(Request):
    """Scores are ranks inside the whole index; ``sector`` and ``cap`` choose which of them are shown.

    ``index`` is named by the fund that holds it. ``without`` holds the tickers that a server has blocked: never
    shown, still part of the ranks.
    """

    feature: ClassVar[str] = "squeeze"
    n: Annotated[int, Field(ge=1, le=MOST)] = 20
    index: Annotated[str, Field(pattern=r"^[A-Z0-9.\-]{1,12}$"), Mark.INDEX] = "IWM"
    sector: Annotated[str | None, Field(max_length=40), Mark.TEXT] = None
    cap: Cap = "all"
    without: SymbolsText = ()

    @classmethod
    def known_texts(cls) -> Mapping[str, tuple[str, ...]]:
        """Return the sectors: some of their words are tickers too."""
        return {"sector": SECTORS}
