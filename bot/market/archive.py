"""A dataset version on disk: one array a column, in a directory (mapped into memory) or in a zip of the same.

Numbers are kept exactly: as whole numbers of a decimal unit where that gives back the very same float, else as
floats. Texts are codes into a sorted list of words. A version is written aside, renamed into place, and only
then does the pointer file name it, so that a reader never sees half of one.
"""

import hashlib
import io
import json
import os
import shutil
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.market.catalogue import POINTER, located
from bot.market.tables import SPECS, Kind

Array = npt.NDArray[Any]
Columns = Mapping[str, Array]
MANIFEST = "manifest.json"
_FORMAT = 1
_MAX_DECIMALS = 9
_EXACT = 2**53
_MISSING = np.iinfo(np.int64).min
_STAMP = (1980, 1, 1, 0, 0, 0)  # the same bytes for the same content


def _encode_number(values: npt.NDArray[np.float64]) -> tuple[Array, int | None]:
    """Return whole numbers and their count of decimals, or the floats themselves where decimals would lose digits."""
    known = ~np.isnan(values)
    finite = values[known]
    for decimals in range(_MAX_DECIMALS + 1):
        scaled = np.rint(finite * 10.0**decimals)
        if not bool((np.abs(scaled) < _EXACT).all()):
            break
        if bool((scaled / 10.0**decimals == finite).all()) and not bool((np.signbit(finite) & (finite == 0)).any()):
            whole = np.full(len(values), _MISSING, dtype=np.int64)
            whole[known] = scaled.astype(np.int64)
            return _narrow(whole), decimals
    return values, None


def _narrow(whole: npt.NDArray[np.int64]) -> Array:
    known = whole[whole != _MISSING]
    for kind in (np.int8, np.int16, np.int32):
        limits = np.iinfo(kind)
        if len(known) == 0 or (known.min() > limits.min and known.max() <= limits.max):
            return np.where(whole == _MISSING, limits.min, whole).astype(kind)
    return whole


def _decode_number(stored: Array, decimals: int | None) -> npt.NDArray[np.float64]:
    if decimals is None:
        return np.asarray(stored, dtype=np.float64)
    values = stored.astype(np.float64)
    if decimals:
        values /= 10.0**decimals
    values[stored == np.iinfo(stored.dtype).min] = np.nan
    return values


def _encode(kind: Kind, values: Array) -> Iterator[tuple[str, Array, dict[str, Any]]]:
    """Yield the stored arrays of one column as (suffix, array, notes for the manifest)."""
    if kind == "text":
        words, codes = np.unique(np.asarray(values, dtype=np.str_), return_inverse=True)
        yield "", _narrow(codes.astype(np.int64)), {"kind": kind}
        yield ".words", np.char.encode(words, "utf-8") if len(words) else np.array([], dtype="S1"), {}
    elif kind == "number":
        stored, decimals = _encode_number(np.asarray(values, dtype=np.float64))
        yield "", stored, {"kind": kind, "decimals": decimals}
    elif kind == "day":
        yield "", np.asarray(values, dtype="datetime64[D]").astype(np.int32), {"kind": kind}
    elif kind == "flag":
        yield "", np.asarray(values, dtype=np.bool_), {"kind": kind}
    else:
        yield "", np.asarray(values, dtype=np.int64), {"kind": kind}


