"""What the picture of funds draws: growth of 10,000 and drawdowns."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bot import i18n
from bot.analytics.returns import drawdown, rebased
from bot.features.funds.findings import Findings
from bot.i18n import gettext as _
from bot.market.dataset import Dataset
from bot.report import distinct

START = 10_000.0
MOST_POINTS = 520


@dataclass(frozen=True, slots=True)
class Picture:
    """Values and drawdowns (fractions) of each fund, NaN for gaps.

    On the window's sessions; where those are more than can be seen, by week or month: its last value, its deepest
    fall.
    """

    title: str
    subtitle: str
    as_of: date
    source: str
    dates: NDArray[np.datetime64]
    symbols: tuple[str, ...]
    values: tuple[NDArray[np.float64], ...]
    drawdowns: tuple[NDArray[np.float64], ...]


def picture(found: Findings, dataset: Dataset) -> Picture:
    """Return the data of the picture."""
    funds = found.pictured
    sessions = dataset.sessions[dataset.sessions >= pd.Timestamp(found.start)]
    values = pd.DataFrame({fund.symbol: rebased(fund.index, START) for fund in funds}, index=sessions)
    depths = pd.DataFrame({fund.symbol: drawdown(fund.index) for fund in funds}, index=sessions)
    if len(sessions) > MOST_POINTS:
        spans = sessions.to_period("W-FRI" if len(sessions) <= MOST_POINTS * 5 else "M")
        sessions = pd.DatetimeIndex(pd.Series(sessions, index=sessions).groupby(spans).last())
        values, depths = values.groupby(spans).last(), depths.groupby(spans).min()
    return Picture(
        title=_("Growth of 10,000 dollars"),
        subtitle=_("{start} to {end}, total return; beneath, the fall from the highest value so far").format(
            start=i18n.day(found.start), end=i18n.day(found.end)
        ),
        as_of=dataset.as_of,
        source=", ".join(distinct(dataset.source(fund.symbol) for fund in funds)) or dataset.source(found.benchmark),
        dates=sessions.to_numpy().astype("datetime64[D]"),
        symbols=tuple(fund.symbol for fund in funds),
        values=tuple(np.asarray(values[fund.symbol], dtype=np.float64) for fund in funds),
        drawdowns=tuple(np.asarray(depths[fund.symbol], dtype=np.float64) for fund in funds),
    )
