"""A symbol that the vendor has no longer: an error for days, then marked as ended; nothing else ever counts as that."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.market import calendar
from bot.market.freshness import ended
from bot.market.ingest import RunSummary
from bot.market.ingest.absence import AGAIN, ANSWERED, DAYS, is_silent, resting
from bot.market.standing import EndedSymbol
from bot.market.store import runs, state
from bot.market.store.state import Absence
from bot.market.validation import LATE_SESSIONS
from tests.market.ingest.conftest import Bench
from tests.market.ingest.small import SYMBOLS
from tests.vendors.world import sample

WEEK = ("2026-07-20", "2026-07-21", "2026-07-22", "2026-07-23", "2026-07-24")
NOTHING = "Yahoo Finance has nothing under “QQQ”."
ENDED = (
    "QQQ is marked as ended: Yahoo Finance had nothing under that name on 5 days. It is asked for once a week. "
    "Its history to 17 Jul 2026 stays."
)
BACK = "QQQ is back at Yahoo Finance and no longer marked as ended."


def evenings(bench: Bench, days: Sequence[str]) -> list[RunSummary]:
    """Run prices on the evening of each day."""
    found = []
    for day in days:
        bench.at(day)
        found.append(bench.run(["prices"]))
    return found


def test_from_error_to_ended_and_back(either: Bench) -> None:
    """Four days of errors, told once on the fifth, then quiet; asked for weekly; all is caught up when it returns."""
    either.vendors.world.unknown.add("QQQ")
    before = either.store.rows("bars", symbol="QQQ")
    week = evenings(either, WEEK)
    assert [(one.exit_code, one.sentences(), one.news()) for one in week] == [
        *[(1, (NOTHING,), ())] * (DAYS - 1),
        (0, (), (ENDED,)),
    ]
    assert either.store.rows("bars", symbol="QQQ") == before
    assert ended(either.store) == (EndedSymbol("QQQ", date(2026, 7, 17), date(2026, 7, 20), date(2026, 7, 24)),)
    assert [row.detail for row in runs.latest(either.store, "prices", count=1)] == [ENDED]
    assert either.dataset().as_of == date(2026, 7, 24)

    for day in ("2026-07-27", "2026-07-30"):  # not asked for within a week
        [quiet] = evenings(either, [day])
        assert (quiet.ok, quiet.news(), quiet.waiting) == (True, (), False)
        assert not any(path.endswith("/QQQ") for path in either.vendors.paths("yahoo"))
        assert either.dataset().as_of == date.fromisoformat(day)

    [weekly] = evenings(either, ["2026-07-31"])
    assert (weekly.ok, weekly.news()) == (True, ())
    assert either.vendors.paths("yahoo").count("/v8/finance/chart/QQQ") == 1
    assert ended(either.store)[0].asked == date(2026, 7, 31)

    either.vendors.world.unknown.clear()
    either.at("2026-08-07")  # the record ends on 31 July: by then a week has passed
    back = either.run(["prices"])
    assert back.news() == (BACK,)
    assert ended(either.store) == ()
    stored = {row["day"]: row["close"] for row in either.store.rows("bars", symbol="QQQ")}
    expected = sample().closes("QQQ")["2026-07-18":]  # type: ignore[misc]  # days slice it
    assert [stored[day.date()] for day in expected.index] == pytest.approx(expected.tolist(), abs=1e-6)


def test_several_runs_of_one_day_count_once(bench: Bench) -> None:
    bench.vendors.world.unknown.add("QQQ")
    assert {one.exit_code for one in evenings(bench, ["2026-07-20", "2026-07-20"])} == {1}
    assert state.absences(bench.store)["QQQ"].days == 1


def test_a_day_on_which_it_answers_starts_the_count_anew(bench: Bench) -> None:
    bench.vendors.world.unknown.add("QQQ")
    evenings(bench, WEEK[:4])
    bench.vendors.world.unknown.clear()
    [good] = evenings(bench, WEEK[4:])
    assert (good.ok, good.news(), state.absences(bench.store)) == (True, (), {})
    bench.vendors.world.unknown.add("QQQ")
    assert [one.exit_code for one in evenings(bench, ["2026-07-27", "2026-07-28", "2026-07-29"])] == [1, 1, 1]


def test_days_on_which_nothing_else_is_asked_for_do_not_count(bench: Bench) -> None:
    """On a weekend only the missing symbol is asked for: nobody else answers."""
    bench.vendors.world.unknown.add("QQQ")
    evenings(bench, ["2026-07-20", "2026-07-25", "2026-07-26"])
    assert state.absences(bench.store)["QQQ"].days == 2  # Monday, and Saturday, which brought the others their Friday
    assert bench.vendors.count("yahoo") == 3  # cookie, crumb, QQQ


def test_where_many_are_gone_at_once_the_vendor_is_not_believed(bench: Bench) -> None:
    """A quarter of eight symbols may be gone, three of them may not."""
    gone = ("QQQ", "IWB", "AAPL")
    bench.vendors.world.unknown.update(gone)
    assert len(gone) > len(SYMBOLS) * (1 - ANSWERED)
    assert {one.exit_code for one in evenings(bench, WEEK[:1])} == {1}
    assert state.absences(bench.store) == {}
    bench.vendors.world.unknown.remove("AAPL")
    evenings(bench, ["2026-07-27"])
    assert set(state.absences(bench.store)) == {"QQQ", "IWB"}


LOOK_ALIKES = ["crumb", "rate", "error", "consent", "truncated", "empty", "reset", "wrong"]


@pytest.mark.parametrize("kind", LOOK_ALIKES)
def test_what_merely_looks_like_it_is_never_believed(bench: Bench, kind: str) -> None:
    """The last of the symbols asked for meets the fault, the others are answered: not one day of it counts."""
    bench.at("2026-07-20")
    bench.vendors.fail("yahoo", kind, after=len(SYMBOLS) - 1)
    summary = bench.run(["prices"], threads=1)
    assert bench.vendors.plan.played > 0
    assert (summary.exit_code, summary.part("prices").written.new) == (1, len(SYMBOLS) - 1)
    assert state.absences(bench.store) == {}


def test_a_page_that_is_missing_is_no_word_of_the_vendor(bench: Bench) -> None:
    """A mirror's 404 is not the vendor's "No data found"."""
    before = bench.contents()
    bench.at("2026-07-20")
    elsewhere = bench.vendors.settings(base_url="https://www.ishares.com")  # knows nothing of charts
    summary = bench.run(["prices"], vendors=elsewhere)
    assert summary.exit_code == 1
    assert re.fullmatch(r"Yahoo Finance has nothing under “\^?[A-Z]+”\.", summary.sentences()[0])
    assert (state.absences(bench.store), bench.contents()) == ({}, before)


def test_bars_that_stop_are_waited_for_then_an_error_then_the_end(bench: Bench) -> None:
    """The vendor goes on giving the old bars: late for a week of sessions, gone on five more days, then ended."""
    bench.vendors.world.ends["QQQ"] = date(2026, 7, 10)
    with bench.store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM bars WHERE symbol = 'QQQ' AND day > '2026-07-10'")
    [late] = evenings(bench, ["2026-07-17"])
    assert (late.ok, late.waiting) == (True, True)
    days = ["2026-07-20", "2026-07-21", "2026-07-22", "2026-07-23", "2026-07-24"]
    week = evenings(bench, days)
    assert [(one.exit_code, len(one.news())) for one in week] == [(1, 0)] * 4 + [(0, 1)]
    assert week[0].sentences() == (NOTHING,)
    assert state.absences(bench.store)["QQQ"].reason == "no prices after 2026-07-10"
    assert bench.dataset().closes("QQQ").index[-1] == pd.Timestamp("2026-07-10")


def test_facts_of_a_fund_that_has_ended_are_not_asked_for(bench: Bench) -> None:
    bench.vendors.world.unknown.add("QQQ")
    evenings(bench, WEEK)
    bench.at("2026-07-28")  # a week after the facts were read last
    assert bench.run(["funds"]).ok
    asked = {path.rsplit("/", 1)[-1] for path in bench.vendors.paths("yahoo") if "quoteSummary" in path}
    assert {"IWM", "SPY"} <= asked
    assert "QQQ" not in asked


def test_full_asks_for_what_has_ended_too(bench: Bench) -> None:
    bench.vendors.world.unknown.add("QQQ")
    evenings(bench, WEEK)
    bench.vendors.forget()
    summary = bench.run(["prices"], full=True)
    assert (summary.ok, summary.news()) == (True, ())
    assert bench.vendors.paths("yahoo").count("/v8/finance/chart/QQQ") == 1


def test_another_error_at_a_symbol_that_has_ended_is_an_error(bench: Bench) -> None:
    bench.vendors.world.unknown.add("QQQ")
    evenings(bench, WEEK)
    bench.at("2026-08-01")  # a Saturday: nothing else is asked for
    bench.run(["prices"])
    bench.at("2026-08-09")
    bench.vendors.fail("yahoo", "error")
    assert bench.run(["prices"]).exit_code == 1
    assert ended(bench.store)[0].asked == date(2026, 8, 1)


@pytest.mark.parametrize(("since", "rests"), [(0, True), (6, True), (7, False), (30, False)])
def test_what_has_ended_rests_for_a_week(since: int, rests: bool) -> None:
    today = date(2026, 7, 31)
    one = Absence("QQQ", "", DAYS, date(2026, 7, 1), today - timedelta(days=since), today)
    assert resting({"QQQ": one}, "QQQ", today) is rests
    assert timedelta(days=7) == AGAIN
    assert not resting({"QQQ": Absence("QQQ", "", 4, today, today)}, "QQQ", today)
    assert not resting({}, "QQQ", today)


@given(
    st.integers(0, 12),
    st.one_of(st.none(), st.integers(-12, 12)),
)
def test_an_answer_is_silent_only_when_nothing_new_came_for_longer_than_a_bar_is_late(
    behind: int, came: int | None
) -> None:
    days = calendar.session_days(date(2026, 5, 1), date(2026, 7, 31))
    newest, final = days[-1 - behind], days[-1]
    last = None if came is None else days[max(0, min(len(days) - 1, len(days) - 1 - behind + came))]
    brings_something = last is not None and last > newest
    assert is_silent(last, newest, final) is (behind > LATE_SESSIONS and not brings_something)


def funds(bench: Bench, days: Sequence[str]) -> list[RunSummary]:
    """Ask for funds' facts on the evening of each day."""
    found = []
    for day in days:
        bench.at(day)
        found.append(bench.run(["funds"]))
    return found


