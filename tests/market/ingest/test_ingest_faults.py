"""Each fault at each vendor in the middle of a run.

The yardstick is a run without faults from the same beginning: whatever happens, nothing is stored that this run would
not have stored, no file or session is shown in part, and the next good run ends at the very same version.
"""

import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from bot.discord_ui.sessions import missing_session
from bot.features.rotation.request import RotationRequest
from bot.market.catalogue import Catalogue
from bot.market.dataset import Dataset
from bot.market.ingest import PARTS
from bot.market.sources.vendor import FINRA, FRED, ISHARES, YAHOO, Vendors
from bot.market.store import state
from bot.market.tables import SPECS
from bot.worker import compute
from tests.market.ingest.conftest import Bench
from tests.market.ingest.small import SYMBOLS, small_settings, small_world
from tests.vendors.faults import KINDS
from tests.vendors.fixtures import Hours
from tests.vendors.server import LocalVendors

DAY = "2026-07-27"
NAMES = {"yahoo": YAHOO, "finra": FINRA, "ishares": ISHARES, "fred": FRED}
PARTS_OF = {key: [part for part, vendor in PARTS.items() if vendor == name] for key, name in NAMES.items()}
FILES = {"holdings": ("fund", "day"), "snapshots": ("day",), "estimates": ("day",), "fundamentals": ("day",),
         "market": ("day",), "short_interest": ("settlement",)}  # fmt: skip
SPOILING = [kind for kind in KINDS if kind not in {"replay", "rate-crumb"}]
CASES = [(vendor, kind) for vendor in NAMES for kind in SPOILING] + [("yahoo", "rate-crumb")]
# What a fault amounts to where it is none: a file that is missing is not published yet, prices need no crumb.
HARMLESS = {("finra", "delisted")}
# Half of a holdings file or of a series that is asked for from a day on ends before what is stored, or adds up to half.
STARTS: dict[str, int] = {"yahoo": 3, "finra": 0, "ishares": 1, "fred": 2}


# Each of Yahoo's parts with the answers that are still good: a run of all parts that fails early never comes to these.
MIDDLES: dict[str, int] = {"futures": 1, "snapshot": 1, "funds": 2, "companies": 2}
PART_CASES = [
    (part, kind)
    for part in MIDDLES
    for kind in SPOILING
    if kind != "half" or part in {"futures", "snapshot"}  # half of a page of facts is no fault known
]
# A contract, or a company's page, that is not there is no failure.
NOT_THERE = {("futures", "delisted"), ("companies", "delisted")}

