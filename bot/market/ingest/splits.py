"""Market caps that do not know of a split yet: for days the vendor multiplies the new price by the old shares."""

import math
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from bot.market.ingest.job import Job, Outcome, records
from bot.market.validation import Refusal

SPLIT = math.log(1.4)  # the smallest restatement that is looked at
REMEMBERED = timedelta(days=90)
UNAWARE = "the market cap does not know of a split yet"
_COLUMNS = ("market_cap", "price", "average_200d", "low_52w", "high_52w")


def without_unaware_caps(
    job: Job, outcome: Outcome, frame: pd.DataFrame, before: Sequence[Mapping[str, Any]]
) -> pd.DataFrame:
    """Return a snapshot whose caps are NaN where they are in shares of before a split; they are kept aside.

    ``before``: the rows of the snapshot stored last. Readers go on from the last cap that was right, with its day.
    """
    then = pd.DataFrame(before, columns=["symbol", *_COLUMNS]).set_index("symbol").astype(float).reindex(frame.index)
    for symbol in then.index[then["market_cap"].isna() & then["price"].notna()]:
        then.loc[symbol] = _last_with_cap(job, symbol)
    wrong = unaware(frame, then)
    if not len(wrong):
        return frame
    aside = frame.loc[wrong, ["market_cap", "price"]].rename_axis("symbol").reset_index()
    job.set_aside(outcome, [Refusal("snapshots", tuple(records(aside.assign(day=job.final))), UNAWARE)])
    return frame.assign(market_cap=frame["market_cap"].mask(frame.index.isin(wrong)))


def unaware(frame: pd.DataFrame, then: pd.DataFrame) -> pd.Index:
    """Return the symbols whose shares (cap / price) are those of before a split.

    A split restates the average of 200 days by its ratio, the year's low and high too, and the shares by the inverse.
    The average of a new listing or of a stock that rose twentyfold moves as far by itself, but a rise leaves the low
    where it was, and a fall the high. ``frame``, and ``then`` for the last rows with caps, are alike in index.
    """
    grown = _log(frame["market_cap"] / frame["price"] / (then["market_cap"] / then["price"]))
    average, low, high = (_log(frame[name] / then[name]) for name in _COLUMNS[2:])
    split = (average.abs() > SPLIT) & (low.where(average > 0, high) / average > 1 / 2)
    found: pd.Index = frame.index[split & (grown.abs() < (grown + average).abs())]
    return found


def _log(ratio: "pd.Series[float]") -> "pd.Series[float]":
    return pd.Series(np.log(ratio.to_numpy(dtype=float)), index=ratio.index)


def _last_with_cap(job: Job, symbol: str) -> "pd.Series[float]":
    """Return the last row of a symbol that had a cap, all NaN without one."""
    rows = job.store.rows("snapshots", since=job.final - REMEMBERED, symbol=symbol)
    known = [row for row in rows if row["market_cap"] and row["price"] and row["day"] < job.final]
    return pd.Series({name: known[-1][name] if known else None for name in _COLUMNS}, dtype=float)
