"""Reading Yahoo's answers: pure functions from what came over the wire to typed frames and facts.

Quirks met in recorded answers: a number is plain, or ``{"raw": ..., "fmt": ...}``, or ``{}``, or the word Infinity;
fund multiples arrive inverted; ``upLast7days`` beside ``downLast7Days``; a day as epoch seconds.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from bot.market.sources.faults import BadAnswer
from bot.market.sources.vendor import YAHOO

Json = Mapping[str, Any]
BAR_COLUMNS = ("open", "high", "low", "close", "adjusted_close", "volume", "dividend", "split", "quoted")
FUND_MODULES = ("quoteType", "summaryProfile", "fundProfile", "topHoldings", "summaryDetail", "defaultKeyStatistics")
COMPANY_MODULES = (
    "quoteType", "assetProfile", "defaultKeyStatistics", "financialData", "summaryDetail", "price", "earningsTrend",
)  # fmt: skip
_OHLCV = {
    "Open": "open", "High": "high", "Low": "low", "Close": "close", "Adj Close": "adjusted_close", "Volume": "volume",
}  # fmt: skip
_HOME = "USD"
DEAREST, RICHEST, WHOLE = 0.02, 0.25, 1.05  # a fund's cost, its yield, the weights of its sectors
GEARED = 2.0  # the weights of what it holds: swaps count beside the bills that back them
ALREADY_IN = 0.99  # a dividend that holds the gains may be rounded otherwise
_CENTURIES = 2**33  # seconds: what is further from 1970 is no date


def figure(value: Any) -> float:
    """Read a number however it is wrapped; NaN for anything that is none, and for infinities."""
    if isinstance(value, Mapping):
        value = value.get("raw")
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return math.nan
    return float(value)


def epoch_day(value: Any) -> date | None:
    """Read epoch seconds as a day in UTC; None for anything else."""
    seconds = figure(value)
    return datetime.fromtimestamp(seconds, UTC).date() if abs(seconds) < _CENTURIES else None


def bars(history: pd.DataFrame, meta: Json = MappingProxyType({})) -> pd.DataFrame:
    """Turn yfinance's unadjusted history into bars.

    Index: session days, tz-naive, ascending. Columns: open, high, low, close (split-adjusted), adjusted_close (the
    vendor's of today: for checks only, it is rewritten at every dividend), volume, dividend (distributions of
    capital gains included), split (new shares for an old one, 0 where none), quoted (the price of ``meta``, the
    chart's own quote, on the session it is of; NaN elsewhere). Rows without a close are dropped.
    """
    if history.empty:
        return pd.DataFrame(columns=list(BAR_COLUMNS), index=pd.DatetimeIndex([], name="day"), dtype=float)
    frame = history.rename(columns=_OHLCV)[list(_OHLCV.values())].astype(float)
    frame["dividend"] = history["Dividends"].astype(float)
    frame["split"] = history["Stock Splits"].astype(float)
    if "Capital Gains" in history:
        frame = _with_gains(frame, history["Capital Gains"].astype(float))
    index = pd.DatetimeIndex(history.index)
    frame.index = (index.tz_localize(None) if index.tz is not None else index).normalize().rename("day")
    frame["quoted"] = np.nan
    if (day := _quote_day(meta)) in frame.index:
        frame.loc[day, "quoted"] = figure(meta.get("regularMarketPrice"))
    return frame[frame["close"].notna()].sort_index()


def _quote_day(meta: Json) -> pd.Timestamp | None:
    """Return the session that a chart's quote is of; None where it does not say."""
    moment = meta.get("regularMarketTime")
    if not isinstance(moment, pd.Timestamp):  # the library turns it into one where it knows the exchange's zone
        return None
    return moment.tz_localize(None).normalize()


def _with_gains(frame: pd.DataFrame, gains: "pd.Series[float]") -> pd.DataFrame:
    """Return bars whose dividends hold each distribution of capital gains once, and adjusted closes that agree.

    The vendor puts gains into the dividend and lists them beside it once more; some of its adjusted closes then take
    them off twice (yfinance's issue 2666), others not at all. A dividend smaller than the gains does not hold them.
    """
    paid, previous = frame["dividend"], frame.shift(1)
    dividend = paid.where(paid >= gains * ALREADY_IN, paid + gains)
    seen = previous["close"] - frame["close"] * previous["adjusted_close"] / frame["adjusted_close"]
    taken_off = paid.where((seen - paid).abs() <= (seen - paid - gains).abs(), paid + gains)
    factor = ((previous["close"] - dividend) / (previous["close"] - taken_off)).where(gains > 0, 1.0).fillna(1.0)
    mended = frame["adjusted_close"] * factor[::-1].cumprod()[::-1].shift(-1, fill_value=1.0)
    return frame.assign(dividend=dividend, adjusted_close=mended)


def modules(answer: Json, symbol: str) -> Json:
    """Return the modules of a quoteSummary answer; BadAnswer where there are none or they are another symbol's."""
    try:
        found: Json = answer["quoteSummary"]["result"][0]
    except (KeyError, IndexError, TypeError) as error:
        raise BadAnswer(YAHOO, f"{symbol}: no modules: {str(answer)[:80]}") from error
    named = (found.get("quoteType") or {}).get("symbol", symbol)
    if named != symbol:
        raise BadAnswer(YAHOO, f"asked for {symbol}, got {named}")
    return found


def multiples(equity: Json) -> dict[str, float]:
    """Read a fund's multiples the right way up: price over earnings, book, sales, cash flow; missing ones are absent.

    The vendor inverts all of them or none. No fund costs less than one year's earnings, so P/E (or price over cash
    flow, where it is missing) tells; without either, nothing is said.
    """
    names = {"pe": "priceToEarnings", "pb": "priceToBook", "ps": "priceToSales", "pcf": "priceToCashflow"}
    raw = {name: figure(equity.get(key)) for name, key in names.items()}
    given = {name: value for name, value in raw.items() if value > 0}
    tell = given.get("pe", given.get("pcf"))
    if tell is None:
        return {}
    return {name: 1.0 / value if tell < 1.0 else value for name, value in given.items()}


def fund(answer: Json, symbol: str) -> dict[str, Any]:
    """Read a fund's facts: fractions for cost, yield and weights, dollars for assets; what is unknown is absent.

    Keys: name, category, family, inception (ISO day), expense_ratio, assets, yield, nav, high_52w, low_52w, beta_3y,
    pe, pb, ps, pcf, top_holdings (list of symbol, name, weight), sectors (name -> weight). BadAnswer for no fund.
    """
    found = modules(answer, symbol)
    kind = (found.get("quoteType") or {}).get("quoteType")
    if kind not in {"ETF", "MUTUALFUND"}:
        raise BadAnswer(YAHOO, f"{symbol} is no fund but {kind}")
    profile, detail = found.get("fundProfile") or {}, found.get("summaryDetail") or {}
    statistics, top = found.get("defaultKeyStatistics") or {}, found.get("topHoldings") or {}
    inception = epoch_day(statistics.get("fundInceptionDate"))
    facts: dict[str, Any] = {
        "name": (found.get("quoteType") or {}).get("longName"),
        "category": profile.get("categoryName") or statistics.get("category"),
        "family": profile.get("family") or statistics.get("fundFamily"),
        "inception": inception.isoformat() if inception else None,
        "expense_ratio": figure((profile.get("feesExpensesInvestment") or {}).get("annualReportExpenseRatio")),
        "assets": _first(detail.get("totalAssets"), statistics.get("totalAssets")),
        "yield": _first(detail.get("yield"), statistics.get("yield")),
        "nav": figure(detail.get("navPrice")),
        "high_52w": figure(detail.get("fiftyTwoWeekHigh")),
        "low_52w": figure(detail.get("fiftyTwoWeekLow")),
        "beta_3y": figure(statistics.get("beta3Year")),
        "top_holdings": [
            {"symbol": h["symbol"], "name": h.get("holdingName", ""), "weight": figure(h.get("holdingPercent"))}
            for h in top.get("holdings") or ()
            if h.get("symbol")
        ],
        "sectors": {name: figure(w) for part in top.get("sectorWeightings") or () for name, w in part.items()},
        **multiples(top.get("equityHoldings") or {}),
    }
    known = {name: value for name, value in facts.items() if _present(value)}
    if wrong := _no_fraction(known):
        raise BadAnswer(YAHOO, f"{symbol}: {wrong} is no fraction")
    return known


def _no_fraction(facts: Mapping[str, Any]) -> str:
    """Name a fact that came in percent, or that cannot be right: empty where none did."""
    held = sum(holding["weight"] for holding in facts.get("top_holdings", ()) if _present(holding["weight"]))
    invested = sum(weight for weight in facts.get("sectors", {}).values() if _present(weight))
    shares = {
        "expense_ratio": (facts.get("expense_ratio", 0.0), DEAREST), "yield": (facts.get("yield", 0.0), RICHEST),
        "top_holdings": (held, GEARED), "sectors": (invested, WHOLE),
    }  # fmt: skip
    return next((f"{name} {share:g}" for name, (share, most) in shares.items() if not 0 <= share < most), "")


def _first(*values: Any) -> float:
    return next((number for number in map(figure, values) if not math.isnan(number)), math.nan)


def _present(value: Any) -> bool:
    return value not in (None, "", [], {}) and not (isinstance(value, float) and math.isnan(value))


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """One company: ``figures`` by column of the tables estimates, fundamentals and market; NaN where not told.

    Companies that keep their accounts in another currency have no values that mix it with dollar prices.
    """

    symbol: str
    name: str
    sector: str
    currency: str
    figures: Mapping[str, float] = field(default_factory=dict)


_MIXED = (
    "eps_fy1", "eps_fy1_30d_ago", "eps_fy1_90d_ago", "eps_fy2", "eps_fy2_90d_ago", "enterprise_value", "ev_to_sales",
    "ev_to_ebitda", "price_to_sales", "price_to_book", "pe_trailing", "pe_forward_fy2", "total_debt", "total_cash",
)  # fmt: skip
_PLAIN: Mapping[str, tuple[str, str]] = {
    "market_cap": ("summaryDetail", "marketCap"),
    "price": ("financialData", "currentPrice"),
    "high_52w": ("summaryDetail", "fiftyTwoWeekHigh"),
    "low_52w": ("summaryDetail", "fiftyTwoWeekLow"),
    "float_shares": ("defaultKeyStatistics", "floatShares"),
    "short_shares": ("defaultKeyStatistics", "sharesShort"),
    "short_share_of_float": ("defaultKeyStatistics", "shortPercentOfFloat"),
    "days_to_cover": ("defaultKeyStatistics", "shortRatio"),
    "enterprise_value": ("defaultKeyStatistics", "enterpriseValue"),
    "ev_to_sales": ("defaultKeyStatistics", "enterpriseToRevenue"),
    "ev_to_ebitda": ("defaultKeyStatistics", "enterpriseToEbitda"),
    "price_to_sales": ("summaryDetail", "priceToSalesTrailing12Months"),
    "price_to_book": ("defaultKeyStatistics", "priceToBook"),
    "pe_trailing": ("summaryDetail", "trailingPE"),
    "pe_forward_fy2": ("summaryDetail", "forwardPE"),
    "net_margin": ("financialData", "profitMargins"),
    "operating_margin": ("financialData", "operatingMargins"),
    "return_on_equity": ("financialData", "returnOnEquity"),
    "total_debt": ("financialData", "totalDebt"),
    "total_cash": ("financialData", "totalCash"),
    "beta": ("summaryDetail", "beta"),
}


def company(answer: Json, symbol: str) -> CompanyFacts:
    """Read a company's facts. BadAnswer for what is no company."""
    found = modules(answer, symbol)
    kind = (found.get("quoteType") or {}).get("quoteType")
    if kind != "EQUITY":
        raise BadAnswer(YAHOO, f"{symbol} is no company but {kind}")
    values = {name: figure((found.get(module) or {}).get(key)) for name, (module, key) in _PLAIN.items()}
    values |= _estimates((found.get("earningsTrend") or {}).get("trend") or ())
    currency = str((found.get("financialData") or {}).get("financialCurrency") or _HOME)
    if currency != _HOME:
        values |= dict.fromkeys(_MIXED, math.nan)
    return CompanyFacts(
        symbol=symbol,
        name=str((found.get("quoteType") or {}).get("longName") or ""),
        sector=str((found.get("assetProfile") or {}).get("sector") or ""),
        currency=currency,
        figures=values,
    )


def _estimates(trend: Sequence[Json]) -> dict[str, float]:
    """Read consensus earnings of this (FY1) and the next fiscal year (FY2), and revisions of FY1 in 30 days."""
    by_period = {item.get("period"): item for item in trend}
    this, following = by_period.get("0y", {}), by_period.get("+1y", {})
    eps, revised = this.get("epsTrend") or {}, this.get("epsRevisions") or {}
    return {
        "analysts": figure((this.get("earningsEstimate") or {}).get("numberOfAnalysts")),
        "eps_fy1": figure((this.get("earningsEstimate") or {}).get("avg")),
        "eps_fy1_30d_ago": figure(eps.get("30daysAgo")),
        "eps_fy1_90d_ago": figure(eps.get("90daysAgo")),
        "eps_fy2": figure((following.get("earningsEstimate") or {}).get("avg")),
        "eps_fy2_90d_ago": figure((following.get("epsTrend") or {}).get("90daysAgo")),
        "revisions_up_30d": figure(revised.get("upLast30days")),
        "revisions_down_30d": figure(revised.get("downLast30days")),
    }
