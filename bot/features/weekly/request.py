"""What a weekly summary is told: what its readers have already seen."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from bot.request import Request

MOST_FIRED = 200  # the newest are told again, the others counted


class WeeklyRequest(Request):
    """``since`` is the day of the last summary (None for a week before), ``fired`` what alerts said since then."""

    feature: ClassVar[str] = "weekly"
    opens: ClassVar[tuple[str, ...]] = (
        "rotation", "thesis", "highs", "years", "shortinterest", "breadth", "rrg", "valuation", "earnings", "rates",
        "risks", "style", "funds", "squeeze", "history", "when",
    )  # fmt: skip
    words_only: ClassVar[frozenset[str]] = frozenset({"since", "fired"})
    told: ClassVar[frozenset[str]] = words_only
    since: date | None = None
    fired: Annotated[tuple[str, ...], Field(max_length=MOST_FIRED)] = ()
