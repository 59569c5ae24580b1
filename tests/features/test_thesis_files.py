"""The scoreboard's rules at their borders, read from files; years and gauges."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from bot.analytics.verdicts import Verdict
from bot.features.thesis import words
from bot.features.thesis.history import verdict_series
from bot.features.thesis.readings import Claim, measure
from bot.market.dataset import Dataset
from tests.features import flat
from tests.features.answers import ask, values
from tests.features.claims import reading
from tests.features.tiny import FILES, LARGE, NAN, SESSIONS, Firm, market

UP, MIX, DOWN = "supports", "mixed", "contradicts"
CODES = {UP: 1.0, MIX: 0.0, DOWN: -1.0}
SMALL = Firm(symbol="ACO")


def known(folder: Path, *firms: Firm, **closes: Sequence[float]) -> Dataset:
    """Publish a market whose member lists are known as early as its files."""
    return market(folder, firms, lists=(FILES, FILES), **closes)


def assert_verdict(dataset: Dataset, claim: Claim, verdict: Verdict | None) -> None:
    """Assert the verdict of the last day, and that the claim's history ends with the same, or says nothing."""
    assert reading(claim, dataset).verdict == verdict
    told = verdict_series(dataset, claim)
    assert (told.iloc[-1] if len(told) else None) == (None if verdict is None else CODES[verdict])


@pytest.mark.parametrize(
    ("next_year", "verdict"),
    [((1.21,), UP), ((1.2,), MIX), ((1.19,), DOWN),
     ((1.1, 1.9, 1.19), MIX),  # ahead in sum, behind at the median
     ((1.21, 1.21, 1.01), MIX),  # behind in sum, ahead at the median
     ((NAN,), None), ((-1.0,), DOWN)],
)  # fmt: skip
def test_earnings_take_sum_and_median(tmp_path: Path, next_year: Sequence[float], verdict: Verdict | None) -> None:
    """Large caps grow by a fifth; every small firm has a base of one dollar and the same number of shares."""
    firms = [replace(SMALL, symbol=f"{letter}CO", eps_fy2=eps) for letter, eps in zip("ABC", next_year, strict=False)]
    dataset = known(tmp_path, *firms, LARGE)
    assert_verdict(dataset, "earnings", verdict)


@pytest.mark.parametrize(
    ("up", "down", "verdict", "said"),
    [(3, 1, UP, "+0.50 (large +0.33)"), (2, 1, MIX, "+0.33 (large +0.33)"), (4, 3, MIX, "+0.14 (large +0.33)"),
     (5, 5, DOWN, "0.00 (large +0.33)"), (0, 4, DOWN, "−1.00 (large +0.33)"), (0, 0, None, None)],
)  # fmt: skip
def test_revisions_take_more_upgrades_than_large_caps(
    tmp_path: Path, up: float, down: float, verdict: Verdict | None, said: str | None
) -> None:
    dataset = known(tmp_path, replace(SMALL, up=up, down=down), LARGE)
    assert_verdict(dataset, "revisions", verdict)
    assert said is None or words.now(reading("revisions", dataset)) == said


def test_nobody_revises_large_caps_either(tmp_path: Path) -> None:
    assert_verdict(known(tmp_path, SMALL, replace(LARGE, up=0.0, down=0.0)), "revisions", None)


def placed(rank: int) -> list[float]:
    """Return closes of small caps of which the last is the so-manieth lowest of all."""
    others = list(range(1, SESSIONS + 1))
    others.remove(rank)
    return [100.0 + n for n in (*others, rank)]


@pytest.mark.parametrize(
    ("rank", "small_eps", "verdict"),
    [
        (2, 1.0, UP),  # 2 of 22 are the lowest tenth
        (3, 1.0, MIX),  # 3 of 22 are not
        (2, 0.55, MIX),  # cheaper by less than 15%
        (2, 0.5, DOWN),  # as dear as large caps
        (2, 0.4, DOWN),
        (11, 1.0, MIX),  # the median itself
        (12, 1.0, DOWN),
        (12, 0.6, DOWN),
    ],
)
def test_valuation_takes_the_lowest_tenth_and_the_discount(
    tmp_path: Path, rank: int, small_eps: float, verdict: Verdict
) -> None:
    """Large caps cost 20 times earnings, a small one 10 dollars: at 1.00 a share half as much."""
    firms = [replace(SMALL, eps_fy1=small_eps), replace(LARGE, eps_fy1=10.0)]
    dataset = known(tmp_path, *firms, small_closes=placed(rank), large_closes=(100.0,) * SESSIONS)
    assert_verdict(dataset, "valuation", verdict)
    found = reading("valuation", dataset)
    assert found.number("percentile") == pytest.approx(rank / SESSIONS)
    assert found.number("discount") == pytest.approx(1 - 10 / small_eps / 20)


@pytest.mark.parametrize(("eps", "verdict"), [(1.0, UP), (0.999, MIX), (1.001, UP)])
def test_a_discount_of_15_percent_is_one(tmp_path: Path, eps: float, verdict: Verdict) -> None:
    """At 8.50 dollars and one of earnings against 10 times."""
    firms = [replace(SMALL, price=8.5, eps_fy1=eps), replace(LARGE, eps_fy1=20.0)]
    dataset = known(tmp_path, *firms, small_closes=placed(1), large_closes=(100.0,) * SESSIONS)
    assert_verdict(dataset, "valuation", verdict)


