"""What is found on one company's estimates. Numbers, no words."""

from dataclasses import dataclass
from datetime import date

from bot.errors import MissingData, UnknownSymbol
from bot.features.consensus import in_dollars
from bot.i18n import gettext as _
from bot.market.dataset import Dataset
from bot.market.kept import missing
from bot.market.spelling import nearest, ticker


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Consensus on one company, a share; NaN where the file has none. ``before``: the file before, if any.

    ``in_dollars`` False: its accounts, and so its estimates, are in another currency than its price.
    """

    symbol: str
    name: str
    day: date
    source: str
    fy1: float
    fy1_30d: float
    fy1_90d: float
    fy2: float
    fy2_90d: float
    up: float
    down: float
    analysts: float
    price: float
    before_fy1: float
    in_dollars: bool

    @property
    def growth(self) -> float:
        """Growth from this to the next fiscal year; NaN from a base that is not above zero."""
        return self.fy2 / self.fy1 - 1 if self.fy1 > 0 else float("nan")

    def moved(self, then: float) -> float:
        """Return the change of this year's estimate since ``then``, over the size of the earlier one."""
        return (self.fy1 - then) / abs(then) if then else float("nan")

    @property
    def multiple(self) -> float:
        """Price over this year's estimate; NaN where that is not above zero or not in dollars."""
        return self.price / self.fy1 if self.fy1 > 0 and self.in_dollars else float("nan")


def company(symbol: str, dataset: Dataset) -> Company:
    """Return the latest consensus on a company.

    Raises MissingData where no file is known yet or the company has none in it, UnknownSymbol for a name that
    nothing stored knows.
    """
    spelled, file = ticker(symbol), dataset.estimates()
    if spelled not in file.frame.index:
        if dataset.name(spelled) == spelled and spelled not in dataset.symbols():
            raise UnknownSymbol(symbol, nearest(symbol, file.frame.index))
        raise missing(_("Consensus estimates for {symbol}").format(symbol=symbol), symbol, dataset)
    row = {column: float(file.frame[column].reindex([spelled]).iloc[0]) for column in file.frame.columns}
    return Company(
        symbol=spelled,
        name=dataset.name(spelled),
        day=file.date,
        source=file.source,
        fy1=row["eps_fy1"],
        fy1_30d=row["eps_fy1_30d_ago"],
        fy1_90d=row["eps_fy1_90d_ago"],
        fy2=row["eps_fy2"],
        fy2_90d=row["eps_fy2_90d_ago"],
        up=row["revisions_up_30d"],
        down=row["revisions_down_30d"],
        analysts=row["analysts"],
        price=row["price"],
        before_fy1=_before(spelled, file.date, dataset),
        in_dollars=in_dollars(spelled, file, dataset),
    )


def _before(spelled: str, day: date, dataset: Dataset) -> float:
    """Return what the file before ``day`` expected of this fiscal year, NaN without one."""
    try:
        file = dataset.estimates(before=day)
    except MissingData:
        return float("nan")
    return float(file.frame["eps_fy1"].reindex([spelled]).iloc[0])
