"""What is found on the past: events, what followed them, and leadership cycles."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bot.analytics.events import HORIZONS, Following, declustered, following, forward_return, paths
from bot.analytics.returns import common
from bot.analytics.rotation import regimes, spans
from bot.errors import MissingData
from bot.features.history.occasions import Pair, occasions
from bot.features.history.rallies import Rallies, rallies
from bot.features.history.request import HistoryRequest
from bot.features.priced import total_return_by_then
from bot.features.sides import sides
from bot.i18n import gettext as _
from bot.market.dataset import Dataset

BASE_STEP = 21
_DEFAULTS = ("IWM", "SPY")
RELATIVE = frozenset({"regime", "mean", "cut", "spread"})  # events of the pair are measured by the pair


@dataclass(frozen=True, slots=True)
class Outlook:
    """What followed, by horizon: ``own`` the small side's total return, ``against`` its gain on the large side."""

    own: tuple[Following, ...]
    against: tuple[Following, ...]


@dataclass(frozen=True, slots=True)
class Fan:
    """Paths of what is measured after each event (1 at the start), their median, and that of all sessions.

    ``base`` has a value every 21 sessions. NaN where a path has not happened yet.
    """

    paths: NDArray[np.float64]
    median: NDArray[np.float64]
    base: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cycle:
    """One spell of leadership: first and last session in force, sessions, relative gain of the leader, returns."""

    state: str
    start: date
    end: date
    sessions: int
    gain: float
    small: float
    large: float
    open: bool


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything the card says. ``span`` is where events could have been, None if nowhere yet.

    ``stored``: settlement dates with short interest, for the questions that take them; ``rallies`` for theirs.
    """

    pair: Pair
    days: pd.DatetimeIndex
    all_days: int
    span: tuple[pd.Timestamp, pd.Timestamp] | None
    outlook: Outlook | None
    fan: Fan | None
    cycles: tuple[Cycle, ...] = ()
    stored: tuple[date, ...] = ()
    rallies: Rallies | None = None


def find(request: HistoryRequest, dataset: Dataset) -> Findings:
    """Collect the past. Raises MissingData before both sides traded, NoCloses where records are not stored."""
    pair = _pair(request, dataset)
    stored = _settlements(dataset) if request.event in {"shorts", "rallies"} else ()
    if request.event == "rallies":
        return replace(_nothing(pair), stored=stored, rallies=rallies(pair.small, request.points, dataset))
    if request.event == "cycles":
        return replace(_nothing(pair), cycles=_cycles(pair), span=_confirmed(pair))
    found = occasions(request, pair, dataset)
    sessions = pd.DatetimeIndex(pair.small.index)
    if found.first is None:
        return replace(_nothing(pair), stored=stored)
    span = (found.first, sessions[-1])
    days = declustered(found.days[found.days.isin(sessions)], sessions)
    measured = pair.strength if request.event in RELATIVE else pair.small
    return Findings(
        pair=pair,
        days=days,
        all_days=len(found.days),
        span=span,
        outlook=Outlook(
            own=tuple(following(pair.small, days, horizon, span) for horizon in HORIZONS),
            against=tuple(following(pair.strength, days, horizon, span) for horizon in HORIZONS),
        ),
        fan=_fan(measured, days, span) if len(days) else None,
        stored=stored,
    )


def _pair(request: HistoryRequest, dataset: Dataset) -> Pair:
    found = sides(request.small, request.large, dataset)
    small, large = (total_return_by_then(symbol, dataset, optional=_DEFAULTS) for symbol in (found.small, found.large))
    if small is None or large is None:
        what = _("Common sessions of {small} and {large}").format(small=found.small, large=found.large)
        raise MissingData(what, dataset.as_of)
    return Pair(found, *common(small, large))


def _nothing(pair: Pair) -> Findings:
    return Findings(pair, pd.DatetimeIndex([]), 0, None, None, None)


def _settlements(dataset: Dataset) -> tuple[date, ...]:
    return tuple(stamp.date() for stamp in dataset.settlements()["settlement"])


def _fan(prices: "pd.Series[float]", days: pd.DatetimeIndex, span: tuple[pd.Timestamp, pd.Timestamp]) -> Fan:
    table = paths(prices, days)
    known = np.isfinite(table).any(axis=0)
    median = np.full(table.shape[1], np.nan)
    median[known] = np.nanmedian(table[:, known], axis=0)
    base = [1.0]
    for horizon in range(BASE_STEP, HORIZONS[-1] + 1, BASE_STEP):
        forward = forward_return(prices, horizon).dropna()
        inside = forward[(forward.index >= span[0]) & (forward.index <= span[1])]
        base.append(1 + float(inside.median()) if len(inside) else float("nan"))
    return Fan(table, median, np.array(base))


def _cycles(pair: Pair) -> tuple[Cycle, ...]:
    """Return the spells in which one side led, from the session that confirmed it to the last one in force."""
    history = regimes(pair.strength)
    if history.empty:
        return ()
    last = history.index[-1].date()
    return tuple(
        _cycle(pair, start, end, state, is_open=end == last)
        for start, end, state in spans(history)
        if state in {"small", "large"}
    )


def _confirmed(pair: Pair) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    """Return the span over which a regime was in force, None where there has been none."""
    history = regimes(pair.strength)
    return None if history.empty else (history.index[0], history.index[-1])


def _cycle(pair: Pair, start: date, end: date, state: str, *, is_open: bool) -> Cycle:
    inside = slice(pd.Timestamp(start), pd.Timestamp(end))
    small, large = pair.small.loc[inside], pair.large.loc[inside]
    grown = [float(series.iloc[-1] / series.iloc[0]) for series in (small, large)]
    relative = grown[0] / grown[1] - 1 if state == "small" else grown[1] / grown[0] - 1
    return Cycle(state, start, end, len(small), relative, grown[0] - 1, grown[1] - 1, is_open)
