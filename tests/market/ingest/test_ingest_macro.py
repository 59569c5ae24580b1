"""Macro series: when they are asked for, how they are kept, decisions that follow from them."""

from datetime import date, timedelta

import pandas as pd
import pytest

from bot.market.ingest.macro import as_fraction, decided, is_due
from bot.market.ingest.settings import MACRO
from bot.market.store import runs
from bot.market.tables import IN_PERCENT
from tests.market.ingest.conftest import Bench
from tests.vendors.world import sample


def test_series_are_kept_as_fractions_with_the_day_they_became_known(fresh: Bench) -> None:
    summary = fresh.run(["prices", "macro"])
    assert summary.ok
    assert summary.part("macro").requests == len(MACRO)
    data, bundled = fresh.dataset(), sample().at(date(2026, 7, 17))
    for series in ("DGS2", "UNRATE", "ICSA", "NFCI", "DFEDTARU"):
        found, expected = data.macro_known(series), bundled.macro_known(series)
        expected = expected[expected.index >= pd.Timestamp("2025-01-01")]
        assert found.index.tolist() == expected.index.tolist()
        assert found["value"].tolist() == pytest.approx(expected["value"].tolist(), abs=1e-12)
        assert found["known"].tolist() == expected["known"].tolist()


def test_fractions_are_those_nearest_to_the_published_digits() -> None:
    assert as_fraction(4.28) == 0.0428
    assert as_fraction(5.33) == 0.0533
    assert {series for series in MACRO if series in IN_PERCENT} == set(MACRO) - {"ICSA", "NFCI"}


@pytest.mark.parametrize(
    ("series", "newest", "today", "due"),
    [
        ("DGS2", None, "2026-07-20", True),
        ("DGS2", "2026-07-16", "2026-07-17", False),  # Friday's value comes on Monday
        ("DGS2", "2026-07-16", "2026-07-20", True),
        ("DGS2", "2026-07-17", "2026-07-20", False),
        ("ICSA", "2026-07-11", "2026-07-22", False),
        ("ICSA", "2026-07-11", "2026-07-23", True),
        ("UNRATE", "2026-06-01", "2026-08-06", False),
        ("UNRATE", "2026-06-01", "2026-08-07", True),  # the first Friday of the next month
    ],
)
def test_a_series_is_asked_for_when_another_observation_may_be_out(
    series: str, newest: str | None, today: str, due: bool
) -> None:
    assert is_due(series, date.fromisoformat(newest) if newest else None, date.fromisoformat(today)) is due


def test_a_day_asks_for_what_is_due_alone(bench: Bench) -> None:
    bench.at("2026-07-20")
    summary = bench.run(["macro"])
    asked = {request.query["id"] for request in bench.vendors.asked}
    assert summary.ok
    assert asked == set(MACRO) - {"ICSA", "NFCI", "UNRATE", "FEDFUNDS"}
    assert all("cosd" in request.query for request in bench.vendors.asked)


def test_a_revision_is_stored_and_logged(bench: Bench) -> None:
    before = bench.store.rows("macro", series="ICSA")[-1]
    with bench.store.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE macro SET value = value + 1000 WHERE series = 'ICSA' AND day >= '2026-07-01'"
        )
    bench.at("2026-07-23")
    assert bench.run(["macro"]).ok
    assert bench.store.rows("macro", series="ICSA", day=before["day"]) == [before]
    assert any('"ICSA"' in row["key"] for row in runs.corrected(bench.store))


def target(**days: float) -> dict[date, float]:
    return {date.fromisoformat(day[1:].replace("_", "-")): value for day, value in days.items()}


MEETING = date(2025, 12, 10)


def test_a_decision_shows_on_the_day_after_the_meeting() -> None:
    lower = target(d2025_12_10=0.0375, d2025_12_11=0.0350)
    upper = target(d2025_12_10=0.0400, d2025_12_11=0.0375)
    assert decided([MEETING], lower, upper) == [{"day": MEETING, "lower": 0.0350, "upper": 0.0375}]


def test_no_change_is_no_decision_that_counts() -> None:
    same = target(d2025_12_10=0.0375, d2025_12_11=0.0375)
    assert decided([MEETING], same, same) == []
    assert decided([MEETING], target(d2025_12_10=0.0375), same) == []  # the day after is not out yet
    assert decided([MEETING + timedelta(days=1)], same, same) == []


def test_recorded_decisions_come_out_of_recorded_targets() -> None:
    """All decisions of 2022 to 2025 follow from the target range of the days around the meetings."""
    data = sample()
    lower, upper = (
        {day.date(): float(value) for day, value in data.macro(series).items()} for series in ("DFEDTARL", "DFEDTARU")
    )
    meetings = [day.date() for day in data.fomc_meetings() if date(2022, 1, 1) <= day.date() <= date(2025, 12, 31)]
    recorded = data.fed_changes()["2022-01-01":"2025-12-31"]  # type: ignore[misc]  # days slice it
    found = decided(meetings, lower, upper)
    assert [row["day"] for row in found] == [day.date() for day in recorded.index]
    assert [row["upper"] for row in found] == pytest.approx(recorded["upper"].tolist())
    assert len(found) > 15


def test_a_new_decision_joins_the_table(bench: Bench) -> None:
    with bench.store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM fed_changes WHERE day >= '2025-09-01'")
    recorded = sample().fed_changes()["2025-09-01":]  # type: ignore[misc]
    assert len(recorded) > 0
    bench.at("2026-07-20")
    assert bench.run(["macro"]).ok
    assert [row["day"] for row in bench.store.rows("fed_changes", since=date(2025, 9, 1))] == [
        day.date() for day in recorded.index
    ]
