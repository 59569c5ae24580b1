"""Many alerts at once: the order by rarity, what is counted, what little history leaves unsaid; notes of one alert."""

import random
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from bot.alerts.backtest import backtest
from bot.alerts.rule import Rule
from bot.analytics.events import HORIZONS, Following
from bot.features.alert import words
from bot.features.storm.report import ON_CARD
from tests.features import flat
from tests.features.answers import ask, rows, values

DAY = date(2026, 7, 29)
CLOSE: dict[str, Any] = {"indicator": "price.close.IWM", "condition": "below", "threshold": 290.0, "fired_on": DAY}
SHORTS: dict[str, Any] = {
    "indicator": "shortinterest.weighted.r2000", "condition": "below", "threshold": 0.0785,
    "fired_on": date(2026, 7, 27),
}  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_the_order_is_by_rarity_however_the_alerts_come(seed: int) -> None:
    rates = [n / 7 for n in range(ON_CARD + 3)]
    alerts = [{**CLOSE, "threshold": 289.0 + n, "per_year": rate} for n, rate in enumerate(rates)]
    random.Random(seed).shuffle(alerts)
    report = ask("storm", "2026-07-29", alerts=alerts)
    assert [row["per_year"] for row in rows(report, "all")] == rates
    assert rows(report, "alerts") == rows(report, "all")[:ON_CARD]
    assert values(report)["rarest.per_year"] == rates[0]
    assert "the rarest: Close of IWM is below $289: $288.57 on 29 Jul 2026." in report.headline


def test_of_two_as_rare_the_order_does_not_depend_on_the_asking() -> None:
    other = {"indicator": "rotation.spread.1m", "condition": "below", "threshold": -0.019, "fired_on": DAY}
    alerts = [{**CLOSE, "per_year": 2.0}, {**other, "per_year": 2.0}]
    one, two = (ask("storm", "2026-07-29", alerts=listed) for listed in (alerts, alerts[::-1]))
    assert rows(one, "alerts") == rows(two, "alerts")
    assert one.headline == two.headline


@pytest.mark.parametrize(
    ("count", "more", "said"),
    [(1, 0, "1 alert; the rarest: "), (1, 1, "2 alerts at once; the rarest: "), (ON_CARD, 0, "12 alerts at once"),
     (1, 1500, "1,501 alerts at once")],
)  # fmt: skip
def test_the_headline_counts_those_listed_and_those_left_out(count: int, more: int, said: str) -> None:
    alerts = [{**CLOSE, "threshold": 289.0 + n, "per_year": 1.0 + n} for n in range(count)]
    report = ask("storm", "2026-07-29", alerts=alerts, more=more)
    assert report.headline.startswith(said)
    assert values(report)["alerts"] == count + more
    assert [table.id for table in report.tables] == ["alerts"]  # a second list only from the thirteenth on


@pytest.mark.parametrize(
    ("undone", "said"), [(1, "1 of them is not so any more"), (2, "2 of them are not so any more")]
)
def test_what_is_taken_back_is_counted(undone: int, said: str) -> None:
    false = [{**CLOSE, "threshold": 280.0 + n, "per_year": 9.0} for n in range(undone)]
    report = ask("storm", "2026-07-29", alerts=[{**CLOSE, "per_year": 1.0}, *false])
    assert any(note.startswith(said) for note in report.notes)
    assert values(report)["alerts.standing"] == 1
    told = [str(row["alert"]).startswith("taken back: ") for row in rows(report, "alerts")]
    assert told == [False] + [True] * undone


def test_a_day_without_a_value_of_the_indicator_leaves_the_alert_out() -> None:
    sunday = {**CLOSE, "fired_on": date(2026, 7, 26)}
    report = ask("storm", "2026-07-29", alerts=[CLOSE, sunday])
    assert values(report)["alerts"] == len(rows(report, "alerts")) == 1


def test_rarity_needs_a_year_of_history_and_the_note_comes_only_without() -> None:
    said = "With less than a year of history nobody can say how many times a year an alert fires."
    assert said not in ask("storm", "2026-07-29", alerts=[CLOSE]).notes
    assert said in ask("storm", "2026-07-29", alerts=[CLOSE, SHORTS]).notes


