"""What a post waits for: a close that is out but not yet in the data, short interest on the day of its publication."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from bot.community.deliveries import Delivery
from bot.jobs import reasons
from bot.jobs.due import Calendar, last_closed
from bot.market.catalogue import NEW_YORK, File
from bot.workers import Rendered

LATE_AFTER = timedelta(minutes=15)
WAIT_FOR_CLOSE = timedelta(hours=2)
WAIT_FOR_SHORTS = timedelta(hours=5, minutes=30)  # FINRA names no hour, and later than six nothing is posted
SHORT_INTEREST = "short_interest"  # the table
_OF_SHORTS = {"shortinterest", "squeeze"}


class Stored(Calendar, Protocol):
    """The exchange's days, and what is stored of them."""

    def latest(self, table: str, as_of: date, /) -> File | None:
        """Return the newest file of a table that was known on a day."""
        ...


def waits(delivery: Delivery, stored: Stored, today: date, now: datetime) -> bool:
    """Whether a post is put off for data; not for ever, and not where the data is older still: it would not help.

    What is asked of a certain day waits for nothing.
    """
    if _of_a_fixed_day(delivery):
        return False
    waited, expected = now - delivery.due_at, last_closed(stored, delivery.due_at)
    if today < expected == stored.next_session(today) and waited < WAIT_FOR_CLOSE:
        return True
    of_shorts = any(part.content in _OF_SHORTS for part in delivery.parts)
    published = delivery.due_at.astimezone(NEW_YORK).date()
    return of_shorts and waited < WAIT_FOR_SHORTS and shorts_missing(stored, published)


def shorts_missing(stored: Stored, published: date) -> bool:
    """Whether short interest came out on a day and what is stored is that of the settlement before."""
    settlement = next((s for s, out in stored.settlements.items() if out == published), None)
    if settlement is None:
        return False
    before = max((s for s in stored.settlements if s < settlement), default=None)
    newest = stored.latest(SHORT_INTEREST, published)
    return newest is not None and newest.day == before


def close_missing(delivery: Delivery, parts: Sequence[Rendered], calendar: Calendar) -> date | None:
    """Return the close that a post should have shown and does not: its data had not come in; None where it has."""
    if _of_a_fixed_day(delivery) or not parts:
        return None
    expected = last_closed(calendar, delivery.due_at)
    return expected if min(part.report.as_of for part in parts) < expected else None


def late(delivery: Delivery, now: datetime) -> datetime | None:
    """Return when a post should have been there, None where it is in time: waiting for data makes nothing late."""
    patience = LATE_AFTER + (WAIT_FOR_SHORTS if delivery.reason == reasons.WAITING else timedelta(0))
    return delivery.due_at if now - delivery.due_at > patience else None


def _of_a_fixed_day(delivery: Delivery) -> bool:
    return bool(delivery.parts) and all(part.request.get("as_of") for part in delivery.parts)
