"""What is found on short interest: positions brought to companies, indices and funds. Numbers, no words."""

import math
from dataclasses import dataclass
from datetime import date

import pandas as pd

from bot.analytics.aggregates import ENOUGH_FOR_A_PERCENTILE, percentile
from bot.analytics.short_interest import IndexShort, MatchedChange, index_short, matched_change
from bot.errors import MissingData, UnknownSymbol
from bot.features.freshness import stale_settlement
from bot.features.indices import INDEX_OF
from bot.features.short_members import lists, with_positions
from bot.features.shortinterest.positions import Position, position
from bot.i18n import gettext as _
from bot.market import calendar, universe
from bot.market.dataset import Dataset
from bot.market.universe import Members


@dataclass(frozen=True, slots=True)
class Dates:
    """The settlement date answered, when it was published, and what comes next by the calendar."""

    settlement: date
    published: date
    next_settlement: date
    next_published: date
    stale: bool


@dataclass(frozen=True, slots=True)
class IndexFound:
    """An index on one settlement date: its members (issuers) with positions, and the aggregate of them."""

    members: Members
    frame: pd.DataFrame
    short: IndexShort
    change: MatchedChange

    @property
    def index(self) -> str:
        """The index's short name: R2000."""
        return self.members.index

    @property
    def prices(self) -> tuple[date, date]:
        """The first and last day of the caps and prices used."""
        days = self.frame["cap_date"][self.frame["shares"].notna()]
        return days.min().date(), days.max().date()


@dataclass(frozen=True, slots=True)
class Stored:
    """An aggregate of one stored settlement date. Fractions; ``members`` measured."""

    settlement: date
    published: date
    weighted: float
    median: float
    members: int


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything a card about an index is made of. ``all`` holds the indices side by side, the one asked for first.

    ``whole`` is the aggregate over its whole member list where companies were handed over to another index.
    ``history`` rests on today's member list; ``rank`` is the percentile of the weighted share in it, NaN while it is
    too short.
    """

    dates: Dates
    previous: date | None
    asked: IndexFound
    other: IndexFound | None
    all: tuple[IndexFound, ...]
    whole: IndexShort
    between: str | None
    fund: Position | None
    history: tuple[Stored, ...]
    rank: float


def dates(dataset: Dataset) -> Dates:
    """Return the latest published settlement date. MissingData before the first publication."""
    settlement = dataset.short_interest().date
    stored = dataset.settlements().set_index("settlement")["published"]
    coming = [day.date() for day in dataset.settlement_dates()]
    following = next(d for d in coming if d > settlement and calendar.publication_date(d) > dataset.as_of)
    return Dates(
        settlement=settlement,
        published=stored[pd.Timestamp(settlement)].date(),
        next_settlement=following,
        next_published=calendar.publication_date(following),
        stale=stale_settlement(settlement, dataset),
    )


def find(symbol: str, dataset: Dataset) -> Findings:
    """Measure the index that ``symbol`` stands for. MissingData where its members or any caps are not known yet."""
    index, known = INDEX_OF[symbol], universe.indices(dataset)
    when = dates(dataset)
    listed = lists(index, known, dataset, when.settlement)
    found = tuple(measure(members, dataset, when.settlement) for members in listed.members)
    if found[0].short.coverage.matched == 0:
        dataset.market()  # raises MissingData with the first day of caps
        raise MissingData(_("Market caps of members"), dataset.as_of)
    history = _history(listed.members[0], dataset)
    weighted = pd.Series([one.weighted for one in history], dtype=float)
    enough = weighted.notna().sum() >= ENOUGH_FOR_A_PERCENTILE
    return Findings(
        dates=when,
        previous=previous(when.settlement, dataset),
        asked=found[0],
        other=found[1] if len(found) > 1 and found[1].short.coverage.matched else None,
        all=found,
        whole=measure(listed.whole, dataset, when.settlement).short,
        between=listed.words,
        fund=_fund(symbol, dataset),
        history=history,
        rank=percentile(weighted, found[0].short.of_cap) if enough else math.nan,
    )


def measure(members: Members, dataset: Dataset, settlement: date) -> IndexFound:
    """Bring the positions of a settlement date to the issuers of an index and add them up."""
    frame = with_positions(members, dataset, settlement)
    return IndexFound(members, frame, index_short(frame), matched_change(frame))


def previous(settlement: date, dataset: Dataset) -> date | None:
    """Return the settlement date before, to which the previous positions belong."""
    earlier = [day.date() for day in dataset.settlement_dates() if day.date() < settlement]
    return earlier[-1] if earlier else None


def _history(members: Members, dataset: Dataset) -> tuple[Stored, ...]:
    """Measure every stored settlement date on one member list: a matched panel, never a chain of lists."""
    rows = []
    for settlement, published in _settlements(dataset):
        listed = universe.members(dataset, members.index, settlement).without(members.handed_over)
        short = index_short(with_positions(listed, dataset, settlement))
        rows.append(Stored(settlement, published, short.of_cap, short.median, short.coverage.matched))
    return tuple(rows)


def _settlements(dataset: Dataset) -> list[tuple[date, date]]:
    """Return the stored settlement dates with their publications."""
    stored = dataset.settlements()
    return [
        (settlement.date(), published.date())
        for settlement, published in zip(stored["settlement"], stored["published"], strict=True)
    ]


def _fund(symbol: str, dataset: Dataset) -> Position | None:
    """Return the fund's own short interest; None for an index level, which nobody can sell short."""
    try:
        return position(symbol, dataset)
    except (MissingData, UnknownSymbol):
        return None