def test_sources_are_named_once_each() -> None:
    gauge = {"indicator": "risks.financing", "condition": "above", "threshold": 0.0}
    sources = ask("storm", "2026-07-31", alerts=[{**CLOSE, "fired_on": None}, gauge]).sources
    assert len(sources) == len(set(sources))
    assert {"Yahoo Finance", "FRED"} <= set(sources)


FORWARD = pd.Series([0.01] * 300, index=pd.DatetimeIndex(flat.sessions(300)))


def tried(closes: Sequence[float], horizons: Sequence[int], *, complete: int = 300) -> tuple[list[str], Any]:
    """Return what a rule's notes miss: it fires above 1; so many sessions have a forward return."""
    series = pd.Series(list(closes), index=FORWARD.index[: len(closes)])
    forwards = {horizon: FORWARD.where(range(300) < pd.Series([complete] * 300).to_numpy()) for horizon in horizons}
    rule = Rule(indicator="price.close.IWM", condition="above", threshold=1.0)
    done = backtest(rule, series, forwards)
    return words.not_followed(done, forwards), done


def wave(fires: int) -> list[float]:
    """Return values that rise above one so many times, thirty sessions apart."""
    return [2.0 if n % 30 == 29 and n // 30 < fires else 0.0 for n in range(300)]


@pytest.mark.parametrize(("fires", "few"), [(0, True), (4, True), (5, False), (9, False)])
def test_five_events_are_enough(fires: int, few: bool) -> None:
    said, done = tried(wave(fires), (21,))
    assert len(done.fires) == fires
    assert [one.startswith("Fewer than 5 events have 21 sessions behind them") for one in said] == [True] * few
    assert words.enough(done.followed[0]) is not few


def test_all_horizons_that_lack_events_are_named() -> None:
    said, _done = tried(wave(2), (21, 63, 252))
    assert said[0] == "Fewer than 5 events have 21, 63, or 252 sessions behind them: no median, share or interval."


def test_a_fire_too_near_to_today_is_owned_up_to() -> None:
    near = "What followed is left out where a fire is too near to today, or older than the prices of IWM and SPY."
    assert near not in tried(wave(9), (21,))[0]
    assert near not in tried(wave(9), (21,), complete=270)[0]  # the ninth fires on the 270th session
    assert near in tried(wave(9), (21,), complete=269)[0]


def test_without_prices_of_the_pair_nothing_is_said_of_what_followed() -> None:
    said, done = tried(wave(3), ())
    assert said == ["What followed is not known: IWM and SPY have no prices together."]
    assert words.caveats(done) == []


@pytest.mark.parametrize(
    ("events", "median", "shown"),
    [(4, 0.01, "too few to say (4 events)"), (1, 0.01, "too few to say (1 event)"),
     (5, 0.01, "+1.0 points (any session −0.5 points; 5 events)"), (5, None, "too few to say (5 events)")],
)  # fmt: skip
def test_what_followed_in_words(events: int, median: float | None, shown: str) -> None:
    one = Following(63, events, events, median, 0.5, 100, -0.005, 0.4, None)
    assert words.followed_shown(one) == shown


def test_a_market_without_large_caps_still_tries_a_rule(tmp_path: Path) -> None:
    """No SPY: the fires are counted, what followed is not, and the card says which."""
    closes = [100.0 + 10 * (n % 2) for n in range(260)]
    dataset = flat.market(tmp_path, {"IWM": closes})
    report = ask("alert", dataset, condition="above", threshold=105.0)
    assert values(report)["fires"] == 130
    assert not rows(report, "followed")
    assert report.notes[-1] == "What followed is not known: IWM and SPY have no prices together."
    assert not any("total return" in note for note in report.notes)


def test_a_median_of_few_events_is_null_for_machines_as_it_is_untold_for_people() -> None:
    """Three fires with what followed: the card says too few, and so does its JSON."""
    report = ask("alert", "2001-06-01", condition="below", threshold=43.0)
    for horizon in HORIZONS:
        few = values(report)[f"after.{horizon}.events"] < 5
        assert (values(report)[f"after.{horizon}.median"] is None) == few
        assert str(report.stat(f"after.{horizon}.median").shown).startswith("too few to say") == few
