"""The numbers behind the card: rates as last known, what futures expect, sensitivity, cycles of cuts."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from bot.analytics.estimators import Fit
from bot.analytics.rates import (
    PAIRS,
    CutCycle,
    change_bp,
    cut_cycles,
    expected_change_bp,
    net_debt_to_ebitda,
    sensitivity,
    slope_history,
    twelve_months_ahead,
    week_ends,
    weekly_pairs,
)
from bot.analytics.rotation import current_regime
from bot.errors import MissingData
from bot.features.meetings import meetings_ahead
from bot.features.priced import total_return_by_then
from bot.features.rates.request import RatesRequest
from bot.features.sides import Sides, sides
from bot.market import calendar, universe
from bot.market.dataset import Dataset
from bot.windows import Window

DAILY_STALE_DAYS = 7
_ACCOUNTS = ("sector", "total_debt", "total_cash", "enterprise_value", "ev_to_ebitda")
_NO_EBITDA = ("Financial Services", "Real Estate")  # debt is their trade
YIELDS = ("2y", "10y")
SERIES = {"fed_funds": "DFF", "bill": "DGS3MO", "2y": "DGS2", "10y": "DGS10"}


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate as last known: a fraction, the day it describes, its change over the window in basis points."""

    series: str
    value: float
    day: date
    change_bp: float | None
    stale: bool


@dataclass(frozen=True, slots=True)
class Expected:
    """What a futures contract expects twelve months on, against the effective rate, in basis points."""

    change_bp: float
    contract: int
    settlement: float
    day: date


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The regression on one yield: pairs, fit (None with too few pairs) and the slope's last three years."""

    pairs: pd.DataFrame
    fit: Fit | None
    history: "pd.Series[float]"


@dataclass(frozen=True, slots=True)
class Leverage:
    """Median net debt over EBITDA of members of the Russell 2000 and 1000, and how many have the accounts for it."""

    small: float
    large: float
    counts: tuple[int, int]
    day: date
    epochs: str | None


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything the card says, before any words. What was not known is None or missing from a mapping."""

    pair: Sides
    rates: dict[str, Rate]
    target: tuple[float, float, date] | None
    next_meeting: date | None
    expected: Expected | None
    sensitivities: dict[str, Sensitivity]
    cycles: tuple[CutCycle, ...]
    leader: str | None
    prices_from: date | None
    leverage: Leverage | None


def find(request: RatesRequest, dataset: Dataset) -> Findings:
    """Collect the numbers. Raises what the dataset raises for an unknown fund, never for a series too young."""
    pair = sides(request.small, request.large, dataset)
    start = Window(request.window).start(dataset.as_of)
    rates = {name: rate for name, series in SERIES.items() if (rate := _rate(series, start, dataset)) is not None}
    prices = _prices(pair, dataset)
    return Findings(
        pair=pair,
        rates=rates,
        target=_target(dataset),
        next_meeting=next(iter(meetings_ahead(dataset)), None),
        expected=_expected(rates.get("fed_funds"), dataset),
        sensitivities={}
        if prices is None or not rates.keys() >= {*YIELDS}
        else {name: _sensitivity(prices, SERIES[name], dataset) for name in YIELDS},
        cycles=() if prices is None else cut_cycles(dataset.fed_changes(), *prices),
        leader=_leader(prices),
        prices_from=None if prices is None else max(p.index[0] for p in prices).date(),
        leverage=leverage(dataset),
    )


def _rate(series: str, start: date | None, dataset: Dataset) -> Rate | None:
    try:
        known = dataset.macro(series).dropna()
    except MissingData:
        return None
    day = known.index[-1].date()
    change = change_bp(known, pd.Timestamp(start) if start else known.index[0])
    return Rate(series, float(known.iloc[-1]), day, change, (dataset.as_of - day).days > DAILY_STALE_DAYS)


def _prices(pair: Sides, dataset: Dataset) -> "tuple[pd.Series[float], pd.Series[float]] | None":
    small, large = (
        total_return_by_then(symbol, dataset, optional=("IWM", "SPY")) for symbol in (pair.small, pair.large)
    )
    return None if small is None or large is None else (small, large)


def _leader(prices: "tuple[pd.Series[float], pd.Series[float]] | None") -> str | None:
    if prices is None:
        return None
    regime = current_regime((prices[0] / prices[1]).dropna())
    return regime.state if regime else None


def _target(dataset: Dataset) -> tuple[float, float, date] | None:
    changes = dataset.fed_changes()
    if changes.empty:
        return None
    last = changes.iloc[-1]
    return float(last["lower"]), float(last["upper"]), pd.Timestamp(changes.index[-1]).date()


def _expected(effective: Rate | None, dataset: Dataset) -> Expected | None:
    """Read the contract twelve months ahead where it settled within a week; None where it did not."""
    futures = dataset.futures()
    contract = twelve_months_ahead(dataset.as_of)
    settled = futures[futures["contract"] == contract]
    if effective is None or settled.empty:
        return None
    day = settled["date"].iloc[-1].date()
    if (dataset.as_of - day).days > DAILY_STALE_DAYS:
        return None
    settlement = float(settled["close"].iloc[-1])
    return Expected(expected_change_bp(settlement, effective.value), contract, settlement, day)


def _sensitivity(prices: "tuple[pd.Series[float], pd.Series[float]]", series: str, dataset: Dataset) -> Sensitivity:
    ends = week_ends(dataset.sessions, calendar.sessions_after(dataset.as_of, 1))
    pairs = weekly_pairs(*prices, dataset.macro(series), ends)
    return Sensitivity(pairs.iloc[-PAIRS:], sensitivity(pairs), slope_history(pairs))


def leverage(dataset: Dataset) -> Leverage | None:
    """Compare members outside finance and real estate; None where members or accounts are not stored."""
    try:
        pair, accounts = universe.pair(dataset), dataset.fundamentals()
    except MissingData:
        return None
    ratios = []
    for side in (pair.small, pair.large):
        frame = universe.attach(side, accounts.frame, _ACCOUNTS)
        ratios.append(net_debt_to_ebitda(frame[~frame["sector"].isin(_NO_EBITDA)]).dropna())
    if any(ratio.empty for ratio in ratios):
        return None
    return Leverage(
        small=float(ratios[0].median()),
        large=float(ratios[1].median()),
        counts=(len(ratios[0]), len(ratios[1])),
        day=accounts.date,
        epochs=universe.words(pair),
    )
