from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.clock import SettableClock, SystemClock

NOON = datetime(2026, 7, 17, 12, tzinfo=UTC)


def test_the_system_clock_is_aware() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_a_set_clock_stands_still() -> None:
    clock = SettableClock(NOON)
    assert clock.now() == clock.now() == NOON
    clock.set(NOON + timedelta(days=1))
    assert clock.now() == NOON + timedelta(days=1)


def test_a_following_clock_moves_with_what_it_follows() -> None:
    moments = iter([NOON, NOON, NOON + timedelta(hours=2)])
    clock = SettableClock(datetime(2026, 1, 1, tzinfo=UTC), follow=lambda: next(moments))
    assert clock.now() == datetime(2026, 1, 1, tzinfo=UTC)
    assert clock.now() == datetime(2026, 1, 1, 2, tzinfo=UTC)


def test_other_zones_become_utc_and_naive_times_are_refused() -> None:
    assert SettableClock(datetime(2026, 7, 17, 8, tzinfo=timezone(timedelta(hours=-4)))).now() == NOON
    with pytest.raises(ValueError, match="aware"):
        SettableClock(datetime(2026, 7, 17, 8))  # noqa: DTZ001
    with pytest.raises(ValueError, match="aware"):
        SettableClock(NOON).set(datetime(2026, 7, 17, 8))  # noqa: DTZ001
