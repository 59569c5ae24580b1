import itertools
import statistics
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.analytics import rotation
from bot.analytics.rotation import Regime


def series(values: "list[float] | np.ndarray[tuple[int], np.dtype[np.float64]]") -> "pd.Series[float]":
    return pd.Series(list(values), index=pd.bdate_range("2015-01-01", periods=len(values)), dtype=float)


def walk(sessions: int, seed: int) -> "pd.Series[float]":
    return series(np.cumprod(1 + np.random.default_rng(seed).normal(0, 0.01, sessions)))


def codes_by_hand(values: list[float]) -> list[int]:
    """Apply the rule session by session, from the first on which all means are there."""
    codes = []
    for t in range(len(values)):
        if t < 199:
            continue
        long = statistics.fmean(values[t - 199 : t + 1])
        now, before = statistics.fmean(values[t - 49 : t + 1]), statistics.fmean(values[t - 69 : t - 19])
        codes.append(1 if values[t] > long and now > before else -1 if values[t] < long and now < before else 0)
    return codes


def regimes_by_hand(codes: list[int]) -> list[tuple[int, int, int] | None]:
    """Walk through the verdicts: state, first of the five, fifth, as positions; None before the first regime."""
    found: list[tuple[int, int, int] | None] = []
    current: tuple[int, int, int] | None = None
    run = 0
    for t, code in enumerate(codes):
        run = run + 1 if t and codes[t - 1] == code else 1
        if run >= 5 and (current is None or current[0] != code):
            current = (code, t - run + 1, t)
        found.append(current)
    return found


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(190, 900))
def test_regimes_agree_with_a_walk_through_the_sessions(seed: int, sessions: int) -> None:
    strength = walk(sessions, seed)
    codes = codes_by_hand(strength.tolist())
    raw = rotation.raw_codes(strength).dropna()
    assert raw.tolist() == codes
    history = rotation.regimes(strength)
    expected = [entry for entry in regimes_by_hand(codes) if entry is not None]
    days = raw.index
    assert history["code"].tolist() == [state for state, _since, _fifth in expected]
    assert history["since"].tolist() == [days[since] for _state, since, _fifth in expected]
    assert history["confirmed"].tolist() == [days[fifth] for _state, _since, fifth in expected]


@pytest.mark.parametrize(("blip", "states"), [(4, [1.0]), (5, [1.0, 0.0, 1.0])])
def test_a_blip_of_four_sessions_changes_nothing_five_do(blip: int, states: list[float]) -> None:
    below_the_mean = [1.55] * blip
    strength = series(np.concatenate([np.linspace(1, 2, 260), below_the_mean, np.linspace(2, 2.2, 30)]))
    history = rotation.regimes(strength)
    assert history.drop_duplicates("confirmed")["code"].tolist() == states


def test_the_fifth_session_confirms_and_the_first_is_named() -> None:
    strength = series(np.linspace(1, 2, 230))
    current = rotation.current_regime(strength)
    days = [stamp.date() for stamp in strength.index]
    assert current == Regime("small", since=days[199], confirmed=days[203])
    assert rotation.current_regime(strength.iloc[:203]) is None
    assert rotation.current_regime(strength.iloc[:204]) == current


def test_falling_strength_is_large_and_flat_is_mixed() -> None:
    falling, flat = (
        rotation.current_regime(series(np.linspace(2, 1, 230))),
        rotation.current_regime(series([1.7] * 230)),
    )
    assert falling is not None
    assert falling.state == "large"
    assert flat is not None
    assert flat.state == "mixed"


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.floats(0.001, 1000))
def test_scaling_leaves_regimes_and_graph_alone(seed: int, factor: float) -> None:
    strength = walk(500, seed)
    pd.testing.assert_frame_equal(rotation.regimes(strength), rotation.regimes(strength * factor))
    pd.testing.assert_frame_equal(
        rotation.rotation_graph(strength), rotation.rotation_graph(strength * factor), rtol=1e-6
    )


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.integers(250, 480))
def test_history_is_never_rewritten(seed: int, day: int) -> None:
    strength = walk(500, seed)
    whole, then = rotation.regimes(strength), rotation.regimes(strength.iloc[: day + 1])
    pd.testing.assert_frame_equal(whole.loc[: strength.index[day]], then, check_freq=False)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000))
