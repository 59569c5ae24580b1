"""Funds on the sample. Expected figures were worked out with numpy from the recorded closes and yields."""

import bisect
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from pydantic import ValidationError

from bot import i18n
from bot.charts.theme import DARK, LIGHT, Theme
from bot.errors import MissingData, NotEnoughHistory, NoTotalReturn, StartAfterEnd, UnknownSymbol
from bot.features.funds import words as says
from bot.features.funds.findings import Findings, Fund, Risk
from bot.features.funds.request import FundsRequest
from tests.charts.legibility import labels, words
from tests.features.answers import ask, assert_nothing_leaks, drawn, rows, sample, values

TODAY = ask("funds")


def row(report: object, symbol: str) -> dict[str, object]:
    return next(r for r in rows(report, "funds") if r["symbol"] == symbol)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("symbol", "expected"),
    [
        # 30 July 2021 to 31 July 2026: total, volatility, Sharpe, deepest fall, beta, tracking error, captures
        ("IWM", (0.402307, 0.224572, 0.24604, -0.319063, 1.111064, 0.120237, 0.972413, 1.255780)),
        ("VB", (0.432592, 0.206751, 0.26944, -0.281541, 1.066136, 0.096957, 0.921864, 1.148890)),
        ("IWN", (0.522179, 0.212021, 0.32528, -0.267052, 0.987215, 0.127658, 0.958564, 1.139414)),
    ],
)
def test_risk_and_return_over_five_years(symbol: str, expected: tuple[float, ...]) -> None:
    found = row(TODAY, symbol)
    keys = ("return_window", "volatility", "sharpe", "max_drawdown", "beta", "tracking_error", "capture_up",
            "capture_down")  # fmt: skip
    for key, value in zip(keys, expected, strict=True):
        assert found[key] == pytest.approx(value, abs=1e-5 if key != "sharpe" else 2e-4), key


def test_returns_by_years_are_per_year() -> None:
    """IWM made 40.2307% from 30 July 2021 in 1827 days: 1.402307 ** (365.25 / 1827) - 1 is 6.9933%."""
    found = row(TODAY, "IWM")
    assert found["return_5y"] == pytest.approx(1.4023069861 ** (365.25 / 1827) - 1)
    index = sample().total_return("IWM")
    assert found["return_1y"] == pytest.approx(index["2026-07-31"] / index["2025-07-31"] - 1)


def test_facts_as_stored() -> None:
    found = row(TODAY, "VB")
    assert (found["expense_ratio"], found["yield"]) == (pytest.approx(0.0003), pytest.approx(0.0134, abs=1e-6))
    assert found["assets"] == 164569923584
    assert row(TODAY, "IWM")["holdings"] == len(sample().holdings("IWM").frame)
    assert TODAY.stat("cost.IWM").as_of == date(2026, 5, 3)
    assert row(TODAY, "IWO")["expense_ratio"] is None
    assert "Cost, assets and yield are not stored for IWO and IWN." in TODAY.notes
    assert any("are not stored for VB, IWO, and IWN" in note for note in TODAY.notes)


def test_multiples_of_members_count_losses_both_ways() -> None:
    found = row(TODAY, "IWM")
    assert found["pe_all"] > found["pe_profitable"] > 10  # type: ignore[operator]
    facts = sample().fundamentals().frame
    held = [s for s in sample().holdings("IWM").frame["symbol"] if s in facts.index]
    known = facts.loc[held].dropna(subset=["market_cap", "price_to_sales", "net_margin"])
    known = known[known["price_to_sales"] > 0]
    income = known["net_margin"] * known["market_cap"] / known["price_to_sales"]
    gains = (income > 0) & (income <= known["market_cap"])
    rough = known["market_cap"][gains].sum() / income[gains].sum()
    assert found["pe_profitable"] == pytest.approx(rough, rel=0.02)  # share classes and caps of other days


def test_the_headline_of_the_card() -> None:
    assert TODAY.headline == (
        "IWN returned most over 5 years, +8.8% a year; IWO least, +5.0% a year; of the 2 costs stored, the lowest is "
        "0.03% a year (VB)."
    )
    assert [stat.id for stat in TODAY.figures] == ["return.IWM", "return.VB", "return.IWO", "return.IWN"]
    assert values(TODAY)["return.IWM"] == pytest.approx(0.402307, abs=1e-6)


