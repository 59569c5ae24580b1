"""Definitions: the four gauges of risk."""

from bot.i18n import gettext as _
from bot.metrics.metric import Metric


def metrics() -> tuple[Metric, ...]:
    """Return the definitions in the active language."""
    return (_slowdown(), _financing(), _quality(), _short_interest())


def _formula() -> str:
    return _(
        "mean over the inputs of 100 × share of weekly readings so far at or below today's, as known then; an input "
        "counts from 60 readings on"
    )


def _caveats() -> tuple[str, ...]:
    return (
        _("100 is as unusual as ever in its own history; it is not a forecast."),
        _("Ratios that trend enter as the log of their distance from their 252-session mean."),
    )


def _slowdown() -> Metric:
    return Metric(
        "risks.slowdown",
        _("Risk gauge: slowdown"),
        _formula(),
        (
            _("inversion of the 10-year minus 2-year yield, or its steepening within two years after one, whichever is "
              "higher"),
            _("initial claims, 4-week mean against the year before"),
            _("XLP/XLY"),
        ),
        ("FRED", "Yahoo Finance"),
        _caveats(),
    )  # fmt: skip


def _financing() -> Metric:
    return Metric(
        "risks.financing",
        _("Risk gauge: financing"),
        _formula(),
        (
            _("change of the 2-year yield in 12 months"),
            _("high-yield spread, once ten years of it are stored"),
            _("SPY/KRE"),
            _("net debt / EBITDA of small members minus large ones, once there are 60 readings"),
        ),
        ("FRED", "ICE BofA, FRED", "Yahoo Finance"),
        _caveats(),
    )


def _quality() -> Metric:
    return Metric(
        "risks.quality",
        _("Risk gauge: quality"),
        _formula(),
        (
            _("IJR/IWM: the S&P 600 screens for profit, the Russell 2000 does not"),
            _("share of members with a net margin below zero, once there are 60 readings"),
        ),
        ("Yahoo Finance", "iShares"),
        (*_caveats(), _("A rise is a flight to quality, counted as stress.")),
    )


def _short_interest() -> Metric:
    return Metric(
        "risks.short_interest",
        _("Risk gauge: short interest"),
        _formula(),
        (_("short interest of the Russell 2000, weighted by market cap, by publication"),),
        ("FINRA", "Yahoo Finance", "iShares"),
        _caveats(),
    )
