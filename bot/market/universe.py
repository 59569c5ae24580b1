"""The members of an index as companies: who is in, with which classes, weight, market cap and shares.

Every question on members starts here, so that all of them count the same companies. A frame of members has one row
per issuer; whole-market figures are brought to it by ``attach`` (one class speaks for the company) or ``add_up``
(all classes together, as for shares sold short).
"""

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from bot import i18n
from bot.errors import MissingData
from bot.i18n import gettext as _
from bot.market import reconstitution
from bot.market.dataset import Dataset
from bot.market.frames import Frame
from bot.market.issuers import grouped, share_classes

FUNDS: Mapping[str, str] = MappingProxyType({"R2000": "IWM", "R1000": "IWB", "SP500": "IVV", "NDX": "QQQ"})
MEGA_CAPS = ("AAPL", "MSFT", "GOOGL", "AMZN", "NVDA", "META", "TSLA")
Day = date
OLDEST_CAP = timedelta(days=90)
_CAPS = ("market_cap", "price", "shares", "cap_date")


@dataclass(frozen=True, slots=True)
class Members:
    """The companies of an index, from one member list.

    ``frame``: one row per issuer, indexed by the symbol that stands for it (its class of largest weight): name,
    sector, symbols (tuple of all its classes in the list), weight (of the fund, fractions), market_cap and price
    (dollars), shares (cap / price of the same row), cap_date. Caps are NaN where none is known within 90 days;
    price and shares also where the only cap known came without a price.
    ``reconstituted``: the last reconstitution between the list and the day asked for, None if the list is of the
    present epoch. ``handed_over``: issuers left out because a later list of another index counts them.
    """

    index: str
    fund: str
    date: Day
    source: str
    frame: pd.DataFrame
    reconstituted: Day | None = None
    handed_over: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.frame)

    def classes(self) -> dict[str, tuple[str, ...]]:
        """Return all classes in the list by the symbol that stands for the company."""
        return {str(issuer): symbols for issuer, symbols in self.frame["symbols"].items()}

    def without(self, symbols: Sequence[str]) -> "Members":
        """Return the same list without some issuers, by the symbols that stand for them."""
        return replace(self, frame=self.frame.drop(list(symbols)), handed_over=(*self.handed_over, *symbols))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two indices that may be compared. ``between``: the reconstitution between their lists, None for one epoch."""

    small: Members
    large: Members
    between: date | None


def indices(dataset: Dataset) -> tuple[str, ...]:
    """Return the indices whose members are known on the dataset's day, MAG7 always among them."""
    return (*(index for index in FUNDS if _listed(dataset, index)), "MAG7")


def _listed(dataset: Dataset, index: str) -> bool:
    try:
        dataset.holdings(FUNDS[index])
    except MissingData:
        return False
    return True


def members(dataset: Dataset, index: str, near: date | None = None) -> Members:
    """Return the companies of R2000, R1000, SP500, NDX or MAG7 as last known.

    Caps are the latest known, or those nearest to the day ``near`` (a settlement date). Raises MissingData where no
    member list is known, KeyError for another index.
    """
    found = _members(dataset, index, near)
    return replace(found, frame=found.frame.copy())  # the kept one stays as it is


@functools.lru_cache(maxsize=64)
def _members(dataset: Dataset, index: str, near: date | None) -> Members:
    caps = market_caps(dataset, near)
    if index == "MAG7":
        return _mega_caps(dataset, caps)
    held = dataset.holdings(FUNDS[index])
    listed = held.frame.set_index("symbol")
    return Members(
        index=index,
        fund=held.fund,
        date=held.date,
        source=held.source,
        frame=by_issuer(listed, caps, _classes(listed, caps)),
        reconstituted=reconstitution.between(held.date, dataset.as_of),
    )


def _mega_caps(dataset: Dataset, caps: pd.DataFrame) -> Members:
    names = [dataset.name(symbol) for symbol in MEGA_CAPS]
    equal = pd.DataFrame({"name": names, "sector": "", "weight": 1 / len(MEGA_CAPS)}, index=list(MEGA_CAPS))
    classes = {symbol: symbol for symbol in MEGA_CAPS}
    source = dataset.source("snapshots")
    return Members("MAG7", "MAGS", dataset.as_of, source, by_issuer(equal, caps, classes))


def pair(dataset: Dataset, small: str = "R2000", large: str = "R1000", near: date | None = None) -> Pair:
    """Return two indices for a comparison: an issuer in both lists counts in the later list's index alone.

    That can only happen where a reconstitution lies between the lists. Raises as ``members``.
    """
    first, second = members(dataset, small, near), members(dataset, large, near)
    between = reconstitution.between(first.date, second.date) if "MAG7" not in {small, large} else None
    if between is None:
        return Pair(first, second, None)
    if first.date < second.date:
        return Pair(first.without(in_both(first, second)), second, between)
    return Pair(first, second.without(in_both(second, first)), between)


def in_both(these: Members, those: Members) -> tuple[str, ...]:
    """Return the issuers of one list of which any class is in another list too."""
    others = {symbol for symbols in those.classes().values() for symbol in symbols}
    return tuple(issuer for issuer, symbols in these.classes().items() if others & set(symbols))


