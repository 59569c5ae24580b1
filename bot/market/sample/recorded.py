"""Readers of the recorded files that the sample is made of: from vendors' columns and percents to the bot's tables."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bot.market.calendar import macro_known, publication_date
from bot.market.sources import finra, ishares
from bot.market.spelling import ticker
from bot.market.tables import IN_PERCENT, SPECS, WHOLE_MARKET

Columns = dict[str, npt.NDArray[Any]]

WITH_DIVIDENDS = ("IWM", "SPY", "QQQ", "IWB")
LEVELS = {
    "RUT": "Russell 2000 Index",
    "GSPC": "S&P 500 Index",
    "VIX": "Cboe Volatility Index",
    "IRX": "13-week Treasury bill discount rate",
    "TNX": "10-year Treasury yield",
    "ZQ_F": "30-day fed funds future, front month",
}
_NAMES = {
    "IWO": "iShares Russell 2000 Growth ETF",
    "IWN": "iShares Russell 2000 Value ETF",
    "MAGS": "Roundhill Magnificent Seven ETF",
}
_PERCENT_RETURNS = ("return_1m", "return_3m", "return_6m", "return_ytd", "return_1y")
_FACTS = {
    "longName": "name",
    "category": "category",
    "fundFamily": "family",
    "totalAssets": "assets",
    "yield": "yield",
    "navPrice": "nav",
    "fiftyTwoWeekHigh": "high_52w",
    "fiftyTwoWeekLow": "low_52w",
    "beta3Year": "beta_3y",
    "topHoldings": "top_holdings",
    "sectorWeightings": "sectors",
}


def _read(path: Path) -> pd.DataFrame:
    """Read a file so that the symbol NA stays a symbol and every number is the nearest float to its digits."""
    return pd.read_csv(path, keep_default_na=False, na_values=[""])


def _days(texts: "pd.Series[str]") -> npt.NDArray[np.datetime64]:
    return texts.to_numpy(dtype="datetime64[D]")


def as_fraction(percent: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return percentages as fractions, to 14 decimals: 4.28 becomes the float nearest to 0.0428, not to 4.28 / 100."""
    return np.array([float(f"{value / 100:.14f}") for value in percent])


def bars(folder: Path) -> tuple[Columns, Columns]:
    """Return closes with dividends by symbol and day, and what each symbol is."""
    frames, instruments = [], []
    facts = {path.name.split(".")[0]: json.loads(path.read_text()) for path in _fact_files(folder)}
    stocks = companies(folder)
    for path in sorted((folder / "sample" / "prices").glob("*.csv")):
        symbol = path.stem
        raw = _read(path)
        close = raw["close"] if "close" in raw else raw["adjusted_close"]
        paid = raw.get("dividend", np.nan)
        frames.append(pd.DataFrame({"symbol": symbol, "day": _days(raw["date"]), "close": close, "dividend": paid}))
        basis = "price" if symbol in WITH_DIVIDENDS else "level" if symbol in LEVELS else "adjusted"
        name = LEVELS.get(symbol) or _NAMES.get(symbol) or facts.get(symbol, {}).get("longName") or stocks[symbol]
        instruments.append({"symbol": symbol, "name": name, "basis": basis, "source": "Yahoo Finance"})
    return as_columns("bars", pd.concat(frames)), as_columns("instruments", pd.DataFrame(instruments))


def ohlc(folder: Path) -> Columns:
    """Return adjusted daily ranges."""
    frames = []
    for path in sorted((folder / "sample" / "ohlc").glob("*.csv")):
        raw = _read(path)
        frame = raw.assign(symbol=path.stem, day=_days(raw["date"]))
        frames.append(frame if "volume" in frame else frame.assign(volume=np.nan))
    return as_columns("ohlc", pd.concat(frames))


def macro(folder: Path) -> Columns:
    """Return macro series by observation date with the day each became known; empty observations are left out."""
    frames = []
    for path in sorted((folder / "sample" / "macro").glob("*.csv")):
        raw = _read(path)
        if "observation_date" not in raw:
            continue
        raw = raw.dropna()
        values = raw[path.stem].to_numpy(dtype=np.float64)
        days = _days(raw["observation_date"])
        frames.append(pd.DataFrame({
            "series": path.stem, "day": days, "value": as_fraction(values) if path.stem in IN_PERCENT else values,
            "known": macro_known(path.stem, days),
        }))  # fmt: skip
    return as_columns("macro", pd.concat(frames))


def fed(folder: Path) -> dict[str, Columns]:
    """Return meetings, changes of the target and futures."""
    place = folder / "sample" / "macro"
    meetings, changes = _read(place / "fomc_meetings.csv"), _read(place / "fed_target_changes.csv")
    futures = _read(place / "fed_funds_futures.csv")
    lower, upper = (as_fraction(changes[side].to_numpy(dtype=np.float64)) for side in ("lower", "upper"))
    return {
        "fomc": as_columns("fomc", pd.DataFrame({"day": _days(meetings["decision_date"])})),
        "fed_changes": as_columns(
            "fed_changes", pd.DataFrame({"day": _days(changes["decision_date"]), "lower": lower, "upper": upper})
        ),
        "futures": as_columns("futures", futures.assign(day=_days(futures["date"]))),
    }


def whole_market(folder: Path) -> Iterator[tuple[str, Columns]]:
    """Yield the dated whole-market tables, each from all of its files."""
    prefixes = {"snapshots": "snapshot"}
    for table in WHOLE_MARKET:
        frames = []
        for path in sorted((folder / "sample" / "market").glob(f"{prefixes.get(table, table)}_20*.csv")):
            raw = _read(path)
            raw = raw.assign(day=np.datetime64(path.stem.rpartition("_")[2]), symbol=raw["symbol"].map(ticker))
            for column in set(_PERCENT_RETURNS) & set(raw.columns):
                raw[column] = raw[column] / 100
            frames.append(raw)
        yield table, as_columns(table, pd.concat(frames))


