"""One opened version: its archive and all that was read from it, shared by the views of every day."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from bot.market import dated
from bot.market.archive import Archive
from bot.market.prices import Prices, span
from bot.market.tables import SPECS

_FILES = {
    "snapshots": "day",
    "estimates": "day",
    "fundamentals": "day",
    "market": "day",
    "short_interest": "settlement",
}


class Opened:
    """A version: series and files in full, each read when first asked for. Never shown to callers uncut."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.prices = Prices(archive)
        self.sessions = archive.column("sessions", "day")
        self.last = date.fromisoformat(archive.manifest["last"])
        self.first = date.fromisoformat(archive.manifest["first"])
        self.files: dict[tuple[str, str], dated.Files] = {}
        self.macro: dict[str, pd.DataFrame] = {}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Names by symbol, companies without prices included."""
        companies = zip(
            self.archive.texts("companies", "symbol").tolist(),
            self.archive.texts("companies", "name").tolist(), strict=True,
        )  # fmt: skip
        return dict(companies) | self.prices.texts("name")

    def of(self, table: str, word: str = "") -> dated.Files:
        """Return the files of a table, for holdings and facts those of one symbol."""
        if (table, word) not in self.files:
            rows = span(self.archive, table, SPECS[table].key[0], word) if word else None
            self.files[table, word] = dated.Files(self.archive, table, _FILES.get(table, "day"), rows)
        return self.files[table, word]

    def series(self, series_id: str) -> pd.DataFrame:
        """Return a whole macro series: value and known by observation date; no rows for an unknown one."""
        if series_id not in self.macro:
            rows = span(self.archive, "macro", "series", series_id)
            frame = dated.read(self.archive, "macro", rows, ("day", "value", "known"))
            self.macro[series_id] = frame.set_index("day").rename_axis("date")
        return self.macro[series_id]

    def aggregates(self, indicator_id: str) -> "pd.Series[float]":
        """Return the record of an indicator by day; no rows for one that is not kept."""
        rows = span(self.archive, "aggregates", "indicator", indicator_id)
        return dated.read(self.archive, "aggregates", rows, ("day", "value")).set_index("day")["value"]

    @cached_property
    def settlements(self) -> pd.DataFrame:
        """The stored settlement dates and the day each was published."""
        settled = self.archive.column("short_interest", "settlement")
        days, first = np.unique(settled, return_index=True)
        published = self.archive.column("short_interest", "published")[first]
        return pd.DataFrame({"settlement": days.astype("M8[us]"), "published": published.astype("M8[us]")})
