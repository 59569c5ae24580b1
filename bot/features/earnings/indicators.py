"""What can be watched about earnings: growth and revisions of the Russell 2000, by file of estimates."""

import functools
from collections.abc import Callable, Iterator

import pandas as pd

from bot.errors import MissingData
from bot.features.earnings.findings import Side, side
from bot.i18n import gettext as _
from bot.indicator import Indicator
from bot.market import universe
from bot.market.dataset import Dataset

SOURCE = "Yahoo Finance"


def indicators() -> tuple[Indicator, ...]:
    """Return median EPS growth, and revision breadth by counts, of the Russell 2000."""
    return (
        Indicator(
            "earnings.growth.median",
            _("Median EPS growth of small caps to the next fiscal year"),
            "fraction",
            "snapshot",
            SOURCE,
            functools.partial(_measured, of=lambda one: one.growth.median),
        ),
        Indicator(
            "earnings.revisions",
            _("Revision breadth of small caps, 30 days"),
            "ratio",
            "snapshot",
            SOURCE,
            functools.partial(_measured, of=lambda one: one.revisions.counts),
        ),
    )


def _measured(dataset: Dataset, of: Callable[[Side], float]) -> "pd.Series[float]":
    """Measure each stored file of estimates on the first session that knew it, with what else was known then."""
    found: dict[pd.Timestamp, float] = {}
    for session in _sessions(dataset):
        then = dataset.at(session.date())
        try:
            found[session] = of(side(universe.members(then, "R2000"), then))
        except MissingData:
            continue
    return pd.Series(found, dtype=float).dropna()


def _sessions(dataset: Dataset) -> Iterator[pd.Timestamp]:
    """Yield the first session at or after each file of estimates known, oldest first."""
    days: list[pd.Timestamp] = []
    before = None
    while True:
        try:
            file = dataset.estimates(before)
        except MissingData:
            break
        days.append(pd.Timestamp(file.date))
        before = file.date
    for day in reversed(days):
        at = int(dataset.sessions.searchsorted(day))
        if at < len(dataset.sessions):
            yield dataset.sessions[at]
