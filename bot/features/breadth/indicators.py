"""What can be watched about breadth: equal against cap weight, small caps against the seven, members taking part."""

import functools
from typing import TYPE_CHECKING

import pandas as pd

from bot.analytics.returns import common, rolling_return
from bot.features.breadth.findings import CAP, EQUAL, SEVEN_FUND, SMALL, side
from bot.features.record import recorded
from bot.i18n import gettext as _
from bot.indicator import Indicator
from bot.market import universe

if TYPE_CHECKING:
    from bot.market.dataset import Dataset

SOURCE = "Yahoo Finance"
MONTHS = 6


def indicators() -> tuple[Indicator, ...]:
    """Return two six-month spreads by session, and the share of small caps above 200 sessions by snapshot."""
    spread = functools.partial(Indicator, unit="percentage_points", cadence="session", source=SOURCE)
    return (
        spread(
            id="breadth.equal_vs_cap",
            title=_("Equal weight minus cap weight over 6 months"),
            series=functools.partial(_spread, one=EQUAL, other=CAP),
        ),
        spread(
            id="breadth.small_vs_seven",
            title=_("IWM minus the seven mega caps over 6 months"),
            series=functools.partial(_spread, one=SMALL, other=SEVEN_FUND),
        ),
        recorded(
            "breadth.above_200.small",
            _("Share of small caps above their 200-session average"),
            "fraction",
            ("snapshots",),
            _above_200,
        ),
    )


def _spread(dataset: "Dataset", one: str, other: str) -> "pd.Series[float]":
    first, second = common(dataset.total_return(one), dataset.total_return(other))
    return rolling_return(first, MONTHS) - rolling_return(second, MONTHS)


def _above_200(then: "Dataset") -> float:
    return side(universe.members(then, "R2000"), then.snapshot().frame).participation.above_200
