"""Reading the screener: recorded rows, and rows made awkward."""

import math
from typing import Any

import pandas as pd
import pytest

from bot.market.sources.yahoo_market import as_fractions, snapshot
from tests.vendors import recorded

RECORDED = ["screener-aggressive_small_caps", "dailyGainers", "dailyLosers"]


def quotes(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = recorded.yahoo(name).json()["finance"]["result"][0]["quotes"]
    return found


@pytest.mark.parametrize("name", RECORDED)
def test_recorded_rows(name: str) -> None:
    rows = quotes(name)
    found = snapshot(rows, len(rows))
    assert len(found.frame) == len(rows)
    assert found.dropped == {}
    assert found.frame["market_cap"].sum() == sum(row["marketCap"] for row in rows)
    assert found.frame["shares"].sum() == sum(row["sharesOutstanding"] for row in rows)
    for row in rows:
        ours = found.frame.loc[row["symbol"]]
        assert ours["price"] == row["regularMarketPrice"]
        assert ours["return_1y"] == pytest.approx(row["fiftyTwoWeekChangePercent"] / 100)
        assert ours["average_200d"] == row["twoHundredDayAverage"]
        if row["financialCurrency"] == "USD":
            assert ours["eps_fy2"] == pytest.approx(row.get("epsForward", math.nan), nan_ok=True)
            assert ours["eps_fy1"] == pytest.approx(row.get("epsCurrentYear", math.nan), nan_ok=True)


def test_prices_are_of_the_session_the_vendor_says() -> None:
    """The first of the rows was recorded before an opening: its price is the last close's."""
    frame = snapshot(quotes("screener-aggressive_small_caps"), 5).frame
    assert set(frame["quoted"]) == {pd.Timestamp("2025-02-24")}
    assert snapshot([row("A")], 1).frame["quoted"].isna().all()


@pytest.mark.parametrize("scale", [1.0, 0.01])
def test_returns_are_fractions_whichever_way_they_come(scale: float) -> None:
    rows = [row("A", fiftyTwoWeekChangePercent=12.0 * scale), row("B", fiftyTwoWeekChangePercent=-30.0 * scale),
            row("C", fiftyTwoWeekChangePercent=250.0 * scale)]  # fmt: skip
    assert snapshot(rows, 3).frame["return_1y"].tolist() == pytest.approx([0.12, -0.30, 2.50])


@pytest.mark.parametrize("name", RECORDED)
def test_the_day_of_recorded_rows(name: str) -> None:
    days = {pd.Timestamp(row["regularMarketTime"], unit="s", tz="America/New_York").date() for row in quotes(name)}
    assert {snapshot(quotes(name), 5).day} == days


@pytest.mark.parametrize(
    ("moments", "day"),
    [
        ([1785528001, 1785528000, 1785441600], "2026-07-31"),  # the last one was not traded that day
        ([1785542399], "2026-07-31"),  # one second to midnight in UTC, still the day in New York
        ([1785528000, "soon", None, -5, 10**18, True], "2026-07-31"),
        (["soon", None, 10**18], None),
        ([], None),
    ],
)
def test_the_day_is_that_of_most_prices(moments: list[Any], day: str | None) -> None:
    found = snapshot([row(f"A{n}", regularMarketTime=at) for n, at in enumerate(moments)], len(moments)).day
    assert (found and found.isoformat()) == day


def test_foreign_accounts_are_marked_and_left_out() -> None:
    found = snapshot(quotes("screener-aggressive_small_caps"), 5).frame
    row = found.loc["SID"]
    assert row["foreign"]
    assert math.isnan(row["eps_fy1"])
    assert math.isnan(row["pe_trailing"])
    assert row["market_cap"] > 0


def test_absent_fields_are_absent_not_zero() -> None:
    frame = snapshot(quotes("screener-aggressive_small_caps"), 5).frame
    for column in ("ev_to_sales", "short_share_of_float", "revenue_fy"):
        assert frame[column].isna().all()


def row(symbol: str, **changes: Any) -> dict[str, Any]:
    return {"symbol": symbol, "quoteType": "EQUITY", "currency": "USD", "regularMarketPrice": 10.0, "marketCap": 1e9,
            "longName": symbol, **changes}  # fmt: skip


def test_a_symbol_on_two_pages_counts_once() -> None:
    found = snapshot([row("A"), row("B"), row("B", marketCap=2e9), row("C")], 4)
    assert found.frame.index.tolist() == ["A", "B", "C"]
    assert found.frame.loc["B", "market_cap"] == 2e9


@pytest.mark.parametrize(
    ("symbol", "changes", "reason"),
    [
        ("BAC-PL", {}, "preferred, unit, warrant or right"),
        ("ABC-P", {}, "preferred, unit, warrant or right"),
        ("ABC-WT", {}, "preferred, unit, warrant or right"),
        ("ABC-UN", {}, "preferred, unit, warrant or right"),
        ("ABCDW", {}, "preferred, unit, warrant or right"),
        ("SPY", {"quoteType": "ETF"}, "no stock"),
        ("X", {"regularMarketPrice": 0}, "no price or market cap"),
        ("X", {"marketCap": None}, "no price or market cap"),
        ("X", {"currency": "CAD"}, "other currency"),
    ],
)
def test_what_is_no_common_stock_is_dropped_and_counted(symbol: str, changes: dict[str, Any], reason: str) -> None:
    found = snapshot([row("ABCD"), row(symbol, **changes)], 2)
    assert found.frame.index.tolist() == ["ABCD"]
    assert found.dropped == {reason: 1}


@pytest.mark.parametrize(
    ("symbol", "ours"), [("BRK-B", "BRKB"), ("HEI-A", "HEIA"), ("GOOGL", "GOOGL"), ("FOXA", "FOXA"), ("NA", "NA")]
)
def test_share_classes_stay_under_one_spelling(symbol: str, ours: str) -> None:
    found = snapshot([row("GOOG"), row("FOX"), row(symbol)], 3).frame
    assert ours in found.index
    assert found.loc[ours, "vendor_symbol"] == symbol


def test_wanted_fields_are_read_whatever_their_case() -> None:
    rows = [
        row("A", lastCloseTevTotalRevenueLtm=2.5, shortPercentageOfFloat={"raw": 0.04}, shortInterest=1_000_000),
        row("B", lastclosetevtotalrevenue=1.5, shortPercentageOfFloat=0.10),
        row("C"),
    ]
    frame = snapshot(rows, 3).frame
    assert frame["ev_to_sales"].tolist()[:2] == [2.5, 1.5]
    assert frame["short_share_of_float"].tolist()[:2] == [0.04, 0.10]
    assert frame.loc["A", "short_shares"] == 1_000_000
    assert frame.loc["C", ["ev_to_sales", "short_share_of_float", "short_shares"]].isna().all()


def test_percent_and_fraction_are_told_apart_by_the_whole_market() -> None:
    fractions = pd.Series([0.02, 0.05, 0.30, 1.4, math.nan])
    assert as_fractions(fractions).equals(fractions)
    assert as_fractions(fractions * 100).tolist()[:4] == pytest.approx([0.02, 0.05, 0.30, 1.4])
    assert as_fractions(pd.Series([math.nan, math.nan])).isna().all()
