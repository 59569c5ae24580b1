"""What a rule would have done since its indicator began: when it fired, how often, and what followed. Worker side."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from bot.alerts.replay import Replay, replay
from bot.alerts.rule import Rule
from bot.analytics.events import HORIZONS, Following, declustered, forward_return, measured
from bot.analytics.returns import DAYS_A_YEAR, common
from bot.market.dataset import Dataset

SMALL, LARGE = "IWM", "SPY"
USUAL_BUDGET = 4  # fires in a calendar month that a channel bears, where the rule names no budget
CONFIRMATIONS = (2, 3, 5, 10)
COOLDOWNS_DAYS = (5, 7, 14, 21, 31)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A gentler rule that keeps within the budget in every month of history, and how often it would have fired."""

    rule: Rule
    fires: int


@dataclass(frozen=True, slots=True)
class Busy:
    """A rule that would have spoken too often: in ``months`` calendar months more than ``budget`` times.

    ``most`` is the highest number in one month. Suggestions change one thing each: confirmation, then cooldown.
    """

    budget: int
    months: int
    most: int
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class Backtest:
    """One rule on its indicator's whole history as known on the dataset's day.

    ``fires`` are (day, value) pairs, oldest first; ``held_back`` counts days on which only cooldown, budget or end
    kept it quiet. ``kept`` are the sessions of the fires, none within 21 sessions after the last kept one, and
    ``followed`` what IWM minus SPY did after them, in points, against every session of the same span.
    ``holds_now`` says whether the condition is true on the last day, confirmation included.
    """

    first: date
    last: date
    observations: int
    fires: tuple[tuple[date, float], ...]
    held_back: int
    holds_now: bool
    kept: pd.DatetimeIndex
    followed: tuple[Following, ...]
    busy: Busy | None

    @property
    def years(self) -> float:
        """How many years of history there are."""
        return max((self.last - self.first).days, 1) / DAYS_A_YEAR

    @property
    def short(self) -> bool:
        """Whether there is less than a year of history: it says nothing about how often a rule fires."""
        return self.years < 1.0

    @property
    def per_year(self) -> float:
        """Fires a year; of less than a year of history at least one, so that little does not make a rule look rare."""
        return max(len(self.fires), 1) if self.short else len(self.fires) / self.years


def backtest(rule: Rule, series: "pd.Series[float]", forwards: "Mapping[int, pd.Series[float]]") -> Backtest:
    """Try a rule on a series by day (not empty); ``forwards`` holds forward returns by horizon and session."""
    done = replay(rule, series)
    index = pd.DatetimeIndex(series.index)
    span = (index[0], index[-1])
    places = list(done.fires)
    sessions = pd.DatetimeIndex(next(iter(forwards.values())).index) if forwards else index[:0]
    kept = declustered(on_sessions(index[places], sessions), sessions)
    return Backtest(
        first=index[0].date(),
        last=index[-1].date(),
        observations=len(series),
        fires=tuple((index[place].date(), float(series.iloc[place])) for place in places),
        held_back=len(done.held_back),
        holds_now=bool(done.holds[-1]) if rule.condition != "changes_state" else False,
        kept=kept,
        followed=tuple(measured(forward, kept, horizon, span) for horizon, forward in forwards.items()),
        busy=_busy(rule, series),
    )


def spreads_ahead(dataset: Dataset) -> "dict[int, pd.Series[float]]":
    """Return for each horizon what IWM minus SPY (total return, in points) did from each session on."""
    small, large = common(dataset.total_return(SMALL), dataset.total_return(LARGE))
    return {horizon: forward_return(small, horizon) - forward_return(large, horizon) for horizon in HORIZONS}


def on_sessions(days: pd.DatetimeIndex, sessions: pd.DatetimeIndex) -> pd.DatetimeIndex:
    """Return the first session at or after each day: when it could be acted on. Days outside ``sessions`` drop out."""
    inside = days[days >= sessions[0]] if len(sessions) else days[:0]
    places = sessions.searchsorted(inside)
    return sessions[sorted({int(place) for place in places if place < len(sessions)})]


def months_of(rule: Rule, series: "pd.Series[float]") -> Counter[tuple[int, int]]:
    """Count fires by calendar month, as if the rule had no budget."""
    free = rule.model_copy(update={"monthly_budget": None})
    return _by_month(replay(free, series), pd.DatetimeIndex(series.index))


def _by_month(done: Replay, index: pd.DatetimeIndex) -> Counter[tuple[int, int]]:
    return Counter((index[place].year, index[place].month) for place in done.fires)


def _busy(rule: Rule, series: "pd.Series[float]") -> Busy | None:
    budget = rule.monthly_budget or USUAL_BUDGET
    months = months_of(rule, series)
    over = [count for count in months.values() if count > budget]
    if not over:
        return None
    confirmed = ({"confirmation": n} for n in CONFIRMATIONS if n > rule.confirmation)
    cooled = ({"cooldown_days": n} for n in COOLDOWNS_DAYS if n > rule.cooldown_days)
    found = [_first_within(rule, series, budget, changes) for changes in (confirmed, cooled)]
    return Busy(budget, len(over), max(over), tuple(one for one in found if one is not None))


def _first_within(
    rule: Rule, series: "pd.Series[float]", budget: int, changes: Iterable[dict[str, int]]
) -> Suggestion | None:
    """Return the mildest of these changes with which no month goes over budget and something still fires."""
    for change in changes:
        gentler = rule.model_copy(update=change)
        months = months_of(gentler, series)
        if months and max(months.values()) <= budget:
            return Suggestion(gentler, sum(months.values()))
    return None
