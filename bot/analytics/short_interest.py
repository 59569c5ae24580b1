"""Short interest of a company and of an index: one figure for each denominator, and never a figure without one."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from bot.analytics.aggregates import Coverage, coverage, mean, median, ratio, weighted_mean

NO_DAYS = 999.99  # what FINRA prints where there was no volume to cover with


def share_of_shares(short: pd.Series[float], shares: pd.Series[float]) -> pd.Series[float]:
    """Return short / shares outstanding (the share of market cap too); NaN where shares are missing or 0.

    Both in shares, aligned on their index.
    """
    return (short / shares.where(shares > 0)).astype(float)


def share_of_float(short: pd.Series[float], floating: pd.Series[float]) -> pd.Series[float]:
    """Return short / float; NaN where the float is missing or not above 0. It can exceed 1: shares are lent on."""
    return (short / floating.where(floating > 0)).astype(float)


def measured_days(days_to_cover: pd.Series[float]) -> pd.Series[float]:
    """Return days to cover with FINRA's 999.99 ("no volume") as missing. Its floor of 1 day stays."""
    return days_to_cover.where(days_to_cover < NO_DAYS)


@dataclass(frozen=True, slots=True)
class IndexShort:
    """Short interest of an index by every weighting and denominator. Fractions; ``notional`` in dollars.

    ``of_cap`` is weighted by market cap, of shares outstanding; ``of_float`` weighted likewise, of float, over the
    ``with_float`` members whose float is stored. ``median`` and ``mean`` are those of members' shares of shares.
    """

    of_cap: float
    of_float: float
    median: float
    mean: float
    notional: float
    with_float: int
    coverage: Coverage


def index_short(members: pd.DataFrame) -> IndexShort:
    """Aggregate one row an issuer: ``short``, ``shares``, ``price``, ``float_shares``, ``weight``; NaN is missing.

    weighted = sum(short * price) / sum(shares * price), price and shares of one row and day. Members without
    short, shares or price drop out and out of the coverage. Positions of zero count as zero. NaN of no members.
    """
    matched = members[["short", "shares", "price"]].notna().all(axis=1) & (members["shares"] > 0)
    known = members[matched]
    value = known["short"] * known["price"]
    floating = known["float_shares"].where(known["float_shares"] > 0)
    of_shares = share_of_shares(known["short"], known["shares"])
    return IndexShort(
        of_cap=ratio(float(value.sum()), float((known["shares"] * known["price"]).sum())),
        of_float=ratio(float(value[floating.notna()].sum()), float((floating * known["price"]).sum())),
        median=median(of_shares),
        mean=mean(of_shares),
        notional=float(value.sum()) if len(known) else math.nan,
        with_float=int(floating.notna().sum()),
        coverage=coverage(matched, members["weight"]),
    )


@dataclass(frozen=True, slots=True)
class MatchedChange:
    """A change between two settlement dates on the ``members`` known at both. Fractions of market cap."""

    now: float
    before: float
    members: int

    @property
    def difference(self) -> float:
        """Return now minus before, as a fraction of market cap."""
        return self.now - self.before


def matched_change(members: pd.DataFrame) -> MatchedChange:
    """Compare ``short`` with ``before`` where both are known, at one price and count of shares: only positions move.

    ``members`` as in ``index_short``, with ``before`` (shares short at the previous date) and ``split``: a row whose
    shares were split between the dates is left out.
    """
    known = members[["short", "before", "shares", "price"]].notna().all(axis=1)
    both = members[known & (members["shares"] > 0) & ~members["split"].astype(bool)]
    caps = both["shares"] * both["price"]
    return MatchedChange(
        now=weighted_mean(both["short"] / both["shares"], caps),
        before=weighted_mean(both["before"] / both["shares"], caps),
        members=len(both),
    )


def rank_from_top(values: pd.Series[float], of: str) -> tuple[int, int] | None:
    """Return the place of ``of`` among those with a value, and how many; 1 is the highest, ties share the better place.

    None where it has no value.
    """
    known = values.dropna()
    if of not in known.index:
        return None
    return int((known > known.loc[of]).sum()) + 1, len(known)
