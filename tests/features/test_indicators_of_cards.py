"""What can be watched says what the cards say, on any day; what the pictures draw ends in the card's figures."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot import i18n
from bot.alerts import catalogue
from bot.errors import UserError
from tests.features.answers import ask, rows, sample, values

SESSIONS = [day.date() for day in sample().sessions if day.year >= 2003]
recent = st.sampled_from(SESSIONS)
fridays = st.sampled_from([day for day in SESSIONS if day.weekday() == 4 and day.year >= 2010])

few = settings(deadline=None, phases=(Phase.explicit, Phase.generate))  # shrinking takes minutes

# Each indicator with the question, its options and the figure of the card that it must equal.
BY_SESSION: Mapping[str, tuple[str, dict[str, Any], str]] = {
    "rotation.spread.1m": ("rotation", {"window": "1m"}, "spread"),
    "rotation.spread.3m": ("rotation", {"window": "3m"}, "spread"),
    "rotation.spread.6m": ("rotation", {"window": "6m"}, "spread"),
    "rotation.spread.12m": ("rotation", {"window": "1y"}, "spread"),
    "rotation.spread.ytd": ("rotation", {"window": "ytd"}, "spread"),
    "rotation.rs_vs_200d": ("rotation", {}, "rs.vs_200d"),
    "highs.drawdown": ("highs", {}, "drawdown"),
    "highs.records_ytd": ("highs", {}, "records.this_year"),
    "rates.yield_2y": ("rates", {}, "yield_2y"),
    "rates.yield_10y": ("rates", {}, "yield_10y"),
    "rates.slope_10y2y": ("rates", {}, "slope_10y2y_bp"),
    "valuation.relative": ("valuation", {}, "relative.level"),
    "valuation.relative_percentile": ("valuation", {}, "relative.percentile"),
    "style.spread.6m": ("style", {"window": "6m"}, "spread"),
    "breadth.equal_vs_cap": ("breadth", {"window": "6m"}, "equal_vs_cap"),
    "price.close.IWM": ("quote", {"symbol": "IWM"}, "close"),
    "price.close.RUT": ("quote", {"symbol": "RUT"}, "close"),
}
STATES = {"rotation.regime": ("rotation", "regime"), "style.regime": ("style", "regime")}


def newest(indicator: str, day: date) -> float | None:
    """Return the last value of an indicator as of a day, None where it has none."""
    dataset = sample().at(day)
    series = catalogue.series(catalogue.find(indicator, dataset), dataset)
    return None if series is None else float(series.iloc[-1])


@settings(few, max_examples=2)
@given(day=recent)
@pytest.mark.parametrize("indicator", BY_SESSION)
def test_its_last_value_is_the_figure_of_the_card(indicator: str, day: date) -> None:
    question, options, stat = BY_SESSION[indicator]
    value = newest(indicator, day)
    try:
        shown = values(ask(question, day.isoformat(), **options))[stat]
    except UserError:  # RSP began in 2003: no card, and nothing to watch
        assert value is None
        return
    assert value == (None if shown is None else pytest.approx(shown))


@settings(few, max_examples=2)
@given(day=recent)
@pytest.mark.parametrize("indicator", STATES)
def test_its_last_state_is_that_of_the_card(indicator: str, day: date) -> None:
    question, stat = STATES[indicator]
    value = newest(indicator, day)
    assert value is not None
    shown = values(ask(question, day.isoformat()))[stat]
    watched = values(ask("indicator", day.isoformat(), indicator=indicator))["value"]
    assert watched == catalogue.find(indicator, sample()).states[int(value)]
    assert watched == shown


@settings(few, max_examples=2)
@given(day=fridays)
@pytest.mark.parametrize("gauge", ["slowdown", "financing", "quality"])
def test_a_gauge_is_that_of_the_card_at_the_end_of_a_week(gauge: str, day: date) -> None:
    value, shown = newest(f"risks.{gauge}", day), values(ask("risks", day.isoformat()))[f"gauge.{gauge}"]
    assert value == (None if shown is None else pytest.approx(shown))


@pytest.mark.parametrize("index", ["r2000", "r1000"])
def test_short_interest_is_that_of_the_card_on_the_day_it_was_published(index: str) -> None:
    series = catalogue.series(catalogue.find(f"shortinterest.weighted.{index}", sample()), sample())
    assert series is not None
    last = pd.Timestamp(series.index[-1]).date()
    found = values(ask("shortinterest", last.isoformat()))
    # a reconstitution lies between the two lists: the card leaves out who is in both, and gives the whole list beside
    stat = "weighted_share_of_cap.whole_list" if index == "r2000" else "weighted_share_of_cap.R1000"
    assert series.iloc[-1] == pytest.approx(found[stat])


@settings(few, max_examples=2)
@given(day=recent, indicator=st.sampled_from(["highs.drawdown", "rotation.spread.6m", "rates.yield_2y"]))
def test_the_indicators_card_by_counting(day: date, indicator: str) -> None:
    """Percentile, extremes and the change over a month, from the plain list of values."""
    dataset = sample().at(day)
    series = catalogue.series(catalogue.find(indicator, dataset), dataset)
    assert series is not None
    told = [float(value) for value in series.tolist()]
    report = ask("indicator", dataset, indicator=indicator, window="max")
    found = values(report)
    assert found["value"] == told[-1]
    assert found["percentile"] == pytest.approx(sum(value <= told[-1] for value in told) / len(told))
    assert (found["low"], found["high"]) == (min(told), max(told))
    assert found["change"] == pytest.approx(told[-1] - told[-22])
    assert found["observations"] == len(told)
    assert f"at or above {i18n.percent(found['percentile'], 0)} of its values" in report.headline
    listed = [row["value"] for row in rows(report, "values")]
    assert listed == pytest.approx(told[: -len(listed) - 1 : -1])
    np.testing.assert_array_equal(report.charts[0].data.values, told)


@settings(few, max_examples=2)
@given(day=recent)
def test_a_state_is_told_since_the_day_it_began(day: date) -> None:
    dataset = sample().at(day)
    series = catalogue.series(catalogue.find("rotation.regime", dataset), dataset)
    assert series is not None
    days, codes = [stamp.date() for stamp in pd.DatetimeIndex(series.index)], series.tolist()
    at = len(codes) - 1
    while at and codes[at - 1] == codes[-1]:
        at -= 1
    report = ask("indicator", dataset)
    assert values(report)["since"] == days[at]
    shares = [
        values(report)[f"share.{place}"] for place in range(len(catalogue.find("rotation.regime", dataset).states))
    ]
    assert sum(shares) == pytest.approx(1)
    assert shares[int(codes[-1])] == pytest.approx(codes.count(codes[-1]) / len(codes))
    assert rows(report, "values")[0]["date"] == days[at]


@settings(few, max_examples=2)
@given(day=recent, window=st.sampled_from(["1w", "6m", "max"]))
def test_the_lines_of_breadth_end_in_the_cards_spreads(day: date, window: str) -> None:
    """A line of relative return ends at one plus the one over one plus the other."""
    try:
        report = ask("breadth", day.isoformat(), window=window)
    except UserError:
        return
    found = values(report)
    lines = {line.name: line for line in report.charts[0].data.lines}
    assert lines
    for line, stat in zip(lines.values(), ("equal_vs_cap", "small_vs_seven"), strict=False):
        one, other = found[f"{stat}.one"], found[f"{stat}.other"]
        assert float(np.take(line.values, -1)) == pytest.approx(100 * (1 + one) / (1 + other))
        assert found[stat] == pytest.approx(one - other)


@settings(few, max_examples=2)
@given(day=recent)
def test_the_scoreboards_picture_is_its_table(day: date) -> None:
    report = ask("thesis", day.isoformat())
    told = rows(report, "scoreboard")
    drawn = report.charts[0].data.rows
    assert [(row.name, row.reading, row.verdict) for row in drawn] == [
        (row["claim"], row["now"], row["verdict"]) for row in told
    ]
    holding = sum(row["verdict"] == "holds" for row in told)
    measured = sum(row["verdict"] != "not measured today" for row in told)
    assert report.charts[0].data.title == f"{holding} of {measured} measured claims hold"
    assert values(report)["claims.supported"] == holding
    assert values(report)["claims.unmeasured"] == len(told) - measured
    assert values(report)["oldest_input"] is None or values(report)["oldest_input"] <= day


@settings(few, max_examples=2)
@given(day=recent)
def test_the_weeks_two_pictures_are_those_of_its_two_cards(day: date) -> None:
    data = ask("weekly", day.isoformat()).charts[0].data
    assert data.scoreboard.rows == ask("thesis", day.isoformat()).charts[0].data.rows
    rotation = ask("rotation", day.isoformat()).charts[0].data
    assert data.rotation.as_of == rotation.as_of == day
    for drawn in ("dates", "small", "large", "strength"):
        np.testing.assert_array_equal(getattr(data.rotation, drawn), getattr(rotation, drawn))
