"""What the card of an alert takes: the fields of its rule, and the day it fired if it did."""

from datetime import date
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from bot.alerts.rule import MAX_NOTE, Condition, Direction, Rule
from bot.request import Mark, Request

_RULE = (
    "indicator", "condition", "threshold", "relative", "direction", "within", "low", "high", "state", "confirmation",
    "hysteresis", "cooldown_days", "monthly_budget",
)  # fmt: skip


class AlertRequest(Request):
    """A rule to be tried on history, numbers as they are stored (5.5% is 0.055, see ``bot.alerts.rule.Rule``).

    ``fired_on`` is the day of the observation that made it fire: the card then says what happened instead.
    """

    feature: ClassVar[str] = "alert"
    indicator: Annotated[str, Field(min_length=1, max_length=80), Mark.TEXT] = "price.close.IWM"
    condition: Condition = "new_high"
    threshold: float | None = None
    relative: bool = False
    direction: Direction = "either"
    within: int | None = None
    low: float | None = None
    high: float | None = None
    state: int | None = None
    confirmation: int = 1
    hysteresis: float = 0.0
    cooldown_days: int = 0
    monthly_budget: int | None = None
    fired_on: date | None = None
    note: Annotated[str, Field(max_length=MAX_NOTE), Mark.TEXT] = ""

    @model_validator(mode="after")
    def _is_a_rule(self) -> Self:
        self.rule()
        return self

    def rule(self) -> Rule:
        """Return the rule. ValueError where the fields make none."""
        return Rule.model_validate(self.model_dump(include=set(_RULE)))

    @classmethod
    def of(cls, rule: Rule, *, fired: date | None = None, as_of: date | None = None) -> Self:
        """Return the question that a rule poses."""
        return cls(**rule.model_dump(include=set(_RULE)), note=rule.note, fired_on=fired, as_of=as_of)
