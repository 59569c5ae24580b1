"""Whole price series out of an archive, each read and computed once; a Dataset cuts them at its day."""

from collections.abc import Callable
from typing import Literal, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from bot.market.archive import Archive

_Values = Callable[[slice], npt.NDArray[np.float64]]
Basis = Literal["price", "adjusted", "level"]
_OHLC = ("open", "high", "low", "close", "volume")


def total_return_index(close: npt.NDArray[np.float64], dividend: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the total-return index of split-adjusted closes and the dividends of their ex-dates.

    ``TR_t = TR_{t-1} * (C_t + D_t) / C_{t-1}``, beginning at the first close; a missing dividend is none paid.
    The value of a day never depends on later days.
    """
    if len(close) == 0:
        return close
    growth = (close[1:] + np.nan_to_num(dividend[1:])) / close[:-1]
    return np.multiply.accumulate(np.concatenate((close[:1], growth)))


class Prices:
    """The series of one archive by symbol, from first to last day."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._basis: dict[str, Basis] | None = None
        self._spans: dict[tuple[str, str], slice] = {}
        self._series: dict[tuple[str, str], pd.Series[float]] = {}

    def basis(self) -> dict[str, Basis]:
        """Return what every symbol with prices is stored as, in order of symbols; one that never traded is none."""
        if self._basis is None:
            traded = set(self._archive.words("bars", "symbol").tolist())
            self._basis = {s: cast(Basis, kind) for s, kind in self.texts("basis").items() if s in traded}
        return self._basis

    def texts(self, column: str) -> dict[str, str]:
        """Return a describing column (name, source) by symbol."""
        symbols = self._archive.texts("instruments", "symbol").tolist()
        return dict(zip(symbols, self._archive.texts("instruments", column).tolist(), strict=True))

    def days(self, symbol: str, table: str = "bars") -> npt.NDArray[np.datetime64]:
        """Return the days on which a symbol has rows, oldest first; none for an unknown one."""
        return self._archive.column(table, "day")[self._span(table, symbol)]

    def closes(self, symbol: str) -> "pd.Series[float]":
        """Return the stored closes (whatever their basis)."""
        return self._kept("close", symbol, lambda rows: self._archive.column("bars", "close")[rows])

    def dividends(self, symbol: str) -> "pd.Series[float]":
        """Return the dividends per share by ex-date, 0.0 on all other days."""
        return self._kept(
            "dividend", symbol, lambda rows: np.nan_to_num(self._archive.column("bars", "dividend")[rows])
        )

    def total_return(self, symbol: str) -> "pd.Series[float]":
        """Return the total-return index, for adjusted series the series itself."""
        if self.basis()[symbol] == "adjusted":
            return self.closes(symbol)
        return self._kept("total", symbol, lambda rows: total_return_index(
            self._archive.column("bars", "close")[rows], self._archive.column("bars", "dividend")[rows]
        ))  # fmt: skip

    def ohlc(self, symbol: str) -> pd.DataFrame:
        """Return open, high, low, close, volume of a symbol; no rows where none are stored."""
        rows = self._span("ohlc", symbol)
        columns = {name: self._archive.column("ohlc", name)[rows] for name in _OHLC}
        return pd.DataFrame(columns, index=_index(self.days(symbol, "ohlc")))

    def _kept(self, kind: str, symbol: str, values: _Values) -> "pd.Series[float]":
        if (kind, symbol) not in self._series:
            rows = self._span("bars", symbol)
            series = pd.Series(values(rows), index=_index(self.days(symbol)), name=symbol)
            self._series[kind, symbol] = series
        return self._series[kind, symbol]

    def _span(self, table: str, symbol: str) -> slice:
        if (table, symbol) not in self._spans:
            self._spans[table, symbol] = span(self._archive, table, "symbol", symbol)
        return self._spans[table, symbol]


def span(archive: Archive, table: str, column: str, word: str) -> slice:
    """Return the rows of a table whose first key column, a text, is ``word``: tables are sorted by their key."""
    code = archive.code(table, column, word) if archive.rows(table) else None
    if code is None:
        return slice(0, 0)
    codes = archive.column(table, column)
    return slice(int(np.searchsorted(codes, code, "left")), int(np.searchsorted(codes, code, "right")))


def _index(days: npt.NDArray[np.datetime64]) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(days.astype("datetime64[us]"), name="date")
