"""Tables made of whole files by date (holdings, snapshots, facts): the latest file known on a day."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from bot.market.archive import Archive
from bot.market.tables import SPECS

Days = npt.NDArray[np.datetime64]


def read(archive: Archive, table: str, rows: slice, columns: Sequence[str]) -> pd.DataFrame:
    """Return some rows and columns of a table: numbers as floats, days as datetime64, missing texts empty."""
    kinds = SPECS[table].columns
    found = {}
    for column in columns:
        if kinds[column] == "text":
            found[column] = pd.Series(archive.texts(table, column, rows), dtype="str")
        elif kinds[column] == "day":
            found[column] = pd.Series(archive.column(table, column)[rows].astype("datetime64[us]"))
        else:
            found[column] = pd.Series(np.asarray(archive.column(table, column)[rows]))
    return pd.DataFrame(found)


_KEPT_FRAMES = 8


class Files:
    """The files of one table, sorted by ``day``, each file the rows of one date. ``rows`` narrows the table."""

    def __init__(self, archive: Archive, table: str, day: str = "day", rows: slice | None = None) -> None:
        self._archive = archive
        self._table = table
        self._start = rows.start if rows else 0
        stored = archive.column(table, day)
        self._days: Days = stored[rows] if rows else stored
        self.dates: Days = np.unique(self._days)
        self._frames: dict[np.datetime64, pd.DataFrame] = {}

    @property
    def first(self) -> date | None:
        """The date of the first file, None without any."""
        return date.fromisoformat(str(self.dates[0])) if len(self.dates) else None

    def known(self, as_of: date, before: date | None = None) -> tuple[date, ...]:
        """Return the dates of the files up to ``as_of``, and strictly before another day if asked."""
        end = np.datetime64(as_of) + 1
        if before is not None:
            end = min(end, np.datetime64(before))
        return tuple(self.dates[: np.searchsorted(self.dates, end)].tolist())

    def frame(self, day: date, columns: Sequence[str]) -> pd.DataFrame:
        """Return the file of a date; those read last are kept, since a year of them would fill the memory."""
        wanted = np.datetime64(day)
        if wanted not in self._frames:
            if len(self._frames) >= _KEPT_FRAMES:
                del self._frames[next(iter(self._frames))]
            left, right = (int(np.searchsorted(self._days, wanted, side)) for side in ("left", "right"))
            rows = slice(self._start + left, self._start + right)
            self._frames[wanted] = read(self._archive, self._table, rows, columns)
        return self._frames[wanted]
