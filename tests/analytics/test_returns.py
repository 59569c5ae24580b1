import itertools
import math
import statistics
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analytics import returns

levels = st.lists(st.floats(0.5, 500), min_size=3, max_size=60)
paired = st.lists(st.tuples(st.floats(0.5, 500), st.floats(0.5, 500)), min_size=4, max_size=60)


def series(
    values: "list[float] | np.ndarray[tuple[int], np.dtype[np.float64]]", start: str = "2020-01-01"
) -> "pd.Series[float]":
    return pd.Series(list(values), index=pd.bdate_range(start, periods=len(values)), dtype=float)


def walk(sessions: int, seed: int = 3, start: str = "2015-01-01") -> "pd.Series[float]":
    steps = np.random.default_rng(seed).normal(0.0004, 0.012, sessions)
    return series(100 * np.cumprod(1 + steps), start)


def daily(index: "pd.Series[float]") -> list[float]:
    values = index.tolist()
    return [b / a - 1 for a, b in itertools.pairwise(values)]


@pytest.mark.parametrize(
    ("day", "position"),
    [
        (date(2019, 12, 31), -1),
        (date(2020, 1, 1), 0),
        (date(2020, 1, 4), 2),
        (date(2020, 1, 5), 2),
        (date(2030, 1, 1), 4),
    ],
)
def test_the_last_session_at_or_before_a_day(day: date, position: int) -> None:
    index = pd.DatetimeIndex(series([1.0] * 5).index)  # Wednesday 1 January to Tuesday 7 January
    assert returns.position_on_or_before(index, day) == position


def test_common_sessions_are_those_of_both_without_gaps() -> None:
    first = series([1, 2, np.nan, 4, 5])
    second = series([10, 20, 30, 40, 50], "2020-01-02")
    small, large = returns.common(first, second)
    assert small.tolist() == [2, 4, 5]
    assert large.tolist() == [10, 30, 40]
    assert small.index.equals(large.index)


@given(levels, st.floats(0.01, 100))
def test_scaling_prices_leaves_returns_alone(values: list[float], factor: float) -> None:
    index, scaled = series(values), series([v * factor for v in values])
    assert returns.total_return(index) == pytest.approx(returns.total_return(scaled), abs=1e-9)
    assert returns.volatility(index) == pytest.approx(returns.volatility(scaled), abs=1e-9)
    np.testing.assert_allclose(returns.drawdown(index), returns.drawdown(scaled), atol=1e-12)
    np.testing.assert_allclose(returns.rebased(index), returns.rebased(scaled), rtol=1e-9)


@given(levels)
def test_returns_of_parts_multiply_to_the_whole(values: list[float]) -> None:
    index = series(values)
    middle = len(values) // 2
    parts = (1 + returns.total_return(index.iloc[: middle + 1])) * (1 + returns.total_return(index.iloc[middle:]))
    assert parts == pytest.approx(1 + returns.total_return(index))


def test_a_return_needs_a_session() -> None:
    assert returns.total_return(series([5])) == 0
    with pytest.raises(ValueError, match="at least one"):
        returns.total_return(series([]))


@given(st.floats(-0.9, 20), st.integers(366, 12_000))
def test_annualised_returns_compound_back(total: float, days: int) -> None:
    start = date(2000, 1, 1)
    end = date.fromordinal(start.toordinal() + days)
    yearly = returns.annualised(total, start, end)
    assert yearly is not None
    assert (1 + yearly) ** (days / 365.25) == pytest.approx(1 + total)


def test_up_to_a_year_nothing_is_annualised() -> None:
    assert returns.annualised(0.2, date(2025, 1, 1), date(2026, 1, 1)) is None
    assert returns.annualised(0.2, date(2025, 1, 1), date(2026, 1, 2)) is not None
    assert returns.annualised(-1.0, date(2020, 1, 1), date(2026, 1, 2)) is None


@given(levels)
def test_drawdown_is_never_positive_and_nothing_at_a_high(values: list[float]) -> None:
    found = returns.drawdown(series(values))
    highest = 0.0
    for value, depth in zip(values, found, strict=True):
        highest = max(highest, value)
        assert depth <= 0
        assert depth == pytest.approx(value / highest - 1)


def test_calendar_years_by_hand() -> None:
    days = pd.to_datetime(["2021-11-05", "2021-12-31", "2022-06-30", "2022-12-30", "2023-12-29", "2024-02-01"])
    index = pd.Series([90.0, 100.0, 50.0, 80.0, 120.0, 90.0], index=days)
    found = returns.calendar_year_returns(index)
    assert found.index.tolist() == [2022, 2023, 2024]
    assert found.tolist() == pytest.approx([-0.2, 0.5, -0.25])


def test_a_year_without_the_session_before_it_is_left_out() -> None:
    index = pd.Series([1.0, 2.0, 3.0], index=pd.to_datetime(["2020-12-31", "2022-12-30", "2023-12-29"]))
    assert returns.calendar_year_returns(index).index.tolist() == [2023]


@given(st.integers(0, 500))
def test_calendar_years_multiply_to_the_whole(seed: int) -> None:
    index = walk(900, seed)
    years = returns.calendar_year_returns(index)
    first_end = index[index.index.year == years.index[0] - 1].iloc[-1]
    assert np.prod(1 + years.to_numpy()) == pytest.approx(index.iloc[-1] / first_end)


@pytest.mark.parametrize("months", [1, 3, 6, 12])
def test_rolling_returns_agree_with_one_window_at_a_time(months: int) -> None:
    index = walk(700)
    found = returns.rolling_return(index, months)
    for day in (index.index[-1], index.index[-100], index.index[400]):
        year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
        last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - date.resolution).day
        start = date(year, month + 1, min(day.day, last))
        before = index[index.index <= pd.Timestamp(start)].iloc[-1]
        assert found[day] == pytest.approx(index[day] / before - 1)
    assert found.index[0] >= index.index[0] + pd.DateOffset(months=months)


