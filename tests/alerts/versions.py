"""Other versions of the sample: put right by a vendor, or cut short, published as a dataset of their own."""

import atexit
import functools
import shutil
import tempfile
from datetime import date
from pathlib import Path

import numpy as np

from bot.market import archive
from bot.market.tables import COMPUTED, SPECS
from bot.market.version import files_of
from tests.truncation import _rows_known

_ALL = date(2100, 1, 1)


@functools.lru_cache(maxsize=8)
def corrected(symbol: str, day: date, close: float) -> str:
    """Return the folder of a version in which one close has been put right."""
    tables = {table: dict(_rows_known(table, _ALL)) for table in SPECS if table not in COMPUTED}
    bars = tables["bars"]
    wrong = (bars["symbol"] == symbol) & (bars["day"] == np.datetime64(day))
    assert wrong.sum() == 1
    bars["close"] = np.where(wrong, close, bars["close"])
    return _published(tables, "corrected")


@functools.lru_cache(maxsize=8)
def until(day: date) -> str:
    """Return the folder of a version that ends on a day."""
    tables = {table: dict(_rows_known(table, day)) for table in SPECS if table not in COMPUTED}
    return _published(tables, "cut")


@functools.lru_cache(maxsize=8)
def partial(symbol: str, day: date) -> str:
    """Return the folder of a version in which one symbol lacks everything from a day on."""
    tables = {table: dict(_rows_known(table, _ALL)) for table in SPECS if table not in COMPUTED}
    bars = tables["bars"]
    kept = (bars["symbol"] != symbol) | (bars["day"] < np.datetime64(day))
    tables["bars"] = {name: column[kept] for name, column in bars.items()}
    return _published(tables, "partial")


def _published(tables: dict[str, dict[str, np.ndarray]], label: str) -> str:
    folder = Path(tempfile.mkdtemp(prefix="handoff-version-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    archive.publish(folder, files_of(tables, label=label))
    return str(folder)
