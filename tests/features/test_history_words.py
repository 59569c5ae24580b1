"""What is said about the past, for every kind of event and every count."""

import re
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from bot import i18n
from bot.analytics.events import Following
from bot.features.history import words
from bot.features.history.findings import Cycle, Findings, Outlook
from bot.features.history.occasions import Pair
from bot.features.history.rallies import Rallies, Rally
from bot.features.history.request import Event, HistoryRequest
from bot.features.sides import Sides

SESSIONS = pd.bdate_range("2020-01-01", periods=400)
FLAT = pd.Series(1.0, index=SESSIONS)
PAIR = Pair(Sides("IWM", "SPY"), FLAT, FLAT)
SPAN = (SESSIONS[0], SESSIONS[-1])
EVENTS: tuple[Event, ...] = ("record", "regime", "mean", "cut", "spread", "shorts", "rallies", "cycles")


def after(horizon: int, events: int, median: float | None = 0.1, up: float | None = 0.6) -> Following:
    interval = (0.0, 0.2) if events >= 5 else None
    return Following(horizon, events, events, median, up, 300, 0.05, 0.55, interval)


def found(events: int, complete: int | None = None, median: float = 0.1) -> Findings:
    n = events if complete is None else complete
    horizons = tuple(after(h, n, median if n else None, 0.6 if n else None) for h in (21, 63, 126, 252))
    days = SESSIONS[np.arange(events) * 30]
    return Findings(PAIR, days, events + 2, SPAN, Outlook(horizons, horizons), None, (), ())


@pytest.mark.parametrize(
    ("event", "side", "name"),
    [
        ("record", "small", "First record close of IWM in 365 days or more"),
        ("regime", "small", "Regime of IWM confirmed"),
        ("regime", "large", "Regime of SPY confirmed"),
        ("mean", "small", "IWM/SPY rising through its 200-session mean"),
        ("mean", "large", "IWM/SPY falling through its 200-session mean"),
        ("cut", "small", "First rate cut after a rise"),
        ("spread", "small", "IWM ahead of SPY by 10 points in six months"),
        ("spread", "large", "SPY ahead of IWM by 10 points in six months"),
        ("shorts", "small", "Short interest of the Russell 2000 in its top tenth"),
        ("rallies", "small", "Most shorted members in rallies of IWM by 10% in a month"),
        ("cycles", "small", "Spells of leadership of IWM and SPY"),
    ],
)
def test_names_of_events(event: Event, side: str, name: str) -> None:
    assert words.event_name(HistoryRequest(event=event, side=side), found(1)) == name  # type: ignore[arg-type]


def test_what_was_asked_for_is_in_the_name() -> None:
    assert "in 1,000 days" in words.event_name(HistoryRequest(gap_days=1000), found(1))
    assert "by 7.5 points" in words.event_name(HistoryRequest(event="spread", points=7.5), found(1))


@pytest.mark.parametrize(
    ("events", "complete", "ends"),
    [
        (0, 0, "never since 1 Jan 2020."),
        (1, 1, "once since 1 Jan 2020. What followed in a year: too few to say."),
        (4, 4, "4 times since 1 Jan 2020. What followed in a year: too few to say."),
        (6, 4, "6 times since 1 Jan 2020. What followed in a year: too few to say."),
        (5, 5, "A year later IWM was +10.0% in the median, up in 3 of 5; from any day, +5.0%."),
        (10, 10, "A year later IWM was +10.0% in the median, up in 6 of 10; from any day, +5.0%."),
    ],
)
def test_headlines_by_count(events: int, complete: int, ends: str) -> None:
    assert words.headline(HistoryRequest(), found(events, complete)).endswith(ends)


@pytest.mark.parametrize("median", [-0.25, 0.0, 0.25])
def test_headlines_whichever_way_it_went(median: float) -> None:
    said = words.headline(HistoryRequest(event="mean"), found(8, median=median))
    assert f"IWM against SPY was {i18n.percent(median, signed=True)} in the median" in said


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("events", [0, 1, 3, 7])
def test_every_headline_is_plain(event: Event, events: int) -> None:
    said = words.headline(HistoryRequest(event=event), found(events))
    assert said.endswith(".")
    assert not re.search(r"[!{}]|\bnan\b|\bNone\b", said)
    with i18n.use(i18n.PSEUDO):
        assert words.headline(HistoryRequest(event=event), found(events)).startswith("⟦")


def test_a_record_too_short_for_the_event() -> None:
    early = replace(found(0), span=None, outlook=None)
    assert words.headline(HistoryRequest(), early).endswith("the record is too short for that on this day.")


def spell(state: str, sessions: int, gain: float, *, is_open: bool = False) -> Cycle:
    day = date(2025, 12, 24)
    return Cycle(state, day, day, sessions, gain, 0.1, 0.05, is_open)