def _classes(listed: pd.DataFrame, caps: pd.DataFrame) -> dict[str, str]:
    heaviest = listed.sort_values(["weight", "market_value"], ascending=False, kind="stable")
    shares = caps["shares"].reindex(heaviest.index)
    return share_classes(pd.DataFrame({"name": heaviest["name"], "shares": shares}))


def by_issuer(listed: pd.DataFrame, caps: pd.DataFrame, classes: Mapping[str, str]) -> pd.DataFrame:
    """Return one row per issuer out of a member list.

    ``listed`` is indexed by symbol with name, sector, weight; ``caps`` as ``market_caps`` gives it; ``classes`` maps
    each symbol, heaviest first, to the one that stands for its company. Weights of classes are added up; cap, price
    and shares are those of the first class, in order of weight, that has a cap.
    """
    order = grouped(classes)
    frame = listed.loc[list(order), ["name", "sector"]].copy()
    frame["symbols"] = pd.Series(order, dtype=object)
    owners = pd.Series(classes).reindex(listed.index)
    frame["weight"] = listed["weight"].groupby(owners.to_numpy()).sum().reindex(frame.index)
    speaking = [next((s for s in symbols if s in caps.index), owner) for owner, symbols in order.items()]
    found = caps.reindex(speaking)
    for column in _CAPS:
        frame[column] = found[column].to_numpy()
    return frame.rename_axis("symbol").sort_index()


def market_caps(dataset: Dataset, near: date | None = None) -> pd.DataFrame:
    """Return market_cap, price, shares (cap / price) and cap_date by symbol, from all tables that hold caps.

    A symbol's row is its latest known one, or the one nearest to ``near``, with both cap and price, at most 90 days
    away; where no such row exists, the latest cap without a price. No row for a symbol without any.
    """
    day = near or dataset.as_of
    priced = [*_stored(dataset.snapshot), *_stored(dataset.market)]
    capped = list(_stored(dataset.fundamentals))
    return nearest_caps(priced, day, capped)


def _stored(latest: Callable[[date | None], Frame]) -> Iterator[Frame]:
    """Yield all files of a table that are known, newest first."""
    before: date | None = None
    while True:
        try:
            found = latest(before)
        except MissingData:
            return
        yield found
        before = found.date


def nearest_caps(priced: Sequence[Frame], day: date, capped: Sequence[Frame] = ()) -> pd.DataFrame:
    """Return per symbol the cap of the file nearest to ``day`` (of two as near, the later): see ``market_caps``."""
    parts: list[pd.DataFrame] = []
    for files, wanted in ((priced, ["market_cap", "price"]), (capped, ["market_cap"])):
        near = [file for file in files if abs(file.date - day) <= OLDEST_CAP]
        for file in sorted(near, key=lambda file: (abs(file.date - day), -file.date.toordinal())):
            rows = file.frame.reindex(columns=["market_cap", "price"])
            rows = rows[(rows[wanted] > 0).all(axis=1)]
            parts.append(rows.assign(cap_date=pd.Timestamp(file.date)))
    if not parts:
        return pd.DataFrame({c: pd.Series(dtype="float64") for c in _CAPS}, index=pd.Index([], name="symbol"))
    best = pd.concat(parts)
    best = best[~best.index.duplicated()]
    return best.assign(shares=best["market_cap"] / best["price"])[list(_CAPS)]


def attach(members: Members, frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return the members' frame with columns of a whole-market frame: the first class by weight that has a value.

    ``frame`` is indexed by symbol. Values that no class has are NaN (texts empty). The members stay as they are.
    """
    result = members.frame.copy()
    for column in columns:
        result[column] = _first_known(members.classes(), frame[column])
    return result


def _first_known(classes: Mapping[str, tuple[str, ...]], values: "pd.Series[Any]") -> "pd.Series[Any]":
    known = values.dropna()
    speaking = [next((s for s in symbols if s in known.index), issuer) for issuer, symbols in classes.items()]
    found = values.reindex(speaking).set_axis(list(classes))
    return found.fillna("") if values.dtype == "str" else found


def add_up(members: Members, values: "pd.Series[float]") -> "pd.Series[float]":
    """Return a whole-market series summed over the classes of each issuer; NaN where no class has a value."""
    pairs = [(issuer, symbol) for issuer, symbols in members.classes().items() for symbol in symbols]
    by_class = values.reindex([symbol for _issuer, symbol in pairs])
    issuers = np.array([issuer for issuer, _symbol in pairs], dtype=object)
    total: pd.Series[float] = by_class.groupby(issuers).sum(min_count=1)
    return total.reindex(members.frame.index)


def words(pair: Pair) -> str | None:
    """Say on a card what was done about lists of different epochs; None where nothing had to be done."""
    if pair.between is None:
        return None
    earlier, later = sorted((pair.small, pair.large), key=lambda one: one.date)
    return _(
        "The member lists are of {first} ({early}) and {second} ({late}), with the reconstitution of {day} between: "
        "{count} companies in both are counted in {late} alone."
    ).format(
        first=i18n.day(earlier.date), second=i18n.day(later.date), early=earlier.fund, late=later.fund,
        day=i18n.day(pair.between), count=i18n.number(len(earlier.handed_over)),
    )  # fmt: skip
