"""What can be watched about short interest: the aggregates of both Russell indices, by the day they were published."""

import functools

import pandas as pd

from bot.analytics.short_interest import index_short
from bot.errors import MissingData
from bot.features.indices import NAMES
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
            f"shortinterest.weighted.{index.lower()}",
            _("Short interest of the {index}, weighted, of market cap").format(index=NAMES[index]),
            "fraction",
            "settlement",
            SOURCE,
            functools.partial(weighted, index=index),
        )
        for index in ("R2000", "R1000")
    )


@functools.lru_cache(maxsize=4)  # the gauge of short interest reads it too
def weighted(dataset: Dataset, index: str) -> "pd.Series[float]":
    """Return the aggregate of each stored settlement date, as it could be computed when it was published.

    Every date is measured with the member list and the caps known by the day it was published; dates for which
    none were known then are left out.
    """
    found: dict[pd.Timestamp, float] = {}
    stored = dataset.settlements()
    for settlement, published in zip(stored["settlement"], stored["published"], strict=True):
        then = dataset.at(published.date())
        try:
            members = universe.members(then, index, settlement.date())
            value = index_short(with_positions(members, then, settlement.date())).of_cap
        except MissingData:
            continue
        found[published] = value
    return pd.Series(found, dtype=float).dropna()
