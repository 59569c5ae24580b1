"""How rules move from one observation to the next: the only place that decides whether an alert fires.

A rule is *armed* once its condition has been over. It is *ready* when it is armed and the condition has held for
``confirmation`` observations in a row. A ready rule fires unless its cooldown, its monthly budget or its end hold it
back. A level ("is above") that is held back stays ready and fires as soon as it may, if it still holds; a moment
("crosses", "new high", "changes by") that is held back has passed.

A rule on states is ready when a state other than the confirmed one has been seen ``confirmation`` times in a row;
that state is then the confirmed one, whether the rule fires or not.
"""

from collections.abc import Mapping

import numpy as np

from bot.alerts.columns import UNKNOWN, Columns, month_of
from bot.alerts.conditions import LASTING_CODES, STATE_CODE, Flags, Floats, Numbers, Seen, leeway, margins


def arrays(columns: Mapping[str, object], rows: slice = slice(None), *, copied: bool = False) -> Numbers:
    """Return columns as numpy arrays: views of the same memory, or copies that may be changed."""
    views = {name: np.asarray(column)[rows] for name, column in columns.items()}
    return {name: view.copy() for name, view in views.items()} if copied else views


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
    lasting = np.isin(rules["condition"], LASTING_CODES)
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


def of_indicator(columns: Columns, place: int) -> slice:
    """Return the rows of the indicator at a place."""
    return slice(columns.starts[place], columns.starts[place + 1])
