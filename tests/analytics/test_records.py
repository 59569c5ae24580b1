from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analytics import records

levels = st.lists(st.floats(1, 1000), min_size=1, max_size=300)


def series(values: list[float], start: str = "2024-11-01") -> "pd.Series[float]":
    return pd.Series(values, index=pd.bdate_range(start, periods=len(values)), dtype=float)


def by_hand(values: list[float]) -> list[int]:
    """Return the positions of values above all before, the first among them."""
    return [i for i, value in enumerate(values) if all(value > before for before in values[:i])]


@given(levels)
def test_records_are_above_everything_before_and_the_first_close_is_none(values: list[float]) -> None:
    closes = series(values)
    found = records.record_closes(closes)
    assert [closes.index.get_loc(day) for day in found.index] == by_hand(values)[1:]
    assert found.is_monotonic_increasing
    assert max(values) == (found.iloc[-1] if len(found) else values[0])


@given(levels)
def test_a_split_moves_no_record(values: list[float]) -> None:
    whole = [float(round(value)) for value in values]
    scaled = [value * 4.0 for value in whole]
    assert records.record_closes(series(whole)).index.equals(records.record_closes(series(scaled)).index)


@given(levels)
def test_the_standing_record_and_the_one_before(values: list[float]) -> None:
    closes = series(values)
    days = [stamp.date() for stamp in closes.index]
    positions = by_hand(values)
    found = records.standing(closes)
    assert (found.day, found.close) == (days[positions[-1]], values[positions[-1]])
    if len(positions) == 1:
        assert (found.previous_day, found.previous_close, found.gap_days) == (None, None, None)
    else:
        assert (found.previous_day, found.previous_close) == (days[positions[-2]], values[positions[-2]])
        assert found.gap_days == (days[positions[-1]] - days[positions[-2]]).days > 0


def test_equal_closes_are_no_new_record() -> None:
    found = records.standing(series([10, 10, 10]))
    assert (found.day, found.close) == (date(2024, 11, 1), 10)


def test_nothing_has_no_record() -> None:
    with pytest.raises(ValueError, match="at least one close"):
        records.standing(series([]))


@given(levels)
def test_gaps_add_up_to_the_way_from_the_first_close_to_the_last_record(values: list[float]) -> None:
    closes = series(values)
    found = records.gaps(closes)
    assert found.index.equals(records.record_closes(closes).index)
    assert found.sum() == (found.index[-1] - closes.index[0]).days if len(found) else True
    assert (found > 0).all()


@given(levels)
def test_counts_by_year_leave_out_the_first_close(values: list[float]) -> None:
    closes = series(values)
    days = [stamp.date() for stamp in closes.index]
    for year in {day.year for day in days} | {2000}:
        wanted = sum(days[i].year == year for i in by_hand(values)[1:])
        assert records.records_in(closes, year) == wanted


@given(levels)
def test_the_running_counts_agree_with_counting(values: list[float]) -> None:
    closes = series(values)
    days = [stamp.date() for stamp in closes.index]
    set_at = by_hand(values)
    since, this_year = records.sessions_since_record(closes), records.records_this_year(closes)
    for t in {0, len(values) // 2, len(values) - 1}:
        past = [i for i in set_at if i <= t]
        assert since.iloc[t] == t - past[-1]
        assert this_year.iloc[t] == sum(days[i].year == days[t].year for i in past[1:])


def test_whole_numbers_are_closes_too() -> None:
    closes = pd.Series([3, 5, 4], index=pd.bdate_range("2025-01-01", periods=3))
    assert records.standing(closes).gap_days == 1
    assert records.standing(closes).day - date(2025, 1, 1) == timedelta(days=1)