@pytest.mark.parametrize(
    ("cycles", "said"),
    [
        ((), "No spell of leadership of IWM has ended yet. Neither side leads now."),
        (
            (spell("small", 30, 0.02, is_open=True),),
            "No spell of leadership of IWM has ended yet. Now IWM has led for 30 sessions: +2.0%.",
        ),
        (
            (spell("small", 60, 0.04), spell("large", 9, -0.01, is_open=True)),
            "IWM led SPY once before, for 60 sessions with a relative return of +4.0%. Now SPY has led for 9 sessions: "
            "−1.0%.",
        ),
        (
            (spell("small", 60, 0.04), spell("large", 50, 0.1), spell("small", 20, -0.02)),
            "IWM led SPY twice before: in the median 40 sessions, a relative return of +1.0%. Neither side leads now.",
        ),
    ],
)
def test_spells_of_leadership(cycles: tuple[Cycle, ...], said: str) -> None:
    assert words.headline(HistoryRequest(event="cycles"), replace(found(0), cycles=cycles)) == said


@pytest.mark.parametrize(
    ("one", "remark"),
    [
        (after(252, 4), "too few to say"),
        (after(252, 5), "no width: each draw holds all events"),
        (after(252, 12), "no width: each draw holds all events"),
        (after(252, 13), ""),
        (after(126, 6), "no width: each draw holds all events"),
        (after(126, 7), ""),
        (after(21, 5), ""),
    ],
)
def test_remarks_on_intervals(one: Following, remark: str) -> None:
    assert words.remark(one) == remark


def test_figures_beside_any_day() -> None:
    assert words.shown(after(252, 5)) == "+10.0%, any day +5.0%"
    assert words.shown(after(252, 4)) == "too few to say"
    assert words.shown(after(252, 0, None, None)) == "too few to say"


@pytest.mark.parametrize(
    ("sessions", "name"), [(21, "1 month"), (63, "3 months"), (126, "6 months"), (252, "12 months")]
)
def test_horizons_in_months(sessions: int, name: str) -> None:
    assert words.horizon(sessions) == name


class TestNotes:
    def test_counting_is_explained(self) -> None:
        notes = words.notes(HistoryRequest(), found(3))
        assert notes[0].endswith("of 5, 3 were kept.")
        assert "What followed before is a count, not a forecast." in notes

    def test_cuts_on_sundays(self) -> None:
        assert any("without a session" in note for note in words.notes(HistoryRequest(event="cut"), found(4)))

    def test_intervals_without_width(self) -> None:
        assert any("says nothing" in note for note in words.notes(HistoryRequest(), found(6)))
        assert not any("says nothing" in note for note in words.notes(HistoryRequest(), found(4)))

    def test_what_short_interest_lacks(self) -> None:
        stored = replace(found(0), span=None, stored=(date(2026, 5, 15), date(2026, 7, 15)))
        (first,) = words.notes(HistoryRequest(event="shorts"), stored)
        assert first == (
            "Short interest of the Russell 2000 is stored for 2 settlement dates, 15 May 2026 to 15 Jul 2026; a top "
            "tenth takes 60."
        )
        nothing = replace(found(0), span=None)
        assert words.notes(HistoryRequest(event="shorts"), nothing)[0].startswith("No short interest is stored")

    def test_rallies_name_the_positions_they_could_use(self) -> None:
        stored = replace(found(0), stored=(date(2026, 5, 15), date(2026, 7, 15)))
        first = words.notes(HistoryRequest(event="rallies"), stored)[0]
        assert first == "Short interest is stored for 2 settlement dates, 15 May 2026 to 15 Jul 2026."
        assert words.notes(HistoryRequest(event="rallies"), found(0))[0] == "No short interest is stored for this day."

    @pytest.mark.parametrize(
        ("seen", "said"),
        [
            (0, "there was no such rally yet."),
            (1, "the one rally lies outside the stored positions and prices of members."),
            (7, "none of the 7 rallies lies within the stored positions and prices of members."),
        ],
    )
    def test_headlines_of_rallies_that_cannot_be_measured(self, seen: int, said: str) -> None:
        request = HistoryRequest(event="rallies", points=12.5)
        assert words.headline(request, replace(found(0), rallies=Rallies(seen, ()))) == (
            f"Most shorted members in rallies of IWM by 12.5% in a month: {said}"
        )

    @pytest.mark.parametrize(("n", "few"), [(1, True), (4, True), (5, False)])
    def test_headlines_of_measured_rallies(self, n: int, few: bool) -> None:
        day = date(2026, 7, 1)
        rally = Rally(day, day, 0.12, day, day, day, 10, 90, 0.25, -0.01)
        said = words.headline(HistoryRequest(event="rallies"), replace(found(0), rallies=Rallies(9, (rally,) * n)))
        assert "tenth gained +25.0%, the others −1.0%." in said
        assert said.endswith("Too few to say more.") == few


def test_the_picture_in_words() -> None:
    said = words.alternative(HistoryRequest(), found(6))
    assert said.startswith(
        "First record close of IWM in 365 days or more, 6 times. IWM after it, in the median: 1 month"
    )
    assert "12 months +10.0%, any day +5.0%." in said
