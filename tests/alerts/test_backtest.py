from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.alerts import catalogue
from bot.alerts.backtest import USUAL_BUDGET, backtest, months_of, on_sessions, spreads_ahead
from bot.alerts.rule import Rule
from bot.market.dataset import Dataset
from tests.alerts.strategies import rules, series, walks


def known(indicator_id: str, dataset: Dataset) -> "pd.Series[float]":
    found = catalogue.series(catalogue.find(indicator_id, dataset), dataset)
    assert found is not None
    return found


def test_record_closes_after_a_long_wait_are_the_recorded_ones(sample: Dataset) -> None:
    """18 September 2025 was the first record close in 1,410 days; December's was the sixth of the year."""
    rule = Rule(indicator="price.close.IWM", condition="new_high", cooldown_days=365)
    done = backtest(rule, known("price.close.IWM", sample), spreads_ahead(sample))
    days = [day for day, _value in done.fires]
    assert date(2025, 9, 18) in days
    assert done.first == date(2000, 5, 26)
    assert done.last == sample.as_of
    values = dict(done.fires)
    closes = sample.closes("IWM")
    assert all(closes[: pd.Timestamp(day)].max() == values[day] for day in days)


def test_what_followed_is_small_minus_large_in_points(sample: Dataset) -> None:
    rule = Rule(indicator="rotation.regime", condition="changes_state", state=2)
    done = backtest(rule, known("rotation.regime", sample), spreads_ahead(sample))
    small, large = sample.total_return("IWM"), sample.total_return("SPY")
    large = large.reindex(small.index)
    for followed in done.followed:
        gains = []
        for day in done.kept:
            start = small.index.get_loc(day)
            end = start + followed.horizon
            if end < len(small):
                gains.append(small.iloc[end] / small.iloc[start] - large.iloc[end] / large.iloc[start])
        assert followed.events == len(gains)
        assert followed.median == pytest.approx(float(np.median(gains)))
        assert followed.share_positive == pytest.approx(float(np.mean([gain > 0 for gain in gains])))
        assert followed.base > 6000


def test_events_are_kept_apart(sample: Dataset) -> None:
    rule = Rule(indicator="highs.drawdown", condition="above", threshold=-0.0001)
    done = backtest(rule, known("highs.drawdown", sample), spreads_ahead(sample))
    places = sample.total_return("IWM").index.get_indexer(done.kept)
    assert len(done.kept) < len(done.fires)
    assert (np.diff(places) > 21).all()


def test_days_before_the_funds_existed_are_no_events(sample: Dataset) -> None:
    rule = Rule(indicator="rates.yield_2y", condition="changes_by", direction="down", threshold=0.005, within=63)
    done = backtest(rule, known("rates.yield_2y", sample), spreads_ahead(sample))
    assert done.first.year == 1990
    assert any(day.year < 2000 for day, _value in done.fires)
    assert done.kept[0] >= sample.total_return("IWM").index[0]


def test_a_day_without_session_counts_on_the_next_one() -> None:
    sessions = pd.DatetimeIndex(["2026-07-23", "2026-07-24", "2026-07-27"])
    days = pd.DatetimeIndex(["2026-07-01", "2026-07-24", "2026-07-25", "2026-07-26", "2026-07-28"])
    assert list(on_sessions(days, sessions)) == [pd.Timestamp("2026-07-24"), pd.Timestamp("2026-07-27")]


def test_too_busy_a_rule_is_pointed_out_with_what_would_calm_it(sample: Dataset) -> None:
    rule = Rule(indicator="rotation.spread.6m", condition="crosses_above", threshold=0.0)
    values = known("rotation.spread.6m", sample)
    busy = backtest(rule, values, {}).busy
    assert busy is not None
    assert busy.budget == USUAL_BUDGET
    assert busy.most == max(months_of(rule, values).values()) > USUAL_BUDGET
    assert len(busy.suggestions) == 2
    confirmed, cooled = (one.rule for one in busy.suggestions)
    assert confirmed.confirmation > 1
    assert confirmed.cooldown_days == 0
    assert cooled.cooldown_days > 0
    assert cooled.confirmation == 1
    for suggestion in busy.suggestions:
        months = months_of(suggestion.rule, values)
        assert max(months.values()) <= USUAL_BUDGET
        assert suggestion.fires == sum(months.values())


@settings(deadline=None, max_examples=40)
@given(rules("above"), walks(least=5))
def test_suggestions_always_keep_within_the_budget(rule: Rule, values: "pd.Series[float]") -> None:
    busy = backtest(rule, values, {}).busy
    budget = rule.monthly_budget or USUAL_BUDGET
    over = [count for count in months_of(rule, values).values() if count > budget]
    assert (busy is None) == (not over)
    for suggestion in busy.suggestions if busy else ():
        assert max(months_of(suggestion.rule, values).values()) <= budget


@settings(deadline=None, max_examples=30)
@given(st.data())
def test_no_backtest_knows_more_fires_than_observations(data: st.DataObject) -> None:
    rule, values = data.draw(rules("changes_by")), data.draw(walks(least=1))
    done = backtest(rule, values, {})
    assert len(done.fires) + done.held_back <= done.observations == len(values)
    assert done.per_year <= done.observations


def test_little_history_does_not_make_a_rule_look_busy_or_rare() -> None:
    done = backtest(Rule(indicator="x", condition="above", threshold=10), series([9, 11, 9, 11]), {})
    assert done.years < 0.02
    assert done.short
    assert done.per_year == 2.0
    never = backtest(Rule(indicator="x", condition="above", threshold=20), series([9, 11, 9, 11]), {})
    assert (len(never.fires), never.per_year) == (0, 1)  # ranked as if it were an ordinary one
    assert done.holds_now
    assert done.followed == ()
