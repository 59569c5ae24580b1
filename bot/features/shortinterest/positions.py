"""The short position of one symbol, a company's or a fund's: numbers, no words."""

import math
from dataclasses import dataclass
from datetime import date

import pandas as pd

from bot.analytics.short_interest import NO_DAYS, rank_from_top, share_of_shares
from bot.errors import MissingData, NoCloses, NotEnoughHistory, UnknownSymbol
from bot.features.freshness import stale_settlement
from bot.i18n import gettext as _
from bot.market import universe
from bot.market.dataset import Dataset
from bot.market.kept import missing
from bot.market.spelling import nearest, ticker


@dataclass(frozen=True, slots=True)
class Count:
    """A number of shares and the day it is of; NaN and None where none is stored. ``fund``: a fund's own shares."""

    shares: float
    day: date | None
    fund: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A company in its index: ``rank`` of ``of`` by share of shares (None without one), ``classes`` all its tickers."""

    index: str
    rank: int | None
    of: int
    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Shares short of one symbol and every share they can be put as; NaN where an input is not stored.

    ``outstanding`` counts the shares of the company (all its classes) or of the fund. ``place`` is None for what is
    in no stored index. ``history``: shares short by settlement date.
    """

    symbol: str
    settlement: date
    stale: bool
    short: float
    before: float
    split: bool
    days_to_cover: float
    outstanding: Count
    floating: Count
    place: Place | None
    history: "pd.Series[float]"

    @property
    def of_shares(self) -> float:
        """Short over shares outstanding, the share of market cap too."""
        return self.short / self.outstanding.shares if self.outstanding.shares > 0 else math.nan

    @property
    def of_float(self) -> float:
        """Short over float."""
        return self.short / self.floating.shares if self.floating.shares > 0 else math.nan

    @property
    def s3(self) -> float:
        """Short over float plus short, always under 1. Source: S3 Partners."""
        return self.of_float / (1 + self.of_float)

    @property
    def change(self) -> float:
        """Change against the previous settlement date; NaN across a split."""
        return self.short / self.before - 1 if self.before > 0 and not self.split else math.nan


def position(symbol: str, dataset: Dataset) -> Position:
    """Return the position of a symbol on the latest settlement date published.

    Raises MissingData before the first publication or where the file does not hold the symbol, UnknownSymbol where
    no table knows it.
    """
    spelled, file = ticker(symbol.removeprefix("^")), dataset.short_interest()
    if spelled not in file.frame.index:
        raise _absent(symbol, spelled, dataset)
    days = cell(file.frame, spelled, "days_to_cover")
    place = _place(spelled, dataset, file.date)
    return Position(
        symbol=symbol,
        settlement=file.date,
        stale=stale_settlement(file.date, dataset),
        short=cell(file.frame, spelled, "short_shares"),
        before=cell(file.frame, spelled, "previous_shares"),
        split=bool(cell(file.frame, spelled, "split")),
        days_to_cover=days if days < NO_DAYS else math.nan,
        outstanding=outstanding(spelled, dataset, file.date),
        floating=floating(spelled, dataset),
        place=place,
        history=_history(spelled, dataset),
    )


def cell(frame: pd.DataFrame, symbol: str, column: str) -> float:
    """Return one number of a table by symbol, NaN where the row is not there."""
    return float(frame[column].reindex([symbol]).iloc[0])


def _absent(symbol: str, spelled: str, dataset: Dataset) -> MissingData | UnknownSymbol:
    """Return the error for a symbol that the file of positions does not hold."""
    known = dataset.short_interest().frame.index
    if dataset.name(spelled) != spelled or spelled in dataset.symbols():
        return missing(_("Short interest of {symbol}").format(symbol=symbol), symbol, dataset)
    return UnknownSymbol(symbol, nearest(symbol, known))


def outstanding(spelled: str, dataset: Dataset, near: date) -> Count:
    """Return shares outstanding: the fund's where members are stored, else the company's by cap and price."""
    try:
        held = dataset.holdings(spelled)
    except MissingData:
        caps = universe.market_caps(dataset, near)
        shares = cell(caps, spelled, "shares")
        day = caps["cap_date"].reindex([spelled]).iloc[0]
        return Count(shares, None if math.isnan(shares) else pd.Timestamp(day).date())
    return Count(_fund_shares(spelled, dataset, held.frame, held.date), held.date, fund=True)


def _fund_shares(fund: str, dataset: Dataset, frame: pd.DataFrame, day: date) -> float:
    """Estimate a fund's shares: net assets (market value of its stocks over their weight) over the close of the day."""
    try:
        closes = dataset.closes(fund)
    except (NoCloses, UnknownSymbol, NotEnoughHistory):
        return math.nan
    on_day = closes.loc[: pd.Timestamp(day)]
    weight = float(frame["weight"].sum())
    if on_day.empty or not weight > 0:
        return math.nan
    return float(frame["market_value"].sum()) / weight / float(on_day.iloc[-1])


def floating(spelled: str, dataset: Dataset) -> Count:
    """Return the float last known."""
    try:
        market = dataset.market()
    except MissingData:
        return Count(math.nan, None)
    shares = cell(market.frame, spelled, "float_shares")
    return Count(shares, None if math.isnan(shares) else market.date)


def _place(spelled: str, dataset: Dataset, settlement: date) -> Place | None:
    """Return the index that counts the company and its rank there; of two lists the later one."""
    stored = [index for index in universe.indices(dataset) if index in universe.FUNDS]
    lists = [universe.members(dataset, index, settlement) for index in stored]
    for members in sorted(lists, key=lambda one: one.date, reverse=True):
        for issuer, classes in members.frame["symbols"].items():
            if spelled in classes:
                short = dataset.short_interest(settlement).frame["short_shares"]
                shares = share_of_shares(universe.add_up(members, short), members.frame["shares"])
                rank, of = rank_from_top(shares, str(issuer)) or (None, int(shares.notna().sum()))
                return Place(members.index, rank, of, tuple(classes))
    return None


def _history(spelled: str, dataset: Dataset) -> "pd.Series[float]":
    """Return shares short at every stored settlement date that has them."""
    settlements = dataset.settlements()["settlement"]
    files = (dataset.short_interest(settlement.date()).frame for settlement in settlements)
    found = [cell(frame, spelled, "short_shares") for frame in files]
    return pd.Series(found, index=pd.DatetimeIndex(settlements), dtype=float).dropna()
