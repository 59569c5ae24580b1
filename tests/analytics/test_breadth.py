"""Participation, profit split, sector mix and relative lines."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analytics import breadth

NAN = math.nan


def members(**columns: list[float]) -> pd.DataFrame:
    base = {
        "price": [10.0, 10.0, 10.0, 10.0],
        "average_50d": [9.0, 10.0, 11.0, NAN],
        "average_200d": [8.0, 9.0, 11.0, NAN],
        "high_52w": [10.0, 10.2, 12.0, NAN],
        "weight": [0.4, 0.3, 0.2, 0.1],
    }
    return pd.DataFrame(base | columns, index=list("ABCD"))


def test_participation_by_hand() -> None:
    found = breadth.participation(members())
    assert found.above_50 == pytest.approx(1 / 3)  # exactly on the average is not above it
    assert found.above_200 == pytest.approx(2 / 3)
    assert found.at_high == pytest.approx(1 / 3)
    assert found.near_high == pytest.approx(2 / 3)  # 10 / 10.2 is 2.0% below
    assert (found.coverage.matched, found.coverage.members) == (3, 4)
    assert found.coverage.weight == pytest.approx(0.9)


def test_no_inputs_no_participation() -> None:
    found = breadth.participation(members(price=[NAN] * 4))
    for value in (found.above_50, found.above_200, found.at_high, found.near_high):
        assert math.isnan(value)
    assert found.coverage.matched == 0


def test_one_member_is_all_or_nothing() -> None:
    found = breadth.participation(members().loc[["A"]])
    assert (found.above_50, found.above_200, found.at_high) == (1.0, 1.0, 1.0)


@given(
    st.lists(st.tuples(st.floats(1, 100), st.floats(1, 100), st.floats(1, 100), st.floats(1, 200)), min_size=1),
    st.floats(0.1, 10),
)
def test_prices_in_another_unit_change_nothing(rows: list[tuple[float, ...]], factor: float) -> None:
    frame = pd.DataFrame(rows, columns=["price", "average_50d", "average_200d", "high_52w"])
    frame = frame[(frame["price"] / frame["high_52w"] - 1).abs() > 1e-9].assign(weight=1.0)
    frame = frame[(frame["price"] / frame["high_52w"] - 0.98).abs() > 1e-9]
    one = breadth.participation(frame)
    scaled = frame.assign(**{c: frame[c] * 2.0 ** round(factor) for c in frame.columns if c != "weight"})
    other = breadth.participation(scaled)
    assert (one.above_50, one.above_200) == pytest.approx((other.above_50, other.above_200), nan_ok=True)
    assert one.near_high >= one.at_high or math.isnan(one.near_high)


def test_returns_by_profit() -> None:
    returns = pd.Series([0.1, 0.3, -0.2, NAN, 0.9, 0.5], index=list("ABCDEF"))
    earned = pd.Series([5.0, 1.0, -1.0, -1.0, 0.0, NAN], index=list("ABCDEF"))
    found = breadth.by_profit(returns, earned)
    assert found.profitable == pytest.approx(0.2)
    assert found.unprofitable == pytest.approx(-0.2)


def test_no_losers_to_compare_with() -> None:
    found = breadth.by_profit(pd.Series([0.1]), pd.Series([1.0]))
    assert math.isnan(found.unprofitable)
    assert found.profitable == 0.1


def test_the_sector_mix_adds_up_and_is_ordered() -> None:
    sector = pd.Series(["Tech", "Energy", "Tech", "", "Energy"])
    found = breadth.sector_mix(sector, pd.Series([60.0, 30.0, 10.0, 99.0, NAN]))
    assert list(found.index) == ["Tech", "Energy"]
    assert found.tolist() == pytest.approx([0.7, 0.3])
    assert breadth.sector_mix(sector, pd.Series([NAN] * 5)).empty


def test_a_relative_line_starts_at_a_hundred_on_the_first_common_session() -> None:
    days = pd.bdate_range("2024-01-01", periods=4)
    one, other = pd.Series([1.0, 2, 3, 6], index=days), pd.Series([4.0, 4, 2], index=days[1:])
    line = breadth.relative_line(one, other)
    assert list(line.index) == list(days[1:])
    assert line.tolist() == pytest.approx([100, 150, 600])
    assert breadth.relative_line(one.iloc[:1], other).empty
