"""The verdict on every claim for each day of the past on which it could be read, as it could be known then.

-1 broken, 0 mixed, 1 holds. Claims on prices, rates and gauges are judged for every session or week; those on members
and estimates on the days that brought a new file.
"""

import functools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TypeVar

import pandas as pd

from bot.analytics import verdicts
from bot.analytics.aggregates import monthly_equal_weight
from bot.analytics.records import sessions_since_record
from bot.analytics.returns import calendar_year_returns, common, drawdown, rolling_return, year_to_date
from bot.analytics.rotation import regimes, relative_strength
from bot.errors import UserError
from bot.features.earnings.findings import Side
from bot.features.earnings.findings import find as earnings
from bot.features.freshness import OLDEST
from bot.features.rates.findings import DAILY_STALE_DAYS
from bot.features.rates.report import expected_changes, known_series
from bot.features.record import history
from bot.features.risks.report import gauge_series
from bot.features.short_members import lists
from bot.features.shortinterest.findings import measure
from bot.features.thesis.readings import EQUAL, LARGE, SEVEN, SEVEN_FUND, SMALL, Claim
from bot.features.valuation.indicators import discounts
from bot.features.valuation.indicators import percentiles as relative_percentiles
from bot.market import universe
from bot.market.dataset import Dataset

T = TypeVar("T")
_CODES: Mapping[verdicts.Verdict, float] = {"supports": 1.0, "mixed": 0.0, "contradicts": -1.0}


def verdict_series(dataset: Dataset, claim: Claim) -> "pd.Series[float]":
    """Return -1 broken, 0 mixed, 1 holds by day. Empty where the claim was never measurable; raises a UserError."""
    return _HISTORIES[claim](dataset)


def _judged(supports: "pd.Series[bool]", contradicts: "pd.Series[bool]") -> "pd.Series[float]":
    """Return the verdicts of a rule: both at once is mixed, as is neither."""
    return supports.astype(float) - contradicts.astype(float)


def _both_sides(first: "pd.Series[float]", second: "pd.Series[float]") -> "pd.Series[float]":
    both = pd.DataFrame({"first": first, "second": second}).dropna()
    return _judged((both > 0).all(axis=1), (both < 0).all(axis=1))


def _records(dataset: Dataset) -> "pd.Series[float]":
    closes = dataset.closes(SMALL)
    recent = sessions_since_record(closes) <= verdicts.RECENT_SESSIONS
    return _judged(recent, drawdown(closes) < verdicts.DEEP_DRAWDOWN)


def _spread(first: "pd.Series[float]", second: "pd.Series[float]", months: int) -> "pd.Series[float]":
    one, other = common(first, second)
    return rolling_return(one, months) - rolling_return(other, months)


def _outrunning(dataset: Dataset) -> "pd.Series[float]":
    small, large = dataset.total_return(SMALL), dataset.total_return(LARGE)
    return _both_sides(_spread(small, large, 6), _spread(small, large, 12))


def _comeback(dataset: Dataset) -> "pd.Series[float]":
    small, large = common(dataset.total_return(SMALL), dataset.total_return(LARGE))
    now = year_to_date(small) - year_to_date(large)
    gaps = calendar_year_returns(small) - calendar_year_returns(large)
    ahead, behind = ((signs.rolling(3).sum() >= 2).shift(1) for signs in (gaps > 0, gaps < 0))
    years = pd.DatetimeIndex(now.index).year
    enough = gaps.rolling(3).count().shift(1).reindex(years).to_numpy() == 3
    usual, unusual = (flags.reindex(years).fillna(False).to_numpy(dtype=bool) for flags in (ahead, behind))
    judged: pd.Series[float] = _judged((now > 0) & usual, (now < 0) & unusual)[enough]
    return judged


def _breadth(dataset: Dataset) -> "pd.Series[float]":
    weight = _spread(dataset.total_return(EQUAL), dataset.total_return(LARGE), 6)
    return _both_sides(weight, _ahead_of_the_seven(dataset))


def _ahead_of_the_seven(dataset: Dataset) -> "pd.Series[float]":
    """Return small minus the seven over 6 months: against their fund where it has the window, else the basket."""
    small = dataset.total_return(SMALL)
    basket = monthly_equal_weight(pd.concat([dataset.total_return(symbol) for symbol in SEVEN], axis=1))
    against = _spread(small, basket, 6)
    if SEVEN_FUND not in dataset.symbols():
        return against
    fund = _spread(small, dataset.total_return(SEVEN_FUND), 6)
    return fund.combine_first(against)


def _valuation(dataset: Dataset) -> "pd.Series[float]":
    """Judge each session by its relative price and the discount last measured, while that one is fresh."""
    discount = discounts(dataset, "pe_fy1", "profitable")
    if discount.empty:
        return discount
    percentile = relative_percentiles(dataset)
    held = discount.reindex(percentile.index, method="ffill", tolerance=pd.Timedelta(OLDEST["estimates"])).dropna()
    place = percentile.reindex(held.index)
    cheap = (place <= verdicts.LOW_PERCENTILE) & (held >= verdicts.CHEAP_DISCOUNT)
    return _judged(cheap, (place > verdicts.MEDIAN_PERCENTILE) | (held <= 0))


