"""When data is fetched, and that fetching ends: with real processes, on the sample's calendar."""

import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.jobs.ingesting import AGAIN, LANDING, Ingesting, fetch, ingest_command, next_fetch
from bot.market.catalogue import Catalogue
from tests.jobs.support import Shifted

CLOSE = datetime(2026, 7, 17, 20, 0, tzinfo=UTC)  # Friday in New York
SUCCEEDS = (sys.executable, "-c", "pass")
HANGS = (sys.executable, "-c", "import sys; sys.stdin.read(); import time; time.sleep(600)")


def ingesting(catalogue: Catalogue, last: date, clock: Shifted, command: tuple[str, ...] = SUCCEEDS) -> Ingesting:
    stored = replace(catalogue, last_session=last)
    return Ingesting(command, clock, lambda: stored)


def times(catalogue: Catalogue, last: date, start: datetime, until: datetime) -> list[str]:
    """Look once a minute whether it is time, as the scheduler does; return when it was, in UTC."""
    clock = Shifted(start)
    job = ingesting(catalogue, last, clock)
    found = []
    while clock.now() < until:
        if job.is_due(clock.now()) or job._last is None:
            found += [f"{clock.now():%d %H:%M}"] if job.is_due(clock.now()) else []
            job._last = clock.now()
        clock.forward(timedelta(minutes=1))
    return found


MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def test_it_tries_at_growing_intervals_until_the_days_bar_is_there(catalogue: Catalogue) -> None:
    """15 minutes after the closing bell, when the bar is final, then after 15, 30, 60, 120, 120... minutes."""
    found = times(catalogue, date(2026, 7, 16), CLOSE, CLOSE + 10 * HOUR)
    assert found == ["17 20:15", "17 20:30", "17 21:00", "17 22:00", "18 00:00", "18 02:00", "18 04:00"]


def test_once_the_bar_is_there_it_looks_now_and_then(catalogue: Catalogue) -> None:
    """Short interest and macro series appear at their own hours, on a weekend too."""
    found = times(catalogue, date(2026, 7, 17), CLOSE, CLOSE + 26 * HOUR)
    assert found == ["17 20:15", "18 02:15", "18 08:15", "18 14:15", "18 20:15"]


def test_an_early_close_is_fetched_early(catalogue: Catalogue) -> None:
    """On the day after Thanksgiving trading ends at 13:00 in New York."""
    start = datetime(2026, 11, 27, 15, tzinfo=UTC)
    found = times(catalogue, date(2026, 11, 25), start, start + 4 * HOUR)
    assert found == ["27 15:15", "27 18:15", "27 18:30"]


def test_after_days_off_it_fetches_at_once(catalogue: Catalogue) -> None:
    start = CLOSE + timedelta(days=3, hours=-3)  # Monday, before the bell: Friday is missing
    assert times(catalogue, date(2026, 7, 15), start, start + HOUR)[:1] == [f"{start:%d %H:%M}"]
    assert times(catalogue, date(2026, 7, 17), start, start + HOUR) == []


def test_data_older_than_its_calendar_reaches_is_fetched_all_the_same(catalogue: Catalogue) -> None:
    """As of a bot that was switched off for more than a year, whose vendors are out of reach when it comes back."""
    now = datetime.combine(catalogue.sessions[-1], CLOSE.timetz()) + timedelta(days=100)
    found = times(catalogue, catalogue.last_session, now, now + 5 * HOUR)
    assert len(found) == 3  # at once, then every two hours
    assert next_fetch(replace(catalogue), now) - now <= 2 * HOUR


def test_the_next_time_is_the_one_that_then_comes(catalogue: Catalogue) -> None:
    for last in (date(2026, 7, 16), date(2026, 7, 17)):
        stored = replace(catalogue, last_session=last)
        for after in range(-100, 4000, 37):
            now = CLOSE + after * MINUTE
            ahead = next_fetch(stored, now)
            job = ingesting(catalogue, last, Shifted(now))
            job._last = now
            assert ahead > now
            assert not job.is_due(ahead - MINUTE)
            assert job.is_due(ahead)


async def test_it_fetches_once_and_then_waits_again(catalogue: Catalogue, tmp_path: Path) -> None:
    mark = tmp_path / "fetched"
    command = (sys.executable, "-c", f"open({str(mark)!r}, 'a').write('x')")
    clock = Shifted(CLOSE + LANDING)
    job = ingesting(catalogue, date(2026, 7, 16), clock, command)
    assert await job.run()
    assert not await job.run()
    clock.forward(AGAIN)
    assert await job.run()
    clock.forward(AGAIN)
    assert not await job.run()
    assert mark.read_text() == "xx"


async def test_a_failed_ingest_is_no_fault_of_the_job(catalogue: Catalogue, caplog: pytest.LogCaptureFixture) -> None:
    clock = Shifted(CLOSE)
    job = ingesting(catalogue, date(2026, 7, 16), clock, (sys.executable, "-c", "raise SystemExit(3)"))
    clock.forward(LANDING)
    assert await job.run()
    assert "ended with code 3" in caplog.text


async def test_what_hangs_is_ended() -> None:
    with pytest.raises(TimeoutError):
        await fetch(HANGS, seconds=0.2)


async def test_one_that_hangs_is_a_line_in_the_log_and_the_next_one_comes(
    catalogue: Catalogue, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "__defaults__", (0.2,))
    clock = Shifted(CLOSE + LANDING)
    job = ingesting(catalogue, date(2026, 7, 16), clock, HANGS)
    assert await job.run()
    [record] = caplog.records
    assert (record.levelname, record.exc_info) == ("WARNING", None)
    assert "was ended after" in record.getMessage()
    clock.forward(AGAIN)
    assert await job.run()


def test_the_same_settings_are_used() -> None:
    assert ingest_command(Path("my.toml"))[1:] == ("-m", "bot", "--config", "my.toml", "ingest")
    assert ingest_command(None)[1:] == ("-m", "bot", "ingest")
