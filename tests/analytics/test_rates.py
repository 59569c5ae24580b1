from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.analytics.rates import (
    change_bp,
    cut_cycles,
    expected_change_bp,
    net_debt_to_ebitda,
    sensitivity,
    slope_history,
    twelve_months_ahead,
    week_ends,
    weekly_pairs,
)

# Sessions of the weeks around Easter 2026: Good Friday is 3 April, so that week ends on Thursday.
EASTER = pd.DatetimeIndex(
    ["2026-03-26", "2026-03-27", "2026-03-30", "2026-03-31", "2026-04-01", "2026-04-02", "2026-04-06", "2026-04-07"]
)


def days(ends: pd.DatetimeIndex) -> list[str]:
    return [day.date().isoformat() for day in ends]


class TestWeekEnds:
    def test_a_week_ends_on_its_last_session(self) -> None:
        assert days(week_ends(EASTER, date(2026, 4, 8))) == ["2026-03-27", "2026-04-02"]

    def test_the_thursday_before_good_friday_completes_its_week(self) -> None:
        assert days(week_ends(EASTER[:6], date(2026, 4, 6))) == ["2026-03-27", "2026-04-02"]

    def test_an_ordinary_thursday_does_not(self) -> None:
        assert days(week_ends(EASTER[:1], date(2026, 3, 27))) == []

    def test_a_friday_does(self) -> None:
        assert days(week_ends(EASTER[:2], date(2026, 3, 30))) == ["2026-03-27"]

    def test_nothing_of_nothing(self) -> None:
        assert len(week_ends(pd.DatetimeIndex([]), None)) == 0

    @given(st.lists(st.dates(date(1998, 1, 1), date(2027, 1, 1)), min_size=1, unique=True))
    def test_one_end_a_week_and_none_after_it_in_its_week(self, some: list[date]) -> None:
        sessions = pd.DatetimeIndex(sorted(some))
        ends = week_ends(sessions, None)
        weeks = [day.isocalendar()[:2] for day in ends]
        assert len(set(weeks)) == len(weeks) == len({d.isocalendar()[:2] for d in some})
        assert all(end == max(s for s in sessions if s.isocalendar()[:2] == end.isocalendar()[:2]) for end in ends)


def walk(seed: int, sessions: pd.DatetimeIndex, size: float = 0.01) -> pd.Series:
    draws = np.random.default_rng(seed)
    return pd.Series(100 * np.exp(np.cumsum(draws.normal(0, size, len(sessions)))), index=sessions)


WEEKDAYS = pd.bdate_range("2022-01-03", "2026-07-31")


class TestSensitivity:
    def test_pairs_are_simple_returns_and_percentage_points(self) -> None:
        ends = pd.DatetimeIndex(["2026-07-10", "2026-07-17", "2026-07-24"])
        small = pd.Series([100.0, 103.0, 99.91], index=ends)
        large = pd.Series([50.0, 50.5, 51.0050], index=ends)
        rate = pd.Series([0.0420, 0.0431, 0.0425], index=pd.DatetimeIndex(["2026-07-10", "2026-07-16", "2026-07-24"]))
        pairs = weekly_pairs(small, large, rate, ends)
        assert pairs["y"].tolist() == pytest.approx([0.03 - 0.01, -0.03 - 0.01])
        assert pairs["x"].tolist() == pytest.approx([0.11, -0.06])

    def test_a_week_without_price_or_yield_is_no_pair(self) -> None:
        ends = week_ends(WEEKDAYS, None)[:6]
        small = walk(1, ends).drop(ends[2])
        pairs = weekly_pairs(small, walk(2, ends), pd.Series(0.04, index=ends[1:]), ends)
        assert list(pairs.index) == [ends[4], ends[5]]

    def test_a_planted_slope_is_found(self) -> None:
        ends = week_ends(WEEKDAYS, None)
        moves = np.random.default_rng(3).normal(0, 0.1, len(ends))
        noise = np.random.default_rng(4).normal(0, 0.0001, len(ends))
        pairs = pd.DataFrame({"y": -0.02 * moves + noise, "x": moves}, index=ends)
        fit = sensitivity(pairs)
        assert fit is not None
        assert fit.slope == pytest.approx(-0.02, abs=0.001)
        assert fit.t < -20
        assert fit.r2 > 0.99
        assert fit.n == 104

    def test_only_the_last_104_pairs_count(self) -> None:
        ends = week_ends(WEEKDAYS, None)
        draws = np.random.default_rng(5)
        pairs = pd.DataFrame({"y": draws.normal(size=len(ends)), "x": draws.normal(size=len(ends))}, index=ends)
        changed = pairs.copy()
        changed.iloc[:-104] = 7.0
        assert sensitivity(pairs) == sensitivity(changed)

    def test_fewer_pairs_say_nothing(self) -> None:
        pairs = pd.DataFrame({"y": np.zeros(103), "x": np.arange(103.0)})
        assert sensitivity(pairs) is None

    def test_the_history_of_the_slope_is_the_regression_of_each_week(self) -> None:
        ends = week_ends(WEEKDAYS, None)
        draws = np.random.default_rng(6)
        pairs = pd.DataFrame({"y": draws.normal(size=len(ends)), "x": draws.normal(size=len(ends))}, index=ends)
        history = slope_history(pairs)
        assert history.index[-1] == ends[-1]
        assert history.index[0] > ends[-1] - pd.DateOffset(years=3)
        for day in (history.index[0], history.index[40], history.index[-1]):
            window = pairs[:day].iloc[-104:]
            assert history[day] == pytest.approx(np.polyfit(window["x"], window["y"], 1)[0], rel=1e-7)

    def test_a_rate_that_never_moved_has_no_slope(self) -> None:
        ends = week_ends(WEEKDAYS, None)
        pairs = pd.DataFrame({"y": np.random.default_rng(7).normal(size=len(ends)), "x": 0.0}, index=ends)
        assert sensitivity(pairs) is None
        assert slope_history(pairs).empty