def test_year_to_date_starts_at_the_last_session_of_the_year_before() -> None:
    index = walk(700)
    found = returns.year_to_date(index)
    assert found.index[0].year == index.index[0].year + 1
    for day in (found.index[0], found.index[50], found.index[-1]):
        before = index[index.index.year == day.year - 1].iloc[-1]
        assert found[day] == pytest.approx(index[day] / before - 1)


@given(st.integers(0, 500), st.integers(3, 300))
def test_volatility_agrees_with_the_statistics_module(seed: int, sessions: int) -> None:
    index = walk(sessions, seed)
    logs = [math.log(1 + r) for r in daily(index)]
    assert returns.volatility(index) == pytest.approx(statistics.stdev(logs) * math.sqrt(252))


def test_two_sessions_have_no_volatility() -> None:
    assert returns.volatility(series([1, 2])) is None
    assert returns.volatility(series([2, 2, 2])) == 0


@given(st.integers(0, 200))
def test_sharpe_and_sortino_by_their_formulas(seed: int) -> None:
    index = walk(300, seed)
    rates = [0.02 if day.month < 7 else 0.05 for day in index.index]
    bill = pd.Series(rates, index=index.index)
    excess = [r - rate / 252 for r, rate in zip(daily(index), rates[1:], strict=True)]
    mean = statistics.fmean(excess) * 252
    downside = math.sqrt(sum(min(e, 0) ** 2 for e in excess) / len(excess))
    assert returns.sharpe(index, bill) == pytest.approx(mean / (statistics.stdev(excess) * math.sqrt(252)))
    assert returns.sortino(index, bill) == pytest.approx(mean / (downside * math.sqrt(252)))


def test_the_bill_is_the_last_one_known() -> None:
    index = walk(60)
    sparse = pd.Series([0.03, 0.05], index=[index.index[0], index.index[40]])
    dense = sparse.reindex(index.index).ffill()
    assert returns.sharpe(index, sparse) == pytest.approx(returns.sharpe(index, dense))
    late = pd.Series([0.04], index=[index.index[30]])
    assert returns.sharpe(index, late) == pytest.approx(returns.sharpe(index.iloc[29:], late))


def test_what_never_moves_has_no_ratio() -> None:
    flat, bill = series([5.0] * 30), pd.Series([0.0], index=pd.to_datetime(["2019-12-31"]))
    assert returns.sharpe(flat, bill) is None
    assert returns.sortino(flat, bill) is None
    assert returns.beta(walk(30, start="2020-01-01"), flat) is None


@given(st.integers(0, 300))
def test_beta_agrees_with_numpys_covariance(seed: int) -> None:
    own, other = walk(200, seed), walk(200, seed + 1000)
    a, b = np.array(daily(own)), np.array(daily(other))
    assert returns.beta(own, other) == pytest.approx(np.cov(a, b)[0, 1] / np.var(b, ddof=1))


def test_beta_of_a_benchmark_to_itself_is_one() -> None:
    index = walk(100)
    assert returns.beta(index, index) == pytest.approx(1)
    assert returns.tracking_error(index, index) == pytest.approx(0, abs=1e-12)


@given(st.integers(0, 300))
def test_tracking_error_agrees_with_the_statistics_module(seed: int) -> None:
    own, other = walk(100, seed), walk(100, seed + 7)
    gaps = [a - b for a, b in zip(daily(own), daily(other), strict=True)]
    assert returns.tracking_error(own, other) == pytest.approx(statistics.stdev(gaps) * math.sqrt(252))


def test_complete_months_only() -> None:
    index = walk(130, start="2020-01-15")
    months = returns.monthly_returns(index)
    assert [str(month) for month in months.index] == ["2020-02", "2020-03", "2020-04", "2020-05", "2020-06"]
    assert str(returns.monthly_returns(index, last_complete=True).index[-1]) == "2020-07"
    ends = index.groupby([index.index.year, index.index.month]).last().tolist()
    assert months.tolist() == pytest.approx([b / a - 1 for a, b in itertools.pairwise(ends[:-1])])


def test_capture_by_hand() -> None:
    months = pd.period_range("2024-01", periods=5, freq="M")
    own = pd.Series([0.02, -0.01, 0.05, 0.03, 0.5], index=months)
    other = pd.Series([0.04, -0.02, 0.01, -0.04, 0.0], index=months)
    up, down = returns.capture(own, other)
    assert up == pytest.approx((math.sqrt(1.02 * 1.05) - 1) / (math.sqrt(1.04 * 1.01) - 1))
    assert down == pytest.approx((math.sqrt(0.99 * 1.03) - 1) / (math.sqrt(0.98 * 0.96) - 1))
    assert returns.capture(own.iloc[:1], other.iloc[:1])[1] is None


@given(st.lists(st.floats(-0.2, 0.2).filter(lambda r: abs(r) > 1e-4), min_size=1, max_size=40))
def test_a_benchmark_captures_all_of_itself(monthly: list[float]) -> None:
    same = pd.Series(monthly, index=pd.period_range("2000-01", periods=len(monthly), freq="M"))
    for side, share in zip((1, -1), returns.capture(same, same), strict=True):
        assert share == (pytest.approx(1) if any(r * side > 0 for r in monthly) else None)


@given(paired)
def test_common_keeps_order_and_values(pairs: list[tuple[float, float]]) -> None:
    first, second = (series(list(side)) for side in zip(*pairs, strict=True))
    small, large = returns.common(first.sample(frac=1, random_state=1).sort_index(), second)
    assert list(zip(small, large, strict=True)) == pairs
