"""When the Russell indices are drawn up anew, and whether two member lists are of one epoch."""

from datetime import date, timedelta

_SECOND_SINCE = 2026  # from then on also in November


def dates(start: date, end: date) -> tuple[date, ...]:
    """Return the reconstitution days in a span, both ends included.

    The fourth Friday of June; from 2026 also the second Friday of November. The new members count after the close.
    """
    days = []
    for year in range(start.year, end.year + 1):
        days.append(_friday(year, 6, 4))
        if year >= _SECOND_SINCE:
            days.append(_friday(year, 11, 2))
    return tuple(day for day in days if start <= day <= end)


def between(first: date, second: date) -> date | None:
    """Return the last reconstitution that took effect after the earlier of two days and by the later, if any."""
    early, late = sorted((first, second))
    passed = [day for day in dates(early, late) if day < late]
    return passed[-1] if passed else None


def _friday(year: int, month: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(4 - first.weekday()) % 7 + 7 * (nth - 1))