@pytest.mark.parametrize(
    ("small", "large", "verdict"),
    [(1.51, 1.0, UP), (1.5, 1.0, MIX), (2.5, 2.0, MIX), (1.0, 1.0, MIX), (0.5, 1.0, MIX), (2.0, 2.5, MIX),
     (0.49, 1.0, DOWN), (9.0, 10.0, DOWN)],
)  # fmt: skip
def test_short_interest_is_highest_by_more_than_half_a_point(
    tmp_path: Path, small: float, large: float, verdict: Verdict
) -> None:
    """Percent of market cap: a hundred million small shares, two billion large ones."""
    firms = [replace(SMALL, short=small * 1e6), replace(LARGE, short=large * 2e7)]
    dataset = known(tmp_path, *firms).at(date(2026, 7, 17))
    found = reading("shorts", dataset)
    assert (found.number("small"), found.number("next")) == pytest.approx((small / 100, large / 100))
    assert_verdict(dataset, "shorts", verdict)


def test_without_another_index_short_interest_is_highest_of_nothing(tmp_path: Path) -> None:
    assert_verdict(known(tmp_path, SMALL, replace(LARGE, short=NAN)).at(date(2026, 7, 17)), "shorts", None)


ALL_FOUR = 1_020  # sessions from January 2023 into 2027


def by_year(gains: Sequence[float]) -> list[float]:
    """Return a level that moves by so much on the first session of 2024, 2025, 2026 and 2027."""
    levels = {2023: 100.0}
    for year, gain in enumerate(gains, 2024):
        levels[year] = levels[year - 1] * (1 + gain)
    return [levels[day.year] for day in flat.sessions(ALL_FOUR)]


@pytest.mark.parametrize(
    ("gains", "verdict"),
    [
        ((0.1, 0.1, -0.1, 0.1), UP), ((0.1, 0.0, 0.1, 0.1), UP), ((0.1, -0.1, -0.1, 0.1), MIX),
        ((0.1, 0.0, 0.0, 0.1), MIX), ((0.1, 0.1, 0.1, 0.0), MIX), ((0.1, 0.1, 0.1, -0.1), MIX),
        ((-0.1, 0.1, -0.1, -0.1), DOWN), ((-0.1, 0.0, -0.1, -0.1), DOWN), ((-0.1, 0.1, 0.0, -0.1), MIX),
        ((-0.1, -0.1, -0.1, 0.1), MIX),
    ],
)  # fmt: skip
def test_a_comeback_takes_this_year_and_two_of_three(tmp_path: Path, gains: Sequence[float], verdict: Verdict) -> None:
    prices = {"IWM": by_year(gains), "SPY": [100.0] * ALL_FOUR}
    dataset = flat.market(tmp_path, prices)
    assert_verdict(dataset, "comeback", verdict)
    ahead, sign = sum(gain > 0 for gain in gains[:3]), {0.1: "+10.0 points", 0.0: "0.0 points", -0.1: "−10.0 points"}
    assert words.now(reading("comeback", dataset)) == f"{sign[gains[3]]} in 2027; {ahead} of 3 years before"


def test_a_comeback_is_not_judged_before_three_full_years(tmp_path: Path) -> None:
    dataset = flat.market(tmp_path, {"IWM": by_year((0.1,) * 4), "SPY": [100.0] * ALL_FOUR})
    judged = verdict_series(dataset, "comeback")
    first = judged.index[0].date()
    assert first == next(day for day in flat.sessions(ALL_FOUR) if day.year == 2027)
    for day in (date(2026, 12, 31), first):
        verdict = reading("comeback", dataset.at(day)).verdict
        assert verdict == (UP if day == first else None)


@pytest.mark.parametrize(("code", "hot"), [(1.0, {0}), (0.0, {1}), (-1.0, {2, 3, 4})])
def test_risks_are_counted_above_eighty(sample: Dataset, code: float, hot: set[int]) -> None:
    """The last week of each verdict: as many gauges of its card are above 80."""
    history = verdict_series(sample, "risks")
    day = history.index[history == code][-1].date()
    card = values(ask("risks", day.isoformat()))
    gauges = [v for k, v in card.items() if k.startswith("gauge.") and k.count(".") == 1 and isinstance(v, float)]
    assert sum(value > 80 for value in gauges) in hot
    found = reading("risks", sample.at(day))
    assert found.verdict == next(name for name, one in CODES.items() if one == code)
    assert found.number("readable") == len(gauges)


@pytest.mark.parametrize("claim", ["records", "outrunning", "breadth", "cycle", "rates"])
def test_each_day_of_a_stretch_is_judged_as_its_scoreboard_did(sample: Dataset, claim: Claim) -> None:
    """Around each of the last changes of a verdict: the day of it, and the sessions before and after."""
    history = verdict_series(sample, claim)
    changed = [n for n in range(1, len(history)) if history.iloc[n] != history.iloc[n - 1]][-2:]
    assert changed
    for place in sorted({n + step for n in changed for step in (-1, 0, 1) if n + step < len(history)}):
        day = pd.Timestamp(history.index[place]).date()
        said = reading(claim, sample.at(day)).verdict
        assert said is not None, day
        assert CODES[said] == history.iloc[place], day


def test_the_scoreboard_reads_eleven_claims_and_misses_what_a_tiny_market_lacks(tmp_path: Path) -> None:
    readings = {one.claim: one for one in measure(known(tmp_path, SMALL, LARGE))}
    assert tuple(readings) == words.SCORED
    for claim in ("outrunning", "comeback", "breadth", "rates", "cycle"):
        assert readings[claim].verdict is None, claim
    assert words.now(readings["outrunning"]) == "the record is too short"
    assert words.now(readings["cycle"]) == "nothing stored for this day"
    assert readings["records"].verdict == UP
    assert words.now(readings["records"]) == "at a record, 121.00"
