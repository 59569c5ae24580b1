"""The members of an index as companies: who is in, with which classes, weight, market cap and shares.

Every question on members starts here, so that all of them count the same companies. A frame of members has one row
per issuer; whole-market figures are brought to it by ``attach`` (one class speaks for the company) or ``add_up``
(all classes together, as for shares sold short).
"""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from bot import i18n
from bot.errors import MissingData
from bot.i18n import gettext as _
from bot.market import reconstitution
from bot.market.caps import CAPS, market_caps
from bot.market.dataset import Dataset
from bot.market.issuers import grouped, share_classes

__all__ = [
    "FUNDS", "MEGA_CAPS", "Members", "Pair", "add_up", "attach", "by_issuer", "by_rank", "in_both", "indices",
    "market_caps", "members", "pair", "words",
]  # fmt: skip

FUNDS: Mapping[str, str] = MappingProxyType({"R2000": "IWM", "R1000": "IWB", "SP500": "IVV", "NDX": "QQQ"})
MEGA_CAPS = ("AAPL", "MSFT", "GOOGL", "AMZN", "NVDA", "META", "TSLA")
_RANKS: Mapping[str, tuple[int, int]] = MappingProxyType({"R1000": (1, 1000), "R2000": (1001, 3000)})
Day = date


@dataclass(frozen=True, slots=True)
class Members:
    """The companies of an index, from one member list.

    ``frame``: one row per issuer, indexed by the symbol that stands for it (its class of largest weight): name,
    sector, symbols (tuple of all its classes in the list), weight (of the fund, fractions), market_cap and price
    (dollars), shares (cap / price of the same row), cap_date. Caps are NaN where none is known within 90 days;
    price and shares also where the only cap known came without a price.
    ``handed_over``: issuers left out because a later list of another index counts them. ``by_rank``: no member list
    is known, these are the companies of the latest snapshot by rank of market cap, weighted by cap.
    """

    index: str
    fund: str
    date: Day
    source: str
    frame: pd.DataFrame
    handed_over: tuple[str, ...] = ()
    by_rank: bool = False

    def __len__(self) -> int:
        return len(self.frame)

    def classes(self) -> dict[str, tuple[str, ...]]:
        """Return all classes in the list by the symbol that stands for the company."""
        return dict(zip(self.frame.index.to_numpy(), self.frame["symbols"].to_numpy(), strict=True))

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

    Caps are the latest known, or those nearest to the day ``near`` (a settlement date). Without a member list R1000
    and R2000 are ranks 1 to 1,000 and 1,001 to 3,000 by market cap. Raises MissingData where neither is known,
    KeyError for another index.
    """
    found = _members(dataset, index, near)
    return replace(found, frame=found.frame.copy())  # the kept one stays as it is


@functools.lru_cache(maxsize=64)
def _members(dataset: Dataset, index: str, near: date | None) -> Members:
    caps = market_caps(dataset, near)
    if index == "MAG7":
        return _mega_caps(dataset, caps)
    try:
        held = dataset.holdings(FUNDS[index])
    except MissingData as unlisted:
        return _ranked(dataset, index, caps, unlisted)
    listed = held.frame.set_index("symbol")
    return Members(
        index=index,
        fund=held.fund,
        date=held.date,
        source=held.source,
        frame=by_issuer(listed, caps, _classes(listed, caps)),
    )


def _ranked(dataset: Dataset, index: str, caps: pd.DataFrame, unlisted: MissingData) -> Members:
    """Return the index by rank of market cap; raise ``unlisted`` where no snapshot reaches down to its ranks."""
    if index not in _RANKS or not dataset.snapshot_dates():
        raise unlisted
    market = dataset.snapshot()
    frame = by_rank(market.frame, caps, *_RANKS[index])
    if frame.empty:
        raise unlisted
    return Members(index, FUNDS[index], market.date, market.source, frame, by_rank=True)


def by_rank(market: pd.DataFrame, caps: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Return the issuers from one rank to another by market cap (the largest is 1), weighted by cap.

    ``market`` is indexed by symbol with name and sector; symbols without a cap have no rank.
    """
    known = caps["market_cap"].reindex(market.index).dropna().sort_values(ascending=False, kind="stable")
    listed = market.loc[known.index, ["name", "sector"]].assign(weight=0.0)
    shares = caps["shares"].reindex(known.index)
    frame = by_issuer(listed, caps, share_classes(pd.DataFrame({"name": listed["name"], "shares": shares})))
    chosen = frame.loc[frame["market_cap"].rank(ascending=False, method="first").between(first, last)].copy()
    chosen["weight"] = chosen["market_cap"] / chosen["market_cap"].sum()
    return chosen


