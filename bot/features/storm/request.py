"""What the card of many alerts takes: the rules that fired, each with the day it did."""

from typing import Annotated, ClassVar

from pydantic import Field

from bot.features.alert.request import AlertRequest
from bot.request import Request

MOST_LISTED = 100


class FiredAlert(AlertRequest):
    """One alert among many: its name in the ledger, and how often a year it fires in its own backtest."""

    what: Annotated[str, Field(max_length=40)] = ""
    per_year: Annotated[float, Field(ge=0)] = 0.0


class StormRequest(Request):
    """Alerts that fired together, ranked by how rare each is. ``more`` fired besides and are only counted."""

    feature: ClassVar[str] = "storm"
    alerts: Annotated[tuple[FiredAlert, ...], Field(min_length=1, max_length=MOST_LISTED)]
    more: Annotated[int, Field(ge=0)] = 0
