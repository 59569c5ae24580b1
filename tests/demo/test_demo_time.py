"""How far a line typed in the demo moves its clock, and where the demo's past begins and ends."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot import i18n
from bot.clock import SettableClock
from bot.demo import past, stage
from bot.demo.page import _span, moved
from bot.market.catalogue import NEW_YORK, Catalogue


@pytest.mark.parametrize(
    ("line", "hours"),
    [
        ("+1h", 1), ("1h", 1), ("+1 h", 1), ("+36h", 36), ("+1d", 24), (" +1D \n", 24), ("2d", 48), ("+1w", 168),
        ("13w", 2184), ("91d", 2184), ("2184h", 2184), ("+0h", 0),
    ],
)  # fmt: skip
def test_a_line_is_read_as_a_span(line: str, hours: int) -> None:
    assert _span(line) == timedelta(hours=hours)


@pytest.mark.parametrize(
    "line", ["", "+", "1", "h", "-1d", "++1d", "+1m", "+1d +1d", "+1.5h", "tomorrow", "+1  d", "+10000h", "14w", "92d",
             "2185h", "+9999w"],
)  # fmt: skip
async def test_any_other_line_is_answered_with_how_to_and_moves_nothing(line: str) -> None:
    """A jump of years would make every post on its way, and the page would stand still for hours."""
    nobody: Any = None  # neither a bot nor a page is needed to say so
    assert await moved(nobody, nobody, line) == "Type +1d for a day, +1w for a week, +3h for hours: 13 weeks at most."
    with i18n.use("es"):
        assert "13 semanas" in await moved(nobody, nobody, line)


def test_the_demo_opens_half_an_hour_after_the_close_of_a_friday_and_its_past_a_week_before() -> None:
    calendar = Catalogue.load()
    local = stage.START.astimezone(NEW_YORK)
    assert local.weekday() == 4
    assert stage.START - calendar.close(local.date()) == timedelta(minutes=30)
    assert timedelta(days=7) == stage.START - past.WEEK_BEFORE
    assert calendar.close(past.WEEK_BEFORE.astimezone(NEW_YORK).date()) < past.WEEK_BEFORE
    posted = datetime.combine(local.date(), past.POSTED_AT, NEW_YORK)
    assert timedelta(0) < posted - stage.START <= timedelta(hours=1), "one hour forward brings the weekly post"


def test_time_in_the_demo_is_the_simulated_one_and_what_really_goes_by() -> None:
    passing = stage._Passing()
    passing.opened_at = datetime.now(UTC) - timedelta(hours=5)
    assert timedelta(hours=5) <= passing() - stage.START < timedelta(hours=5, minutes=10)
    clock = SettableClock(stage.START, follow=passing)
    first = clock.now()
    passing.opened_at -= timedelta(hours=2)
    assert timedelta(hours=2) <= clock.now() - first < timedelta(hours=2, minutes=10)
    clock.set(stage.START)
    assert timedelta(0) <= clock.now() - stage.START < timedelta(minutes=10)
