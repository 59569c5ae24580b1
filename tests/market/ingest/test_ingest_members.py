"""Members of the indices and short interest."""

from datetime import date

import pandas as pd
import pytest

from bot.market import universe
from bot.market.ingest.members import by_symbol, due, revised
from bot.market.sources import ishares
from bot.market.spelling import ticker
from bot.market.store import publish, runs
from tests.market.ingest.conftest import Bench
from tests.vendors import recorded
from tests.vendors.world import sample


def test_members_are_those_of_the_files(bench: Bench) -> None:
    data = bench.dataset()
    for fund, name in (("IWB", "IWB_holdings_2026-07-17"), ("IWM", "IWM_holdings_2025-05-13")):
        file = ishares.parse(recorded.text(f"ishares/{name}.csv"))
        held = data.holdings(fund)
        assert held.date == file.day
        assert set(held.frame["symbol"]) == set(file.frame["symbol"].map(ticker))
        assert held.frame["weight"].sum() == pytest.approx(file.frame["weight"].sum())
    assert "BRKB" in set(data.holdings("IWB").frame["symbol"])


def test_a_newer_file_takes_over_and_the_older_stays_known(bench: Bench) -> None:
    bench.at("2026-07-20")
    summary = bench.run(["holdings"])
    assert summary.ok
    assert summary.requests == 3
    assert bench.dataset().holdings("IWM").date == date(2026, 5, 5)
    assert bench.store.days("holdings", fund="IWM") == [date(2025, 5, 13), date(2026, 5, 5)]


def test_only_the_last_file_of_a_month_is_kept(bench: Bench) -> None:
    rows = bench.store.rows("holdings", fund="IWB")
    for day in (date(2026, 6, 29), date(2026, 6, 30), date(2026, 7, 10)):
        bench.store.write("holdings", [{**row, "day": day} for row in rows])
    bench.at("2026-07-20")
    bench.run(["holdings"])
    assert bench.store.days("holdings", fund="IWB") == [date(2026, 6, 30), date(2026, 7, 17)]


def test_without_a_file_members_are_ranks(fresh: Bench) -> None:
    fresh.vendors.world.largest = None
    fresh.vendors.fail("ishares", "delisted")
    summary = fresh.run(["prices", "snapshot", "holdings"])
    assert summary.part("holdings").status == "failed"
    with fresh.store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM holdings")  # the bundled lists that stand in at first
    publish(fresh.store, fresh.settings.folder)
    data = fresh.dataset()
    ranked = universe.members(data, "R1000")
    assert ranked.by_rank
    assert 900 < len(ranked) <= 1000
    assert ranked.source == "Yahoo Finance"


def test_classes_that_a_fund_lists_twice_are_added_up() -> None:
    file = ishares.parse(recorded.text("ishares/IWB_holdings_2026-07-17.csv")).frame
    twice = pd.concat([file, file.head(1)])
    merged = by_symbol(twice).set_index("symbol")
    assert len(merged) == len(file)
    assert merged.loc["AAPL", "weight"] == pytest.approx(2 * file["weight"].iloc[0])


STORED = [date(2026, 5, 15), date(2026, 6, 30)]


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2026-07-17", []),
        ("2026-07-22", []),
        ("2026-07-23", ["2026-07-15"]),  # six sessions after settlement: it may be early
        ("2026-08-12", ["2026-07-31", "2026-07-15"]),
    ],
)
def test_settlement_dates_are_tried_when_they_may_be_out(today: str, expected: list[str]) -> None:
    found = list(due(date.fromisoformat(today), STORED))
    assert found == [date.fromisoformat(day) for day in expected]


def test_with_history_the_gaps_of_a_year_are_tried_too() -> None:
    found = list(due(date(2026, 7, 17), STORED, 366))
    assert date(2026, 6, 15) in found
    assert date(2025, 7, 31) in found
    assert not set(found) & set(STORED)


