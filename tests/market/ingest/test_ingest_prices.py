"""Prices through the whole way: vendor, checks, store, published version."""

from collections import Counter
from datetime import date

import pandas as pd
import pytest

from bot.market.ingest import PARTS
from bot.market.ingest.publishing import whole_through
from bot.market.ingest.settings import MACRO
from bot.market.store import runs
from tests.market.ingest.conftest import Bench
from tests.market.ingest.small import SYMBOLS
from tests.vendors.world import sample


def close(bench: Bench, symbol: str, day: str) -> float | None:
    rows = bench.store.rows("bars", symbol=symbol, day=date.fromisoformat(day))
    return rows[0]["close"] if rows else None


def recorded(symbol: str, day: str) -> float:
    return float(sample().closes(symbol)[day])


def test_the_first_run_fetches_history(fresh: Bench) -> None:
    summary = fresh.run(["prices"])
    assert summary.ok
    assert summary.part("prices").requests == len(SYMBOLS) + 2
    data = fresh.dataset()
    assert data.as_of == date(2026, 7, 17)
    for symbol in ("IWM", "SPY", "RUT", "VIX"):
        expected = sample().closes(symbol)["2024-07-17":"2026-07-17"]  # type: ignore[misc]  # days slice it
        found = data.closes(symbol)
        assert found.index.tolist() == expected.index.tolist()
        assert found.tolist() == pytest.approx(expected.tolist(), abs=1e-6)
    paid = sample().dividends("IWM")["2024-07-17":"2026-07-17"]  # type: ignore[misc]
    assert data.dividends("IWM").sum() == pytest.approx(paid.sum())
    assert (data.basis("IWM"), data.basis("AAPL"), data.basis("VIX")) == ("price", "price", "level")
    assert data.name("IWM") == "iShares Russell 2000 ETF"


@pytest.mark.parametrize("parts", [["prices"], list(PARTS)])
def test_what_the_vendor_no_longer_gives_is_seeded(fresh: Bench, parts: list[str]) -> None:
    fresh.run(parts)
    data, bundled = fresh.dataset(), sample().at(date(2026, 7, 17))
    assert data.fomc_meetings().equals(sample().fomc_meetings())
    assert len(data.fed_changes()) == len(bundled.fed_changes())
    assert data.macro("BAMLH0A0HYM2").index[0] == bundled.macro("BAMLH0A0HYM2").index[0]
    assert data.settlements()["settlement"].tolist() == bundled.settlements()["settlement"].tolist()
    early = bundled.settlements()["settlement"][0].date()
    assert data.short_interest(early).frame["short_shares"].sum() == pytest.approx(
        bundled.short_interest(early).frame["short_shares"].sum()
    )


def test_seeds_are_put_once(fresh: Bench) -> None:
    fresh.run(["prices", "macro"])
    with fresh.store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM short_interest")
    fresh.at("2026-07-20")
    assert fresh.run(["prices"]).version
    assert fresh.store.rows("short_interest") == []


def test_a_day_costs_one_request_a_symbol(bench: Bench) -> None:
    bench.at("2026-07-20")
    summary = bench.run()
    assert summary.ok, [part.detail for part in summary.parts]
    assert summary.part("prices").requests <= len(SYMBOLS) + 2  # cookie and crumb of a new process
    assert summary.part("snapshot").requests <= 20
    assert bench.vendors.count() == summary.requests
    assert summary.part("prices").written.new == len(SYMBOLS)
    companies = summary.part("companies").requests  # paced by the day, apart from what a quiet day costs
    contracts = bench.settings.futures_ahead + 1
    assert bench.vendors.count("yahoo") - companies <= len(SYMBOLS) + contracts + 20
    assert companies <= bench.settings.facts_per_day
    assert bench.vendors.count("ishares") <= 3
    assert bench.vendors.count("finra") <= 3
    assert bench.vendors.count("fred") <= len(MACRO)
    asked = Counter(path for path in bench.vendors.paths("yahoo") if "/chart/" in path)
    assert set(asked.values()) == {1}


def test_the_same_evening_again_costs_nothing(bench: Bench) -> None:
    summary = bench.run(["prices", "futures", "snapshot", "funds", "macro", "shortinterest"])
    assert (summary.ok, summary.requests, bench.vendors.count(), summary.version) == (True, 0, 0, None)


def test_a_weekend_costs_nothing_for_prices(bench: Bench) -> None:
    for day in ("2026-07-18", "2026-07-19"):
        bench.at(day)
        assert bench.run(["prices", "snapshot"]).requests == 0


