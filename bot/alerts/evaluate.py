"""After new data: move every rule on, once for each indicator, and say what fired. Worker side.

Only fresh series count: one whose newest value is older than its cadence allows leaves its rules where they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from bot.alerts.columns import STATE_FIELDS, State, state_of
from bot.alerts.conditions import Numbers
from bot.alerts.machine import Columns, cut, step
from bot.alerts.replay import replay
from bot.alerts.rule import FRESH_DAYS, Rule
from bot.alerts.stored import Fire, Outcome
from bot.indicator import Cadence


@dataclass(frozen=True, slots=True)
class Current:
    """An indicator's series as known on a day, and whether its newest value is recent enough to act on."""

    series: "pd.Series[float]"
    fresh: bool


def is_fresh(series: "pd.Series[float]", cadence: Cadence, as_of: date) -> bool:
    """Return whether the newest value is as recent as its cadence promises."""
    if series.empty:
        return False
    return (as_of - pd.Timestamp(series.index[-1]).date()).days <= FRESH_DAYS[cadence]


def evaluate(columns: Columns, current: Mapping[str, Current]) -> Outcome:
    """Move all rules on to the newest observation of their indicators; the columns given are left as they are."""
    outcomes = [_evaluated(columns, place, current.get(name)) for place, name in enumerate(columns.indicators)]
    return Outcome(
        fires=tuple(fire for one in outcomes for fire in one.fires),
        held_back=tuple(pair for one in outcomes for pair in one.held_back),
        moved=tuple(pair for one in outcomes for pair in one.moved),
        through=tuple(pair for one in outcomes for pair in one.through),
        stale=tuple(name for one in outcomes for name in one.stale),
        missing=tuple(name for one in outcomes for name in one.missing),
    )


def _evaluated(columns: Columns, place: int, current: Current | None) -> Outcome:
    """Move one indicator's rules on."""
    indicator, rows = columns.indicators[place], columns.of_indicator(place)
    if current is None:
        return Outcome(missing=(indicator,))
    if not current.fresh:
        return Outcome(stale=(indicator,))
    ids, before, after = columns.ids[rows], cut(columns.states, rows), cut(columns.states, rows, copied=True)
    fires, held = _caught_up(indicator, ids, cut(columns.rules, rows), after, current.series)
    through = ((indicator, pd.Timestamp(current.series.index[-1]).date()),)
    return Outcome(fires, held, _changes(ids, before, after), through)


def _caught_up(
    indicator: str, ids: tuple[str, ...], rules: Numbers, states: Numbers, series: "pd.Series[float]"
) -> tuple[tuple[Fire, ...], tuple[tuple[str, date], ...]]:
    """Take one indicator's rules through every observation that the most backward of them has not seen."""
    values = np.asarray(series, dtype=np.float64)
    index = pd.DatetimeIndex(series.index)
    fires: list[Fire] = []
    held: list[tuple[str, date]] = []
    for place in range(_first_new(states, index), len(values)):
        day = index[place].date()
        fired, waited = step(rules, states, values[: place + 1], day.toordinal())
        before = float(values[place - 1]) if place else None
        fires += [Fire(ids[row], indicator, day, float(values[place]), before) for row in np.flatnonzero(fired)]
        held += [(ids[row], day) for row in np.flatnonzero(waited)]
    return tuple(fires), tuple(held)


def _first_new(states: Numbers, index: pd.DatetimeIndex) -> int:
    seen = int(states["through"].min())
    if seen < date(1900, 1, 1).toordinal():
        return 0
    return int(index.searchsorted(pd.Timestamp(date.fromordinal(seen)), side="right"))


def _changes(ids: tuple[str, ...], before: Numbers, after: Numbers) -> tuple[tuple[str, State], ...]:
    differs = np.zeros(len(ids), dtype=bool)
    for name in STATE_FIELDS:
        if name != "through":
            differs |= before[name] != after[name]
    rows = np.flatnonzero(differs)
    moved = zip(*(after[name][rows].tolist() for name in STATE_FIELDS), strict=True)
    return tuple((ids[row], state_of(numbers)) for row, numbers in zip(rows.tolist(), moved, strict=True))


def begun(rule: Rule, series: "pd.Series[float]") -> State:
    """Return how a new rule stands: as if it had always watched, without cooldown or budget used up.

    What is already true when a rule is switched on is not news: the rule waits until it becomes true again.
    """
    free = rule.model_copy(update={"cooldown_days": 0, "monthly_budget": None, "expires": None})
    return replay(free, series).state.quiet()


def still_holds(rule: Rule, series: "pd.Series[float]", day: date) -> bool | None:
    """Return whether, as known now, the rule's condition was true on a day; None where that day has no value."""
    places = pd.DatetimeIndex(series.index).get_indexer(pd.DatetimeIndex([pd.Timestamp(day)]))
    if places[0] < 0:
        return None
    return bool(replay(rule, series).holds[places[0]])
