from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from bot.alerts.presets import presets
from bot.charts.theme import DARK, LIGHT, Theme
from bot.errors import BadInput, MissingData
from bot.features.alert.guides import guides
from bot.features.alert.report import build
from bot.features.alert.request import AlertRequest
from bot.shown import stat_shown
from tests.alerts.oracle import Oracle
from tests.charts.legibility import labels, titled
from tests.features.answers import ask, assert_nothing_leaks, drawn, rows, sample, values

REGIME: dict[str, Any] = {"indicator": "rotation.regime", "condition": "changes_state"}
FALL: dict[str, Any] = {
    "indicator": "rates.yield_2y", "condition": "changes_by", "direction": "down", "threshold": 0.005, "within": 63,
}  # fmt: skip
CHEAP: dict[str, Any] = {"indicator": "valuation.relative", "condition": "enters_band", "low": 0.0, "high": 0.05}
AHEAD: dict[str, Any] = {"indicator": "rotation.spread.6m", "condition": "crosses_above", "threshold": 0.0}
SHORTS: dict[str, Any] = {"indicator": "shortinterest.weighted.r2000", "condition": "above", "threshold": 0.055}
ALL = {"record": {}, "regime": REGIME, "fall": FALL, "cheap": CHEAP, "ahead": AHEAD, "shorts": SHORTS}


def test_a_record_close_alert_would_have_spoken_on_first_records() -> None:
    report = ask("alert")
    closes = sample().closes("IWM")
    record = ~(closes <= closes.cummax().shift(1))  # the first close beats nothing and counts as one
    first = closes.index[record & ~record.shift(1, fill_value=True)]
    listed = [row["date"] for row in rows(report, "fires")]
    assert listed == [stamp.date() for stamp in reversed(first)]
    assert values(report)["fires"] == len(first) == 156
    assert values(report)["fires.last"] == date(2026, 6, 30)
    assert report.headline == (
        "Fires when close of IWM reaches a record high. "
        "It would have fired 156 times since 26 May 2000, last on 30 Jun 2026."
    )


def test_a_falling_yield_is_found_by_hand() -> None:
    found = sample().macro_known("DGS2").dropna()
    series = pd.Series(found["value"].to_numpy(), index=pd.DatetimeIndex(found["known"])).groupby(level=0).last()
    recent = series.iloc[-500:]
    rule = AlertRequest(**FALL).rule()
    expected = Oracle(rule).fires(recent.tolist(), [stamp.date() for stamp in recent.index])
    listed = [row["date"] for row in rows(ask("alert", **FALL), "fires")]
    # From the second armed stretch on, half a history gives the same days as the whole.
    assert [recent.index[place].date() for place in expected[1:]] == list(reversed(listed))[-len(expected) + 1 :]


def test_the_list_says_what_followed_each_time() -> None:
    report = ask("alert", **REGIME)
    small, large = (
        sample().total_return("IWM"),
        sample().total_return("SPY").reindex(sample().total_return("IWM").index),
    )
    for row in rows(report, "fires")[:40]:
        place = small.index.get_loc(pd.Timestamp(row["date"]))
        for horizon in (21, 63, 126, 252):
            after = row[f"after_{horizon}"]
            if place + horizon >= len(small):
                assert after is None
            else:
                expected = (
                    small.iloc[place + horizon] / small.iloc[place] - large.iloc[place + horizon] / large.iloc[place]
                )
                assert after == pytest.approx(expected)


def test_the_summary_has_counts_base_rate_and_interval() -> None:
    summary = {row["horizon"]: row for row in rows(ask("alert", **REGIME), "followed")}
    assert list(summary) == [21, 63, 126, 252]
    for row in summary.values():
        assert row["events"] >= row["separate"] > 0
        assert row["low"] <= row["median"] <= row["high"]
        assert 0 <= row["base_positive"] <= 1
    assert summary[252]["separate"] < summary[252]["events"]
    assert summary[21]["events"] == summary[21]["separate"]


def test_too_few_events_say_nothing() -> None:
    report = ask("alert", **SHORTS)
    assert report.stat("after.63.median").shown == "too few to say (0 events)"
    assert all(row["median"] is None for row in rows(report, "followed"))
    assert "would never have fired in 2 settlements since 13 Jul 2026" in report.headline
    assert any(note.startswith("True now already") for note in report.notes)


