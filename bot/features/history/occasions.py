"""When events of each kind happened, and from which session on they could have."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from bot.analytics.events import crossings, first_records
from bot.analytics.rates import cut_cycles
from bot.analytics.returns import rolling_return
from bot.analytics.rotation import LARGE, LONG_MEAN, SMALL, regimes, state_of
from bot.features.history.rallies import INDEX
from bot.features.history.request import HistoryRequest
from bot.features.shortinterest.indicators import weighted
from bot.features.sides import Sides
from bot.market.dataset import Dataset

SPREAD_MONTHS = 6
ENOUGH_SETTLEMENTS = 60  # fewer say nothing of what is usual
TOP_TENTH = 0.9


@dataclass(frozen=True, slots=True)
class Pair:
    """The two sides with their total-return indices on common sessions, and their ratio."""

    sides: Sides
    small: "pd.Series[float]"
    large: "pd.Series[float]"

    @property
    def strength(self) -> "pd.Series[float]":
        """Small over large."""
        return self.small / self.large


@dataclass(frozen=True, slots=True)
class Occasions:
    """Days of events (sessions), and the first session on which one could have been; None if none could yet."""

    days: pd.DatetimeIndex
    first: pd.Timestamp | None


def occasions(request: HistoryRequest, pair: Pair, dataset: Dataset) -> Occasions:
    """Return when events of the kind asked for happened. KeyError for a kind that has no days."""
    find: dict[str, Callable[[HistoryRequest, Pair, Dataset], Occasions]] = {
        "record": _records,
        "regime": _regimes,
        "mean": _means,
        "cut": _cuts,
        "spread": _spreads,
        "shorts": _shorts,
    }
    return find[request.event](request, pair, dataset)


def _records(request: HistoryRequest, pair: Pair, dataset: Dataset) -> Occasions:
    """Find first record closes in so many days: none can be that late before the listing is that old."""
    closes = dataset.closes(pair.sides.small)
    able = closes.index[closes.index >= closes.index[0] + pd.Timedelta(days=request.gap_days)]
    return Occasions(first_records(closes, request.gap_days), able[0] if len(able) else None)


def _regimes(request: HistoryRequest, pair: Pair, _dataset: Dataset) -> Occasions:
    """Find confirmations of the regime asked for; the first regime of all follows none and is no switch."""
    history = regimes(pair.strength)
    if history.empty:
        return Occasions(pd.DatetimeIndex([]), None)
    wanted = SMALL if request.side == "small" else LARGE
    states = history.groupby("confirmed")["code"].first()
    confirmed = [pd.Timestamp(str(day)) for day, code in states.iloc[1:].items() if state_of(code) == wanted]
    return Occasions(pd.DatetimeIndex(confirmed), history.index[0])


def _means(request: HistoryRequest, pair: Pair, _dataset: Dataset) -> Occasions:
    """Find where relative strength crosses its 200-session mean, upward where small takes over."""
    strength = pair.strength
    mean = strength.rolling(LONG_MEAN).mean()
    able = mean.dropna().index
    return Occasions(crossings(strength, mean, upward=request.side == "small"), able[0] if len(able) else None)


def _cuts(_request: HistoryRequest, pair: Pair, dataset: Dataset) -> Occasions:
    """Find first cuts of the target after a rise, on the first session that could react."""
    changes = dataset.fed_changes()
    cycles = cut_cycles(changes, pair.small, pair.large)
    days = pd.DatetimeIndex([pd.Timestamp(cycle.after_first.start) for cycle in cycles])
    able = pair.small.index[pair.small.index >= changes.index[0]] if len(changes) else pair.small.index[:0]
    return Occasions(days, able[0] if len(able) else None)


def _shorts(_request: HistoryRequest, pair: Pair, dataset: Dataset) -> Occasions:
    """Find publications that put short interest into the top tenth of its own history so far."""
    history = weighted(dataset, INDEX)
    if history.empty:
        return Occasions(pd.DatetimeIndex([]), None)
    places = history.expanding(ENOUGH_SETTLEMENTS).rank(method="max", pct=True).dropna()
    sessions = pd.DatetimeIndex(pair.small.index)
    places = places[places.index <= sessions[-1]]
    if places.empty:
        return Occasions(pd.DatetimeIndex([]), None)
    days = sessions[sessions.searchsorted(crossings(places, TOP_TENTH))]
    return Occasions(pd.DatetimeIndex(days), sessions[sessions.searchsorted(places.index[0])])


def _spreads(request: HistoryRequest, pair: Pair, _dataset: Dataset) -> Occasions:
    """Find where the lead over six months, small's or large's, passes so many points."""
    lead = rolling_return(pair.small, SPREAD_MONTHS) - rolling_return(pair.large, SPREAD_MONTHS)
    lead = lead if request.side == "small" else -lead
    return Occasions(crossings(lead, request.points / 100), lead.index[0] if len(lead) else None)
