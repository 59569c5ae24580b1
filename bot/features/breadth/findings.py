"""What is found on breadth: participation of members, and relative returns over a window. Numbers, no words."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from bot import i18n
from bot.analytics.aggregates import monthly_equal_weight
from bot.analytics.breadth import Participation, Split, by_profit, participation, relative_line, sector_mix
from bot.analytics.returns import position_on_or_before
from bot.errors import MissingData, NotEnoughHistory, StartAfterEnd, UnknownSymbol
from bot.i18n import gettext as _
from bot.market import universe
from bot.market.dataset import Dataset
from bot.market.universe import Members, Pair
from bot.windows import Window

EQUAL, CAP, SMALL, SEVEN_FUND = "RSP", "SPY", "IWM", "MAGS"
SEVEN = ("AAPL", "MSFT", "GOOGL", "AMZN", "NVDA", "META", "TSLA")
_COLUMNS = ("price", "average_50d", "average_200d", "high_52w", "return_6m", "net_margin")


@dataclass(frozen=True, slots=True)
class Side:
    """One index on the day of the snapshot."""

    participation: Participation
    split: Split
    sectors: "pd.Series[float]"

    @property
    def figures(self) -> tuple[float, ...]:
        """Every share and median of it; NaN where no member has the inputs."""
        took = self.participation
        shares = (took.above_50, took.above_200, took.at_high, took.near_high, took.coverage.weight)
        return (*shares, self.split.profitable, self.split.unprofitable)


@dataclass(frozen=True, slots=True)
class Participated:
    """Both sides on one snapshot."""

    pair: Pair
    small: Side
    large: Side
    day: date
    source: str


@dataclass(frozen=True, slots=True)
class Relative:
    """One fund against another over the window: total returns, and the line of their ratio from 100."""

    one: str
    other: str
    line: "pd.Series[float]"
    one_return: float
    other_return: float

    @property
    def start(self) -> date:
        """The session from which both are measured."""
        return pd.DatetimeIndex(self.line.index)[0].date()

    @property
    def spread(self) -> float:
        """The first fund's return minus the other's."""
        return self.one_return - self.other_return


@dataclass(frozen=True, slots=True)
class Findings:
    """``participated`` is None, with the reason in ``missing``, where no snapshot or member list is known yet.

    ``seven`` is None where one of the mega caps, ``too_young``, had no prices yet when the window began.
    """

    start: date
    end: date
    equal: Relative
    seven: Relative | None
    too_young: str | None
    participated: Participated | None
    missing: MissingData | None

    @property
    def relatives(self) -> tuple[Relative, ...]:
        """The comparisons there are."""
        return (self.equal,) if self.seven is None else (self.equal, self.seven)


def find(window: str, dataset: Dataset) -> Findings:
    """Compute everything. Raises NotEnoughHistory or StartAfterEnd for a window that RSP and SPY do not cover."""
    wanted = Window(window).start(dataset.as_of)
    if wanted is not None and wanted >= dataset.as_of:
        raise StartAfterEnd(wanted, dataset.as_of)
    equal = _relative(EQUAL, dataset.total_return(EQUAL), CAP, dataset.total_return(CAP), wanted)
    seven, too_young = _against_seven(dataset, wanted)
    last = pd.DatetimeIndex(equal.line.index)[-1].date()
    return Findings(equal.start, last, equal, seven, too_young, *_participated(dataset))


def _against_seven(dataset: Dataset, wanted: date | None) -> tuple[Relative | None, str | None]:
    small = dataset.total_return(SMALL)
    try:
        return _relative(SMALL, small, *_mega_caps(dataset, wanted), wanted), None
    except (NotEnoughHistory, UnknownSymbol) as error:
        return None, error.symbol


def _relative(
    one: str, first: "pd.Series[float]", other: str, second: "pd.Series[float]", wanted: date | None
) -> Relative:
    both = pd.concat([first, second], axis=1, join="inner").dropna()
    index = pd.DatetimeIndex(both.index)
    at = 0 if wanted is None else position_on_or_before(index, wanted)
    if at < 0 or both.empty:
        later = one if first.index[0] >= second.index[0] else other
        first_day = index[0].date() if len(index) else max(first.index[0], second.index[0]).date()
        raise NotEnoughHistory(later, first_day, wanted)
    if wanted is not None and index[-1].date() <= wanted:
        what = _("Prices of {one} and {other} since {day}").format(one=one, other=other, day=i18n.day(wanted))
        raise MissingData(what, wanted)
    inside = both.iloc[at:]
    ends = inside.iloc[-1] / inside.iloc[0] - 1
    line = relative_line(inside.iloc[:, 0], inside.iloc[:, 1])
    return Relative(one, other, line, float(ends.iloc[0]), float(ends.iloc[1]))


def _mega_caps(dataset: Dataset, wanted: date | None) -> "tuple[str, pd.Series[float]]":
    """Return the fund of the seven where it traded over the window, else the seven held in equal parts."""
    if SEVEN_FUND in dataset.symbols():
        fund = dataset.total_return(SEVEN_FUND)
        if wanted is not None and pd.DatetimeIndex(fund.index)[0].date() <= wanted:
            return SEVEN_FUND, fund
    return "MAG7", monthly_equal_weight(pd.concat([dataset.total_return(symbol) for symbol in SEVEN], axis=1))


def _participated(dataset: Dataset) -> tuple[Participated | None, MissingData | None]:
    try:
        snapshot, pair = dataset.snapshot(), universe.pair(dataset)
    except MissingData as missing:
        return None, missing
    small, large = (side(members, snapshot.frame) for members in (pair.small, pair.large))
    return Participated(pair, small, large, snapshot.date, snapshot.source), None


def side(members: Members, snapshot: pd.DataFrame) -> Side:
    """Measure one index on a snapshot: profits of the last fiscal year, price returns of six months."""
    frame = universe.attach(members, snapshot, _COLUMNS)
    return Side(
        participation=participation(frame),
        split=by_profit(frame["return_6m"], frame["net_margin"]),
        sectors=sector_mix(frame["sector"], frame["market_cap"]),
    )
