"""How fast questions may come, and which were just answered."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from discord.ext import commands
from hypothesis import given
from hypothesis import strategies as st

from bot.discord_ui.pace import HINTS_PER_CHANNEL, PER_CHANNEL, PER_PERSON, STILL_IN_SIGHT, Pace, Recent

NOON = datetime(2026, 7, 17, 12, tzinfo=UTC)


@dataclass
class Posted:
    id: int


def test_a_person_may_ask_a_few_times_and_then_waits() -> None:
    pace, (count, seconds) = Pace(), PER_PERSON
    for _n in range(count):
        pace.take(1, 10, NOON)
    with pytest.raises(commands.CommandOnCooldown) as caught:
        pace.take(1, 10, NOON + timedelta(seconds=seconds - 1))
    assert caught.value.retry_after == pytest.approx(1)
    pace.take(2, 10, NOON)
    pace.take(1, 10, NOON + timedelta(seconds=seconds + 1))


def test_a_channel_has_a_limit_of_its_own() -> None:
    pace, (count, _seconds) = Pace(), PER_CHANNEL
    for person in range(count):
        pace.take(person, 10, NOON)
    with pytest.raises(commands.CommandOnCooldown) as caught:
        pace.take(99, 10, NOON)
    assert caught.value.type is commands.BucketType.channel
    pace.take(99, 11, NOON)
    pace.take(98, None, NOON)


def test_hints_are_rare() -> None:
    pace, (_count, seconds) = Pace(), HINTS_PER_CHANNEL
    assert pace.hint_allowed(10, NOON)
    assert not pace.hint_allowed(10, NOON + timedelta(seconds=seconds - 1))
    assert pace.hint_allowed(11, NOON)
    assert pace.hint_allowed(10, NOON + timedelta(seconds=seconds + 1))


@given(st.lists(st.floats(0, 60), min_size=20, max_size=60))
def test_nobody_ever_asks_more_often_than_allowed(moments: list[float]) -> None:
    pace, (count, seconds) = Pace(), PER_PERSON
    taken = []
    for moment in sorted(moments):
        try:
            pace.take(1, None, NOON + timedelta(seconds=moment))
        except commands.CommandOnCooldown:
            continue
        taken.append(moment)
    assert all(later - earlier >= seconds * 0.99 for earlier, later in zip(taken, taken[2 * count :], strict=False))


def test_an_answer_is_found_for_a_minute_where_it_was_given() -> None:
    recent, posted = Recent(), Posted(5)
    recent.note(10, "q", posted, NOON)
    assert recent.find(10, "q", NOON + STILL_IN_SIGHT - timedelta(seconds=1)) is posted
    assert recent.find(10, "q", NOON + STILL_IN_SIGHT) is None
    assert recent.find(11, "q", NOON) is None
    assert recent.find(10, "other", NOON) is None


def test_old_and_deleted_answers_are_forgotten() -> None:
    recent = Recent()
    recent.note(10, "old", Posted(1), NOON - STILL_IN_SIGHT)
    recent.note(10, "new", Posted(2), NOON)
    assert len(recent._answers) == 1
    recent.forget(2)
    assert recent.find(10, "new", NOON) is None
