"""The bot's own record of whole-market aggregates: snapshots are kept for some time, what they came to for good.

Whoever fetches data measures each new snapshot and settlement once (``measure``); an indicator's series (``history``,
``by_publication``) is that record, and in its place whatever can still be measured on stored snapshots: a settlement's
market caps are in those of its time, so that its aggregate cannot be measured for ever either.
"""

import functools
from collections.abc import Callable, Container, Iterable, Iterator
from datetime import date

import pandas as pd

from bot import features
from bot.errors import MissingData
from bot.indicator import Indicator
from bot.market.dataset import Dataset
from bot.report import Unit

SOURCE = "Yahoo Finance"
Measured = Callable[[Dataset], float]


def recorded(
    indicator_id: str, title: str, unit: Unit, files: tuple[str, ...], of: Measured, *, signed: bool = False
) -> Indicator:
    """Return an indicator with a value for each file of some tables, which the record keeps."""
    series = functools.partial(history, figure=indicator_id, files=files, of=of)
    return Indicator(indicator_id, title, unit, "snapshot", SOURCE, series, measured=of, signed=signed)


def history(dataset: Dataset, figure: str, files: tuple[str, ...], of: Measured) -> "pd.Series[float]":
    """Return a figure by the session on which it was known, as it was known then; NaN dropped."""
    kept = dataset.aggregates(figure)
    found = dict(zip(pd.DatetimeIndex(kept.index), kept.tolist(), strict=True))
    for session in known_sessions(dataset, *files):
        if session in found:
            continue
        try:
            found[session] = of(dataset.at(session.date()))
        except MissingData:
            continue
    return (
        pd.Series(list(found.values()), index=pd.DatetimeIndex(list(found)).as_unit("us"), dtype=float)
        .dropna()
        .sort_index()
    )


def by_publication(dataset: Dataset, figure: str, of: Callable[[Dataset, date], float]) -> "pd.Series[float]":
    """Return a figure of each settlement date by the day it was published, as it was known then; NaN dropped.

    ``of(then, settlement)`` measures what the record does not hold; what raises MissingData is left out.
    """
    kept = dataset.aggregates(figure)
    found = dict(zip(pd.DatetimeIndex(kept.index), kept.tolist(), strict=True))
    stored = dataset.settlements()
    for settlement, published in zip(stored["settlement"], stored["published"], strict=True):
        if published in found:
            continue
        try:
            found[published] = of(dataset.at(published.date()), settlement.date())
        except MissingData:
            continue
    return pd.Series(found, dtype=float).dropna().sort_index()


def known_sessions(dataset: Dataset, *tables: str) -> Iterator[pd.Timestamp]:
    """Yield the first session at or after each stored file of some tables, oldest first."""
    for day in dataset.file_dates(*tables):
        at = int(dataset.sessions.searchsorted(pd.Timestamp(day)))
        if at < len(dataset.sessions):
            yield dataset.sessions[at]


def measure(
    dataset: Dataset, days: Iterable[date], kept: Container[tuple[str, date]]
) -> Iterator[tuple[str, date, float]]:
    """Yield (figure, day, value) of what the record does not hold yet (``kept``: figure and day), as known then.

    Figures of snapshots on the given days, those of settlements on all days on which one was published; NaN left out.
    """
    offered = [one for name in features.names() for one in features.report_module(name).indicators()]
    for day in days:
        then = dataset.at(day)
        for one in offered:
            if one.measured is None or (one.id, day) in kept:
                continue
            try:
                value = one.measured(then)
            except MissingData:
                continue
            if value == value:  # noqa: PLR0124  (NaN is not itself)
                yield one.id, day, float(value)
    for one in offered:
        if one.kept:
            series = one.series(dataset)
            published = zip(pd.DatetimeIndex(series.index).date, series.tolist(), strict=True)
            yield from ((one.id, day, value) for day, value in published if (one.id, day) not in kept)
