"""Definitions: indicators' percentiles, backtests of alerts, what followed."""

from bot.i18n import gettext as _
from bot.metrics.metric import Metric


def metrics() -> tuple[Metric, ...]:
    """Return the definitions in the active language."""
    known = _("values of the indicator by the day each became known")
    return (
        Metric(
            "alerts.percentile",
            _("Place in its own history"),
            _("share of all values so far that are at or below the newest, itself included"),
            (known,),
            (_("the indicator's own"),),
            (_("Under 60 values nothing is said."),),
        ),
        Metric(
            "alerts.backtest",
            _("Fires of an alert"),
            _("days on which the rule, watching from the indicator's first value on, would have spoken"),
            (known, _("confirmation, hysteresis, cooldown and budget of the rule")),
            (_("the indicator's own"),),
            (
                _("What is true from the first value on is no fire: it has to become true."),
                _("A rule chosen knowing the past looks better on it than it will be."),
            ),
        ),
        Metric(
            "alerts.followed",
            _("What followed"),
            _("median of (IWM total return − SPY total return) from the day of the event over the next sessions"),
            (
                _("fires, none within 21 sessions after the last one kept"),
                _("total-return indices of IWM and SPY"),
            ),
            ("Yahoo Finance",),
            (
                _("Beside it the base rate: the same after every session of the same span."),
                _("Windows of events near each other overlap; the count of separate ones is in the table."),
                _("90% interval: 5th to 95th percentile of the median over 2,000 circular block draws."),
            ),
        ),
    )
