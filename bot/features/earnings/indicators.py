"""What can be watched about earnings: growth and revisions of the Russell 2000, by file of estimates."""

import functools

from bot.features.earnings.findings import Side, side
from bot.features.record import recorded
from bot.i18n import gettext as _
from bot.indicator import Indicator
from bot.market import universe
from bot.market.dataset import Dataset

_FILES = ("estimates",)


def indicators() -> tuple[Indicator, ...]:
    """Return median EPS growth, and revision breadth in its three forms, of the Russell 2000."""
    return (
        recorded(
            "earnings.growth.median",
            _("Median EPS growth of small caps to the next fiscal year"),
            "fraction",
            _FILES,
            lambda then: _small(then).growth.median,
            signed=True,
        ),
        recorded(
            "earnings.revisions",
            _("Revision breadth of small caps, 30 days"),
            "ratio",
            _FILES,
            lambda then: _small(then).revisions.counts,
            signed=True,
        ),
        recorded(
            "earnings.revisions.companies",
            _("Revision breadth of small caps by companies, 30 days"),
            "ratio",
            _FILES,
            lambda then: _small(then).revisions.companies,
            signed=True,
        ),
        recorded(
            "earnings.revisions.cap_weighted",
            _("Revision breadth of small caps by market cap, 30 days"),
            "ratio",
            _FILES,
            lambda then: _small(then).revisions.cap_weighted,
            signed=True,
        ),
    )


@functools.lru_cache(maxsize=4)  # four indicators read the same measurement
def _small(then: Dataset) -> Side:
    return side(universe.pair(then).small, then)  # the companies that the card counts
