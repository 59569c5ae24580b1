from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot import i18n
from bot.charts.scales import date_ticks, decimals, padded, round_factors, round_steps

finite = st.floats(-1e6, 1e6, allow_nan=False)


def weekdays(start: str, end: str) -> "np.ndarray[tuple[int], np.dtype[np.datetime64]]":
    days = np.arange(np.datetime64(start), np.datetime64(end) + 1)
    return days[np.is_busday(days)]


@given(finite, st.floats(1e-3, 1e6), st.integers(2, 8))
def test_round_steps_are_few_inside_and_even(low: float, span: float, most: int) -> None:
    high = low + span
    assume(high > low and span > 1e-9 * abs(low))
    values = round_steps(low, high, most)
    assert len(values) <= most
    assert all(low - 1e-6 * span <= v <= high + 1e-6 * span for v in values)
    gaps = np.diff(values)
    assert np.allclose(gaps, gaps[:1], rtol=1e-6)


@given(finite, st.floats(1e-2, 1e6))
def test_at_most_five_steps_leave_at_least_one_tick(low: float, span: float) -> None:
    assert len(round_steps(low, low + span, 5)) >= 1


def test_round_steps_of_known_spans() -> None:
    assert round_steps(96.2, 117.1, 4).tolist() == [100, 105, 110, 115]
    assert round_steps(96.2, 117.1, 3).tolist() == [100, 110]
    assert round_steps(0, 100, 5).tolist() == [0, 50, 100]
    assert round_steps(-0.21, 0.31, 6).tolist() == [-0.2, -0.1, 0.0, 0.1, 0.2, 0.30000000000000004]
    assert round_steps(5.0, 5.0).tolist() == [5.0]
    assert round_steps(float("nan"), 1.0).tolist() == []


@given(st.floats(1e-3, 1e5), st.floats(1.5, 1e4))
def test_factors_lie_inside_and_rise(low: float, factor: float) -> None:
    values = round_factors(low, low * factor, 5)
    assert len(values) <= 6
    assert all(low * 0.999 <= v <= low * factor * 1.001 for v in values)
    assert (np.diff(values) > 0).all()


def test_factors_of_a_tenfold_span() -> None:
    assert round_factors(55, 1010, 5).tolist() == [100, 200, 500, 1000]


@pytest.mark.parametrize(
    ("values", "digits"),
    [([100, 110], 0), ([0.5, 1.0], 1), ([0.25, 0.5], 2), ([7], 0), ([0.1 * 3, 0.1 * 6], 1), ([1e6, 2e6], 0)],
)
def test_decimals_tell_ticks_apart(values: list[float], digits: int) -> None:
    assert decimals(values) == digits


@given(finite, finite)
def test_padding_leaves_air_on_both_sides(one: float, other: float) -> None:
    low, high = padded(min(one, other), max(one, other))
    assert low < min(one, other)
    assert high > max(one, other)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2026-07-24", "2026-07-31", ["24 Jul", "27 Jul", "28 Jul", "29 Jul", "30 Jul", "31 Jul"]),
        ("2026-06-30", "2026-07-31", ["6 Jul", "13 Jul", "20 Jul", "27 Jul"]),
        ("2026-01-30", "2026-07-31", ["Feb", "Mar", "Apr", "May", "Jun", "Jul"]),
        ("2025-07-31", "2026-07-31", ["Sep", "Nov", "2026", "Mar", "May", "Jul"]),
        ("2021-07-30", "2026-07-31", ["2022", "2023", "2024", "2025", "2026"]),
        ("2000-05-26", "2026-07-31", ["2005", "2010", "2015", "2020", "2025"]),
    ],
)
def test_dates_are_named_by_day_week_month_or_year(start: str, end: str, words: list[str]) -> None:
    assert [tick.label for tick in date_ticks(weekdays(start, end))] == words


def test_months_are_named_in_the_active_language() -> None:
    days = weekdays("2026-01-30", "2026-07-31")
    with i18n.use("es"):
        assert [tick.label for tick in date_ticks(days)][2:4] == ["abr", "may"]


@given(st.dates(date(1990, 1, 1), date(2030, 1, 1)), st.integers(1, 12_000), st.integers(4, 10))
def test_date_ticks_are_few_and_stand_on_sessions(start: date, length: int, most: int) -> None:
    days = weekdays(start.isoformat(), (start + timedelta(days=length)).isoformat())
    assume(len(days))
    ticks = date_ticks(days, most)
    assert len(ticks) <= most
    positions = [tick.at for tick in ticks]
    assert positions == sorted(set(positions))
    assert all(0 <= at < len(days) and at == int(at) for at in positions)


@given(st.dates(date(1990, 1, 1), date(2030, 1, 1)), st.integers(200, 500))
def test_a_month_tick_is_the_first_session_of_its_month(start: date, length: int) -> None:
    days = weekdays(start.isoformat(), (start + timedelta(days=length)).isoformat())
    for tick in date_ticks(days):
        here, before = days[int(tick.at)].item(), days[int(tick.at) - 1].item()
        assert (here.year, here.month) != (before.year, before.month)
        assert tick.label == (str(here.year) if here.month == 1 else here.strftime("%b"))
