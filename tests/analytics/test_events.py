import math
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.analytics.events import (
    HORIZONS,
    crossings,
    declustered,
    first_records,
    following,
    forward_return,
    median_interval,
    paths,
)

SESSIONS = pd.bdate_range("2015-01-01", periods=900)
WALK = pd.Series(100 * np.exp(np.cumsum(np.random.default_rng(1).normal(0.0004, 0.01, 900))), index=SESSIONS)
places = st.lists(st.integers(0, 899), unique=True, max_size=80)
SPAN = (SESSIONS[0], SESSIONS[-1])


class TestDeclustered:
    @given(places)
    def test_kept_days_lie_apart_and_dropped_ones_close(self, positions: list[int]) -> None:
        kept = SESSIONS.get_indexer(declustered(SESSIONS[positions], SESSIONS)).tolist()
        assert all(later - earlier > 21 for earlier, later in pairwise(kept))
        for position in set(positions) - set(kept):
            assert any(0 < position - k <= 21 for k in kept)

    def test_measured_from_the_last_kept_day_not_the_last_event(self) -> None:
        days = SESSIONS[[0, 15, 22, 30, 44]]
        assert list(declustered(days, SESSIONS)) == list(SESSIONS[[0, 22, 44]])

    def test_the_21st_session_is_still_too_close(self) -> None:
        assert list(declustered(SESSIONS[[10, 31]], SESSIONS)) == [SESSIONS[10]]
        assert list(declustered(SESSIONS[[10, 32]], SESSIONS)) == list(SESSIONS[[10, 32]])

    def test_a_saturday_is_a_fault(self) -> None:
        with pytest.raises(KeyError):
            declustered(pd.DatetimeIndex(["2015-01-03"]), SESSIONS)

    def test_nothing(self) -> None:
        assert len(declustered(SESSIONS[:0], SESSIONS)) == 0


class TestFindingEvents:
    def test_crossing_upward_and_downward(self) -> None:
        values = pd.Series([1.0, 3.0, 2.0, 2.0, 1.0, 4.0], index=SESSIONS[:6])
        assert list(crossings(values, 2.0)) == [SESSIONS[1], SESSIONS[5]]
        assert list(crossings(values, 2.0, upward=False)) == [SESSIONS[4]]

    def test_the_first_day_is_no_crossing(self) -> None:
        assert list(crossings(pd.Series([5.0, 6.0], index=SESSIONS[:2]), 2.0)) == []

    def test_days_without_a_level_do_not_count(self) -> None:
        values = pd.Series([1.0, 3.0, 3.0, 1.0, 3.0], index=SESSIONS[:5])
        level = pd.Series([math.nan, math.nan, 2.0, 2.0, 2.0], index=SESSIONS[:5])
        assert list(crossings(values, level)) == [SESSIONS[4]]

    def test_records_after_a_wait(self) -> None:
        closes = pd.Series(
            [10, 11, 9, 10.5, 11, 11.5, 11.6],
            index=pd.DatetimeIndex(
                ["2021-11-05", "2021-11-08", "2022-06-16", "2024-01-02", "2024-11-08", "2025-09-18", "2025-09-22"]
            ),
        )
        assert [d.date().isoformat() for d in first_records(closes, 365)] == ["2025-09-18"]
        assert [d.date().isoformat() for d in first_records(closes, 4)] == ["2025-09-18", "2025-09-22"]

    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.integers(1, 30), min_size=1, max_size=80), st.integers(1, 20))
    def test_records_against_a_plain_loop(self, closes: list[int], wait: int) -> None:
        series = pd.Series(closes, index=SESSIONS[: len(closes)], dtype=float)
        expected, best, last = [], float(closes[0]), series.index[0]
        for day, close in list(series.items())[1:]:
            if close > best:
                if (day - last).days >= wait:
                    expected.append(day)
                best, last = close, day
        assert list(first_records(series, wait)) == expected

    def test_a_flat_series_and_a_single_session_have_no_records(self) -> None:
        assert len(first_records(pd.Series([5.0] * 30, index=SESSIONS[:30]), 1)) == 0
        assert len(first_records(pd.Series([5.0], index=SESSIONS[:1]), 1)) == 0


