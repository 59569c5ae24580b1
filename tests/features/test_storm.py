from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from bot import i18n
from bot.errors import MissingData
from bot.features.storm.report import ON_CARD
from tests.features.answers import ask, rows, values

DAY = date(2026, 7, 29)
CLOSE: dict[str, Any] = {"indicator": "price.close.IWM", "condition": "below", "threshold": 290.0, "fired_on": DAY}
SPREAD: dict[str, Any] = {
    "indicator": "rotation.spread.1m", "condition": "below", "threshold": -0.019, "fired_on": DAY,
}  # fmt: skip


def listed(count: int) -> list[dict[str, Any]]:
    return [{**CLOSE, "threshold": 289.0 + n / 10, "per_year": float(count - n)} for n in range(count)]


def test_the_rarest_comes_first_and_is_told_in_full() -> None:
    report = ask("storm", "2026-07-29", alerts=[{**CLOSE, "per_year": 5.0}, {**SPREAD, "per_year": 0.4}])
    assert report.headline == (
        "2 alerts at once; the rarest: IWM minus SPY over 1 month is below −1.9 points: −1.92 points on 29 Jul 2026."
    )
    assert rows(report, "alerts") == [
        {
            "alert": "IWM minus SPY over 1 month is below −1.9 points",
            "value": "−1.92 points",
            "day": DAY,
            "per_year": 0.4,
        },
        {"alert": "Close of IWM is below $290", "value": "$288.57", "day": DAY, "per_year": 5.0},
    ]
    assert values(report)["alerts"] == 2
    assert values(report)["rarest.per_year"] == 0.4
    assert not report.charts


def test_a_long_list_goes_behind_its_button() -> None:
    report = ask("storm", "2026-07-29", alerts=listed(30), more=12)
    assert report.headline.startswith("42 alerts at once; the rarest: ")
    assert len(rows(report, "alerts")) == ON_CARD
    assert len(rows(report, "all")) == 30


def test_what_corrected_data_undoes_is_marked() -> None:
    alerts = [{**CLOSE, "per_year": 5.0}, {**CLOSE, "threshold": 288.0, "per_year": 1.0}]  # it closed at 288.57
    report = ask("storm", "2026-07-29", alerts=alerts)
    assert rows(report, "alerts")[0]["alert"] == "taken back: Close of IWM is below $288"
    assert report.headline == "2 alerts at once."
    assert values(report)["alerts.standing"] == 1
    assert any(note == "1 of them is not so any more by corrected data." for note in report.notes)


def test_little_history_does_not_tell_how_rare_an_alert_is() -> None:
    shorts = {
        "indicator": "shortinterest.weighted.r2000", "condition": "below", "threshold": 0.0785, "per_year": 1.0,
        "fired_on": date(2026, 7, 27),
    }  # fmt: skip
    report = ask("storm", "2026-07-29", alerts=[shorts, {**CLOSE, "per_year": 5.0}])
    assert [row["per_year"] for row in rows(report, "alerts")] == [None, 5.0]
    assert values(report)["rarest.per_year"] is None


def test_an_indicator_that_is_gone_is_left_out() -> None:
    report = ask("storm", "2026-07-29", alerts=[CLOSE, {**CLOSE, "indicator": "no.such"}])
    assert len(rows(report, "alerts")) == 1
    with pytest.raises(MissingData):
        ask("storm", "2026-07-29", alerts=[{**CLOSE, "indicator": "no.such"}])


def test_a_storm_of_nothing_is_none() -> None:
    with pytest.raises(ValidationError):
        ask("storm", alerts=[])


def test_it_speaks_the_readers_language() -> None:
    with i18n.use("es"):
        report = ask("storm", "2026-07-29", alerts=[CLOSE])
    assert rows(report, "alerts")[0]["value"] == "$288,57"
