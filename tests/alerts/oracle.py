"""A second, slow way of telling when a rule fires: written from the words of its sentence, a day at a time."""

import math
from dataclasses import dataclass
from datetime import date

from bot.alerts.rule import Rule

LEAST_FOR_PERCENTILE = 60


def distance(rule: Rule, values: list[float]) -> float | None:
    """How far beyond its condition a rule is after the last of ``values``; None where nobody can say.

    For strict conditions 0 is not beyond; a change or a band is met at 0.
    """
    now, past = values[-1], values[:-1]
    looked = past if rule.within is None else past[-rule.within :]
    enough = bool(past) and (rule.within is None or len(past) >= rule.within)
    if rule.condition in {"above", "crosses_above"}:
        return now - rule.threshold
    if rule.condition in {"below", "crosses_below"}:
        return rule.threshold - now
    if rule.condition == "enters_band":
        if len(values) < LEAST_FOR_PERCENTILE:
            return None
        share = sum(value <= now for value in values) / len(values)
        return min(share - rule.low, rule.high - share)
    if not enough:
        return None
    if rule.condition == "new_high":
        return now - max(looked)
    if rule.condition == "new_low":
        return min(looked) - now
    return _change(rule, now, looked)


def _change(rule: Rule, now: float, looked: list[float]) -> float | None:
    lowest, highest = min(looked), max(looked)
    if rule.relative:
        rise = now / lowest - 1 if lowest > 0 else None
        fall = 1 - now / highest if highest > 0 else None
    else:
        rise, fall = now - lowest, highest - now
    sizes = {"up": [rise], "down": [fall], "either": [rise, fall]}[rule.direction]
    if None in sizes:
        return None
    return max(sizes) - rule.threshold


def holds(rule: Rule, values: list[float]) -> bool:
    beyond = distance(rule, values)
    if beyond is None:
        return False
    met_at_zero = rule.condition in {"changes_by", "enters_band"}
    return beyond > -1e-9 if met_at_zero else beyond > 1e-9


def over(rule: Rule, values: list[float]) -> bool:
    beyond = distance(rule, values)
    return beyond is not None and not holds(rule, values) and beyond <= -rule.hysteresis + 1e-9


@dataclass
class Oracle:
    """Walks through a history, keeping what a person would keep in mind."""

    rule: Rule
    armed: bool = False
    confirmed_state: int | None = None
    fired: list[int] = None  # type: ignore[assignment]

    def fires(self, values: list[float], days: list[date]) -> list[int]:
        self.fired = []
        for place in range(len(values)):
            self._day(place, values[: place + 1], days)
        return self.fired

    def _day(self, place: int, values: list[float], days: list[date]) -> None:
        if self._ready(values):
            allowed = self._allowed(days[place], [days[p] for p in self.fired])
            if allowed:
                self.fired.append(place)
            if allowed or self.rule.condition not in {"above", "below"}:
                self.armed = False

    def _ready(self, values: list[float]) -> bool:
        n = self.rule.confirmation
        if self.rule.condition == "changes_state":
            return self._turned(values)
        if over(self.rule, values):
            self.armed = True
        in_a_row = len(values) >= n and all(holds(self.rule, values[: len(values) - back]) for back in range(n))
        return self.armed and in_a_row

    def _turned(self, values: list[float]) -> bool:
        n, state = self.rule.confirmation, int(values[-1])
        if len(values) < n or set(values[-n:]) != {values[-1]} or state == self.confirmed_state:
            return False
        before, self.confirmed_state = self.confirmed_state, state
        return before is not None and self.rule.state in (None, state)

    def _allowed(self, day: date, fired: list[date]) -> bool:
        if self.rule.expires and day > self.rule.expires:
            return False
        if fired and (day - fired[-1]).days < self.rule.cooldown_days:
            return False
        this_month = [d for d in fired if (d.year, d.month) == (day.year, day.month)]
        return len(this_month) < (self.rule.monthly_budget or math.inf)
