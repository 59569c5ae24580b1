"""Closes that may be wrong, through the whole way: held for the night, taken back, or believed the day after."""

from datetime import date, timedelta

import pandas as pd
import pytest

from bot.market.store import runs
from tests.market.ingest.conftest import Bench
from tests.market.ingest.small import SYMBOLS
from tests.vendors.world import sample, table

MONDAY, TUESDAY = date(2026, 7, 20), date(2026, 7, 21)


def close(bench: Bench, day: date, symbol: str = "AAPL") -> float | None:
    rows = bench.store.rows("bars", symbol=symbol, day=day)
    return rows[0]["close"] if rows else None


def recorded(day: date, symbol: str = "AAPL") -> float:
    """Return what the local vendor serves: the record's close, or its adjusted one where there is no other."""
    return float(table(symbol)["close"][pd.Timestamp(day)])


def reasons(bench: Bench) -> list[str]:
    return [row["reason"] for row in runs.refusals(bench.store)]


def test_a_jump_repeated_within_minutes_is_held_for_the_night(bench: Bench) -> None:
    """Nothing of the evening is shown with it or without it; it is asked for again, and the vendor has mended it."""
    bench.vendors.world.corrections["AAPL", MONDAY] = 100.0
    for hour in (17, 19, 23):
        bench.at("2026-07-20", hour)
        summary = bench.run(["prices"])
        assert (summary.ok, summary.waiting) == (True, True)
        assert (close(bench, MONDAY), bench.dataset().as_of) == (None, date(2026, 7, 17))
    assert bench.vendors.paths("yahoo").count("/v8/finance/chart/AAPL") == 2  # and nobody else's, at 23 o'clock
    assert len(bench.vendors.paths("yahoo")) == 2 + 2
    [told] = runs.refusals(bench.store)
    assert (told["reason"], told["times"]) == ("a jump is believed from the day after: 2026-07-20", 3)

    bench.vendors.world.corrections.clear()
    bench.at("2026-07-21", 1)
    assert bench.run(["prices"]).ok
    assert close(bench, MONDAY) == pytest.approx(recorded(MONDAY), abs=1e-6)
    assert bench.dataset().as_of == MONDAY


def test_a_real_jump_is_stored_the_day_after(bench: Bench) -> None:
    """Two requests for it in the evening, two after midnight; then it stays as the next sessions do."""
    factor = 0.5
    for day in (MONDAY, TUESDAY):
        bench.vendors.world.corrections["AAPL", day] = recorded(day) * factor
    bench.at("2026-07-20")
    first = bench.run(["prices"])
    assert first.part("prices").requests == len(SYMBOLS) + 2 + 1
    bench.at("2026-07-21", 1)
    assert bench.run(["prices"]).ok
    assert close(bench, MONDAY) == pytest.approx(recorded(MONDAY) * factor, abs=1e-6)
    bench.at("2026-07-21")
    assert bench.run(["prices"]).ok
    assert close(bench, TUESDAY) == pytest.approx(recorded(TUESDAY) * factor, abs=1e-6)
    assert bench.dataset().as_of == TUESDAY
    assert reasons(bench) == ["a jump is believed from the day after: 2026-07-20"]


def test_a_wrong_close_that_is_repeated_all_night_goes_when_the_next_session_takes_it_back(either: Bench) -> None:
    """It was stored after midnight; the next evening it is withdrawn, told with its reason, and stays away."""
    either.vendors.world.corrections["AAPL", MONDAY] = 100.0
    either.at("2026-07-21", 1)
    assert either.run(["prices"]).ok
    assert close(either, MONDAY) == 100.0
    before = {row["day"]: row for row in either.store.rows("bars", symbol="AAPL")}
    for day in ("2026-07-21", "2026-07-22"):
        either.at(day)
        assert either.run(["prices"]).ok
        assert close(either, MONDAY) is None
    after = {row["day"]: row for row in either.store.rows("bars", symbol="AAPL")}
    assert {day: row for day, row in after.items() if day < MONDAY} == {
        day: row for day, row in before.items() if day < MONDAY
    }
    assert close(either, TUESDAY) == pytest.approx(recorded(TUESDAY), abs=1e-6)
    assert MONDAY not in {row["day"] for row in either.store.rows("ohlc", symbol="AAPL")}
    [log] = [row for row in runs.corrected(either.store) if row["table_name"] == "bars"]
    assert "a jump that the next session took back: 2026-07-20" in log["new"]
    assert pd.Timestamp(MONDAY) not in either.dataset().total_return("AAPL").index
    assert either.dataset().as_of == date(2026, 7, 22)

    either.vendors.world.corrections.clear()
    either.at("2026-07-23")
    assert either.run(["prices"]).ok
    assert close(either, MONDAY) == pytest.approx(recorded(MONDAY), abs=1e-6)


def test_a_wrong_close_in_an_old_history_is_left_out(fresh: Bench) -> None:
    """A first fetch has no earlier day to compare with, but it has the next session."""
    wrong = date(2025, 3, 3)
    fresh.vendors.world.corrections["IWM", wrong] = 21.0
    summary = fresh.run(["prices"])
    assert summary.ok
    rows = fresh.store.rows("bars", symbol="IWM")
    expected = sample().closes("IWM")["2024-07-17":"2026-07-17"].drop(pd.Timestamp(wrong))  # type: ignore[misc]
    assert [row["day"] for row in rows] == [day.date() for day in expected.index]
    assert reasons(fresh) == ["a jump that the next session took back: 2025-03-03"]


