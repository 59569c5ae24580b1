"""Market caps that do not know of a split yet: for days the vendor multiplies the new price by the old shares."""

import math
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from bot.market.ingest.job import Job, Outcome, records
from bot.market.validation import Refusal

SPLIT = math.log(1.4)  # in two weeks no average of 200 days moves so far by itself
SAME_SHARES = math.log(1.2)
REMEMBERED = timedelta(days=90)
UNAWARE = "the market cap does not know of a split yet"


def without_unaware_caps(
    job: Job, outcome: Outcome, frame: pd.DataFrame, before: Sequence[Mapping[str, Any]]
) -> pd.DataFrame:
    """Return a snapshot whose caps are NaN where they are in shares of before a split; they are kept aside.

    ``before``: the rows of the snapshot stored last. Readers go on from the last cap that was right, with its day.
    """
    then = pd.DataFrame(before, columns=["symbol", "market_cap", "price", "average_200d"]).set_index("symbol")
    then = then.astype(float).reindex(frame.index)
    doubted = then.index[then["market_cap"].isna() & then["price"].notna()]
    wrong = unaware(frame, then, _last_shares(job, doubted))
    if not len(wrong):
        return frame
    aside = frame.loc[wrong, ["market_cap", "price"]].rename_axis("symbol").reset_index()
    job.set_aside(outcome, [Refusal("snapshots", tuple(records(aside.assign(day=job.final))), UNAWARE)])
    return frame.assign(market_cap=frame["market_cap"].mask(frame.index.isin(wrong)))


def unaware(frame: pd.DataFrame, then: pd.DataFrame, last_shares: "pd.Series[float]") -> pd.Index:
    """Return the symbols whose shares (cap / price) are those of before a split.

    A split restates the average of 200 days by its ratio, and the shares by the inverse. ``frame`` and ``then`` (the
    snapshot before) are alike in index and columns; ``last_shares`` are those of symbols whose cap was held before.
    """
    shares = frame["market_cap"] / frame["price"]
    restated = _log(frame["average_200d"] / then["average_200d"])
    grown = _log(shares / (then["market_cap"] / then["price"]))
    fresh = (restated.abs() > SPLIT) & (grown.abs() < (grown + restated).abs())
    still = _log(shares / last_shares.reindex(frame.index)).abs() < SAME_SHARES
    found: pd.Index = frame.index[fresh | still]
    return found


def _log(ratio: "pd.Series[float]") -> "pd.Series[float]":
    return pd.Series(np.log(ratio.to_numpy(dtype=float)), index=ratio.index)


def _last_shares(job: Job, symbols: pd.Index) -> "pd.Series[float]":
    """Return the shares of the last row that had a cap, by symbol."""
    found: dict[str, float] = {}
    for symbol in symbols:
        rows = job.store.rows("snapshots", since=job.final - REMEMBERED, symbol=symbol)
        known = [row["market_cap"] / row["price"] for row in rows if row["market_cap"] and row["day"] < job.final]
        found |= {symbol: known[-1]} if known else {}
    return pd.Series(found, dtype=float)
