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
    """Return median EPS growth, and revision breadth in its three forms, of the Russell 2000."""
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
        Indicator(
            "earnings.revisions.companies",
            _("Revision breadth of small caps by companies, 30 days"),
            "ratio",
            "snapshot",
            SOURCE,
            functools.partial(_measured, of=lambda one: one.revisions.companies),
        ),
        Indicator(
            "earnings.revisions.cap_weighted",
            _("Revision breadth of small caps by market cap, 30 days"),
            "ratio",
            "snapshot",
            SOURCE,
            functools.partial(_measured, of=lambda one: one.revisions.cap_weighted),
        ),
    )


def _measured(dataset: Dataset, of: Callable[[Side], float]) -> "pd.Series[float]":
    return pd.Series({session: of(one) for session, one in _sides(dataset)}, dtype=float).dropna()


@functools.lru_cache(maxsize=2)  # several indicators read the same measurements
def _sides(dataset: Dataset) -> tuple[tuple[pd.Timestamp, Side], ...]:
    """Measure each stored file of estimates on the first session that knew it, with what else was known then."""
    found = []
    for session in sessions_of_estimates(dataset):
        then = dataset.at(session.date())
        try:
            found.append((session, side(universe.members(then, "R2000"), then)))
        except MissingData:
            continue
    return tuple(found)


def sessions_of_estimates(dataset: Dataset) -> Iterator[pd.Timestamp]:
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
