"""What the pictures of the past draw: a fan of paths, or the spells of leadership."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bot.features.history import words
from bot.features.history.findings import BASE_STEP, Findings
from bot.features.history.request import HistoryRequest
from bot.i18n import gettext as _
from bot.market.dataset import Dataset
from bot.report import Chart


@dataclass(frozen=True, slots=True)
class FanPicture:
    """Paths in percent by sessions after the event, their median, and any day's median at ``base_at``."""

    title: str
    subtitle: str
    as_of: date
    source: str
    paths: NDArray[np.float64]
    median: NDArray[np.float64]
    base: NDArray[np.float64]
    base_at: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CyclesPicture:
    """Spells of leadership: sessions each lasted, the leader's relative gain (fraction), whether small led."""

    title: str
    subtitle: str
    as_of: date
    source: str
    leaders: tuple[str, str]
    sessions: NDArray[np.int64]
    gains: NDArray[np.float64]
    small: NDArray[np.bool_]
    open: bool


def charts(request: HistoryRequest, found: Findings, dataset: Dataset) -> tuple[Chart, ...]:
    """Return the picture there are numbers for, if any."""
    if found.fan is not None:
        return (Chart("history", words.alternative(request, found), _fan(request, found, dataset)),)
    if found.cycles:
        return (Chart("history", words.headline(request, found), _cycles(found, dataset)),)
    return ()


def _fan(request: HistoryRequest, found: Findings, dataset: Dataset) -> FanPicture:
    fan = found.fan
    assert fan is not None  # asked only where it is
    return FanPicture(
        title=words.event_name(request, found),
        subtitle=_("{subject}, percent by sessions after each of {n} events").format(
            subject=words.subject(request, found), n=len(found.days)
        ),
        as_of=dataset.as_of,
        source=dataset.source(found.pair.sides.small),
        paths=(fan.paths - 1) * 100,
        median=(fan.median - 1) * 100,
        base=(fan.base - 1) * 100,
        base_at=np.arange(len(fan.base)) * BASE_STEP,
    )


def _cycles(found: Findings, dataset: Dataset) -> CyclesPicture:
    pair = found.pair.sides
    return CyclesPicture(
        title=_("Spells of leadership: length and gain"),
        subtitle=_("Relative gain of the leader in percent, by sessions since it was confirmed"),
        as_of=dataset.as_of,
        source=dataset.source(pair.small),
        leaders=(pair.small, pair.large),
        sessions=np.array([cycle.sessions for cycle in found.cycles], dtype=np.int64),
        gains=np.array([cycle.gain for cycle in found.cycles], dtype=np.float64),
        small=np.array([cycle.state == "small" for cycle in found.cycles], dtype=np.bool_),
        open=found.cycles[-1].open,
    )
