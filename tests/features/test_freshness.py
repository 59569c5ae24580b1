"""What is too old: on both sides of each border, and by the calendar of settlements."""

from datetime import date, timedelta

import pytest

from bot.errors import MissingData
from bot.features.freshness import OLDEST, Kind, stale, stale_settlement
from bot.features.indices import INDEX_OF, NAMES, absent, known
from bot.market.dataset import Dataset

DAY = date(2026, 5, 5)


@pytest.mark.parametrize("kind", list(OLDEST))
def test_a_file_is_stale_the_day_after_its_time(kind: Kind) -> None:
    last = DAY + OLDEST[kind]
    assert not stale(kind, DAY, DAY)
    assert not stale(kind, DAY, last)
    assert stale(kind, DAY, last + timedelta(days=1))


@pytest.mark.parametrize(
    ("settlement", "as_of", "expected"),
    [
        (date(2026, 5, 15), date(2026, 6, 9), False),
        (date(2026, 5, 15), date(2026, 6, 10), True),  # those of 29 May are published eight sessions later
        (date(2026, 7, 15), date(2026, 7, 31), False),
    ],
)
def test_positions_are_stale_once_the_next_are_due(
    sample: Dataset, settlement: date, as_of: date, expected: bool
) -> None:
    assert stale_settlement(settlement, sample.at(as_of)) is expected


def test_every_index_has_a_name() -> None:
    assert set(INDEX_OF.values()) <= set(NAMES)


@pytest.mark.parametrize(("value", "shown"), [(0.5, 0.5), (float("nan"), None), (float("inf"), None), (0.0, 0.0)])
def test_what_is_no_number_is_not_known(value: float, shown: float | None) -> None:
    assert known(value) == shown


def test_what_is_absent_is_said_without_the_days_to_come() -> None:
    missing = MissingData("Estimates", date(2025, 12, 4), date(2026, 6, 30))
    assert absent(missing) == "Estimates: nothing is stored for 4 Dec 2025."
