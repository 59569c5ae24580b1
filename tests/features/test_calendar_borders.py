"""The calendar, positions, funds and what can be watched, at their borders."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import features
from bot.features.when.report import holiday_name, is_regular_early_close
from bot.market import calendar
from bot.market.dataset import Dataset
from bot.report import Report
from tests.features import flat
from tests.features.answers import ask, drawn, rows, sample, values
from tests.market.small import bars, dataset_of, instrument


def entries(report: Report, kind: str) -> dict[date, dict[str, Any]]:
    return {row["date"]: row for row in rows(report, "calendar") if row["event"] == kind}


class TestWhen:
    @pytest.mark.parametrize(
        ("day", "name"),
        [
            (date(2022, 12, 26), "Christmas"),  # the 25th was a Sunday
            (date(2021, 12, 24), "Christmas"),  # the 25th was a Saturday
            (date(2023, 1, 2), "New Year's Day"),
            (date(2026, 7, 3), "Independence Day"),  # the 4th is a Saturday
            (date(2021, 7, 5), "Independence Day"),
            (date(2022, 6, 20), "Juneteenth"),
            (date(2027, 6, 18), "Juneteenth"),
            (date(2024, 3, 29), "Good Friday"),
            (date(2026, 4, 3), "Good Friday"),
            (date(2026, 1, 19), "Martin Luther King Day"),
            (date(2026, 2, 16), "Presidents' Day"),
            (date(2026, 5, 25), "Memorial Day"),
            (date(2026, 9, 7), "Labor Day"),
            (date(2026, 11, 26), "Thanksgiving"),
            (date(2001, 9, 11), None),
            (date(2012, 10, 29), None),  # a hurricane
            (date(2018, 12, 5), None),  # a day of mourning
        ],
    )
    def test_closures_by_name(self, day: date, name: str | None) -> None:
        assert holiday_name(day) == name
        assert name is None or len(calendar.session_days(day, day)) == 0

    @pytest.mark.parametrize(("day", "regular"), [(date(2026, 11, 27), True), (date(2026, 12, 24), True),
                                                  (date(2025, 7, 3), True), (date(2005, 6, 1), False),
                                                  (date(1999, 12, 31), False)])  # fmt: skip
    def test_early_closes_by_rule(self, day: date, regular: bool) -> None:
        assert is_regular_early_close(day) == regular

    @settings(max_examples=5, deadline=None)
    @given(st.sampled_from([stamp.date() for stamp in sample().sessions]))
    def test_a_year_has_every_closure_once(self, day: date) -> None:
        report = ask("when", sample().at(day))
        closed, early = entries(report, "holiday"), entries(report, "early_close")
        open_days = {one.day for one in calendar.sessions(day + timedelta(days=1), day + timedelta(days=365))}
        assert not set(closed) & open_days
        assert set(early) <= open_days
        assert all(one.weekday() < 5 for one in closed)
        assert 8 <= len(closed) <= 11  # eight where New Year falls on a Saturday, before Juneteenth
        assert all(
            row["moment"].endswith(("18:00:00+00:00", "17:00:00+00:00")) for row in early.values()
        )  # 13:00 there

    @settings(max_examples=5, deadline=None)
    @given(st.sampled_from([stamp.date() for stamp in sample().sessions]))
    def test_figures_picture_and_table_agree(self, day: date) -> None:
        report = ask("when", sample().at(day))
        drawn(report)
        picture = report.charts[0].data
        stats = {stat.id.removeprefix("next."): stat for stat in report.stats}
        shown = [stat for stat in stats.values() if stat.value is not None]
        assert list(picture.names) == [stat.label for stat in shown]
        for stat, days in zip(shown, picture.days, strict=True):
            dates = sorted(entries(report, stat.id.removeprefix("next.")))
            assert dates[0] == stat.value
            assert [day + timedelta(days=int(n)) for n in days] == dates
            assert all(0 < n <= picture.length for n in days)
        nearest = min(stat.value for stat in shown)
        assert f"{nearest.day} {nearest:%b %Y}" in report.headline

    def test_the_decision_is_at_two_in_new_york_in_both_halves_of_the_year(self) -> None:
        moments = {row["moment"][11:16] for row in entries(ask("when", "2025-12-04"), "fomc").values()}
        assert moments == {"18:00", "19:00"}

    def test_what_is_today_is_not_ahead(self) -> None:
        ahead = entries(ask("when", "2025-12-04"), "early_close")
        first = min(ahead)
        assert first == date(2025, 12, 24)
        assert first not in entries(ask("when", "2025-12-24"), "early_close")


class TestPosition:
    def dataset(self, folder: Path, closes: list[float]) -> Dataset:
        return dataset_of(folder, instruments=[instrument("IWM")], bars=bars("IWM", flat.FIRST, closes))

    @pytest.mark.parametrize(("count", "sized"), [(1, False), (14, False), (15, True), (30, True)])
    def test_average_ranges_take_fourteen(self, tmp_path: Path, count: int, sized: bool) -> None:
        report = ask("position", self.dataset(tmp_path, [100.0 + n % 2 for n in range(count)]), symbol="IWM")
        assert (values(report)["atr"] is not None) == sized
        told = f"No size for IWM: its average range takes 14 daily ranges, there are {count - 1}."
        assert (report.headline == told) != sized

    def test_a_price_that_never_moved(self, tmp_path: Path) -> None:
        report = ask("position", self.dataset(tmp_path, [100.0] * 40), symbol="IWM")
        assert report.headline == "No size for IWM: its price has not moved, so a stop says nothing."
        assert (values(report)["atr"], values(report)["shares"], values(report)["stop"]) == (0, None, None)

    def test_a_range_as_wide_as_the_price(self, tmp_path: Path) -> None:
        report = ask("position", self.dataset(tmp_path, [100.0, 1.0] * 20), symbol="IWM", ranges=20.0)
        assert report.headline == "No size for IWM: 20 average ranges are more than its whole price."

    @pytest.mark.parametrize(("account", "shares"), [(199.0, 0), (200.0, 1), (399.0, 1), (400.0, 2)])
    def test_shares_are_rounded_down(self, tmp_path: Path, account: float, shares: int) -> None:
        closes = [100.0 + n % 2 for n in range(60)]  # every range is 1: two of them cost 2 a share
        report = ask("position", self.dataset(tmp_path, closes), symbol="IWM", account=account, risk=0.01)
        assert values(report)["atr"] == pytest.approx(1)
        assert values(report)["shares"] == shares
        assert report.headline.startswith("Not one share" if not shares else "One share" if shares == 1 else "2 shares")

    @pytest.mark.parametrize("account", [10_000.0, 55_555.5])
    def test_the_cost_of_a_stop_never_passes_what_is_allowed(self, tmp_path: Path, account: float) -> None:
        rng = np.random.default_rng(1)
        dataset = self.dataset(tmp_path, (100 * np.cumprod(1 + rng.normal(0, 0.02, 80))).tolist())
        for risk, ranges in ((0.001, 0.25), (0.01, 2.0), (0.2, 1.0), (0.2, 5.0)):
            found = values(ask("position", dataset, symbol="IWM", account=account, risk=risk, ranges=ranges))
            assert found["risk_usd"] <= account * risk * (1 + 1e-12)
            assert found["value_usd"] <= account * (1 + 1e-12)
            closes = dataset.closes("IWM")
            assert found["stop"] == pytest.approx(float(closes.iloc[-1]) - ranges * found["atr"])
            assert found["risk_usd"] == pytest.approx(found["shares"] * ranges * found["atr"])


class TestFundsAgainstAYoungBenchmark:
    def test_is_said(self) -> None:
        report = ask("funds", symbols=("IWM", "SPY"), benchmark="MAGS", window="5y")
        line = "MAGS is younger than the window: what is measured against it is so from 11 Apr 2023."
        assert line in report.notes
        returns = pd.DataFrame({s: sample().total_return(s) for s in ("IWM", "MAGS")}).dropna().pct_change().dropna()
        slope = np.polyfit(returns["MAGS"], returns["IWM"], 1)[0]
        assert values(report)["beta.IWM"] == pytest.approx(slope)

    @pytest.mark.parametrize("window", ["1y", "3y"])
    def test_is_not_said_of_one_old_enough(self, window: str) -> None:
        report = ask("funds", symbols=("IWM",), benchmark="MAGS", window=window)
        assert not any("younger than the window" in line for line in report.notes)


FIGURES = {  # of the card as asked by default, and the indicator that is the same series
    "highs": {"drawdown": "highs.drawdown", "records.this_year": "highs.records_ytd"},
    "rotation": {"spread": "rotation.spread.6m", "rs.vs_200d": "rotation.rs_vs_200d"},
    "style": {"spread": "style.spread.6m"},
    "rates": {"slope_10y2y_bp": "rates.slope_10y2y", "yield_2y": "rates.yield_2y", "yield_10y": "rates.yield_10y",
              "expected_change_12m_bp": "rates.expected_change_12m"},
}  # fmt: skip
_days = st.sampled_from([stamp.date() for stamp in sample().sessions if stamp.year > 2001])


@pytest.mark.parametrize("feature", sorted(FIGURES))
@settings(max_examples=3, deadline=None)
@given(day=_days)
def test_an_indicator_ends_on_the_figure_of_the_card(feature: str, day: date) -> None:
    dataset = sample().at(day)
    watched = {one.id: one for one in features.report_module(feature).indicators()}
    found = values(ask(feature, dataset))
    for figure, indicator in FIGURES[feature].items():
        series = watched[indicator].series(dataset)
        if found[figure] is not None:
            assert float(series.iloc[-1]) == pytest.approx(found[figure], abs=1e-9), (figure, day)
            assert pd.Timestamp(series.index[-1]).date() <= day


@pytest.mark.parametrize(("feature", "codes"), [("rotation", ("large", "mixed", "small")),
                                                ("style", ("value", "mixed", "growth"))])  # fmt: skip
@settings(max_examples=3, deadline=None)
@given(day=_days)
def test_the_regime_watched_is_the_one_shown(feature: str, codes: tuple[str, ...], day: date) -> None:
    dataset = sample().at(day)
    watched = next(i for i in features.report_module(feature).indicators() if i.id == f"{feature}.regime")
    assert codes[int(watched.series(dataset).iloc[-1])] == values(ask(feature, dataset))["regime"]
