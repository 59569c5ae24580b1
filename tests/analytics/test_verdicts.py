"""Each rule on both sides of each of its borders, as the scoreboard prints them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analytics import verdicts as v

UP, MIX, DOWN = "supports", "mixed", "contradicts"


@pytest.mark.parametrize(
    ("sessions", "drawdown", "verdict"),
    [
        (0, 0.0, UP), (63, -0.0999, UP), (63, -0.10, UP), (64, -0.10, MIX), (64, -0.1001, DOWN), (30, -0.1001, MIX),
        (None, 0.0, None), (3, math.nan, None),
    ],
)  # fmt: skip
def test_records(sessions: float | None, drawdown: float | None, verdict: str | None) -> None:
    assert v.records(sessions, drawdown) == verdict


@pytest.mark.parametrize("rule", [v.outrunning, v.breadth, v.earnings])
@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        (0.001, 0.001, UP), (-0.001, -0.001, DOWN), (0.001, -0.001, MIX), (0.0, 0.1, MIX), (0.0, -0.1, MIX),
        (0.0, 0.0, MIX), (None, 0.1, None), (0.1, math.nan, None),
    ],
)  # fmt: skip
def test_rules_on_two_spreads(rule: object, first: float | None, second: float | None, verdict: str | None) -> None:
    assert callable(rule)
    assert rule(first, second) == verdict


@pytest.mark.parametrize(
    ("now", "years", "verdict"),
    [
        (0.01, (0.1, 0.1, -0.1), UP), (0.01, (0.1, -0.1, -0.1), MIX), (-0.01, (0.1, -0.1, -0.1), DOWN),
        (-0.01, (0.1, 0.1, -0.1), MIX), (0.0, (0.1, 0.1, 0.1), MIX), (0.01, (0.0, 0.1, 0.1), UP),
        (None, (0.1, 0.1, 0.1), None), (0.01, (0.1, 0.1), None), (0.01, (0.1, 0.1, math.nan), None),
    ],
)  # fmt: skip
def test_comeback(now: float | None, years: tuple[float, ...], verdict: str | None) -> None:
    assert v.comeback(now, years) == verdict


@pytest.mark.parametrize(
    ("small", "large", "verdict"),
    [
        (0.02, 0.01, UP),
        (0.01, 0.01, MIX),
        (0.01, 0.02, MIX),
        (0.0, -0.1, DOWN),
        (-0.01, -0.02, DOWN),
        (None, 0.1, None),
    ],
)
def test_revisions(small: float | None, large: float | None, verdict: str | None) -> None:
    assert v.revisions(small, large) == verdict


@pytest.mark.parametrize(
    ("percentile", "discount", "verdict"),
    [
        (0.10, 0.15, UP), (0.1001, 0.15, MIX), (0.10, 0.1499, MIX), (0.50, 0.01, MIX), (0.5001, 0.30, DOWN),
        (0.05, 0.0, DOWN), (0.05, -0.1, DOWN), (None, 0.2, None), (0.05, None, None),
    ],
)  # fmt: skip
def test_valuation(percentile: float | None, discount: float | None, verdict: str | None) -> None:
    assert v.valuation(percentile, discount) == verdict


@pytest.mark.parametrize(
    ("change", "verdict"),
    [(-25.0, UP), (-24.9, MIX), (0.0, MIX), (24.9, MIX), (25.0, DOWN), (55.0, DOWN), (None, None), (math.nan, None)],
)
def test_rates(change: float | None, verdict: str | None) -> None:
    assert v.rates(change) == verdict


@pytest.mark.parametrize(
    ("small", "others", "verdict"),
    [
        (0.078, (0.022,), UP), (0.0301, (0.025, 0.02), UP), (0.0299, (0.025,), MIX), (0.0201, (0.025,), MIX),
        (0.0199, (0.025, 0.01), DOWN), (0.05, (), None), (None, (0.02,), None), (0.05, (math.nan,), None),
    ],
)  # fmt: skip
def test_shorts(small: float | None, others: tuple[float, ...], verdict: str | None) -> None:
    assert v.shorts(small, others) == verdict


@pytest.mark.parametrize(
    ("gauges", "verdict"),
    [
        ((80.0, 10.0, 20.0, 30.0), UP), ((80.1, 10.0, 20.0, 30.0), MIX), ((80.1, 80.1, 0.0, 0.0), DOWN),
        ((99.0, 99.0, 99.0, 99.0), DOWN), ((), None), ((50.0, None), None), ((50.0, math.nan), None),
    ],
)  # fmt: skip
def test_risks(gauges: tuple[float | None, ...], verdict: str | None) -> None:
    assert v.risks(gauges) == verdict


@pytest.mark.parametrize(
    ("regime", "sessions", "verdict"),
    [
        ("small", 63, UP),
        ("small", 62, MIX),
        ("mixed", 500, MIX),
        ("large", 1, DOWN),
        (None, 5, None),
        ("small", None, None),
    ],
)
def test_cycle(regime: str | None, sessions: int | None, verdict: str | None) -> None:
    assert v.cycle(regime, sessions) == verdict


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_turning_the_sides_turns_the_verdict(first: float, second: float) -> None:
    turned = {UP: DOWN, DOWN: UP, MIX: MIX}
    assert v.outrunning(-first, -second) == turned[str(v.outrunning(first, second))]
