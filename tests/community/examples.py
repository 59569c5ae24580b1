"""Settings, schedules and due rows to test with: small builders with readable defaults."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Any

from bot.alerts.rule import Rule
from bot.community.alert_records import Alert
from bot.community.deliveries import NewDelivery, Part
from bot.community.records import By, Cadence, Destination, Schedule

GUILD, OTHER_GUILD = 111_000_000_000_000_001, 222_000_000_000_000_002
ADMIN, MEMBER = 333_000_000_000_000_003, 444_000_000_000_000_004
CHANNEL, OTHER_CHANNEL = 555_000_000_000_000_005, 666_000_000_000_000_006
NOW = datetime(2026, 7, 17, 20, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
BY = By(ADMIN, NOW)
FRIDAYS = Cadence(kind="weekly", weekdays=(4,), at=time(16, 45))


def schedule(*, channels: Iterable[int] = (CHANNEL,), **changes: Any) -> Schedule:
    places = tuple(Destination(channel_id=channel) for channel in channels)
    plain: dict[str, Any] = {"guild_id": GUILD, "content": "weekly", "cadence": FRIDAYS, "author_user_id": ADMIN}
    return Schedule(**{**plain, "destinations": places, **changes})


def due(what: str = "schedule:a", channel: int = CHANNEL, period: str = "2026-07-17", **changes: Any) -> NewDelivery:
    plain: dict[str, Any] = {"guild_id": GUILD, "due_at": NOW, "ready_at": changes.get("due_at", NOW)}
    plain |= {"parts": (Part("weekly", {"fund": "IWM"}),)}
    return NewDelivery(what=what, channel_id=channel, period=period, **{**plain, **changes})


def alert(**changes: Any) -> Alert:
    rule = Rule(indicator="rotation.spread.6m", condition="above", threshold=0.05)
    plain: dict[str, Any] = {"guild_id": GUILD, "channel_id": CHANNEL, "rule": rule}
    return Alert(**{**plain, **changes})