Contents = dict[str, set[tuple[Any, ...]]]
Facts = dict[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Good:
    """The outcome of a run without faults."""

    contents: Contents
    version: str | None
    facts: Facts


def facts(bench: Bench) -> Facts:
    """Return what companies' pages said."""
    return {symbol: page.facts for symbol, page in state.pages(bench.store).items() if page.facts}


def files(contents: Contents) -> dict[str, Counter[tuple[Any, ...]]]:
    """Return how many rows each dated file has."""
    found = {}
    for table, key in FILES.items():
        places = [list(SPECS[table].columns).index(column) for column in key]
        found[table] = Counter(tuple(row[place] for place in places) for row in contents[table])
    return found


@pytest.fixture(scope="session")
def good(base: Path) -> dict[str, Good]:
    """Give what a run without faults ends at, for each vendor alone, and for each of Yahoo's parts."""
    found: dict[str, Good] = {}
    for name, parts in {**PARTS_OF, **{part: [part] for part in MIDDLES}}.items():
        folder = Path(tempfile.mkdtemp(prefix="v"))
        shutil.copytree(base, folder / "copy", ignore=shutil.ignore_patterns("*.sock", "*.pem"))
        world = small_world()
        world.holdings_as_of.clear()
        with LocalVendors(folder, world) as vendors:
            bench = Bench(
                folder / "copy", vendors, Hours(), small_settings(folder / "copy", vendors.settings(attempts=2))
            )
            bench.at(DAY)
            summary = bench.run(parts)
            assert summary.ok, [part.detail for part in summary.parts]
            found[name] = Good(bench.contents(), summary.version, facts(bench))
            bench.store.close()
        shutil.rmtree(folder, ignore_errors=True)
    return found


def assert_nothing_wrong_or_partial(found: Contents, before: Contents, after: Contents) -> None:
    """Check that the store holds only rows of the good outcome or of the beginning, and files only as a whole."""
    for table, rows in found.items():
        assert rows <= before[table] | after[table], table
    began, ended = files(before), files(after)
    for table, counted in files(found).items():
        for name, count in counted.items():
            assert count in {began[table][name], ended[table][name]}, (table, name)


def assert_sessions_are_whole(data: Dataset) -> None:
    """Check that every symbol shown has the dataset's last session."""
    for symbol in SYMBOLS:
        assert data.closes(symbol).index[-1] == pd.Timestamp(data.as_of), symbol


def patience(bench: Bench, kind: str) -> Vendors:
    """Return settings with which a vendor that stalls is given up soon."""
    return bench.vendors.settings(timeout=0.2 if kind == "stall" else 20.0, attempts=1 if kind == "stall" else 2)


@pytest.mark.parametrize(("vendor", "kind"), CASES)
def test_no_fault_gets_through(bench: Bench, good: dict[str, Good], vendor: str, kind: str) -> None:
    parts = PARTS_OF[vendor]
    before = bench.contents()
    bench.at(DAY)
    bench.vendors.fail(vendor, kind, after=0 if kind == "rate-crumb" else STARTS[vendor])
    summary = bench.run(parts, vendors=patience(bench, kind))

    assert bench.vendors.plan.played > 0
    assert summary.ok is ((vendor, kind) in HARMLESS)
    assert len(summary.sentences()) == (0 if summary.ok else 1)
    assert_nothing_wrong_or_partial(bench.contents(), before, good[vendor].contents)
    assert_sessions_are_whole(bench.dataset())

    bench.vendors.mend()
    bench.hours.sleep(3600)  # every pause of the breaker is over
    again = bench.run(parts)
    assert again.ok, [part.detail for part in again.parts]
    assert bench.contents() == good[vendor].contents
    assert bench.dataset().version == good[vendor].version


@pytest.mark.parametrize(("part", "kind"), PART_CASES)
def test_no_fault_gets_through_in_the_middle_of_a_part(
    bench: Bench, good: dict[str, Good], part: str, kind: str
) -> None:
    """The second page of the market, the second contract, the third page of facts: and all that come after it."""
    before, pages, shown = bench.contents(), facts(bench), bench.dataset().version
    bench.at(DAY)
    bench.vendors.fail("yahoo", kind, after=MIDDLES[part])
    summary = bench.run([part], vendors=patience(bench, kind))

    assert bench.vendors.plan.played > 0
    assert summary.ok is ((part, kind) in NOT_THERE)
    assert len(summary.sentences()) == (0 if summary.ok else 1)
    assert_nothing_wrong_or_partial(bench.contents(), before, good[part].contents)
    assert all(said in (pages.get(symbol), good[part].facts[symbol]) for symbol, said in facts(bench).items())
    assert set(facts(bench)) >= set(pages)
    assert bench.dataset().as_of == date(2026, 7, 17)

    bench.vendors.mend()
    bench.hours.clock.set(bench.hours.clock.now() + timedelta(hours=3))  # the breaker's pause is over, so is the day
    again = bench.run([part])
    assert again.ok, again.parts[0].detail
    assert bench.contents() == good[part].contents
    assert bench.dataset().version == (good[part].version or shown)
    lost = {symbol for symbol, page in state.pages(bench.store).items() if page.failures}  # its turn, until it is next
    assert set(facts(bench)) | lost >= set(good[part].facts)


def test_nothing_stays_cached_as_delisted(bench: Bench, good: dict[str, Good]) -> None:
    bench.vendors.fail("yahoo", "delisted")
    for day in ("2026-07-20", "2026-07-21"):
        bench.at(day)
        assert bench.run(["prices"]).exit_code == 1
    bench.vendors.mend()
    bench.at(DAY)
    assert bench.run(["prices"]).ok
    assert bench.contents()["bars"] == good["yahoo"].contents["bars"]


def test_during_a_fault_the_bot_answers_from_what_is_stored(bench: Bench) -> None:
    before = compute(RotationRequest(window="1y"), bench.dataset())
    bench.at(DAY)
    bench.vendors.fail("yahoo", "error", after=4)
    assert bench.run(["prices"]).exit_code == 1
    after = compute(RotationRequest(window="1y"), bench.dataset())
    assert (after.headline, after.as_of) == (before.headline, before.as_of)
    said = missing_session(Catalogue.load(bench.folder / "versions"), after.as_of, bench.hours.clock.now())
    assert said == "Last close: Friday, 17 Jul 2026. Newer closes have not arrived yet."


def test_faults_in_the_first_run_of_all(fresh: Bench) -> None:
    """Half of the symbols fail: nothing is shown that was not fetched, and the next run completes it."""
    fresh.vendors.fail("yahoo", "truncated", after=4)
    assert fresh.run(["prices"]).exit_code == 1
    stored = {row["symbol"] for row in fresh.store.rows("instruments")}
    assert 0 < len(stored) < len(SYMBOLS)
    assert set(fresh.dataset().symbols()) == stored
    fresh.vendors.mend()
    fresh.hours.sleep(3600)
    assert fresh.run(["prices"]).ok
    assert set(fresh.dataset().symbols()) == SYMBOLS