def companies(folder: Path) -> Mapping[str, str]:
    """Return names by symbol of all that is listed, "" where none is known.

    A snapshot's name goes before FINRA's, which is cut at 30 characters, and that before the capitals of iShares,
    unless it was cut.
    """
    finra_names = _finra_names(folder)
    names = dict.fromkeys(_listed_symbols(folder), "") | finra_names
    for path in _holdings_files(folder):
        rows = holdings_rows(path)
        names |= {s: n for s, n in zip(rows["symbol"], rows["name"], strict=True) if len(names.get(s, "")) in {0, 30}}
    for path in sorted((folder / "sample" / "market").glob("snapshot_20*.csv")):
        raw = _read(path)
        names |= dict(zip(raw["symbol"].map(ticker), raw["name"], strict=True))
    for path in _fact_files(folder):
        names[path.name.split(".")[0]] = json.loads(path.read_text())["longName"]
    return {symbol: name for symbol, name in sorted(names.items()) if symbol.isalpha()}


def _listed_symbols(folder: Path) -> set[str]:
    paths = (
        p
        for prefix in ("market", "fundamentals", "estimates")
        for p in (folder / "sample" / "market").glob(f"{prefix}_20*")
    )
    return {ticker(symbol) for path in paths for symbol in _read(path)["symbol"]}


def _finra_names(folder: Path) -> dict[str, str]:
    rows = finra.parse_file((folder / "raw" / "finra" / "shrt20260715.csv").read_text(encoding="utf-8"))
    rows = rows[rows["market"] != "OTC"]
    return dict(zip(rows["symbol"].map(ticker), rows["name"].str.strip(), strict=True))


def holdings(folder: Path) -> Columns:
    """Return the members of the two index funds."""
    return as_columns("holdings", pd.concat([holdings_rows(path) for path in _holdings_files(folder)]))


def _holdings_files(folder: Path) -> list[Path]:
    place = folder / "raw" / "ishares"
    return [place / "IWM_holdings_2026-05-05.csv", place / "IWB_holdings_2026-07-17.csv"]


def _fact_files(folder: Path) -> list[Path]:
    return sorted((folder / "sample" / "market" / "funds").glob("*.meta.json"))


def holdings_rows(path: Path) -> pd.DataFrame:
    """Return the listed shares of one holdings file; its date is the day it was known."""
    fund = path.stem.partition("_")[0]
    file = ishares.parse(path.read_text(encoding="utf-8"))
    frame = file.frame.assign(fund=fund, day=np.datetime64(file.day), symbol=file.frame["symbol"].map(ticker))
    return frame.assign(weight=frame["weight"].round(10))  # the file has four decimals of a fraction


def short_interest(folder: Path) -> Columns:
    """Return the positions of three settlement dates, each known on its publication date.

    The file of 15 July also holds the positions of 30 June; volume and days to cover are those of its own period.
    """
    old = _read(folder / "sample" / "market" / "short_interest_2026-05-15.csv")
    new = finra.parse_file((folder / "raw" / "finra" / "shrt20260715.csv").read_text(encoding="utf-8"))
    symbols = new["symbol"].map(ticker)
    before = new["previous_shares"]
    july = _positions(date(2026, 7, 15), symbols, new["short_shares"])
    for column in ("previous_shares", "average_volume", "days_to_cover", "split"):
        july[column] = new[column]
    june = _positions(date(2026, 6, 30), symbols, before)[before > 0]
    may = _positions(date(2026, 5, 15), old["symbol"].map(ticker), old["short_shares"])
    parts = [july, june, may]
    return as_columns("short_interest", pd.concat(parts))


def _positions(settlement: date, symbols: "pd.Series[str]", shares: "pd.Series[int]") -> pd.DataFrame:
    return pd.DataFrame({
        "settlement": np.datetime64(settlement), "symbol": symbols, "short_shares": shares, "previous_shares": np.nan,
        "average_volume": np.nan, "days_to_cover": np.nan, "split": False,
        "published": np.datetime64(publication_date(settlement)),
    })  # fmt: skip


def fund_facts(folder: Path) -> Columns:
    """Return facts about funds as JSON under the bot's own names, known on the day they were fetched."""
    rows = []
    for path in _fact_files(folder):
        raw = json.loads(path.read_text())
        facts = {ours: raw[theirs] for theirs, ours in _FACTS.items() if raw.get(theirs)}
        facts["expense_ratio"] = float(f"{raw['expenseRatio'] / 100:.14f}")
        facts["inception"] = datetime.fromtimestamp(raw["fundInceptionDate"], UTC).date().isoformat()
        body = json.dumps(facts, sort_keys=True, ensure_ascii=False)
        rows.append({"symbol": raw["ticker"], "day": np.datetime64(raw["fetchedAt"][:10]), "facts": body})
    return as_columns("fund_facts", pd.DataFrame(rows))


def as_columns(table: str, frame: pd.DataFrame) -> Columns:
    """Return the columns of a table out of a frame that has at least these; missing texts become empty."""
    found: Columns = {}
    for column, kind in SPECS[table].columns.items():
        values = frame[column]
        if kind == "text":
            found[column] = values.astype(object).where(values.notna(), "").to_numpy(dtype=np.str_)
        elif kind == "day":
            found[column] = values.to_numpy(dtype="datetime64[D]")
        else:
            found[column] = values.to_numpy(dtype={"number": "float64", "whole": "int64", "flag": "bool"}[kind])
    return found