VANISHED = "Yahoo Finance had no facts about QQQ on 5 days. It is asked once a week; the last ones stay."


def test_facts_that_vanish_are_an_error_for_days_then_rest(either: Bench) -> None:
    """The fund itself trades on: it has not ended. Several runs of one day count once."""
    either.vendors.world.factless.add("QQQ")
    days = ["2026-07-24", "2026-07-24", "2026-07-25", "2026-07-26", "2026-07-27", "2026-07-28"]
    week = funds(either, days)
    assert [(one.exit_code, one.news()) for one in week] == [(1, ())] * 5 + [(0, (VANISHED,))]
    assert week[0].sentences() == (NOTHING,)
    assert (ended(either.store), state.absences(either.store)) == ((), {})
    assert either.store.newest("fund_facts", symbol="QQQ") == date(2026, 7, 17)
    for day in ("2026-07-29", "2026-07-30", "2026-08-03"):
        [quiet] = funds(either, [day])
        assert (quiet.ok, quiet.news()) == (True, ())
        assert not any(path.endswith("/QQQ") for path in either.vendors.paths("yahoo"))
    [weekly] = funds(either, ["2026-08-05"])
    assert (weekly.ok, weekly.news()) == (True, ())
    assert either.vendors.paths("yahoo").count("/v10/finance/quoteSummary/QQQ") == 1
    either.vendors.world.factless.clear()
    assert funds(either, ["2026-08-12"])[0].ok
    assert either.store.newest("fund_facts", symbol="QQQ") == date(2026, 8, 12)
    either.vendors.world.factless.add("QQQ")
    assert funds(either, ["2026-08-19"])[0].exit_code == 1  # counted anew


def test_facts_of_all_funds_do_not_vanish_at_once(bench: Bench) -> None:
    """Where nothing was read of any fund for a week, it is the vendor that fails: no day of it counts."""
    bench.vendors.world.factless.update({"QQQ", "SPY", "IWM", "IWB"})
    week = funds(bench, ["2026-07-25", "2026-07-26", "2026-07-27", "2026-07-28", "2026-07-29", "2026-07-30"])
    assert {one.exit_code for one in week} == {1}
    assert all(page.failures == 0 for symbol, page in state.pages(bench.store).items() if symbol in {"QQQ", "SPY"})
