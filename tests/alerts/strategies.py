"""Rules and histories drawn at random, with plenty of ties, flat stretches and jumps over thresholds."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from bot.alerts.columns import State, state_row
from bot.alerts.rule import Condition, Rule
from bot.alerts.stored import Stored, numbers_of

FIRST = date(2024, 11, 20)


def sessions(count: int) -> list[date]:
    """Weekdays from FIRST on, so that gaps of weekends and ends of months are among them."""
    days, day = [], FIRST
    while len(days) < count:
        if day.weekday() < 5:
            days.append(day)
        day += timedelta(days=1)
    return days


def series(values: list[float]) -> "pd.Series[float]":
    return pd.Series(np.array(values, dtype=float), index=pd.DatetimeIndex(sessions(len(values))))


def stored_of(rule_id: str, rule: Rule, state: State) -> Stored:
    """A rule and its state as the store gives them back."""
    return Stored(rule_id, rule.indicator, numbers_of(rule), state_row(state))


@st.composite
def walks(draw: st.DrawFn, least: int = 0, most: int = 140) -> "pd.Series[float]":
    """A level that moves in whole steps about 20, mostly little; every other one long enough to fire several times."""
    steps, long = st.sampled_from([-4, -1, -1, 0, 0, 1, 1, 4]), max(least, most // 2)
    moves = draw(st.lists(steps, min_size=least, max_size=most) | st.lists(steps, min_size=long, max_size=most))
    return series((20 + np.cumsum(moves)).tolist() if moves else [])


@st.composite
def turns(draw: st.DrawFn, most: int = 100) -> "pd.Series[float]":
    """States 0 to 2 that stay a while, or do not."""
    stretches = draw(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 6)), max_size=most // 4))
    return series([float(state) for state, length in stretches for _n in range(length)])


def _restraints() -> dict[str, st.SearchStrategy[object]]:
    return {
        "confirmation": st.integers(1, 4),
        "cooldown_days": st.sampled_from([0, 2, 4, 7, 40]),
        "monthly_budget": st.sampled_from([None, None, 1, 2]),
        "expires": st.sampled_from([None, None, FIRST + timedelta(days=60)]),
    }


def _hysteresis() -> st.SearchStrategy[float]:
    return st.sampled_from([0.0, 0.0, 1.0, 3.0])


def rules(condition: Condition) -> st.SearchStrategy[Rule]:
    """Rules of one condition, every other field drawn."""
    fields: dict[str, st.SearchStrategy[object]] = {"hysteresis": _hysteresis(), **_restraints()}
    if condition in {"above", "below", "crosses_above", "crosses_below"}:
        fields["threshold"] = st.sampled_from([18.0, 20.0, 20.5, 23.0])
    elif condition in {"new_high", "new_low"}:
        fields["within"] = st.sampled_from([None, 1, 3, 20])
    elif condition == "changes_by":
        fields["within"] = st.sampled_from([1, 3, 20])
        fields["direction"] = st.sampled_from(["up", "down", "either"])
        fields["relative"] = st.booleans()
        fields["threshold"] = st.sampled_from([0.1, 0.5, 1.0, 4.0])
    elif condition == "enters_band":
        fields["hysteresis"] = st.sampled_from([0.0, 0.0, 0.05])
        bands = st.sampled_from([(0.0, 0.1), (0.9, 1.0), (0.4, 0.6)])
        return st.tuples(bands, st.fixed_dictionaries(fields)).map(
            lambda both: Rule(indicator="x", condition=condition, low=both[0][0], high=both[0][1], **both[1])
        )
    else:
        fields["state"] = st.sampled_from([None, None, 0, 2])
        fields["hysteresis"] = st.just(0.0)
    return st.fixed_dictionaries(fields).map(lambda f: Rule(indicator="x", condition=condition, **f))
