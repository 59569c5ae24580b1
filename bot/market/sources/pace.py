"""Good manners towards a vendor: spacing of requests, and leaving it alone after failures. Safe across threads."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from bot.clock import Clock, SystemClock
from bot.market.sources.faults import CircuitOpen, SourceError

LONGEST_PAUSE = 900.0
JITTER = 0.3

BreakerState = Literal["closed", "open", "half-open"]


@dataclass(frozen=True, slots=True)
class Timing:
    """Where time comes from: the day's clock, a steady count of seconds, waiting, and chance (0 to 1)."""

    clock: Clock = field(default_factory=SystemClock)
    seconds: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random


class Pacer:
    """Spaces requests at least ``1 / per_second`` seconds apart, a little more by chance. None: no spacing."""

    def __init__(self, per_second: float | None, timing: Timing) -> None:
        self._gap = 0.0 if per_second is None else 1.0 / per_second
        self._timing = timing
        self._next = float("-inf")
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Take the next free slot and sleep until it comes."""
        with self._lock:
            now = self._timing.seconds()
            slot = max(now, self._next)
            self._next = slot + self._gap * (1.0 + JITTER * self._timing.chance())
        if slot > now:
            self._timing.sleep(slot - now)

    def hold(self, seconds: float) -> None:
        """Let nobody ask for so many seconds: what a vendor demands, it demands of every thread."""
        with self._lock:
            self._next = max(self._next, self._timing.seconds() + seconds)


class Breaker:
    """Opens after failures in a row; after its pause lets one request through to see whether the vendor is back."""

    def __init__(self, source: str, failures: int, pause: float, timing: Timing, patience: float = 120.0) -> None:
        self._source = source
        self._limit = failures
        self._first_pause = pause
        self._patience = patience
        self._timing = timing
        self._lock = threading.Lock()
        self._failed = 0
        self._pause = pause
        self._until: float | None = None
        self._probing = False

    @property
    def state(self) -> BreakerState:
        """Closed (all is well), open (left alone) or half-open (its pause is over, nobody has tried yet)."""
        with self._lock:
            if self._until is None:
                return "closed"
            return "open" if self._timing.seconds() < self._until else "half-open"

    @property
    def left(self) -> float:
        """Seconds for which the vendor is still left alone; 0 when it is not."""
        with self._lock:
            return 0.0 if self._until is None else max(0.0, self._until - self._timing.seconds())

    def rest(self, seconds: float) -> None:
        """Leave the vendor alone for so long: what an earlier process decided still holds."""
        with self._lock:
            self._until = self._timing.seconds() + seconds

    def check(self) -> None:
        """Raise ``CircuitOpen`` while the vendor is left alone; else count this caller as the one who tries."""
        with self._lock:
            if self._until is None:
                return
            left = self._until - self._timing.seconds()
            if left > 0 or self._probing:
                raise CircuitOpen(self._source, "circuit open", max(left, 1.0))
            self._probing = True

    def succeeded(self) -> None:
        """Close: the vendor answered sensibly."""
        with self._lock:
            self._failed, self._pause, self._until, self._probing = 0, self._first_pause, None, False

    def failed(self, error: SourceError) -> None:
        """Count a failure; open after too many, when the probe failed, or when the vendor wants a longer rest.

        Requests that were under way when it opened tell nothing new: they never make its pause longer.
        """
        with self._lock:
            self._failed += 1
            rest = error.retry_after or 0.0
            if self._until is not None and not self._probing:
                self._until = max(self._until, self._timing.seconds() + rest) if rest else self._until
                return
            if self._failed < self._limit and not self._probing and rest <= self._patience:
                return
            wait = max(self._pause, rest)
            self._until = self._timing.seconds() + wait
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
            self._failed, self._probing = self._limit, False

    def released(self) -> None:
        """Give back the right to probe: the caller went away without an answer of either kind."""
        with self._lock:
            self._probing = False
