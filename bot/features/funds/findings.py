"""What is found on each fund: facts as stored, returns and risk over one common window."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

import pandas as pd

from bot.analytics import returns as r
from bot.analytics.portfolio import deepest_fall, overlap
from bot.analytics.valuation import price_earnings, trailing_earnings
from bot.errors import MissingData, NotEnoughHistory, StartAfterEnd
from bot.features.funds.request import DEFAULTS, FundsRequest
from bot.features.indices import INDEX_OF, known
from bot.features.priced import total_return_by_then
from bot.features.sides import stored
from bot.market import calendar, reconstitution, universe
from bot.market.dataset import Dataset
from bot.market.frames import FundFacts, Holdings
from bot.report import MAX_FIGURES
from bot.windows import Window

YEARS = (1, 3, 5, 10)
_EARNINGS = ("market_cap", "price_to_sales", "net_margin")


@dataclass(frozen=True, slots=True)
class Risk:
    """A fund over the common window: fractions; None where it cannot be said. ``capture`` is up, down."""

    total: float
    per_year: float | None
    volatility: float | None
    sharpe: float | None
    sortino: float | None
    deepest: float
    deepest_day: date
    beta: float | None
    tracking_error: float | None
    capture: tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Fund:
    """One fund: ``facts`` and ``holdings`` None where not stored, ``risk`` None where it is younger than the window.

    ``years``: return over 1, 3, 5, 10 years, per year where longer than one. ``earnings``: trailing P/E of members,
    all and profitable alone. ``index`` is its total-return index inside the window, empty without one.
    """

    symbol: str
    first: date | None
    facts: FundFacts | None
    holdings: Holdings | None
    earnings: tuple[float | None, float | None]
    years: dict[int, float | None]
    risk: Risk | None
    index: "pd.Series[float]"


@dataclass(frozen=True, slots=True)
class Findings:
    """All funds in the order asked, the common window, and how far stored holdings overlap.

    ``billed``: whether the bill is stored that Sharpe and Sortino are measured over. ``benchmark_first``: the
    benchmark's first day.
    """

    benchmark: str
    start: date
    end: date
    funds: tuple[Fund, ...]
    overlaps: dict[tuple[str, str], float]
    epochs_apart: bool
    billed: bool = True
    benchmark_first: date | None = None

    @property
    def measured(self) -> tuple[Fund, ...]:
        """The funds that have the whole window."""
        return tuple(fund for fund in self.funds if fund.risk is not None)

    @property
    def pictured(self) -> tuple[Fund, ...]:
        """Those of them that are drawn: as many as can be told apart."""
        return self.measured[:MAX_FIGURES]


def find(request: FundsRequest, dataset: Dataset) -> Findings:
    """Measure the funds. Raises NotEnoughHistory if the window begins before all of them, and what the dataset does."""
    symbols = list(dict.fromkeys(stored(symbol, dataset) for symbol in request.symbols))
    benchmark = dataset.total_return(stored(request.benchmark, dataset))
    series = {symbol: total_return_by_then(symbol, dataset, optional=DEFAULTS) for symbol in symbols}
    if all(one is None for one in series.values()):
        series[symbols[0]] = dataset.total_return(symbols[0])  # raises, and names the first day there is
    start = _start(request, series, dataset)
    bill = _bill(dataset)
    month_over = calendar.sessions_after(dataset.as_of, 1).month != dataset.as_of.month
    funds = tuple(
        _fund(symbol, one, start, _Against(benchmark, bill, month_over), dataset) for symbol, one in series.items()
    )
    lists = {fund.symbol: fund.holdings for fund in funds if fund.holdings is not None}
    return Findings(
        benchmark=stored(request.benchmark, dataset),
        start=start,
        end=dataset.as_of,
        funds=funds,
        overlaps=dict(_overlaps(lists)),
        epochs_apart=any(_apart(a, b) for a, b in combinations(lists.values(), 2)),
        billed=not bill.empty,
        benchmark_first=pd.Timestamp(benchmark.index[0]).date(),
    )


def _start(request: FundsRequest, series: "dict[str, pd.Series[float] | None]", dataset: Dataset) -> date:
    """Return the session the window begins on: all history begins where the youngest fund that traded does."""
    traded = {symbol: one for symbol, one in series.items() if one is not None}
    wanted = Window(request.window).start(dataset.as_of)
    if wanted is None:
        return max(pd.Timestamp(one.index[0]) for one in traded.values()).date()
    if wanted >= dataset.as_of:
        raise StartAfterEnd(wanted, dataset.as_of)
    at = r.position_on_or_before(dataset.sessions, wanted)
    oldest = min(traded, key=lambda symbol: pd.Timestamp(traded[symbol].index[0]))
    first = pd.Timestamp(traded[oldest].index[0]).date()
    if at < 0 or dataset.sessions[at].date() < first:
        raise NotEnoughHistory(oldest, first, wanted)
    return dataset.sessions[at].date()


def _bill(dataset: Dataset) -> "pd.Series[float]":
    """Return the 3-month bill by the day each value was known, empty where it is not stored."""
    try:
        published = dataset.macro_known("DGS3MO").dropna()
    except MissingData:
        return pd.Series(dtype=float)
    return pd.Series(published["value"].to_numpy(), index=pd.DatetimeIndex(published["known"])).groupby(level=0).last()


@dataclass(frozen=True, slots=True)
class _Against:
    """What every fund is measured against: the benchmark's index, the bill; whether the last month is over."""

    benchmark: "pd.Series[float]"
    bill: "pd.Series[float]"
    month_over: bool


