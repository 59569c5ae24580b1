"""The machine, the replay and an oracle written from the words agree; restraints never break."""

from dataclasses import asdict
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.alerts.columns import State
from bot.alerts.machine import columns, cut, step
from bot.alerts.replay import replay
from bot.alerts.rule import CONDITIONS, Condition, Rule
from bot.alerts.stored import packed
from tests.alerts.oracle import Oracle, holds
from tests.alerts.strategies import rules, series, stored_of, turns, walks

BY_CONDITION = pytest.mark.parametrize("condition", CONDITIONS)


def history_of(condition: Condition) -> st.SearchStrategy:
    if condition == "changes_state":
        return turns()
    return walks(least=70 if condition == "enters_band" else 0)


def day_by_day(rule: Rule, values, state: State | None = None) -> tuple[list[int], list[int], State]:
    """Run the machine as after each ingest: it sees what is known by then and its stored state, nothing else."""
    fires, held = [], []
    state = state or State()
    for place in range(len(values)):
        table = columns(packed([stored_of("id", rule, state)]))
        states = cut(table.states, slice(None), copied=True)
        known = values.iloc[: place + 1]
        day = known.index[-1].toordinal()
        fired, waited = step(table.rules, states, known.to_numpy(), day)
        fires += [place] if fired[0] else []
        held += [place] if waited[0] else []
        state = State(**{name: type(getattr(state, name))(column[0]) for name, column in states.items()})
    return fires, held, state


@BY_CONDITION
@settings(deadline=None, max_examples=60)
@given(st.data())
def test_replaying_day_by_day_gives_exactly_the_backtest(condition: Condition, data: st.DataObject) -> None:
    rule, values = data.draw(rules(condition)), data.draw(history_of(condition))
    fires, held, state = day_by_day(rule, values)
    whole = replay(rule, values)
    assert list(whole.fires) == fires
    assert list(whole.held_back) == held
    if len(values):
        assert asdict(whole.state) == asdict(state)


@BY_CONDITION
@settings(deadline=None, max_examples=60)
@given(st.data())
def test_both_agree_with_the_words(condition: Condition, data: st.DataObject) -> None:
    rule, values = data.draw(rules(condition)), data.draw(history_of(condition))
    days = [stamp.date() for stamp in values.index]
    assert list(replay(rule, values).fires) == Oracle(rule).fires(values.tolist(), days)


@BY_CONDITION
@settings(deadline=None, max_examples=40)
@given(st.data())
def test_no_fire_without_its_condition(condition: Condition, data: st.DataObject) -> None:
    rule, values = data.draw(rules(condition)), data.draw(history_of(condition))
    listed = values.tolist()
    for place in replay(rule, values).fires:
        last = [listed[: place + 1 - back] for back in range(rule.confirmation)]
        if condition == "changes_state":
            assert len({seen[-1] for seen in last}) == 1
            assert rule.state in (None, last[0][-1])
        else:
            assert all(holds(rule, seen) for seen in last)


@BY_CONDITION
@settings(deadline=None, max_examples=40)
@given(st.data())
def test_cooldown_budget_and_end_never_break(condition: Condition, data: st.DataObject) -> None:
    rule, values = data.draw(rules(condition)), data.draw(history_of(condition))
    days = [values.index[place].date() for place in replay(rule, values).fires]
    assert all((later - earlier).days >= rule.cooldown_days for earlier, later in pairwise(days))
    months = [(day.year, day.month) for day in days]
    assert max((months.count(month) for month in months), default=0) <= (rule.monthly_budget or 31)
    assert all(rule.expires is None or day <= rule.expires for day in days)


@pytest.mark.parametrize("condition", [c for c in CONDITIONS if c != "changes_state"])
@settings(deadline=None, max_examples=40)
@given(st.data())
def test_between_two_fires_it_has_gone_back_by_the_hysteresis(condition: Condition, data: st.DataObject) -> None:
    rule, values = data.draw(rules(condition)), data.draw(history_of(condition))
    fires = replay(rule, values).fires
    bare = rule.model_copy(update={"hysteresis": 0.0})
    for earlier, later in pairwise(fires):
        between = [values.tolist()[: place + 1] for place in range(earlier + 1, later)]
        assert any(not holds(bare, seen) for seen in between)
        if rule.condition in {"above", "crosses_above"}:
            assert min(seen[-1] for seen in between) <= rule.threshold - rule.hysteresis
        if rule.condition in {"below", "crosses_below"}:
            assert max(seen[-1] for seen in between) >= rule.threshold + rule.hysteresis


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_the_same_day_twice_changes_nothing(data: st.DataObject) -> None:
    condition = data.draw(st.sampled_from(CONDITIONS))
    rule, values = data.draw(rules(condition)), data.draw(history_of(condition))
    state = replay(rule, values).state
    if not len(values):
        return
    table = columns(packed([stored_of("id", rule, state)]))
    states = cut(table.states, slice(None), copied=True)
    fired, held = step(table.rules, states, values.to_numpy(), values.index[-1].toordinal())
    assert not fired.any()
    assert not held.any()
    assert {name: column[0] for name, column in states.items()} == asdict(state)


