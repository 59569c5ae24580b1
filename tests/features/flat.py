"""A market of funds whose every price the test chooses: flat, one session long, or a walk."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from bot.market import calendar
from bot.market.dataset import Dataset
from tests.market.small import bars, dataset_of, instrument

FIRST = date(2023, 1, 3)
SYMBOLS = ("IWM", "SPY", "IWO", "IWN", "IJR", "KRE", "XLP", "XLY", "QQQ", "MAGS", "RSP", "VB")
YIELDS = {"DGS2": 0.04, "DGS10": 0.045, "DGS3MO": 0.042, "DFF": 0.0425}


def sessions(count: int, first: date = FIRST) -> list[date]:
    return list(calendar.session_days(first, date(first.year + 2 + count // 250, 12, 31)))[:count]


def macro(series: str, days: Sequence[date], values: Sequence[float]) -> list[dict[str, Any]]:
    """Return rows of a series that become known on the next session."""
    return [
        {"series": series, "day": day, "value": value, "known": calendar.sessions_after(day, 1)}
        for day, value in zip(days, values, strict=True)
    ]


def market(
    folder: Path,
    prices: Mapping[str, Sequence[float]],
    yields: Mapping[str, Sequence[float]] | None = None,
    **tables: Sequence[Mapping[str, Any]],
) -> Dataset:
    """Publish prices from ``FIRST`` on, and yields by session (flat ones unless given)."""
    length = max(len(closes) for closes in prices.values())
    days = sessions(length)
    rates = {series: [level] * length for series, level in YIELDS.items()} | {
        k: list(v) for k, v in (yields or {}).items()
    }
    known = [row for series in sorted(rates) for row in macro(series, days, rates[series])]
    return dataset_of(
        folder,
        instruments=[instrument(symbol) for symbol in sorted(prices)],
        bars=[bar for symbol in sorted(prices) for bar in bars(symbol, FIRST, prices[symbol])],
        macro=known,
        **tables,
    )


def level(count: int, price: float = 100.0, symbols: Sequence[str] = SYMBOLS) -> dict[str, list[float]]:
    """Return the same price on every session for every symbol."""
    return {symbol: [price] * count for symbol in symbols}
