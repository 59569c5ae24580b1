import json
import zipfile
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bot.market import archive
from bot.market.archive import Archive
from bot.market.catalogue import Catalogue, located
from bot.market.tables import SPECS
from bot.market.version import files_of
from tests.market.small import bars, dataset_of, instrument, tables_of

CLOSES = [251.82, 45.71875, 292.589996, 0.1, 1e-9, 123456789.123456789]
ROWS = {"instruments": [instrument("AAA")], "bars": bars("AAA", date(2025, 12, 1), CLOSES)}


def small_files(closes: list[float] | None = None) -> dict[str, bytes]:
    rows = dict(ROWS, bars=bars("AAA", date(2025, 12, 1), closes or CLOSES))
    return files_of(tables_of(**rows), label="small")


def test_closes_come_back_as_the_very_floats_they_were(tmp_path: Path) -> None:
    archive.publish(tmp_path, small_files())
    assert Archive(tmp_path).column("bars", "close").tolist() == CLOSES


@given(arrays(np.float64, st.integers(0, 20), elements=st.floats(allow_infinity=False, width=64)))
def test_any_numbers_survive_exactly(values: np.ndarray) -> None:
    stored, decimals = archive._encode_number(values)
    again = archive._decode_number(stored, decimals)
    assert again.dtype == np.float64
    np.testing.assert_array_equal(again, values)
    assert (np.signbit(again) == np.signbit(values))[~np.isnan(values)].all()


@given(st.lists(st.decimals(0, 99999, places=4).map(float) | st.just(float("nan")), min_size=1, max_size=30))
def test_decimals_are_kept_as_whole_numbers(values: list[float]) -> None:
    stored, decimals = archive._encode_number(np.array(values))
    assert decimals is not None
    assert decimals <= 4
    assert np.issubdtype(stored.dtype, np.integer)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), max_size=20))
def test_any_texts_survive(texts: list[str]) -> None:
    kept = {suffix: array for suffix, array, _notes in archive._encode("text", np.array(texts, dtype=np.str_))}
    words = np.char.decode(kept[".words"], "utf-8")
    assert [str(words[code]) for code in kept[""]] == texts


def test_the_same_content_has_the_same_bytes_and_name(tmp_path: Path) -> None:
    for name in ("one.zip", "two.zip"):
        archive.write_zip(tmp_path / name, small_files())
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    versions = {
        json.loads(small_files(closes)[archive.MANIFEST])["version"] for closes in (CLOSES, [*CLOSES[:-1], 7.0])
    }
    assert len(versions) == 2
    assert all(version.startswith("small-2025-12-08-") for version in versions)


def test_a_zip_and_a_directory_hold_the_same(tmp_path: Path) -> None:
    archive.publish(tmp_path / "folder", small_files())
    archive.write_zip(tmp_path / "all.zip", small_files())
    folder, bundle = Archive(tmp_path / "folder"), Archive(tmp_path / "all.zip")
    for table, spec in SPECS.items():
        for column, kind in spec.columns.items():
            np.testing.assert_array_equal(folder.column(table, column), bundle.column(table, column))
            if kind == "text":
                np.testing.assert_array_equal(folder.texts(table, column), bundle.texts(table, column))
    assert folder.version == bundle.version


def test_columns_are_mapped_and_cannot_be_written_to(tmp_path: Path) -> None:
    archive.publish(tmp_path, small_files())
    opened = Archive(tmp_path)
    with pytest.raises(ValueError, match="read-only"):
        opened.column("bars", "close")[0] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        opened.column("bars", "symbol")[0] = 1


def test_the_pointer_switches_to_the_new_version_and_the_old_stays_readable(tmp_path: Path) -> None:
    first = archive.publish(tmp_path, small_files())
    reader = Archive(tmp_path)
    second = archive.publish(tmp_path, small_files([1.0, 2.0]))
    assert archive.current(tmp_path) == second != first
    assert Archive(tmp_path).column("bars", "close").tolist() == [1.0, 2.0]
    assert reader.column("bars", "close").tolist() == CLOSES
    assert Catalogue.load(tmp_path).version == second


def test_publishing_twice_keeps_what_is_there(tmp_path: Path) -> None:
    version = archive.publish(tmp_path, small_files())
    before = (tmp_path / version / archive.MANIFEST).stat().st_mtime_ns
    assert archive.publish(tmp_path, small_files()) == version
    assert (tmp_path / version / archive.MANIFEST).stat().st_mtime_ns == before


def test_a_version_half_written_by_a_crash_is_never_read(tmp_path: Path) -> None:
    version = archive.publish(tmp_path, small_files())
    wreck = tmp_path / ".writing-1-small-2026-01-01-deadbeef"
    (wreck / "bars").mkdir(parents=True)
    (wreck / "bars" / "close.npy").write_bytes(b"\x93NUMPY")
    assert Archive(tmp_path).version == version
    assert archive.publish(tmp_path, small_files([3.0])) == archive.current(tmp_path)
    assert not wreck.exists()  # a disk that filled up once does not stay full of halves


def test_a_version_that_cannot_be_written_leaves_the_old_one_and_goes_with_the_next(tmp_path: Path) -> None:
    version = archive.publish(tmp_path, small_files())
    impossible = {**small_files([9.0]), "bars/close.npy/inside": b""}  # below a file: as little as on a full disk
    with pytest.raises(OSError):  # noqa: PT011  (which one depends on the system)
        archive.publish(tmp_path, impossible)
    assert Archive(tmp_path).version == version
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".writing")]
    newer = archive.publish(tmp_path, small_files([9.0]))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([version, newer, "current"])


def test_pruning_spares_the_current_version_and_the_kept(tmp_path: Path) -> None:
    names = [archive.publish(tmp_path, small_files([float(n), 1.0])) for n in range(1, 5)]
    assert archive.prune(tmp_path, [names[1]]) == tuple(sorted((names[0], names[2])))
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == sorted((names[1], names[3]))


def test_nothing_published_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Archive(tmp_path)
    assert archive.current(tmp_path) is None
    assert located(tmp_path) == tmp_path


def test_repeated_keys_and_missing_columns_are_refused() -> None:
    twice = tables_of(**dict(ROWS, bars=[*ROWS["bars"], ROWS["bars"][0]]))
    with pytest.raises(ValueError, match="bars: 1 rows repeat a key"):
        files_of(twice, label="small")
    lacking = tables_of(**ROWS)
    del lacking["bars"]["dividend"]
    with pytest.raises(ValueError, match="dividend"):
        files_of(lacking, label="small")


def test_rows_come_back_in_order_of_their_key(tmp_path: Path) -> None:
    rows = [*bars("BBB", date(2025, 12, 1), [1.0, 2.0]), *bars("AAA", date(2025, 12, 1), [3.0, 4.0])][::-1]
    data = dataset_of(tmp_path, instruments=[instrument("AAA"), instrument("BBB")], bars=rows)
    assert data.closes("AAA").tolist() == [3.0, 4.0]
    assert data.closes("BBB").tolist() == [1.0, 2.0]


def test_the_zip_has_the_stated_files() -> None:
    with zipfile.ZipFile(located("sample")) as bundle:
        names = set(bundle.namelist())
    assert {"manifest.json", "catalogue.json", "bars/close.npy", "bars/symbol.npy", "bars/symbol.words.npy"} <= names
