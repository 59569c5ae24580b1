"""What can be watched about earnings: growth and revisions of the Russell 2000, by file of estimates."""

from bot.features.earnings.findings import Side, side
from bot.features.record import recorded
from bot.i18n import gettext as _
from bot.indicator import Indicator
from bot.market import universe
from bot.market.dataset import Dataset


def indicators() -> tuple[Indicator, ...]:
    """Return median EPS growth, and revision breadth by counts, of the Russell 2000."""
    return (
        recorded(
            "earnings.growth.median",
            _("Median EPS growth of small caps to the next fiscal year"),
            "fraction",
            ("estimates",),
            lambda then: _small(then).growth.median,
        ),
        recorded(
            "earnings.revisions",
            _("Revision breadth of small caps, 30 days"),
            "ratio",
            ("estimates",),
            lambda then: _small(then).revisions.counts,
        ),
    )


def _small(then: Dataset) -> Side:
    return side(universe.members(then, "R2000"), then)
