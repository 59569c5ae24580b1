"""Earnings of a basket: growth in three forms, who makes it, and which way analysts revise."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from bot.analytics.aggregates import Coverage, coverage, median, ratio, share

THIN_BASE = 0.10  # a base under a tenth of its absolute parts: growth from it is arithmetic, not business
TOP = 5


@dataclass(frozen=True, slots=True)
class Growth:
    """EPS growth of a basket from FY1 to FY2, three forms. ``aggregate`` NaN means "not meaningful" or no data.

    ``base`` is sum(FY1) / sum(|FY1|); ``contributors`` the symbols that add most to the aggregate, as fractions of
    the absolute base; ``positive_members`` those with FY1 above zero; ``loss_share`` those with FY1 below.
    """

    aggregate: float
    positive_base: float
    median: float
    base: float
    loss_share: float
    positive_members: int
    contributors: tuple[tuple[str, float], ...]
    coverage: Coverage


def growth(members: pd.DataFrame) -> Growth:
    """Measure growth of ``eps_fy1`` to ``eps_fy2`` (dollars a share) weighted by ``shares``, one row an issuer.

    ``weight`` is for the coverage. Members without either estimate or shares drop out. Fiscal years are taken as
    they are, not calendarised. The aggregate is not meaningful on a negative base or one under a tenth of the
    absolute sum.
    """
    matched = members[["eps_fy1", "eps_fy2", "shares"]].notna().all(axis=1) & (members["shares"] > 0)
    known = members[matched]
    first, second = known["eps_fy1"] * known["shares"], known["eps_fy2"] * known["shares"]
    gains = known["eps_fy1"] > 0
    absolute = float(first.abs().sum())
    base = ratio(float(first.sum()), absolute)
    return Growth(
        aggregate=_growth(first, second) if base >= THIN_BASE else math.nan,
        positive_base=_growth(first[gains], second[gains]),
        median=median(known["eps_fy2"][gains] / known["eps_fy1"][gains] - 1),
        base=base,
        loss_share=share(known["eps_fy1"] < 0),
        positive_members=int(gains.sum()),
        contributors=_contributors(first, second),
        coverage=coverage(matched, members["weight"]),
    )


def _growth(first: pd.Series[float], second: pd.Series[float]) -> float:
    return ratio(float(second.sum()), float(first.sum())) - 1


def _contributors(first: pd.Series[float], second: pd.Series[float]) -> tuple[tuple[str, float], ...]:
    base = abs(float(first.sum()))
    if base == 0:
        return ()
    added = ((second - first) / base).rename("added").rename_axis("symbol").reset_index()
    top = added.sort_values(["added", "symbol"], ascending=[False, True]).head(TOP)
    return tuple((str(symbol), float(part)) for symbol, part in zip(top["symbol"], top["added"], strict=True))


@dataclass(frozen=True, slots=True)
class Revisions:
    """Revision breadth in 30 days, three forms from -1 (all down) to 1 (all up). NaN: nobody revised.

    ``counts`` weighs each revision the same, ``companies`` each company, ``cap_weighted`` by market cap.
    ``set_aside`` counts members whose estimates stood still for 90 days.
    """

    counts: float
    companies: float
    cap_weighted: float
    up: int
    down: int
    set_aside: int
    coverage: Coverage


def stands_still(members: pd.DataFrame) -> pd.Series[bool]:
    """Tell which members' estimates nobody has touched for 90 days: both years unchanged and no revision counted."""
    untouched = (members["eps_fy1"] == members["eps_fy1_90d_ago"]) & (members["eps_fy2"] == members["eps_fy2_90d_ago"])
    return untouched & (members["revisions_up_30d"].fillna(0) + members["revisions_down_30d"].fillna(0) == 0)


def rolled(now: pd.DataFrame, before: pd.DataFrame) -> pd.Series[bool]:
    """Tell which members went on to their next fiscal year between two files of estimates, aligned on ``now``.

    This year's estimate then is nearer to what was next year's than to what was this year's, by half or more.
    """
    was_first, was_second = before["eps_fy1"].reindex(now.index), before["eps_fy2"].reindex(now.index)
    return (now["eps_fy1"] - was_second).abs() * 2 < (now["eps_fy1"] - was_first).abs()


def revisions(members: pd.DataFrame) -> Revisions:
    """Count analysts' revisions: ``revisions_up_30d``, ``revisions_down_30d``, with ``market_cap`` and ``weight``.

    A member without counts drops out, and so does one whose estimates stand still. counts = (ups - downs) / (ups +
    downs); companies = share with more up - share with more down; cap_weighted the same by market cap.
    """
    counted = members[["revisions_up_30d", "revisions_down_30d"]].notna().all(axis=1)
    still = stands_still(members) & counted
    matched = counted & ~still
    known = members[matched]
    net = known["revisions_up_30d"] - known["revisions_down_30d"]
    return _breadth(known, net, int(still.sum()), coverage(matched, members["weight"]))


def revisions_between(now: pd.DataFrame, before: pd.DataFrame) -> Revisions:
    """Count consensus changes between two of our own files: for members, or times, without analysts' counts.

    ``now``: ``eps_fy1``, ``eps_fy2``, ``market_cap``, ``weight``; ``before`` an earlier file, by the same symbols.
    A rise of this year's consensus is one up, a fall one down. Fiscal-year rolls are left out.
    """
    was = before["eps_fy1"].reindex(now.index)
    known = now["eps_fy1"].notna() & was.notna()
    roll = rolled(now, before) & known
    matched = known & ~roll
    net = (now["eps_fy1"] - was)[matched]
    sign = (net > 0).astype(float) - (net < 0).astype(float)
    counted = now[matched].assign(revisions_up_30d=(sign > 0) * 1.0, revisions_down_30d=(sign < 0) * 1.0)
    return _breadth(counted, sign, int(roll.sum()), coverage(matched, now["weight"]))


def _breadth(known: pd.DataFrame, net: pd.Series[float], set_aside: int, covered: Coverage) -> Revisions:
    up, down = float(known["revisions_up_30d"].sum()), float(known["revisions_down_30d"].sum())
    caps = known["market_cap"].where(known["market_cap"] > 0)
    rising, falling = float(caps[net > 0].sum()), float(caps[net < 0].sum())
    return Revisions(
        counts=ratio(up - down, up + down),
        companies=share(net > 0) - share(net < 0),
        cap_weighted=ratio(rising - falling, float(caps.sum())),
        up=int(up),
        down=int(down),
        set_aside=set_aside,
        coverage=covered,
    )
