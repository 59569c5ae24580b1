"""Definitions: the squeeze screen."""

from bot.i18n import gettext as _
from bot.metrics.metric import Metric

_SOURCES = ("FINRA", "iShares", "Yahoo Finance")


def metrics() -> tuple[Metric, ...]:
    """Return the definitions in the active language."""
    return (*_score(), *_universe())


def _score() -> tuple[Metric, ...]:
    return (
        Metric(
            "squeeze.score",
            _("Squeeze score"),
            _(
                "weighted mean of percentile ranks × 100: short of float 35, days to cover 25, change in shorts over "
                "float 15, 1-month return 15, volume of 5 days over 3 months 10"
            ),
            (_("positions, floats, prices and volumes of the members over the floors"),),
            _SOURCES,
            (
                _("A rank is mean rank / number: 100 is the most crowded of this index on this day, no forecast."),
                _("A missing input drops out and the others are rescaled; confidence says how much is left."),
                _("A crowded short can be right."),
            ),
        ),
        Metric(
            "squeeze.confidence",
            _("Confidence of the score"),
            _("weights of the inputs present / 100"),
            (_("which inputs are stored for a member"),),
            _SOURCES,
            (_("It speaks of completeness, not of what prices will do."),),
        ),
    )


def _universe() -> tuple[Metric, ...]:
    return (
        Metric(
            "squeeze.floors",
            _("Floors of the screen"),
            _("market cap of at least $300 million, and $2 million traded a day where volumes are stored"),
            (_("market cap"), _("average daily volume × price")),
            _SOURCES,
            (_("Smaller companies are neither ranked nor listed: few trades move them."),),
        ),
        Metric(
            "squeeze.coverage",
            _("Members ranked"),
            _("members over the floors with a stored position / members; their weight in the index"),
            (_("the index's member list"),),
            _SOURCES,
        ),
    )
