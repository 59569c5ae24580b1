"""An alert rule as plain data: which indicator, which condition, how often it may speak.

Numbers are in the indicator's unit as it is stored: fractions for percentages and yields, basis points where the
indicator counts those. ``percentile`` bands are fractions of the indicator's own history (0.05 is the lowest
twentieth). An *observation* is one value of the indicator: a session's close, a week, a settlement.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.report import Cadence, Unit

Condition = Literal[
    "above",
    "below",
    "crosses_above",
    "crosses_below",
    "new_high",
    "new_low",
    "changes_by",
    "enters_band",
    "changes_state",
]
Direction = Literal["up", "down", "either"]
CONDITIONS: tuple[Condition, ...] = get_args(Condition)
THRESHOLDS: frozenset[Condition] = frozenset({"above", "below", "crosses_above", "crosses_below"})
LASTING: frozenset[Condition] = frozenset({"above", "below"})  # announced late rather than never; the rest are moments

# How many calendar days the newest value may lie behind the session: publication and a long weekend included.
FRESH_DAYS: Mapping[Cadence, int] = {"session": 6, "week": 12, "settlement": 24, "month": 45, "snapshot": 31}

MAX_CONFIRMATION = 20
MAX_WITHIN = 2600  # ten years of sessions
MAX_COOLDOWN_DAYS = 366
MAX_NOTE = 200

_NEEDS: dict[Condition, frozenset[str]] = {
    **{condition: frozenset({"threshold"}) for condition in THRESHOLDS},
    "new_high": frozenset(),
    "new_low": frozenset(),
    "changes_by": frozenset({"threshold", "within"}),
    "enters_band": frozenset({"low", "high"}),
    "changes_state": frozenset(),
}
_MAY: dict[Condition, frozenset[str]] = {
    "new_high": frozenset({"within"}),
    "new_low": frozenset({"within"}),
    "changes_by": frozenset({"relative", "direction"}),
    "changes_state": frozenset({"state"}),
}
_PARTICULAR = ("threshold", "within", "low", "high", "state", "relative", "direction")


@dataclass(frozen=True, slots=True)
class Watched:
    """What the gateway knows of an indicator that rules may watch: plain words and days, no series.

    ``title`` and the names in ``states`` are in the reader's language; a state's place in ``states`` is its value.
    ``group`` is the question it belongs to. ``first`` and ``last`` are the days of its first and newest value, ``now``
    is that value; None where it has none yet. ``signed`` values always show their sign.
    """

    id: str
    title: str
    unit: Unit
    cadence: Cadence
    source: str
    first: date | None = None
    last: date | None = None
    now: float | None = None
    states: tuple[str, ...] = ()
    group: str = ""
    signed: bool = False


class Rule(BaseModel):
    """One alert: fires when its condition becomes true.

    ``within`` counts observations; None with a new high or low means "ever". ``changes_by`` fires when the indicator
    has moved by ``threshold`` from its lowest (``up``) or highest (``down``) value of the last ``within``
    observations; ``relative`` measures that in fractions of the earlier value. ``state`` is the place of the state to
    be entered, None for any. ``confirmation``: so many observations in a row. ``hysteresis``: how far back it must
    go before the rule can fire again (for bands a fraction of history). ``monthly_budget`` counts calendar months.
    Invalid combinations are ValueErrors.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    indicator: str = Field(min_length=1, max_length=80)
    condition: Condition
    threshold: float | None = None
    relative: bool = False
    direction: Direction = "either"
    within: int | None = Field(default=None, ge=1, le=MAX_WITHIN)
    low: float | None = Field(default=None, ge=0, le=1)
    high: float | None = Field(default=None, ge=0, le=1)
    state: int | None = Field(default=None, ge=0, le=99)
    confirmation: int = Field(default=1, ge=1, le=MAX_CONFIRMATION)
    hysteresis: float = Field(default=0.0, ge=0)
    cooldown_days: int = Field(default=0, ge=0, le=MAX_COOLDOWN_DAYS)
    monthly_budget: int | None = Field(default=None, ge=1, le=31)
    quiet_from: time | None = None
    quiet_to: time | None = None
    expires: date | None = None
    note: str = Field(default="", max_length=MAX_NOTE)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        needed = _NEEDS[self.condition]
        allowed = needed | _MAY.get(self.condition, frozenset())
        defaults = type(self).model_fields
        for name in _PARTICULAR:
            given = getattr(self, name) != defaults[name].default
            if name in needed and not given:
                raise ValueError(f"{self.condition} needs {name}")
            if given and name not in allowed:
                raise ValueError(f"{self.condition} takes no {name}")
        self._check_amounts()
        return self

    def _check_amounts(self) -> None:
        if self.condition == "changes_by" and not (self.threshold or 0) > 0:
            raise ValueError("a change is a distance above 0; its direction is a field of its own")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError("a band ends above its beginning")
        if self.condition == "changes_state" and self.hysteresis:
            raise ValueError("changes_state takes no hysteresis")
        if (self.quiet_from is None) != (self.quiet_to is None):
            raise ValueError("quiet hours need both ends")

    @property
    def watching(self) -> str:
        """What decides when it fires, as canonical text: equal for rules that fire on the same days."""
        return self.model_dump_json(exclude={"quiet_from", "quiet_to", "note"}, exclude_defaults=True)

    def plain(self) -> dict[str, Any]:
        """Return the fields that differ from their defaults as JSON-ready data."""
        return self.model_dump(mode="json", exclude_defaults=True)
