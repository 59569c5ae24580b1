"""What can be asked about the past: the kind of event, the pair, and what makes an event."""

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