def test_little_history_tells_nothing_about_how_often_it_fires() -> None:
    report = ask("alert", **SHORTS)
    assert values(report)["fires.per_year"] is None
    assert "Only 2 settlements since 13 Jul 2026: too little to say how often it fires." in report.notes
    assert not any(note.startswith("Only ") for note in ask("alert", **CHEAP).notes)


def test_an_interval_without_width_is_none() -> None:
    """Seven events in blocks of twelve: every draw is the same, which says nothing about the median."""
    report = ask("alert", **CHEAP, cooldown_days=21)
    summary = {row["horizon"]: row for row in rows(report, "followed")}
    assert summary[252]["events"] == 7
    assert (summary[252]["low"], summary[252]["high"]) == (None, None)
    assert summary[63]["low"] < summary[63]["median"] < summary[63]["high"]
    assert "Where blocks hold all events there is no interval." in report.notes
    assert "Where blocks hold all events there is no interval." not in ask("alert", **REGIME).notes


def test_a_busy_rule_is_told_what_would_calm_it() -> None:
    (warning,) = (note for note in ask("alert", **AHEAD).notes if "Calmer" in note)
    assert warning == (
        "In 1 month of history it would have fired more than 4 times (at most 6). "
        "Calmer: confirmation over 2 sessions (94 fires) or a cooldown of 5 days (116 fires)."
    )
    assert not any("Calmer" in note for note in ask("alert", **AHEAD, cooldown_days=5).notes)


def test_the_last_five_are_named() -> None:
    (note,) = (note for note in ask("alert", **REGIME).notes if note.startswith("Last: "))
    assert note == (
        "Last: 24 Dec 2025 (small), 14 Nov 2025 (mixed), 23 Sep 2025 (small), 12 Aug 2025 (large), "
        "and 16 Jul 2025 (mixed)."
    )


def test_fired_it_says_what_happened() -> None:
    report = ask("alert", "2025-12-26", **REGIME, fired_on=date(2025, 12, 24), note="watch @everyone")
    assert report.headline.startswith(
        "Regime of IWM and SPY went from mixed to small (24 Dec 2025). It would have fired "
    )
    assert report.headline.endswith("last on 14 Nov 2025.")
    assert values(report)["fired.value"] == "small"
    assert report.stat("fired.date").value == date(2025, 12, 24)
    assert report.notes[0] == r"watch \@everyone"


def test_fired_for_the_first_time() -> None:
    first = rows(ask("alert", **CHEAP), "fires")[-1]["date"]
    report = ask("alert", first.isoformat(), **CHEAP, fired_on=first)
    assert "It would not have fired before since 26 May 2000." in report.headline
    assert values(report)["fires"] == 1


def test_numbers_in_a_fired_sentence() -> None:
    report = ask("alert", "2025-10-17", **FALL, fired_on=date(2025, 10, 17))
    assert report.headline.startswith(
        "2-year yield falls by 0.5 points or more within 63 sessions: 3.41% on 17 Oct 2025."
    )
    assert values(report)["fired.value"] == 0.0341


@pytest.mark.parametrize(
    ("rule", "day", "label", "shown"),
    [
        ({"condition": "below", "threshold": 290.0}, date(2026, 7, 29), "Threshold", "$290"),
        ({}, date(2026, 6, 30), "Highest before", "$299.83"),
        (FALL, date(2025, 10, 17), "Moved by", "−0.53 points, from 3.94%"),
        (CHEAP, date(2025, 7, 30), "Band", "the lowest 5% of its history"),
        (
            {"condition": "changes_by", "threshold": 0.03, "relative": True, "within": 5},
            date(2026, 7, 29), "Moved by", "−1.78%, from $293.79",
        ),
        (
            {"condition": "changes_by", "threshold": 2.0, "within": 1},
            date(2026, 7, 29), "Moved by", "−$4.80, from $293.37",
        ),
    ],
)  # fmt: skip
def test_the_number_stands_beside_what_it_was_held_against(
    rule: dict[str, Any], day: date, label: str, shown: str
) -> None:
    report = ask("alert", day.isoformat(), **rule, fired_on=day)
    held = report.stat("fired.threshold")
    assert (held.label, stat_shown(held), held.figure) == (label, shown, True)
    assert not report.stat("fired.date").figure
    assert len(report.figures) <= 6


def test_a_state_is_held_against_nothing_but_its_day() -> None:
    report = ask("alert", "2025-12-26", **REGIME, fired_on=date(2025, 12, 24))
    assert "fired.threshold" not in values(report)
    assert report.stat("fired.date").figure


