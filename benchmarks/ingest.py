"""How long a backfill and a quiet day take, against local vendors that answer after 200 ms."""

import tempfile
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.figure import Figure
from bot.clock import SettableClock
from bot.market.ingest import IngestSettings, RunSummary, ingest
from bot.market.ingest.settings import Instrument
from bot.market.store import Store, migrate
from tests.vendors.apart import apart

LATENCY = 0.2
SYMBOLS = 45
YEARS = 25
RECORDED = ("SPY", "QQQ", "IWM", "IWB", "XLY")


def _timed(settings: IngestSettings, store: Store, clock: SettableClock) -> tuple[float, RunSummary]:
    start = time.perf_counter()
    summary = ingest(settings, store, clock, only=["prices"])
    return time.perf_counter() - start, summary


def run() -> Iterable[Figure]:
    """Measure a backfill of 45 symbols over 25 years and the day after it, the rate limit off, published both times."""
    names = {f"B{n:02d}": RECORDED[n % len(RECORDED)] for n in range(SYMBOLS)}
    instruments = tuple(Instrument(name, name, f"Copy of {symbol}", "fund") for name, symbol in names.items())
    for words, days in (("backfill of 45 symbols, 25 years", (30,)), ("the day after", (30, 31))):
        with tempfile.TemporaryDirectory(prefix="v") as folder:
            place = Path(folder)
            url = f"sqlite:///{place / 'market.db'}"
            migrate(url)
            with Store(url) as store:
                taken = 0.0
                for day in days:
                    moment = datetime(2026, 7, day, 22, tzinfo=UTC)
                    with apart(place, moment, LATENCY, names) as vendors:
                        settings = IngestSettings(
                            folder=place / "versions", vendors=vendors, history_years=YEARS, instruments=instruments
                        )
                        taken, summary = _timed(settings, store, SettableClock(moment))
                        assert summary.ok, summary.sentences()
                rows = summary.part("prices").written.new
                yield Figure(f"{words} ({rows:,} new bars)", taken, "s", "45 answers one by one", SYMBOLS * LATENCY)
