"""Reading Yahoo's screener: the rows of the whole market as one typed table."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pandas as pd

from bot.market.calendar import NEW_YORK
from bot.market.sources.yahoo_answers import figure
from bot.market.spelling import ticker

Json = Mapping[str, Any]
HOME = "USD"
_DERIVED = re.compile(r"-(?:P[A-Z]?|WT[A-Z]?|WS[A-Z]?|UN?|RI?)$")
_FIFTH = "WURPONM"
# Column -> names under which the vendor has been seen to send it; spelling of the latter varies in case.
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "market_cap": ("marketcap",),
    "price": ("regularmarketprice",),
    "shares": ("sharesoutstanding",),
    "return_1y": ("fiftytwoweekchangepercent",),
    "high_52w": ("fiftytwoweekhigh",),
    "low_52w": ("fiftytwoweeklow",),
    "average_50d": ("fiftydayaverage",),
    "average_200d": ("twohundreddayaverage",),
    "volume": ("regularmarketvolume",),
    "average_volume": ("averagedailyvolume3month",),
    "pe_trailing": ("trailingpe",),
    "pe_forward_fy2": ("forwardpe",),
    "eps_trailing": ("epstrailingtwelvemonths",),
    "eps_fy1": ("epscurrentyear",),
    "eps_fy2": ("epsforward",),
    "price_to_book": ("pricetobook",),
    "revenue_fy": ("totalrevenues", "totalrevenuesltm", "totalrevenuesttm"),
    "net_margin": ("netincomemargin", "netincomemarginltm", "netincomemarginttm"),
    "ev_to_sales": ("lastclosetevtotalrevenue", "lastclosetevtotalrevenueltm"),
    "short_shares": ("shortinterest",),
    "short_share_of_shares": ("shortpercentageofsharesoutstanding",),
    "short_share_of_float": ("shortpercentageoffloat",),
    "days_to_cover": ("daystocovershort",),
}
_ACCOUNTS = (
    "pe_trailing", "pe_forward_fy2", "eps_trailing", "eps_fy1", "eps_fy2", "price_to_book", "revenue_fy", "net_margin",
    "ev_to_sales",
)  # fmt: skip
_IN_PERCENT = ("return_1y", "short_share_of_shares", "short_share_of_float", "net_margin")


@dataclass(frozen=True, slots=True)
class MarketSnapshot:
    """The whole market at one moment. ``frame`` by symbol (no separators); ``dropped``: reason -> rows.

    Dollars, shares, fractions for returns, margins and short shares; what the vendor did not send is NaN, never
    zero. ``foreign`` marks companies with accounts in another currency: their per-share figures are left out;
    ``quoted`` is the session each price is of (NaT where not told). ``listed`` is the vendor's own count of rows.
    """

    frame: pd.DataFrame
    dropped: Mapping[str, int]
    listed: int

    @property
    def day(self) -> date | None:
        """The session that most prices are of, None where not told: of what is hardly traded they are older."""
        told = self.frame["quoted"].mode()
        return told[0].date() if len(told) else None


def snapshot(rows: Iterable[Json], listed: int) -> MarketSnapshot:
    """Build the snapshot from the quotes of all pages; a symbol on two pages counts once."""
    quotes = {str(row["symbol"]): row for row in rows if row.get("symbol")}
    reasons = {symbol: _reason(symbol, quotes) for symbol in quotes}
    kept = [_row(symbol, quotes[symbol]) for symbol, reason in reasons.items() if not reason]
    columns = ["symbol", "vendor_symbol", "name", "foreign", "quoted", *_FIELDS]
    frame = pd.DataFrame(kept, columns=columns).drop_duplicates("symbol").set_index("symbol").sort_index()
    frame.loc[frame["foreign"].astype(bool), list(_ACCOUNTS)] = np.nan
    frame["quoted"] = pd.to_datetime(frame["quoted"])
    for column in _IN_PERCENT:
        frame[column] = as_fractions(frame[column])
    return MarketSnapshot(frame, dict(Counter(reason for reason in reasons.values() if reason)), listed)


def _session(moment: float) -> date | None:
    """Return the day in New York of epoch seconds, None for what is no moment."""
    return datetime.fromtimestamp(moment, UTC).astimezone(NEW_YORK).date() if 0 < moment < 2**32 else None


def as_fractions(values: "pd.Series[float]") -> "pd.Series[float]":
    """Return figures as fractions whether they came as such or in percent: the market's typical one never exceeds 1."""
    typical = values.abs()[values != 0].median()
    return values / 100 if typical > 1 else values


def _row(symbol: str, quote: Json) -> dict[str, Any]:
    lower = {key.lower(): value for key, value in quote.items()}
    numbers = {column: _first(lower, names) for column, names in _FIELDS.items()}
    return {
        "symbol": ticker(symbol),
        "vendor_symbol": symbol,
        "name": str(quote.get("longName") or quote.get("shortName") or ""),
        "quoted": _session(figure(quote.get("regularMarketTime"))),
        "foreign": str(quote.get("financialCurrency") or HOME) != HOME,
        **numbers,
    }


def _first(quote: Json, names: tuple[str, ...]) -> float:
    for name in names:
        if name in quote:
            return figure(quote[name])
    return float("nan")


def _reason(symbol: str, quotes: Mapping[str, Json]) -> str:
    """Say why a quote is no common stock with a price: empty for one that is."""
    quote = quotes[symbol]
    if quote.get("quoteType", "EQUITY") != "EQUITY":
        return "no stock"
    if _DERIVED.search(symbol) or (len(symbol) == 5 and symbol[4] in _FIFTH and symbol[:4] in quotes):
        return "preferred, unit, warrant or right"
    if not figure(quote.get("regularMarketPrice")) > 0 or not figure(quote.get("marketCap")) > 0:
        return "no price or market cap"
    if quote.get("currency", HOME) != HOME:
        return "other currency"
    return ""
