"""How rules move from one observation to the next: the only place that decides whether an alert fires.

A rule is *armed* once its condition has been over. It is *ready* when it is armed and the condition has held for
``confirmation`` observations in a row. A ready rule fires unless its cooldown, its monthly budget or its end hold it
back. A level ("is above") that is held back stays ready and fires as soon as it may, if it still holds; a moment
("crosses", "new high", "changes by") that is held back has passed.

A rule on states is ready when a state other than the confirmed one has been seen ``confirmation`` times in a row;
that state is then the confirmed one, whether the rule fires or not.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.alerts.columns import RULE_CODES, STATE_CODES, UNKNOWN, month_of
from bot.alerts.conditions import LASTS, STATE_CODE, Flags, Floats, Numbers, Seen, leeway, margins
from bot.alerts.stored import Packed


@dataclass(frozen=True, slots=True)
class Columns:
    """Rules and their states, a column for each number. ``starts`` are the first row of each indicator and the end."""

    indicators: tuple[str, ...]
    starts: tuple[int, ...]
    ids: tuple[str, ...]
    rules: Numbers = field(repr=False)
    states: Numbers = field(repr=False)

    def __len__(self) -> int:
        return len(self.ids)

    def of_indicator(self, place: int) -> slice:
        """Return the rows of the indicator at a place."""
        return slice(self.starts[place], self.starts[place + 1])


def columns(rows: Packed) -> Columns:
    """Lay packed rules out in columns."""
    numbers = np.fromstring(rows.numbers, sep=",").reshape(-1, len(RULE_CODES))
    states = np.asarray(rows.states, dtype=np.int64).reshape(-1, len(STATE_CODES))
    return Columns(
        rows.indicators, tuple(rows.starts), rows.ids, _laid_out(RULE_CODES, numbers), _laid_out(STATE_CODES, states)
    )


def _laid_out(codes: dict[str, str], rows: NDArray[Any]) -> Numbers:
    return {name: rows[:, place].astype(code) for place, (name, code) in enumerate(codes.items())}


def cut(numbers: Numbers, rows: slice, *, copied: bool = False) -> Numbers:
    """Return some rows of columns: views of the same memory, or copies that may be changed."""
    return {name: column[rows].copy() if copied else column[rows] for name, column in numbers.items()}


def step(rules: Numbers, states: Numbers, history: Floats, day: int) -> tuple[Flags, Flags]:
    """Move rules of one indicator on to the last observation of ``history``, known on ``day``.

    ``states`` is changed in place, for rules whose ``through`` lies before that day alone. Returns which rules
    fired and which were ready but held back.
    """
    late = states["through"] < day
    seen = Seen.of(history)
    turned = rules["condition"] == STATE_CODE
    ready = np.where(turned, _turn(rules, states, seen.value, late & turned), False)
    margin = margins(rules, seen)
    ready |= _advance(rules, states, margin, late & ~turned)
    fired = ready & _allowed(rules, states, day)
    lasting = LASTS[rules["condition"]]
    states["armed"][ready & (fired | ~lasting)] = 0
    _remember(states, fired, day)
    states["through"][late] = day
    return fired, ready & ~fired


def _advance(rules: Numbers, states: Numbers, margin: Floats, moving: Flags) -> Flags:
    """Count observations in a row and arm what is over; return which rules are ready."""
    holds = margin > 0
    over = margin <= leeway(rules["condition"], rules["threshold"]) - rules["hysteresis"]
    run = np.where(holds, np.minimum(states["run"] + 1, rules["confirmation"]), 0)
    states["run"][moving] = run[moving]
    states["armed"][moving & over & ~holds] = 1
    result: Flags = moving & (states["armed"] != 0) & (run >= rules["confirmation"])
    return result


def _turn(rules: Numbers, states: Numbers, value: float, moving: Flags) -> Flags:
    """Count how often in a row a new state was seen, and take it over; return which rules are ready."""
    same = states["reference"] == value
    again = states["candidate"] == value
    run = np.where(same, 0, np.where(again, states["run"] + 1, 1))
    confirmed = moving & (run >= rules["confirmation"])
    known = states["reference"] != UNKNOWN
    wanted = (rules["target"] == UNKNOWN) | (rules["target"] == value)
    states["run"][moving] = np.where(confirmed, 0, run)[moving]
    states["candidate"][moving] = np.where(confirmed | same, UNKNOWN, value)[moving]
    states["reference"][confirmed] = value
    result: Flags = confirmed & known & wanted
    return result


def _allowed(rules: Numbers, states: Numbers, day: int) -> Flags:
    """Return which rules may fire on a day: cooled down, within budget, not ended."""
    spent = np.where(states["month"] == month_of(day), states["count"], 0)
    cooled = day - states["last"] >= rules["cooldown"]
    result: Flags = cooled & (spent < rules["budget"]) & (day <= rules["expires"])
    return result


def _remember(states: Numbers, fired: Flags, day: int) -> None:
    month = month_of(day)
    spent = np.where(states["month"] == month, states["count"], 0)
    states["count"][fired] = spent[fired] + 1
    states["month"][fired] = month
    states["last"][fired] = day
