"""The whole market once a day, companies' pages a few a day, and the record that grows out of both."""

import json
import math
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest
from aiohttp import web

from bot.market.ingest import companies, snapshot
from bot.market.ingest.companies import turn
from bot.market.store import state
from bot.market.store.state import Page
from bot.market.tables import WHOLE_MARKET
from tests.market.ingest.conftest import Bench
from tests.vendors import recorded
from tests.vendors.world import sample
from tests.vendors.yahoo import answer

NOW = datetime(2026, 7, 20, 22, tzinfo=UTC)


def test_a_snapshot_fills_the_four_tables(bench: Bench) -> None:
    data = bench.dataset()
    expected = bench.vendors.world.companies()
    found = data.snapshot()
    assert found.date == date(2026, 7, 17)
    assert len(found.frame) == len(expected) == 400
    assert found.frame["market_cap"].sum() == pytest.approx(expected["market_cap"].sum())
    assert found.frame["pe_trailing"].count() == expected["pe_trailing"].count()
    assert data.estimates().frame["eps_fy1"].count() == expected["eps_fy1"].count()
    assert data.market().frame["price"].sum() == pytest.approx(expected["price"].sum())
    assert set(found.frame["sector"]) - {""} == set(data.holdings("IWB").frame["sector"]) & set(found.frame["sector"])
    assert found.frame.loc["AAPL", "sector"] == "Information Technology"


def test_no_snapshot_is_taken_while_prices_move(bench: Bench) -> None:
    bench.at("2026-07-20", 12)
    summary = bench.run(["snapshot"])
    assert (summary.part("snapshot").status, summary.requests) == ("waiting", 0)
    bench.at("2026-07-20", 8)
    assert bench.run(["snapshot"]).requests == 0  # Friday's is there


def test_prices_of_another_session_are_no_snapshot_of_this_one(bench: Bench) -> None:
    """As where the clock is a day ahead, or the vendor a day behind: kept for good, it would be wrong for good."""
    before = bench.contents()
    bench.at("2026-07-20")
    bench.hours.clock.set(bench.hours.clock.now() + timedelta(days=1))
    summary = bench.run(["snapshot"])
    assert (summary.part("snapshot").status, summary.version) == ("waiting", None)
    assert bench.contents() == before
    bench.at("2026-07-21")
    assert bench.run(["prices", "snapshot"]).ok
    assert bench.store.days("snapshots") == [date(2026, 7, 17), date(2026, 7, 21)]


def test_a_vendor_that_does_not_say_of_when_its_prices_are_is_believed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.at("2026-07-20")
    monkeypatch.setattr(bench.vendors.world, "priced", lambda: 0.0)
    assert bench.run(["snapshot"]).part("snapshot").status == "done"
    assert bench.store.newest("snapshots") == date(2026, 7, 20)


