"""What is not in yet, said in words and as a moment in the reader's own time."""

from datetime import UTC, date, datetime

import pytest

from bot import i18n
from bot.discord_ui.sessions import missing_session
from bot.market.catalogue import Catalogue

CATALOGUE = Catalogue.load()


@pytest.mark.parametrize(
    ("last", "now", "lands"),
    [
        (date(2026, 7, 16), datetime(2026, 7, 17, 14, 0, tzinfo=UTC), datetime(2026, 7, 17, 20, 20, tzinfo=UTC)),
        (date(2026, 7, 17), datetime(2026, 7, 18, 14, 0, tzinfo=UTC), datetime(2026, 7, 20, 20, 20, tzinfo=UTC)),
        (date(2026, 7, 2), datetime(2026, 7, 3, 16, 0, tzinfo=UTC), datetime(2026, 7, 6, 20, 20, tzinfo=UTC)),
        (date(2026, 11, 25), datetime(2026, 11, 26, 16, 0, tzinfo=UTC), datetime(2026, 11, 27, 18, 20, tzinfo=UTC)),
    ],
    ids=["in the session", "at the weekend", "on a holiday", "before an early close"],
)
def test_the_next_bar_is_announced(last: date, now: datetime, lands: datetime) -> None:
    note = missing_session(CATALOGUE, last, now)
    assert note is not None
    assert note.startswith(f"Last close: {last:%A}, {last.day} {last:%b %Y}. The next bar lands about")
    assert f"<t:{int(lands.timestamp())}:f>" in note


@pytest.mark.parametrize("hour", [20, 23])
def test_nothing_is_missing_on_the_evening_of_a_close(hour: int) -> None:
    assert missing_session(CATALOGUE, date(2026, 7, 17), datetime(2026, 7, 17, hour, 30, tzinfo=UTC)) is None


def test_late_at_night_in_utc_it_is_still_the_same_day_at_the_exchange() -> None:
    assert missing_session(CATALOGUE, date(2026, 7, 17), datetime(2026, 7, 18, 2, 0, tzinfo=UTC)) is None


@pytest.mark.parametrize("now", [datetime(2026, 8, 5, 12, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)])
def test_overdue_bars_are_not_promised(now: datetime) -> None:
    note = missing_session(CATALOGUE, date(2026, 7, 31), now)
    assert note == "Last close: Friday, 31 Jul 2026. Newer closes have not arrived yet."


def test_it_is_said_in_the_active_language() -> None:
    with i18n.use(i18n.PSEUDO):
        note = missing_session(CATALOGUE, date(2026, 7, 16), datetime(2026, 7, 17, 14, tzinfo=UTC))
    assert (note or "").startswith("⟦")
