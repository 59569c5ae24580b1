"""What is found for a quote: the stored series, or what the latest files say where there is none. No words."""

import re
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from bot.analytics.returns import drawdown, position_on_or_before
from bot.errors import MissingData, UnknownSymbol
from bot.features.shortinterest.positions import Position, position
from bot.i18n import gettext as _
from bot.market import universe
from bot.market.dataset import Dataset
from bot.market.kept import missing
from bot.market.prices import Basis
from bot.market.spelling import nearest, ticker
from bot.windows import Window

_FUND = re.compile(r"\b(?:ETF|ETN|Fund|SPDR)\b", re.IGNORECASE)
WINDOWS = ("1d", "1w", "1m", "3m", "6m", "ytd", "1y")
_STORED_RETURNS = {"1m": "return_1m", "3m": "return_3m", "6m": "return_6m", "ytd": "return_ytd", "1y": "return_1y"}


@dataclass(frozen=True, slots=True)
class Series:
    """A stored series. ``levels``: what closes and highs are read from, adjusted where there is nothing else."""

    basis: Basis
    levels: "pd.Series[float]"
    returns: "pd.Series[float]"

    @property
    def day(self) -> date:
        """The last session stored."""
        return pd.DatetimeIndex(self.levels.index)[-1].date()


@dataclass(frozen=True, slots=True)
class Listed:
    """What the latest file with a price says: price in dollars, its day and source."""

    price: float
    day: date
    source: str


@dataclass(frozen=True, slots=True)
class Range:
    """The 52-week high of a file, with that file's own price."""

    price: float
    high: float
    day: date

    @property
    def from_high(self) -> float:
        """Price over the 52-week high, minus one."""
        return self.price / self.high - 1 if self.high > 0 else float("nan")


@dataclass(frozen=True, slots=True)
class Change:
    """A return over a window that ends on ``end``; ``start`` is None where a file gives the return alone."""

    value: float
    start: date | None
    end: date


