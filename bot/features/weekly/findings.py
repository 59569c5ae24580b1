"""The numbers of a week: returns of both sides, the year so far, short interest when it is new, what comes next."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.analytics.returns import total_return
from bot.errors import MissingData, NotEnoughHistory, UserError
from bot.features import indices
from bot.features.rotation.findings import find as find_rotation
from bot.features.rotation.picture import Picture as RotationPicture
from bot.features.rotation.picture import picture as rotation_picture
from bot.features.rotation.request import RotationRequest
from bot.features.shortinterest.findings import dates as short_dates
from bot.features.shortinterest.findings import find as find_shorts
from bot.features.sides import Returns, Sides, both, sides
from bot.features.thesis.changes import Change, changes
from bot.features.thesis.readings import LARGE, SMALL, Reading, measure
from bot.features.when.report import Entry, upcoming
from bot.i18n import gettext as _
from bot.market import calendar
from bot.market.dataset import Dataset

AHEAD = timedelta(days=8)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Span(Returns):
    """Total returns of both sides over so many sessions from one to another."""

    start: date
    end: date
    sessions: int

    @property
    def whole_year(self) -> bool:
        """Whether it begins with the last close of an earlier year."""
        return self.start.year < self.end.year


@dataclass(frozen=True, slots=True)
class NewShorts:
    """Short interest published since the last summary: share of market cap, and its change on matched members.

    ``change`` is None where the settlement date before is not stored.
    """

    weighted: float
    change: float | None
    settlement: date


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything a summary is made of.

    ``whole_week``: the last session of its week, so that the week is the calendar's, holidays or not; otherwise it
    is the seven days to then. ``year_ends``: the last session of its year.
    """

    week: Span
    whole_week: bool
    year: Span
    year_ends: bool
    readings: tuple[Reading, ...]
    changed: tuple[Change, ...]
    since: date
    shorts: NewShorts | None
    ahead: tuple[Entry, ...]
    rotation: RotationPicture


def find(since: date | None, dataset: Dataset) -> Findings:
    """Compute everything. MissingData, with the first day that has a summary, before both sides have a week."""
    pair = sides(SMALL, LARGE, dataset)
    day, (began, whole_week) = dataset.as_of, week_of(dataset.as_of)
    first = _first_session(pair, dataset)
    if first > began:
        what = _("A week of {small} and {large}").format(small=pair.small, large=pair.large)
        raise MissingData(what, day, _first_summary(first))
    earlier = dataset.at(min(since or began, day))
    readings = measure(dataset)
    return Findings(
        week=_span(pair, began, dataset),
        whole_week=whole_week,
        year=_span(pair, date(day.year - 1, 12, 31), dataset),
        year_ends=calendar.sessions_after(day, 1).year != day.year,
        readings=readings,
        changed=changes(measure(earlier), readings),
        since=earlier.as_of,
        shorts=_new_shorts(earlier.as_of, dataset),
        ahead=tuple(entry for entry in upcoming(dataset) if entry.day <= dataset.as_of + AHEAD),
        rotation=_rotation(dataset),
    )


def _first_session(pair: Sides, dataset: Dataset) -> date:
    """Return the first session of both sides, also where it is still ahead."""
    try:
        small, _large = both(pair, "total", dataset)
    except NotEnoughHistory as young:
        return young.first
    first: date = small.index[0].date()
    return first


def _first_summary(first: date) -> date:
    """Return the first session that has a close from which its week is measured."""
    day = first
    while week_of(day)[0] < first:
        day = calendar.sessions_after(day, 1)
    return day


def _rotation(dataset: Dataset) -> RotationPicture:
    """Return what is drawn of the rotation: its usual window, or all history where there is less than that."""
    try:
        found = find_rotation(RotationRequest(), dataset)
    except NotEnoughHistory:
        found = find_rotation(RotationRequest(window="max"), dataset)
    return rotation_picture(found, "total", dataset.as_of, dataset.source(SMALL))


def week_of(day: date) -> tuple[date, bool]:
    """Return the day from which a session's week is measured, and whether it is the last of a calendar week.

    A whole week counts from the Sunday before it, that is from the last close of the week before; elsewhere it is
    the seven days.
    """
    monday = day - timedelta(days=day.weekday())
    if calendar.sessions_after(day, 1) < monday + WEEK:
        return day - WEEK, False
    return monday - timedelta(days=1), True


def _span(pair: Sides, began: date, dataset: Dataset) -> Span:
    """Return both sides' returns since the last close at or before a day."""
    small, large = both(pair, "total", dataset)
    at = max(0, int(small.index.searchsorted(began.isoformat(), side="right")) - 1)
    small, large = small.iloc[at:], large.iloc[at:]
    first, last = small.index[0].date(), small.index[-1].date()
    return Span(total_return(small), total_return(large), first, last, len(small) - 1)


def _new_shorts(since: date, dataset: Dataset) -> NewShorts | None:
    try:
        known = short_dates(dataset)
        if known.published <= since:
            return None
        found = find_shorts(SMALL, dataset)
    except UserError:  # no short interest is stored for that day: nothing new either
        return None
    change = indices.known(found.asked.change.difference)
    return NewShorts(found.asked.short.of_cap, change, known.settlement)