@settings(deadline=None, max_examples=60)
@given(st.data(), walks(least=1))
def test_many_rules_at_once_are_each_as_alone(data: st.DataObject, values) -> None:
    kinds = [c for c in CONDITIONS if c != "changes_state"]
    drawn = [data.draw(rules(condition)) for condition in data.draw(st.lists(st.sampled_from(kinds), max_size=12))]
    table = columns(packed([stored_of(str(n), rule, State()) for n, rule in enumerate(drawn)]))
    states = cut(table.states, slice(None), copied=True)
    fires: list[list[int]] = [[] for _rule in drawn]
    for place in range(len(values)):
        fired, _held = step(table.rules, states, values.to_numpy()[: place + 1], values.index[place].toordinal())
        for row in np.flatnonzero(fired):
            fires[row].append(place)
    assert fires == [list(replay(rule, values).fires) for rule in drawn]


def test_a_level_held_back_is_announced_late_and_a_crossing_is_not() -> None:
    values = series([9, 11, 9, 11, 11, 11, 11, 11, 11, 11])  # days 0 to 9: 20 Nov (Wed) to 3 Dec
    level = Rule(indicator="x", condition="above", threshold=10, cooldown_days=7)
    crossing = Rule(indicator="x", condition="crosses_above", threshold=10, cooldown_days=7)
    assert replay(level, values).fires == (1, 6)  # 21 Nov, then 28 Nov: seven days on, still above
    assert replay(level, values).held_back == (3, 4, 5)
    assert replay(crossing, values).fires == (1,)
    assert replay(crossing, values).held_back == (3,)
    assert day_by_day(level, values)[:2] == ([1, 6], [3, 4, 5])
    assert day_by_day(crossing, values)[:2] == ([1], [3])


DAILY = pd.DatetimeIndex(pd.date_range("2026-07-29", "2026-08-04", freq="B"))  # Wednesday to Tuesday


@pytest.mark.parametrize(
    ("restraint", "fires"),
    [
        ({}, ["2026-07-30", "2026-08-03"]),
        ({"monthly_budget": 1}, ["2026-07-30", "2026-08-03"]),  # another month
        ({"cooldown_days": 4}, ["2026-07-30", "2026-08-03"]),  # Thursday to Monday are four days
        ({"cooldown_days": 5}, ["2026-07-30", "2026-08-04"]),  # a level waits for its day, the weekend counts
        ({"expires": date(2026, 8, 3)}, ["2026-07-30", "2026-08-03"]),
        ({"expires": date(2026, 8, 2)}, ["2026-07-30"]),  # a Sunday
        ({"expires": date(2026, 7, 29)}, []),
    ],
)
def test_months_end_weekends_count_and_the_last_day_is_one(restraint: dict[str, Any], fires: list[str]) -> None:
    values = pd.Series([9.0, 11.0, 9.0, 11.0, 11.0], index=DAILY)
    rule = Rule(indicator="x", condition="above", threshold=10, **restraint)
    assert [DAILY[place].date().isoformat() for place in replay(rule, values).fires] == fires
    assert [DAILY[place].date().isoformat() for place in day_by_day(rule, values)[0]] == fires


def test_a_budget_is_of_the_month_in_which_it_is_known() -> None:
    """Two in July are one too many for a budget of one; what July held back is said in August if it still is so."""
    index = pd.DatetimeIndex(["2026-07-27", "2026-07-28", "2026-07-29", "2026-07-30", "2026-07-31", "2026-08-03"])
    values = pd.Series([9.0, 11.0, 9.0, 11.0, 12.0, 12.0], index=index)
    level = Rule(indicator="x", condition="above", threshold=10, monthly_budget=1)
    assert replay(level, values).fires == (1, 5)
    assert replay(level, values).held_back == (3, 4)
    moment = Rule(indicator="x", condition="crosses_above", threshold=10, monthly_budget=1)
    assert replay(moment, values).fires == (1,)
    year_end = values.set_axis(index + pd.DateOffset(months=5))
    assert replay(level, year_end).fires == (1, 5)  # December and January


def test_what_is_true_from_the_first_day_on_has_not_become_true() -> None:
    assert replay(Rule(indicator="x", condition="above", threshold=10), series([11, 12, 13])).fires == ()


def test_equal_to_the_last_binary_digit_is_equal() -> None:
    tenth = 0.1 + 0.2  # a little more than 0.3
    assert replay(Rule(indicator="x", condition="above", threshold=0.3), series([0.2, tenth])).fires == ()
    rise = Rule(indicator="x", condition="changes_by", threshold=0.005, within=1, direction="down")
    assert replay(rise, series([0.0408, 0.0407, 0.0357])).fires == (2,)  # 0.0407 - 0.0357 is below 0.005 in binary


def test_a_state_counts_once_confirmed_and_a_relapse_starts_over() -> None:
    values = series([0, 0, 1, 0, 1, 1, 1, 0, 0, 2, 2])
    rule = Rule(indicator="x", condition="changes_state", confirmation=2)
    assert replay(rule, values).fires == (5, 8, 10)
    assert replay(rule.model_copy(update={"state": 2}), values).fires == (10,)