@dataclass(frozen=True, slots=True)
class Held:
    """An index list that holds the symbol, with the company's weight in the fund (all its classes)."""

    index: str
    fund: str
    weight: float
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Everything a quote is made of. ``changes`` by window, None where not known. NaN cap: not known.

    ``high`` and ``high_day`` are those of the stored series. ``is_fund``: something that has no market cap.
    """

    symbol: str
    name: str
    series: Series | None
    listed: Listed | None
    changes: dict[str, Change | None]
    high: float = float("nan")
    high_day: date | None = None
    fall: float = float("nan")
    range: Range | None = None
    cap: float
    cap_day: date | None
    is_fund: bool
    held: tuple[Held, ...] = field(default=())
    short: Position | None = None


def find(symbol: str, dataset: Dataset) -> Findings:
    """Look a symbol up everywhere. UnknownSymbol where nothing knows it, NotEnoughHistory before its first price."""
    bare = symbol.removeprefix("^")
    stored = bare if bare in dataset.symbols() else ticker(bare)
    series = _series(stored, dataset)
    listed = _listed(stored, dataset)
    if series is None and listed is None:
        raise _nothing(symbol, stored, dataset)
    cap, cap_day = _cap(stored, dataset)
    fall = drawdown(series.levels) if series else None
    at = int(np.argmax(series.levels.to_numpy())) if series else 0
    return Findings(
        symbol=bare,
        name=dataset.name(stored),
        series=series,
        listed=listed,
        changes=_changes(series, stored, dataset),
        high=float(series.levels.iloc[at]) if series else float("nan"),
        high_day=pd.DatetimeIndex(series.levels.index)[at].date() if series else None,
        fall=float(fall.iloc[-1]) if fall is not None else float("nan"),
        range=_range(stored, dataset),
        cap=cap,
        cap_day=cap_day,
        is_fund=_is_fund(stored, series, dataset),
        held=_held(stored, dataset),
        short=_short(stored, dataset),
    )


def _nothing(symbol: str, stored: str, dataset: Dataset) -> UnknownSymbol | MissingData:
    if dataset.name(stored) != stored:
        return missing(_("A price of {symbol}").format(symbol=symbol), symbol, dataset)
    return UnknownSymbol(symbol, nearest(symbol, dataset.symbols()))


def _series(stored: str, dataset: Dataset) -> Series | None:
    try:
        basis = dataset.basis(stored)
    except UnknownSymbol:
        return None
    if basis == "adjusted":
        adjusted = dataset.total_return(stored)
        return Series(basis, adjusted, adjusted)
    closes = dataset.closes(stored)
    return Series(basis, closes, closes if basis == "level" else dataset.total_return(stored))


def _changes(series: Series | None, stored: str, dataset: Dataset) -> dict[str, Change | None]:
    """Return the returns by window: of the series, else as the latest snapshot gives them."""
    if series is not None:
        return {text: _change(series.returns, text, series.day) for text in WINDOWS}
    found: dict[str, Change | None] = dict.fromkeys(WINDOWS)
    try:
        snapshot = dataset.snapshot()
    except MissingData:
        return found
    for text, column in _STORED_RETURNS.items():
        value = _cell(snapshot.frame, stored, column)
        found[text] = None if value is None else Change(value, None, snapshot.date)
    return found


def _change(values: "pd.Series[float]", text: str, day: date) -> Change | None:
    """Return the return over a window; one day is the last session against the one before it."""
    index = pd.DatetimeIndex(values.index)
    if text == "1d":
        at = len(values) - 2
    else:
        wanted = Window(text).start(day)
        at = -1 if wanted is None else position_on_or_before(index, wanted)
    if at < 0:
        return None
    return Change(float(values.iloc[-1] / values.iloc[at] - 1), index[at].date(), day)


def _cell(frame: pd.DataFrame, symbol: str, column: str) -> float | None:
    """Return one number of a table, None where it is missing."""
    value = float(frame[column].reindex([symbol]).iloc[0])
    return None if np.isnan(value) else value


def _listed(stored: str, dataset: Dataset) -> Listed | None:
    """Return the price of the latest file that has one: snapshot, market, estimates or a fund's holdings."""
    found: list[Listed] = []
    for latest in (dataset.snapshot, dataset.market, dataset.estimates):
        try:
            file = latest()
        except MissingData:
            continue
        price = _cell(file.frame, stored, "price")
        if price is not None and price > 0:
            found.append(Listed(price, file.date, file.source))
    for fund in universe.FUNDS.values():
        try:
            held = dataset.holdings(fund)
        except MissingData:
            continue
        price = _cell(held.frame.drop_duplicates("symbol").set_index("symbol"), stored, "price")
        if price is not None and price > 0:
            found.append(Listed(price, held.date, held.source))
    return max(found, key=lambda one: one.day, default=None)


def _range(stored: str, dataset: Dataset) -> Range | None:
    for latest in (dataset.snapshot, dataset.market):
        try:
            file = latest()
        except MissingData:
            continue
        price, high = (_cell(file.frame, stored, column) for column in ("price", "high_52w"))
        if price is not None and high is not None:
            return Range(price, high, file.date)
    return None


def _cap(stored: str, dataset: Dataset) -> tuple[float, date | None]:
    caps = universe.market_caps(dataset)
    cap = _cell(caps, stored, "market_cap")
    if cap is None:
        return float("nan"), None
    return cap, pd.Timestamp(caps["cap_date"].reindex([stored]).iloc[0]).date()


def _is_fund(stored: str, series: Series | None, dataset: Dataset) -> bool:
    """Return whether the symbol is a fund or an index: something without a market cap of its own, on any day."""
    if series is not None and series.basis == "level":
        return True
    if stored in universe.FUNDS.values() or _FUND.search(dataset.name(stored)):
        return True
    try:
        dataset.fund_facts(stored)
    except MissingData:
        return False
    return True


def _held(stored: str, dataset: Dataset) -> tuple[Held, ...]:
    found = []
    for index in universe.indices(dataset):
        members = universe.members(dataset, index)
        for issuer, classes in members.classes().items():
            if stored in classes:
                weight = float(members.frame["weight"].reindex([issuer]).iloc[0])
                found.append(Held(index, members.fund, weight, members.date))
    return tuple(found)


def _short(stored: str, dataset: Dataset) -> Position | None:
    try:
        return position(stored, dataset)
    except (MissingData, UnknownSymbol):
        return None
