"""Every indicator of the catalogue can be watched: a rule of each condition on each, from words to picture.

One member of each family stands for the others, which differ in their symbols alone.
"""

from collections.abc import Iterator
from datetime import date
from typing import get_args

import numpy as np
import pandas as pd
import pytest

from bot.alerts import catalogue
from bot.alerts.asked import conditions_for, rule_asked
from bot.alerts.backtest import backtest
from bot.alerts.evaluate import Current, begun, evaluate
from bot.alerts.machine import columns
from bot.alerts.replay import replay
from bot.alerts.rule import Condition, Rule, Watched
from bot.alerts.sentence import condition_words, inside, reading, sentence
from bot.alerts.stored import packed
from bot.alerts.threshold import change_text, level_text
from bot.charts.theme import DARK
from bot.discord_ui.alert_forms import written_value
from bot.features.alert.chart import draw
from bot.features.alert.report import build
from bot.features.alert.request import AlertRequest
from bot.market.dataset import Dataset
from bot.report import Cadence, Unit
from tests.alerts.oracle import holds
from tests.alerts.strategies import stored_of
from tests.alerts.test_catalogue import one_of_each
from tests.charts.legibility import titled
from tests.community.examples import alert

DAY = date(2026, 7, 31)
Known = tuple[Watched, "pd.Series[float]"]


@pytest.fixture(scope="module")
def known(sample: Dataset) -> list[Known]:
    """Every kind of indicator that has values, with them."""
    found = [(catalogue.watched(one, sample), catalogue.series(one, sample)) for one in one_of_each(sample)]
    return [(watched, values) for watched, values in found if values is not None]


def asked(watched: Watched, values: "pd.Series[float]") -> Iterator[tuple[Condition, str, str, Rule]]:
    """Ask for a rule of each condition as a person would: typed, about where the indicator has been."""
    level = level_text(float(values.median()), watched.unit)
    moves = (values - values.shift(3)).dropna().abs()
    move = float(moves.quantile(0.8)) if len(moves) else 0.01
    words: dict[Condition, tuple[str, str]] = {
        **dict.fromkeys(("above", "below", "crosses_above", "crosses_below"), (level, "")),
        "new_high": ("", "3"),
        "new_low": ("", "ever"),
        "changes_by": (change_text(max(move, 0.01), watched.unit, "down", relative=False), "3"),
        "enters_band": ("0-10", ""),
        "changes_state": (watched.states[0] if watched.states else "", ""),
    }
    for condition in conditions_for(watched):
        value, within = words[condition]
        yield condition, value, within, rule_asked(watched, condition, value, within)


def in_turn(known: list[Known]) -> Iterator[tuple[Watched, "pd.Series[float]", Rule]]:
    """A rule on each indicator, its condition the next one that fits."""
    for place, (watched, values) in enumerate(known):
        rules = [rule for *_words, rule in asked(watched, values)]
        yield watched, values, rules[place % len(rules)]


def test_each_says_what_it_is(known: list[Known]) -> None:
    assert len(known) > 60
    for watched, values in known:
        assert watched.unit in get_args(Unit)
        assert watched.cadence in get_args(Cadence)
        assert watched.source.strip(), watched.id
        assert watched.title.strip(), watched.id
        assert watched.group, watched.id
        assert (watched.first, watched.last) == (values.index[0].date(), values.index[-1].date())
        assert reading(float(values.iloc[-1]), watched).strip("–"), watched.id


def test_each_condition_is_read_back_and_typed_again_as_the_same_rule(known: list[Known]) -> None:
    for watched, values in known:
        for condition, _value, within, rule in asked(watched, values):
            assert sentence(rule, watched) == f"Fires when {said_within(rule, watched)}.", watched.id
            again = rule_asked(watched, condition, written_value(alert(rule=rule), watched), within)
            assert again == rule, (watched.id, condition)


def said_within(rule: Rule, watched: Watched) -> str:
    words = condition_words(rule, watched)
    assert words.startswith(watched.title)
    return inside(watched.title) + words.removeprefix(watched.title)


def test_each_is_backtested_and_its_fires_are_so(known: list[Known]) -> None:
    """The last fires of each rule, looked at by the slow oracle that is written from the words."""
    fired: set[Condition] = set()
    for watched, values, rule in in_turn(known):
        done = backtest(rule, values, {})
        assert done.observations == len(values)
        for day, value in done.fires[-2:]:
            assert value == values[pd.Timestamp(day)]
            if rule.condition != "changes_state":
                assert holds(rule, values[: pd.Timestamp(day)].tolist()), (watched.id, rule.condition, day)
            fired.add(rule.condition)
    assert len(fired) == 9


def test_each_evaluated_day_by_day_fires_as_its_backtest_says(known: list[Known]) -> None:
    """Rules of all indicators at once, begun forty observations ago."""
    rules = {watched.id: (rule, values) for watched, values, rule in in_turn(known)}
    stored = [stored_of(name, rule, begun(rule, values.iloc[:-40])) for name, (rule, values) in rules.items()]
    current = {watched.id: Current(values, True) for watched, values in known}
    outcome = evaluate(columns(packed(stored)), current)
    live = {(fire.rule_id, fire.day) for fire in outcome.fires}
    expected = {
        (name, values.index[place].date())
        for name, (rule, values) in rules.items()
        for place in replay(rule, values).fires
        if place >= len(values) - 40 and len(values) > 40
    }
    young = {name for name, (_rule, values) in rules.items() if len(values) <= 40}
    assert {pair for pair in live if pair[0] not in young} == expected
    assert len(expected) > 20
    assert not outcome.stale
    assert not outcome.missing


def test_stale_or_missing_none_of_them_fires(known: list[Known]) -> None:
    rules = [rule for watched, values in known for *_words, rule in asked(watched, values)]
    stored = columns(
        packed(stored_of(str(n), rule, begun(rule, pd.Series(dtype=float))) for n, rule in enumerate(rules))
    )
    names = {watched.id for watched, _values in known}
    outcome = evaluate(stored, {watched.id: Current(values, False) for watched, values in known})
    assert (outcome.fires, outcome.moved, set(outcome.stale)) == ((), (), names)
    outcome = evaluate(stored, {})
    assert (outcome.fires, outcome.moved, set(outcome.missing)) == ((), (), names)


def test_each_is_drawn_with_its_fires(sample: Dataset, known: list[Known]) -> None:
    """A picture of each kind of number, the conditions in turn, of long and of short history."""
    drawn: set[tuple[str, Condition, bool]] = set()
    for watched, values, rule in in_turn(known):
        kind = ("states" if watched.states else watched.unit, rule.condition, len(values) < 60)
        if kind in drawn:
            continue
        drawn.add(kind)
        report = build(AlertRequest.of(rule, as_of=DAY), sample)
        picture = report.charts[0].data
        assert titled(draw(picture, DARK)) == watched.title
        shown = {pd.Timestamp(picture.dates[place]).date() for place in picture.fires}
        listed = {row[0] for row in report.table("fires").rows}
        assert shown == {day for day in listed if day >= pd.Timestamp(picture.dates[0]).date()}, watched.id
        assert np.isfinite(picture.values).all()
    assert len(drawn) > 20