@pytest.mark.parametrize(
    ("day", "contract"), [(date(2026, 7, 31), 202707), (date(2024, 12, 31), 202512), (date(2024, 2, 29), 202502)]
)
def test_the_contract_a_year_ahead(day: date, contract: int) -> None:
    assert twelve_months_ahead(day) == contract


def test_expected_change_of_the_worked_example() -> None:
    """Contract 202707 settled at 95.82 on 2026-07-31; the effective rate last known was 3.63%: 4.18 - 3.63."""
    assert expected_change_bp(95.82, 0.0363) == pytest.approx(55)


def test_change_in_basis_points() -> None:
    rate = pd.Series([0.0347, 0.0350, np.nan, 0.0423], index=pd.date_range("2025-12-30", periods=4))
    assert change_bp(rate, pd.Timestamp("2025-12-31")) == pytest.approx(73)
    assert change_bp(rate, pd.Timestamp("2025-12-29")) is None


def decisions(rows: list[tuple[str, float]]) -> pd.DataFrame:
    return pd.DataFrame(
        {"upper": [upper / 100 for _day, upper in rows]}, index=pd.DatetimeIndex([day for day, _upper in rows])
    )


# Two runs of cuts as they were decided (the second was open at the end of July 2026).
TWO_RUNS = decisions(
    [
        ("2018-12-19", 2.50), ("2019-07-31", 2.25), ("2019-09-18", 2.00), ("2019-10-30", 1.75), ("2020-03-03", 1.25),
        ("2020-03-15", 0.25), ("2022-03-16", 0.50), ("2023-07-26", 5.50), ("2024-09-18", 5.00), ("2024-11-07", 4.75),
        ("2024-12-18", 4.50), ("2025-09-17", 4.25), ("2025-10-29", 4.00), ("2025-12-10", 3.75),
    ]
)  # fmt: skip
# The recorded decisions begin with a rise, so 2018-12-19 needs one before it to be seen as a rise.
TWO_RUNS = pd.concat([decisions([("2018-09-26", 2.25)]), TWO_RUNS])
LONG = pd.bdate_range("2018-01-01", "2026-07-31")


