"""What can be watched about short interest: the aggregates of both Russell indices, by the day they were published."""

import functools
from datetime import date

import pandas as pd

from bot.analytics.short_interest import index_short
from bot.features.indices import NAMES
from bot.features.record import by_publication
from bot.features.short_members import with_positions
from bot.i18n import gettext as _
from bot.indicator import Indicator
from bot.market import universe
from bot.market.dataset import Dataset

SOURCE = "FINRA"


def indicators() -> tuple[Indicator, ...]:
    """Return the weighted shares of market cap of the Russell 2000 and the Russell 1000."""
    return tuple(
        Indicator(
            _id(index),
            _("Short interest of the {index}, weighted, of market cap").format(index=NAMES[index]),
            "fraction",
            "settlement",
            SOURCE,
            functools.partial(weighted, index=index),
            kept=True,
        )
        for index in ("R2000", "R1000")
    )


@functools.lru_cache(maxsize=4)  # the gauge of short interest reads it too
def weighted(dataset: Dataset, index: str) -> "pd.Series[float]":
    """Return the aggregate of each stored settlement date, as it could be computed when it was published.

    Every date is measured with the member list and the caps known by the day it was published; dates for which
    none were known then are left out.
    """
    return by_publication(dataset, _id(index), functools.partial(_of_cap, index=index))


def _id(index: str) -> str:
    return f"shortinterest.weighted.{index.lower()}"


def _of_cap(then: Dataset, settlement: date, index: str) -> float:
    members = universe.members(then, index, settlement)
    return index_short(with_positions(members, then, settlement)).of_cap
