"""iShares: a fund's holdings file, in every layout met so far.

The file begins with a preamble of the fund (sometimes after a byte order mark), then a table whose number column is
called ``Shares`` or ``Quantity``, then a ragged footer of legal text, or none.
"""

import csv
import io
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd
from curl_cffi.requests import Response

from bot.market.sources.faults import BadAnswer, NotFound
from bot.market.sources.http import VendorSession
from bot.market.sources.pace import Timing
from bot.market.sources.vendor import ISHARES, VendorSettings

URL = "https://www.ishares.com/us/products/{product}/1467271812596.ajax"
PRODUCTS: Mapping[str, str] = {
    "IWM": "239710/ishares-russell-2000-etf",
    "IWB": "239707/ishares-russell-1000-etf",
    "IVV": "239726/ishares-core-sp-500-etf",
}
TITLES: Mapping[str, str] = {
    "IWM": "iShares Russell 2000 ETF", "IWB": "iShares Russell 1000 ETF", "IVV": "iShares Core S&P 500 ETF",
}  # fmt: skip
_COLUMNS: Mapping[str, str] = {
    "Ticker": "symbol", "Name": "name", "Sector": "sector", "Asset Class": "asset_class", "Exchange": "exchange",
    "Weight (%)": "weight", "Shares": "shares", "Quantity": "shares", "Price": "price", "Market Value": "market_value",
}  # fmt: skip
_NUMBERS = ("weight", "shares", "price", "market_value")
_UNLISTED = ("NO MARKET", "NON-NMS")


@dataclass(frozen=True, slots=True)
class HoldingsFile:
    """One file: the fund's title, the day it describes, and what was dropped (reason -> rows).

    ``frame``: symbol (as the vendor spells it), name, sector, asset_class, exchange, weight (fraction of the fund's
    net assets), shares, price and market_value (dollars): listed shares only, NaN where the file gives no number.
    ``weight_total`` is the sum of all weights in the file, cash and futures included: 1 within rounding.
    """

    title: str
    day: date
    frame: pd.DataFrame
    dropped: Mapping[str, int]
    weight_total: float


def parse(text: str) -> HoldingsFile:
    """Read a holdings file of any layout. BadAnswer where the table or its date is missing, or a row is cut short."""
    lines = text.removeprefix("\ufeff").splitlines()
    start = next((at for at, line in enumerate(lines) if line.startswith("Ticker,")), None)
    if start is None:
        raise BadAnswer(ISHARES, f"no table of holdings: {text[:60]!r}")
    preamble = {row[0]: row[1] for row in csv.reader(lines[:start]) if len(row) > 1}
    try:
        day = datetime.strptime(preamble["Fund Holdings as of"], "%b %d, %Y").date()  # noqa: DTZ007  (a calendar day)
        rows = list(_rows(lines[start:]))
    except (KeyError, ValueError) as error:
        raise BadAnswer(ISHARES, f"not a holdings file: {error}") from error
    reasons = Counter(_reason(row) for row in rows)
    members = [row for row in rows if not _reason(row)]
    return HoldingsFile(
        title=lines[0].strip(),
        day=day,
        frame=pd.DataFrame(members, columns=list(dict.fromkeys(_COLUMNS.values()))),
        dropped={reason: count for reason, count in reasons.items() if reason},
        weight_total=sum(weight for row in rows if not math.isnan(weight := float(row["weight"]))),
    )


def _rows(lines: list[str]) -> Iterator[dict[str, str | float]]:
    """Yield the table's rows until the footer: a blank line, or the end of the file."""
    reader = csv.reader(io.StringIO("\n".join(lines)))
    header = next(reader)
    missing = set(_COLUMNS.values()) - {_COLUMNS.get(name) for name in header}
    if missing:
        raise ValueError(f"columns missing: {sorted(missing)}")
    for cells in reader:
        if len(cells) < 2:
            return
        if len(cells) != len(header):
            raise ValueError(f"a row of {len(cells)} cells under {len(header)} headings")
        row: dict[str, str | float] = {
            _COLUMNS[name]: cell.strip() for name, cell in zip(header, cells, strict=True) if name in _COLUMNS
        }
        for name in _NUMBERS:
            row[name] = _number(str(row[name]))
        row["weight"] = float(row["weight"]) / 100
        yield row


def _number(cell: str) -> float:
    return float(cell.replace(",", "")) if cell not in {"", "-"} else float("nan")


def _reason(row: Mapping[str, str | float]) -> str:
    """Say why a row is no member of the index: empty for one that is."""
    if row["asset_class"] != "Equity":
        return str(row["asset_class"]).lower()
    if row["symbol"] in {"", "-"}:
        return "no ticker"
    if str(row["exchange"]).upper().startswith(_UNLISTED) or row["exchange"] == "-":
        return "not listed"
    return ""


def inspect(response: Response) -> None:
    """Raise BadAnswer for a page where a file was asked for."""
    if response.status_code == 200 and response.text.lstrip("\ufeff \r\n").startswith("<"):
        raise BadAnswer(ISHARES, f"a page, not a file: {response.text[:60]!r}")


class IShares:
    """The source of index members."""

    def __init__(self, settings: VendorSettings, timing: Timing | None = None) -> None:
        self.session = VendorSession(ISHARES, settings, timing, inspect)

    def holdings(self, fund: str, day: date | None = None) -> HoldingsFile:
        """Fetch the fund's latest file, or the one of ``day``; NotFound for a fund or a day without one."""
        if fund not in PRODUCTS:
            raise NotFound(ISHARES, fund)
        query = {"fileType": "csv", "fileName": f"{fund}_holdings", "dataType": "fund"}
        if day is not None:
            query["asOfDate"] = day.strftime("%Y%m%d")
        file = parse(self.session.text(URL.format(product=PRODUCTS[fund]), params=query).text)
        if file.title != TITLES[fund]:  # Growth and Value funds begin with the same words
            raise BadAnswer(ISHARES, f"asked for {fund}, got {file.title!r}")
        if file.frame.empty:
            raise NotFound(ISHARES, fund, "a file without holdings")
        return file

    def close(self) -> None:
        """Close the connection."""
        self.session.close()
