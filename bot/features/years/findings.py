"""What is found for a question about calendar years: numbers, no words."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from bot.analytics.years import Tally, side_by_side, tally
from bot.errors import NotEnoughHistory, StartAfterEnd
from bot.features.sides import Returns, Sides, both, later_of, sides
from bot.features.years.request import YearsRequest
from bot.market.calendar import session_on_or_before
from bot.market.dataset import Dataset

USUAL_YEARS = 10


@dataclass(frozen=True, slots=True)
class Year(Returns):
    """One calendar year of both sides. ``partial``: in progress, to the day the findings end on."""

    year: int
    partial: bool


@dataclass(frozen=True, slots=True)
class Findings:
    """The years asked for, oldest first; at most the last is in progress. ``full`` counts the others."""

    pair: Sides
    years: tuple[Year, ...]
    full: Tally
    end: date

    @property
    def current(self) -> Year | None:
        """The year in progress, if there is one."""
        return self.years[-1] if self.years and self.years[-1].partial else None

    @property
    def complete(self) -> tuple[Year, ...]:
        """The full years."""
        return tuple(year for year in self.years if not year.partial)


def find(request: YearsRequest, dataset: Dataset) -> Findings:
    """Compute everything. Raises StartAfterEnd, NotEnoughHistory, and what the two series raise."""
    pair = sides(request.small, request.large, dataset)
    small, large = both(pair, "total", dataset)
    end = pd.DatetimeIndex(small.index)[-1].date()
    partial = end < session_on_or_before(date(end.year, 12, 31))
    found = side_by_side(small, large)
    since = _since(request, dataset, end, partial=partial)
    first = int(found.index[0]) if len(found) else end.year + 1
    if (request.since is not None and since < first) or found.empty:
        wanted = None if request.since is None else date(since - 1, 12, 31)
        raise NotEnoughHistory(later_of(pair, "total", dataset), small.index[0].date(), wanted)
    shown = found.loc[max(since, first) :]
    full = shown.drop(index=end.year) if partial else shown
    years = tuple(
        Year(float(a), float(b), int(year), partial=partial and year == end.year)
        for year, a, b in zip(shown.index, shown["small"], shown["large"], strict=True)
    )
    return Findings(pair, years, tally(full), end)


def _since(request: YearsRequest, dataset: Dataset, end: date, *, partial: bool) -> int:
    """Return the first year asked for: by default such that ten full ones are shown."""
    if request.since is None:
        return end.year - USUAL_YEARS + (0 if partial else 1)
    if request.since > dataset.as_of.year:
        raise StartAfterEnd(date(request.since, 1, 1), dataset.as_of)
    return request.since
