"""The figures a post shows, kept so that a later correction of the data is noticed: if it is more than rounding."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from bot.report import Report, Stat, plain_value

_SHORTENED_FROM = {"usd": 1e6, "count": 1e5}
_UNITS = (1e12, 1e9, 1e6, 1e3)
_CENTS = 1e4  # dollars below which cents are shown
_USUAL_DIGITS = {"fraction": 1, "percentage_points": 1, "ratio": 2}
_PERCENT = {"fraction": 2, "percentage_points": 2}  # decimals that percent moves to the left


def step(stat: Stat) -> float | None:
    """Return the smallest difference that the shown value can show, in the value's own unit; None for words."""
    value = stat.value
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    if abs(value) >= _SHORTENED_FROM.get(stat.unit, math.inf):
        return _compact_step(value)
    if stat.unit == "usd":
        return 0.01 if abs(value) < _CENTS else 1.0
    digits = _USUAL_DIGITS.get(stat.unit, 0) if stat.digits is None else stat.digits
    return 10.0 ** -(digits + _PERCENT.get(stat.unit, 0))


def _compact_step(value: float) -> float:
    """Return a tenth of the unit in which a large number is written: 0.1M, 0.1B."""
    return next(unit for unit in _UNITS if abs(value) >= unit) / 10


def shown(reports: Sequence[Report]) -> dict[str, Any]:
    """Return the card's figures as JSON-ready data: by report and id, the value and its step."""
    return {
        f"{n}.{stat.id}": [plain_value(stat.value), step(stat)]
        for n, report in enumerate(reports)
        for stat in report.figures
    }


def differ(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a reader would have been told something else, by more than rounding."""
    if set(before) != set(after):
        return True
    return any(_differs(before[name], after[name]) for name in before)


def _differs(before: Sequence[Any], after: Sequence[Any]) -> bool:
    (old, old_step), (new, new_step) = before, after
    smallest = new_step or old_step
    if smallest is None or not isinstance(old, int | float) or not isinstance(new, int | float):
        return bool(old != new)
    return bool(abs(new - old) > smallest / 2 and round(new / smallest) != round(old / smallest))
