"""What is fetched, from whom, how often: the lists behind the ingest, and the operator's choices."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from bot.config import VERSIONS, Settings
from bot.config import VendorSettings as Configured
from bot.market.sources.vendor import FINRA, FRED, ISHARES, YAHOO, Vendors, VendorSettings
from bot.market.validation import Kind


@dataclass(frozen=True, slots=True)
class Instrument:
    """A priced symbol: ours, the vendor's, its name and what it is."""

    symbol: str
    vendor_symbol: str
    name: str
    kind: Kind

    @property
    def pays(self) -> bool:
        """Whether it may pay dividends: funds and stocks do, levels do not."""
        return self.kind in {"fund", "stock"}


_FUNDS = {
    "IWM": "iShares Russell 2000 ETF", "IWB": "iShares Russell 1000 ETF", "IWN": "iShares Russell 2000 Value ETF",
    "IWO": "iShares Russell 2000 Growth ETF", "IJR": "iShares Core S&P Small-Cap ETF", "VB": "Vanguard Small-Cap ETF",
    "MDY": "SPDR S&P MidCap 400 ETF", "SPY": "SPDR S&P 500 ETF Trust", "QQQ": "Invesco QQQ Trust",
    "RSP": "Invesco S&P 500 Equal Weight ETF", "VTI": "Vanguard Total Stock Market ETF",
    "MAGS": "Roundhill Magnificent Seven ETF", "KRE": "SPDR S&P Regional Banking ETF",
    "XLY": "Consumer Discretionary Select Sector SPDR ETF", "XLP": "Consumer Staples Select Sector SPDR ETF",
    "HYG": "iShares iBoxx $ High Yield Corporate Bond ETF",
    "LQD": "iShares iBoxx $ Investment Grade Corporate Bond ETF",
    "TLT": "iShares 20+ Year Treasury Bond ETF", "IEF": "iShares 7-10 Year Treasury Bond ETF",
    "SHY": "iShares 1-3 Year Treasury Bond ETF",
}  # fmt: skip
_STOCKS = {
    "AAPL": "Apple Inc.", "MSFT": "Microsoft Corporation", "GOOGL": "Alphabet Inc.", "AMZN": "Amazon.com, Inc.",
    "NVDA": "NVIDIA Corporation", "META": "Meta Platforms, Inc.", "TSLA": "Tesla, Inc.",
}  # fmt: skip
_LEVELS: Mapping[str, tuple[str, str, Kind]] = {
    "RUT": ("^RUT", "Russell 2000 Index", "index"),
    "GSPC": ("^GSPC", "S&P 500 Index", "index"),
    "VIX": ("^VIX", "Cboe Volatility Index", "volatility"),
    "IRX": ("^IRX", "13-week Treasury bill discount rate", "rate"),
    "TNX": ("^TNX", "10-year Treasury yield", "rate"),
    "ZQ_F": ("ZQ=F", "30-day fed funds future, front month", "future"),
}
INSTRUMENTS: tuple[Instrument, ...] = (
    *(Instrument(symbol, symbol, name, "fund") for symbol, name in _FUNDS.items()),
    *(Instrument(symbol, symbol, name, "stock") for symbol, name in _STOCKS.items()),
    *(Instrument(symbol, theirs, name, kind) for symbol, (theirs, name, kind) in _LEVELS.items()),
)
MEMBER_FUNDS = ("IWM", "IWB", "IVV")

# FRED's series, each with the days after which its newest observation is too old to be a whole answer.
MACRO: Mapping[str, int] = MappingProxyType({
    "DGS3MO": 10, "DGS2": 10, "DGS5": 10, "DGS10": 10, "DGS30": 10, "T10Y2Y": 10, "DFF": 10, "DFEDTARU": 10,
    "DFEDTARL": 10, "BAMLH0A0HYM2": 10, "ICSA": 21, "NFCI": 28, "UNRATE": 75, "FEDFUNDS": 75,
})  # fmt: skip

# The parts of a run in order, with the vendor each asks. ``handoff ingest --only`` takes these names.
PARTS: Mapping[str, str] = MappingProxyType({
    "prices": YAHOO, "futures": YAHOO, "snapshot": YAHOO, "funds": YAHOO, "companies": YAHOO, "macro": FRED,
    "holdings": ISHARES, "shortinterest": FINRA,
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestSettings:
    """How market data is fetched. ``folder`` holds the dataset versions.

    ``facts_per_day``: visits to companies' pages. ``futures_ahead``: contracts beyond the present month.
    ``keep_days``: how long daily whole-market tables are kept; aggregates are kept for good.
    """

    folder: Path
    vendors: Vendors = field(default_factory=Vendors)
    history_years: int = 30
    facts_per_day: int = 300
    threads: int = 8
    futures_ahead: int = 13
    keep_days: int = 400
    instruments: tuple[Instrument, ...] = INSTRUMENTS

    @classmethod
    def of(cls, settings: Settings) -> "IngestSettings":
        """Take them from the operator's settings."""
        given = settings.vendors
        return cls(
            folder=settings.data.folder / VERSIONS,
            vendors=Vendors(*(_vendor(one) for one in (given.yahoo, given.finra, given.ishares, given.fred))),
            history_years=settings.ingest.history_years,
            facts_per_day=settings.ingest.facts_per_day,
        )


def _vendor(given: Configured) -> VendorSettings:
    return replace(
        VendorSettings(),
        enabled=given.enabled,
        base_url=given.base_url,
        requests_per_second=given.requests_per_second,
        timeout=given.timeout,
    )
