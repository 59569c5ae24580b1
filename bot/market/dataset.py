"""Everything known about the markets as of a day.

A Dataset is read-only and cheap to look at from another day. Nothing that was published after its day is
visible: prices are known on their session, everything else on the day kept with it.
"""

import json
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from bot.errors import DateInFuture, MissingData, NoCloses, NotEnoughHistory, NoTotalReturn, UnknownSymbol
from bot.i18n import gettext as _
from bot.market import dated
from bot.market.archive import Archive
from bot.market.catalogue import SAMPLE
from bot.market.frames import Frame, FundFacts, Holdings
from bot.market.kept import no_prices
from bot.market.opened import Opened
from bot.market.prices import Basis
from bot.market.spelling import nearest, ticker
from bot.market.tables import SOURCES, SPECS

_STOCKS = ("symbol", "name", "sector", "weight", "shares", "price", "market_value")


class Dataset:
    """The markets as known after the close of the session ``as_of``."""

    def __init__(self, shared: Opened, as_of: date) -> None:
        self._shared = shared
        self.as_of = as_of
        self._end = np.datetime64(as_of) + 1

    @classmethod
    def open(cls, path: Path | str = SAMPLE) -> "Dataset":
        """Open a version (a directory, a folder with a pointer to one, a zip, or "sample") on its last session."""
        shared = Opened(Archive(path))
        return cls(shared, shared.last)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dataset) and (self.version, self.as_of) == (other.version, other.as_of)

    def __hash__(self) -> int:
        return hash((self.version, self.as_of))

    def __repr__(self) -> str:
        return f"<Dataset {self.version} as of {self.as_of}>"

    @property
    def version(self) -> str:
        """The version's name: where from, last session, hash of the content."""
        return self._shared.archive.version

    @property
    def last(self) -> date:
        """The last session the data holds at all."""
        return self._shared.last

    def at(self, day: date | None) -> "Dataset":
        """Return the same data as known on the last session at or before ``day``; None for the last of all.

        Raises DateInFuture for a day after ``last``, MissingData for one before the first session.
        """
        if day is None or day == self._shared.last:
            return Dataset(self._shared, self._shared.last)
        if day > self._shared.last:
            raise DateInFuture(day, self._shared.last)
        at = int(np.searchsorted(self._shared.sessions, np.datetime64(day), side="right"))
        if at == 0:
            raise MissingData(_("Prices"), day, self._shared.first)
        return Dataset(self._shared, self._shared.sessions[at - 1].item())

    @cached_property
    def sessions(self) -> pd.DatetimeIndex:
        """The sessions of XNYS from the first price of any symbol to ``as_of``."""
        days = self._shared.sessions
        return pd.DatetimeIndex(days[: np.searchsorted(days, self._end)].astype("datetime64[us]"), name="date")

    # prices

    def symbols(self) -> tuple[str, ...]:
        """Return the symbols with prices by ``as_of``, sorted."""
        return tuple(s for s in self._shared.prices.basis() if self._first(s) <= self.as_of)

    def name(self, symbol: str) -> str:
        """Return what people call a symbol, priced or not; the symbol itself where no name is stored."""
        return self._shared.names.get(symbol) or self._shared.names.get(ticker(symbol)) or symbol

    def basis(self, symbol: str) -> Basis:
        """Return what is stored: ``price`` (closes and dividends), ``adjusted`` (returns only), ``level`` (an index).

        Raises UnknownSymbol with the nearest names or with what else is kept, NotEnoughHistory before its first day.
        """
        known = self._shared.prices.basis()
        if symbol not in known:
            if self.name(symbol) != symbol:
                raise UnknownSymbol(symbol, reason=no_prices(symbol, self))
            raise UnknownSymbol(symbol, nearest(symbol, self.symbols()))
        if self._first(symbol) > self.as_of:
            raise NotEnoughHistory(symbol, self._first(symbol), self.as_of)
        return known[symbol]

    def closes(self, symbol: str) -> "pd.Series[float]":
        """Return split-adjusted closes, or an index's levels, by session. NoCloses for adjusted-only series."""
        if self.basis(symbol) == "adjusted":
            raise NoCloses(symbol)
        return self._cut(self._shared.prices.closes(symbol))

    def dividends(self, symbol: str) -> "pd.Series[float]":
        """Return dividends in dollars a share by ex-date, 0.0 between. NoCloses or NoTotalReturn where none stored."""
        kind = self.basis(symbol)
        if kind != "price":
            raise NoCloses(symbol) if kind == "adjusted" else NoTotalReturn(symbol)
        return self._cut(self._shared.prices.dividends(symbol))

    def total_return(self, symbol: str) -> "pd.Series[float]":
        """Return the total-return index (its ratios are returns, its level means nothing). NoTotalReturn for levels."""
        if self.basis(symbol) == "level":
            raise NoTotalReturn(symbol)
        return self._cut(self._shared.prices.total_return(symbol))

    def prices(self, symbol: str, basis: Literal["total", "price"]) -> "pd.Series[float]":
        """Return the series that returns on a basis are taken from."""
        return self.total_return(symbol) if basis == "total" else self.closes(symbol)

    def ohlc(self, symbol: str) -> pd.DataFrame:
        """Return adjusted open, high, low, close and volume (NaN where not stored); MissingData if there is none."""
        self.basis(symbol)
        found = self._shared.prices.ohlc(symbol)
        known = found.iloc[: int(found.index.searchsorted(pd.Timestamp(self._end)))]
        if known.empty:
            first = found.index[0].date() if len(found) else None
            raise MissingData(_("Daily ranges of {symbol}").format(symbol=symbol), self.as_of, first)
        return known

    def _first(self, symbol: str) -> date:
        first: date = self._shared.prices.days(symbol)[0].item()
        return first

    def _cut(self, series: "pd.Series[float]") -> "pd.Series[float]":
        return series.iloc[: int(series.index.searchsorted(pd.Timestamp(self._end)))]

    # rates and the economy

    def macro(self, series_id: str) -> "pd.Series[float]":
        """Return a series by observation date, as far as it was known.

        Yields, rates, spreads and UNRATE are fractions (0.0428), ICSA counts, NFCI an index. MissingData if unknown.
        """
        known = self.macro_known(series_id)
        return known["value"].rename(series_id)

    def macro_known(self, series_id: str) -> pd.DataFrame:
        """Return value and the day it became ``known``, by observation date, as far as known by ``as_of``."""
        whole = self._shared.series(series_id)
        visible = whole[whole["known"] < pd.Timestamp(self._end)]
        if visible.empty:
            first = whole["known"].min().date() if len(whole) else None
            raise MissingData(series_id, self.as_of, first)
        return visible

    def futures(self) -> pd.DataFrame:
        """Return fed funds futures: date, contract (yyyymm), close (100 minus the rate in percent), known."""
        frame = self._known_rows("futures", ("day", "contract", "close")).rename(columns={"day": "date"})
        return frame.assign(known=frame["date"])

    def fomc_meetings(self) -> pd.DatetimeIndex:
        """Return the decision days of all scheduled meetings, also those ahead."""
        return pd.DatetimeIndex(self._shared.archive.column("fomc", "day").astype("datetime64[us]"), name="date")

    def fed_changes(self) -> pd.DataFrame:
        """Return the decisions that changed the target by their day: lower and upper as fractions."""
        return self._known_rows("fed_changes", ("day", "lower", "upper")).set_index("day").rename_axis("date")

    def _known_rows(self, table: str, columns: tuple[str, ...]) -> pd.DataFrame:
        days = self._shared.archive.column(table, "day")
        return dated.read(self._shared.archive, table, slice(0, int(np.searchsorted(days, self._end))), columns)

    # the whole market

    def holdings(self, fund: str) -> Holdings:
        """Return the stocks of a fund from the latest file known. MissingData where there is none."""
        files = self._shared.of("holdings", fund)
        known = files.known(self.as_of)
        if not known:
            what = _("Members of {fund}").format(fund=self.name(fund))
            raise MissingData(what, self.as_of, files.first)
        return Holdings(fund, known[-1], files.frame(known[-1], _STOCKS).copy(), self.source("holdings"))

    def snapshot(self, before: date | None = None) -> Frame:
        """Return the latest whole-market snapshot, before a day if asked; returns and margins are fractions."""
        return self._latest("snapshots", _("The market snapshot"), before)

    def snapshot_dates(self) -> tuple[date, ...]:
        """Return the days of all snapshots known, oldest first."""
        return self._shared.of("snapshots").known(self.as_of)

    def file_dates(self, *tables: str) -> tuple[date, ...]:
        """Return the days of all whole-market files of some tables known, oldest first."""
        return tuple(sorted({day for table in tables for day in self._shared.of(table).known(self.as_of)}))

    def estimates(self, before: date | None = None) -> Frame:
        """Return the latest consensus estimates (dollars a share), strictly before a day if asked."""
        return self._latest("estimates", _("Consensus estimates"), before)

    def fundamentals(self, before: date | None = None) -> Frame:
        """Return the latest fundamentals: multiples as ratios, margins as fractions, debt and cash in dollars."""
        return self._latest("fundamentals", _("Fundamentals"), before)

    def market(self, before: date | None = None) -> Frame:
        """Return the latest price, market_cap, float_shares, low_52w, high_52w of the whole market."""
        return self._latest("market", _("Market caps and floats"), before)

    def _latest(self, table: str, what: str, before: date | None) -> Frame:
        files = self._shared.of(table)
        known = files.known(self.as_of, before)
        if not known:
            raise MissingData(what, self.as_of, files.first)
        columns = tuple(column for column in SPECS[table].columns if column != "day")
        return Frame(known[-1], files.frame(known[-1], columns).set_index("symbol"), self.source(table))

    def aggregates(self, indicator_id: str) -> "pd.Series[float]":
        """Return what the bot's own record kept of an indicator, by the session it was known on; may be empty."""
        return self._cut(self._shared.aggregates(indicator_id))

    # short interest

    def settlements(self) -> pd.DataFrame:
        """Return the stored settlement dates whose positions were published: settlement, published."""
        return self._shared.settlements[self._shared.settlements["published"] < pd.Timestamp(self._end)].reset_index(
            drop=True
        )

    def short_interest(self, settlement: date | None = None) -> Frame:
        """Return the positions of a settlement date (default the latest published), indexed by symbol.

        Columns short_shares, previous_shares, average_volume, days_to_cover (NaN where not stored), split (True
        where a split lies between this position and the previous one). MissingData where not published yet.
        """
        known = [stamp.date() for stamp in self.settlements()["settlement"]]
        wanted = settlement or (known[-1] if known else None)
        if wanted is None or wanted not in known:
            raise MissingData(_("Short interest"), self.as_of, self._publication(wanted))
        columns = ("symbol", "short_shares", "previous_shares", "average_volume", "days_to_cover", "split")
        frame = self._shared.of("short_interest").frame(wanted, columns).set_index("symbol")
        return Frame(wanted, frame, self.source("short_interest"))

    def _publication(self, settlement: date | None) -> date | None:
        """Return when a settlement date was or will be public; where it is not stored, the first one that is."""
        stored = self._shared.settlements
        match = stored.loc[stored["settlement"] == pd.Timestamp(settlement), "published"] if settlement else stored[:0]
        first = match if len(match) else stored["published"]
        return first.iloc[0].date() if len(first) else None

    def settlement_dates(self) -> pd.DatetimeIndex:
        """Return all settlement dates since 2017, also those ahead by rule."""
        days = self._shared.archive.column("settlement_dates", "day")
        return pd.DatetimeIndex(days.astype("datetime64[us]"), name="settlement")

    # funds and sources

    def fund_facts(self, symbol: str) -> FundFacts:
        """Return the latest facts about a fund. MissingData where none are known."""
        files = self._shared.of("fund_facts", symbol)
        known = files.known(self.as_of)
        if not known:
            raise MissingData(_("Facts about {fund}").format(fund=self.name(symbol)), self.as_of, files.first)
        values = json.loads(files.frame(known[-1], ("facts",))["facts"].iloc[0])
        return FundFacts(known[-1], values)

    def source(self, table_or_symbol: str) -> str:
        """Return the words for a card: who published a table, a symbol's prices or a macro series."""
        stored: Mapping[str, str] = self._shared.archive.manifest["sources"]
        words = self._shared.prices.texts("source").get(table_or_symbol) or stored.get(table_or_symbol)
        return words or SOURCES.get(table_or_symbol) or SOURCES["macro"]
