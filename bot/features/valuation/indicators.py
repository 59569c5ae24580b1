"""What can be watched about valuation: the relative price and its place in its own history."""

from typing import TYPE_CHECKING

from bot.analytics.valuation import relative
from bot.features.valuation.findings import LARGE, SMALL
from bot.i18n import gettext as _
from bot.indicator import Indicator
from bot.market.dataset import Dataset

if TYPE_CHECKING:
    import pandas as pd

SOURCE = "Yahoo Finance"


def indicators() -> tuple[Indicator, ...]:
    """Return the level of IWM over IWB and its percentile among all sessions up to each day."""
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
    )


def _level(dataset: Dataset) -> "pd.Series[float]":
    return relative(dataset.closes(SMALL), dataset.closes(LARGE)).history


def _percentile(dataset: Dataset) -> "pd.Series[float]":
    """Return for each session the share of sessions so far at or below it: nothing later is known to it."""
    return _level(dataset).expanding().rank(method="max", pct=True)
