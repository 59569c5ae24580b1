"""Portfolios at the borders: cash alone, one session, a benchmark too young, shares of what has no daily prices."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.errors import BadInput, MissingData, UnknownSymbol
from bot.features.allocation.request import AllocationRequest
from bot.market.dataset import Dataset
from bot.report import Report
from tests.features import flat, tiny
from tests.features.answers import ask, drawn, rows, sample, values
from tests.market.small import bars, dataset_of, instrument

YEAR = 253  # sessions of closes that make 252 returns


def walk(count: int, seed: int, step: float = 0.01, drift: float = 0.0) -> list[float]:
    moves = np.random.default_rng(seed).normal(drift, step, count - 1)
    return [100.0, *(100 * np.cumprod(1 + moves)).tolist()]


def priced(folder: Path, **prices: list[float]) -> Dataset:
    """Publish series that all end on the same session, as long as each is given."""
    return flat.market(folder, prices)


def hold(dataset: Dataset, holdings: str, **options: Any) -> Report:
    return ask("allocation", dataset, holdings=holdings, **options)


class TestWithoutMemberLists:
    """The share of small caps is said only where the members of the indices are known."""

    @pytest.mark.parametrize("day", ["2001-12-31", "2023-04-12", "2025-12-04"])
    @pytest.mark.parametrize("holdings", ["MAGS 50, CASH 50", "SPY 20, CASH 80", "IWM 99, CASH 1"])
    def test_half_in_cash(self, day: str, holdings: str) -> None:
        report = ask("allocation", day, holdings=holdings)
        assert report.headline.startswith("What these holdings are made of is not stored for this day")
        assert values(report)["share.small"] is None

    @pytest.mark.parametrize("day", ["1998-01-02", "2012-03-01"])
    def test_all_cash(self, day: str) -> None:
        assert ask("allocation", day, holdings="CASH 100").headline == "All of this is cash."

    @pytest.mark.parametrize("day", ["1998-01-02", "2000-06-05", "2012-03-01", "2026-07-31"])
    @pytest.mark.parametrize("holdings", ["SPY 100", "CASH 100", "MAGS 50, CASH 50", "GME 100", "CASH 5 usd"])
    def test_no_sentence_with_a_hole(self, day: str, holdings: str) -> None:
        report = ask("allocation", day, holdings=holdings)
        for text in (report.headline, *report.notes, *(chart.alt for chart in report.charts)):
            assert ", ." not in text
            assert "  " not in text
            assert "nan" not in text.lower().split()


class TestCashAlone:
    @pytest.mark.parametrize("holdings", ["CASH 100", "CASH 12 usd", "CASH 300 shares", "CASH 40, CASH 60"])
    def test_has_no_past_and_no_shift(self, holdings: str) -> None:
        report = ask("allocation", holdings=holdings)
        assert values(report)["max_drawdown"] is None
        assert values(report)["max_drawdown.shifted"] is None
        assert [table.id for table in report.tables] == ["cap_mix"]
        assert [chart.id for chart in report.charts] == ["cap_mix"]

    @pytest.mark.parametrize(("holdings", "value"), [("CASH 12 usd", 12.0), ("CASH 300 shares", 300.0)])
    def test_is_worth_itself(self, holdings: str, value: float) -> None:
        assert values(ask("allocation", holdings=holdings))["value"] == value

    def test_is_cash_in_both_views(self) -> None:
        parts = {(row["view"], row["part"]): row["portfolio"] for row in rows(ask("allocation", holdings="CASH 100"),
                                                                            "cap_mix")}  # fmt: skip
        assert {key for key, share in parts.items() if share} == {("index", "cash"), ("size", "cash")}


class TestNothingPriced:
    """A shift is one of a portfolio: where none of it has prices there is nothing to shift."""

    @pytest.mark.parametrize(("day", "holdings"), [("2001-12-31", "MAGS 50, CASH 50"), ("2026-07-31", "GME 100"),
                                                   ("2026-07-31", "GME 60, CASH 40")])  # fmt: skip
    @pytest.mark.parametrize("shift", [0.05, 1.0])
    def test_no_shift_either(self, day: str, holdings: str, shift: float) -> None:
        report = ask("allocation", day, holdings=holdings, shift=shift)
        found = values(report)
        assert [found[name] for name in ("volatility", "max_drawdown", "max_drawdown.shifted")] == [None] * 3
        assert "shift" not in {table.id for table in report.tables}
        assert found["coverage.weight"] == 0


class TestBetas:
    """Betas are of the same 252 returns as the risk, or there are none."""

    @pytest.mark.parametrize(("small", "known"), [(5, False), (YEAR - 1, False), (YEAR, True), (YEAR + 40, True)])
    def test_to_a_young_benchmark(self, tmp_path: Path, small: int, known: bool) -> None:
        length = YEAR + 40
        spy = walk(length, 1)
        days = flat.sessions(length)
        dataset = dataset_of(
            tmp_path,
            instruments=[instrument("IWM"), instrument("SPY")],
            bars=[*bars("IWM", days[-small], walk(small, 2)), *bars("SPY", days[0], spy)],
        )
        report = hold(dataset, "SPY 100", window="6m")
        assert (values(report)["beta.small"] is not None) == known
        assert values(report)["beta.large"] == pytest.approx(1)
        assert any("No beta to IWM" in line for line in report.notes) != known

    def test_on_the_days_of_the_sample(self) -> None:
        report = ask("allocation", "2000-06-05", holdings="QQQ 50, TLT 50")
        assert values(report)["beta.small"] is None  # IWM had five returns
        assert values(report)["beta.large"] is not None

    def test_is_that_of_least_squares(self, tmp_path: Path) -> None:
        dataset = priced(tmp_path, IWM=walk(YEAR, 3), SPY=walk(YEAR, 4), QQQ=walk(YEAR, 5, 0.02))
        found = values(hold(dataset, "QQQ 75, CASH 25"))
        returns = {s: np.diff(dataset.total_return(s)) / dataset.total_return(s).to_numpy()[:-1]
                   for s in ("IWM", "SPY", "QQQ")}  # fmt: skip
        for side, fund in (("small", "IWM"), ("large", "SPY")):
            slope = np.polyfit(returns[fund], 0.75 * returns["QQQ"], 1)[0]
            assert found[f"beta.{side}"] == pytest.approx(slope)

    def test_to_a_flat_benchmark(self, tmp_path: Path) -> None:
        report = hold(priced(tmp_path, IWM=[50.0] * YEAR, SPY=walk(YEAR, 6)), "SPY 100")
        assert values(report)["beta.small"] is None
        assert any(line.startswith("No beta to IWM") for line in report.notes)


class TestLength:
    @pytest.mark.parametrize(("count", "past"), [(1, False), (2, True), (3, True)])
    def test_of_the_past(self, tmp_path: Path, count: int, past: bool) -> None:
        report = hold(priced(tmp_path, **flat.level(count)), "SPY 100", window="max")
        assert (values(report)["max_drawdown"] == 0) == past
        assert any(line.startswith("A past takes two sessions") for line in report.notes) != past
        shift = rows(report, "shift") if past else []
        assert all(row["return"] == 0 for row in shift)
        assert all((row["volatility"] is None) == (count == 2) for row in shift)

    @pytest.mark.parametrize(("count", "risky"), [(YEAR - 1, False), (YEAR, True)])
    def test_of_the_risk(self, tmp_path: Path, count: int, risky: bool) -> None:
        report = hold(priced(tmp_path, IWM=walk(count, 7), SPY=walk(count, 8)), "SPY 60, IWM 40")
        assert (values(report)["volatility"] is not None) == risky
        assert ("risk" in {chart.id for chart in report.charts}) == risky
        assert any(line.startswith("Risk takes 252 common daily returns") for line in report.notes) != risky

    def test_prices_that_never_moved(self, tmp_path: Path) -> None:
        report = hold(priced(tmp_path, **flat.level(YEAR + 10)), "SPY 50, IWM 50")
        found = values(report)
        assert (found["volatility"], found["max_drawdown"], found["max_drawdown.shifted"]) == (None, 0, 0)
        assert "risk" not in {chart.id for chart in report.charts}


class TestShift:
    @pytest.mark.parametrize("shift", [0.1, 0.5, 1.0])
    def test_is_the_past_of_the_weights_moved(self, tmp_path: Path, shift: float) -> None:
        dataset = priced(tmp_path, IWM=walk(80, 9), SPY=walk(80, 10))
        moved = rows(hold(dataset, "SPY 100", shift=shift, window="max"), "shift")[1]
        same = rows(hold(dataset, f"SPY {100 - 100 * shift} %, IWM {100 * shift} %" if shift < 1 else "IWM 100",
                         window="max"), "shift")[0]  # fmt: skip
        for column in ("start", "return", "volatility", "max_drawdown", "max_drawdown_day"):
            assert (
                moved[column] == pytest.approx(same[column])
                if column not in {"start", "max_drawdown_day"}
                else (moved[column] == same[column])
            )

    def test_of_what_is_small_already(self, tmp_path: Path) -> None:
        dataset = priced(tmp_path, IWM=walk(80, 11), SPY=walk(80, 12))
        found = rows(hold(dataset, "IWM 100", shift=0.3, window="max"), "shift")
        assert found[0]["return"] == pytest.approx(found[1]["return"])


class TestShares:
    def test_of_a_company_without_daily_prices(self, tmp_path: Path) -> None:
        firm = tiny.Firm(symbol="ACO", price=12.5, cap=1.5e9)
        report = hold(tiny.market(tmp_path, [firm, tiny.LARGE]), "ACO 8 shares, CASH 100 usd".replace("usd", "shares"))
        assert values(report)["value"] == pytest.approx(8 * 12.5 + 100)
        assert "Shares of ACO are counted at its price of 6 Jul 2026." in report.notes
        assert values(report)["share.small"] == pytest.approx(0.5)

    def test_without_any_price(self, tmp_path: Path) -> None:
        firm = tiny.Firm(symbol="ACO", price=math.nan)
        with pytest.raises(MissingData, match="A price of ACO"):
            hold(tiny.market(tmp_path, [firm, tiny.LARGE]), "ACO 8 shares")

    def test_of_nothing_known(self, tmp_path: Path) -> None:
        with pytest.raises(UnknownSymbol):
            hold(tiny.market(tmp_path, [tiny.Firm(symbol="ACO"), tiny.LARGE]), "QQQQQ 8 shares")

    @pytest.mark.parametrize(("share", "words"), [(0, "0"), (100, "100")])
    def test_index_members(self, tmp_path: Path, share: int, words: str) -> None:
        symbol = "ACO" if share else "BIGCO"
        report = hold(tiny.market(tmp_path, [tiny.Firm(symbol="ACO"), tiny.LARGE]), f"{symbol} 100")
        assert report.headline.startswith(f"{words}% of this is in small caps of the Russell 2000; of the whole market")

    def test_of_members_none_of_which_has_a_cap(self, tmp_path: Path) -> None:
        firms = [
            tiny.Firm(symbol="ACO", name="A Company", covered=False),
            tiny.Firm(symbol="BCO", name="B Company", in_fund="IWB", covered=False),
        ]
        report = hold(tiny.market(tmp_path, firms), "ACO 100")
        assert report.headline.startswith("What these holdings are made of is not stored for this day")
        assert values(report)["share.small"] is None
        assert values(report)["share.small.market"] is None
        assert any(line.startswith("No market cap is stored for ACO") for line in report.notes)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("SPY 300%", "add up to 300, not to 100"),
        ("SPY 60%, IWM 39%", "add up to 99, not to 100"),
        ("SPY 60%, IWM 40.6%", "add up to 100.6, not to 100"),
    ],
)
def test_percentages_that_are_no_whole(text: str, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        AllocationRequest(holdings=text).parsed()


@pytest.mark.parametrize("holdings", ["SPY 60, IWM 20, NVDA 20", "MAGS 50, CASH 50", "VTI 100", "TLT 10, GME 90"])
def test_pictures_draw_the_figures_of_the_tables(holdings: str) -> None:
    report = ask("allocation", holdings=holdings)
    assert set(drawn(report)) == {chart.id for chart in report.charts}
    pictures = {chart.id: chart.data for chart in report.charts}
    sizes = [row for row in rows(report, "cap_mix") if row["view"] == "size"]
    names = {row["name"]: (row["portfolio"], row["market"]) for row in sizes}
    mix = pictures["cap_mix"]
    for name, own, market in zip(mix.names, mix.first, mix.second, strict=True):
        assert (own, market) == names[name]
    assert sum(mix.first) == pytest.approx(1)
    if "risk" in pictures:
        table = {row["symbol"]: (row["contribution"], row["weight"]) for row in rows(report, "risk_contribution")}
        risk = pictures["risk"]
        assert {n: (a, b) for n, a, b in zip(risk.names, risk.first, risk.second, strict=True)} == table
        assert sum(risk.first) == pytest.approx(1)


def test_a_holding_of_nothing_changes_nothing() -> None:
    alone, beside = (values(ask("allocation", holdings=text)) for text in ("IWM 100", "IWM 100%, SPY 0%"))
    for name in ("share.small", "volatility", "beta.small", "beta.large", "max_drawdown"):
        assert beside[name] == pytest.approx(alone[name])


def test_many_holdings_are_summed_in_the_picture() -> None:
    symbols = [s for s in ("SPY", "IWM", "QQQ", "NVDA", "META", "TLT", "XLP", "XLY", "KRE", "VB") if s in
               sample().symbols()]  # fmt: skip
    report = ask("allocation", holdings=", ".join(f"{s} 10" for s in symbols))
    risk = next(chart.data for chart in report.charts if chart.id == "risk")
    table = rows(report, "risk_contribution")
    assert risk.names[-1] == f"{len(symbols) - 7} others"
    assert risk.first[-1] == pytest.approx(sum(sorted(row["contribution"] for row in table)[: len(symbols) - 7]))
    assert sum(risk.second) == pytest.approx(1)
