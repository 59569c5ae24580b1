"""A small ingest against the local vendors: a few instruments, two years, the largest companies."""

import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from bot.market import archive
from bot.market.dataset import Dataset
from bot.market.ingest import IngestSettings, RunSummary, ingest
from bot.market.ingest.job import Progress
from bot.market.ingest.publishing import Measure
from bot.market.store import Row, Store, migrate, quick, schema
from bot.market.store.export import rows_of
from tests.databases import fresh_postgres, postgres
from tests.market.ingest.small import BASE_DAY, LARGEST, MACRO_FROM, small_settings, small_world
from tests.vendors.fixtures import Hours, hours, short_folder, vendors
from tests.vendors.server import LocalVendors

__all__ = ["hours", "postgres", "short_folder", "vendors"]

KEPT: dict[str, Callable[[Row], bool]] = {
    "companies": lambda _row: True,
    "futures": lambda row: row["contract"] == 202607,
    "short_interest": lambda row: row["settlement"] == date(2026, 6, 30),
    "macro": lambda row: row["series"] == "BAMLH0A0HYM2",
}


@dataclass
class Bench:
    """A store, a folder for what it publishes, the vendors it asks, and the time of both."""

    folder: Path
    vendors: LocalVendors
    hours: Hours
    settings: IngestSettings
    url: str = ""

    @property
    def store(self) -> Store:
        return self._store

    def __post_init__(self) -> None:
        self.url = self.url or f"sqlite:///{self.folder / 'market.db'}"
        self._store = Store(self.url)

    def at(self, day: str, hour: int = 18) -> None:
        """Move vendors and bot to an hour in New York on a day."""
        self.vendors.world.at(day, hour)
        self.hours.clock.set(self.vendors.world.now)
        self.vendors.forget()

    def run(
        self,
        only: Sequence[str] | None = None,
        *,
        full: bool = False,
        progress: Progress | None = None,
        measure: Measure | None = None,
        **changes: Any,
    ) -> RunSummary:
        """Run the ingest once."""
        settings = replace(self.settings, **changes)
        return ingest(settings, self.store, self.hours.clock, full=full, only=only, progress=progress,
                      timing=self.hours.timing, measure=measure)  # fmt: skip

    def dataset(self) -> Dataset:
        """Open what is published."""
        return Dataset.open(self.folder / "versions")

    def contents(self) -> dict[str, set[tuple[Any, ...]]]:
        """Return all market data in the store, as sets of rows by table, as the database keeps them."""
        with self.store.reading() as connection:
            return {name: set(quick.read(connection, select(table))) for name, table in schema.data.items()}

    def moved(self, url: str) -> "Bench":
        """Return the same bench on another, empty database; runs, refusals and corrections stay behind."""
        migrate(url)
        other = Bench(self.folder, self.vendors, self.hours, self.settings, url)
        with self.store.reading() as source, other.store.writing() as target:
            for table in (*schema.data.values(), schema.versions, schema.vendor_health, schema.company_pages):
                if rows := [dict(row) for row in source.execute(select(table)).mappings()]:
                    target.execute(insert(table), rows)
        return other


@pytest.fixture(scope="session")
def empty_store() -> Iterator[Path]:
    """Give a folder with a migrated store: copied, never used itself."""
    folder = Path(tempfile.mkdtemp(prefix="v"))
    migrate(f"sqlite:///{folder / 'market.db'}")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def lean_store(empty_store: Path) -> Iterator[Path]:
    """Give a folder with a store that needs no seeds, for each table a few rows of the bundled ones: quick to read."""
    folder = Path(tempfile.mkdtemp(prefix="v"))
    shutil.copy(empty_store / "market.db", folder / "market.db")
    bundled = archive.Archive("sample")
    with Store(f"sqlite:///{folder / 'market.db'}") as store:
        for table in ("fomc", "fed_changes"):
            store.write(table, rows_of(bundled, table))
        for table, kept in KEPT.items():
            store.write(table, list(itertools.islice(filter(kept, rows_of(bundled, table)), 3)))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def base(lean_store: Path) -> Iterator[Path]:
    """Give a folder with a store filled by one good run on the evening of 17 July: copied, never used itself."""
    folder = Path(tempfile.mkdtemp(prefix="v"))
    shutil.copy(lean_store / "market.db", folder / "market.db")
    with LocalVendors(folder, small_world()) as vendors:
        hours = Hours()
        hours.clock.set(vendors.world.now)
        bench = Bench(folder, vendors, hours, small_settings(folder, vendors.settings(attempts=2)))
        summary = bench.run()
        assert summary.ok, [part.detail for part in summary.parts]
        bench.store.close()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


Benches = Callable[[Path], Bench]


@pytest.fixture
def bench_on(vendors: LocalVendors, hours: Hours, short_folder: Path) -> Iterator[Benches]:
    """Give what makes a bench on a copy of a folder."""
    made: list[Bench] = []

    def make(origin: Path) -> Bench:
        shutil.copytree(origin, short_folder / "copy", ignore=shutil.ignore_patterns("*.sock", "*.pem"))
        vendors.world.largest, vendors.world.macro_from = LARGEST, MACRO_FROM
        bench = Bench(
            short_folder / "copy", vendors, hours, small_settings(short_folder / "copy", vendors.settings(attempts=2))
        )
        made.append(bench)
        bench.at(BASE_DAY)
        return bench

    yield make
    for bench in made:
        bench.store.close()


@pytest.fixture
def bench(base: Path, bench_on: Benches) -> Bench:
    """Give a bench that was filled on the evening of 17 July."""
    return bench_on(base)


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest, bench: Bench) -> Iterator[Bench]:
    """Give that bench, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield bench
        return
    moved = bench.moved(fresh_postgres(request.getfixturevalue("postgres")))
    yield moved
    moved.store.close()


@pytest.fixture
def fresh(empty_store: Path, bench_on: Benches) -> Bench:
    """Give a bench whose store is empty."""
    return bench_on(empty_store)