@pytest.mark.parametrize(
    ("hour", "expected"), [(8, "2026-07-17"), (12, "2026-07-17"), (16, "2026-07-17"), (17, "2026-07-20")]
)
def test_a_bar_of_an_open_session_is_never_stored(bench: Bench, hour: int, expected: str) -> None:
    bench.at("2026-07-20", hour)
    summary = bench.run(["prices"])
    assert bench.store.newest("bars", symbol="IWM") == date.fromisoformat(expected)
    assert summary.ok
    assert runs.refused(bench.store) == []


def test_an_early_close_is_final_early(bench: Bench) -> None:
    """On the day after Thanksgiving 2025 trading ended at 13:00."""
    with bench.store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM bars WHERE day > '2025-11-26'")
    bench.at("2025-11-28", 14)
    bench.run(["prices"])
    assert close(bench, "IWM", "2025-11-28") == pytest.approx(recorded("IWM", "2025-11-28"))


def test_days_missed_are_caught_up(bench: Bench) -> None:
    bench.at("2026-07-31")
    summary = bench.run(["prices"])
    assert summary.part("prices").requests <= len(SYMBOLS) + 2
    expected = sample().closes("IWM")["2026-07-20":"2026-07-31"]  # type: ignore[misc]
    assert bench.dataset().closes("IWM")["2026-07-20":].tolist() == pytest.approx(expected.tolist(), abs=1e-6)  # type: ignore[misc]


def test_a_late_correction_is_stored_and_logged(bench: Bench) -> None:
    before = close(bench, "IWM", "2026-07-15")
    bench.vendors.world.corrections["IWM", date(2026, 7, 15)] = 299.5
    bench.at("2026-07-20")
    summary = bench.run(["prices"])
    assert close(bench, "IWM", "2026-07-15") == 299.5
    assert summary.part("prices").written.changed == 1
    [log] = [row for row in runs.corrected(bench.store) if row["table_name"] == "bars"]
    assert log["key"] == '{"symbol": "IWM", "day": "2026-07-15"}'
    assert str(before) in log["old"]
    assert "299.5" in log["new"]


def test_a_new_split_refetches_the_history(bench: Bench) -> None:
    bench.vendors.world.splits["AAPL", date(2026, 7, 20)] = 4.0
    before = len(bench.store.rows("bars", symbol="AAPL"))
    bench.at("2026-07-20")
    summary = bench.run(["prices"])
    assert summary.ok
    assert bench.vendors.paths("yahoo").count("/v8/finance/chart/AAPL") == 2
    rows = bench.store.rows("bars", symbol="AAPL")
    assert len(rows) == before + 1
    found = {row["day"]: row["close"] for row in rows}
    recorded_closes = sample().total_return("AAPL")
    assert found[date(2026, 7, 17)] == pytest.approx(float(recorded_closes["2026-07-17"]) / 4, abs=1e-6)
    assert found[date(2025, 1, 2)] == pytest.approx(float(recorded_closes["2025-01-02"]) / 4, abs=1e-6)
    [log] = [row for row in runs.corrected(bench.store) if row["table_name"] == "bars"]
    assert "split 4:1 on 2026-07-20" in log["new"]


def test_a_split_the_vendor_does_not_tell_is_seen_all_the_same(bench: Bench) -> None:
    day = date(2026, 7, 1)
    bench.vendors.world.splits["AAPL", day] = 2.0  # before the last stored day: no event among the new bars
    bench.at("2026-07-20")
    bench.run(["prices"])
    expected = float(sample().total_return("AAPL")["2025-01-02"]) / 2
    assert close(bench, "AAPL", "2025-01-02") == pytest.approx(expected, abs=1e-6)
    [log] = [row for row in runs.corrected(bench.store) if row["table_name"] == "bars" and "reason" in row["new"]]
    assert "all closes divided by 2" in log["new"]


def test_a_jump_that_vanishes_is_not(bench: Bench) -> None:
    day = date(2026, 7, 20)
    bench.vendors.world.flicker["AAPL", day] = 100.0  # the first answer has it, the second does not
    bench.at("2026-07-20")
    summary = bench.run(["prices"])
    assert summary.ok
    assert close(bench, "AAPL", "2026-07-20") == pytest.approx(
        float(sample().total_return("AAPL")["2026-07-20"]), abs=1e-6
    )
    [refused] = runs.refused(bench.store)
    assert refused["reason"] == "a jump that a second fetch did not confirm: 2026-07-20"


def test_volatility_on_a_holiday_is_refused_once(bench: Bench) -> None:
    with bench.store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM bars WHERE day > '2026-07-01'")
    bench.vendors.world.extra_bars["^VIX", date(2026, 7, 3)] = 22.0
    for day in ("2026-07-20", "2026-07-20"):
        bench.at(day)
        assert bench.run(["prices"]).ok
    assert close(bench, "VIX", "2026-07-03") is None
    [refused] = runs.refused(bench.store)
    assert refused["reason"] == "not a session of the exchange"
    assert '"VIX"' in refused["row"]