def _mega_caps(dataset: Dataset, caps: pd.DataFrame) -> Members:
    names = [dataset.name(symbol) for symbol in MEGA_CAPS]
    equal = pd.DataFrame({"name": names, "sector": "", "weight": 1 / len(MEGA_CAPS)}, index=list(MEGA_CAPS))
    classes = {symbol: symbol for symbol in MEGA_CAPS}
    source = dataset.source("snapshots")
    return Members("MAG7", "MAGS", dataset.as_of, source, by_issuer(equal, caps, classes))


def pair(dataset: Dataset, small: str = "R2000", large: str = "R1000", near: date | None = None) -> Pair:
    """Return two indices for a comparison: an issuer in both lists counts in the later list's index alone.

    That happens where a reconstitution lies between the lists, or where one of them is by rank (the other list then
    counts). Indices that overlap by design (those of large companies) keep all their members. Raises as ``members``.
    """
    first, second = members(dataset, small, near), members(dataset, large, near)
    if "MAG7" in {small, large}:
        return Pair(first, second, None)
    between = reconstitution.between(first.date, second.date)
    exclusive = (small == "R2000") != (large == "R2000")
    if not exclusive or (between is None and first.by_rank == second.by_rank):
        return Pair(first, second, between)
    if (not first.by_rank, first.date) < (not second.by_rank, second.date):
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
    capped = set(caps.index.to_numpy())
    speaking = _speaking(order, capped)
    found = caps.reindex(speaking)
    for column in CAPS:
        frame[column] = found[column].to_numpy()
    return frame.rename_axis("symbol").sort_index()


def _speaking(classes: Mapping[str, tuple[str, ...]], known: set[str]) -> list[str]:
    """Return for each issuer its first class that is known, itself where none is."""
    return [
        issuer if len(symbols) == 1 else next((s for s in symbols if s in known), issuer)
        for issuer, symbols in classes.items()
    ]


def attach(members: Members, frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return the members' frame with columns of a whole-market frame: the first class by weight that has a value.

    ``frame`` is indexed by symbol. Values that no class has are NaN (texts empty). The members stay as they are.
    """
    result = members.frame.copy()
    for column in columns:
        result[column] = _first_known(members.classes(), frame[column])
    return result


def _first_known(classes: Mapping[str, tuple[str, ...]], values: "pd.Series[Any]") -> "pd.Series[Any]":
    known = set(values.index.to_numpy()[values.notna().to_numpy()])
    speaking = _speaking(classes, known)
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
    """Say on a card what was done about lists of different epochs or missing lists; None where nothing had to be."""
    sentences = [_rank_words(one) for one in (pair.small, pair.large) if one.by_rank]
    kept, cut = (pair.large, pair.small) if pair.small.handed_over else (pair.small, pair.large)
    if pair.between is not None and cut.handed_over:
        sentences.insert(0, _(
            "A reconstitution ({day}) lies between the member lists of {cut} ({cut_date}) and {kept} ({kept_date}): "
            "{count} companies in both are counted in {kept} alone."
        ).format(
            day=i18n.day(pair.between), cut=cut.fund, cut_date=i18n.day(cut.date), kept=kept.fund,
            kept_date=i18n.day(kept.date), count=i18n.number(len(cut.handed_over)),
        ))  # fmt: skip
    return " ".join(sentences) or None


def _rank_words(members: Members) -> str:
    first, last = _RANKS[members.index]
    return _(
        "No member list of {fund} is known: ranks {first} to {last} by market cap on {day} stand in, {count} companies."
    ).format(
        fund=members.fund, first=i18n.number(first), last=i18n.number(last), day=i18n.day(members.date),
        count=i18n.number(len(members)),
    )  # fmt: skip
