"""Each claim's reading on a day, with its verdict: numbers and which inputs were missing, no words.

Readings of other questions are taken from their reports by their stable ids, so that the scoreboard can never
say anything else than the card it sums up.
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

import pandas as pd

from bot import features
from bot.analytics import verdicts
from bot.analytics.aggregates import monthly_equal_weight
from bot.analytics.records import sessions_since_record, standing
from bot.analytics.returns import calendar_year_returns, common, drawdown, position_on_or_before, total_return
from bot.analytics.rotation import current_regime, relative_strength
from bot.analytics.verdicts import Verdict
from bot.errors import UserError
from bot.market.dataset import Dataset
from bot.report import Report
from bot.windows import Window

Claim = Literal[
    "records", "outrunning", "comeback", "breadth", "earnings", "revisions", "valuation", "rates", "shorts", "risks",
    "cycle",
]  # fmt: skip
SMALL, LARGE, EQUAL, SEVEN_FUND = "IWM", "SPY", "RSP", "MAGS"
SEVEN = ("AAPL", "MSFT", "GOOGL", "AMZN", "NVDA", "META", "TSLA")


@dataclass(frozen=True, slots=True)
class Reading:
    """A claim on a day. ``verdict`` None: not measured, since inputs are missing (``values`` empty) or stale."""

    claim: Claim
    verdict: Verdict | None
    values: Mapping[str, float | str | date | None] = field(default_factory=dict)
    as_of: date | None = None
    sources: tuple[str, ...] = ()
    stale: bool = False

    def number(self, name: str) -> float:
        """Return a value as a number, NaN where it is missing."""
        value = self.values.get(name)
        return float(value) if isinstance(value, int | float) else float("nan")


@functools.lru_cache(maxsize=32)
def measure(dataset: Dataset) -> tuple[Reading, ...]:
    """Return every claim's reading on the dataset's day, in the order of the claims.

    Kept for the days asked for again and again (today, a week ago, the day of the claim): a dataset is the same
    where version and day are, and readings have no language.
    """
    return tuple(_measured(claim, rule, dataset) for claim, rule in _RULES.items())


def _measured(claim: Claim, rule: "Callable[[Dataset], Reading]", dataset: Dataset) -> Reading:
    try:
        reading = rule(dataset)
    except UserError:  # not stored on that day, or too short: the scoreboard says so in place of a verdict
        return Reading(claim, None)
    return replace(reading, verdict=None) if reading.stale else reading


def _window(series: "pd.Series[float]", text: str) -> "pd.Series[float]":
    index = pd.DatetimeIndex(series.index)
    start = Window(text).start(index[-1].date())
    assert start is not None
    at = position_on_or_before(index, start)
    return series.iloc[at:] if at >= 0 else series.iloc[:0]


def spread(first: "pd.Series[float]", second: "pd.Series[float]", window: str) -> float | None:
    """Return the first minus the second over a window, as a fraction; None before both have it."""
    one, other = common(first, second)
    one, other = _window(one, window), _window(other, window)
    return None if one.empty else total_return(one) - total_return(other)


def _records(dataset: Dataset) -> Reading:
    closes = dataset.closes(SMALL)
    record, below = standing(closes), float(drawdown(closes).iloc[-1])
    ago = float(sessions_since_record(closes).iloc[-1])
    return Reading(
        "records",
        verdicts.records(ago, below),
        {"record": record.close, "day": record.day, "sessions": ago, "drawdown": below},
        *_price_origin(closes, SMALL, dataset),
    )


def _price_origin(series: "pd.Series[float]", symbol: str, dataset: Dataset) -> tuple[date, tuple[str, ...], bool]:
    last = pd.DatetimeIndex(series.index)[-1].date()
    return last, (dataset.source(symbol),), last < dataset.as_of


def _outrunning(dataset: Dataset) -> Reading:
    small, large = common(dataset.total_return(SMALL), dataset.total_return(LARGE))
    half, year = spread(small, large, "6m"), spread(small, large, "1y")
    return Reading(
        "outrunning",
        verdicts.outrunning(half, year),
        {"6m": half, "1y": year},
        *_price_origin(small, SMALL, dataset),
    )


def _comeback(dataset: Dataset) -> Reading:
    small, large = common(dataset.total_return(SMALL), dataset.total_return(LARGE))
    by_year = calendar_year_returns(small) - calendar_year_returns(large)
    this = dataset.as_of.year
    full = [float(by_year[year]) for year in range(this - 3, this) if year in by_year.index]
    now = float(by_year[this]) if this in by_year.index else None
    return Reading(
        "comeback",
        verdicts.comeback(now, full),
        {"now": now, "ahead": float(sum(gap > 0 for gap in full)), "full": float(len(full)), "year": float(this)},
        *_price_origin(small, SMALL, dataset),
    )


def seven(dataset: Dataset) -> "pd.Series[float]":
    """Return the seven in equal parts: the fund that holds them so, else the basket rebalanced monthly."""
    fund = dataset.total_return(SEVEN_FUND) if SEVEN_FUND in dataset.symbols() else pd.Series(dtype=float)
    if not fund.empty and not _window(fund, "6m").empty:
        return fund
    return monthly_equal_weight(pd.concat([dataset.total_return(symbol) for symbol in SEVEN], axis=1))


def _breadth(dataset: Dataset) -> Reading:
    equal, cap = common(dataset.total_return(EQUAL), dataset.total_return(LARGE))
    small, large = common(dataset.total_return(SMALL), seven(dataset))
    weight, mega = spread(equal, cap, "6m"), spread(small, large, "6m")
    return Reading(
        "breadth",
        verdicts.breadth(weight, mega),
        {"equal": weight, "mega": mega},
        *_price_origin(min(equal, small, key=lambda series: series.index[-1]), EQUAL, dataset),
    )


@functools.lru_cache(maxsize=8)
def _report(name: str, dataset: Dataset) -> Report:
    built: Report = features.report_module(name).build(features.request_type(name)(), dataset)
    return built


def _number(report: Report, stat_id: str) -> float | None:
    try:
        value = report.stat(stat_id).value
    except KeyError:
        return None
    return float(value) if isinstance(value, int | float) else None


def _origin(report: Report, stat_id: str) -> tuple[date | None, tuple[str, ...], bool]:
    try:
        stat = report.stat(stat_id)
    except KeyError:
        return None, (), False
    return stat.as_of, report.sources, stat.stale


def _gap(report: Report, first: str, second: str) -> float | None:
    one, other = _number(report, first), _number(report, second)
    return None if one is None or other is None else one - other


def _earnings(dataset: Dataset) -> Reading:
    report = _report("earnings", dataset)
    names = ("eps_growth.small", "eps_growth.large", "eps_growth.small.median", "eps_growth.large.median")
    return Reading(
        "earnings",
        verdicts.earnings(_gap(report, *names[:2]), _gap(report, *names[2:])),
        {name: _number(report, name) for name in names},
        *_origin(report, names[0]),
    )


def _revisions(dataset: Dataset) -> Reading:
    report = _report("earnings", dataset)
    small, large = _number(report, "revision_breadth.small"), _number(report, "revision_breadth.large")
    return Reading(
        "revisions",
        verdicts.revisions(small, large),
        {"small": small, "large": large},
        *_origin(report, "revision_breadth.small"),
    )


def _valuation(dataset: Dataset) -> Reading:
    report = _report("valuation", dataset)
    percentile, discount = _number(report, "relative.percentile"), _number(report, "discount.pe_fy1.profitable")
    day, _sources, stale = _origin(report, "discount.pe_fy1.profitable")
    price_day, sources, price_stale = _origin(report, "relative.percentile")
    return Reading(
        "valuation",
        verdicts.valuation(percentile, discount),
        {"percentile": percentile, "discount": discount},
        day or price_day,
        sources,
        stale or price_stale,
    )


def _rates(dataset: Dataset) -> Reading:
    report = _report("rates", dataset)
    for stat_id in ("expected_change_12m_bp", "expected_change_3m_bp"):
        change = _number(report, stat_id)
        if change is not None:
            change = round(change, verdicts.BP_DECIMALS)
            values = {"change": change, "months": float(stat_id.split("_")[2].removesuffix("m"))}
            return Reading("rates", verdicts.rates(change), values, *_origin(report, stat_id))
    return Reading("rates", None)


def _shorts(dataset: Dataset) -> Reading:
    report = _report("shortinterest", dataset)
    table = report.table("indices")
    at = [column.id for column in table.columns]
    name, weighted = at.index("index"), at.index("weighted_share_of_cap")
    _asked, *rows = table.rows
    others = {str(row[name]): float(v) for row in rows if isinstance(v := row[weighted], int | float)}
    small = _number(report, "weighted_share_of_cap")
    highest = max(others, key=others.__getitem__, default=None)
    return Reading(
        "shorts",
        verdicts.shorts(small, list(others.values())),
        {"small": small, "next": others.get(highest or ""), "name": highest},
        *_origin(report, "weighted_share_of_cap"),
    )


def _risks(dataset: Dataset) -> Reading:
    report = _report("risks", dataset)
    gauges = {stat.id.removeprefix("gauge."): stat.value for stat in report.stats if stat.id.count(".") == 1
              and stat.id.startswith("gauge.")}  # fmt: skip
    readable = {name: float(value) for name, value in gauges.items() if isinstance(value, int | float)}
    hottest = max(readable, key=readable.__getitem__, default=None)
    hot = float(sum(value > verdicts.HOT_GAUGE for value in readable.values()))
    return Reading(
        "risks",
        verdicts.risks(list(readable.values())),
        {"hot": hot, "readable": float(len(readable)), "name": hottest, "value": readable.get(hottest or "")},
        dataset.as_of,
        report.sources,
    )


def _cycle(dataset: Dataset) -> Reading:
    small, large = common(dataset.total_return(SMALL), dataset.total_return(LARGE))
    strength = relative_strength(small, large)
    regime = current_regime(strength)
    if regime is None:
        return Reading("cycle", None)
    confirmed = int((pd.DatetimeIndex(strength.index) > pd.Timestamp(regime.confirmed)).sum())
    return Reading(
        "cycle",
        verdicts.cycle(regime.state, confirmed),
        {"state": regime.state, "since": regime.since, "sessions": float(confirmed)},
        *_price_origin(small, SMALL, dataset),
    )


_RULES: "dict[Claim, Callable[[Dataset], Reading]]" = {
    "records": _records,
    "outrunning": _outrunning,
    "comeback": _comeback,
    "breadth": _breadth,
    "earnings": _earnings,
    "revisions": _revisions,
    "valuation": _valuation,
    "rates": _rates,
    "shorts": _shorts,
    "risks": _risks,
    "cycle": _cycle,
}
