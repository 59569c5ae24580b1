import json
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.alerts.columns import NEVER, State
from bot.alerts.evaluate import Current, begun, evaluate, is_fresh, still_holds
from bot.alerts.machine import columns, cut
from bot.alerts.replay import replay
from bot.alerts.rule import CONDITIONS, Rule
from bot.alerts.stored import Fire, Outcome, packed
from tests.alerts.strategies import rules, series, sessions, stored_of, turns, walks

ABOVE = Rule(indicator="x", condition="above", threshold=10)


def run(rows: list[tuple[str, Rule, State]], **known: "pd.Series[float]") -> Outcome:
    return evaluate(
        columns(packed(stored_of(*row) for row in rows)),
        {name: Current(values, True) for name, values in known.items()},
    )


def after(outcome: Outcome, rule_id: str, state: State) -> State:
    """The state the store would hold afterwards."""
    moved = dict(outcome.moved).get(rule_id, state)
    return replace(moved, through=max(day for _name, day in outcome.through).toordinal())


def test_a_fire_names_rule_day_and_numbers() -> None:
    outcome = run([("a", ABOVE, State())], x=series([9, 9.5, 11]))
    assert outcome.fires == (Fire("a", "x", sessions(3)[2], 11.0, 9.5),)
    assert outcome.through == (("x", sessions(3)[2]),)


def test_evaluated_twice_it_fires_once() -> None:
    values = series([9, 11])
    first = run([("a", ABOVE, State())], x=values)
    state = after(first, "a", State())
    again = run([("a", ABOVE, state)], x=values)
    assert len(first.fires) == 1
    assert again.fires == again.moved == ()


@settings(deadline=None, max_examples=60)
@given(st.data(), st.sampled_from(CONDITIONS))
def test_however_often_it_runs_the_fires_are_those_of_the_replay(data: st.DataObject, condition) -> None:
    """Ingests come one by one or after a pause; states are stored in between; each fire comes exactly once."""
    rule = data.draw(rules(condition))
    values = data.draw(turns() if condition == "changes_state" else walks(least=1))
    state, fires, seen = State(), [], 0
    while seen < len(values):
        seen += data.draw(st.integers(1, 12))
        outcome = run([("a", rule, state)], x=values.iloc[:seen])
        state = after(outcome, "a", state)
        fires += [fire.day for fire in outcome.fires]
    assert fires == [values.index[place].date() for place in replay(rule, values).fires]
    if len(values):
        assert state == replay(rule, values).state


def test_stale_and_missing_series_leave_their_rules_alone() -> None:
    rows = [("a", ABOVE, State()), ("b", ABOVE.model_copy(update={"indicator": "y"}), State())]
    outcome = evaluate(columns(packed(stored_of(*row) for row in rows)), {"x": Current(series([9, 11]), False)})
    assert outcome == Outcome(stale=("x",), missing=("y",))


def test_a_late_day_is_made_up_for_and_named() -> None:
    state = after(run([("a", ABOVE, State())], x=series([9])), "a", State())
    outcome = run([("a", ABOVE, state)], x=series([9, 11, 9, 12, 13]))
    assert [fire.day for fire in outcome.fires] == [sessions(5)[1], sessions(5)[3]]


def test_rules_of_one_indicator_may_have_seen_different_days() -> None:
    values = series([9, 11, 9, 12])
    fresh, old = begun(ABOVE, values), State(armed=True, through=sessions(4)[0].toordinal())
    outcome = run([("new", ABOVE, fresh), ("old", ABOVE, old)], x=values)
    assert [(fire.rule_id, fire.day) for fire in outcome.fires] == [("old", sessions(4)[1]), ("old", sessions(4)[3])]


def test_rules_of_an_indicator_lie_together() -> None:
    other = ABOVE.model_copy(update={"indicator": "y"})
    with pytest.raises(ValueError, match="together"):
        columns(
            packed([stored_of("a", ABOVE, State()), stored_of("b", other, State()), stored_of("c", ABOVE, State())])
        )


def test_what_holds_when_a_rule_begins_is_no_news() -> None:
    values = series([9, 11, 11])
    state = begun(ABOVE, values)
    assert run([("a", ABOVE, state)], x=series([9, 11, 11, 12])).fires == ()
    outcome = run([("a", ABOVE, state)], x=series([9, 11, 11, 9, 12]))
    assert [fire.day for fire in outcome.fires] == [sessions(5)[4]]


def test_a_new_rule_has_spent_neither_cooldown_nor_budget() -> None:
    patient = ABOVE.model_copy(update={"cooldown_days": 60, "monthly_budget": 1})
    state = begun(patient, series([9, 11, 9]))
    assert state.last == NEVER
    assert state.armed
    assert len(run([("a", patient, state)], x=series([9, 11, 9, 12])).fires) == 1


@given(st.data(), st.sampled_from(CONDITIONS))
@settings(deadline=None, max_examples=40)
def test_a_rule_that_begins_today_fires_later_as_if_it_had_always_watched(data: st.DataObject, condition) -> None:
    free = {"cooldown_days": 0, "monthly_budget": None, "expires": None}
    rule = data.draw(rules(condition)).model_copy(update=free)
    values = data.draw(turns() if condition == "changes_state" else walks(least=2))
    if len(values) < 2:
        return
    cut = data.draw(st.integers(1, len(values) - 1))
    outcome = run([("a", rule, begun(rule, values.iloc[:cut]))], x=values)
    later = [values.index[place].date() for place in replay(rule, values).fires if place >= cut]
    assert [fire.day for fire in outcome.fires] == later


