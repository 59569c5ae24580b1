"""The bundled sample against the recorded rows and the figures published about them."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bot.errors import NoCloses, NoTotalReturn
from bot.market.archive import Archive
from bot.market.dataset import Dataset
from bot.market.sample import build, recorded
from bot.market.tables import SPECS

DATA = Path(__file__).parents[1] / "data" / "market"
FULL = Dataset.open("sample")


def raw(symbol: str) -> list[dict[str, str]]:
    with (DATA / f"{symbol}_2021-12-31_2025-12-31.csv").open() as source:
        return list(csv.DictReader(source))


def reinvested(symbol: str, start: str, end: str) -> float:
    """What one share bought at ``start`` became, every dividend buying more shares at that day's close."""
    rows = [row for row in raw(symbol) if start <= row["date"] <= end]
    shares = Decimal(1)
    for row in rows[1:]:
        shares *= 1 + Decimal(row["dividend"]) / Decimal(row["close"])
    return float(shares * Decimal(rows[-1]["close"]) / Decimal(rows[0]["close"]) - 1)


def total_return(symbol: str, start: str, end: str) -> float:
    index = FULL.total_return(symbol)
    return float(index[end] / index[start] - 1)


@pytest.mark.parametrize("symbol", ["IWM", "SPY"])
def test_every_close_and_dividend_is_the_recorded_one(symbol: str) -> None:
    closes, dividends = FULL.closes(symbol), FULL.dividends(symbol)
    rows = raw(symbol)
    assert len(rows) == 1004
    days = pd.DatetimeIndex([row["date"] for row in rows])
    assert closes[days].tolist() == [float(row["close"]) for row in rows]
    assert dividends[days].tolist() == [float(row["dividend"]) for row in rows]


@pytest.mark.parametrize(
    ("day", "close"),
    [("2025-10-15", 250.33), ("2025-12-04", 251.82), ("2025-12-10", 254.81), ("2025-12-11", 257.80)],
)
def test_the_records_of_late_2025(day: str, close: float) -> None:
    closes = FULL.closes("IWM")[:day]
    assert round(closes.iloc[-1], 2) == close
    assert closes.iloc[-1] == closes.max()


@pytest.mark.parametrize(
    ("symbol", "year", "published"),
    [
        ("IWM", 2022, -0.2048), ("IWM", 2023, 0.1684), ("IWM", 2024, 0.1139), ("IWM", 2025, 0.1266),
        ("SPY", 2022, -0.1818), ("SPY", 2023, 0.2618), ("SPY", 2024, 0.2489), ("SPY", 2025, 0.1772),
    ],
)  # fmt: skip
def test_calendar_years(symbol: str, year: int, published: float) -> None:
    days = [row["date"] for row in raw(symbol)]
    start = max(day for day in days if day < f"{year}-01-01")
    end = max(day for day in days if day <= f"{year}-12-31")
    computed = total_return(symbol, start, end)
    assert computed == pytest.approx(reinvested(symbol, start, end), abs=1e-12)
    # the published figures of SPY are those of another vendor's record, which differs in the fifth decimal
    assert computed == pytest.approx(published, abs=5e-5 if symbol == "IWM" else 1e-4)


def test_the_year_to_the_article() -> None:
    assert round(total_return("IWM", "2024-12-31", "2025-12-04"), 4) == 0.1486
    assert round(total_return("SPY", "2024-12-31", "2025-12-04"), 4) == 0.1780
    assert round(total_return("IWM", "2025-12-04", "2026-07-31"), 3) == 0.165
    assert round(total_return("SPY", "2025-12-04", "2026-07-31"), 3) == 0.101


def test_the_relative_level() -> None:
    small, large = FULL.closes("IWM"), FULL.closes("IWB")
    level = (small / large).dropna()
    assert round(level["2025-12-11"], 4) == 0.6822
    assert round(level.min(), 4) == 0.6292
    assert level.idxmin() == pd.Timestamp("2025-08-01")
    assert len(level[:"2025-12-11"]) == 6425


def test_what_each_symbol_is() -> None:
    kinds = {basis: {s for s in FULL.symbols() if FULL.basis(s) == basis} for basis in ("price", "adjusted", "level")}
    assert kinds["price"] == {"IWM", "SPY", "QQQ", "IWB"}
    assert kinds["level"] == {"RUT", "GSPC", "VIX", "IRX", "TNX", "ZQ_F"}
    assert len(kinds["adjusted"]) == 22
    assert FULL.name("IWM") == "iShares Russell 2000 ETF"
    assert FULL.name("TSLA") == "Tesla, Inc."
    assert FULL.name("RUT") == "Russell 2000 Index"
    assert all(FULL.name(symbol) != symbol for symbol in FULL.symbols())


