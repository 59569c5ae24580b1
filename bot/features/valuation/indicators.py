"""What can be watched about valuation: the relative price and its place in its own history."""

from typing import TYPE_CHECKING

from bot.analytics.valuation import relative
from bot.features.record import recorded
from bot.features.valuation.findings import LARGE, SMALL, multiples
from bot.i18n import gettext as _
from bot.indicator import Indicator
from bot.market.dataset import Dataset

if TYPE_CHECKING:
    import pandas as pd

SOURCE = "Yahoo Finance"


def indicators() -> tuple[Indicator, ...]:
    """Return the level of IWM over IWB, its percentile among all sessions up to each day, and the discount."""
    return (
        Indicator("valuation.relative", _("IWM over IWB, price"), "ratio", "session", SOURCE, _level),
        Indicator(
            "valuation.relative_percentile",
            _("Percentile of IWM over IWB in its own history"),
            "fraction",
            "session",
            SOURCE,
            _percentile,
        ),
        recorded(
            "valuation.discount",
            _("Discount of small caps on this year's earnings, losers left out"),
            "fraction",
            ("estimates", "fundamentals"),
            lambda then: multiples(then).of("pe_fy1", "profitable").discount,
        ),
    )


def _level(dataset: Dataset) -> "pd.Series[float]":
    return relative(dataset.closes(SMALL), dataset.closes(LARGE)).history


def _percentile(dataset: Dataset) -> "pd.Series[float]":
    """Return for each session the share of sessions so far at or below it: nothing later is known to it."""
    return _level(dataset).expanding().rank(method="max", pct=True)