def test_each_source_is_named_once() -> None:
    gauge = {"indicator": "risks.financing", "condition": "above", "threshold": 80.0}
    assert ask("alert", **gauge).sources == ("FRED", "Yahoo Finance")


def test_corrected_data_takes_an_alert_back() -> None:
    """Asked about a day on which the condition does not hold, the card says so instead of repeating the alert."""
    report = ask("alert", "2025-10-17", **FALL, fired_on=date(2025, 10, 1))
    assert report.headline == (
        "Taken back: as the data stands now, 2-year yield was 3.60% on 1 Oct 2025, and this was not so: "
        "2-year yield falls by 0.5 points or more within 63 sessions."
    )


def test_it_cannot_have_fired_on_a_day_without_value() -> None:
    with pytest.raises(MissingData):
        ask("alert", **REGIME, fired_on=date(2026, 7, 25))


@pytest.mark.parametrize("theme", [DARK, LIGHT])
@pytest.mark.parametrize("name", ALL)
def test_pictures_are_legible(name: str, theme: Theme) -> None:
    report = ask("alert", **ALL[name])
    assert titled(drawn(report, theme)["alert"]) in report.title


@pytest.mark.parametrize("name", ALL)
def test_the_picture_marks_every_fire_it_shows(name: str) -> None:
    report = ask("alert", **ALL[name])
    data = report.charts[0].data
    marked = {day.item() for day in data.dates[data.fires]}
    all_days = {row["date"] for row in rows(report, "fires")}
    assert marked == {day for day in all_days if day >= data.dates[0].item()}
    assert len(marked) >= min(5, len(all_days))
    dots = labels(drawn(report)["alert"]).get("fires")
    assert len(marked) == (len(dots.get_xdata()) if dots is not None else 0)


@pytest.mark.parametrize("name", [name for name in ALL if name != "regime"])
def test_the_threshold_is_drawn_where_the_rule_has_it(name: str) -> None:
    """On the day of a fire the line is on the far side of its threshold, and was not the day before."""
    rule = AlertRequest(**ALL[name]).rule()
    report = ask("alert", **ALL[name])
    data = report.charts[0].data
    (guide,) = data.guides
    falling = name in {"fall", "cheap"}
    gap = np.subtract(data.values, guide)
    for place in data.fires[1:]:
        beyond, before = gap[place], gap[place - 1]
        if name == "cheap":
            continue  # the edge is interpolated between observations: near it either side is right
        assert (beyond <= 1e-9 and before > -1e-9) if falling else (beyond >= -1e-9 and before <= 1e-9)
    assert len(guides(rule, pd.Series([1.0, 2.0]))) == 1


def test_a_change_either_way_has_two_thresholds() -> None:
    either = AlertRequest(**{**FALL, "direction": "either", "within": 2}).rule()
    down, up = guides(either, pd.Series([0.03, 0.04, 0.05]))[::-1]
    np.testing.assert_allclose(up[2], 0.035)
    np.testing.assert_allclose(down[2], 0.035)
    assert np.isnan(up[1])
    relative = AlertRequest(indicator="price.close.IWM", condition="changes_by", threshold=0.1, relative=True,
                            direction="down", within=1).rule()  # fmt: skip
    np.testing.assert_allclose(guides(relative, pd.Series([200.0, 190.0]))[0][1], 180.0)


@pytest.mark.parametrize("name", ["record", "regime", "fall"])
@pytest.mark.parametrize("day", [date(2025, 12, 4), date(2020, 3, 23)])
def test_nothing_leaks_from_the_future(name: str, day: date) -> None:
    assert_nothing_leaks("alert", day, **ALL[name])


def test_history_as_of_a_day_is_the_beginning_of_todays() -> None:
    then = [row["date"] for row in rows(ask("alert", "2025-12-04", **REGIME), "fires")]
    now = [row["date"] for row in rows(ask("alert", **REGIME), "fires")]
    assert then == [day for day in now if day <= date(2025, 12, 4)]


def test_rules_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValidationError):
        AlertRequest(condition="above")
    with pytest.raises(BadInput, match="no indicator called"):
        ask("alert", indicator="no.such")


def test_rule_and_request_are_one() -> None:
    for preset in presets():
        for rule in preset.rules:
            assert AlertRequest.of(rule).rule() == rule
            assert build(AlertRequest.of(rule), sample()).headline if rule.indicator != "risks.short_interest" else True
