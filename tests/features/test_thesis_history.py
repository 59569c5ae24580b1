"""The verdicts of the past: what the scoreboard of each day said, and nothing before it could."""

from datetime import date

import pandas as pd
import pytest

from bot.alerts.evaluate import is_fresh
from bot.features.thesis import words
from bot.features.thesis.history import verdict_series
from bot.features.thesis.readings import Claim
from bot.features.thesis.report import indicators
from bot.market.dataset import Dataset
from tests.features.claims import reading

CODES = {"supports": 1.0, "mixed": 0.0, "contradicts": -1.0}
DAILY = ("records", "outrunning", "comeback", "breadth", "rates", "cycle")
FRIDAYS = ("2026-07-31", "2026-07-17", "2025-12-05", "2025-07-18", "2025-03-14", "2024-08-02", "2023-10-06",
           "2020-03-20", "2022-06-17", "2016-05-06", "2009-03-13")  # fmt: skip


@pytest.mark.parametrize("day", FRIDAYS)
@pytest.mark.parametrize("claim", [*DAILY, "risks"])
def test_a_verdicts_history_says_what_the_scoreboard_said(sample: Dataset, claim: Claim, day: str) -> None:
    history = verdict_series(sample, claim)
    said = reading(claim, sample.at(date.fromisoformat(day))).verdict
    found = history.get(pd.Timestamp(day))
    assert found == (None if said is None else CODES[said])


@pytest.mark.parametrize(
    ("claim", "first"),
    [("earnings", "2026-06-30"), ("revisions", "2026-06-30"), ("shorts", "2026-07-27"), ("valuation", "2026-06-30")],
)
def test_claims_on_files_are_judged_when_a_file_comes(sample: Dataset, claim: Claim, first: str) -> None:
    history = verdict_series(sample, claim)
    assert history.index[0] == pd.Timestamp(first)
    for day, code in history.items():
        said = reading(claim, sample.at(pd.Timestamp(str(day)).date())).verdict
        assert said is None or CODES[said] == code, day
    measured_last = reading(claim, sample.at(history.index[-1].date())).verdict
    assert measured_last is not None


def test_before_its_inputs_a_claim_has_no_verdict(sample: Dataset) -> None:
    assert verdict_series(sample, "comeback").index[0].year == 2004  # three full years before it
    early = sample.at(date(2026, 5, 29))
    for claim in ("earnings", "revisions", "valuation", "shorts"):
        assert verdict_series(early, claim).empty


def test_indicators_are_series_of_three_states(sample: Dataset) -> None:
    assert [one.id for one in indicators()] == [f"thesis.{claim}" for claim in words.SCORED]
    for indicator in indicators():
        series = indicator.series(sample)
        assert set(series.unique()) <= {0.0, 1.0, 2.0}
        assert len(indicator.states) == 3
        assert is_fresh(series, indicator.cadence, sample.last), indicator.id
