import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.analytics.position import close_range, days_to_exit, position_size, true_range, wilder_average

prices = st.floats(1, 1000)


def series(values: list[float]) -> pd.Series:
    return pd.Series(values, index=pd.bdate_range("2026-01-01", periods=len(values)), dtype=float)


def test_the_true_range_reaches_over_gaps() -> None:
    ranges = true_range(series([10, 15, 12]), series([9, 14, 8]), series([9.5, 14.5, 8.5]))
    assert ranges.tolist() == [1, 5.5, 6.5]  # 10-9, 15-9.5, 14.5-8


@given(st.lists(st.tuples(prices, prices, prices), min_size=1, max_size=40))
def test_the_true_range_is_at_least_the_days_range(days: list[tuple[float, float, float]]) -> None:
    high, low = series([max(d) for d in days]), series([min(d) for d in days])
    ranges = true_range(high, low, series([d[0] for d in days]))
    assert (ranges >= high - low).all()


def test_closes_alone_give_their_distances() -> None:
    assert close_range(series([10, 12, 11.5])).tolist() == [2, 0.5]
    assert close_range(series([10])).empty


class TestWilder:
    def test_the_first_average_is_the_plain_mean(self) -> None:
        assert wilder_average(series(list(range(1, 15)))).tolist() == [7.5]

    def test_then_one_fourteenth_of_the_new_range_enters(self) -> None:
        averages = wilder_average(series([*range(1, 15), 21.5, 7.5]))
        assert averages.tolist() == pytest.approx([7.5, 8.5, (8.5 * 13 + 7.5) / 14])

    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.floats(0, 100), min_size=14, max_size=80))
    def test_it_is_an_exponential_mean_started_with_the_plain_one(self, ranges: list[float]) -> None:
        started = pd.Series([np.mean(ranges[:14]), *ranges[14:]])
        expected = started.ewm(alpha=1 / 14, adjust=False).mean()
        np.testing.assert_allclose(wilder_average(series(ranges)).to_numpy(), expected.to_numpy(), atol=1e-9)

    def test_thirteen_sessions_have_none(self) -> None:
        assert wilder_average(series([1.0] * 13)).empty

    def test_a_flat_price_has_no_range(self) -> None:
        flat = series([50.0] * 20)
        assert wilder_average(true_range(flat, flat, flat)).iloc[-1] == 0


class TestSize:
    def test_a_worked_example(self) -> None:
        """1% of 25,000 is 250; two ranges of 3.10 are 6.20 a share: 40 shares risk 248 and cost 11,648."""
        size = position_size(25_000, 0.01, 2, 291.20, 3.10)
        assert size is not None
        assert (size.shares, size.stop, size.risk_usd, size.value_usd) == (
            40, pytest.approx(285.0), pytest.approx(248.0), pytest.approx(11_648.0)
        )  # fmt: skip

    def test_never_more_than_the_money_there_is(self) -> None:
        size = position_size(1_000, 0.5, 1, 300.0, 0.5)
        assert size is not None
        assert size.shares == 3

    def test_too_small_an_account_buys_nothing(self) -> None:
        size = position_size(100, 0.01, 2, 291.20, 3.10)
        assert size is not None
        assert (size.shares, size.risk_usd) == (0, 0)

    @pytest.mark.parametrize("atr", [0.0, float("nan"), 50.0, 80.0])
    def test_a_stop_that_says_nothing(self, atr: float) -> None:
        assert position_size(10_000, 0.01, 2, 100.0, atr) is None

    @given(st.floats(100, 1e7), st.floats(0.001, 0.1), st.floats(0.5, 5), prices, st.floats(0.001, 0.19))
    def test_the_risk_is_never_above_what_was_allowed(
        self, equity: float, risk: float, multiple: float, price: float, part: float
    ) -> None:
        size = position_size(equity, risk, multiple, price, price * part)
        assert size is not None
        assert size.risk_usd <= equity * risk * (1 + 1e-6)
        assert size.value_usd <= equity * (1 + 1e-6)
        assert 0 < size.stop < price


def test_days_to_exit_at_a_tenth_of_the_volume() -> None:
    assert days_to_exit(40_000, 100_000) == pytest.approx(4)
    assert days_to_exit(10, 0) is None
    assert days_to_exit(10, float("nan")) is None
