"""Definitions: the calendar ahead."""

from bot.i18n import gettext as _
from bot.metrics.metric import Metric


def metrics() -> tuple[Metric, ...]:
    """Return the definitions in the active language."""
    return (
        Metric(
            "calendar.upcoming",
            _("Days ahead"),
            _("Fed: announced decisions. Settlement: the 15th and last day of a month, or the session before. "
              "Publication: eight sessions later. Reconstitution: fourth Friday of June, from 2026 also second Friday "
              "of November."),
            (_("announced meetings"), _("sessions of the New York Stock Exchange")),
            ("Federal Reserve", "FINRA", "FTSE Russell", "NYSE"),
            (_("Rules can be changed by those who made them."),),
        ),
    )  # fmt: skip
