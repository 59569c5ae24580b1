"""Rates on the sample. Expected figures were worked out by hand from the recorded files, as the comments say."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from bot import i18n
from bot.charts.theme import DARK, LIGHT, Theme
from bot.errors import BadInput, UnknownSymbol
from bot.features.rates import chart
from bot.features.rates.report import expected_changes, indicators
from tests.charts.legibility import labels, words
from tests.features.answers import ask, assert_nothing_leaks, drawn, rows, sample, values

TODAY = ask("rates")


def test_the_day_of_the_sample() -> None:
    """30 July's yields were the last known: 2-year 4.23 (3.47 at the end of 2025), 10-year 4.68, bill 3.82, DFF 3.63.

    Contract 202707 settled at 95.82: 100 - 95.82 - 3.63 = 0.55.
    """
    found = values(TODAY)
    assert found["fed_funds.effective"] == pytest.approx(0.0363)
    assert (found["target.lower"], found["target.upper"]) == (0.035, 0.0375)
    assert found["fomc.next"] == date(2026, 9, 16)
    assert found["yield_2y"] == pytest.approx(0.0423)
    assert found["yield_2y.change_bp"] == pytest.approx(76)
    assert found["yield_10y"] == pytest.approx(0.0468)
    assert found["bill_3m"] == pytest.approx(0.0382)
    assert found["slope_10y2y_bp"] == pytest.approx(45)
    assert found["expected_change_12m_bp"] == pytest.approx(55)
    assert TODAY.stat("yield_2y").as_of == date(2026, 7, 30)
    assert TODAY.headline == "Futures price rises, not cuts: 55 bp in 12 months; small caps lead all the same."
    assert len(TODAY.figures) == 6


def test_the_sensitivity_is_the_regression_of_the_recorded_weeks() -> None:
    """Worked out again from closes, dividends and yields: Friday weeks, Newey-West written out in numpy."""
    found = values(TODAY)
    fitted = _regression_by_hand("DGS2")
    assert found["sensitivity.2y.beta"] == pytest.approx(fitted[0], rel=1e-9)
    assert found["sensitivity.2y.t"] == pytest.approx(fitted[1], rel=1e-9)
    assert found["sensitivity.2y.r2"] == pytest.approx(fitted[2], rel=1e-9)
    assert found["sensitivity.2y.n"] == 104
    assert found["sensitivity.2y.beta"] == pytest.approx(-0.030653, abs=1e-6)
    assert found["sensitivity.10y.beta"] == pytest.approx(_regression_by_hand("DGS10")[0], rel=1e-9)
    assert "−0.31% per +10 bp, explains 5% of weekly moves" in (TODAY.stat("sensitivity.2y.beta").shown or "")


def _regression_by_hand(series: str) -> tuple[float, float, float]:
    data = sample()

    def index(symbol: str) -> pd.Series:
        closes, paid = data.closes(symbol), data.dividends(symbol)
        return ((closes + paid) / closes.shift()).fillna(1.0).cumprod()

    small, large = index("IWM"), index("SPY")
    weeks = [group.index[-1] for _week, group in small.groupby(small.index.to_period("W-FRI"))]
    returns = small.reindex(weeks).pct_change() - large.reindex(weeks).pct_change()
    moves = data.macro(series).reindex(weeks, method="ffill").diff() * 100
    pairs = pd.DataFrame({"y": returns.to_numpy(), "x": moves.to_numpy()}).dropna().tail(104)
    y, x = pairs["y"].to_numpy(), pairs["x"].to_numpy()
    design = np.column_stack([np.ones(104), x])
    bread = np.linalg.inv(design.T @ design)
    fit = bread @ design.T @ y
    residual = y - design @ fit
    moments = design * residual[:, None]
    meat = moments.T @ moments
    for lag in range(1, 5):
        lagged = moments[lag:].T @ moments[:-lag]
        meat += (1 - lag / 5) * (lagged + lagged.T)
    deviation = float(np.sqrt((bread @ meat @ bread)[1, 1]))
    return fit[1], fit[1] / deviation, 1 - residual @ residual / np.sum((y - y.mean()) ** 2)


def test_every_cycle_of_cuts_has_its_own_line() -> None:
    """Spreads of IWM and SPY total returns between the sessions named, worked out from closes and dividends.

    2001-01-03 to 2002-01-03: +3.62% against -12.34%. 2020-03-16 (the decision was on a Sunday) to 2021-03-16:
    +125.62% against +68.21%. 2025-12-10 to 2026-06-10: +11.26% against +6.11%; twelve months were not over.
    """
    table = rows(TODAY, "cut_cycles")
    assert [(r["first_cut"], r["last_cut"], r["open"]) for r in table] == [
        (date(2001, 1, 3), date(2003, 6, 25), False),
        (date(2007, 9, 18), date(2008, 12, 16), False),
        (date(2019, 7, 31), date(2020, 3, 15), False),
        (date(2024, 9, 18), date(2025, 12, 10), True),
    ]
    assert table[0]["first_12m"] == pytest.approx(0.159622, abs=1e-6)
    assert table[1]["first_3m"] == pytest.approx(-0.025532, abs=1e-6)
    assert table[2]["last_12m"] == pytest.approx(0.574088, abs=1e-6)
    assert table[3]["last_6m"] == pytest.approx(0.051511, abs=1e-6)
    assert table[3]["last_12m"] is None
    assert [r["cuts"] for r in table] == [13, 10, 5, 6]
    assert any("the cycle is open" in note for note in TODAY.notes)


def test_the_drift_of_the_sensitivity_is_shown() -> None:
    history = rows(TODAY, "sensitivity_history")
    assert history[0]["week"] == date(2026, 7, 31)
    assert history[0]["beta_2y"] == pytest.approx(values(TODAY)["sensitivity.2y.beta"])
    assert history[-1]["week"] < date(2023, 9, 1)


def test_debts_of_members_are_counted_outside_finance() -> None:
    found = values(TODAY)
    assert found["net_debt_to_ebitda.small"] > found["net_debt_to_ebitda.large"] > 0
    assert TODAY.stat("net_debt_to_ebitda.small").as_of == date(2026, 7, 31)
    assert any("counted in IWB alone" in note for note in TODAY.notes)
    assert any("Interest cover" in note for note in TODAY.notes)


def test_december_2025_priced_cuts() -> None:
    """2025-12-04: contract 202612 settled at 96.945, DFF of 3 December 3.89: 3.055 - 3.89 = -83.5 bp."""
    then = ask("rates", "2025-12-04")
    assert values(then)["expected_change_12m_bp"] == pytest.approx(-83.5)
    assert then.headline.startswith("Futures price cuts, not rises: 84 bp in 12 months")
    assert values(then)["target.upper"] == 0.04
    assert values(then)["fomc.next"] == date(2025, 12, 10)


def test_without_the_contract_bills_speak_under_their_own_name() -> None:
    """2010-06-30: bill of 29 June 0.15, DFF of 29 June 0.15: no difference."""
    then = ask("rates", "2010-06-30")
    assert values(then)["expected_change_12m_bp"] is None
    assert values(then)["expected_change_3m_bp"] == pytest.approx(0, abs=1e-9)
    assert then.headline.startswith("3-month bills yield about as much as the Fed's rate (0 bp)")
    assert any("not stored for 30 Jun 2010" in note for note in then.notes)
    assert "expected_change_3m_bp" not in values(TODAY)


@pytest.mark.parametrize(
    ("day", "begins"),
    [
        ("2026-07-31", "Futures price rises, not cuts: 55 bp"),
        ("2025-12-04", "Futures price cuts, not rises: 84 bp"),
        ("2007-08-31", "3-month bills yield 116 bp less"),
        ("2022-03-31", "3-month bills yield 22 bp more"),
    ],
)
def test_headlines_follow_the_numbers(day: str, begins: str) -> None:
    assert ask("rates", day).headline.startswith(begins)


class TestMissing:
    def test_the_start_of_1998(self) -> None:
        first = ask("rates", "1998-01-02")
        found = values(first)
        assert found["yield_2y"] == pytest.approx(float(sample().macro("DGS2")["1997-12-31"]))
        assert found["target.upper"] is None
        assert found["sensitivity.2y.beta"] is None
        assert first.tables == (first.table("rates"),)
        assert [c.id for c in first.charts] == ["rates"]
        assert any("no common prices yet" in note for note in first.notes)
        assert first.headline.endswith(".")

    def test_the_first_session_of_the_fund(self) -> None:
        day = ask("rates", "2000-05-26")
        assert values(day)["sensitivity.2y.n"] is None
        assert any("104 complete ones" in note for note in day.notes)

    def test_a_meeting_beyond_the_record(self) -> None:
        report = ask("rates", "2026-07-31")
        assert values(report)["fomc.next"] is not None
        assert not any("Which Fed meeting" in note for note in report.notes)

    def test_unknown_and_equal_funds(self) -> None:
        with pytest.raises(UnknownSymbol):
            ask("rates", small="ZZZZ")
        with pytest.raises(BadInput):
            ask("rates", small="SPY")


def test_other_pairs_are_called_by_their_symbols() -> None:
    report = ask("rates", small="IWO", large="QQQ")
    assert "IWO" in report.title
    assert "small caps" not in report.headline


def test_the_window_moves_the_change() -> None:
    """The 2-year stood at 3.52 on 2025-12-04 and at 4.23 on 2026-07-30."""
    report = ask("rates", window="2025-12-04")
    assert values(report)["yield_2y.change_bp"] == pytest.approx(71)
    assert "since 4 Dec 2025" in (report.stat("yield_2y").shown or "")


@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2026, 4, 3), date(2025, 12, 10), date(2000, 5, 26)])
def test_nothing_leaks_on_odd_days(day: date) -> None:
    """A leap day, Good Friday, a decision day, a listing."""
    assert_nothing_leaks("rates", day)


class TestIndicators:
    def test_expected_changes_end_with_the_card(self) -> None:
        series = expected_changes(sample())
        assert series.iloc[-1] == pytest.approx(55)
        assert series["2025-12-04"] == pytest.approx(-83.5)

    @pytest.mark.parametrize("indicator", indicators(), ids=lambda i: i.id)
    def test_a_day_sees_its_own_past_alone(self, indicator: object) -> None:
        whole = indicator.series(sample())  # type: ignore[attr-defined]
        early = indicator.series(sample().at(date(2025, 12, 4)))  # type: ignore[attr-defined]
        assert not early.empty
        assert early.index[-1] <= pd.Timestamp(2025, 12, 4)
        pd.testing.assert_series_equal(whole[: len(early)], early)
        assert whole.index.is_monotonic_increasing
        assert whole.notna().all()


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("day", ["2026-07-31", "2012-03-02", "2001-01-10", "1998-01-02"])
def test_pictures_are_legible(day: str, theme: Theme) -> None:
    figures = drawn(ask("rates", day), theme)
    assert "rates" in figures
    assert {"2-year", "10-year"} <= labels(figures["rates"]).keys()


def test_pictures_show_the_numbers_of_the_card() -> None:
    figures = drawn(TODAY)
    assert {"4.23%", "4.68%", "3.75%", "Cut", "Rise"} <= set(words(figures["rates"]))
    assert {"2001", "2007", "2019", "2024"} <= set(words(figures["cycles"]))
    assert "−0.31%" in words(figures["scatter"])
    line = labels(figures["scatter"])["fit"]
    (x0, x1), (y0, y1) = line.get_xdata(), line.get_ydata()  # type: ignore[attr-defined]
    assert (y1 - y0) / (x1 - x0) == pytest.approx(values(TODAY)["sensitivity.2y.beta"])  # percent per basis point
    cuts = labels(figures["rates"])["cuts"]
    assert len(cuts.get_xdata()) == 11  # type: ignore[attr-defined]  # 5 of 2019-20 and 6 of 2024-25


def test_what_draws_is_only_its_own_data() -> None:
    with pytest.raises(TypeError):
        chart.draw("rates", DARK)


def test_the_last_week_may_be_running() -> None:
    """On Wednesday 29 July 2026 the last complete week ended on the 24th; the card says the same on the 27th."""
    monday, wednesday = ask("rates", "2026-07-27"), ask("rates", "2026-07-29")
    assert values(monday)["sensitivity.2y.n"] == 104
    assert rows(monday, "sensitivity_history")[0]["week"] == date(2026, 7, 24)
    assert rows(wednesday, "sensitivity_history")[0]["week"] == date(2026, 7, 24)
    friday = date(2026, 7, 31)
    assert rows(ask("rates"), "sensitivity_history")[0]["week"] == friday
    assert friday - date(2026, 7, 24) == timedelta(days=7)


def test_every_sentence_can_be_translated() -> None:
    with i18n.use("en_XA"):
        for day in ("2026-07-31", "2010-06-30", "1998-01-02"):
            report = ask("rates", day)
            assert all(text.startswith("⟦") for text in (report.title, report.headline, *report.notes))
            assert all(stat.label.startswith("⟦") for stat in report.stats)
            assert all(c.label.startswith("⟦") for t in report.tables for c in t.columns)
            assert all(c.alt.startswith("⟦") for c in report.charts)
