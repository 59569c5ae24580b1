"""One rule over all of an indicator's history at once: what the machine would have done day by day."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bot.alerts.columns import ENDLESS, NEVER, UNKNOWN, State, month_of
from bot.alerts.conditions import Flags, Floats, leeway_of, margin_history
from bot.alerts.rule import LASTING, Rule

Places = NDArray[np.int64]
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Replay:
    """Where a rule fired (places in the history), where it was ready but held back, and how it stands at the end.

    ``holds`` says for each observation whether the condition, confirmation included, was true.
    """

    fires: tuple[int, ...]
    held_back: tuple[int, ...]
    holds: Flags
    state: State


def replay(rule: Rule, series: "pd.Series[float]") -> Replay:
    """Run a rule over a series indexed by day (ascending, unique, no NaN)."""
    values = np.asarray(series, dtype=np.float64)
    days = (pd.DatetimeIndex(series.index).to_numpy().astype("datetime64[D]").astype(np.int64) + _EPOCH).tolist()
    if rule.condition == "changes_state":
        return _states(rule, values, days)
    return _margins(rule, margin_history(rule, values), days)


class _Allowance:
    """Cooldown, budget and end of one rule, kept over its fires."""

    def __init__(self, rule: Rule) -> None:
        self._cooldown = rule.cooldown_days
        self._budget = rule.monthly_budget or ENDLESS
        self._expires = rule.expires.toordinal() if rule.expires else ENDLESS
        self.last, self.month, self.count = NEVER, 0, 0

    def earliest(self, day: int) -> int:
        """Return the first day from ``day`` on at which the rule may fire."""
        day = max(day, self.last + self._cooldown)
        if self.month == month_of(day) and self.count >= self._budget:
            day = _next_month(day)
        return day if day <= self._expires else ENDLESS

    def fire(self, day: int) -> None:
        """Count a fire."""
        self.count = self.count + 1 if self.month == month_of(day) else 1
        self.last, self.month = day, month_of(day)


def _next_month(day: int) -> int:
    year, month = divmod(month_of(day) + 1, 12)
    return date(year, month + 1, 1).toordinal()


def _margins(rule: Rule, margin: Floats, days: list[int]) -> Replay:
    count = len(margin)
    holds = margin > 0
    over = (margin <= leeway_of(rule) - rule.hysteresis) & ~holds
    run = _run_lengths(holds)
    confirmed = run >= rule.confirmation
    armed_at = np.maximum.accumulate(np.where(over, np.arange(count), -1)) if count else np.empty(0, dtype=np.int64)
    allowance = _Allowance(rule)
    fires, held, spent = [], [], -1
    for group in _groups(confirmed & (armed_at >= 0), armed_at):
        fired, waited = _within(group, days, allowance, lasting=rule.condition in LASTING)
        held += waited
        if fired is not None:
            fires.append(fired)
        if fired is not None or rule.condition not in LASTING:
            spent = int(armed_at[group[0]])
    state = State(
        armed=bool(count and armed_at[-1] >= 0 and armed_at[-1] != spent),
        run=int(min(run[-1], rule.confirmation)) if count else 0,
        last=allowance.last,
        month=allowance.month,
        count=allowance.count,
        through=days[-1] if count else NEVER,
    )
    return Replay(tuple(fires), tuple(held), confirmed, state)


def _run_lengths(holds: Flags) -> Places:
    """Return for each place how many in a row up to it are true."""
    places = np.arange(len(holds))
    last_false = np.maximum.accumulate(np.where(holds, -1, places)) if len(holds) else places
    result: Places = places - last_false
    return result


def _groups(confirmed: Flags, armed_at: Places) -> Iterator[Places]:
    """Give the confirmed places between one re-arming and the next, together."""
    places = np.flatnonzero(confirmed)
    if len(places):
        yield from np.split(places, np.flatnonzero(np.diff(armed_at[places])) + 1)


def _within(group: Places, days: list[int], allowance: _Allowance, *, lasting: bool) -> tuple[int | None, list[int]]:
    """Return where in a group the rule fires, and where it was held back before."""
    chances = group if lasting else group[:1]
    chance_days = [days[place] for place in chances]
    at = 0
    while at < len(chances):
        earliest = allowance.earliest(chance_days[at])
        if earliest == chance_days[at]:
            allowance.fire(chance_days[at])
            return int(chances[at]), chances[:at].tolist()
        at = bisect_left(chance_days, earliest)
    return None, chances.tolist()


def _states(rule: Rule, values: Floats, days: list[int]) -> Replay:
    """Confirm states one stretch of equal values at a time."""
    allowance = _Allowance(rule)
    fires: list[int] = []
    held: list[int] = []
    holds = np.zeros(len(values), dtype=bool)
    reference, candidate, run = UNKNOWN, UNKNOWN, 0
    edges = [0, *(np.flatnonzero(np.diff(values)) + 1).tolist(), len(values)]
    for start, end in pairwise(edges):
        if start == end:
            continue
        value = int(values[start])
        confirmed_at = start + rule.confirmation - 1
        if value == reference or confirmed_at >= end:
            candidate, run = (UNKNOWN, 0) if value == reference else (value, end - start)
            continue
        if reference != UNKNOWN and rule.state in (None, value):
            holds[confirmed_at] = True
            day = days[confirmed_at]
            free = allowance.earliest(day) == day
            (fires if free else held).append(confirmed_at)
            if free:
                allowance.fire(day)
        reference, candidate, run = value, UNKNOWN, 0
    state = State(
        armed=False,
        run=run,
        last=allowance.last,
        month=allowance.month,
        count=allowance.count,
        reference=reference,
        candidate=candidate,
        through=days[-1] if days else NEVER,
    )
    return Replay(tuple(fires), tuple(held), holds, state)
