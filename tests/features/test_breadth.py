"""Breadth on the sample: participation, relative returns, headlines for every outcome, pictures, leaks."""

import dataclasses
import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import i18n
from bot.charts.theme import DARK, LIGHT, Theme
from bot.errors import NotEnoughHistory, StartAfterEnd
from bot.features.breadth import words
from bot.features.breadth.chart import draw
from bot.features.breadth.findings import SEVEN, Findings, find
from bot.features.breadth.picture import Line, Relatives, Shares
from bot.features.breadth.report import indicators
from bot.market import universe
from bot.market.dataset import Dataset
from tests.charts.legibility import check, labels
from tests.charts.legibility import words as drawn_words
from tests.features.answers import ask, drawn, rows, values
from tests.features.leaks import any_session, assert_same_without_the_future, sessions_of_files

IDS = {f"{share}.{side}" for share in ("above_50", "above_200", "at_high") for side in ("small", "large")}


def counted(sample: Dataset, side: str, column: str) -> tuple[int, int]:
    """Count members above a column of the snapshot one by one, each company by the first class that has both."""
    pair, snapshot = universe.pair(sample), sample.snapshot().frame
    above = known = 0
    for classes in getattr(pair, side).classes().values():
        symbol = next((s for s in classes if s in snapshot.index), None)
        if symbol is None or math.isnan(snapshot.loc[symbol, column]):
            continue
        known += 1
        above += snapshot.loc[symbol, "price"] > snapshot.loc[symbol, column]
    return above, known


def test_participation_agrees_with_counting(sample: Dataset) -> None:
    found = values(ask("breadth"))
    assert set(found) >= IDS
    for side in ("small", "large"):
        for key, column in (("above_50", "average_50d"), ("above_200", "average_200d")):
            above, known = counted(sample, side, column)
            assert found[f"{key}.{side}"] == pytest.approx(above / known)
    assert (found["above_200.small"], found["coverage.members.small"]) == (pytest.approx(998 / 1468), 1468)
    assert found["at_high.small"] == 0.0
    assert found["at_high.large"] == pytest.approx(5 / 1005)


def test_relative_returns_agree_with_the_series(sample: Dataset) -> None:
    found = values(ask("breadth"))
    assert (found["window.start"], found["window.end"]) == (date(2026, 1, 30), date(2026, 7, 31))
    for key, one, other in (("equal_vs_cap", "RSP", "SPY"), ("small_vs_seven", "IWM", "MAGS")):
        ends = [sample.total_return(s)["2026-07-31"] / sample.total_return(s)["2026-01-30"] - 1 for s in (one, other)]
        assert found[key] == pytest.approx(ends[0] - ends[1])
        assert (found[f"{key}.one"], found[f"{key}.other"]) == pytest.approx(ends)


def test_the_card() -> None:
    report = ask("breadth")
    assert report.headline == (
        "68% of small caps are above their 200-session average, 64% of large; "
        "equal weight is 0.9 points ahead of cap weight (6 months)."
    )
    assert [stat.id for stat in report.figures] == [
        "above_50.small", "above_200.small", "at_high.small", "coverage.members.small", "equal_vs_cap",
        "small_vs_seven",
    ]  # fmt: skip
    assert report.stat("above_200.small").shown == "68% (large 64%)"
    assert report.stat("above_200.small").as_of == date(2026, 7, 2)
    assert report.stat("equal_vs_cap").as_of == date(2026, 7, 31)
    assert any("26 Jun 2026" in note for note in report.notes)


def test_sectors_add_up_on_both_sides() -> None:
    table = rows(ask("breadth"), "sectors")
    assert sum(row["small"] for row in table) == pytest.approx(1)
    assert sum(row["large"] for row in table) == pytest.approx(1)
    assert {"Health Care", "Information Technology", "Financials"} <= {row["sector"] for row in table}
    for row in table:
        assert row["difference"] == pytest.approx(row["small"] - row["large"])


def test_before_the_fund_of_the_seven_they_are_held_in_equal_parts(sample: Dataset) -> None:
    report = ask("breadth", "2022-12-30", window="2022-12-01")
    found = values(report)
    levels = [sample.total_return(symbol) for symbol in SEVEN]
    grown = [level["2022-12-30"] / level["2022-11-30"] for level in levels]
    inside = [level["2022-12-30"] / level["2022-12-01"] for level in levels]
    first = [level["2022-12-01"] / level["2022-11-30"] for level in levels]
    # rebalanced at the close of November: December's parts have grown apart by its first session
    assert found["small_vs_seven.other"] == pytest.approx(np.mean(grown) / np.mean(first) - 1)
    assert found["small_vs_seven.other"] != pytest.approx(np.mean(inside) - 1, abs=1e-6)
    assert "MAG7" in report.stat("small_vs_seven").label


