"""What is found on earnings: growth and revisions of small, large and the seven. Numbers, no words."""

import math
from dataclasses import dataclass
from datetime import date

from bot.analytics.aggregates import share
from bot.analytics.earnings import Growth, Revisions, growth, revisions, revisions_between
from bot.analytics.valuation import trailing_earnings
from bot.errors import MissingData
from bot.features.consensus import Consensus, consensus
from bot.market import universe
from bot.market.dataset import Dataset
from bot.market.universe import Members


@dataclass(frozen=True, slots=True)
class Side:
    """One basket. ``losers``: share with a trailing loss, NaN where fundamentals are not known.

    ``counted``: revisions are analysts' own counts; else rises and falls of consensus between two stored files.
    """

    members: Members
    consensus: Consensus
    growth: Growth
    revisions: Revisions
    counted: bool
    losers: float

    def name(self, symbol: str) -> str:
        """Return what a member is called in its list."""
        return str(self.consensus.frame["name"].get(symbol, symbol))


@dataclass(frozen=True, slots=True)
class Findings:
    """Both sides and the seven mega caps, on estimates of one ``day``. ``between``: words on member lists, if any."""

    small: Side
    large: Side
    seven: Side
    day: date
    fundamentals: date | None
    between: str | None


def find(dataset: Dataset) -> Findings:
    """Compute everything. MissingData where estimates or members are not known yet."""
    day = dataset.estimates().date
    pair = universe.pair(dataset)
    return Findings(
        small=side(pair.small, dataset),
        large=side(pair.large, dataset),
        seven=side(universe.members(dataset, "MAG7"), dataset),
        day=day,
        fundamentals=_fundamentals(dataset),
        between=universe.words(pair),
    )


def side(members: Members, dataset: Dataset) -> Side:
    """Measure one basket."""
    found = consensus(members, dataset)
    counted = revisions(found.frame)
    if counted.coverage.matched:
        revised, by_analysts = counted, True
    else:
        revised, by_analysts = _between_files(found, dataset) or counted, False
    return Side(members, found, growth(found.frame), revised, by_analysts, _losers(members, dataset))


def _between_files(found: Consensus, dataset: Dataset) -> Revisions | None:
    """Compare with the file of estimates before; None where there is none."""
    try:
        before = dataset.estimates(before=found.day)
    except MissingData:
        return None
    return revisions_between(found.frame, universe.attach(found.members, before.frame, ["eps_fy1", "eps_fy2"]))


def _losers(members: Members, dataset: Dataset) -> float:
    try:
        fundamentals = dataset.fundamentals()
    except MissingData:
        return math.nan
    facts = universe.attach(members, fundamentals.frame, ["market_cap", "price_to_sales", "net_margin"])
    return share(trailing_earnings(facts).dropna() < 0)


def _fundamentals(dataset: Dataset) -> date | None:
    try:
        return dataset.fundamentals().date
    except MissingData:
        return None
