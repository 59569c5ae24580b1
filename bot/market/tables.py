"""The tables that everything known about the markets fits into: one definition for the store and for archives.

Units are those of the whole bot: fractions for percentages, yields and returns, dollars, shares, calendar days.
Symbols of whole-market tables are written without separators (``BRKB``), see ``bot.market.spelling``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Kind = Literal["text", "day", "number", "whole", "flag"]


@dataclass(frozen=True, slots=True)
class Spec:
    """One table: its columns with their kinds, its key, and the column that holds the day each row became known.

    ``known`` None: the table describes (names, calendars) and is visible on every day. ``number`` may be missing
    (NaN), ``text`` missing is empty, the other kinds are always there. ``source`` is empty for the bot's own record.
    """

    name: str
    key: tuple[str, ...]
    columns: Mapping[str, Kind]
    known: str | None
    source: str


def _spec(name: str, key: str, columns: str, known: str | None, source: str) -> Spec:
    kinds: dict[str, Kind] = {}
    for part in columns.split():
        column, _, kind = part.partition(":")
        kinds[column] = kind or "number"  # type: ignore[assignment]  # the literal's values, checked by a test
    return Spec(name, tuple(key.split()), MappingProxyType(kinds), known, source)


_SPECS = (
    _spec("instruments", "symbol", "symbol:text name:text basis:text source:text", None, "Yahoo Finance"),
    _spec("companies", "symbol", "symbol:text name:text", None, "Yahoo Finance"),
    _spec("bars", "symbol day", "symbol:text day:day close dividend", "day", "Yahoo Finance"),
    _spec("ohlc", "symbol day", "symbol:text day:day open high low close volume", "day", "Yahoo Finance"),
    _spec("macro", "series day", "series:text day:day value known:day", "known", "FRED"),
    _spec("futures", "day contract", "day:day contract:whole close", "day", "CME, Yahoo Finance"),
    _spec("fomc", "day", "day:day", None, "Federal Reserve"),
    _spec("fed_changes", "day", "day:day lower upper", "day", "Federal Reserve"),
    _spec(
        "holdings", "fund day symbol",
        "fund:text day:day symbol:text name:text sector:text weight shares price market_value", "day", "iShares",
    ),
    _spec(
        "snapshots", "day symbol",
        "day:day symbol:text name:text sector:text market_cap price return_1m return_3m return_6m return_ytd return_1y"
        " high_52w low_52w average_50d average_200d pe_trailing pe_forward_fy2 eps_fy2 price_to_book revenue_fy"
        " net_margin", "day", "Yahoo Finance",
    ),
    _spec(
        "estimates", "day symbol",
        "day:day symbol:text price analysts eps_fy1 eps_fy1_30d_ago eps_fy1_90d_ago eps_fy2 eps_fy2_90d_ago"
        " revisions_up_30d revisions_down_30d short_shares short_share_of_float days_to_cover", "day", "Yahoo Finance",
    ),
    _spec(
        "fundamentals", "day symbol",
        "day:day symbol:text sector:text market_cap enterprise_value ev_to_sales ev_to_ebitda price_to_sales"
        " price_to_book pe_trailing pe_forward_fy2 net_margin operating_margin return_on_equity total_debt total_cash"
        " beta short_share_of_float", "day", "Yahoo Finance",
    ),
    _spec(
        "market", "day symbol", "day:day symbol:text price market_cap float_shares low_52w high_52w", "day",
        "Yahoo Finance",
    ),
    _spec(
        "short_interest", "settlement symbol",
        "settlement:day symbol:text short_shares previous_shares average_volume days_to_cover split:flag published:day",
        "published", "FINRA",
    ),
    _spec("sessions", "day", "day:day closes:whole", None, "exchange_calendars"),
    _spec("settlement_dates", "day", "day:day", None, "FINRA"),
    _spec("fund_facts", "symbol day", "symbol:text day:day facts:text", "day", "Yahoo Finance"),
    _spec("aggregates", "indicator day", "indicator:text day:day value", "day", ""),
)  # fmt: skip

SPECS: Mapping[str, Spec] = MappingProxyType({spec.name: spec for spec in _SPECS})
COMPUTED = ("sessions", "settlement_dates")  # made anew for every version, never stored
WHOLE_MARKET = ("snapshots", "estimates", "fundamentals", "market")
SOURCES: Mapping[str, str] = MappingProxyType(
    {spec.name: spec.source for spec in _SPECS if spec.source} | {"BAMLH0A0HYM2": "ICE BofA, FRED"}
)

# Macro series stored as fractions (4.28 percent is 0.0428); the others keep the publisher's numbers.
IN_PERCENT = frozenset({
    "BAMLH0A0HYM2", "DFEDTARL", "DFEDTARU", "DFF", "DGS10", "DGS2", "DGS30", "DGS3MO", "DGS5",
    "FEDFUNDS", "T10Y2Y", "UNRATE",
})  # fmt: skip
