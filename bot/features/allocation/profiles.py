"""What holdings are made of: members of which index, and companies of which size. Funds by their own members."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from bot.analytics.portfolio import tier_mix
from bot.analytics.size import FLOORS
from bot.errors import MissingData
from bot.features.allocation.request import CASH
from bot.market import universe
from bot.market.dataset import Dataset
from bot.market.spelling import ticker
from bot.market.universe import Pair

SMALL, LARGE, NEITHER, CASH_PART, UNKNOWN = "R2000", "R1000", "neither", "cash", "unknown"
GROUPS = (LARGE, SMALL, NEITHER, CASH_PART, UNKNOWN)
TIERS: tuple[str, ...] = (*FLOORS, CASH_PART, UNKNOWN)
# Whose members speak for a fund: its own list where it is stored, else a list that holds nearly the same companies.
OWN = {"IWM": SMALL, "IWB": LARGE}
STAND_INS = {"SPY": LARGE, "IVV": LARGE, "VOO": LARGE, "IWO": SMALL, "IWN": SMALL}
WHOLE_MARKET, MEGA_CAP_FUND = "VTI", "MAGS"
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Mix:
    """Shares of the whole (fractions that sum to 1) by index membership and by size of company.

    ``stand_ins``: funds shown by another fund's members. ``partly``: funds of which only the largest holdings are
    known, and the share of them. ``uncapped``: companies without a stored market cap. ``day`` is the oldest of the
    caps' days, None without any. ``epochs``: what was done about member lists of different epochs.
    """

    groups: dict[str, float]
    tiers: dict[str, float]
    stand_ins: dict[str, str] = field(default_factory=dict)
    partly: dict[str, float] = field(default_factory=dict)
    uncapped: tuple[str, ...] = ()
    day: date | None = None
    epochs: str | None = None


@dataclass(frozen=True, slots=True)
class _Market:
    """The members of both indices and all caps, as known."""

    pair: Pair
    caps: "pd.Series[float]"

    def members_of(self, index: str) -> "pd.Series[float]":
        """Return the caps of an index's companies by the symbol that stands for each."""
        chosen = self.pair.small if index == SMALL else self.pair.large
        caps: pd.Series[float] = chosen.frame["market_cap"]
        return caps

    def index_of(self, symbol: str) -> str:
        """Return which index a company is counted in."""
        for index, members in ((LARGE, self.pair.large), (SMALL, self.pair.small)):
            if any(symbol in classes for classes in members.classes().values()):
                return index
        return NEITHER


def _market(dataset: Dataset) -> _Market | None:
    try:
        pair = universe.pair(dataset)
    except MissingData:
        return None
    return _Market(pair, universe.market_caps(dataset)["market_cap"])


def whole_market(dataset: Dataset) -> Mix | None:
    """Return the mix of both indices' members by market cap, None where their lists or all caps are not known."""
    market = _market(dataset)
    if market is None:
        return None
    profile = _profile(WHOLE_MARKET, market, dataset)
    if UNKNOWN in profile[0]:
        return None
    return Mix(*profile, epochs=universe.words(market.pair))


def of(weights: Mapping[str, float], dataset: Dataset) -> Mix:
    """Return the mix of a portfolio. Without member lists everything but cash is unknown."""
    market = _market(dataset)
    groups, tiers = dict.fromkeys(GROUPS, 0.0), dict.fromkeys(TIERS, 0.0)
    stand_ins: dict[str, str] = {}
    partly: dict[str, float] = {}
    uncapped: list[str] = []
    for symbol, weight in weights.items():
        profile = _profile(symbol, market, dataset) if market else _nothing_known(symbol)
        for key, share in profile[0].items():
            groups[key] += weight * share
        for key, share in profile[1].items():
            tiers[key] += weight * share
        if market and symbol in STAND_INS:
            stand_ins[symbol] = universe.FUNDS[STAND_INS[symbol]]
        elif market and 0 < profile[1].get(UNKNOWN, 0.0) < 1:
            partly[symbol] = 1 - profile[1][UNKNOWN]
        elif market and UNKNOWN in profile[1] and UNKNOWN not in profile[0]:
            uncapped.append(symbol)
    day = universe.market_caps(dataset)["cap_date"].min() if market else None
    epochs = universe.words(market.pair) if market else None
    return Mix(
        groups,
        tiers,
        stand_ins,
        partly,
        tuple(uncapped),
        day.date() if day is not None and not pd.isna(day) else None,
        epochs,
    )