def test_days_without_snapshots_answer_with_the_lines() -> None:
    report = ask("breadth", "2025-12-11", window="1y")
    assert report.headline == "Equal weight is 6.9 points behind cap weight (1 year); IWM is 8.0 points behind MAGS."
    found = values(report)
    assert all(found[key] is None for key in IDS)
    assert any(note.startswith("No shares of members: ") for note in report.notes)
    assert [table.id for table in report.tables] == ["levels"]


def test_a_comparison_that_begins_later_than_the_window_says_since_when(sample: Dataset) -> None:
    """RSP begins in 2003, the youngest of the seven in May 2012: "all history" is not the same for both."""
    first = max(sample.total_return(symbol).index[0] for symbol in SEVEN).date()
    since = f"since {i18n.day(first)}"
    report = ask("breadth", "2025-12-04", window="max")
    assert report.headline.endswith(f"points behind MAG7 {since}.")
    assert report.stat("small_vs_seven").label == f"IWM minus MAG7, {since}"
    assert report.stat("equal_vs_cap").label == "RSP minus SPY, all history"
    assert f"IWM over MAG7 {since} ends at" in report.charts[0].alt
    assert any(note.endswith(f"Its line begins on {i18n.day(first)}.") for note in report.notes)
    assert "since" not in ask("breadth", "2025-12-04", window="1y").headline


def test_lists_that_are_not_known_yet_are_stood_in_for_and_named() -> None:
    report = ask("breadth", "2026-06-22")
    assert values(report)["above_200.small"] == pytest.approx(0.6187, abs=1e-4)
    assert any("ranks" in note for note in report.notes)


def test_what_cannot_be_answered_is_said() -> None:
    with pytest.raises(NotEnoughHistory) as short:
        ask("breadth", window="10y", on="2012-01-05")
    assert short.value.symbol == "RSP"
    with pytest.raises(StartAfterEnd):
        ask("breadth", "2026-07-01", window="2026-07-15")
    with pytest.raises(NotEnoughHistory):
        ask("breadth", "1999-06-01")


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_before_the_seven_were_all_listed_equal_weight_is_answered_alone(sample: Dataset, theme: Theme) -> None:
    report = ask("breadth", "2008-10-10")
    ends = [sample.total_return(s)["2008-10-10"] / sample.total_return(s)["2008-04-10"] - 1 for s in ("RSP", "SPY")]
    found = values(report)
    assert found["equal_vs_cap"] == pytest.approx(ends[0] - ends[1])
    assert found["small_vs_seven"] is None
    assert report.headline == f"Equal weight is {100 * (ends[1] - ends[0]):.1f} points behind cap weight (6 months)."
    assert any("META has no prices for the whole window" in note for note in report.notes)
    assert all(row["small_vs_seven"] is None for row in rows(report, "levels"))
    drawn(report, theme)


def test_figures_that_are_not_known_keep_names_of_their_own() -> None:
    stats = ask("breadth", "2025-12-11").stats
    assert len({stat.label for stat in stats}) == len(stats)


@pytest.fixture(scope="module")
def on_sample(sample: Dataset) -> Findings:
    return find("6m", sample)


share = st.one_of(st.just(math.nan), st.floats(0, 1))