def test_one_fund_alone() -> None:
    report = ask("funds", symbols=("IWM",))
    assert report.headline == "IWM: +7.0% a year over 5 years, with a deepest fall of −31.9%."


def test_before_any_of_them_traded_the_first_day_there_is_is_named() -> None:
    with pytest.raises(NotEnoughHistory) as early:
        ask("funds", "1998-03-02")
    assert (early.value.symbol, early.value.first) == ("IWM", date(2000, 5, 26))


def test_two_of_the_same() -> None:
    risk = Risk(0.1, None, 0.2, 0.5, 0.7, -0.1, date(2026, 1, 1), 1.0, 0.0, (1.0, 1.0))
    none = (None, None)
    funds = tuple(Fund(s, date(2000, 1, 1), None, None, none, {}, risk, sample().total_return("IWM")) for s in "AB")
    found = Findings("SPY", date(2025, 7, 31), date(2026, 7, 31), funds, {}, epochs_apart=False)
    assert says.headline(found, FundsRequest(window="1y")) == "Both funds returned the same over 1 year: +10.0%."


class TestTooYoung:
    def test_a_younger_fund_is_left_out_of_the_window(self) -> None:
        report = ask("funds", symbols=("IWM", "MAGS"))
        young = row(report, "MAGS")
        assert young["return_window"] is None
        assert young["return_3y"] is not None
        assert any("MAGS is younger than the window" in note for note in report.notes)
        assert report.headline.startswith("IWM: ")

    def test_all_history_begins_with_the_youngest(self) -> None:
        report = ask("funds", symbols=("IWM", "MAGS"), window="max")
        assert any("from the close of 11 Apr 2023" in note for note in report.notes)
        assert row(report, "IWM")["return_window"] is not None

    def test_not_listed_yet(self) -> None:
        report = ask("funds", "2023-04-10", symbols=("IWM", "MAGS"))
        assert row(report, "MAGS")["first"] is None
        assert any("MAGS had not traded" in note for note in report.notes)

    def test_none_listed_yet(self) -> None:
        with pytest.raises(NotEnoughHistory):
            ask("funds", "1998-01-02")

    def test_a_window_before_all_of_them(self) -> None:
        with pytest.raises(NotEnoughHistory):
            ask("funds", window="30y")

    def test_listed_yesterday(self) -> None:
        report = ask("funds", "2023-04-12", symbols=("MAGS",), window="max")
        assert row(report, "MAGS")["volatility"] is None
        assert report.headline.startswith("MAGS: ")

    def test_the_first_session(self) -> None:
        report = ask("funds", "2023-04-11", symbols=("MAGS",), window="max")
        assert row(report, "MAGS")["return_window"] is None
        assert report.headline == "None of these funds has traded for the whole window (all history)."


class TestRefused:
    def test_an_index_has_no_total_return(self) -> None:
        with pytest.raises(NoTotalReturn):
            ask("funds", symbols=("RUT",))

    def test_an_unknown_symbol(self) -> None:
        with pytest.raises(UnknownSymbol):
            ask("funds", symbols=("GME",))

    def test_a_window_of_nothing(self) -> None:
        with pytest.raises(StartAfterEnd):
            ask("funds", window="2026-07-31")

    def test_more_than_ten_funds(self) -> None:
        with pytest.raises(ValidationError):
            FundsRequest(symbols=tuple(f"F{n}" for n in range(11)))


TEN = ("IWM", "VB", "IWO", "IWN", "IJR", "MAGS", "SPY", "QQQ", "RSP", "VTI")


def test_ten_funds_are_all_in_the_table_and_six_on_the_card() -> None:
    report = ask("funds", symbols=TEN, window="3y")
    assert [row["symbol"] for row in rows(report, "funds")] == list(TEN)
    assert [stat.id for stat in report.figures] == [f"return.{symbol}" for symbol in TEN[:6]]
    assert set(TEN) <= {stat.id.removeprefix("return.") for stat in report.stats}
    assert "The card and the picture show the first 6; the table has all." in report.notes
    for theme in (DARK, LIGHT):
        drawn_names = labels(drawn(report, theme)["funds"]).keys()
        assert set(TEN) & drawn_names == set(TEN[:6])
    returned = {row["symbol"]: row["return_window"] for row in rows(report, "funds")}
    best, worst = max(returned, key=lambda s: returned[s]), min(returned, key=lambda s: returned[s])
    assert report.headline.startswith(f"{best} returned most over 3 years, ")
    assert f"; {worst} least, " in report.headline
    assert not any("the first 6" in note for note in ask("funds", symbols=TEN[:6], window="3y").notes)


