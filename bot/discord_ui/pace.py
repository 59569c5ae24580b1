"""How fast questions may come: per person, per channel, and for hints; which were just answered, which in vain."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from discord.ext import commands

PER_PERSON = (8, 15.0)  # questions and presses, seconds: who explores a card presses a few in a row
PER_CHANNEL = (12, 30.0)
HINTS_PER_CHANNEL = (1, 60.0)
STILL_IN_SIGHT = timedelta(minutes=1)
CORRECTABLE = 500  # text commands that came to nothing: whoever corrects theirs does so soon


def _limit(rate: tuple[int, float]) -> commands.CooldownMapping[int]:
    return commands.CooldownMapping.from_cooldown(*rate, _itself)


def _itself(key: int) -> int:
    return key


@dataclass(slots=True)
class Pace:
    """Buckets by person and by channel."""

    _people: commands.CooldownMapping[int] = field(default_factory=lambda: _limit(PER_PERSON))
    _channels: commands.CooldownMapping[int] = field(default_factory=lambda: _limit(PER_CHANNEL))
    _hints: commands.CooldownMapping[int] = field(default_factory=lambda: _limit(HINTS_PER_CHANNEL))

    def take(self, person: int, channel: int | None, now: datetime) -> None:
        """Count one question. Raises CommandOnCooldown with the seconds to wait."""
        _take(self._people, person, now, commands.BucketType.user)
        if channel is not None:
            _take(self._channels, channel, now, commands.BucketType.channel)

    def hint_allowed(self, channel: int, now: datetime) -> bool:
        """Return whether a hint may be given in a channel, and count it."""
        return self._hints.update_rate_limit(channel, now.timestamp()) is None


def _take(limits: commands.CooldownMapping[int], key: int, now: datetime, kind: commands.BucketType) -> None:
    wait = limits.update_rate_limit(key, now.timestamp())
    bucket = limits.get_bucket(key, now.timestamp())
    if wait is not None and bucket is not None:
        raise commands.CommandOnCooldown(bucket, wait, kind)


@dataclass(slots=True)
class Recent:
    """Which question was answered where a moment ago, so that the same wall is not built twice."""

    _answers: dict[tuple[int, str], tuple[datetime, Any]] = field(default_factory=dict)

    def find(self, channel: int, question: str, now: datetime) -> Any | None:
        """Return the message that answered this question in this channel within the last minute, if any."""
        moment, message = self._answers.get((channel, question), (None, None))
        return message if moment is not None and now - moment < STILL_IN_SIGHT else None

    def note(self, channel: int, question: str, message: Any, now: datetime) -> None:
        """Remember an answer, and forget the old ones."""
        self._answers = {k: (t, m) for k, (t, m) in self._answers.items() if now - t < STILL_IN_SIGHT}
        self._answers[channel, question] = (now, message)

    def forget(self, message_id: int) -> None:
        """Forget an answer that was deleted or turned into another."""
        self._answers = {k: (t, m) for k, (t, m) in self._answers.items() if m.id != message_id}


@dataclass(slots=True)
class Mistakes:
    """Text commands that came to nothing, the newest ones: they are read again once they are corrected."""

    written: dict[int, str] = field(default_factory=dict)

    def note(self, message_id: int, text: str) -> None:
        """Remember what was written, and forget the oldest of too many."""
        self.written[message_id] = text
        if len(self.written) > CORRECTABLE:
            del self.written[next(iter(self.written))]

    def corrected(self, message_id: int, text: str) -> bool:
        """Return whether an edit corrects a mistake, which is then none any more. Discord also tells of other edits."""
        changed = self.written.get(message_id, text) != text
        if changed:
            del self.written[message_id]
        return changed
