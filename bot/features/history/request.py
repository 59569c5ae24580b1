"""What can be asked about the past: the kind of event, the pair, and what makes an event."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from bot.request import FundText, Request

Event = Literal["record", "regime", "mean", "cut", "spread", "shorts", "rallies", "cycles"]


class HistoryRequest(Request):
    """What followed an event of a kind.

    ``gap_days``: how long no record had come before a record counts. ``points``: the lead in six months, in
    percentage points. ``side``: who takes over in a change of regime, of the mean, or of the lead.
    """

    feature: ClassVar[str] = "history"
    event: Event = "record"
    small: FundText = "IWM"
    large: FundText = "SPY"
    side: Literal["small", "large"] = "small"
    gap_days: Annotated[int, Field(ge=1, le=10_000)] = 365
    points: Annotated[float, Field(gt=0, le=200)] = 10.0

    @classmethod
    def takes_number(cls, text: str, given: Mapping[str, str]) -> str | None:
        """Return what a bare number means for the event: days without a record, or percentage points."""
        if text.endswith("%"):
            return None
        return {"record": "gap_days", "spread": "points", "rallies": "points"}.get(given.get("event", "record"))