def _rates(dataset: Dataset) -> "pd.Series[float]":
    """Judge by futures where they settled within a week, else by bills."""
    effective, bill = known_series(dataset, "DFF"), known_series(dataset, "DGS3MO")
    days = bill.index.union(effective.index)
    change = ((bill.reindex(days).ffill() - effective.reindex(days).ffill()) * 1e4).dropna()
    change = change[change.index.isin(dataset.sessions)]
    futures = expected_changes(dataset)
    week = pd.Timedelta(days=DAILY_STALE_DAYS)
    held = futures.reindex(change.index, method="ffill", tolerance=week) if len(futures) else futures
    change = held.combine_first(change).round(verdicts.BP_DECIMALS)
    return _judged(change <= -verdicts.MOVE_BP, change >= verdicts.MOVE_BP)


def _risks(dataset: Dataset) -> "pd.Series[float]":
    """Judge each completed week by the gauges that could be read."""
    readings = pd.DataFrame(gauge_series(dataset)).dropna(how="all")
    hot = (readings > verdicts.HOT_GAUGE).sum(axis=1)
    return _judged(hot == 0, hot >= 2)


def _cycle(dataset: Dataset) -> "pd.Series[float]":
    strength = relative_strength(dataset.total_return(SMALL), dataset.total_return(LARGE))
    history = regimes(strength)
    index = pd.DatetimeIndex(strength.index)
    confirmed = index.searchsorted(pd.DatetimeIndex(history["confirmed"]))
    sessions = index.searchsorted(pd.DatetimeIndex(history.index)) - confirmed
    lasting = (history["code"] == 1) & (sessions >= verdicts.CONFIRMED_SESSIONS)
    return _judged(lasting, history["code"] == -1)


def _by_file(dataset: Dataset, claim: Claim) -> "pd.Series[float]":
    """Judge each file of estimates: days that the bot's own record holds are not measured again."""
    return history(dataset, f"thesis.{claim}", ("estimates",), FILED[claim]) - 1


def place(verdict: verdicts.Verdict | None) -> float:
    """Return a verdict's place among an indicator's states: 0 broken, 1 mixed, 2 holds; NaN without one."""
    return math.nan if verdict is None else _CODES[verdict] + 1


def _earnings_then(then: Dataset) -> float:
    """Place the verdict on EPS growth of small caps less that of large ones, in the aggregate and at the median."""
    small, large = (side.growth for side in _sides(then))
    return place(verdicts.earnings(small.aggregate - large.aggregate, small.median - large.median))


def _revisions_then(then: Dataset) -> float:
    small, large = (side.revisions.counts for side in _sides(then))
    return place(verdicts.revisions(small, large))


@functools.lru_cache(maxsize=4)  # two claims read it
def _sides(then: Dataset) -> tuple[Side, Side]:
    found = earnings(then)
    return found.small, found.large


FILED: "Mapping[Claim, Callable[[Dataset], float]]" = MappingProxyType(
    {"earnings": _earnings_then, "revisions": _revisions_then}
)
"""Claims that are judged once for each file of estimates, and how: what the bot's own record keeps of them."""


def _shorts(dataset: Dataset) -> "pd.Series[float]":
    """Judge each settlement date on the day it was published."""
    weighted = _measured(dataset.settlements()["published"], dataset, _weighted)
    return _coded({day: verdicts.shorts(small, others) for day, (small, *others) in weighted})


def _weighted(dataset: Dataset) -> tuple[float, ...]:
    """Return short interest of the market cap of the Russell 2000, and of each other index that has one."""
    settlement = dataset.short_interest().date
    members = lists("R2000", universe.indices(dataset), dataset, settlement).members
    small, *others = (measure(one, dataset, settlement).short.of_cap for one in members)
    return small, *(value for value in others if math.isfinite(value))


def _measured(
    days: Iterable[pd.Timestamp], dataset: Dataset, measure: Callable[[Dataset], T]
) -> Iterator[tuple[pd.Timestamp, T]]:
    """Measure something on some days, as it could be known then; days on which it could not are left out."""
    for day in days:
        try:
            yield day, measure(dataset.at(day.date()))
        except UserError:
            continue


def _coded(found: Mapping[pd.Timestamp, verdicts.Verdict | None]) -> "pd.Series[float]":
    codes = {day: _CODES[verdict] for day, verdict in found.items() if verdict is not None}
    return pd.Series(codes, dtype=float, index=pd.DatetimeIndex(list(codes)))


_HISTORIES: Mapping[Claim, "Callable[[Dataset], pd.Series[float]]"] = MappingProxyType(
    {
        "records": _records,
        "outrunning": _outrunning,
        "comeback": _comeback,
        "breadth": _breadth,
        "earnings": functools.partial(_by_file, claim="earnings"),
        "revisions": functools.partial(_by_file, claim="revisions"),
        "valuation": _valuation,
        "rates": _rates,
        "shorts": _shorts,
        "risks": _risks,
        "cycle": _cycle,
    }
)
