"""Definitions: growth of expected earnings, revisions."""

from bot.i18n import gettext as _
from bot.metrics.metric import Metric

_SOURCES = ("Yahoo Finance", "iShares")


def metrics() -> tuple[Metric, ...]:
    """Return the definitions in the active language."""
    return (*_growth(), *_revisions())


def _growth() -> tuple[Metric, ...]:
    return (
        Metric(
            "earnings.growth",
            _("EPS growth to the next fiscal year"),
            _(
                "in sum: sum(EPS FY2 × shares) / sum(EPS FY1 × shares) − 1; companies that earn: the same over those "
                "with FY1 above zero; median: of EPS FY2 / EPS FY1 − 1 over those"
            ),
            (_("consensus EPS of this and the next fiscal year"), _("shares: market cap / price of the same row")),
            _SOURCES,
            (
                _("Growth out of losses is arithmetic: in sum it means nothing on a base under a tenth of its parts."),
                _("Fiscal years are not calendarised: FY2 is not the next twelve months."),
                _("Each company counts once; accounts in another currency are left out and counted."),
            ),
        ),
        Metric(
            "earnings.consensus",
            _("Consensus earnings a share"),
            _("mean of analysts' estimates; its change is over the size of the earlier estimate"),
            (_("analysts' estimates now, 30 and 90 days ago"),),
            ("Yahoo Finance",),
        ),
        Metric(
            "earnings.coverage",
            _("Coverage"),
            _("companies with both estimates and a share count / members; weight of those / weight of all in the fund"),
            (_("the index's member list"), _("consensus estimates")),
            _SOURCES,
        ),
    )


def _revisions() -> tuple[Metric, ...]:
    return (
        Metric(
            "earnings.revisions",
            _("Revision breadth"),
            _(
                "counts: (upward − downward) / (upward + downward) over all revisions of 30 days; companies: share "
                "with more up − share with more down; by market cap: the same, weighted"
            ),
            (_("analysts' revisions of this fiscal year's estimate in 30 days"),),
            _SOURCES,
            (
                _("From −1, everybody cut, to +1, everybody raised."),
                _("Estimates that stood still for 90 days are left out."),
                _("Without analysts' counts: rises and falls of consensus between two stored files, named as such."),
            ),
        ),
    )