def test_a_page_that_cannot_be_read_holds_up_no_other(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without that it would be the first in turn on the next day too, and on all days after it."""
    good = bench.vendors.yahoo._summary

    def summary(symbol: str, modules: list[str]) -> web.Response:
        return answer({"quoteSummary": {"result": [["odd"]]}}) if symbol == "TSLA" else good(symbol, modules)

    monkeypatch.setattr(bench.vendors.yahoo, "_summary", summary)
    bench.at("2026-07-20")
    found = bench.run(["companies"]).part("companies")
    assert (found.status, found.detail.count("BadAnswer")) == ("partial", 1)
    assert state.pages(bench.store)["TSLA"].failures == 1
    assert sum(p.visited_at == bench.hours.clock.now() for p in state.pages(bench.store).values()) == 6


def test_companies_pages_are_visited_heaviest_first(fresh: Bench) -> None:
    fresh.run(["holdings"])
    fresh.vendors.forget()
    summary = fresh.run(["companies"])
    assert summary.part("companies").requests == fresh.settings.facts_per_day + 2
    dollars: dict[str, float] = {}
    for row in fresh.store.rows("holdings"):
        dollars[row["symbol"]] = max(dollars.get(row["symbol"], 0.0), row["market_value"])
    heaviest = sorted(dollars, key=lambda symbol: -dollars[symbol])[:6]
    asked = {path.rsplit("/", 1)[-1] for path in fresh.vendors.paths("yahoo") if "quoteSummary" in path}
    assert asked == set(heaviest)


def test_the_days_number_of_visits_is_kept_over_runs(bench: Bench) -> None:
    visited = set(state.pages(bench.store))
    assert len(visited) == 6
    assert bench.run(["companies"]).requests == 0
    bench.at("2026-07-20")
    assert bench.run(["companies"], facts_per_day=3).part("companies").requests == 3 + 2
    assert bench.run(["companies"], facts_per_day=5).part("companies").requests == 2 + 2
    now = set(state.pages(bench.store))
    assert len(now) == 6 + 5
    assert visited < now


def test_a_page_that_is_missing_counts_as_visited(bench: Bench) -> None:
    bench.vendors.fail("yahoo", "delisted")
    bench.at("2026-07-20")
    assert bench.run(["companies"]).ok
    new = [page for page in state.pages(bench.store).values() if page.failures]
    assert len(new) == 6
    assert all(page.fetched_at is None for page in new)


@pytest.mark.parametrize("kind", ["error", "stall", "consent", "truncated", "empty", "wrong"])
def test_a_vendor_that_is_down_or_sends_nonsense_costs_nobody_a_turn(bench: Bench, kind: str) -> None:
    before = state.pages(bench.store)
    bench.vendors.fail("yahoo", kind)
    bench.at("2026-07-20")
    vendors = bench.vendors.settings(timeout=0.2 if kind == "stall" else 20.0, attempts=1)
    assert not bench.run(["companies"], vendors=vendors).ok
    assert state.pages(bench.store) == before


def test_the_only_company_asked_for_loses_its_turn(bench: Bench) -> None:
    """One visit a day: nobody else is asked who could tell a broken page from a broken vendor."""
    bench.vendors.fail("yahoo", "empty", times=1)
    bench.at("2026-07-20")
    vendors = bench.vendors.settings(attempts=1)
    assert not bench.run(["companies"], facts_per_day=1, vendors=vendors).ok
    [lost] = [page for page in state.pages(bench.store).values() if page.failures]
    bench.at("2026-07-21")
    assert bench.run(["companies"], facts_per_day=1, vendors=vendors).ok
    assert state.pages(bench.store)[lost.symbol] == lost


def page(symbol: str, days_ago: float, failures: int = 0) -> Page:
    at = NOW - timedelta(days=days_ago)
    return Page(symbol, symbol, at, None if failures else at, failures)


def test_whose_turn_it_is() -> None:
    members = {"BIG": 9e9, "MID": 5e9, "OLD": 3e9, "NEW": 1e9, "TINY": 1e6}
    pages = {p.symbol: p for p in (page("BIG", 1), page("OLD", 40), page("MID", 12))}
    order = [symbol for symbol, _ in turn(members, pages, {}, NOW, 10)]
    assert order == ["NEW", "TINY", "OLD", "MID", "BIG"]
    assert [symbol for symbol, _ in turn(members, pages, {}, NOW, 2)] == ["NEW", "TINY"]


def test_a_page_is_visited_once_a_day_and_a_broken_one_rests() -> None:
    members = dict.fromkeys("ABCD", 1.0)
    pages = {p.symbol: p for p in (page("A", 0.1), page("B", 3, 5), page("C", 31, 5), page("D", 3, 4))}
    assert [symbol for symbol, _ in turn(members, pages, {}, NOW, 10)] == ["C", "D"]
    assert turn(members, pages, {}, NOW, 1) == []  # A was today's visit


def test_class_shares_are_visited_under_the_vendors_spelling(bench: Bench) -> None:
    job_pages = state.pages(bench.store)
    assert "BRKB" not in job_pages  # the recorded snapshot spells none with a dash
    state.note_pages(bench.store, [Page("BRKB", "BRK-B", companies._NEVER)])
    members, pages = {"BRKB": 1e12}, state.pages(bench.store)
    assert turn(members, pages, {"BRKB": "BRK-B"}, NOW, 5) == [("BRKB", "BRK-B")]


def test_pages_complete_the_next_snapshot_while_they_are_young(bench: Bench) -> None:
    facts = {"revisions_up_30d": 3.0, "float_shares": 2e9, "net_margin": 0.2, "enterprise_value": 3e12, "eps_fy1": 99.0}
    for symbol, age in (("MSFT", 1), ("NVDA", 40), ("AMZN", 200)):
        read = bench.hours.clock.now() - timedelta(days=age)
        state.note_pages(bench.store, [Page(symbol, symbol, read, read, 0, facts)])
    bench.at("2026-07-20")
    bench.run(["prices", "snapshot"])
    data = bench.dataset()
    estimates, fundamentals, market = data.estimates().frame, data.fundamentals().frame, data.market().frame
    assert estimates.loc["MSFT", "revisions_up_30d"] == 3.0
    assert math.isnan(estimates.loc["NVDA", "revisions_up_30d"])
    assert fundamentals.loc[["MSFT", "NVDA"], "enterprise_value"].tolist() == [3e12, 3e12]
    assert math.isnan(fundamentals["enterprise_value"].get("AMZN", math.nan))
    assert market.loc["MSFT", "float_shares"] == 2e9
    assert estimates.loc["MSFT", "eps_fy1"] != 99.0  # the screener's is fresher


def test_facts_are_kept_without_what_is_unknown(fresh: Bench) -> None:
    fresh.run(["holdings", "companies"])
    kept = state.pages(fresh.store)["AMZN"].facts
    statistics = recorded.yahoo("quoteSummary-all-AMZN").json()["quoteSummary"]["result"][0]["defaultKeyStatistics"]
    assert kept["short_shares"] == statistics["sharesShort"]
    assert kept["sector"] == "Consumer Cyclical"
    assert not any(isinstance(value, float) and math.isnan(value) for value in kept.values())


def test_returns_and_revisions_grow_out_of_the_record(bench: Bench) -> None:
    rows = {table: bench.store.rows(table, day=date(2026, 7, 17)) for table in WHOLE_MARKET}
    past = [{**row, "day": date(2026, 6, 19), "price": row["price"] / 1.25, "market_cap": row["market_cap"] / 1.25}
            for row in rows["snapshots"]]  # fmt: skip
    bench.store.write("snapshots", past)
    known = [row for row in rows["estimates"] if row["eps_fy1"] is not None]
    eps = [{**row, "day": date(2026, 6, 19), "eps_fy1": row["eps_fy1"] - 0.5} for row in known]
    bench.store.write("estimates", eps)
    bench.at("2026-07-20")
    bench.run(["prices", "snapshot"])
    found = bench.dataset().snapshot().frame
    assert found["return_1m"].dropna().tolist() == pytest.approx([0.25] * 400)
    assert found["return_3m"].isna().all()
    consensus = bench.dataset().estimates().frame.drop(list(state.pages(bench.store)), errors="ignore")
    rise = (consensus["eps_fy1"] - consensus["eps_fy1_30d_ago"]).dropna()
    assert rise.tolist() == pytest.approx([0.5] * int(consensus["eps_fy1"].count()))


def test_a_split_between_two_snapshots_is_no_return() -> None:
    frame = pd.DataFrame({"price": [10.0, 110.0], "market_cap": [1e9, 1.1e9]}, index=["SPLIT", "PLAIN"])
    then = pd.DataFrame({"price": [100.0, 100.0], "market_cap": [1e9, 1e9]}, index=["SPLIT", "PLAIN"])
    history = then.assign(day=date(2026, 6, 17)).set_index("day", append=True).swaplevel()
    found = snapshot.returns(frame, history, date(2026, 7, 17))["return_1m"]
    assert math.isnan(found["SPLIT"])
    assert found["PLAIN"] == pytest.approx(0.10)


def test_the_record_of_a_day_is_the_nearest_within_five() -> None:
    days = [date(2026, 6, 1), date(2026, 6, 10), date(2026, 7, 1)]
    assert snapshot.near(days, date(2026, 6, 12)) == date(2026, 6, 10)
    assert snapshot.near(days, date(2026, 6, 20)) is None
    assert snapshot.near([], date(2026, 6, 20)) is None


def test_daily_tables_are_kept_for_four_hundred_days(bench: Bench) -> None:
    row = bench.store.rows("snapshots")[0]
    for day in (date(2025, 6, 14), date(2025, 6, 20)):
        bench.store.write("snapshots", [{**row, "day": day}])
    bench.at("2026-07-20")
    bench.run(["snapshot"])
    assert bench.store.days("snapshots") == [date(2025, 6, 20), date(2026, 7, 17), date(2026, 7, 20)]


def test_a_version_takes_the_last_days_and_one_of_each_week() -> None:
    days = [day.date() for day in sample().sessions[-40:]]
    taken = snapshot.taken(days, days[-1])
    assert taken[-5:] == days[-5:]
    assert len(taken) == 5 + len({day.isocalendar()[:2] for day in days[:-5]} - {days[-5].isocalendar()[:2]})
    assert set(taken) <= set(days)


def test_fund_facts_are_fetched_weekly(bench: Bench) -> None:
    stored = {row["symbol"]: json.loads(row["facts"]) for row in bench.store.rows("fund_facts")}
    assert set(stored) == {"IWM", "SPY", "QQQ", "IWB"}
    assert stored["IWM"]["expense_ratio"] == sample().fund_facts("IWM").values["expense_ratio"]  # noqa: PD011
    bench.at("2026-07-23")
    assert bench.run(["funds"]).requests == 0
    bench.at("2026-07-24")
    assert bench.run(["funds"]).requests == 4 + 2


def test_a_smaller_market_is_not_believed(bench: Bench) -> None:
    bench.vendors.world.largest = 300
    bench.at("2026-07-20")
    summary = bench.run(["snapshot"])
    assert summary.part("snapshot").detail == "refused: snapshot: 300 companies where 400 were stored"
    assert bench.store.newest("snapshots") == date(2026, 7, 17)


def test_prices_of_the_session_before_are_not_kept_as_todays(bench: Bench) -> None:
    """A screener from a cache would be a second Friday, under Monday's date, in the record for good."""
    before = bench.contents()
    bench.vendors.world.stale = 1
    bench.at("2026-07-20")
    summary = bench.run(["snapshot"])
    assert summary.part("snapshot").status == "waiting"
    assert bench.contents() == before
    bench.vendors.world.stale = 0
    assert bench.run(["snapshot"]).ok
    assert bench.store.newest("snapshots") == date(2026, 7, 20)


def test_pages_that_slipped_are_no_whole_market(bench: Bench) -> None:
    """Twenty companies twice, and twenty not at all, on pages that are full."""
    before = bench.contents()
    bench.vendors.world.largest, bench.vendors.world.slipped = None, 20
    bench.at("2026-07-20")
    every = int((bench.vendors.world.companies()["market_cap"] >= 50e6).sum())
    summary = bench.run(["snapshot"])
    assert summary.part("snapshot").detail == f"refused: snapshot: {every - 20} rows of {every} that are listed"
    assert bench.contents() == before
    bench.vendors.world.slipped = 0
    assert bench.run(["snapshot"]).ok
    assert len(bench.store.rows("snapshots", day=date(2026, 7, 20))) == every