class TestCutCycles:
    def test_first_and_last_cuts(self) -> None:
        cycles = cut_cycles(TWO_RUNS, walk(1, LONG), walk(2, LONG))
        assert [(c.first, c.last, c.open, c.cuts) for c in cycles] == [
            (date(2019, 7, 31), date(2020, 3, 15), False, 5),
            (date(2024, 9, 18), date(2025, 12, 10), True, 6),
        ]
        assert [(c.from_upper, c.to_upper) for c in cycles] == [
            (pytest.approx(0.025), pytest.approx(0.0025)),
            (pytest.approx(0.055), pytest.approx(0.0375)),
        ]

    def test_a_cycle_stays_open_until_a_rise(self) -> None:
        known = TWO_RUNS[:"2022-03-15"]
        assert [c.open for c in cut_cycles(known, walk(1, LONG), walk(2, LONG))] == [True]
        known = TWO_RUNS[:"2022-03-16"]
        assert [c.open for c in cut_cycles(known, walk(1, LONG), walk(2, LONG))] == [False]

    def test_a_cut_on_a_sunday_counts_from_monday(self) -> None:
        cycle = cut_cycles(TWO_RUNS, walk(1, LONG), walk(2, LONG))[0]
        assert cycle.after_last is not None
        assert cycle.after_last.start == date(2020, 3, 16)

    def test_returns_run_over_calendar_months(self) -> None:
        small, large = walk(1, LONG), walk(2, LONG)
        after = cut_cycles(TWO_RUNS, small, large)[0].after_first
        assert after.small[3] == pytest.approx(small["2019-10-31"] / small["2019-07-31"] - 1)
        assert after.large[12] == pytest.approx(large["2020-07-31"] / large["2019-07-31"] - 1)
        assert after.spread(1) == pytest.approx(
            small["2019-08-30"] / small["2019-07-31"] - large["2019-08-30"] / large["2019-07-31"]
        )

    def test_a_horizon_that_is_not_over_is_missing(self) -> None:
        after = cut_cycles(TWO_RUNS, walk(1, LONG), walk(2, LONG))[1].after_last
        assert after is not None
        assert after.small[6] is not None
        assert after.small[12] is None
        assert after.spread(12) is None

    def test_no_rise_before_no_first_cut(self) -> None:
        falling = decisions([("2001-01-03", 6.0), ("2001-01-31", 5.5)])
        assert cut_cycles(falling, walk(1, LONG), walk(2, LONG)) == ()

    def test_cycles_before_the_prices_are_left_out(self) -> None:
        recent = LONG[LONG >= "2021-01-01"]
        assert [c.first for c in cut_cycles(TWO_RUNS, walk(1, recent), walk(2, recent))] == [date(2024, 9, 18)]

    def test_no_decisions(self) -> None:
        assert cut_cycles(decisions([]), walk(1, LONG), walk(2, LONG)) == ()

    @settings(max_examples=50, deadline=None)
    @given(st.lists(st.integers(0, 20), min_size=0, max_size=30))
    def test_every_cut_after_a_rise_belongs_to_one_cycle(self, levels: list[int]) -> None:
        table = pd.DataFrame(
            {"upper": [level / 400 for level in levels]}, index=pd.bdate_range("2018-03-01", periods=len(levels))
        )
        cycles = cut_cycles(table, walk(1, LONG), walk(2, LONG))
        steps = np.diff(levels)
        rises = np.flatnonzero(steps > 0)
        cuts = int(np.sum(steps[rises[0] :] < 0)) if len(rises) else 0
        assert sum(c.cuts for c in cycles) == cuts
        assert sum(c.open for c in cycles) <= 1
        assert all(c.to_upper < c.from_upper for c in cycles)


class TestNetDebt:
    COLUMNS = ("total_debt", "total_cash", "enterprise_value", "ev_to_ebitda")

    def test_by_company(self) -> None:
        accounts = pd.DataFrame(
            [(500.0, 100.0, 2000.0, 10.0), (50.0, 250.0, 900.0, 9.0)], index=["DEBT", "CASH"], columns=self.COLUMNS
        )
        assert net_debt_to_ebitda(accounts).tolist() == pytest.approx([2.0, -2.0])

    @pytest.mark.parametrize(
        "row",
        [
            (500.0, 100.0, 2000.0, -10.0),  # EBITDA below zero
            (500.0, 100.0, np.nan, 10.0),
            (np.nan, 100.0, 2000.0, 10.0),
            (500.0, 100.0, 2000.0, np.nan),
            (500.0, 100.0, 2000.0, np.inf),  # no EBITDA at all
        ],
    )
    def test_what_has_no_meaning(self, row: tuple[float, ...]) -> None:
        assert net_debt_to_ebitda(pd.DataFrame([row], columns=self.COLUMNS)).isna().all()