def test_exchanging_the_sides_turns_small_into_large(seed: int) -> None:
    small, large = walk(400, seed), walk(400, seed + 1)
    ours, theirs = rotation.relative_strength(small, large), rotation.relative_strength(large, small)
    assert (ours * theirs).tolist() == pytest.approx([1.0] * 400)
    agreed = rotation.above_long_mean(ours).dropna()
    assert len(agreed) == 201


def test_strength_needs_two_hundred_sessions() -> None:
    strength = walk(220, 1)
    against = rotation.above_long_mean(strength)
    assert against.isna().sum() == 199
    values = strength.tolist()
    assert against.iloc[-1] == pytest.approx(values[-1] / statistics.fmean(values[-200:]) - 1)


def test_strength_is_on_common_sessions() -> None:
    small, large = series([1, 2, 3, 4]), series([2, 2, 2, 2]).iloc[1:]
    assert rotation.relative_strength(small, large).tolist() == [1, 1.5, 2]


def test_spans_cover_the_history_without_holes() -> None:
    history = rotation.regimes(walk(1200, 11))
    spans = rotation.spans(history)
    days = [stamp.date() for stamp in history.index]
    assert (spans[0][0], spans[-1][1]) == (days[0], days[-1])
    for (_start, end, state), (start, _end, following) in itertools.pairwise(spans):
        assert days.index(start) == days.index(end) + 1
        assert state != following
    confirmed = [stamp.date() for stamp in history["confirmed"].drop_duplicates()]
    assert [start for start, _end, _state in spans] == confirmed


def test_without_a_regime_there_are_no_spans() -> None:
    assert rotation.spans(rotation.regimes(walk(150, 1))) == []


def z_by_hand(window: list[float]) -> float:
    return (window[-1] - statistics.fmean(window)) / statistics.stdev(window)


def test_the_rotation_graph_by_hand() -> None:
    values = walk(420, 5).tolist()
    z = [z_by_hand(values[t - 251 : t + 1]) for t in range(251, 420)]
    ratio = [100 + statistics.fmean(z[t - 9 : t + 1]) for t in range(9, len(z))]
    change = [ratio[t] - ratio[t - 10] for t in range(10, len(ratio))]
    momentum = [100 + z_by_hand(change[t - 62 : t + 1]) for t in range(62, len(change))]
    found = rotation.rotation_graph(series(values))
    assert found["momentum"].tolist() == pytest.approx(momentum)
    assert found["ratio"].tolist() == pytest.approx(ratio[-len(momentum) :])


def test_a_series_that_never_moves_has_no_graph() -> None:
    assert rotation.rotation_graph(series([1.0] * 500)).empty
    assert rotation.rotation_graph(walk(300, 1)).empty


@pytest.mark.parametrize(
    ("ratio", "momentum", "name"),
    [
        (101, 101, "leading"), (101, 99, "weakening"), (99, 99, "lagging"), (99, 101, "improving"),
        (100, 100, "leading"), (100, 99.9, "weakening"), (99.9, 100, "improving"),
    ],
)  # fmt: skip
def test_quadrants(ratio: float, momentum: float, name: str) -> None:
    assert rotation.quadrant(ratio, momentum) == name


def test_the_tail_is_the_last_session_of_each_week() -> None:
    days = pd.bdate_range("2025-10-01", "2025-12-04").drop([pd.Timestamp("2025-11-28")])
    graph = pd.DataFrame({"ratio": range(len(days)), "momentum": range(len(days))}, index=days, dtype=float)
    found = [stamp.date() for stamp in rotation.tail(graph).index]
    assert found == [
        date(2025, 10, 17), date(2025, 10, 24), date(2025, 10, 31), date(2025, 11, 7), date(2025, 11, 14),
        date(2025, 11, 21), date(2025, 11, 27), date(2025, 12, 4),
    ]  # fmt: skip


def test_codes_and_words() -> None:
    assert [rotation.state_of(code) for code in (-1, 0, 1)] == ["large", "mixed", "small"]
