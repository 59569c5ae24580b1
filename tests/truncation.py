"""The sample as it would have been recorded on an earlier day: every row that became known later is gone.

``Dataset.at`` must show the same: whatever differs between the two has leaked from the future.
"""

import atexit
import functools
import shutil
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.market import archive
from bot.market.archive import Archive, Columns
from bot.market.dataset import Dataset
from bot.market.tables import COMPUTED, SPECS
from bot.market.version import files_of

_FOR_EVER = date(9999, 12, 31)


@functools.lru_cache(maxsize=1)
def _whole() -> Archive:
    return Archive("sample")


def _rows_known(table: str, day: date) -> Columns:
    spec, whole = SPECS[table], _whole()
    columns = {
        column: whole.texts(table, column) if kind == "text" else whole.column(table, column)
        for column, kind in spec.columns.items()
    }
    if spec.known is None:
        return columns
    kept = columns[spec.known] <= np.datetime64(day)
    return {column: values[kept] for column, values in columns.items()}


@functools.lru_cache(maxsize=16)
def truncated(day: date) -> Dataset:
    """Return a dataset made of nothing but what was known on ``day``, opened on its last session."""
    return _published({table: _rows_known(table, day) for table in SPECS if table not in COMPUTED})


def without(table: str, dropped: "Callable[[Columns], NDArray[np.bool_]]") -> Dataset:
    """Return the sample without some rows of a table: as if its vendor had not delivered them."""
    tables = {name: _rows_known(name, _FOR_EVER) for name in SPECS if name not in COMPUTED}
    kept = ~dropped(tables[table])
    tables[table] = {column: values[kept] for column, values in tables[table].items()}
    return _published(tables)


def _published(tables: dict[str, Columns]) -> Dataset:
    folder = Path(tempfile.mkdtemp(prefix="handoff-cut-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    archive.publish(folder, files_of(tables, label="cut"))
    return Dataset.open(folder)
