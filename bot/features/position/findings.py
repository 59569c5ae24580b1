"""What is found on a position: price, average range, size, volume."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from bot.analytics.position import (
    ATR_SESSIONS,
    Size,
    close_range,
    days_to_exit,
    position_size,
    true_range,
    wilder_average,
)
from bot.errors import MissingData, UnknownSymbol
from bot.features.position.request import PositionRequest
from bot.features.sides import stored
from bot.i18n import gettext as _
from bot.market.dataset import Dataset
from bot.market.spelling import ticker

VOLUME_SESSIONS = 63


@dataclass(frozen=True, slots=True)
class Volume:
    """Average shares a day, the day the average is of; ``settled`` where it is FINRA's of a settlement period."""

    shares: float
    day: date
    settled: bool


@dataclass(frozen=True, slots=True)
class Findings:
    """``size`` is None where a stop says nothing. ``by_closes``: the range is from close to close alone.

    ``adjusted``: prices are dividend-adjusted, so that before the last dividend they lie below the real ones.
    """

    symbol: str
    price: float
    day: date
    atr: float | None
    sessions: int
    by_closes: bool
    adjusted: bool
    size: Size | None
    volume: Volume | None
    days_to_exit: float | None


def find(request: PositionRequest, dataset: Dataset) -> Findings:
    """Size the position. MissingData without daily prices, NoTotalReturn for an index, which nobody can hold."""
    symbol = _priced(request.symbol, dataset)
    prices = dataset.total_return(symbol) if dataset.basis(symbol) != "price" else dataset.closes(symbol)
    ranges, daily = _ranges(symbol, prices, dataset)
    averages = wilder_average(ranges)
    atr = None if averages.empty else float(averages.iloc[-1])
    price, day = float(prices.iloc[-1]), pd.Timestamp(prices.index[-1]).date()
    size = None if atr is None else position_size(request.account, request.risk, request.ranges, price, atr)
    volume = _volume(symbol, daily, dataset)
    return Findings(
        symbol=symbol,
        price=price,
        day=day,
        atr=atr,
        sessions=len(ranges),
        by_closes=daily is None,
        adjusted=daily is not None or dataset.basis(symbol) == "adjusted",
        size=size,
        volume=volume,
        days_to_exit=days_to_exit(size.shares, volume.shares) if size and volume else None,
    )


def _priced(asked: str, dataset: Dataset) -> str:
    """Return the stored symbol; MissingData for a known company without daily prices, else UnknownSymbol."""
    symbol = stored(asked, dataset)
    try:
        dataset.basis(symbol)
    except UnknownSymbol:
        if dataset.name(ticker(symbol)) == ticker(symbol):
            raise
        raise MissingData(_("Daily prices of {symbol}").format(symbol=symbol), dataset.as_of) from None
    return symbol


def _ranges(
    symbol: str, prices: "pd.Series[float]", dataset: Dataset
) -> "tuple[pd.Series[float], pd.DataFrame | None]":
    """Return daily ranges, from high and low where they are stored up to the last price, and that table."""
    try:
        daily = dataset.ohlc(symbol)
    except MissingData:
        return close_range(prices), None
    if len(daily) < ATR_SESSIONS or daily.index[-1] != prices.index[-1]:
        return close_range(prices), None
    return true_range(daily["high"], daily["low"], daily["close"]), daily


def _volume(symbol: str, daily: "pd.DataFrame | None", dataset: Dataset) -> Volume | None:
    """Return the average volume of a quarter where it is stored, else FINRA's of the last settlement period."""
    traded = daily["volume"].dropna().iloc[-VOLUME_SESSIONS:] if daily is not None else pd.Series(dtype=float)
    if len(traded) and daily is not None and traded.index[-1] == daily.index[-1]:
        return Volume(float(traded.mean()), pd.Timestamp(traded.index[-1]).date(), settled=False)
    try:
        found = dataset.short_interest()
    except MissingData:
        return None
    if ticker(symbol) not in found.frame.index:
        return None
    average = float(found.frame["average_volume"][ticker(symbol)])
    return Volume(average, found.date, settled=True) if average > 0 else None
