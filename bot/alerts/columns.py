"""A rule and its state as plain numbers: one column each where many are evaluated together.

Nothing here needs numpy: the gateway stores these numbers, a worker computes with them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date

from bot.alerts.rule import CONDITIONS, Rule

NEVER = -(10**6)  # the day of something that has not happened
ENDLESS = 10**7  # the day something ends that does not
UNKNOWN = -1  # a state that has not been seen
_UP, _DOWN, _EITHER = 1, -1, 0
_DIRECTIONS = {"up": _UP, "down": _DOWN, "either": _EITHER}

RULE_CODES = {
    "condition": "b",
    "threshold": "d",
    "relative": "b",
    "direction": "b",
    "within": "i",  # 0: ever
    "low": "d",
    "high": "d",
    "target": "i",  # UNKNOWN: any state
    "confirmation": "i",
    "hysteresis": "d",
    "cooldown": "i",
    "budget": "i",
    "expires": "i",
}
STATE_CODES = {
    "armed": "b",
    "run": "i",
    "last": "i",
    "month": "i",
    "count": "i",
    "reference": "i",
    "candidate": "i",
    "through": "i",
}


@dataclass(frozen=True, slots=True)
class State:
    """Where one rule stands after the observation of day ``through`` (days as ordinals).

    ``armed``: the condition has been false since it last fired. ``run``: observations in a row for which it has
    held, counted up to the confirmation. ``last``: the day it last fired; ``count`` how often in ``month`` (year *
    12 + month). ``reference`` is the confirmed state of a state indicator, ``candidate`` the one being confirmed.
    """

    armed: bool = False
    run: int = 0
    last: int = NEVER
    month: int = 0
    count: int = 0
    reference: int = UNKNOWN
    candidate: int = UNKNOWN
    through: int = NEVER

    def quiet(self) -> "State":
        """Return the same state without a memory of fires: nothing was posted yet."""
        return replace(self, last=NEVER, month=0, count=0)

    def remembering(self, through: date, fires: Sequence[date]) -> "State":
        """Return the same state after the observation of ``through``, with these fires behind it."""
        seen = through.toordinal()
        if not fires:
            return replace(self.quiet(), through=seen)
        last = max(fires).toordinal()
        month = month_of(last)
        count = sum(month_of(day.toordinal()) == month for day in fires)
        return replace(self, last=last, month=month, count=count, through=seen)


STATE_FIELDS = tuple(one.name for one in fields(State))


def month_of(day: int) -> int:
    """Return the number of the calendar month that a day (ordinal) lies in."""
    when = date.fromordinal(day)
    return when.year * 12 + when.month - 1


def rule_row(rule: Rule) -> tuple[float, ...]:
    """Return a rule's numbers in the order of ``RULE_CODES``."""
    return (
        CONDITIONS.index(rule.condition),
        rule.threshold or 0.0,
        int(rule.relative),
        _DIRECTIONS[rule.direction],
        rule.within or 0,
        0.0 if rule.low is None else rule.low,
        1.0 if rule.high is None else rule.high,
        UNKNOWN if rule.state is None else rule.state,
        rule.confirmation,
        rule.hysteresis,
        rule.cooldown_days,
        rule.monthly_budget or ENDLESS,
        rule.expires.toordinal() if rule.expires else ENDLESS,
    )


def state_row(state: State) -> tuple[int, ...]:
    """Return a state's numbers in the order of ``STATE_FIELDS``."""
    return tuple(int(getattr(state, name)) for name in STATE_FIELDS)


def state_of(numbers: Sequence[int]) -> State:
    """Read ``state_row`` back."""
    armed, *rest = numbers
    return State(bool(armed), *rest)
