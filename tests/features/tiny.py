"""A whole market of a few companies, each figure of it chosen by the test."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from bot.features.breadth.findings import SEVEN
from bot.market.dataset import Dataset
from tests.market.small import bars, dataset_of, instrument

FIRST, LAST = date(2026, 7, 1), date(2026, 7, 31)
FILES = date(2026, 7, 2)
LISTS = date(2026, 7, 6)  # both member lists of one epoch
SETTLEMENT, PUBLISHED = date(2026, 6, 30), date(2026, 7, 13)
SESSIONS = 22
NAN = float("nan")


@dataclass(frozen=True, kw_only=True)
class Firm:
    """One company (or one class of its shares). NaN is missing; ``in_fund`` says which list holds it."""

    symbol: str
    in_fund: str = "IWM"
    name: str = ""
    sector: str = "Industrials"
    weight: float = 0.1
    price: float = 10.0
    cap: float = 1e9
    floating: float = 8e7
    short: float = 1e7
    before: float = 8e6
    split: bool = False
    volume: float = 1e6
    days: float = 10.0
    eps_fy1: float = 1.0
    eps_fy2: float = 1.2
    eps_fy1_before: float = 0.9
    up: float = 2.0
    down: float = 1.0
    margin: float = 0.1
    price_to_sales: float = 2.0
    price_to_book: float = 4.0
    enterprise_value: float = 1.2e9
    average_50: float = 9.0
    average_200: float = 11.0
    high: float = 12.0
    return_1m: float = NAN
    return_6m: float = 0.05
    covered: bool = True  # in the files of the whole market at all


LARGE = Firm(symbol="BIGCO", in_fund="IWB", name="Big", cap=4e11, price=200.0, short=2e7, before=2e7, floating=1.9e9)


def market(
    folder: Path,
    firms: Sequence[Firm],
    *,
    small_closes: Sequence[float] = (),
    large_closes: Sequence[float] = (),
    lists: tuple[date, date] = (LISTS, LISTS),
) -> Dataset:
    """Publish the market below ``folder``: funds with a month of closes, files of 2 July, positions of 30 June."""
    steady = tuple(100.0 + n for n in range(SESSIONS))
    priced = {"IWM": small_closes or steady, "IWB": large_closes or steady, "SPY": steady, "RSP": steady}
    adjusted = {"MAGS": steady, **dict.fromkeys(SEVEN, steady)}
    covered = [firm for firm in firms if firm.covered]
    return dataset_of(
        folder,
        instruments=[*(instrument(s) for s in priced), *(instrument(s, "adjusted") for s in adjusted)],
        companies=[{"symbol": symbol, "name": name} for symbol, name in sorted(_names(firms).items())],
        bars=[bar for symbol, closes in sorted((priced | adjusted).items()) for bar in bars(symbol, FIRST, closes)],
        holdings=sorted((_held(firm, lists) for firm in firms), key=lambda row: (row["fund"], row["symbol"])),
        snapshots=_ordered(covered, _snapshot),
        estimates=_ordered(covered, _estimates),
        fundamentals=_ordered(covered, _fundamentals),
        market=_ordered(covered, _market),
        short_interest=_ordered([firm for firm in covered if not np.isnan(firm.short)], _position),
    )


def _names(firms: Sequence[Firm]) -> dict[str, str]:
    return {firm.symbol: firm.name or firm.symbol for firm in firms}


def _ordered(firms: Sequence[Firm], row: Any) -> list[dict[str, Any]]:
    return [row(firm) for firm in sorted(firms, key=lambda firm: firm.symbol)]


def _held(firm: Firm, lists: tuple[date, date]) -> dict[str, Any]:
    return {
        "fund": firm.in_fund, "day": lists[firm.in_fund == "IWB"], "symbol": firm.symbol,
        "name": firm.name or firm.symbol, "sector": firm.sector, "asset_class": "Equity", "exchange": "NYSE",
        "weight": firm.weight, "shares": 1e6, "price": firm.price, "market_value": firm.weight * 1e9,
    }  # fmt: skip


def _snapshot(firm: Firm) -> dict[str, Any]:
    return {
        "day": FILES, "symbol": firm.symbol, "name": firm.name or firm.symbol, "sector": firm.sector,
        "market_cap": firm.cap, "price": firm.price, "return_1m": firm.return_1m, "return_6m": firm.return_6m,
        "high_52w": firm.high, "low_52w": 1.0, "average_50d": firm.average_50, "average_200d": firm.average_200,
        "net_margin": firm.margin,
        "eps_fy2": firm.eps_fy2,
    }  # fmt: skip


def _estimates(firm: Firm) -> dict[str, Any]:
    return {
        "day": FILES, "symbol": firm.symbol, "price": firm.price, "analysts": 3.0, "eps_fy1": firm.eps_fy1,
        "eps_fy1_30d_ago": firm.eps_fy1_before, "eps_fy1_90d_ago": firm.eps_fy1_before, "eps_fy2": firm.eps_fy2,
        "eps_fy2_90d_ago": firm.eps_fy2, "revisions_up_30d": firm.up, "revisions_down_30d": firm.down,
    }  # fmt: skip


def _fundamentals(firm: Firm) -> dict[str, Any]:
    return {
        "day": FILES, "symbol": firm.symbol, "sector": firm.sector, "market_cap": firm.cap,
        "enterprise_value": firm.enterprise_value, "ev_to_sales": firm.price_to_sales * 1.2,
        "price_to_sales": firm.price_to_sales, "price_to_book": firm.price_to_book, "net_margin": firm.margin,
        "operating_margin": firm.margin * 1.5,
    }  # fmt: skip


def _market(firm: Firm) -> dict[str, Any]:
    return {
        "day": FILES, "symbol": firm.symbol, "price": firm.price, "market_cap": firm.cap,
        "float_shares": firm.floating, "low_52w": 1.0, "high_52w": firm.high,
    }  # fmt: skip


def _position(firm: Firm) -> dict[str, Any]:
    return {
        "settlement": SETTLEMENT, "symbol": firm.symbol, "short_shares": firm.short, "previous_shares": firm.before,
        "average_volume": firm.volume, "days_to_cover": firm.days, "split": firm.split, "published": PUBLISHED,
    }  # fmt: skip
