"""The squeeze score: how crowded a short is by five percentile ranks, with the inputs that are missing named."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from bot.analytics.short_interest import measured_days, share_of_float

# Percent of the score, as METRICS defines it: crowding first, then the pressure of price and volume.
WEIGHTS: Mapping[str, int] = MappingProxyType(
    {"short_of_float": 35, "days_to_cover": 25, "short_change": 15, "return_1m": 15, "volume_surge": 10}
)


def inputs(members: pd.DataFrame) -> pd.DataFrame:
    """Return the five inputs of the score, one column a component, one row a member; NaN is missing.

    ``members``: ``short``, ``before`` (shares, now and two weeks earlier), ``split``, ``float_shares``,
    ``days_to_cover``, ``return_1m`` (fraction), ``volume_surge`` (5-day over 3-month volume). The change in short
    interest is (now - before) / float; across a split it is missing.
    """
    floating = members["float_shares"]
    moved = (members["short"] - members["before"]).where(~members["split"].astype(bool))
    return pd.DataFrame(
        {
            "short_of_float": share_of_float(members["short"], floating),
            "days_to_cover": measured_days(members["days_to_cover"]),
            "short_change": share_of_float(moved, floating),
            "return_1m": members["return_1m"],
            "volume_surge": members["volume_surge"],
        }
    ).astype(float)


def scores(values: pd.DataFrame) -> pd.DataFrame:
    """Return ``score`` (0 to 100), ``confidence`` (fraction of weight present) and the points of each component.

    Ranks are mean rank / n inside ``values`` (columns as in WEIGHTS, higher is more crowded). A missing input drops
    out and the rest are rescaled: the points of a row always add up to its score. NaN where nothing is known.
    """
    ranks = values[list(WEIGHTS)].rank(method="average", pct=True)
    weights = pd.Series(WEIGHTS, dtype=float)
    present = ranks.notna().astype(float) * weights
    total = present.sum(axis=1)
    points = (ranks * weights).div(total.replace(0, np.nan), axis=0) * 100
    return points.assign(score=points.sum(axis=1, min_count=1), confidence=total / weights.sum())


def most_crowded(scored: pd.DataFrame, count: int, least_confidence: float = 0.0) -> pd.DataFrame:
    """Return the ``count`` highest scores in order; equal scores go by the higher confidence, then by symbol."""
    eligible = scored[scored["score"].notna() & (scored["confidence"] >= least_confidence)]
    ordered = eligible.rename_axis("symbol").reset_index()
    ordered = ordered.sort_values(["score", "confidence", "symbol"], ascending=[False, False, True])
    return ordered.set_index("symbol").head(count)
