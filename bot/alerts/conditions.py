"""When a condition holds: defined once for a single day and many rules, and once for one rule and all its days.

Both speak of a *margin*: how far, in the rule's own unit, the indicator is beyond what the rule waits for. The
condition holds while the margin is above 0, and it is over when the margin is at or below minus the hysteresis;
between the two nothing changes. Equal levels are not "above"; a change by exactly the threshold is a change by it.
NaN (too little history) is neither.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bot.alerts.rule import CONDITIONS, LASTING, Rule
from bot.analytics.gauges import MIN_OBSERVATIONS, expanding_percentile

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]
Numbers = dict[str, NDArray[Any]]
SLACK = 1e-9  # of the number compared: what sums of decimal fractions are off by

_CODE = {condition: code for code, condition in enumerate(CONDITIONS)}
_ABOVE = np.isin(range(len(CONDITIONS)), [_CODE["above"], _CODE["crosses_above"]])  # by code
_BELOW = np.isin(range(len(CONDITIONS)), [_CODE["below"], _CODE["crosses_below"]])
STATE_CODE = _CODE["changes_state"]
LASTS = np.array([condition in LASTING for condition in CONDITIONS])


def slack(level: Floats) -> Floats:
    """Return by how much two equal numbers may differ in their last binary digits."""
    result: Floats = SLACK * np.maximum(np.abs(level), 1e-3)
    return result


@dataclass(frozen=True, slots=True)
class Seen:
    """One indicator up to a day: its value, its past extremes for every look-back, and its percentile.

    ``highest[n]`` and ``lowest[n]`` are over the last ``n`` observations before this one; NaN at 0 and beyond the
    history. ``percentile`` is the share of all observations at or below this one, NaN under 60.
    """

    value: float
    highest: Floats
    lowest: Floats
    percentile: float

    @classmethod
    def of(cls, history: Floats) -> "Seen":
        """Look at a history (oldest first, no NaN) from its last observation."""
        value, past = float(history[-1]), history[-2::-1]
        none = np.array([np.nan])
        share = float(np.count_nonzero(history <= value) / len(history))
        return cls(
            value,
            np.concatenate([none, np.maximum.accumulate(past)]),
            np.concatenate([none, np.minimum.accumulate(past)]),
            share if len(history) >= MIN_OBSERVATIONS else np.nan,
        )

    def back(self, extremes: Floats, within: Ints) -> Floats:
        """Return the extreme over each look-back; 0 looks over all of history."""
        known = within < len(extremes)
        places = np.where(within == 0, len(extremes) - 1, np.where(known, within, 0))
        result: Floats = extremes[places]
        return result


def margins(rules: Numbers, seen: Seen) -> Floats:
    """Return the margin of each rule (columns of one indicator) on one day; NaN where it cannot be told.

    Rules on states are left NaN: they compare nothing.
    """
    condition, threshold = rules["condition"], np.asarray(rules["threshold"], dtype=float)
    result = np.full(len(condition), np.nan)
    above, below = _ABOVE[condition], _BELOW[condition]
    result[above] = _beyond(seen.value, threshold[above])
    result[below] = _beyond(-seen.value, -threshold[below])
    within = np.asarray(rules["within"], dtype=np.int64)
    high, low = condition == _CODE["new_high"], condition == _CODE["new_low"]
    result[high] = _beyond(seen.value, seen.back(seen.highest, within[high]))
    result[low] = _beyond(-seen.value, -seen.back(seen.lowest, within[low]))
    moved = condition == _CODE["changes_by"]
    if moved.any():
        result[moved] = _moved({name: column[moved] for name, column in rules.items()}, seen)
    band = condition == _CODE["enters_band"]
    floor, roof = (np.asarray(rules[name], dtype=float)[band] for name in ("low", "high"))
    result[band] = _inside(np.full(len(floor), seen.percentile), floor, roof)
    return result


def _beyond(value: Floats | float, level: Floats) -> Floats:
    result: Floats = value - level - slack(level)
    return result


def _inside(share: Floats, low: Floats, high: Floats) -> Floats:
    result: Floats = np.minimum(share - low, high - share) + SLACK
    return result


def _moved(rules: Numbers, seen: Seen) -> Floats:
    within = np.asarray(rules["within"], dtype=np.int64)
    lowest, highest = seen.back(seen.lowest, within), seen.back(seen.highest, within)
    relative = rules["relative"] != 0
    rise = _change(seen.value, lowest, relative)
    fall = -_change(seen.value, highest, relative)
    direction = rules["direction"]
    size = np.where(direction > 0, rise, np.where(direction < 0, fall, np.maximum(rise, fall)))
    threshold = np.asarray(rules["threshold"], dtype=float)
    result: Floats = size - threshold + slack(threshold)
    return result


def _change(value: Floats | float, earlier: Floats, relative: Flags) -> Floats:
    """Return the change from an earlier value; relative ones need one above 0."""
    base = np.where(relative & (earlier > 0), earlier, np.nan)
    result: Floats = np.where(relative, value / base - 1, value - earlier)
    return result


def leeway(condition: NDArray[Any], threshold: Floats) -> Floats:
    """Return by how much a margin may miss minus the hysteresis and still be there, equal but for binary digits."""
    result: Floats = 2 * slack(threshold) + np.where(condition == _CODE["enters_band"], 2 * SLACK, 0.0)
    return result


def leeway_of(rule: Rule) -> float:
    """Return the same for one rule."""
    return float(leeway(np.array([_CODE[rule.condition]]), np.array([rule.threshold or 0.0]))[0])


def margin_history(rule: Rule, values: Floats) -> Floats:
    """Return one rule's margin on every day of a history (oldest first, no NaN)."""
    series = pd.Series(values)
    level = np.full(len(values), rule.threshold or 0.0)
    result = np.full(len(values), np.nan)
    match rule.condition:
        case "above" | "crosses_above":
            result = _beyond(values, level)
        case "below" | "crosses_below":
            result = _beyond(-values, -level)
        case "new_high":
            result = _beyond(values, _extreme(series, rule.within, highest=True))
        case "new_low":
            result = _beyond(-values, -_extreme(series, rule.within, highest=False))
        case "enters_band":
            low, high = (np.full(len(values), edge) for edge in (rule.low, rule.high))
            result = _inside(np.asarray(expanding_percentile(series), dtype=np.float64), low, high)
        case "changes_by":
            result = _moved_history(rule, series)
    return result


def _extreme(series: "pd.Series[float]", within: int | None, *, highest: bool) -> Floats:
    """Return the extreme of the observations before each one; NaN where there are fewer than asked for."""
    before = series.shift(1)
    looked = before.expanding() if within is None else before.rolling(within)
    return np.asarray(looked.max() if highest else looked.min(), dtype=float)


def _moved_history(rule: Rule, series: "pd.Series[float]") -> Floats:
    values = np.asarray(series, dtype=np.float64)
    relative = np.full(len(values), rule.relative)
    rise = _change(values, _extreme(series, rule.within, highest=False), relative)
    fall = -_change(values, _extreme(series, rule.within, highest=True), relative)
    size = {"up": rise, "down": fall, "either": np.maximum(rise, fall)}[rule.direction]
    level = np.full(len(values), rule.threshold or 0.0)
    result: Floats = size - level + slack(level)
    return result
