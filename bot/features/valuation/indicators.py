"""What can be watched about valuation: the relative price, its place in its own history, discounts on multiples."""

import functools
import math

import pandas as pd

from bot.analytics.valuation import relative
from bot.features.record import history, recorded
from bot.features.valuation import words
from bot.features.valuation.findings import LARGE, SMALL, Paired, multiples
from bot.i18n import gettext as _
from bot.indicator import Indicator
from bot.market.dataset import Dataset

SOURCE = "Yahoo Finance"
_FILES = ("estimates", "fundamentals")
_DISCOUNTS = (
    ("pe_fy1", "profitable"), ("pe_fy1", "all"), ("pe_trailing", "profitable"), ("pe_trailing", "all"),
    ("price_to_sales", "without_financials"), ("ev_to_sales", "without_financials"),
)  # fmt: skip


def indicators() -> tuple[Indicator, ...]:
    """Return IWM over IWB and its percentile by session, and how much cheaper small caps are by file of inputs."""
    return (
        Indicator("valuation.relative", _("IWM over IWB, price"), "ratio", "session", SOURCE, _level),
        Indicator(
            "valuation.relative_percentile",
            _("Percentile of IWM over IWB in its own history"),
            "fraction",
            "session",
            SOURCE,
            percentiles,
        ),
        *(_discount(multiple, companies) for multiple, companies in _DISCOUNTS),
    )


def _discount(multiple: str, companies: str) -> Indicator:
    """Return 1 - small / large on one multiple: above 0 small caps are cheaper."""
    title = _("Discount of small caps to large ({multiple})").format(multiple=words.name_of(multiple, companies))
    return recorded(_id(multiple, companies), title, "fraction", _FILES, _measuring(multiple, companies))


def _id(multiple: str, companies: str) -> str:
    return f"valuation.discount.{multiple}.{companies}"


def _measuring(multiple: str, companies: str) -> "functools.partial[float]":
    return functools.partial(_discount_then, multiple=multiple, companies=companies)


def _level(dataset: Dataset) -> "pd.Series[float]":
    return relative(dataset.closes(SMALL), dataset.closes(LARGE)).history


def percentiles(dataset: Dataset) -> "pd.Series[float]":
    """Return for each session the share of sessions so far at or below it: nothing later is known to it."""
    return _level(dataset).expanding().rank(method="max", pct=True)


def discounts(dataset: Dataset, multiple: str, companies: str) -> "pd.Series[float]":
    """Return 1 - small / large by the session that first knew the file it rests on; NaN dropped."""
    return history(dataset, _id(multiple, companies), _FILES, _measuring(multiple, companies))


def _discount_then(then: Dataset, multiple: str, companies: str) -> float:
    for row in _rows(then):
        if (row.multiple, row.companies) == (multiple, companies):
            return row.discount
    return math.nan


@functools.lru_cache(maxsize=4)  # six indicators read the same measurement
def _rows(then: Dataset) -> tuple[Paired, ...]:
    return multiples(then).rows