_Profile = tuple[dict[str, float], dict[str, float]]


def _nothing_known(symbol: str) -> _Profile:
    key = CASH_PART if symbol == CASH else UNKNOWN
    return {key: 1.0}, {key: 1.0}


def _profile(symbol: str, market: _Market, dataset: Dataset) -> _Profile:
    """Return one holding's shares by group and by tier."""
    if symbol == CASH:
        return _nothing_known(symbol)
    if symbol == WHOLE_MARKET:
        return _both_indices(market)
    index = OWN.get(symbol) or STAND_INS.get(symbol)
    if index is not None:
        own = universe.members(dataset, index).frame  # as the fund holds them, whoever counts them in a comparison
        return {index: 1.0}, _tiers(tier_mix(own["market_cap"], own["weight"]))
    if symbol == MEGA_CAP_FUND:
        return _basket({one: 1 / len(universe.MEGA_CAPS) for one in universe.MEGA_CAPS}, market)
    if symbol in dataset.symbols() or _has_facts(symbol, dataset):
        return _by_largest(symbol, market, dataset)
    return _company(symbol, market)


def _both_indices(market: _Market) -> _Profile:
    """Return the members of both indices by cap; nothing is known of them where no cap is."""
    small, large = market.members_of(SMALL), market.members_of(LARGE)
    total = small.sum() + large.sum()
    if not total > 0:
        return _nothing_known(WHOLE_MARKET)
    groups = {SMALL: float(small.sum() / total), LARGE: float(large.sum() / total)}
    return groups, _tiers(tier_mix(pd.concat([small, large])))


def _tiers(mix: "pd.Series[float]") -> dict[str, float]:
    if mix.isna().any():
        return {UNKNOWN: 1.0}
    return {str(tier): float(share) for tier, share in mix.items()}


def _has_facts(symbol: str, dataset: Dataset) -> bool:
    try:
        dataset.fund_facts(symbol)
    except MissingData:
        return False
    return True


def _company(symbol: str, market: _Market) -> _Profile:
    cap = market.caps.get(ticker(symbol))
    tier = UNKNOWN
    if cap is not None and cap > 0:
        tier = str(tier_mix(pd.Series({symbol: float(cap)})).idxmax())
    return {market.index_of(ticker(symbol)): 1.0}, {tier: 1.0}


def _by_largest(symbol: str, market: _Market, dataset: Dataset) -> _Profile:
    """Return what a fund's largest stored holdings show; a company with prices is its own only holding."""
    if ticker(symbol) in market.caps.index and not _has_facts(symbol, dataset):
        return _company(symbol, market)
    if not _has_facts(symbol, dataset):
        return _nothing_known(symbol)
    facts = dataset.fund_facts(symbol)
    largest = facts.values.get("top_holdings", [])  # noqa: PD011  (a mapping of facts, not a series)
    return _basket({held["symbol"]: float(held["weight"]) for held in largest}, market)


def _basket(weights: Mapping[str, float], market: _Market) -> _Profile:
    """Return the shares of companies by weight (fractions); what is missing to 1 is unknown."""
    groups: dict[str, float] = {}
    tiers: dict[str, float] = {}
    for symbol, weight in weights.items():
        for parts, profile in zip((groups, tiers), _company(symbol, market), strict=True):
            (key,) = profile
            parts[key] = parts.get(key, 0.0) + weight
    for parts in (groups, tiers):
        rest = 1 - sum(parts.values())
        if rest > _ROUNDING:
            parts[UNKNOWN] = parts.get(UNKNOWN, 0.0) + rest
    return groups, tiers
