"""Definitions: facts about funds."""

from bot.i18n import gettext as _
from bot.metrics.metric import Metric


def metrics() -> tuple[Metric, ...]:
    """Return the definitions in the active language."""
    return (
        Metric(
            "funds.cost",
            _("Cost of a fund"),
            _("expense ratio a year, as the fund reports it"),
            (_("facts about the fund"),),
            ("Yahoo Finance",),
            (_("Returns are after this cost already."), _("Spreads and taxes are not in it.")),
        ),
        Metric(
            "funds.overlap",
            _("Overlap of two funds"),
            _("sum over common holdings of the smaller of both weights"),
            (_("holdings of both funds from one epoch of the index"),),
            ("iShares",),
            (_("Lists with a reconstitution between them are not compared."),),
        ),
    )
