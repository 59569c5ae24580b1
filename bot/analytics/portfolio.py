"""Holdings as a whole: risk contributions, diversification, worst fall, mix of company sizes, growth of a fund."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bot.analytics.estimators import shrunk_covariance
from bot.analytics.size import FLOORS, cap_tier

SESSIONS = 252
Floats = NDArray[np.float64]


def tier_mix(caps: pd.Series[float], weights: pd.Series[float] | None = None) -> pd.Series[float]:
    """Return the share of weight in each size tier, in order from mega to micro.

    ``caps`` in dollars by company; ``weights`` default to the caps. Companies with NaN or no cap are left out
    and the rest scaled to 1; NaN throughout where nothing is left.
    """
    known = caps[caps > 0]
    held = known if weights is None else weights.reindex(known.index).fillna(0)
    sums = held.groupby(known.map(cap_tier)).sum().reindex(list(FLOORS), fill_value=0.0)
    return sums / held.sum() if held.sum() > 0 else sums * np.nan


@dataclass(frozen=True, slots=True)
class Risk:
    """Where the risk of a portfolio comes from. Volatilities are annual fractions; shares of risk sum to 1."""

    symbols: tuple[str, ...]
    weights: Floats
    contributions: Floats
    volatilities: Floats
    volatility: float
    diversification: float


def risk(returns: pd.DataFrame, weights: Mapping[str, float]) -> Risk | None:
    """Split a portfolio's variance among its holdings.

    ``returns`` are daily simple returns (sessions by symbols, no NaN); ``weights`` are fractions of the whole by
    symbol. None when the portfolio has no variance at all. Formula: w_i (S w)_i / (w' S w) with the Ledoit-Wolf
    covariance S; diversification ratio sum(w_i s_i) / s_p with s_i from the same matrix.
    """
    symbols = tuple(weights)
    w = np.array([weights[symbol] for symbol in symbols])
    covariance = shrunk_covariance(returns[list(symbols)])
    variance = float(w @ covariance @ w)
    if not variance > 0:
        return None
    single = np.sqrt(np.diag(covariance))
    return Risk(
        symbols=symbols,
        weights=w,
        contributions=w * (covariance @ w) / variance,
        volatilities=single * np.sqrt(SESSIONS),
        volatility=float(np.sqrt(variance * SESSIONS)),
        diversification=float(w @ single / np.sqrt(variance)),
    )


def rebalanced(prices: pd.DataFrame, weights: Mapping[str, float]) -> pd.Series[float]:
    """Return what 1 became with the weights restored every session.

    ``prices`` are total-return indices (sessions by symbols); sessions before all of them are there drop out.
    The first value is 1; empty without a common session.
    """
    table = prices[list(weights)].dropna()
    if table.empty:
        return pd.Series(dtype=float)
    daily = table.pct_change(fill_method=None).fillna(0.0).to_numpy(dtype=float) @ np.array(list(weights.values()))
    return pd.Series(np.cumprod(1 + daily), index=table.index)


def deepest_fall(values: pd.Series[float]) -> tuple[float, pd.Timestamp, pd.Timestamp] | None:
    """Return the worst drawdown (zero or negative fraction) with the days of its peak and its low; None if empty."""
    if values.empty:
        return None
    depth = (values / values.cummax() - 1).to_numpy()
    low = int(depth.argmin())
    peak = int(values.to_numpy()[: low + 1].argmax())
    return float(depth[low]), pd.Timestamp(values.index[peak]), pd.Timestamp(values.index[low])


def shifted(weights: Mapping[str, float], share: float, to: str) -> dict[str, float]:
    """Move ``share`` (fraction) of every holding into ``to``: weights still sum to what they did."""
    moved = {symbol: weight * (1 - share) for symbol, weight in weights.items()}
    moved[to] = moved.get(to, 0.0) + share * sum(weights.values())
    return moved


def overlap(first: pd.Series[float], second: pd.Series[float]) -> float:
    """Return the overlap of two funds by weight: the sum of the smaller weight of every common holding."""
    common = first.index.intersection(second.index)
    return float(np.minimum(first[common].to_numpy(), second[common].to_numpy()).sum())
