"""Definitions: relative strength, its regime, the rotation graph."""

from bot.i18n import gettext as _
from bot.metrics.metric import Metric

_PRICES = ("Yahoo Finance",)


def metrics() -> tuple[Metric, ...]:
    """Return the definitions in the active language."""
    return (*_strength(), *_graph())


def _strength() -> tuple[Metric, ...]:
    both = _("total-return indices of both sides (closes on the price basis)")
    return (
        Metric(
            "rotation.relative_strength",
            _("Relative strength"),
            _("RS(t) = small(t) / large(t), set to 100 where the window starts"),
            (both,),
            _PRICES,
            (_("It rises when the small side falls less: it says who leads, not whether anybody gains."),),
        ),
        Metric(
            "rotation.vs_200d",
            _("Relative strength against its 200-session mean"),
            _("RS(t) / mean(RS over the last 200 sessions, today included) − 1"),
            (both,),
            _PRICES,
        ),
        Metric(
            "rotation.regime",
            _("Regime"),
            _(
                "small: RS above its 200-session mean and the 50-session mean above its value 20 sessions earlier; "
                "large: both below; otherwise mixed. It changes after 5 sessions in a row."
            ),
            (both,),
            _PRICES,
            (
                _("A regime is dated back to the first of the five sessions; it was known on the fifth."),
                _("Bands in the chart begin at the fifth session, when it could be known."),
            ),
        ),
    )


def _graph() -> tuple[Metric, ...]:
    strength = _("relative strength RS on total returns")
    caveat = _("The public z-score variant: near to, but not, the vendor's own formula.")
    return (
        Metric(
            "rotation.rs_ratio",
            _("RS-Ratio"),
            _("100 + z-score of RS over 252 sessions, smoothed by a 10-session mean"),
            (strength,),
            _PRICES,
            (caveat,),
        ),
        Metric(
            "rotation.rs_momentum",
            _("RS-Momentum"),
            _("100 + z-score over 63 sessions of the 10-session change of RS-Ratio"),
            (strength,),
            _PRICES,
            (caveat, _("The quadrants describe the past eight weeks and forecast nothing.")),
        ),
    )