def _npy(array: Array) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def encode(tables: Mapping[str, Columns], label: str, facts: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the files of a version by name. Rows are sorted by key; ``facts`` go into the manifest as they are.

    Tables without rows have no files, as those that an older version does not know.

    Raises ValueError where a table lacks a column, columns differ in length, or a key appears twice.
    """
    files: dict[str, bytes] = {}
    described: dict[str, Any] = {}
    for name, spec in sorted(SPECS.items()):
        columns = _in_order(name, tables.get(name))
        if not len(columns[spec.key[0]]):
            continue
        described[name] = {"rows": len(columns[spec.key[0]]), "columns": {}}
        for column, kind in spec.columns.items():
            for suffix, array, notes in _encode(kind, columns[column]):
                files[f"{name}/{column}{suffix}.npy"] = _npy(array)
                described[name]["columns"].setdefault(column, notes)
    manifest = {"format": _FORMAT, "tables": described, **facts}
    body = json.dumps(manifest, sort_keys=True, ensure_ascii=False)
    manifest["version"] = f"{label}-{facts['last']}-{_digest(files, body)}"
    files[MANIFEST] = json.dumps(manifest, sort_keys=True, ensure_ascii=False, indent=1).encode()
    return files


def _digest(files: Mapping[str, bytes], manifest: str) -> str:
    digest = hashlib.sha256(manifest.encode())
    for name in sorted(files):
        digest.update(name.encode() + b"\0" + files[name])
    return digest.hexdigest()[:10]


def _in_order(name: str, columns: Columns | None) -> dict[str, Array]:
    spec = SPECS[name]
    given = columns or {column: np.array([], dtype=EMPTY[kind]) for column, kind in spec.columns.items()}
    missing = set(spec.columns) - set(given)
    lengths = {len(given[column]) for column in spec.columns if column in given}
    if missing or len(lengths) > 1:
        raise ValueError(f"{name}: columns {sorted(missing)} missing, lengths {sorted(lengths)}")
    keys = [np.asarray(given[column], dtype=np.str_) if spec.columns[column] == "text" else given[column]
            for column in reversed(spec.key)]  # fmt: skip
    order = np.lexsort(keys)
    if len(order) > 1:
        same = np.logical_and.reduce([key[order][1:] == key[order][:-1] for key in keys])
        if same.any():
            raise ValueError(f"{name}: {int(same.sum())} rows repeat a key")
    return {column: np.asarray(given[column])[order] for column in spec.columns}


EMPTY: dict[Kind, str] = {
    "text": "U1", "day": "datetime64[D]", "number": "float64", "whole": "int64", "flag": "bool",
}  # fmt: skip


_ASIDE = ".writing-"


def write_zip(path: Path, files: Mapping[str, bytes]) -> None:
    """Write the files of a version into one zip, the same bytes for the same content."""
    with zipfile.ZipFile(path, "w") as bundle:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, date_time=_STAMP)
            entry.external_attr = 0o644 << 16
            bundle.writestr(entry, files[name], compress_type=zipfile.ZIP_DEFLATED, compresslevel=9)


def publish(root: Path, files: Mapping[str, bytes]) -> str:
    """Write a version below ``root`` and let the pointer name it at once; return the version.

    The same content twice keeps the files that are there. A crash at any point leaves the old version in force; what
    it wrote of the new one is removed by the next. One process at a time publishes below a root.
    """
    version: str = json.loads(files[MANIFEST])["version"]
    root.mkdir(parents=True, exist_ok=True)
    for wreck in root.glob(f"{_ASIDE}*"):
        shutil.rmtree(wreck, ignore_errors=True)
    if not (root / version / MANIFEST).is_file():
        aside = root / f"{_ASIDE}{os.getpid()}-{version}"
        for name, body in files.items():
            target = aside / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(body)
        _settle(aside.rglob("*"))
        aside.rename(root / version)
    pointer = root / f".{POINTER}-{os.getpid()}"
    pointer.write_bytes(version.encode())
    _settle([pointer])
    pointer.replace(root / POINTER)
    _settle([root])
    return version


def _settle(paths: Iterable[Path]) -> None:
    """Wait until files and folders are on the disk: asked for all at once, the system writes them together."""
    with ThreadPoolExecutor(16, thread_name_prefix="settle") as pool:
        list(pool.map(_settled, paths))


def _settled(path: Path) -> None:
    if path.is_dir() and sys.platform == "win32":  # folders cannot be opened there, and need not
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def current(root: Path) -> str | None:
    """Return the version the pointer below ``root`` names, None before the first one is published."""
    pointer = root / POINTER
    return pointer.read_text().strip() if pointer.is_file() else None


def prune(root: Path, keep: Iterable[str]) -> tuple[str, ...]:
    """Remove all versions below ``root`` but the current one and those to keep; return what was removed."""
    kept = {*keep, current(root)}
    gone = [path for path in sorted(root.iterdir()) if (path / MANIFEST).is_file() and path.name not in kept]
    for path in gone:
        shutil.rmtree(path)
    return tuple(path.name for path in gone)


class Archive:
    """A version opened for reading: columns as arrays, read when first asked for and kept.

    ``path`` is "sample", a zip, a version's directory or a folder with a pointer to one; FileNotFoundError for none.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = located(path)
        self._columns: dict[tuple[str, str], Array] = {}
        self._words: dict[tuple[str, str], npt.NDArray[np.str_]] = {}
        self._zip = zipfile.ZipFile(self.path) if self.path.is_file() else None
        self.manifest: dict[str, Any] = json.loads(self._bytes(MANIFEST))

    @property
    def version(self) -> str:
        """The version's name: label, last session, hash of the content."""
        return str(self.manifest["version"])

    def rows(self, table: str) -> int:
        """Return how many rows a table has."""
        return int(self.manifest["tables"][table]["rows"]) if table in self.manifest["tables"] else 0

    def column(self, table: str, column: str) -> Array:
        """Return a whole column: str, float64 (NaN is missing), datetime64[D], int64 or bool; never to be written to.

        Texts come as codes: see ``words`` and ``texts``.
        """
        key = (table, column)
        if not self.rows(table):
            return np.array([], dtype=EMPTY[SPECS[table].columns[column]])
        if key not in self._columns:
            self._columns[key] = self._read(table, column)
            self._columns[key].flags.writeable = False
        return self._columns[key]

    def words(self, table: str, column: str) -> npt.NDArray[np.str_]:
        """Return the sorted words that a text column's codes point into."""
        key = (table, column)
        if not self.rows(table):
            return np.array([], dtype=np.str_)
        if key not in self._words:
            self._words[key] = np.char.decode(self._array(f"{table}/{column}.words.npy"), "utf-8")
        return self._words[key]

    def texts(self, table: str, column: str, rows: slice = slice(None)) -> npt.NDArray[np.str_]:
        """Return a text column's rows as words."""
        if not self.rows(table):
            return np.array([], dtype=np.str_)
        return self.words(table, column)[self.column(table, column)[rows]]

    def code(self, table: str, column: str, word: str) -> int | None:
        """Return the code of a word in a text column, None if it never occurs."""
        words = self.words(table, column)
        at = int(np.searchsorted(words, word))
        return at if at < len(words) and words[at] == word else None

    def _read(self, table: str, column: str) -> Array:
        notes = self.manifest["tables"][table]["columns"][column]
        stored = self._array(f"{table}/{column}.npy")
        if notes["kind"] == "number":
            return _decode_number(stored, notes["decimals"])
        if notes["kind"] == "day":
            return stored.astype("datetime64[D]")
        return stored.view()

    def _array(self, name: str) -> Array:
        if self._zip is None:
            array: Array = np.load(self.path / name, mmap_mode="r" if (self.path / name).stat().st_size else None)
            return array
        return np.asarray(np.load(io.BytesIO(self._bytes(name)), allow_pickle=False))

    def _bytes(self, name: str) -> bytes:
        return self._zip.read(name) if self._zip is not None else (self.path / name).read_bytes()