class TestFollowing:
    def test_forward_return(self) -> None:
        prices = pd.Series([100.0, 110.0, 99.0], index=SESSIONS[:3])
        assert forward_return(prices, 1).tolist()[:2] == pytest.approx([0.1, -0.1])
        assert math.isnan(forward_return(prices, 1).iloc[2])

    @settings(max_examples=25, deadline=None)
    @given(places, st.sampled_from(HORIZONS))
    def test_against_a_plain_loop(self, positions: list[int], horizon: int) -> None:
        days = declustered(SESSIONS[positions], SESSIONS)
        result = following(WALK, days, horizon, SPAN)
        values = WALK.tolist()
        after = [
            values[p + horizon] / values[p] - 1
            for p in SESSIONS.get_indexer(days).tolist()
            if p + horizon < len(values)
        ]
        base = [values[p + horizon] / values[p] - 1 for p in range(len(values) - horizon)]
        assert (result.events, result.base) == (len(after), len(base))
        assert result.base_median == pytest.approx(np.median(base))
        assert result.base_share_positive == pytest.approx(sum(r > 0 for r in base) / len(base))
        if after:
            assert result.median == pytest.approx(np.median(after))
            assert result.share_positive == pytest.approx(sum(r > 0 for r in after) / len(after))
        else:
            assert (result.median, result.share_positive) == (None, None)
        assert (result.interval is None) == (len(after) < 5)
        assert result.separate <= max(result.events, 0)

    def test_the_base_is_of_the_span_alone(self) -> None:
        result = following(WALK, SESSIONS[[100]], 21, (SESSIONS[50], SESSIONS[59]))
        assert result.base == 10
        assert result.base_median == pytest.approx(
            np.median([WALK.iloc[p + 21] / WALK.iloc[p] - 1 for p in range(50, 60)])
        )

    def test_windows_that_do_not_overlap(self) -> None:
        days = SESSIONS[[0, 30, 62, 63, 130]]
        assert following(WALK, days, 63, SPAN).separate == 3  # 0, 63 and 130
        assert following(WALK, days, 21, SPAN).separate == 4  # 62 and 63 overlap

    def test_four_events_have_no_interval_and_five_do(self) -> None:
        assert following(WALK, SESSIONS[[0, 30, 60, 90]], 21, SPAN).interval is None
        assert following(WALK, SESSIONS[[0, 30, 60, 90, 120]], 21, SPAN).interval is not None

    def test_a_horizon_longer_than_the_record(self) -> None:
        short = following(WALK[:20], SESSIONS[[3]], 21, SPAN)
        assert (short.events, short.base, short.median, short.base_median, short.interval) == (0, 0, None, None, None)

    def test_flat_prices_are_never_positive(self) -> None:
        flat = pd.Series(5.0, index=SESSIONS)
        result = following(flat, SESSIONS[::30], 21, SPAN)
        assert (result.median, result.share_positive, result.base_share_positive) == (0, 0, 0)
        assert result.interval == (0, 0)


class TestInterval:
    def test_the_same_every_time(self) -> None:
        returns = np.random.default_rng(2).normal(size=30)
        assert median_interval(returns, 126) == median_interval(returns, 126)

    @settings(max_examples=30, deadline=None)
    @given(st.integers(0, 2**32 - 1), st.integers(5, 40), st.sampled_from(HORIZONS))
    def test_it_lies_among_the_returns_and_moves_with_them(self, seed: int, count: int, horizon: int) -> None:
        returns = np.random.default_rng(seed).normal(size=count)
        low, high = median_interval(returns, horizon)
        assert returns.min() <= low <= high <= returns.max()
        moved = median_interval(returns * 2 + 1, horizon)
        assert moved == pytest.approx((low * 2 + 1, high * 2 + 1))

    def test_one_session_blocks_agree_with_the_binomial_law(self) -> None:
        """With blocks of one, the median's 5% and 95% points follow from how often an order statistic is drawn.

        Of n = 101 draws the median is at or below the k-th smallest value when at least 51 draws are: a binomial tail.
        """
        returns = np.arange(101.0)
        tail = [sum(math.comb(101, j) * p**j * (1 - p) ** (101 - j) for j in range(51, 102))
                for p in [(k + 1) / 101 for k in range(101)]]  # fmt: skip
        low = next(k for k, share in enumerate(tail) if share >= 0.05)
        high = next(k for k, share in enumerate(tail) if share >= 0.95)
        found = median_interval(returns, 21, draws=20_000)
        assert found == pytest.approx((low, high), abs=1.0)

    def test_blocks_keep_neighbours_together(self) -> None:
        """In one block as long as the record every draw is a rotation of it: the median never changes."""
        returns = np.random.default_rng(3).normal(size=12)
        assert median_interval(returns, 252) == (np.median(returns), np.median(returns))


class TestPaths:
    def test_each_starts_at_one_and_unfinished_ones_are_cut(self) -> None:
        table = paths(WALK, SESSIONS[[0, 890]], 20)
        assert table.shape == (2, 21)
        assert table[0, 5] == pytest.approx(WALK.iloc[5] / WALK.iloc[0])
        assert table[:, 0].tolist() == [1, 1]
        assert np.isnan(table[1, 10:]).all()
        assert not np.isnan(table[1, :10]).any()

    def test_without_events_there_are_no_paths(self) -> None:
        assert paths(WALK, SESSIONS[:0]).shape == (0, 253)
