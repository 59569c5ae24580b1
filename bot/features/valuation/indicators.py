"""What can be watched about valuation: the relative price, its place in its own history, discounts on multiples."""

import functools
from collections.abc import Callable, Iterator
from datetime import date

import pandas as pd

from bot.analytics.valuation import relative
from bot.errors import MissingData
from bot.features.valuation import words
from bot.features.valuation.findings import LARGE, SMALL, Paired, forward, multiples
from bot.i18n import gettext as _
from bot.indicator import Indicator
from bot.market.dataset import Dataset
from bot.market.frames import Frame

SOURCE = "Yahoo Finance"
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
    made = functools.partial(discounts, multiple=multiple, companies=companies)
    return Indicator(f"valuation.discount.{multiple}.{companies}", title, "fraction", "snapshot", SOURCE, made)


def _level(dataset: Dataset) -> "pd.Series[float]":
    return relative(dataset.closes(SMALL), dataset.closes(LARGE)).history


def percentiles(dataset: Dataset) -> "pd.Series[float]":
    """Return for each session the share of sessions so far at or below it: nothing later is known to it."""
    return _level(dataset).expanding().rank(method="max", pct=True)


def discounts(dataset: Dataset, multiple: str, companies: str) -> "pd.Series[float]":
    """Return 1 - small / large by the session that first knew the file it rests on; NaN dropped."""
    found = {
        session: row.discount
        for session, rows in _measured(dataset)
        for row in rows
        if (row.multiple, row.companies) == (multiple, companies)
    }
    return pd.Series(found, dtype=float).dropna()


@functools.lru_cache(maxsize=2)  # six indicators read the same measurements
def _measured(dataset: Dataset) -> tuple[tuple[pd.Timestamp, tuple[Paired, ...]], ...]:
    """Measure both sides on each session that first knew a file of estimates or fundamentals, as it could be then."""
    found = []
    for session in _sessions(dataset):
        then = dataset.at(session.date())
        try:
            found.append((session, _rows(then)))
        except MissingData:
            continue
    return tuple(found)


def _rows(dataset: Dataset) -> tuple[Paired, ...]:
    try:
        return multiples(dataset).rows
    except MissingData:  # estimates may be known before the first fundamentals
        return forward(dataset)


def _sessions(dataset: Dataset) -> tuple[pd.Timestamp, ...]:
    days = {day for read in (dataset.estimates, dataset.fundamentals) for day in _days(read)}
    places = {int(dataset.sessions.searchsorted(pd.Timestamp(day))) for day in days}
    return tuple(dataset.sessions[place] for place in sorted(places) if place < len(dataset.sessions))


def _days(read: Callable[[date | None], Frame]) -> Iterator[date]:
    """Yield the days of all files of one kind that are known, newest first."""
    before: date | None = None
    while True:
        try:
            before = read(before).date
        except MissingData:
            return
        yield before
