"""Fetching market data by the clock: in a process of its own, so that nothing here ever waits for a vendor."""

import asyncio
import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from pathlib import Path
from typing import Protocol

from bot.clock import Clock
from bot.jobs.awaited import Stored, shorts_missing
from bot.jobs.due import last_closed

log = logging.getLogger(__name__)

LANDING = timedelta(minutes=15)  # after the closing bell: before that a vendor's bar may still change
AGAIN = timedelta(minutes=15)  # while a session that has closed is missing: doubled each time
SELDOM = timedelta(hours=2)  # but no longer than this
USUALLY = timedelta(hours=6)  # otherwise: short interest and macro series appear at their own hours
LONGEST = 3600.0  # seconds; whatever takes longer hangs


class Dated(Stored, Protocol):
    """The exchange's days, and the last of them that is stored."""

    @property
    def last_session(self) -> date:
        """The last session with data."""
        ...


def ingest_command(config: Path | None) -> tuple[str, ...]:
    """Return the command that fetches what is new with the same settings as this process."""
    return (sys.executable, "-m", "bot", *(["--config", str(config)] if config else []), "ingest")


async def fetch(command: Sequence[str], seconds: float = LONGEST) -> int:
    """Run a command to its end; returns its exit code. What hangs is ended (TimeoutError), as on cancellation."""
    process = await asyncio.create_subprocess_exec(*command)
    try:
        async with asyncio.timeout(seconds):
            return await process.wait()
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def moments(stored: Dated, now: datetime) -> Iterator[datetime]:
    """Yield when to fetch, from the landing of the session that closed last until that of the next one.

    At growing intervals while that session's bar is missing, or the short interest that came out on that day, else now
    and then: by the clock alone, so that neither a restart nor another process changes it.
    """
    session = last_closed(stored, now - LANDING)
    following = stored.next_session(session)
    until = stored.close(following) + LANDING if following else datetime.max.replace(tzinfo=UTC)
    missing = session > stored.last_session or shorts_missing(stored, session)
    at, wait = stored.close(session) + LANDING, AGAIN if missing else USUALLY
    while at < until:
        yield at
        at += wait
        wait = min(2 * wait, SELDOM) if missing else USUALLY
    yield until


def next_fetch(stored: Dated, now: datetime) -> datetime:
    """Return the next moment at which data is fetched."""
    return next(at for at in moments(stored, now) if at > now)


class Ingesting:
    """Decides when to fetch, and does. ``stored`` returns what the newest dataset holds."""

    def __init__(self, command: Sequence[str], clock: Clock, stored: Callable[[], Dated]) -> None:
        self._command = tuple(command)
        self._clock = clock
        self._stored = stored
        self._last: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        """Whether a moment to fetch has passed since the last time; at the start, whether a session is missing."""
        stored = self._stored()
        if self._last is None:
            return last_closed(stored, now - LANDING) > stored.last_session
        return max(takewhile(lambda at: at <= now, moments(stored, now)), default=self._last) > self._last

    async def run(self) -> bool:
        """Fetch if it is time; returns whether it was."""
        now = self._clock.now()
        due = self.is_due(now)
        if due or self._last is None:
            self._last = now
        if not due:
            return False
        try:
            code = await fetch(self._command)
        except TimeoutError:
            log.warning("the ingest was ended after %d seconds; the next one goes on from there", LONGEST)
        else:
            log.log(logging.INFO if code == 0 else logging.WARNING, "the ingest ended with code %d", code)
        return True
