"""Out of the store into versions: what a store filled from the sample publishes is the sample."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.market import archive
from bot.market.archive import Archive, Columns
from bot.market.catalogue import Catalogue
from bot.market.dataset import Dataset
from bot.market.store import Store, Written, migrate, publish, runs
from bot.market.store.export import load, rows_of
from bot.market.tables import COMPUTED, SPECS
from bot.market.version import files_of
from tests.databases import database_url, postgres  # noqa: F401
from tests.market.small import bars, instrument


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:  # noqa: F811
    migrate(database_url)
    with Store(database_url) as opened:
        yield opened


def filled(store: Store, closes: list[float]) -> Store:
    store.write("instruments", [instrument("IWM")])
    store.write("bars", bars("IWM", date(2025, 12, 1), closes))
    return store


def values(version: Archive, table: str, column: str, kind: str) -> Any:
    return version.texts(table, column) if kind == "text" else version.column(table, column)


def assert_equal(first: Archive, second: Archive) -> None:
    for table, spec in SPECS.items():
        for column, kind in spec.columns.items():
            np.testing.assert_array_equal(*(values(v, table, column, kind) for v in (first, second)))


@pytest.mark.slow
def test_a_store_filled_from_the_sample_publishes_the_sample(tmp_path: Path) -> None:
    url, sample = f"sqlite:///{tmp_path / 'market.db'}", Archive("sample")
    migrate(url)
    with Store(url) as store:
        rows = sum(sample.rows(table) for table in SPECS if table not in COMPUTED)
        assert load(store, sample) == Written(new=rows)
        version = publish(store, tmp_path / "versions")
    assert version == sample.version.replace("sample-", "store-")  # the hash of the content is the same
    assert_equal(Archive(tmp_path / "versions"), sample)
    published, known = Dataset.open(tmp_path / "versions"), Catalogue.load("sample")
    assert published.closes("IWM").equals(Dataset.open("sample").closes("IWM"))
    again = Catalogue.load(tmp_path / "versions")
    assert (again.symbols, again.sessions, again.files) == (known.symbols, known.sessions, known.files)


def part_of_the_sample() -> dict[str, Columns]:
    """Two symbols, two macro series and every dated file of the sample: each kind of row, and few of them."""
    sample, tables = Archive("sample"), {}
    wanted = {"bars": ("symbol", ["IWM", "VB"]), "ohlc": ("symbol", ["IWM"]), "macro": ("series", ["ICSA", "UNRATE"])}
    for table, spec in SPECS.items():
        columns = {name: values(sample, table, name, kind) for name, kind in spec.columns.items()}
        if table in wanted:
            kept = np.isin(columns[wanted[table][0]], wanted[table][1])
            columns = {name: array[kept] for name, array in columns.items()}
        tables[table] = columns
    return tables


def test_what_comes_out_is_what_went_in(store: Store, tmp_path: Path) -> None:
    archive.publish(tmp_path / "in", files_of(part_of_the_sample(), label="part"))
    went_in = Archive(tmp_path / "in")
    written = load(store, went_in)
    assert (written.changed, written.same, written.refused) == (0, 0, 0)
    assert publish(store, tmp_path / "out") == went_in.version.replace("part-", "store-")
    assert_equal(Archive(tmp_path / "out"), went_in)


def test_a_new_bar_becomes_a_new_version_and_readers_switch_at_once(store: Store, tmp_path: Path) -> None:
    first = publish(filled(store, [1.0, 2.0]), tmp_path)
    reading = Dataset.open(tmp_path)
    second = publish(filled(store, [1.0, 2.0, 3.0]), tmp_path)
    assert first != second
    assert (reading.last, Dataset.open(tmp_path).last) == (date(2025, 12, 2), date(2025, 12, 3))
    assert reading.closes("IWM").tolist() == [1.0, 2.0]
    assert runs.published(store) == [first, second]


def test_nothing_new_is_no_new_version(store: Store, tmp_path: Path) -> None:
    first = publish(filled(store, [1.0, 2.0]), tmp_path)
    assert publish(store, tmp_path) == first
    assert runs.published(store) == [first]


def test_old_versions_are_removed_except_those_still_read(store: Store, tmp_path: Path) -> None:
    names = [publish(filled(store, [1.0] * n), tmp_path) for n in range(1, 6)]
    left = {path.name for path in tmp_path.iterdir() if path.is_dir()}
    assert left == set(names[-3:])
    assert archive.current(tmp_path) == names[-1]


def test_an_empty_store_publishes_nothing(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="needs prices"):
        publish(store, tmp_path / "versions")
    assert not (tmp_path / "versions").exists()


def test_rows_of_a_version_are_plain() -> None:
    first = next(iter(rows_of(Archive("sample"), "fed_changes")))
    assert first == {"day": date(2000, 2, 2), "lower": 0.0575, "upper": 0.0575}
    assert {type(value) for value in first.values()} == {date, float}