def test_a_missing_dividend_is_not_stored(bench: Bench) -> None:
    """The adjusted series knows of a dividend that the events do not: total return would be wrong."""
    bench.vendors.world.hidden_dividends["SPY", date(2026, 7, 20)] = 1.9
    bench.at("2026-07-20")
    summary = bench.run(["prices"])
    assert summary.part("prices").status == "partial"
    assert bench.store.newest("bars", symbol="SPY") == date(2026, 7, 17)
    assert "the adjusted series steps at 2026-07-20" in runs.refused(bench.store)[0]["reason"]


def test_a_session_is_shown_when_all_have_it(bench: Bench) -> None:
    bench.vendors.world.delays["QQQ"] = 1  # its newest bar is not there yet
    bench.at("2026-07-20")
    summary = bench.run(["prices"])
    assert (summary.ok, summary.waiting) == (True, True)
    assert bench.dataset().as_of == date(2026, 7, 17)
    bench.vendors.world.delays.clear()
    bench.vendors.forget()
    summary = bench.run(["prices"])
    assert (summary.waiting, bench.dataset().as_of) == (False, date(2026, 7, 20))
    assert bench.vendors.paths("yahoo")[2:] == ["/v8/finance/chart/QQQ"]


def test_a_symbol_left_behind_holds_nothing_back_for_ever(bench: Bench) -> None:
    bench.vendors.world.unknown.add("QQQ")
    days = {"20": "17", "21": "17", "22": "17", "23": "23"}
    for day, shown in days.items():
        bench.at(f"2026-07-{day}")
        assert bench.run(["prices"]).sentences() == ("Yahoo Finance has nothing under “QQQ”.",)
        assert bench.dataset().as_of == date(2026, 7, int(shown))
    assert bench.dataset().closes("QQQ").index[-1] == pd.Timestamp("2026-07-17")
    bench.vendors.world.unknown.clear()
    bench.at("2026-07-24")
    assert bench.run(["prices"]).ok
    assert bench.dataset().closes("QQQ").index[-1] == pd.Timestamp("2026-07-24")


FINAL = date(2026, 7, 31)


@pytest.mark.parametrize(
    ("newest", "shown", "stuck", "expected"),
    [
        ({}, None, 0, None),
        ({"A": date(2026, 7, 31), "B": date(2026, 7, 31)}, None, 0, date(2026, 7, 31)),
        ({"A": date(2026, 7, 31), "B": date(2026, 7, 20)}, date(2026, 7, 20), 1, date(2026, 7, 20)),
        ({"A": date(2026, 7, 31), "B": date(2026, 7, 20)}, date(2026, 7, 20), 4, date(2026, 7, 31)),
        ({"A": FINAL, "B": date(2026, 7, 30), "C": date(2026, 7, 20)}, date(2026, 7, 20), 4, date(2026, 7, 30)),
        ({"A": date(2026, 7, 31), "B": date(2026, 7, 1)}, date(2026, 7, 30), 0, date(2026, 7, 31)),
        ({"A": date(2026, 7, 1)}, date(2026, 7, 30), 0, date(2026, 7, 1)),
        ({"A": date(2026, 8, 3)}, date(2026, 7, 30), 0, FINAL),
    ],
)  # fmt: skip
def test_who_holds_a_session_back(
    newest: dict[str, date], shown: date | None, stuck: int, expected: date | None
) -> None:
    assert whole_through(newest, FINAL, shown, stuck) == expected


def test_full_fetches_everything_again(bench: Bench) -> None:
    bench.vendors.world.corrections["IWM", date(2025, 3, 3)] = 210.0
    assert bench.run(["prices"]).requests == 0
    assert bench.run(["prices"], full=True).ok
    assert close(bench, "IWM", "2025-03-03") == 210.0


def test_progress_is_told(bench: Bench) -> None:
    told: list[tuple[str, int, int]] = []
    bench.at("2026-07-20")
    bench.run(["prices"], progress=lambda *step: told.append(step))
    assert [step[1:] for step in told] == [(n, len(SYMBOLS)) for n in range(1, len(SYMBOLS) + 1)]


def test_futures_are_asked_for_by_contract(bench: Bench) -> None:
    bench.at("2026-07-20")
    assert bench.run(["futures"]).ok
    asked = sorted(path for path in bench.vendors.paths("yahoo") if "/chart/" in path)
    assert asked == ["/v8/finance/chart/ZQN26.CBT", "/v8/finance/chart/ZQQ26.CBT"]
    stored = bench.store.rows("futures", contract=202608, day=date(2026, 7, 20))
    settled = sample().futures().query("contract == 202608").set_index("date")["close"]
    assert stored[0]["close"] == float(settled["2026-07-20"])