def test_overlap_is_measured_within_one_epoch_alone() -> None:
    """The list of IWM is of May 2026, that of IWB of July: the reconstitution of June lies between."""
    report = ask("funds", symbols=("IWM", "IWB"))
    assert [table.id for table in report.tables] == ["funds"]
    assert any("A reconstitution lies between" in note for note in report.notes)
    with pytest.raises(MissingData):
        sample().at(date(2026, 6, 1)).holdings("IWB")


@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2026, 4, 3), date(2026, 5, 4), date(2026, 7, 30)])
def test_nothing_leaks_on_odd_days(day: date) -> None:
    assert_nothing_leaks("funds", day)


SIX = ("IWM", "VB", "IWO", "IWN", "IJR", "MAGS")


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize(
    ("symbols", "window"), [(SIX, "3y"), (SIX, "1w"), (("NVDA", "QQQ"), "max"), (("IWM",), "5y"), (SIX[:4], "max")]
)
def test_the_picture_is_legible(symbols: tuple[str, ...], window: str, theme: Theme) -> None:
    """With six funds, and with a fund that turned 10,000 into tens of millions."""
    figure = drawn(ask("funds", symbols=symbols, window=window), theme)["funds"]
    assert set(symbols) <= labels(figure).keys()


def test_the_picture_ends_where_the_card_does() -> None:
    figure = drawn(TODAY)["funds"]
    assert {"IWM 14,023", "IWN 15,222", "IWM −32%"} <= set(words(figure))
    line = labels(figure)["IWM"].get_ydata()  # type: ignore[attr-defined]
    assert line[-1] == pytest.approx(14_023.07, abs=0.01)
    depths = labels(figure)["IWM drawdown"].get_ydata()  # type: ignore[attr-defined]
    assert np.nanmin(depths) == pytest.approx(-0.319063, abs=1e-6)


def test_an_empty_picture_still_says_what_it_is() -> None:
    figure = drawn(ask("funds", "2023-04-11", symbols=("MAGS",), window="max"))["funds"]
    assert "Growth of 10,000 dollars" in words(figure)


def test_every_sentence_can_be_translated() -> None:
    with i18n.use("en_XA"):
        report = ask("funds")
        texts = (report.title, report.headline, *report.notes, *(c.alt for c in report.charts))
        assert all(text.startswith("⟦") for text in texts)
        assert all(stat.label.startswith("⟦") for stat in report.stats)
        assert all(c.label.startswith("⟦") for t in report.tables for c in t.columns)


def test_sortino_counts_the_days_below_the_bill_alone() -> None:
    """Over five years, from the sample's daily returns and bills, in a loop."""
    row = next(r for r in rows(ask("funds"), "funds") if r["symbol"] == "IWM")
    index, bill = sample().total_return("IWM"), sample().macro_known("DGS3MO").dropna()
    rates = dict(zip(bill["known"], bill["value"], strict=True))
    known = sorted(rates)
    days = index.loc["2021-07-30":].index  # type: ignore[misc]
    excess = []
    for before, day in pairwise(days):
        rate = rates[known[bisect.bisect_right(known, day) - 1]]
        excess.append(index[day] / index[before] - 1 - rate / 252)
    below = np.sqrt(sum(min(e, 0) ** 2 for e in excess) / len(excess))
    assert row["sortino"] == pytest.approx(np.mean(excess) * 252 / (below * np.sqrt(252)), rel=1e-9)


@pytest.mark.parametrize("metric", ["volatility", "sharpe", "sortino", "beta", "capture", "tracking_error"])
def test_measures_of_risk_are_explained_with_the_figures_of_the_card(metric: str) -> None:
    told = {stat.id: stat.value for stat in ask("explain", metric=f"returns.{metric}").stats}
    table = {row["symbol"]: row for row in rows(ask("funds"), "funds")}
    column = {"capture": "capture_up"}.get(metric, metric)
    stat = {"capture": "capture.up"}.get(metric, metric)
    assert {symbol: told[f"{stat}.{symbol}"] for symbol in table} == {s: row[column] for s, row in table.items()}