@settings(max_examples=200, deadline=None)
@given(small=share, large=share, spread=st.floats(-0.5, 0.5), known=st.booleans())
def test_the_headline_is_true_for_every_outcome(
    on_sample: Findings, small: float, large: float, spread: float, known: bool
) -> None:
    equal = dataclasses.replace(on_sample.equal, one_return=spread, other_return=0.0)
    took = on_sample.participated
    assert took is not None
    sides = [
        dataclasses.replace(side, participation=dataclasses.replace(side.participation, above_200=value))
        for side, value in ((took.small, small), (took.large, large))
    ]
    changed = dataclasses.replace(took, small=sides[0], large=sides[1]) if known else None
    said = words.headline(dataclasses.replace(on_sample, equal=equal, participated=changed), "6m")
    assert said.endswith(".")
    assert "nan" not in said
    lowered = said.lower()
    assert ("equal weight is" in lowered) == (abs(spread) >= 0.0005)
    assert ("ahead of cap weight" in lowered) == (spread >= 0.0005)
    assert ("behind cap weight" in lowered) == (spread <= -0.0005)
    assert ("of small caps" in said) == (known and not math.isnan(small))
    assert ("of large" in said) == (known and not math.isnan(small) and not math.isnan(large))


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("window", ["1w", "6m", "1y", "3y", "10y", "max", "2026-07-30"])
def test_the_pictures_are_legible(window: str, theme: Theme) -> None:
    drawn(ask("breadth", window=window), theme)


def test_the_pictures_draw_what_the_report_says() -> None:
    report = ask("breadth")
    found, figures = values(report), drawn(report)
    lines = labels(figures["relatives"])
    expected = 100 * (1 + found["equal_vs_cap.one"]) / (1 + found["equal_vs_cap.other"])
    assert lines["RSP/SPY"].get_ydata()[-1] == pytest.approx(expected)
    assert lines["IWM/MAGS"].get_ydata()[0] == 100
    assert {"69%", "68%", "64%", "9%", "13%"} <= set(drawn_words(figures["shares"]))


def test_flat_and_unknown_data_are_drawn_too() -> None:
    named = {"title": "T", "subtitle": "S", "as_of": date(2026, 7, 31), "source": "X"}
    days = np.array(["2026-07-31"], dtype="datetime64[D]")
    flat = Line(name="RSP/SPY", values=np.array([100.0]), words="100.0")
    check(draw(Relatives(**named, days=days, lines=(flat, flat)), DARK), DARK)
    unknown = Shares(
        **named, sides=("Small", "Large"), groups=("Above 50 sessions",), values=((None, 1.0),), words=(("–", "100%"),)
    )
    check(draw(unknown, LIGHT), LIGHT)


def test_the_pictures_speak_the_active_language() -> None:
    for language in (i18n.PSEUDO, "es"):
        with i18n.use(language):
            drawn(ask("breadth"))


def test_alternative_texts_tell_the_numbers() -> None:
    lines, bars = (chart.alt for chart in ask("breadth").charts)
    assert "RSP over SPY ends at 100.8 (+0.9 points)" in lines
    assert "above the 200-session average: 68% (large 64%)" in bars


def test_indicators_agree_with_the_card(sample: Dataset) -> None:
    series = {indicator.id: indicator.series(sample) for indicator in indicators()}
    found = values(ask("breadth"))
    assert series["breadth.equal_vs_cap"].iloc[-1] == pytest.approx(found["equal_vs_cap"])
    assert series["breadth.small_vs_seven"].iloc[-1] == pytest.approx(found["small_vs_seven"])
    assert [d.date() for d in series["breadth.above_200.small"].index] == [date(2026, 6, 22), date(2026, 7, 2)]
    for indicator in indicators():
        early = indicator.series(sample.at(date(2026, 6, 24)))
        pd.testing.assert_series_equal(early, series[indicator.id].loc[:"2026-06-24"])


@settings(max_examples=6, deadline=None)
@given(sessions_of_files, st.sampled_from(["6m", "1y", "ytd"]))
def test_nothing_after_the_day_leaks(day: date, window: str) -> None:
    assert_same_without_the_future("breadth", day, window=window)


@settings(max_examples=4, deadline=None)
@given(any_session)
def test_nothing_leaks_on_older_days(day: date) -> None:
    assert_same_without_the_future("breadth", day, window="3m")


def test_the_share_of_losing_members_is_that_of_each_snapshot(sample: Dataset) -> None:
    """Recomputed from the snapshot's own column over the members of that day."""
    (losing,) = (one for one in indicators() if one.id == "breadth.losing.small")
    series = losing.series(sample)
    assert [day.date() for day in series.index] == [date(2026, 7, 2)]  # the snapshot of 19 June has no margins
    then = sample.at(series.index[-1].date())
    members = universe.members(then, "R2000").frame.index
    margins = then.snapshot().frame["net_margin"].reindex(members).dropna()
    assert series.iloc[-1] == pytest.approx((margins < 0).mean(), abs=0.01)
    assert losing.measured is not None
    assert losing.measured(then) == series.iloc[-1]