@pytest.mark.parametrize("symbol", ["VB", "IWO", "MAGS", "NVDA"])
def test_adjusted_series_answer_returns_and_refuse_closes(symbol: str) -> None:
    assert FULL.total_return(symbol).iloc[-1] > 0
    for ask in (FULL.closes, FULL.dividends):
        with pytest.raises(NoCloses, match=symbol):
            ask(symbol)


def test_levels_have_no_total_return() -> None:
    assert FULL.closes("RUT").iloc[-1] == 2931.3401
    for ask in (FULL.total_return, FULL.dividends):
        with pytest.raises(NoTotalReturn, match="RUT"):
            ask("RUT")


def test_bars_stand_on_sessions_only() -> None:
    assert pd.Timestamp("2026-05-25") not in FULL.closes("VIX").index  # Memorial Day, recorded all the same
    for symbol in FULL.symbols():
        assert (
            FULL.prices(symbol, "price" if FULL.basis(symbol) == "level" else "total").index.isin(FULL.sessions).all()
        )


def test_rates_are_fractions() -> None:
    last = {name: FULL.macro(name).iloc[-1] for name in ("DGS2", "DFF", "UNRATE", "BAMLH0A0HYM2", "T10Y2Y")}
    assert last == {"DGS2": 0.0423, "DFF": 0.0363, "UNRATE": 0.042, "BAMLH0A0HYM2": 0.0284, "T10Y2Y": 0.0045}
    assert FULL.macro("ICSA").iloc[-1] == 197000
    assert FULL.macro("NFCI").iloc[-1] == -0.554
    changes = FULL.fed_changes()
    assert len(changes) == 74
    assert changes.iloc[-1].tolist() == [0.035, 0.0375]


def test_the_whole_market() -> None:
    assert [len(FULL.snapshot(before).frame) for before in (None, date(2026, 7, 2))] == [2572, 2555]
    assert [len(FULL.estimates(before).frame) for before in (None, date(2026, 7, 2))] == [2537, 2537]
    assert (len(FULL.fundamentals().frame), len(FULL.market().frame)) == (3411, 5443)
    alcoa = FULL.snapshot().frame.loc["AA"]
    assert (alcoa["market_cap"], alcoa["price"], alcoa["average_50d"]) == (12848797696, 48.69, 65.5174)
    assert alcoa["return_1y"] == pytest.approx(0.7102213067882558)
    assert np.isnan(alcoa["return_1m"])
    assert FULL.estimates().frame.loc["BRKB", "price"] > 400  # written BRK-B in that file


def test_short_interest_of_three_dates() -> None:
    assert FULL.settlements()["settlement"].dt.date.tolist() == [
        date(2026, 5, 15),
        date(2026, 6, 30),
        date(2026, 7, 15),
    ]
    agilent = FULL.short_interest().frame.loc["A"]
    assert agilent.tolist() == [7538437, 5331733, 2136993, 3.53, False]
    assert FULL.short_interest(date(2026, 6, 30)).frame.loc["A", "short_shares"] == 5331733
    assert FULL.short_interest(date(2026, 5, 15)).frame.loc["A", "short_shares"] == 5502353
    assert FULL.short_interest().frame.loc["NA", "short_shares"] == 1093693  # a real ticker, not a missing one
    assert FULL.short_interest().frame.loc["ABTC", "split"]


def test_members_and_fund_facts() -> None:
    assert [(FULL.holdings(fund).date, len(FULL.holdings(fund).frame)) for fund in ("IWM", "IWB")] == [
        (date(2026, 5, 5), 1916), (date(2026, 7, 17), 1023),
    ]  # fmt: skip
    bloom = FULL.holdings("IWM").frame.iloc[FULL.holdings("IWM").frame["weight"].argmax()]
    assert (bloom["symbol"], bloom["weight"], bloom["shares"]) == ("BE", 0.0193, 5190838)
    facts = FULL.fund_facts("IWM")
    values = dict(facts.values)
    assert (facts.date, values["expense_ratio"], values["inception"]) == (date(2026, 5, 3), 0.0019, "2000-05-22")
    assert [stock["symbol"] for stock in values["top_holdings"]][:2] == ["BE", "CDE"]


def test_every_table_is_filled() -> None:
    sample = Archive("sample")
    assert [table for table in SPECS if not sample.rows(table)] == ["aggregates"]  # a record begins with its bot


def test_percents_become_the_nearest_fractions() -> None:
    assert recorded.as_fraction(np.array([4.28, 0.07, -0.5, 5.25])).tolist() == [0.0428, 0.0007, -0.005, 0.0525]


def test_building_needs_a_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main([]) == 2
    assert build.main(["/nowhere/at/all"]) == 2
    assert "usage" in capsys.readouterr().err
