"""The calendar ahead: Fed decisions, short interest, reconstitutions, holidays, early closes."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
from numpy.typing import NDArray

from bot import i18n
from bot.features.meetings import meetings_ahead
from bot.features.when.request import WhenRequest
from bot.i18n import gettext as _
from bot.indicator import Indicator
from bot.market import calendar, reconstitution
from bot.market.dataset import Dataset
from bot.report import Chart, Column, Report, Stat, Table, distinct

DAYS_AHEAD = 365
_DECISION = time(14, 0)
_CLOSE = time(16, 0)
_PUBLISHERS = "Fed, FINRA, FTSE Russell, NYSE"  # short enough for the foot of the picture
ABOUT = {
    "fed": ("fomc",), "shorts": ("publication", "settlement"), "reconstitution": ("reconstitution",),
    "holidays": ("holiday", "early_close"), "early": ("early_close",),
}  # fmt: skip
KINDS = ("fomc", "settlement", "publication", "reconstitution", "holiday", "early_close")


@dataclass(frozen=True, slots=True)
class Entry:
    """One day of the calendar: its kind, what it is in words, and the moment (aware, UTC) where it has one."""

    day: date
    kind: str
    words: str
    moment: datetime | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """What the chart draws: a row for each kind with its name, days from ``start``, and the next one in words."""

    title: str
    subtitle: str
    as_of: date
    source: str
    names: tuple[str, ...]
    days: tuple[NDArray[np.int64], ...]
    next_words: tuple[str, ...]
    length: int


def build(request: WhenRequest, dataset: Dataset) -> Report:
    """Return what lies ahead of the dataset's day."""
    entries = upcoming(dataset)
    following = {kind: next((e for e in entries if e.kind == kind), None) for kind in KINDS}
    asked = ABOUT.get(request.event, ())
    in_order = sorted(KINDS, key=lambda kind: kind not in asked)
    stats = tuple(_stat(kind, following[kind], dataset) for kind in in_order)
    notes = [_("Settlement, publication and reconstitution dates follow the published rules; sources may shift one.")]
    if any(entry.moment is None for entry in entries):
        notes.append(_("Settlement dates and closed days have no moment of their own."))
    if following["fomc"] is None:
        notes.append(_("Which Fed meeting comes after {day} is not stored.").format(day=i18n.day(dataset.as_of)))
    return Report(
        feature="when",
        request=request.plain(),
        title=_("What comes next"),
        headline=_headline_of(entries, asked) if asked else _headline(entries, following["fomc"]),
        as_of=dataset.as_of,
        stats=stats,
        tables=(_table(entries),),
        charts=(_chart(entries, following, dataset),),
        notes=tuple(notes),
        sources=distinct(stat.source for stat in stats),
        version=dataset.version,
    )


def indicators() -> tuple[Indicator, ...]:
    """Return none: a calendar has no series to watch."""
    return ()


def upcoming(dataset: Dataset) -> tuple[Entry, ...]:
    """Return everything ahead of the dataset's day within a year, in order of days."""
    today = dataset.as_of
    end = today + timedelta(days=DAYS_AHEAD)
    found = [*_decisions(dataset, end), *_short_interest(today, end), *_closures(today, end)]
    words = _("Russell indices are reconstituted after the close")
    days = reconstitution.dates(today + timedelta(days=1), end)
    found += [Entry(day, "reconstitution", words, _at(day, _CLOSE)) for day in days]
    return tuple(sorted(found, key=lambda entry: (entry.day, KINDS.index(entry.kind))))


def _at(day: date, local: time) -> datetime:
    return datetime.combine(day, local, calendar.NEW_YORK).astimezone(UTC)


def _decisions(dataset: Dataset, end: date) -> list[Entry]:
    words = _("The Fed decides on rates")
    return [Entry(day, "fomc", words, _at(day, _DECISION)) for day in meetings_ahead(dataset) if day <= end]


def _short_interest(today: date, end: date) -> list[Entry]:
    entries = []
    for settlement in calendar.settlement_dates(today - timedelta(days=40), end):
        published = calendar.publication_date(settlement)
        words = _("Short interest of {day} is published").format(day=i18n.day(settlement))
        if settlement > today:
            entries.append(Entry(settlement, "settlement", _("Short positions are counted (settlement date)")))
        if today < published <= end:
            entries.append(Entry(published, "publication", words))
    return entries


def _closures(today: date, end: date) -> list[Entry]:
    sessions = calendar.sessions(today + timedelta(days=1), end)
    open_days = {session.day for session in sessions}
    weekdays = (today + timedelta(days=n) for n in range(1, DAYS_AHEAD + 1))
    closed = [day for day in weekdays if day.weekday() < 5 and day not in open_days]
    holidays = [Entry(day, "holiday", name) for day in closed if (name := holiday_name(day)) is not None]
    return holidays + [
        Entry(s.day, "early_close", _("The exchange closes early, at 13:00 in New York"), s.close)
        for s in sessions
        if s.early and is_regular_early_close(s.day)
    ]