@pytest.mark.parametrize(
    ("cadence", "behind", "fresh"),
    [
        ("session", 0, True),
        ("session", 4, True),  # a yield over a long weekend
        ("session", 7, False),
        ("week", 12, True),
        ("week", 13, False),
        ("settlement", 24, True),
        ("settlement", 25, False),
        ("month", 45, True),
        ("month", 46, False),
        ("snapshot", 31, True),
        ("snapshot", 32, False),
    ],
)
def test_freshness_goes_by_cadence(cadence, behind: int, fresh: bool) -> None:
    values = series([1.0])
    as_of = date.fromordinal(sessions(1)[0].toordinal() + behind)
    assert is_fresh(values, cadence, as_of) == fresh


def test_nothing_is_not_fresh() -> None:
    assert not is_fresh(series([]), "session", date(2026, 7, 31))


def test_a_fire_that_a_correction_undoes() -> None:
    day = sessions(3)[2]
    assert still_holds(ABOVE, series([9, 9, 11]), day) is True
    assert still_holds(ABOVE, series([9, 9, 9.8]), day) is False
    assert still_holds(ABOVE, series([9, 9]), day) is None


def test_a_series_that_begins_after_the_rule_is_watched_from_its_first_day() -> None:
    """A rule kept from before (another vendor, a symbol listed anew) stands at a day before the series begins."""
    values = series([9, 11, 9, 12])
    old = State(through=sessions(1)[0].toordinal() - 400)
    outcome = run([("a", ABOVE, old)], x=values)
    assert [fire.day for fire in outcome.fires] == [sessions(4)[1], sessions(4)[3]]
    high = Rule(indicator="x", condition="new_high", within=3)
    assert run([("a", high, replace(old, armed=True))], x=values).fires[0].day == sessions(4)[3]  # 9, 11, 9 before it


@settings(deadline=None, max_examples=60)
@given(st.data(), st.sampled_from(CONDITIONS))
def test_history_rewritten_between_two_evaluations_never_fires_for_a_day_that_was_seen(
    data: st.DataObject, condition
) -> None:
    """A vendor changes anything before the last day seen, adds days to it and takes some away: new days alone count."""
    rule = data.draw(rules(condition))
    values = data.draw(turns() if condition == "changes_state" else walks(least=4))
    if len(values) < 4:
        return
    seen = data.draw(st.integers(2, len(values) - 1))
    state = begun(rule, values.iloc[:seen])
    rewritten = values.copy()
    for place in data.draw(st.sets(st.integers(0, seen - 1), max_size=5)):
        rewritten.iloc[place] = float(
            data.draw(st.integers(0, 2) if condition == "changes_state" else st.integers(1, 40))
        )
    dropped = data.draw(st.sets(st.integers(0, seen - 1), max_size=seen - 1))
    rewritten = rewritten.drop(rewritten.index[sorted(dropped)])
    outcome = run([("a", rule, state)], x=rewritten)
    last = values.index[seen - 1].date()
    assert all(fire.day > last for fire in outcome.fires)
    assert all(fire.value == values[pd.Timestamp(fire.day)] for fire in outcome.fires)
    again = run([("a", rule, after(outcome, "a", state))], x=values)
    assert again.fires == ()


@pytest.mark.parametrize(
    ("fires", "last", "month", "count"),
    [
        ([], NEVER, 0, 0),
        ([date(2026, 7, 3)], date(2026, 7, 3).toordinal(), 2026 * 12 + 6, 1),
        ([date(2026, 8, 3), date(2026, 7, 3), date(2026, 8, 21)], date(2026, 8, 21).toordinal(), 2026 * 12 + 7, 2),
    ],
)
def test_a_state_remembers_the_fires_it_is_told(fires: list[date], last: int, month: int, count: int) -> None:
    state = State(armed=True, run=1, last=5, month=9, count=9).remembering(date(2026, 9, 1), fires)
    assert (state.last, state.month, state.count) == (last, month, count)
    assert (state.armed, state.run, state.through) == (True, 1, date(2026, 9, 1).toordinal())


def test_many_rules_share_one_look_at_the_series() -> None:
    """A thousand rules of one indicator ask for its value once, and each gets its own answer."""
    values = series([float(n) for n in range(40)])
    rows = [(str(n), ABOVE.model_copy(update={"threshold": float(n)}), State()) for n in range(1000)]
    fires = run(rows, x=values).fires
    assert {fire.rule_id for fire in fires} == {str(n) for n in range(39)}
    assert all(np.isclose(fire.value, float(fire.rule_id) + 1) for fire in fires)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("xyz"), rules("above")), max_size=30))
def test_packed_rules_are_laid_out_as_they_were(drawn: list[tuple[str, Rule]]) -> None:
    """What a worker lays out are the numbers of each rule and state, in the order in which they were packed."""
    listed = [
        stored_of(str(n), rule.model_copy(update={"indicator": name}), State(through=n, last=-n))
        for n, (name, rule) in enumerate(sorted(drawn, key=lambda pair: pair[0]))
    ]
    laid = columns(packed(listed))
    assert laid.ids == tuple(one.id for one in listed)
    assert len(laid) == len(listed)
    for place, one in enumerate(listed):
        assert [float(column[place]) for column in laid.rules.values()] == json.loads(one.numbers)
        assert tuple(int(column[place]) for column in laid.states.values()) == one.state
    for place, name in enumerate(laid.indicators):
        assert {one.indicator for one in listed[laid.of_indicator(place)]} == {name}


def test_views_are_the_same_memory_and_copies_are_not() -> None:
    laid = columns(packed([stored_of("a", ABOVE, State())]))
    cut(laid.states, slice(None), copied=True)["run"][0] = 7
    assert laid.states["run"][0] == 0
    cut(laid.states, slice(None))["run"][0] = 7
    assert laid.states["run"][0] == 7
