"""What every part of a run is given, and what it gives back."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal

import pandas as pd

from bot import i18n
from bot.errors import UserError
from bot.i18n import gettext as _
from bot.market import calendar
from bot.market.ingest.settings import IngestSettings
from bot.market.sources.faults import CircuitOpen, SourceError
from bot.market.sources.pace import Timing
from bot.market.store import Store, Written
from bot.market.validation import Refusal

SETTLING = timedelta(minutes=15)  # after the close the vendor still corrects the last bar
Progress = Callable[[str, int, int], None]
Status = Literal["done", "partial", "failed", "waiting", "off"]


@dataclass(slots=True)
class Outcome:
    """What a part brought: rows, errors and refusals by what they concern, what is to come, what else to tell."""

    written: Written = field(default_factory=Written)
    errors: dict[str, SourceError] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    late: list[str] = field(default_factory=list)
    asked: int = 0
    news: list[str] = field(default_factory=list)

    def failed(self, what: str, error: SourceError) -> None:
        """Note an error; what follows from an earlier one (the breaker being open) never hides that."""
        self.errors.setdefault(what, error)

    @property
    def telling(self) -> SourceError | None:
        """The error to tell: the first that is not merely a consequence."""
        causes = [error for error in self.errors.values() if not isinstance(error, CircuitOpen)]
        return next(iter(causes or self.errors.values()), None)

    @property
    def status(self) -> Status:
        """How the part ended."""
        if self.errors or self.refused:
            return "failed" if len(self.errors) + len(self.refused) >= self.asked else "partial"
        return "waiting" if self.late else "done"


@dataclass(frozen=True, slots=True)
class Job:
    """One part of a run: settings, store, time, and the row in the diary it belongs to."""

    part: str
    run: int
    settings: IngestSettings
    store: Store
    timing: Timing
    full: bool
    tell: Progress

    @property
    def now(self) -> datetime:
        """The present moment."""
        return self.timing.clock.now()

    @property
    def today(self) -> date:
        """The day in New York."""
        return self.now.astimezone(calendar.NEW_YORK).date()

    @property
    def final(self) -> date:
        """The last session whose bar is final."""
        return final_session(self.now)

    def set_aside(
        self, outcome: Outcome, refusals: Iterable[Refusal], what: str = "", decided: date | None = None
    ) -> None:
        """Keep refused rows with their reason; an answer without any rows leaves its reason alone.

        Rows up to the day ``decided`` were refused on an earlier run already, and are not noted again.
        """
        for refusal in refusals:
            rows = [{**row, **({"symbol": what} if what else {})} for row in refusal.rows or ({},)]
            fresh = [row for row in rows if decided is None or "day" not in row or row["day"].date() > decided]
            outcome.written += Written(refused=self.store.refuse(refusal.table, fresh, refusal.reason, self.run))


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a frame's rows as plain dictionaries."""
    found: list[dict[Any, Any]] = frame.to_dict("records")
    return found


class ClockBehind(UserError):
    """This machine's clock shows a moment before the last session that is known of."""

    def __init__(self, now: datetime, known: date) -> None:
        self.now = now
        self.known = known

    def text(self) -> str:
        """Say what the clock shows, why that cannot be, and what to do."""
        said = _("This machine's clock shows {now}, but there is data of {day} already: set it, for instance with NTP.")
        return said.format(now=i18n.moment(self.now), day=i18n.day(self.known))


def final_session(now: datetime) -> date:
    """Return the last session that closed at least a quarter of an hour ago. ClockBehind before the first one known."""
    today = now.astimezone(calendar.NEW_YORK).date()
    recent = calendar.sessions(today - timedelta(days=15), today)
    closed = [session.day for session in recent if session.close + SETTLING <= now]
    if not closed:
        raise ClockBehind(now, calendar.FIRST)
    return closed[-1]


def is_open(now: datetime) -> bool:
    """Tell whether prices of today's session are still moving: from its opening until its bar is final."""
    local = now.astimezone(calendar.NEW_YORK)
    today = calendar.sessions(local.date(), local.date())
    opening = local.replace(hour=9, minute=30, second=0, microsecond=0)
    return bool(today) and opening <= local and now < today[0].close + SETTLING


@contextmanager
def noted(outcome: Outcome, what: str) -> Iterator[None]:
    """Note a vendor's error instead of raising it."""
    try:
        yield
    except SourceError as error:
        outcome.failed(what, error)
