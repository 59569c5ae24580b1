"""What the local vendors know: the recorded sample, as of a moment that tests move, with corrections and splits."""

import json
import math
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from bot.market import calendar
from bot.market.dataset import Dataset

NEW_YORK = ZoneInfo("America/New_York")
INDICES = {"^RUT": "RUT", "^GSPC": "GSPC", "^VIX": "VIX", "^IRX": "IRX", "^TNX": "TNX", "ZQ=F": "ZQ_F"}
FUNDS = {"IWM", "SPY", "QQQ", "IWB", "IWN", "IWO", "IJR", "VB", "VTI", "RSP", "MAGS", "HYG", "LQD", "IEF", "SHY", "TLT",
         "XLY", "XLP", "KRE"}  # fmt: skip
PER_SHARE = ["open", "high", "low", "close", "dividend"]
MONTHS = "FGHJKMNQUVXZ"


@cache
def sample() -> Dataset:
    """Return the bundled sample, opened once."""
    return Dataset.open("sample")


@cache
def table(symbol: str) -> pd.DataFrame:
    """Return the recorded bars of a vendor's symbol: open, high, low, close, volume, dividend by session."""
    name = INDICES.get(symbol, symbol)
    data = sample()
    close = data.closes(name) if data.basis(name) != "adjusted" else data.total_return(name)
    frame = pd.DataFrame(dict.fromkeys(("open", "high", "low", "close"), close)).assign(volume=0.0)
    frame["dividend"] = data.dividends(name) if data.basis(name) == "price" else 0.0
    return frame.fillna({"dividend": 0.0})


@cache
def future(symbol: str) -> pd.DataFrame:
    """Return the settlements of one fed funds contract, spelled ZQN27.CBT, shaped as ``table``."""
    contract = (2000 + int(symbol[3:5])) * 100 + MONTHS.index(symbol[2]) + 1
    rows = sample().futures()
    close = rows[rows["contract"] == contract].set_index("date")["close"]
    frame = pd.DataFrame(dict.fromkeys(("open", "high", "low", "close"), close))
    return frame.assign(volume=0.0, dividend=0.0)


def is_future(symbol: str) -> bool:
    """Tell a single contract from everything else."""
    return symbol.startswith("ZQ") and symbol.endswith(".CBT")


@dataclass
class World:
    """``now`` is the moment the vendors live in (aware). Changes: corrected closes, splits, extra bars, copies.

    ``flicker``: closes that only the next answer shows; ``hidden_dividends`` are in the adjusted series alone;
    ``delays``: sessions by which a symbol's newest bar is late; ``holdings_as_of``: funds whose file is older;
    ``quotes``: what the quote says of a session where that is not its close; ``unadjusted``: symbols whose splits are
    told, and the closes of before not adjusted yet; ``unknown``: symbols the vendor says it does not have; ``ends``:
    last days of symbols whose bars stop.

    ``largest`` and ``macro_from`` make the world smaller, for tests that need little of it.
    """

    now: datetime = datetime(2026, 7, 31, 21, 0, tzinfo=UTC)
    corrections: dict[tuple[str, date], float] = field(default_factory=dict)
    splits: dict[tuple[str, date], float] = field(default_factory=dict)
    extra_bars: dict[tuple[str, date], float] = field(default_factory=dict)
    copies: dict[str, str] = field(default_factory=dict)
    flicker: dict[tuple[str, date], float] = field(default_factory=dict)
    hidden_dividends: dict[tuple[str, date], float] = field(default_factory=dict)
    delays: dict[str, int] = field(default_factory=dict)
    holdings_as_of: dict[str, date] = field(default_factory=dict)
    largest: int | None = None
    macro_from: date | None = None
    quotes: dict[tuple[str, date], float] = field(default_factory=dict)
    unadjusted: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    ends: dict[str, date] = field(default_factory=dict)

    def at(self, day: str, hour: int = 18) -> None:
        """Move to an hour in New York on a day."""
        self.now = datetime.combine(date.fromisoformat(day), time(hour), NEW_YORK).astimezone(UTC)

    def bars(self, symbol: str) -> pd.DataFrame | None:
        """Return what the vendor shows now, an open session's bar included (its close still the open)."""
        name = self.copies.get(symbol, symbol)
        if symbol in self.unknown:
            return None
        try:
            frame = (future(name) if is_future(name) else table(name)).copy()
        except Exception:  # noqa: BLE001  (whatever the sample says, to the vendor it is an unknown symbol)
            return None
        today = self.now.astimezone(NEW_YORK).date()
        frame = frame[frame.index <= pd.Timestamp(min(today, self.ends.get(symbol, today)))]
        frame = frame.iloc[: len(frame) - self.delays.get(symbol, 0)]
        flickering = {key: self.flicker.pop(key) for key in list(self.flicker) if key[0] == symbol}
        for (owner, day), close in {**self.corrections, **self.extra_bars, **flickering}.items():
            if owner == symbol and day <= today:
                frame.loc[pd.Timestamp(day), ["open", "high", "low", "close"]] = close
                frame.loc[pd.Timestamp(day)] = frame.loc[pd.Timestamp(day)].fillna(0.0)
        return self._split(symbol, frame.sort_index(), today)

    def _split(self, symbol: str, frame: pd.DataFrame, today: date) -> pd.DataFrame:
        frame["split"] = 0.0
        frame["hidden"] = 0.0
        for (owner, day), dividend in self.hidden_dividends.items():
            if owner == symbol and day <= today:
                frame.loc[pd.Timestamp(day), "hidden"] = dividend
        for (owner, day), ratio in self.splits.items():
            if owner == symbol and day <= today:
                restated = pd.Timestamp(day) if symbol in self.unadjusted else frame.index[0]
                frame.loc[frame.index >= restated, PER_SHARE] /= ratio  # the record is in shares of before
                frame.loc[pd.Timestamp(day), "split"] = ratio
        return frame

    def open_session(self) -> bool:
        """Tell whether the exchange is trading now."""
        day = self.now.astimezone(NEW_YORK).date()
        today = calendar.sessions(day, day)
        return bool(today) and time(9, 30) <= self.now.astimezone(NEW_YORK).time() and self.now < today[0].close

    def traded(self) -> datetime:
        """Return when the last prices were made: now, or when the exchange closed last."""
        day = self.now.astimezone(NEW_YORK).date()
        closes = [session.close for session in calendar.sessions(day - timedelta(days=10), day)]
        return self.now if self.open_session() else max(close for close in closes if close <= self.now)

    def companies(self) -> pd.DataFrame:
        """Return the companies of the whole market (or the ``largest`` of it) with their consensus, by symbol."""
        every = _companies()
        return every if self.largest is None else every.nlargest(self.largest, "market_cap").sort_index()