def test_short_interest_comes_with_its_publication(bench: Bench) -> None:
    bench.at("2026-07-24")
    assert bench.run(["shortinterest"]).part("shortinterest").status == "done"
    assert bench.store.days("short_interest", "settlement") == [date(2026, 6, 30)]
    bench.at("2026-07-27")
    summary = bench.run(["prices", "shortinterest"])
    assert summary.ok
    assert summary.part("shortinterest").written.new == 22_375
    data = bench.dataset()
    assert data.settlements()["published"].iloc[-1] == pd.Timestamp("2026-07-27")
    expected = sample().short_interest(date(2026, 7, 15)).frame["short_shares"]
    assert data.short_interest().frame["short_shares"].sum() == expected.sum()
    assert data.short_interest().frame.loc["BRKB", "days_to_cover"] == 3.31
    bench.vendors.forget()
    assert bench.run(["shortinterest"]).requests == 0


@pytest.mark.parametrize(
    ("day", "status"),
    [("2026-07-24", "done"), ("2026-07-27", "done"), ("2026-07-29", "done"), ("2026-07-30", "failed")],
)
def test_a_file_that_should_long_be_out_is_missed(bench: Bench, day: str, status: str) -> None:
    """A server that lets nobody in says 403 to every file, as it does of one that is not there yet."""
    bench.vendors.fail("finra", "delisted")
    bench.at(day)
    summary = bench.run(["shortinterest"])
    assert summary.part("shortinterest").status == status
    told = ("FINRA has nothing under “15 Jul 2026”.",) if status == "failed" else ()
    assert summary.sentences() == told
    bench.vendors.mend()
    assert bench.run(["shortinterest"]).ok
    published = day >= "2026-07-27"
    assert (date(2026, 7, 15) in bench.store.days("short_interest", "settlement")) is published


def test_a_position_revised_later_is_replaced(bench: Bench) -> None:
    frame = pd.DataFrame(
        {"symbol": ["A", "B", "C", "D"], "previous_shares": [150.0, 200.0, 300.0, 40.0],
         "revised": [True, False, True, True], "split": [False, False, True, False]}
    )  # fmt: skip
    previous = [{"symbol": s, "short_shares": v} for s, v in (("A", 100.0), ("B", 190.0), ("C", 30.0), ("D", 40.0))]
    assert revised(previous, frame) == [{"symbol": "A", "short_shares": 150.0}]


def test_the_recorded_revision_is_a_restatement_after_a_split(bench: Bench) -> None:
    """The one flagged row of the recorded file restates the position before in new shares: what is stored stays."""
    lines = [line.split("|") for line in recorded.text("finra/shrt20260715.csv").splitlines()]
    [flagged] = [
        dict(zip(lines[0], line, strict=True)) for line in lines if line[lines[0].index("revisionFlag")] == "R"
    ]
    assert flagged["stockSplitFlag"] == "S"
    row = {**bench.store.rows("short_interest")[0], "symbol": ticker(flagged["symbolCode"]), "short_shares": 9.5e5}
    bench.store.write("short_interest", [row])
    bench.at("2026-07-27")
    assert bench.run(["shortinterest"]).ok
    assert bench.store.rows("short_interest", settlement=date(2026, 6, 30), symbol=row["symbol"]) == [row]


def test_a_revision_reaches_the_settlement_date_before(bench: Bench) -> None:
    lines = recorded.text("finra/shrt20260715.csv").splitlines()
    at = next(i for i, line in enumerate(lines) if line.split("|")[1] == "AAON")
    cells = lines[at].split("|")
    cells[lines[0].split("|").index("revisionFlag")] = "R"
    lines[at] = "|".join(cells)
    row = {**bench.store.rows("short_interest")[0], "symbol": "AAON", "short_shares": 4e6}
    bench.store.write("short_interest", [row])
    bench.vendors.plan.replay("finra", "\n".join(lines))
    bench.at("2026-07-27")
    assert bench.run(["shortinterest"]).ok
    [found] = bench.store.rows("short_interest", settlement=date(2026, 6, 30), symbol="AAON")
    assert found["short_shares"] == 4_005_674
    assert [log["old"] for log in runs.corrected(bench.store) if log["table_name"] == "short_interest"] == [
        '{"short_shares": 4000000.0}'
    ]
