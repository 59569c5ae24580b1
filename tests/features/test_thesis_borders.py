"""The scoreboard's rules at their borders, read from markets that lie exactly on them: from prices and yields."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.features.thesis.history import verdict_series
from bot.features.thesis.readings import Claim
from tests.features.claims import reading
from tests.features.flat import level, market

UP, MIX, DOWN = "supports", "mixed", "contradicts"
CODES = {UP: 1.0, MIX: 0.0, DOWN: -1.0}
YEARS = 300  # sessions: more than twelve months
PRICED = ("IWM", "SPY", "RSP", "MAGS")


def assert_verdict(
    folder: Path,
    claim: Claim,
    verdict: str,
    prices: dict[str, list[float]],
    yields: dict[str, list[float]] | None = None,
) -> None:
    """Assert the verdict of the last day, and that the claim's history ends with the same."""
    dataset = market(folder, prices, yields)
    assert reading(claim, dataset).verdict == verdict
    assert verdict_series(dataset, claim).iloc[-1] == CODES[verdict]


def ends(last: float, sessions: int, before: float = 100.0) -> list[float]:
    """Return a level that changes once, so many sessions before the end."""
    return [before] * (YEARS - sessions) + [last] * sessions


@pytest.mark.parametrize(
    ("since", "last", "verdict"),
    [
        (63, 99.0, UP), (64, 99.0, MIX), (64, 90.0, MIX), (64, 89.99, DOWN), (63, 90.0, UP), (63, 89.99, MIX),
    ],
)  # fmt: skip
def test_a_record_is_recent_for_63_sessions_and_a_fall_deep_beyond_a_tenth(
    tmp_path: Path, since: int, last: float, verdict: str
) -> None:
    closes = [*(50.0 + n / 10 for n in range(YEARS - since - 1)), 100.0, *[last] * since]
    assert_verdict(tmp_path, "records", verdict, {**level(YEARS, symbols=PRICED), "IWM": closes})


@pytest.mark.parametrize(
    ("small", "verdict"),
    [
        (ends(100.01, 100), UP),  # risen in the last six months: ahead over six and twelve
        (ends(100.0, 100), MIX),  # level over both
        (ends(99.99, 100), DOWN),
        (ends(100.01, 160), MIX),  # risen before the six months: level over them, ahead over twelve
        (ends(99.99, 160), MIX),
    ],
)
def test_outrunning_takes_both_windows(tmp_path: Path, small: list[float], verdict: str) -> None:
    assert_verdict(tmp_path, "outrunning", verdict, {**level(YEARS, symbols=PRICED), "IWM": small})


@pytest.mark.parametrize(
    ("equal", "seven", "verdict"),
    [(100.01, 99.99, UP), (100.0, 99.99, MIX), (100.01, 100.0, MIX), (99.99, 100.01, DOWN), (99.99, 99.99, MIX)],
)
def test_breadth_takes_equal_weight_and_the_seven(tmp_path: Path, equal: float, seven: float, verdict: str) -> None:
    prices = {**level(YEARS, symbols=PRICED), "RSP": ends(equal, 100), "MAGS": ends(seven, 100)}
    seven_alone = dict.fromkeys(("AAPL", "MSFT", "GOOGL", "AMZN", "NVDA", "META", "TSLA"), prices["MAGS"])
    assert_verdict(tmp_path, "breadth", verdict, {**prices, **seven_alone})


@pytest.mark.parametrize(("sessions", "verdict"), [(266, MIX), (267, UP)])
def test_a_cycle_takes_63_sessions_after_its_confirmation(tmp_path: Path, sessions: int, verdict: str) -> None:
    """A steady lead has its mean of 200 sessions on the 200th, is confirmed on the 204th and lasts on the 267th."""
    rising = [100 * 1.001**n for n in range(sessions)]
    assert_verdict(tmp_path, "cycle", verdict, {**level(sessions, symbols=PRICED), "IWM": rising})


def test_a_cycle_of_large_caps_is_none(tmp_path: Path) -> None:
    falling = [100 * 0.999**n for n in range(204)]
    assert_verdict(tmp_path, "cycle", DOWN, {**level(204, symbols=PRICED), "IWM": falling})


@pytest.mark.parametrize(
    ("bill", "verdict"),
    [(0.0400, UP), (0.0401, MIX), (0.0425, MIX), (0.0449, MIX), (0.0450, DOWN), (0.0399, UP), (0.0451, DOWN)],
)
def test_rates_at_25_basis_points_by_bills(tmp_path: Path, bill: float, verdict: str) -> None:
    """The rate is 4.25%: a bill of 4.50% is 25 bp higher to the last digit, and is judged as it is shown."""
    yields: dict[str, Sequence[float]] = {"DFF": [0.0425] * YEARS, "DGS3MO": [bill] * YEARS}
    assert_verdict(tmp_path, "rates", verdict, level(YEARS), {name: list(values) for name, values in yields.items()})
