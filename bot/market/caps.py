"""Market caps and share counts by symbol, from whichever stored file is the right one for a day."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

import pandas as pd

from bot.errors import MissingData
from bot.market.dataset import Dataset
from bot.market.frames import Frame

OLDEST_CAP = timedelta(days=90)
CAPS = ("market_cap", "price", "shares", "cap_date")


def market_caps(dataset: Dataset, near: date | None = None) -> pd.DataFrame:
    """Return market_cap, price, shares (cap / price) and cap_date by symbol, from all tables that hold caps.

    A symbol's row is its latest known one, or the one nearest to ``near``, with both cap and price, at most 90 days
    away; where no such row exists, the latest cap without a price. No row for a symbol without any.
    """
    day = near or dataset.as_of
    priced = [*_stored(dataset.snapshot), *_stored(dataset.market)]
    capped = list(_stored(dataset.fundamentals))
    return nearest_caps(priced, day, capped)


def _stored(latest: Callable[[date | None], Frame]) -> Iterator[Frame]:
    """Yield all files of a table that are known, newest first."""
    before: date | None = None
    while True:
        try:
            found = latest(before)
        except MissingData:
            return
        yield found
        before = found.date


def nearest_caps(priced: Sequence[Frame], day: date, capped: Sequence[Frame] = ()) -> pd.DataFrame:
    """Return per symbol the cap of the file nearest to ``day`` (of two as near, the later): see ``market_caps``."""
    parts: list[pd.DataFrame] = []
    for files, wanted in ((priced, ["market_cap", "price"]), (capped, ["market_cap"])):
        near = [file for file in files if abs(file.date - day) <= OLDEST_CAP]
        for file in sorted(near, key=lambda file: (abs(file.date - day), -file.date.toordinal())):
            rows = file.frame.reindex(columns=["market_cap", "price"])
            rows = rows[(rows[wanted] > 0).all(axis=1)]
            parts.append(rows.assign(cap_date=pd.Timestamp(file.date)))
    if not parts:
        return pd.DataFrame({c: pd.Series(dtype="float64") for c in CAPS}, index=pd.Index([], name="symbol"))
    best = pd.concat(parts)
    best = best[~best.index.duplicated()]
    return best.assign(shares=best["market_cap"] / best["price"])[list(CAPS)]