def _fund(symbol: str, series: "pd.Series[float] | None", start: date, against: _Against, dataset: Dataset) -> Fund:
    held = _holdings(symbol, dataset)
    whole = series is not None and pd.Timestamp(series.index[0]).date() <= start
    inside = series.loc[pd.Timestamp(start) :] if series is not None and whole else pd.Series(dtype=float)
    return Fund(
        symbol=symbol,
        first=None if series is None else pd.Timestamp(series.index[0]).date(),
        facts=_facts(symbol, dataset),
        holdings=held,
        earnings=_earnings(symbol, dataset) if held else (None, None),
        years={years: None if series is None else _years(series, years) for years in YEARS},
        risk=_risk(inside, start, against) if len(inside) > 1 else None,
        index=inside,
    )


def _years(series: "pd.Series[float]", years: int) -> float | None:
    """Return the return over so many years, per year where there are several; None before the fund is that old."""
    index = pd.DatetimeIndex(series.index)
    at = r.position_on_or_before(index, (index[-1] - pd.DateOffset(years=years)).date())
    if at < 0:
        return None
    total = r.total_return(series.iloc[at:])
    return total if years == 1 else r.annualised(total, index[at].date(), index[-1].date())


def _risk(index: "pd.Series[float]", start: date, against: _Against) -> Risk:
    base = against.benchmark.loc[pd.Timestamp(start) :]
    total = r.total_return(index)
    fall = deepest_fall(index)
    assert fall is not None  # the index is not empty
    months = [r.monthly_returns(one, last_complete=against.month_over) for one in (index, base)]
    return Risk(
        total=total,
        per_year=r.annualised(total, start, pd.Timestamp(index.index[-1]).date()),
        volatility=r.volatility(index),
        sharpe=r.sharpe(index, against.bill),
        sortino=r.sortino(index, against.bill),
        deepest=fall[0],
        deepest_day=fall[2].date(),
        beta=r.beta(index, base),
        tracking_error=r.tracking_error(index, base),
        capture=r.capture(*months),
    )


def _facts(symbol: str, dataset: Dataset) -> FundFacts | None:
    try:
        return dataset.fund_facts(symbol)
    except MissingData:
        return None


def _holdings(symbol: str, dataset: Dataset) -> Holdings | None:
    try:
        return dataset.holdings(symbol)
    except MissingData:
        return None


def _earnings(symbol: str, dataset: Dataset) -> tuple[float | None, float | None]:
    """Return the trailing P/E of the members, all and profitable alone; None where accounts are not stored."""
    try:
        members = universe.members(dataset, INDEX_OF[symbol])
        facts = universe.attach(members, dataset.fundamentals().frame, _EARNINGS)
    except (KeyError, MissingData):
        return None, None
    found = price_earnings(facts["market_cap"], trailing_earnings(facts), facts["weight"])
    return known(found.all), known(found.profitable)


def _weights(held: Holdings) -> "pd.Series[float]":
    weights: pd.Series[float] = held.frame.groupby("symbol")["weight"].sum()
    return weights


def _apart(first: Holdings, second: Holdings) -> bool:
    return reconstitution.between(first.date, second.date) is not None


def _overlaps(lists: dict[str, Holdings]) -> Iterator[tuple[tuple[str, str], float]]:
    for (one, first), (other, second) in combinations(lists.items(), 2):
        if not _apart(first, second):
            yield (one, other), overlap(_weights(first), _weights(second))