def holiday_name(day: date) -> str | None:
    """Name the regular holiday on which the exchange is closed; None for closures that nobody could plan for."""
    monday = day.weekday() == 0
    rules = {
        1: ((day.day == 1 or (day.day == 2 and monday), _("New Year's Day")),
            (monday and 15 <= day.day <= 21, _("Martin Luther King Day"))),
        2: ((monday and 15 <= day.day <= 21, _("Presidents' Day")),),
        3: ((day.weekday() == 4, _("Good Friday")),),
        4: ((day.weekday() == 4, _("Good Friday")),),
        5: ((monday and day.day >= 25, _("Memorial Day")),),
        6: ((18 <= day.day <= 20, _("Juneteenth")),),
        7: ((3 <= day.day <= 5, _("Independence Day")),),
        9: ((monday and day.day <= 7, _("Labor Day")),),
        11: ((day.weekday() == 3 and 22 <= day.day <= 28, _("Thanksgiving")),),
        12: ((24 <= day.day <= 26, _("Christmas")),),
    }  # fmt: skip
    return next((name for applies, name in rules.get(day.month, ()) if applies), None)


def is_regular_early_close(day: date) -> bool:
    """Return whether an early close follows the rules: around Independence Day, Thanksgiving and Christmas."""
    return day.month in {7, 11} or (day.month, day.day) == (12, 24)


def _labels() -> dict[str, str]:
    return {
        "fomc": _("Fed decision"),
        "settlement": _("Short positions counted"),
        "publication": _("Short interest published"),
        "reconstitution": _("Russell reconstitution"),
        "holiday": _("Exchange closed"),
        "early_close": _("Early close"),
    }


def _sources(dataset: Dataset) -> dict[str, str]:
    return {
        "fomc": dataset.source("fomc"),
        "settlement": dataset.source("short_interest"),
        "publication": dataset.source("short_interest"),
        "reconstitution": "FTSE Russell",
        "holiday": "NYSE",
        "early_close": "NYSE",
    }


def _stat(kind: str, entry: Entry | None, dataset: Dataset) -> Stat:
    return Stat(
        id=f"next.{kind}",
        label=_labels()[kind],
        value=entry.day if entry else None,
        unit="date",
        as_of=dataset.as_of,
        source=_sources(dataset)[kind],
        figure=True,
        shown=_dated(entry.day) if entry else None,
        metric="calendar.upcoming",
        working=entry.words if entry else None,
    )


def _dated(day: date) -> str:
    return _("{weekday}, {day}").format(weekday=i18n.weekday(day), day=i18n.day(day))


def _headline(entries: tuple[Entry, ...], fomc: Entry | None) -> str:
    if not entries:
        return _("Nothing is on the calendar for the year ahead.")
    nearest = [entry for entry in entries if entry.day == entries[0].day]
    names = _labels()
    first = _("Next: {events} on {day}").format(
        events=i18n.all_of([names[entry.kind] for entry in nearest]), day=_dated(entries[0].day)
    )
    if fomc is None or fomc in nearest:
        return _("{first}.").format(first=first)
    return _("{first}; the Fed decides on {day}.").format(first=first, day=i18n.day(fomc.day))


def _headline_of(entries: tuple[Entry, ...], kinds: tuple[str, ...]) -> str:
    """Say the next two of these kinds; of several on one day the kinds asked for first."""
    names = _labels()
    ahead = [_("{events} on {day}").format(events=names[e.kind], day=_dated(e.day)) for e in entries if e.kind in kinds]
    if not ahead:
        return _("Nothing of that is known for the year ahead.")
    return _("Next: {events}.").format(events=_("; then ").join(ahead[:2]))


def _table(entries: tuple[Entry, ...]) -> Table:
    columns = (
        Column("date", _("Day"), "date"),
        Column("event", _("Kind")),
        Column("detail", _("What")),
        Column("moment", _("Moment (UTC)")),
    )
    rows = tuple((e.day, e.kind, e.words, e.moment.isoformat() if e.moment else None) for e in entries)
    return Table("calendar", _("The year ahead"), columns, rows)


def _chart(entries: tuple[Entry, ...], following: dict[str, Entry | None], dataset: Dataset) -> Chart:
    names, shown = _labels(), [kind for kind in KINDS if following[kind] is not None]
    nearest = {kind: entry.day for kind, entry in following.items() if entry is not None}
    alt = _("Calendar of the year after {day}. Next: {events}.").format(
        day=i18n.day(dataset.as_of),
        events=i18n.all_of(
            [_("{event} {day}").format(event=names[kind], day=i18n.day(nearest[kind])) for kind in shown]
        ),
    )
    data = Timeline(
        title=_("What comes next"),
        subtitle=_("The year after {day}; the next of each kind in words").format(day=i18n.day(dataset.as_of)),
        as_of=dataset.as_of,
        source=_PUBLISHERS,
        names=tuple(names[kind] for kind in shown),
        days=tuple(
            np.array([(e.day - dataset.as_of).days for e in entries if e.kind == kind], dtype=np.int64)
            for kind in shown
        ),
        next_words=tuple(i18n.short_day(nearest[kind]) for kind in shown),
        length=DAYS_AHEAD,
    )
    return Chart("timeline", alt, data)
