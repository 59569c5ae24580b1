"""What is found for a question about records: numbers and series, no words."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from bot.analytics.records import Record, record_closes, records_in, standing
from bot.analytics.returns import drawdown
from bot.features.highs.request import HighsRequest
from bot.features.sides import stored
from bot.market.dataset import Dataset

JUST_BELOW = 0.0005  # a drawdown that is shown as 0.0%


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything a card about records is made of. ``closes`` is all history, ``underwater`` its drawdown.

    ``record`` is the highest close, ``records`` are those above all before them: the first close is none.
    """

    symbol: str
    is_level: bool
    closes: "pd.Series[float]"
    underwater: "pd.Series[float]"
    records: "pd.Series[float]"
    record: Record
    this_year: int
    last_year: int | None

    @property
    def day(self) -> date:
        """The last session stored."""
        return pd.DatetimeIndex(self.closes.index)[-1].date()

    @property
    def first(self) -> date:
        """The first session stored."""
        return pd.DatetimeIndex(self.closes.index)[0].date()

    @property
    def close(self) -> float:
        """The last close."""
        return float(self.closes.iloc[-1])

    @property
    def drawdown(self) -> float:
        """How far the last close is below the record (0 or less)."""
        return float(self.underwater.iloc[-1])

    @property
    def is_record(self) -> bool:
        """Whether the last session set the record."""
        return self.record.day == self.day

    @property
    def days_since(self) -> int:
        """Calendar days from the record to the last session."""
        return (self.day - self.record.day).days


def closes_of(symbol: str, dataset: Dataset) -> "pd.Series[float]":
    """Return the closes to four decimals: the vendor sends single precision, so that 251.82 comes as 251.820007."""
    return dataset.closes(symbol).dropna().round(4)


def find(request: HighsRequest, dataset: Dataset) -> Findings:
    """Compute everything. Raises NoCloses for a series without true closes, and what the dataset raises."""
    symbol = stored(request.fund, dataset)
    closes = closes_of(symbol, dataset)
    year = pd.DatetimeIndex(closes.index)[-1].year
    return Findings(
        symbol=symbol,
        is_level=dataset.basis(symbol) == "level",
        closes=closes,
        underwater=drawdown(closes),
        records=record_closes(closes),
        record=standing(closes),
        this_year=records_in(closes, year),
        last_year=records_in(closes, year - 1) if closes.index[0].year < year else None,
    )
