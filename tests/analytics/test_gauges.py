import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.analytics.gauges import (
    as_known,
    change_known,
    detrended,
    expanding_percentile,
    gauge,
    higher_of,
    hottest,
    measured,
    steepening,
)

GRID = pd.date_range("2020-01-03", periods=200, freq="W-FRI")
reading = st.floats(-1e6, 1e6) | st.just(math.nan)
readings = st.lists(reading, max_size=40) | st.lists(reading, min_size=40, max_size=150)  # drawn ones are short else


def published(values: list[float], days: list[str], known: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"value": values, "known": pd.DatetimeIndex(known)}, index=pd.DatetimeIndex(days))


class TestAsKnown:
    CLAIMS = published([210.0, 220.0, 230.0], ["2026-07-11", "2026-07-18", "2026-07-25"],
                       ["2026-07-16", "2026-07-23", "2026-07-30"])  # fmt: skip

    def test_a_value_counts_from_its_publication(self) -> None:
        days = pd.DatetimeIndex(["2026-07-15", "2026-07-16", "2026-07-22", "2026-07-29", "2026-07-31"])
        seen = as_known(self.CLAIMS, days)
        assert math.isnan(seen.iloc[0])
        assert seen.iloc[1:].tolist() == [210, 210, 220, 230]

    def test_of_two_published_the_same_day_the_later_observation_counts(self) -> None:
        both = published([0.04, 0.05], ["2026-07-02", "2026-07-03"], ["2026-07-06", "2026-07-06"])
        assert as_known(both, pd.DatetimeIndex(["2026-07-06"])).tolist() == [0.05]

    def test_a_missing_observation_leaves_the_one_before(self) -> None:
        gap = published([0.04, math.nan], ["2026-07-02", "2026-07-03"], ["2026-07-03", "2026-07-06"])
        assert as_known(gap, pd.DatetimeIndex(["2026-07-10"])).tolist() == [0.04]

    def test_later_publications_change_no_earlier_day(self) -> None:
        days = pd.date_range("2026-07-16", "2026-07-24")
        pd.testing.assert_series_equal(as_known(self.CLAIMS, days), as_known(self.CLAIMS.iloc[:2], days))

    def test_what_has_stopped_says_nothing_of_today(self) -> None:
        days = pd.DatetimeIndex(["2026-08-20", "2026-08-21"])  # 21 and 22 days after the last publication
        seen = as_known(self.CLAIMS, days)
        assert seen.iloc[0] == 230
        assert math.isnan(seen.iloc[1])

    def test_change_over_a_year_compares_observation_days(self) -> None:
        rates = published([0.0385, 0.0400, 0.0428], ["2025-07-31", "2025-08-01", "2026-07-31"],
                          ["2025-08-01", "2025-08-04", "2026-08-03"])  # fmt: skip
        days = pd.DatetimeIndex(["2026-07-31", "2026-08-03"])
        changed = change_known(rates, days)
        assert math.isnan(changed.iloc[0])
        assert changed.iloc[1] == pytest.approx(0.0043)


class TestDetrended:
    def test_it_is_the_log_distance_from_the_mean(self) -> None:
        ratio = pd.Series([1.0, 2.0, 3.0, 6.0])
        out = detrended(ratio, 3)
        assert out.isna().tolist() == [True, True, False, False]
        assert out.iloc[2:].tolist() == pytest.approx([math.log(3 / 2), math.log(6 * 3 / 11)])

    def test_a_flat_ratio_has_no_distance(self) -> None:
        assert detrended(pd.Series([0.7] * 300)).dropna().to_numpy() == pytest.approx(np.zeros(49))

    @settings(max_examples=30, deadline=None)
    @given(st.lists(st.floats(0.1, 10), min_size=10, max_size=60), st.floats(0.01, 100))
    def test_scaling_the_ratio_changes_nothing(self, values: list[float], factor: float) -> None:
        one, scaled = detrended(pd.Series(values), 10), detrended(pd.Series(values) * factor, 10)
        np.testing.assert_allclose(one, scaled, atol=1e-9)


