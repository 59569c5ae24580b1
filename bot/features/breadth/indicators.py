"""What can be watched about breadth: equal against cap weight, small caps against the seven, members taking part."""

import functools
from typing import TYPE_CHECKING

import pandas as pd

from bot.analytics.aggregates import share
from bot.analytics.breadth import Participation
from bot.analytics.returns import common, rolling_return
from bot.features.breadth.findings import CAP, EQUAL, SEVEN_FUND, SMALL, side
from bot.features.record import recorded
from bot.i18n import gettext as _
from bot.indicator import Indicator
from bot.market import universe

if TYPE_CHECKING:
    from bot.market.dataset import Dataset

SOURCE = "Yahoo Finance"
SNAPSHOTS = ("snapshots",)
LOSING = "breadth.losing.small"
MONTHS = 6


def indicators() -> tuple[Indicator, ...]:
    """Return two six-month spreads by session, and how many small caps take part by snapshot."""
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
        *(
            recorded(f"breadth.{name}.small", title, "fraction", SNAPSHOTS, functools.partial(_share, name=name))
            for name, title in (
                ("above_200", _("Share of small caps above their 200-session average")),
                ("above_50", _("Share of small caps above their 50-session average")),
                ("at_high", _("Share of small caps at their 52-week high")),
            )
        ),
        recorded(LOSING, _("Share of small caps with a net margin below zero"), "fraction", SNAPSHOTS, losing),
    )


def _spread(dataset: "Dataset", one: str, other: str) -> "pd.Series[float]":
    first, second = common(dataset.total_return(one), dataset.total_return(other))
    return rolling_return(first, MONTHS) - rolling_return(second, MONTHS)


def _share(then: "Dataset", name: str) -> float:
    found: float = getattr(_small_caps(then), name)
    return found


@functools.lru_cache(maxsize=4)  # three indicators read the same measurement
def _small_caps(then: "Dataset") -> Participation:
    return side(universe.members(then, "R2000"), then.snapshot().frame).participation


def losing(then: "Dataset") -> float:
    """Return the share of small caps with a net margin below zero in the newest snapshot, as a fraction."""
    margins = universe.attach(universe.members(then, "R2000"), then.snapshot().frame, ["net_margin"])
    return share(margins["net_margin"].dropna() < 0)