def test_a_close_that_its_quote_contradicts_is_held(bench: Bench) -> None:
    """Ten percent off is no jump; but the answer itself says otherwise."""
    bench.vendors.world.corrections["IWM", MONDAY] = recorded(MONDAY, "IWM") * 0.9
    bench.vendors.world.quotes["IWM", MONDAY] = recorded(MONDAY, "IWM")
    bench.at("2026-07-20")
    summary = bench.run(["prices"])
    assert (summary.ok, summary.waiting, close(bench, MONDAY, "IWM")) == (True, True, None)
    assert reasons(bench) == ["the quote of the same session is another: 2026-07-20"]
    bench.vendors.world.corrections.clear()
    bench.vendors.forget()
    assert not bench.run(["prices"]).waiting
    assert close(bench, MONDAY, "IWM") == pytest.approx(recorded(MONDAY, "IWM"), abs=1e-6)
    assert bench.vendors.paths("yahoo")[2:] == ["/v8/finance/chart/IWM"]


@pytest.mark.parametrize(("symbol", "factor"), [("IWM", 0.7), ("RUT", 1.3), ("AAPL", 0.5)])
def test_two_wrong_closes_in_a_row_go_with_the_third(bench: Bench, symbol: str, factor: float) -> None:
    """Believed after midnight, joined by another the next evening; the quotes agree. Then both are withdrawn."""
    theirs = {"RUT": "^RUT"}.get(symbol, symbol)
    for day in (MONDAY, TUESDAY):
        bench.vendors.world.corrections[theirs, day] = recorded(day, theirs) * factor
    bench.at("2026-07-20")
    assert bench.run(["prices"]).waiting
    assert close(bench, MONDAY, symbol) is None
    for day, hour in (("2026-07-21", 1), ("2026-07-21", 18)):
        bench.at(day, hour)
        assert bench.run(["prices"]).ok
    assert close(bench, TUESDAY, symbol) == pytest.approx(recorded(TUESDAY, theirs) * factor, abs=1e-5)
    bench.at("2026-07-22")
    assert bench.run(["prices"]).ok
    assert (close(bench, MONDAY, symbol), close(bench, TUESDAY, symbol)) == (None, None)
    assert close(bench, date(2026, 7, 22), symbol) == pytest.approx(recorded(date(2026, 7, 22), theirs), abs=1e-5)
    assert bench.dataset().as_of == date(2026, 7, 22)
    bench.vendors.world.corrections.clear()
    bench.at("2026-07-23")
    assert bench.run(["prices"]).ok
    assert close(bench, MONDAY, symbol) == pytest.approx(recorded(MONDAY, theirs), abs=1e-5)
    assert close(bench, TUESDAY, symbol) == pytest.approx(recorded(TUESDAY, theirs), abs=1e-5)


def test_a_split_that_is_told_before_the_closes_are_adjusted_waits(bench: Bench) -> None:
    """The whole history would be replaced by one with a fall of three quarters in it."""
    bench.vendors.world.splits["AAPL", MONDAY] = 4.0
    bench.vendors.world.unadjusted.add("AAPL")
    before = bench.store.rows("bars", symbol="AAPL")
    bench.at("2026-07-20")
    assert bench.run(["prices"]).part("prices").status == "partial"
    assert bench.store.rows("bars", symbol="AAPL") == before
    assert reasons(bench) == ["closes before 2026-07-20 are not in the shares of after the split"]
    bench.vendors.world.unadjusted.clear()
    bench.at("2026-07-20", 20)
    assert bench.run(["prices"]).ok
    assert close(bench, MONDAY) == pytest.approx(recorded(MONDAY) / 4, abs=1e-6)
    assert close(bench, MONDAY - timedelta(days=3)) == pytest.approx(recorded(MONDAY - timedelta(days=3)) / 4, abs=1e-6)


@pytest.mark.parametrize(("symbol", "other"), [("IWM", "SPY"), ("AAPL", "MSFT"), ("^RUT", "^GSPC")])
def test_another_symbols_bars_under_its_name_replace_nothing(bench: Bench, symbol: str, other: str) -> None:
    """No jump in them, and their quote agrees; but what is stored says otherwise."""
    ours = symbol.lstrip("^")
    before = bench.store.rows("bars", symbol=ours)
    bench.vendors.world.copies[symbol] = other
    bench.at("2026-07-20")
    assert bench.run(["prices"]).part("prices").status == "partial"
    assert bench.store.rows("bars", symbol=ours) == before
    [told] = reasons(bench)
    assert "stored closes are others here" in told
    bench.vendors.world.copies.clear()
    assert bench.run(["prices"]).ok
    assert close(bench, MONDAY, ours) == pytest.approx(recorded(MONDAY, symbol), abs=1e-5)


def test_a_wrong_history_is_replaced_when_asked_for_in_full(bench: Bench) -> None:
    with bench.store.writing() as connection:
        connection.exec_driver_sql("UPDATE bars SET close = 500 + close WHERE symbol = 'IWM'")
    bench.at("2026-07-20")
    assert "IWM" in bench.run(["prices"]).part("prices").detail
    assert bench.run(["prices"], full=True).ok
    assert close(bench, MONDAY, "IWM") == pytest.approx(recorded(MONDAY, "IWM"), abs=1e-5)
    assert max(row["close"] for row in bench.store.rows("bars", symbol="IWM")) < 500


def test_a_few_corrections_are_taken(bench: Bench) -> None:
    days = [date(2026, 7, day) for day in (6, 7, 8, 9, 10)]
    bench.vendors.world.corrections.update({("SPY", day): recorded(day, "SPY") * 0.95 for day in days})
    bench.at("2026-07-20")
    assert bench.run(["prices"]).ok
    assert close(bench, days[0], "SPY") == pytest.approx(recorded(days[0], "SPY") * 0.95, abs=1e-5)