class TestPercentile:
    @settings(max_examples=80, deadline=None)
    @given(readings, st.integers(1, 20))
    def test_it_is_the_share_at_or_below_among_those_seen(self, values: list[float], least: int) -> None:
        seen = [value for value in values if not math.isnan(value)]
        expected = [
            sum(earlier <= value for earlier in seen[: n + 1]) / (n + 1) if n + 1 >= least else math.nan
            for n, value in enumerate(seen)
        ]
        found = expanding_percentile(pd.Series(values, dtype=float), least)
        np.testing.assert_allclose(found.to_numpy(), np.array(expected, dtype=float))

    @settings(max_examples=30, deadline=None)
    @given(readings, st.integers(0, 60))
    def test_what_comes_later_changes_nothing(self, values: list[float], cut: int) -> None:
        series = pd.Series(values, dtype=float)
        whole, short = expanding_percentile(series, 5), expanding_percentile(series[:cut], 5)
        np.testing.assert_array_equal(whole[: len(short)].to_numpy(), short.to_numpy())

    def test_sixty_observations_are_needed(self) -> None:
        shares = expanding_percentile(pd.Series(range(61), dtype=float))
        assert shares.notna().sum() == 2
        assert shares.iloc[-1] == 1.0

    def test_a_flat_history_reads_one(self) -> None:
        assert expanding_percentile(pd.Series([3.0] * 80)).iloc[-1] == 1.0


class TestSteepening:
    def test_only_within_two_years_of_an_inversion(self) -> None:
        slope = pd.Series(
            [0.01, -0.002, -0.005, 0.004, 0.006],
            index=pd.DatetimeIndex(["2019-01-04", "2019-08-27", "2019-09-03", "2021-08-30", "2021-09-10"]),
        )
        found = steepening(slope)
        assert found.isna().tolist() == [True, False, False, False, True]
        assert found.iloc[1:4].tolist() == pytest.approx([0.0, 0.0, 0.009])

    def test_a_curve_that_never_inverted(self) -> None:
        assert steepening(pd.Series(0.01, index=GRID)).isna().all()


class TestGauge:
    def test_an_input_without_enough_history_drops_out(self) -> None:
        rising = measured("rising", pd.Series(np.arange(200.0), index=GRID))
        young = measured("young", pd.Series(np.arange(59.0), index=GRID[-59:]))
        assert young.percentile(GRID[-1]) is None
        assert gauge([rising, young], GRID).iloc[-1] == 100
        assert gauge([young], GRID).isna().all()

    def test_equal_weights(self) -> None:
        rising = measured("rising", pd.Series(np.arange(200.0), index=GRID))
        falling = measured("falling", pd.Series(-np.arange(200.0), index=GRID))
        assert falling.percentile(GRID[-1]) == pytest.approx(1 / 200)
        assert gauge([rising, falling], GRID).iloc[-1] == pytest.approx((1 + 1 / 200) / 2 * 100)

    def test_an_input_tells_its_start_count_and_reading(self) -> None:
        item = measured("claims", pd.Series([math.nan, 2.0, 5.0], index=GRID[:3]))
        assert (item.start, item.observations, item.reading) == (GRID[1], 2, 5.0)
        assert item.percentile(pd.Timestamp("1999-01-01")) is None

    def test_an_input_without_readings(self) -> None:
        item = measured("nothing", pd.Series(dtype=float))
        assert (item.start, item.observations, item.reading, item.percentile(GRID[0])) == (None, 0, None, None)
        assert gauge([], GRID).isna().all()

    def test_the_higher_of_two_counts(self) -> None:
        rising = measured("rising", pd.Series(np.arange(200.0), index=GRID))
        falling = measured("falling", pd.Series(-np.arange(100.0), index=GRID[:100]))
        both = higher_of("curve", falling, rising)
        assert both.percentile(GRID[99]) == 1.0
        assert both.percentile(GRID[-1]) == 1.0
        assert both.id == "curve"

    @settings(max_examples=30, deadline=None)
    @given(st.lists(st.lists(st.floats(-5, 5), min_size=200, max_size=200), min_size=1, max_size=4))
    def test_it_stays_between_0_and_100(self, tables: list[list[float]]) -> None:
        inputs = [measured(str(n), pd.Series(values, index=GRID)) for n, values in enumerate(tables)]
        seen = gauge(inputs, GRID).dropna()
        assert len(seen) == 141
        assert ((seen > 0) & (seen <= 100)).all()


@pytest.mark.parametrize(
    ("gauges", "names"),
    [
        ({"slowdown": 71.0, "financing": 60.0}, ("slowdown",)),
        ({"slowdown": 50.0, "financing": 50.0, "quality": None}, ("slowdown", "financing")),
        ({"quality": None}, ()),
        ({}, ()),
    ],
)
def test_hottest(gauges: dict[str, float | None], names: tuple[str, ...]) -> None:
    assert hottest(gauges) == names
