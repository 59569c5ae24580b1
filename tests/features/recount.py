"""The sample's figures once more, in plain loops over the recorded rows: nothing of ``bot.analytics`` or ``universe``.

Members come from iShares' own files and positions from FINRA's, as their vendors sent them; prices, caps and estimates
are read row by row. What is one company and whose accounts are in another currency is written down by hand here.
"""

import csv
import functools
import gzip
import io
import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from bot.market.archive import Archive
from bot.market.tables import SPECS

VENDORS = Path(__file__).parents[1] / "data" / "vendors"
FOREIGN = {"CSTM", "DRUG", "EU", "NG", "PAGS", "STNE", "ALM", "ASND", "BIRK", "GFL", "JBS", "XP"}
# Classes of one company that are both in a list: what stands for it, the heavier one, first.
CLASSES = (
    ("GOOGL", "GOOG"), ("FOXA", "FOX"), ("NWSA", "NWS"), ("LEN", "LENB"), ("HEIA", "HEI"), ("BFB", "BFA"),
    ("CENTA", "CENT"), ("RUSHA", "RUSHB"), ("LBRDK", "LBRDA"), ("LLYVK", "LLYVA"), ("FWONK", "FWONA"),
    ("UHALB", "UHAL"), ("BELFB", "BELFA"), ("Z", "ZG"), ("GEF", "GEFB"), ("LILAK", "LILA"), ("BATRK", "BATRA"),
    ("LBTYA", "LBTYK"),
)  # fmt: skip

Row = Mapping[str, Any]


@functools.lru_cache(maxsize=8)
def rows_of(table: str) -> tuple[dict[str, Any], ...]:
    """Return a table of the sample as rows: numbers as floats, missing ones NaN."""
    archive, kinds = Archive("sample"), SPECS[table].columns
    columns = {
        name: (archive.texts(table, name) if kind == "text" else archive.column(table, name)).tolist()
        for name, kind in kinds.items()
    }
    return tuple(dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True))


@functools.lru_cache(maxsize=8)
def latest(table: str, until: date) -> dict[str, dict[str, Any]]:
    """Return the rows by symbol of the newest file of a table by a day."""
    rows = [row for row in rows_of(table) if row["day"] <= until]
    newest = max(row["day"] for row in rows)
    return {row["symbol"]: row for row in rows if row["day"] == newest}


@functools.lru_cache(maxsize=4)
def listed(file: str) -> dict[str, dict[str, Any]]:
    """Return the stocks of an iShares file by ticker: name, sector, weight (percent)."""
    text = gzip.decompress((VENDORS / "ishares" / file).read_bytes()).decode("utf-8-sig")
    body = text[text.index("Ticker,") :]
    found: dict[str, dict[str, Any]] = {}
    for row in csv.DictReader(io.StringIO(body)):
        traded = not str(row.get("Exchange")).upper().startswith(("NO MARKET", "NON-NMS", "-"))
        if row.get("Asset Class") == "Equity" and row["Ticker"] not in {"-", ""} and traded:
            found[row["Ticker"].replace(".", "").replace("-", "")] = {
                "name": row["Name"], "sector": row["Sector"], "weight": _number(row["Weight (%)"]),
            }  # fmt: skip
    return found


def _number(text: str | None) -> float:
    try:
        return float((text or "").replace(",", ""))
    except ValueError:
        return math.nan


@functools.lru_cache(maxsize=1)
def positions() -> dict[str, dict[str, float]]:
    """Return FINRA's file of 15 July 2026 by ticker: shares short now and before, volume, days; 999.99 is none."""
    body = gzip.decompress((VENDORS / "finra" / "shrt20260715.csv.gz").read_bytes()).decode()
    return {
        row["symbolCode"]: {
            "short": float(row["currentShortPositionQuantity"]),
            "before": float(row["previousShortPositionQuantity"] or "nan"),
            "volume": float(row["averageDailyVolumeQuantity"] or "nan"),
            "days": float(row["daysToCoverQuantity"] or "nan"),
            "split": bool(row["stockSplitFlag"]),
        }
        for row in csv.DictReader(io.StringIO(body), delimiter="|")
    }


def companies(file: str) -> dict[str, tuple[str, ...]]:
    """Return the tickers of every company of a list, by the one that stands for it."""
    there = listed(file)
    partner = {other: first for first, other in CLASSES if first in there and other in there}
    found: dict[str, list[str]] = {}
    for symbol in there:
        if symbol not in partner:
            found[symbol] = [symbol]
    for other, first in partner.items():
        found[first].append(other)
    return {first: tuple(symbols) for first, symbols in found.items()}


def sides() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Return small and large companies: what both lists hold went over in June 2026 and is counted as large."""
    small, large = companies("IWM_holdings_2026-05-05.csv.gz"), companies("IWB_holdings_2026-07-17.csv.gz")
    gone = {symbol for symbols in large.values() for symbol in symbols}
    return {first: symbols for first, symbols in small.items() if not gone & set(symbols)}, large


@functools.lru_cache(maxsize=4)
def caps(near: date, until: date) -> dict[str, tuple[float, float, date]]:
    """Return cap, price and day by ticker: the row nearest to a day, at most 90 days off, of two the later."""
    found: dict[str, tuple[float, float, date]] = {}
    for table in ("snapshots", "market"):
        for row in rows_of(table):
            if row["day"] > until or abs((row["day"] - near).days) > 90:
                continue
            if not (row["market_cap"] > 0 and row["price"] > 0):
                continue
            kept = found.get(row["symbol"])
            rank = (abs((row["day"] - near).days), -row["day"].toordinal())
            if kept is None or rank < (abs((kept[2] - near).days), -kept[2].toordinal()):
                found[row["symbol"]] = (row["market_cap"], row["price"], row["day"])
    return found


def first_of(symbols: Iterable[str], values: Mapping[str, Any]) -> Any:
    """Return the value of the first ticker that has one, None without."""
    return next((values[symbol] for symbol in symbols if symbol in values), None)


def column(rows: Mapping[str, Row], name: str) -> dict[str, float]:
    """Return one column of rows by symbol, without what is missing."""
    return {symbol: row[name] for symbol, row in rows.items() if not math.isnan(row[name])}


def ranks(values: Mapping[str, float]) -> dict[str, float]:
    """Return the mean rank over n of each value."""
    ordered = sorted(values.values())
    return {
        key: (sum(v < value for v in ordered) + (sum(v == value for v in ordered) + 1) / 2) / len(ordered)
        for key, value in values.items()
    }


def middle(values: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(values)
