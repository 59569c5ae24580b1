"""What a post waits for: the day's close, and short interest on the day it comes out."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.community.deliveries import Delivery, Part, Target
from bot.jobs import reasons
from bot.jobs.awaited import LATE_AFTER, WAIT_FOR_CLOSE, WAIT_FOR_SHORTS, late, shorts_missing, waits
from bot.jobs.ingesting import moments
from bot.jobs.sweep import POSTED_WITHIN
from bot.market.catalogue import Catalogue

MINUTE = timedelta(minutes=1)
PUBLISHED = date(2026, 7, 27)  # the settlement of 15 July, as FINRA's own calendar has it
DUE = datetime(2026, 7, 27, 20, 30, tzinfo=UTC)  # half an hour after the close
BEFORE, SETTLED = date(2026, 6, 30), date(2026, 7, 15)


def _without(catalogue: Catalogue, *days: date) -> Catalogue:
    """Return the catalogue as it is before short interest of these settlements has come in."""
    kept = tuple(file for file in catalogue.files["short_interest"] if file.day not in days)
    return replace(catalogue, files={**catalogue.files, "short_interest": kept})


def _due(content: str = "shortinterest", at: datetime = DUE, **changes: object) -> Delivery:
    plain: dict[str, object] = {
        "id": "a", "what": "schedule:a", "guild_id": 1, "channel_id": 2, "period": "2026-07-27", "due_at": at,
        "ready_at": at, "parts": (Part(content),), "target": Target(), "language": "en", "theme": "dark",
        "state": "claimed",
    }  # fmt: skip
    return Delivery(**{**plain, **changes})  # type: ignore[arg-type]


def test_the_recording_has_the_settlements_these_tests_speak_of(catalogue: Catalogue) -> None:
    assert catalogue.settlements[SETTLED] == PUBLISHED
    assert {BEFORE, SETTLED} <= {file.day for file in catalogue.files["short_interest"]}


@pytest.mark.parametrize("content", ["shortinterest", "squeeze"])
def test_short_interest_is_waited_for_on_its_day_until_it_is_there(catalogue: Catalogue, content: str) -> None:
    due, not_yet = _due(content), _without(catalogue, SETTLED)
    for after, waiting in ((0 * MINUTE, True), (WAIT_FOR_SHORTS - MINUTE, True), (WAIT_FOR_SHORTS, False)):
        assert waits(due, not_yet, PUBLISHED, DUE + after) == waiting
    assert not waits(due, catalogue, PUBLISHED, DUE)
    assert WAIT_FOR_SHORTS < POSTED_WITHIN  # in the end what there is is posted, not nothing


def test_other_reports_other_days_and_older_gaps_are_not_held_back(catalogue: Catalogue) -> None:
    not_yet = _without(catalogue, SETTLED)
    assert not waits(_due("rotation"), not_yet, PUBLISHED, DUE)
    day_after = DUE + timedelta(days=1)
    assert not waits(_due(at=day_after), not_yet, PUBLISHED + timedelta(days=1), day_after)
    fixed = _due(parts=(Part("shortinterest", {"as_of": "2026-07-27"}),))
    assert not waits(fixed, not_yet, PUBLISHED, DUE)
    # the settlement before is missing as well: nobody fetches, so waiting would not help
    assert not waits(_due(), _without(catalogue, SETTLED, BEFORE), PUBLISHED, DUE)
    assert not waits(_due(), _without(catalogue, *(f.day for f in catalogue.files["short_interest"])), PUBLISHED, DUE)


def test_a_close_is_waited_for_two_hours(catalogue: Catalogue) -> None:
    last = catalogue.last_session
    missing = catalogue.next_session(last)
    assert missing is not None
    at = catalogue.close(missing) + 30 * MINUTE
    due = _due("rotation", at)
    for after, waiting in ((0 * MINUTE, True), (WAIT_FOR_CLOSE - MINUTE, True), (WAIT_FOR_CLOSE, False)):
        assert waits(due, catalogue, last, at + after) == waiting
    assert not waits(due, catalogue, missing, at)  # it has come in
    assert not waits(due, catalogue, catalogue.sessions[0], at)  # so much older that waiting would not help


@pytest.mark.parametrize(
    ("reason", "patience"), [(None, LATE_AFTER), (reasons.UNREACHABLE, LATE_AFTER), (reasons.WAITING, WAIT_FOR_SHORTS)]
)
def test_waiting_for_data_makes_nothing_late(reason: str | None, patience: timedelta) -> None:
    due = _due(reason=reason)
    assert late(due, DUE + patience) is None
    assert late(due, DUE + patience + LATE_AFTER + MINUTE) == DUE


def test_vendors_are_asked_more_often_while_short_interest_is_awaited(catalogue: Catalogue) -> None:
    """So that it comes in before the post that waits for it is made without."""
    evening = datetime(2026, 7, 27, 21, 0, tzinfo=UTC)
    assert shorts_missing(_without(catalogue, SETTLED), PUBLISHED)
    waiting = [at for at in moments(_without(catalogue, SETTLED), evening) if at <= DUE + WAIT_FOR_SHORTS]
    usual = [at for at in moments(catalogue, evening) if at <= DUE + WAIT_FOR_SHORTS]
    assert [int((at - waiting[0]) / MINUTE) for at in waiting] == [0, 15, 45, 105, 225, 345]
    assert usual == waiting[:1]
