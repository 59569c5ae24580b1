"""The one place that asks what time it is, so that tests and the demo can answer instead."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Anything that knows the current moment."""

    def now(self) -> datetime:
        """Return the current moment, aware and in UTC."""
        ...


class SystemClock:
    """The computer's clock."""

    def now(self) -> datetime:
        """Return the current moment, aware and in UTC."""
        return datetime.now(UTC)


class SettableClock:
    """A clock that stands where it is put, or follows another source of time."""

    def __init__(self, start: datetime, follow: Callable[[], datetime] | None = None) -> None:
        if start.tzinfo is None:
            raise ValueError("a clock needs an aware time")
        self._start = start.astimezone(UTC)
        self._follow = follow
        self._origin = follow() if follow else None

    def now(self) -> datetime:
        """Return where the clock stands, plus what the followed source has moved since."""
        if self._follow is None or self._origin is None:
            return self._start
        return self._start + (self._follow() - self._origin)

    def set(self, moment: datetime) -> None:
        """Put the clock to another moment (aware)."""
        if moment.tzinfo is None:
            raise ValueError("a clock needs an aware time")
        self._start = moment.astimezone(UTC)
        self._origin = self._follow() if self._follow else None
