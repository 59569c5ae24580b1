"""When data is fetched, and that fetching ends: with real processes, on the sample's calendar."""

import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.jobs.ingesting import AGAIN, USUALLY, Ingesting, fetch, ingest_command
from bot.market.catalogue import Catalogue
from tests.jobs.support import Shifted

CLOSE = datetime(2026, 7, 17, 20, 0, tzinfo=UTC)  # Friday in New York
SUCCEEDS = (sys.executable, "-c", "pass")


def ingesting(catalogue: Catalogue, last: date, clock: Shifted, command: tuple[str, ...] = SUCCEEDS) -> Ingesting:
    stored = replace(catalogue, last_session=last)
    return Ingesting(command, clock, lambda: stored)


@pytest.mark.parametrize(
    ("last", "after_close", "waited", "due"),
    [
        (date(2026, 7, 16), timedelta(minutes=16), AGAIN, True),
        (date(2026, 7, 16), timedelta(minutes=14), AGAIN, False),  # the bar may still change
        (date(2026, 7, 16), timedelta(minutes=16), AGAIN - timedelta(minutes=1), False),
        (date(2026, 7, 17), timedelta(minutes=16), AGAIN, False),
        (date(2026, 7, 17), timedelta(hours=7), USUALLY, True),
        (date(2026, 7, 17), timedelta(days=2), USUALLY - timedelta(minutes=1), False),  # a weekend has no close
    ],
)
def test_it_is_time_soon_after_a_close_and_then_now_and_then(
    catalogue: Catalogue, last: date, after_close: timedelta, waited: timedelta, due: bool
) -> None:
    clock = Shifted(CLOSE + after_close - waited)
    job = ingesting(catalogue, last, clock)
    clock.forward(waited)
    assert job.is_due(clock.now()) is due


async def test_it_fetches_once_and_then_waits_again(catalogue: Catalogue, tmp_path: Path) -> None:
    mark = tmp_path / "fetched"
    command = (sys.executable, "-c", f"open({str(mark)!r}, 'a').write('x')")
    clock = Shifted(CLOSE + timedelta(minutes=16))
    job = ingesting(catalogue, date(2026, 7, 16), clock, command)
    assert not await job.run()
    clock.forward(AGAIN)
    assert await job.run()
    assert not await job.run()
    clock.forward(AGAIN)
    assert await job.run()
    assert mark.read_text() == "xx"


async def test_a_failed_ingest_is_no_fault_of_the_job(catalogue: Catalogue, caplog: pytest.LogCaptureFixture) -> None:
    clock = Shifted(CLOSE)
    job = ingesting(catalogue, date(2026, 7, 16), clock, (sys.executable, "-c", "raise SystemExit(3)"))
    clock.forward(USUALLY)
    assert await job.run()
    assert "ended with code 3" in caplog.text


async def test_what_hangs_is_ended() -> None:
    with pytest.raises(TimeoutError):
        await fetch((sys.executable, "-c", "import sys; sys.stdin.read(); import time; time.sleep(600)"), seconds=0.2)


def test_the_same_settings_are_used() -> None:
    assert ingest_command(Path("my.toml"))[1:] == ("-m", "bot", "--config", "my.toml", "ingest")
    assert ingest_command(None)[1:] == ("-m", "bot", "ingest")
