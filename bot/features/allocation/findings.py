"""What is found on a portfolio: its weights, its mix, its risk, and the same with a shift to small caps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from bot.analytics.portfolio import SESSIONS, Risk, deepest_fall, rebalanced, risk, shifted
from bot.analytics.returns import annualised, beta, simple_returns, total_return, volatility
from bot.features.allocation import profiles
from bot.features.allocation.profiles import Mix
from bot.features.allocation.request import CASH, AllocationRequest
from bot.features.allocation.weights import Weighed, weigh
from bot.features.priced import total_return_by_then
from bot.features.sides import stored
from bot.market.dataset import Dataset
from bot.windows import Window

SMALL, LARGE = "IWM", "SPY"


@dataclass(frozen=True, slots=True)
class Past:
    """What weights restored every session did over the window: fractions; ``per_year`` None up to a year."""

    start: date
    total: float
    per_year: float | None
    volatility: float | None
    deepest: float
    deepest_day: date


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything the card says. ``priced`` are the weights that risk rests on, scaled to 1; ``unpriced`` the others.

    ``risk``, the betas and both pasts are None where no holding has enough daily prices.
    """

    weighed: Weighed
    mix: Mix
    market: Mix | None
    priced: dict[str, float]
    unpriced: tuple[str, ...]
    risk: Risk | None
    beta_small: float | None
    beta_large: float | None
    past: Past | None
    shifted: Past | None
    shift: float
    young: str | None


def find(request: AllocationRequest, dataset: Dataset) -> Findings:
    """Compute everything. Raises UnknownSymbol for what is in no table, MissingData for shares without a price."""
    weighed = weigh(request.parsed(), dataset)
    series = {symbol: found for symbol in weighed.weights
              if symbol != CASH and (found := _series(symbol, dataset)) is not None}  # fmt: skip
    held = {symbol: weight for symbol, weight in weighed.weights.items() if symbol in series or symbol == CASH}
    total = sum(held.values())
    priced = {symbol: weight / total for symbol, weight in held.items()} if series else {}
    prices = _prices(series, dataset)
    one_year = rebalanced(prices.iloc[-SESSIONS - 1 :], priced) if priced else pd.Series(dtype=float)
    enough = len(one_year) > SESSIONS
    start = Window(request.window).start(dataset.as_of)
    moved = shifted(priced, request.shift, SMALL) if priced and SMALL in prices else {}
    return Findings(
        weighed=weighed,
        mix=profiles.of(weighed.weights, dataset),
        market=profiles.whole_market(dataset),
        priced=priced,
        unpriced=tuple(symbol for symbol in weighed.weights if symbol not in held),
        risk=_risk(prices, priced) if enough else None,
        beta_small=_beta(one_year, prices, SMALL) if enough else None,
        beta_large=_beta(one_year, prices, LARGE) if enough else None,
        past=_past(prices, priced, start, moved or priced),
        shifted=_past(prices, moved, start, moved),
        shift=request.shift,
        young=_young(series, start),
    )


def _series(symbol: str, dataset: Dataset) -> "pd.Series[float] | None":
    """Return total returns where daily prices of the symbol are stored, None where only its cap or name is."""
    if stored(symbol, dataset) not in dataset.symbols():
        return None
    return total_return_by_then(stored(symbol, dataset), dataset)


def _prices(series: "Mapping[str, pd.Series[float]]", dataset: Dataset) -> pd.DataFrame:
    """Return total-return indices of all holdings, both benchmarks and cash (which stays 1) by session."""
    columns = dict(series)
    for symbol in (SMALL, LARGE):
        found = total_return_by_then(symbol, dataset, optional=(SMALL, LARGE))
        if found is not None:
            columns[symbol] = found
    return pd.DataFrame(columns, index=dataset.sessions).assign(**{CASH: 1.0})


def _risk(prices: pd.DataFrame, weights: Mapping[str, float]) -> Risk | None:
    returns = simple_returns_of(prices, [symbol for symbol in weights if symbol != CASH])
    return risk(returns, {symbol: weight for symbol, weight in weights.items() if symbol != CASH})


def _beta(one_year: "pd.Series[float]", prices: pd.DataFrame, benchmark: str) -> float | None:
    """Return the beta over the same sessions as the risk; None where the benchmark does not have them all."""
    if benchmark not in prices or prices[benchmark].reindex(one_year.index).isna().any():
        return None
    return beta(one_year, prices[benchmark])


def simple_returns_of(prices: pd.DataFrame, symbols: list[str]) -> pd.DataFrame:
    """Return the last 252 daily simple returns on which all symbols have one."""
    table = prices[symbols].dropna()
    return pd.DataFrame({symbol: simple_returns(table[symbol]) for symbol in symbols}).iloc[-SESSIONS:]


def _past(
    prices: pd.DataFrame, weights: Mapping[str, float], start: date | None, together: Mapping[str, float]
) -> Past | None:
    """Measure weights over the sessions on which all of ``together`` had prices, so that pasts can be compared."""
    if not weights:
        return None
    common = prices[list(together)].dropna().index
    inside = prices.loc[common]
    if start is not None and len(common):
        at = max(0, int(common.searchsorted(pd.Timestamp(start), side="right")) - 1)
        inside = inside.iloc[at:]
    grown = rebalanced(inside, weights)
    fall = deepest_fall(grown)
    if fall is None or len(grown) < 2:
        return None
    first, last = pd.Timestamp(grown.index[0]).date(), pd.Timestamp(grown.index[-1]).date()
    total = total_return(grown)
    return Past(first, total, annualised(total, first, last), volatility(grown), fall[0], fall[2].date())


def _young(series: "Mapping[str, pd.Series[float]]", start: date | None) -> str | None:
    """Return the holding that makes the window shorter than asked, None if none does."""
    if not series:
        return None
    youngest = max(series, key=lambda symbol: pd.Timestamp(series[symbol].index[0]))
    first = pd.Timestamp(series[youngest].index[0]).date()
    return youngest if start is not None and first > start else None
