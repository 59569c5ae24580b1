"""The relative level and the multiples of baskets, by hand, as laws and where nothing is defined."""

import math
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analytics import valuation

NAN = math.nan
DAYS = pd.bdate_range("2024-01-01", periods=5)


def closes(*values: float) -> "pd.Series[float]":
    return pd.Series(list(values), index=DAYS[: len(values)], dtype=float)


def test_the_relative_level_and_its_place() -> None:
    found = valuation.relative(closes(10, 30, 8, 12, 12), closes(10, 10, 10, 10, 10))
    assert (found.level, found.sessions, found.median) == (1.2, 5, 1.2)
    assert found.percentile == pytest.approx(4 / 5)  # 1.0, 0.8, 1.2 and 1.2 itself
    assert (found.low, found.low_day) == (0.8, date(2024, 1, 3))
    assert (found.peak, found.peak_day) == (3.0, date(2024, 1, 2))


def test_only_common_sessions_count() -> None:
    found = valuation.relative(closes(10, 30, 8), closes(10, 10, 10, 10).iloc[1:])
    assert found.sessions == 2
    assert found.level == 0.8


def test_a_flat_ratio_is_its_own_low_peak_and_median() -> None:
    found = valuation.relative(closes(5, 5, 5), closes(10, 10, 10))
    assert (found.level, found.percentile, found.low_day, found.peak_day) == (0.5, 1.0, DAYS[0].date(), DAYS[0].date())


def test_one_session_is_a_history_of_one() -> None:
    assert valuation.relative(closes(5), closes(10)).percentile == 1.0


def test_no_common_session_is_an_error() -> None:
    with pytest.raises(ValueError, match="no common session"):
        valuation.relative(closes(1, 2), closes(1, 2, 3).iloc[2:])


prices = st.lists(st.floats(0.5, 500), min_size=5, max_size=5)


@given(prices, prices, st.floats(0.1, 10))
def test_scaling_both_prices_leaves_the_level_alone(small: list[float], large: list[float], factor: float) -> None:
    one = valuation.relative(closes(*small), closes(*large))
    both = valuation.relative(closes(*small) * factor, closes(*large) * factor)
    assert both.level == pytest.approx(one.level)
    assert one.low <= one.level <= one.peak


def facts(**columns: list[float]) -> pd.DataFrame:
    base = {"market_cap": [100.0, 100.0], "price_to_sales": [2.0, 0.5], "net_margin": [0.1, -0.1]}
    return pd.DataFrame(base | columns, index=["A", "B"])


def test_trailing_earnings_are_margin_times_sales() -> None:
    assert valuation.trailing_earnings(facts()).tolist() == pytest.approx([5.0, -20.0])


@pytest.mark.parametrize(
    ("margin", "to_sales", "why"),
    [
        (NAN, 2.0, "a blank margin"),
        (0.0, NAN, "no revenue: the margin of 0.0 is a placeholder"),
        (0.1, NAN, "sales are not known"),
        (0.1, 0.0, "sales are not known"),
        (0.3, 0.2, "earnings of 1.5 times the market cap: another currency"),
        (-0.3, 0.2, "a loss of 1.5 times the market cap"),
    ],
)
def test_trailing_earnings_that_are_not_known(margin: float, to_sales: float, why: str) -> None:
    frame = facts(net_margin=[0.1, margin], price_to_sales=[2.0, to_sales])
    assert valuation.trailing_earnings(frame).tolist() == pytest.approx([5.0, NAN], nan_ok=True), why


def test_a_margin_of_zero_with_revenue_breaks_even() -> None:
    assert valuation.trailing_earnings(facts(net_margin=[0.0, 0.0])).tolist() == [0.0, 0.0]


def basket(earnings: list[float], cap: list[float] | None = None) -> valuation.PriceEarnings:
    caps = pd.Series(cap or [100.0] * len(earnings))
    return valuation.price_earnings(caps, pd.Series(earnings, dtype=float), pd.Series([1.0] * len(earnings)))


def test_price_earnings_both_ways() -> None:
    found = basket([10, 10, -15])
    assert found.all == pytest.approx(300 / 5)
    assert found.profitable == pytest.approx(200 / 20)
    assert found.profitable_members == 2


def test_a_basket_that_loses_money_has_no_multiple() -> None:
    found = basket([10, -30])
    assert math.isnan(found.all)
    assert found.profitable == pytest.approx(10.0)


def test_all_losers_one_member_and_no_member() -> None:
    losers = basket([-1, -2])
    assert math.isnan(losers.all)
    assert math.isnan(losers.profitable)
    assert basket([4]).all == basket([4]).profitable == pytest.approx(25.0)
    assert math.isnan(basket([]).profitable_weight)


def test_earnings_of_zero_are_neither_gain_nor_loss() -> None:
    found = basket([0, 10])
    assert found.profitable_members == 1
    assert found.all == pytest.approx(20.0)


def test_a_member_without_a_cap_or_earnings_drops_out() -> None:
    found = basket([10, NAN, 10], cap=[100.0, 100.0, NAN])
    assert found.all == pytest.approx(10.0)
    assert (found.coverage.matched, found.coverage.members) == (1, 3)
    assert found.coverage.weight == pytest.approx(1 / 3)


@given(st.lists(st.tuples(st.floats(1, 1e6), st.floats(-1e5, 1e5)), min_size=1, max_size=30))
def test_losers_make_a_basket_dearer_never_cheaper(rows: list[tuple[float, float]]) -> None:
    found = valuation.price_earnings(
        pd.Series([cap for cap, _ in rows]), pd.Series([e for _, e in rows]), pd.Series([1.0] * len(rows))
    )
    if not math.isnan(found.all):
        assert found.all >= found.profitable * (1 - 1e-9)


def test_other_multiples_are_sums_over_sums() -> None:
    value, base, weight = pd.Series([100.0, 50.0, 70.0]), pd.Series([50.0, -10.0, NAN]), pd.Series([1.0, 1.0, 2.0])
    found = valuation.sum_multiple(value, base, weight)
    assert found.value == pytest.approx(150 / 40)
    assert (found.coverage.matched, found.coverage.weight) == (2, pytest.approx(0.5))
    assert math.isnan(valuation.sum_multiple(value, -base.abs(), weight).value)


def test_the_median_multiple_is_of_members_that_earn() -> None:
    value, base = pd.Series([100.0, 60.0, 10.0, -5.0]), pd.Series([10.0, 2.0, -3.0, 5.0])
    found = valuation.median_multiple(value, base, pd.Series([1.0] * 4))
    assert found.value == pytest.approx(20.0)  # of 10 and 30
    assert found.coverage.matched == 2


@pytest.mark.parametrize(
    ("small", "large", "expected"),
    [(15.6, 20.0, 0.22), (23.0, 20.0, -0.15), (20.0, 20.0, 0.0), (NAN, 20.0, NAN), (15.0, NAN, NAN)],
)
def test_the_discount(small: float, large: float, expected: float) -> None:
    assert valuation.discount(small, large) == pytest.approx(expected, nan_ok=True)


def test_sales_of_companies_without_revenue_are_missing() -> None:
    assert valuation.sales(facts(price_to_sales=[4.0, NAN])).tolist() == pytest.approx([25.0, NAN], nan_ok=True)
