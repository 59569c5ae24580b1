"""The watch list of the thesis: rules that one select adds, each with why it is worth watching."""

from dataclasses import dataclass

from bot.alerts.rule import Rule
from bot.i18n import gettext as _

GAUGES = ("risks.slowdown", "risks.financing", "risks.quality", "risks.short_interest")


@dataclass(frozen=True, slots=True)
class Preset:
    """Rules that are added together, under a stable id; ``title`` and ``why`` are in the reader's language."""

    id: str
    title: str
    why: str
    rules: tuple[Rule, ...]


def presets() -> tuple[Preset, ...]:
    """Return the watch list in the active language."""
    return (*_prices(), *_pressures())


def _prices() -> tuple[Preset, ...]:
    return (
        Preset(
            "record",
            _("IWM's record close"),
            _("Claim 1: small caps broke out to record highs. At most one post in a week."),
            (Rule(indicator="price.close.IWM", condition="new_high", cooldown_days=7),),
        ),
        Preset(
            "regime",
            _("Switch of the regime"),
            _("Claims 2 and 13: who leads, small caps or large. A switch counts after five sessions in a row."),
            (Rule(indicator="rotation.regime", condition="changes_state"),),
        ),
        Preset(
            "relative_level",
            _("IWM over IWB in its lowest twentieth"),
            _("Claim 7: small caps are the cheapest in 25 years, as far as a price ratio can tell."),
            (Rule(indicator="valuation.relative", condition="enters_band", low=0.0, high=0.05, cooldown_days=21),),
        ),
    )


def _pressures() -> tuple[Preset, ...]:
    return (
        Preset(
            "short_interest",
            _("Short interest over 5.5%"),
            _("Claim 9: about 5.5% of the Russell 2000's market cap was said to be sold short."),
            (Rule(indicator="shortinterest.weighted.r2000", condition="above", threshold=0.055),),
        ),
        Preset(
            "two_year_yield",
            _("Two-year yield down half a point in three months"),
            _("Claim 8: rate cuts help small caps more."),
            (
                Rule(
                    indicator="rates.yield_2y",
                    condition="changes_by",
                    direction="down",
                    threshold=0.005,
                    within=63,
                    cooldown_days=21,
                ),
            ),
        ),
        Preset(
            "gauges",
            _("A risk gauge over 80"),
            _("Claim 10: four risks to watch. One alert for each gauge."),
            tuple(Rule(indicator=gauge, condition="above", threshold=80.0, hysteresis=5.0) for gauge in GAUGES),
        ),
    )
