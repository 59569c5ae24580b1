"""Short interest by every denominator, on small frames, as laws, and against plain loops."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analytics import short_interest as si

NAN = math.nan


def members(**columns: list[float]) -> pd.DataFrame:
    """Three issuers, of which tests change a column: 10%, 20% and 30% of shares short."""
    base = {
        "short": [10.0, 40.0, 30.0],
        "before": [8.0, 40.0, 60.0],
        "split": [False, False, False],
        "shares": [100.0, 200.0, 100.0],
        "price": [10.0, 5.0, 1.0],
        "float_shares": [50.0, 160.0, NAN],
        "weight": [0.5, 0.4, 0.1],
    }
    return pd.DataFrame(base | columns, index=["A", "B", "C"])


def test_each_denominator_has_its_own_share() -> None:
    frame = members()
    assert si.share_of_shares(frame["short"], frame["shares"]).tolist() == pytest.approx([0.1, 0.2, 0.3])
    of_float = si.share_of_float(frame["short"], frame["float_shares"])
    assert of_float.tolist() == pytest.approx([0.2, 0.25, NAN], nan_ok=True)


@pytest.mark.parametrize("shares", [0.0, -5.0, NAN])
def test_no_shares_no_share(shares: float) -> None:
    frame = pd.DataFrame({"short": [5.0], "shares": [shares]})
    assert math.isnan(si.share_of_shares(frame["short"], frame["shares"]).iloc[0])
    assert math.isnan(si.share_of_float(frame["short"], frame["shares"]).iloc[0])


def test_no_volume_is_missing_and_the_floor_stays() -> None:
    assert si.measured_days(pd.Series([1.0, 16.14, 999.99, NAN])).tolist() == pytest.approx(
        [1.0, 16.14, NAN, NAN], nan_ok=True
    )


def test_an_index_by_hand() -> None:
    found = si.index_short(members())
    assert found.notional == 10 * 10 + 40 * 5 + 30 * 1
    assert found.of_cap == pytest.approx(330 / (1000 + 1000 + 100))
    assert found.of_float == pytest.approx((100 + 200) / (500 + 800))  # C has no float: out above and below
    assert found.median == pytest.approx(0.2)
    assert found.mean == pytest.approx(0.2)
    assert found.with_float == 2
    assert (found.coverage.matched, found.coverage.members, found.coverage.weight) == (3, 3, pytest.approx(1.0))


def test_a_member_without_an_input_drops_out_of_figure_and_coverage() -> None:
    found = si.index_short(members(price=[10.0, NAN, 1.0]))
    assert found.of_cap == pytest.approx(130 / 1100)
    assert (found.coverage.matched, found.coverage.members) == (2, 3)
    assert found.coverage.weight == pytest.approx(0.6)


def test_one_member_is_an_index_too() -> None:
    found = si.index_short(members().loc[["B"]])
    assert found.of_cap == found.median == found.mean == pytest.approx(0.2)


def test_nothing_matched_is_not_zero() -> None:
    found = si.index_short(members(short=[NAN, NAN, NAN]))
    for value in (found.of_cap, found.of_float, found.median, found.mean, found.notional):
        assert math.isnan(value)
    assert found.coverage.matched == 0


def test_floats_that_are_missing_leave_the_other_figures() -> None:
    found = si.index_short(members(float_shares=[NAN, NAN, 0.0]))
    assert math.isnan(found.of_float)
    assert found.with_float == 0
    assert found.of_cap == pytest.approx(330 / 2100)


rows = st.lists(
    st.tuples(st.integers(0, 10**8).map(float), st.floats(1, 1e9), st.floats(0.01, 1e4), st.floats(1, 1e9)),
    min_size=1,
    max_size=30,
)


@given(rows)
def test_the_weighted_share_is_the_cap_weighted_mean_of_shares(values: list[tuple[float, ...]]) -> None:
    frame = pd.DataFrame(values, columns=["short", "shares", "price", "float_shares"]).assign(weight=1.0)
    found = si.index_short(frame)
    top = sum(short * price for short, _, price, _ in values)
    caps = sum(shares * price for _, shares, price, _ in values)
    assert found.of_cap == pytest.approx(top / caps)
    each = [short / shares for short, shares, _, _ in values]
    assert found.median == pytest.approx(float(np.median(each)))
    assert min(each) * (1 - 1e-9) <= found.of_cap <= max(each) * (1 + 1e-9)


@given(rows, st.floats(0.01, 100))
def test_a_split_of_every_share_changes_nothing(values: list[tuple[float, ...]], factor: float) -> None:
    frame = pd.DataFrame(values, columns=["short", "shares", "price", "float_shares"]).assign(weight=1.0)
    counts = ["short", "shares", "float_shares"]
    split = frame.assign(price=frame["price"] / factor, **{c: frame[c] * factor for c in counts})
    one, other = si.index_short(frame), si.index_short(split)
    for name in ("of_cap", "of_float", "median", "mean", "notional"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), rel=1e-6)


def test_the_change_rests_on_members_known_at_both_dates() -> None:
    found = si.matched_change(members(before=[8.0, NAN, 60.0]))
    assert found.members == 2
    assert found.now == pytest.approx(130 / 1100)
    assert found.before == pytest.approx((80 + 60) / 1100)
    assert found.difference == pytest.approx(-10 / 1100)


def test_the_change_leaves_out_what_was_split() -> None:
    found = si.matched_change(members().assign(split=[False, False, True]))
    assert found.members == 2
    assert found.difference == pytest.approx(20 / 2000)


def test_the_change_of_nothing_is_not_known() -> None:
    found = si.matched_change(members(before=[NAN, NAN, NAN]))
    assert found.members == 0
    assert math.isnan(found.difference)


def test_places_from_the_top() -> None:
    values = pd.Series({"a": 0.3, "b": 0.5, "c": NAN, "d": 0.5, "e": 0.1})
    assert si.rank_from_top(values, "b") == si.rank_from_top(values, "d") == (1, 4)
    assert si.rank_from_top(values, "a") == (3, 4)
    assert si.rank_from_top(values, "e") == (4, 4)
    assert si.rank_from_top(values, "c") is None
    assert si.rank_from_top(values, "z") is None
