"""Sums, coverage, percentiles and the equal-weight basket, against hand-made frames and a second way to compute."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analytics import aggregates

NAN = math.nan
numbers = st.floats(-1e6, 1e6, allow_nan=False)


def series(*values: float) -> "pd.Series[float]":
    return pd.Series(list(values), index=list("abcdefghij")[: len(values)], dtype=float)


def test_coverage_counts_members_and_weighs_them() -> None:
    found = aggregates.coverage(pd.Series({"a": True, "b": False, "c": True}), series(0.5, 0.3, 0.1))
    assert (found.matched, found.members) == (2, 3)
    assert found.weight == pytest.approx(0.6 / 0.9)


def test_coverage_without_weights_knows_no_weight() -> None:
    found = aggregates.coverage(pd.Series([True]), pd.Series([0.0]))
    assert found.matched == 1
    assert math.isnan(found.weight)


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [(1.0, 4.0, 0.25), (-1.0, 4.0, -0.25), (1.0, 0.0, NAN), (1.0, -4.0, NAN), (NAN, 4.0, NAN), (1.0, NAN, NAN)],
)
def test_a_ratio_needs_a_denominator_above_zero(numerator: float, denominator: float, expected: float) -> None:
    assert aggregates.ratio(numerator, denominator) == pytest.approx(expected, nan_ok=True)


def test_a_weighted_mean_leaves_out_what_is_missing() -> None:
    assert aggregates.weighted_mean(series(1, 2, NAN, 4), series(1, 3, 100, NAN)) == pytest.approx(7 / 4)
    assert math.isnan(aggregates.weighted_mean(series(NAN), series(1)))


def test_plain_statistics_of_nothing_are_not_known() -> None:
    nothing = pd.Series([NAN, NAN])
    assert math.isnan(aggregates.median(nothing))
    assert math.isnan(aggregates.mean(nothing))
    assert math.isnan(aggregates.share(pd.Series(dtype=bool)))
    assert math.isnan(aggregates.percentile(nothing, 1.0))


def test_statistics_of_a_few() -> None:
    values = series(1, NAN, 3, 10)
    assert aggregates.median(values) == 3
    assert aggregates.mean(values) == pytest.approx(14 / 3)
    assert aggregates.share(values > 2) == 0.5


@given(st.lists(numbers, min_size=1, max_size=60))
def test_the_percentile_counts_today_itself(history: list[float]) -> None:
    last = history[-1]
    expected = sum(value <= last for value in history) / len(history)
    found = aggregates.percentile(pd.Series(history), last)
    assert found == pytest.approx(expected)
    assert 1 / len(history) <= found + 1e-12 <= 1 + 1e-9


def test_an_exchange_rate_is_a_factor_that_companies_share() -> None:
    dollars = pd.Series({"BR1": 2.0, "BR2": 0.37, "CA": 1.0, "REIT": 0.02, "SAME": 3.0, "NEAR": 2.0, "LOSS": -1.0})
    factor = pd.Series(
        {"BR1": 5.1777, "BR2": 5.1777, "CA": 1.4209, "REIT": 18.6, "SAME": 1.0, "NEAR": 1.01, "LOSS": -2}
    )
    found = aggregates.foreign_accounts(dollars * factor, dollars)
    assert sorted(found) == ["BR1", "BR2"]  # the Canadian rate stands alone and proves nothing


def test_an_exchange_rate_holds_for_losses_too() -> None:
    dollars = pd.Series({"A": -0.5, "B": 2.5, "C": NAN, "D": 0.0})
    assert sorted(aggregates.foreign_accounts(dollars * 1.42, dollars)) == ["A", "B"]


def test_no_estimates_no_foreigners() -> None:
    empty = pd.Series(dtype=float)
    assert list(aggregates.foreign_accounts(empty, empty)) == []


def replayed(levels: pd.DataFrame) -> list[float]:
    """Walk through the sessions with real holdings, selling and buying at each month's last close."""
    units = 1.0 / len(levels.columns) / levels.iloc[0]
    worth = []
    for number, (day, row) in enumerate(levels.iterrows()):
        value = float((units * row).sum())
        worth.append(value)
        follows = levels.index[number + 1] if number + 1 < len(levels) else None
        if follows is not None and follows.month != day.month:
            units = value / len(levels.columns) / row
    return worth


@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.integers(1, 120))
def test_the_equal_weight_basket_is_what_holding_it_would_have_made(seed: int, members: int, sessions: int) -> None:
    rng = np.random.default_rng(seed)
    days = pd.bdate_range("2024-01-15", periods=sessions)
    levels = pd.DataFrame(100 * np.exp(rng.normal(0, 0.02, (sessions, members)).cumsum(axis=0)), index=days)
    found = aggregates.monthly_equal_weight(levels)
    assert found.to_numpy() == pytest.approx(replayed(levels), rel=1e-9)


def test_the_basket_starts_where_all_members_have_a_price() -> None:
    days = pd.bdate_range("2024-01-01", periods=3)
    levels = pd.DataFrame({"a": [1.0, 2.0, 4.0], "b": [NAN, 5.0, 5.0]}, index=days)
    found = aggregates.monthly_equal_weight(levels)
    assert list(found.index) == list(days[1:])
    assert found.tolist() == [1.0, 1.5]


def test_a_basket_of_nothing() -> None:
    assert aggregates.monthly_equal_weight(
        pd.DataFrame({"a": [NAN]}, index=pd.bdate_range("2024-01-01", periods=1))
    ).empty
