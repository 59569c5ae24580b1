"""What is found on valuation: the relative price, and the multiples of both sides. Numbers, no words."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from bot.analytics import valuation as v
from bot.analytics.aggregates import share
from bot.errors import MissingData
from bot.features.consensus import Consensus, consensus
from bot.market import universe
from bot.market.dataset import Dataset
from bot.market.frames import Frame
from bot.market.universe import Members, Pair

SMALL, LARGE = "IWM", "IWB"
HEALTH_CARE = "Health Care"
_FACTS = (
    "sector", "market_cap", "enterprise_value", "price_to_sales", "price_to_book", "ev_to_sales", "net_margin",
    "operating_margin",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """One multiple of one side. ``value`` NaN: not meaningful. ``members`` and ``weight`` are those it rests on."""

    value: float
    members: int
    weight: float


@dataclass(frozen=True, slots=True)
class Paired:
    """One multiple of both sides over the same choice of companies, on the day of its inputs."""

    multiple: str
    companies: str
    small: Reading
    large: Reading
    day: date

    @property
    def discount(self) -> float:
        """1 - small / large; NaN where either is not meaningful."""
        return v.discount(self.small.value, self.large.value)


@dataclass(frozen=True, slots=True)
class Losers:
    """Shares of members losing money: on trailing net income and on this year's estimates. NaN where not known.

    ``trailing_of`` and ``fy1_of`` count the members that have the input.
    """

    trailing: float
    fy1: float
    trailing_of: int
    fy1_of: int


@dataclass(frozen=True, slots=True)
class Multiples:
    """Everything on multiples.

    ``foreign`` counts companies left out for their currency, small and large; ``health_care`` those of that sector.
    ``fundamentals`` None: none are known on the day, and there are rows of estimates alone.
    """

    pair: Pair
    rows: tuple[Paired, ...]
    small_losers: Losers
    large_losers: Losers
    foreign: tuple[int, int]
    health_care: tuple[int, int]
    estimates: date
    fundamentals: date | None

    def of(self, multiple: str, companies: str) -> Paired:
        """Return one row; KeyError if there is none."""
        for row in self.rows:
            if (row.multiple, row.companies) == (multiple, companies):
                return row
        raise KeyError((multiple, companies))


@dataclass(frozen=True, slots=True)
class Findings:
    """The relative price, and the multiples, or why there are none on this day."""

    relative: v.Relative
    multiples: Multiples | None
    missing: MissingData | None


def find(dataset: Dataset) -> Findings:
    """Compute everything. Raises NotEnoughHistory before either fund traded."""
    relative = v.relative(dataset.closes(SMALL), dataset.closes(LARGE))
    try:
        return Findings(relative, multiples(dataset), None)
    except MissingData as missing:
        return Findings(relative, None, missing)


@dataclass(frozen=True, slots=True)
class _Side:
    """One side: estimates and fundamentals by issuer; no rows of fundamentals where none are known."""

    estimates: Consensus
    facts: pd.DataFrame

    @property
    def weight(self) -> "pd.Series[float]":
        weight: pd.Series[float] = self.estimates.frame["weight"]
        return weight

    @property
    def health_care(self) -> "pd.Series[bool]":
        return self.estimates.frame["sector"] == HEALTH_CARE


def multiples(dataset: Dataset) -> Multiples:
    """Measure both sides. MissingData where members or estimates are not known yet."""
    pair = universe.pair(dataset)
    fundamentals = _fundamentals(dataset)
    sides = tuple(_side(members, dataset, fundamentals) for members in (pair.small, pair.large))
    small, large = sides
    rows = [_paired(name, companies, sides, small.estimates.day) for name, companies in _FORWARD]
    if fundamentals is not None:
        rows += [_paired(name, companies, sides, fundamentals.date) for name, companies in (*_TRAILING, *_OTHERS)]
    return Multiples(
        pair=pair,
        rows=tuple(rows),
        small_losers=_losers(small),
        large_losers=_losers(large),
        foreign=(len(small.estimates.foreign), len(large.estimates.foreign)),
        health_care=(int(small.health_care.sum()), int(large.health_care.sum())),
        estimates=small.estimates.day,
        fundamentals=fundamentals.date if fundamentals else None,
    )


def _fundamentals(dataset: Dataset) -> Frame | None:
    try:
        return dataset.fundamentals()
    except MissingData:
        return None


def _side(members: Members, dataset: Dataset, fundamentals: Frame | None) -> _Side:
    estimates = consensus(members, dataset)
    if fundamentals is None:
        return _Side(estimates, pd.DataFrame())
    attached = universe.attach(members, fundamentals.frame, [column for column in _FACTS if column != "sector"])
    sectors = universe.attach(members, fundamentals.frame, ["sector"])["sector"]
    return _Side(estimates, attached.assign(vendor_sector=sectors))


_FORWARD = (
    ("pe_fy1", "all"), ("pe_fy1", "profitable"), ("pe_fy1", "without_health_care"),
    ("pe_fy2", "all"), ("pe_fy2", "profitable"),
)  # fmt: skip
_TRAILING = (("pe_trailing", "all"), ("pe_trailing", "profitable"), ("pe_trailing", "without_health_care"))
_OTHERS = (
    ("price_to_sales", "without_financials"), ("ev_to_sales", "without_financials"), ("price_to_book", "all"),
    ("ev_to_ebit", "median_of_profitable"),
)  # fmt: skip


def _paired(name: str, companies: str, sides: tuple[_Side, ...], day: date) -> Paired:
    small, large = (_reading(name, companies, side) for side in sides)
    return Paired(name, companies, small, large, day)


def _reading(name: str, companies: str, side: _Side) -> Reading:
    if name.startswith("pe_"):
        return _price_earnings(name, companies, side)
    facts = side.facts
    if companies == "without_financials":
        facts = facts[~facts["vendor_sector"].isin(v.FINANCIALS)]
    weight = side.weight
    found = {
        "price_to_sales": lambda: v.sum_multiple(facts["market_cap"], v.sales(facts), weight),
        "ev_to_sales": lambda: v.sum_multiple(facts["enterprise_value"], _sales_by_ev(facts), weight),
        "price_to_book": lambda: v.sum_multiple(facts["market_cap"], _book(facts), weight),
        "ev_to_ebit": lambda: v.median_multiple(
            facts["enterprise_value"], facts["operating_margin"] * v.sales(facts), weight
        ),
    }[name]()
    return Reading(found.value, found.coverage.matched, found.coverage.weight)


def _price_earnings(name: str, companies: str, side: _Side) -> Reading:
    cap, income = _earnings(name, side)
    if companies == "without_health_care":
        cap = cap.where(~side.health_care)
    found = v.price_earnings(cap, income, side.weight)
    if companies == "profitable":
        return Reading(found.profitable, found.profitable_members, found.profitable_weight)
    return Reading(found.all, found.coverage.matched, found.coverage.weight)


def _earnings(name: str, side: _Side) -> "tuple[pd.Series[float], pd.Series[float]]":
    """Return caps and earnings of one kind in dollars: both of the estimates' day, or both of the fundamentals'."""
    if name == "pe_trailing":
        return side.facts["market_cap"], v.trailing_earnings(side.facts)
    frame = side.estimates.frame
    return frame["market_cap"], frame[f"eps_{name.removeprefix('pe_')}"] * frame["shares"]


def _sales_by_ev(facts: pd.DataFrame) -> "pd.Series[float]":
    """Return sales in dollars from EV over EV/sales; NaN without revenue."""
    sales = facts["enterprise_value"] / facts["ev_to_sales"].where(facts["ev_to_sales"] != 0)
    return sales.where(sales > 0)


def _book(facts: pd.DataFrame) -> "pd.Series[float]":
    """Return book value in dollars, also below zero."""
    book: pd.Series[float] = facts["market_cap"] / facts["price_to_book"].where(facts["price_to_book"] != 0)
    return book


def _losers(side: _Side) -> Losers:
    income = pd.Series(dtype=float) if side.facts.empty else v.trailing_earnings(side.facts).dropna()
    estimates = side.estimates.frame["eps_fy1"].dropna()
    return Losers(share(income < 0), share(estimates < 0), len(income), len(estimates))
