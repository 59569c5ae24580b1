"""Fetching market data by the clock: in a process of its own, so that nothing here ever waits for a vendor."""

import asyncio
import logging
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Protocol

from bot.clock import Clock
from bot.jobs.due import Calendar, last_closed

log = logging.getLogger(__name__)

LANDING = timedelta(minutes=15)  # after the closing bell: before that a vendor's bar may still change
AGAIN = timedelta(minutes=15)  # while a session that has closed is missing
USUALLY = timedelta(hours=6)  # otherwise: short interest and macro series appear at their own hours
LONGEST = 3600.0  # seconds; whatever takes longer hangs


class Stored(Calendar, Protocol):
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


class Ingesting:
    """Decides when to fetch, and does. ``stored`` returns what the newest dataset holds."""

    def __init__(self, command: Sequence[str], clock: Clock, stored: Callable[[], Stored]) -> None:
        self._command = tuple(command)
        self._clock = clock
        self._stored = stored
        self._last = clock.now()

    def is_due(self, now: datetime) -> bool:
        """Whether it is time: soon after a close, again while that day is missing, else now and then."""
        stored = self._stored()
        missing = last_closed(stored, now - LANDING) > stored.last_session
        return now - self._last >= (AGAIN if missing else USUALLY)

    async def run(self) -> bool:
        """Fetch if it is time; returns whether it was."""
        now = self._clock.now()
        if not self.is_due(now):
            return False
        self._last = now
        code = await fetch(self._command)
        log.log(logging.INFO if code == 0 else logging.WARNING, "the ingest ended with code %d", code)
        return True