@cache
def _companies() -> pd.DataFrame:
    rows = sample().snapshot().frame
    consensus = sample().estimates().frame
    return rows.join(consensus[["eps_fy1"]]).query("market_cap > 0 and price > 0").sort_index()


def quote(symbol: str, row: "pd.Series[Any]", traded: datetime) -> dict[str, Any]:
    """Return a screener row as the vendor writes it; what is not known is left out."""
    fields = {
        "marketCap": row["market_cap"],
        "regularMarketPrice": row["price"],
        "sharesOutstanding": row["market_cap"] / row["price"],
        "fiftyTwoWeekHigh": row["high_52w"],
        "fiftyTwoWeekLow": row["low_52w"],
        "fiftyDayAverage": row["average_50d"],
        "twoHundredDayAverage": row["average_200d"],
        "fiftyTwoWeekChangePercent": row["return_1y"] * 100,
        "trailingPE": row["pe_trailing"],
        "forwardPE": row["pe_forward_fy2"],
        "epsForward": row["eps_fy2"],
        "epsCurrentYear": row["eps_fy1"],
        "priceToBook": row["price_to_book"],
    }
    known = {name: float(value) for name, value in fields.items() if not math.isnan(value)}
    texts = {"symbol": symbol, "longName": row["name"], "quoteType": "EQUITY", "currency": "USD"}
    return {**texts, "financialCurrency": "USD", "regularMarketTime": int(traded.timestamp()), **known}


def fund_modules(symbol: str) -> dict[str, Any] | None:
    """Return the quoteSummary modules of a fund, from the sample's facts."""
    try:
        facts = sample().fund_facts(symbol).values  # noqa: PD011  (a mapping)
    except Exception:  # noqa: BLE001  (no facts: an unknown fund)
        return None
    inception = datetime.combine(date.fromisoformat(facts["inception"]), time(), UTC)
    return {
        "quoteType": {"quoteType": "ETF", "symbol": symbol, "longName": facts["name"]},
        "fundProfile": {
            "categoryName": facts.get("category"),
            "family": facts.get("family"),
            "feesExpensesInvestment": {"annualReportExpenseRatio": facts["expense_ratio"]},
        },
        "summaryDetail": {
            "totalAssets": facts.get("assets"),
            "yield": facts.get("yield"),
            "navPrice": facts.get("nav"),
            "fiftyTwoWeekHigh": facts.get("high_52w"),
            "fiftyTwoWeekLow": facts.get("low_52w"),
        },
        "defaultKeyStatistics": {
            "beta3Year": facts.get("beta_3y"),
            "fundInceptionDate": int(inception.timestamp()),
        },
        "topHoldings": {
            "holdings": [
                {"symbol": h["symbol"], "holdingName": h["name"], "holdingPercent": h["weight"]}
                for h in facts.get("top_holdings", ())
            ],
            "sectorWeightings": [{name: weight} for name, weight in facts.get("sectors", {}).items()],
        },
    }


def macro_csv(series: str, since: date | None, today: date) -> str | None:
    """Return a FRED file of a series: header of the new style, percents as published, only what is out by today."""
    from bot.errors import BotError
    from bot.market.tables import IN_PERCENT

    try:
        rows = sample().macro_known(series)
    except BotError:
        return None
    rows = rows[rows["known"] <= pd.Timestamp(today)]
    rows = rows[rows.index >= pd.Timestamp(since)] if since else rows
    factor = 100 if series in IN_PERCENT else 1
    lines = [f"{day:%Y-%m-%d},{value * factor:.10g}" for day, value in rows["value"].items()]
    return "\n".join([f"observation_date,{series}", *lines]) + "\n"


def as_json(data: Any) -> str:
    """Write JSON as the vendor does: compact, no NaN."""
    return json.dumps(data, separators=(",", ":"), allow_nan=False)
