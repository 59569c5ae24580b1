"""Schedules in words: when, where, what became of it; in English and in Spanish."""

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from bot import i18n
from bot.community.deliveries import Delivery, Part
from bot.community.records import Cadence, Destination, Schedule
from bot.discord_ui.schedule_words import (
    cadence_words,
    content_words,
    days_words,
    history_words,
    listed,
    local_now,
    place_words,
    runs_words,
    schedule_label,
)
from bot.jobs import reasons
from bot.jobs.due import Due

NOW = datetime(2026, 7, 17, 20, 45, tzinfo=UTC)
STAMP = int(NOW.timestamp())
FRIDAYS = Cadence(kind="weekly", weekdays=(4,), at=time(16, 45))
WEEKLY = Schedule(guild_id=1, content="weekly", cadence=FRIDAYS, destinations=(Destination(channel_id=5),))
POSTED = Delivery(
    id="00ff", what="schedule:a", guild_id=1, channel_id=5, period="2026-07-17", due_at=NOW, ready_at=NOW,
    parts=(Part("weekly"),), target=None, language="en", theme="dark", state="sent", reason=None, note=None,
    attempt=1, clean=0, holder=None, lease_until=None, opened_at=NOW, posted_channel_id=5, message_id=77, sent_at=NOW,
    late=False, mentioned=False, unfinished=False, asked=(), shown={}, as_of=None, version=None, corrected_at=None,
    digest_id=None,
)  # type: ignore[arg-type]  # fmt: skip


@pytest.mark.parametrize(
    ("cadence", "english", "spanish"),
    [
        (FRIDAYS, "every Friday at 16:45", "viernes"),
        (Cadence(kind="weekly", weekdays=(0, 3), at=time(8)), "every Monday and Thursday at 08:00", "lunes y jueves"),
        (
            Cadence(kind="monthly", weekdays=(2,), nth=-1, at=time(8)),
            "each month's last Wednesday at 08:00",
            "miércoles",
        ),
        (Cadence(kind="monthly", weekdays=(2,), nth=3, at=time(0)), "each month's third Wednesday at 00:00", "00:00"),
        (Cadence(kind="session", delay_minutes=5), "each session, 5 minutes after the close", "5"),
        (Cadence(kind="session", at=time(22)), "each session, at 22:00, after the close", "22:00"),
        (Cadence(kind="finra"), "when short interest is published, 30 minutes after the close", "30"),
        (Cadence(kind="fomc"), "on days of Fed decisions, 30 minutes after the close", "Fed"),
    ],
)
def test_when_is_said_in_both_languages(cadence: Cadence, english: str, spanish: str) -> None:
    assert cadence_words(cadence) == english
    with i18n.use("es"):
        assert spanish in cadence_words(cadence)
        assert english not in cadence_words(cadence)


@pytest.mark.parametrize(
    ("days", "words"), [((4,), "Friday"), ((6, 0), "Monday and Sunday"), ((0, 1, 2), "Monday, Tuesday, and Wednesday")]
)
def test_days_are_named_in_their_order(days: tuple[int, ...], words: str) -> None:
    assert days_words(days) == words


def test_the_name_holds_what_is_special() -> None:
    assert schedule_label(WEEKLY) == "weekly · every Friday at 16:45"
    wide = replace(WEEKLY, content="rotation", request={"window": "1y", "of_an_older_version": 1})
    assert content_words(wide) == "rotation window:1y"
    assert content_words(replace(WEEKLY, content="gone")) == "gone"


def test_a_place_says_how_is_posted_there() -> None:
    assert place_words(Destination(channel_id=5)) == "<#5>"
    every = Destination(channel_id=5, pin=True, crosspost=True, dashboard=True)
    assert place_words(every) == "<#5> (pinned, published, and edited in place)"


def test_the_list_says_how_each_is_going() -> None:
    due = [Due("2026-07-17", NOW)]
    assert listed(2, WEEKLY, due) == f"**2** · weekly · every Friday at 16:45 · <#5>\n-# Next: <t:{STAMP}:F>"
    stopped = replace(WEEKLY, destinations=(Destination(channel_id=5, paused_reason=reasons.NO_PERMISSION),))
    assert listed(1, stopped, due).endswith("<#5>: I am not allowed to post in the channel.")
    assert listed(1, replace(WEEKLY, state="paused"), due).endswith("\n-# Paused.")
    failed = listed(1, replace(WEEKLY, state="paused", reason=reasons.UNKNOWN_CHANNEL), due)
    assert "Paused. The channel no longer exists." in failed
    assert reasons.remedy(reasons.UNKNOWN_CHANNEL) in failed


def test_next_times_are_in_each_readers_own_time() -> None:
    assert runs_words([Due("x", NOW)]) == f"- <t:{STAMP}:F> (<t:{STAMP}:R>)"
    assert "calendar does not reach" in runs_words([])
    assert local_now("Europe/Madrid", NOW) == "Europe/Madrid, 22:45"
    assert local_now("Asia/Kathmandu", NOW) == "Asia/Kathmandu, 02:30"


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({}, "weekly <#5>: [posted](https://discord.com/channels/1/5/77)."),
        ({"late": True}, "weekly <#5>: [posted](https://discord.com/channels/1/5/77) (late)."),
        ({"posted_channel_id": 9}, "weekly <#5>: [posted](https://discord.com/channels/1/9/77)."),
        ({"state": "skipped", "reason": reasons.PAUSED}, "weekly <#5>: left out. Everything was paused."),
        ({"state": "failed", "reason": "of another version"}, "weekly <#5>: failed. of another version"),
        ({"state": "due"}, "weekly <#5>: waiting."),
        ({"state": "claimed"}, "weekly <#5>: being posted."),
        (
            {"state": "retry", "reason": reasons.UNREACHABLE},
            "weekly <#5>: being tried again. Discord could not be reached.",
        ),
        ({"state": "uncertain"}, "weekly <#5>: perhaps posted."),
        ({"parts": (Part("weekly"), Part("highs"), Part("weekly"))}, "weekly and highs <#5>: [posted]"),
        ({"parts": ()}, "<#5>: [posted]"),
    ],
)
def test_the_history_says_what_became_of_each_and_of_which(changes: dict[str, object], line: str) -> None:
    text = history_words([replace(POSTED, **changes)])  # type: ignore[arg-type]
    assert text.startswith(f"- <t:{STAMP}:f> ")
    assert line in text
    assert history_words([]) == "Nothing has fallen due yet."
