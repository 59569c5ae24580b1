"""The gauges on the sample, worked out again in plain loops from the stored series."""

import bisect
import math
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from bot import i18n
from bot.analytics.gauges import measured
from bot.charts.theme import DARK, LIGHT, Theme
from bot.features.risks import words as says
from bot.features.risks.findings import Findings, Gauge, find
from bot.features.risks.report import indicators
from bot.market import calendar
from bot.market.archive import Columns
from tests.charts.legibility import labels, words
from tests.features.answers import ask, assert_nothing_leaks, drawn, rows, sample, values
from tests.truncation import without

TODAY = ask("risks")


def weeks_to(day: date, start: date = date(1990, 1, 1)) -> list[date]:
    """Return the last session of each Monday-to-Friday week up to a Friday, by plain counting."""
    by_week: dict[tuple[int, int], date] = {}
    for session in calendar.session_days(start, day):
        by_week[session.isocalendar()[:2]] = session
    return list(by_week.values())


def share_at_or_below(readings: list[float]) -> float:
    return sum(value <= readings[-1] for value in readings) / len(readings)


def known_on(series: str, days: list[date]) -> list[float | None]:
    """Return the newest published value on each day."""
    frame = sample().macro_known(series).dropna()
    published = [stamp.date() for stamp in frame["known"]]
    taken = [bisect.bisect_right(published, day) for day in days]
    return [float(frame["value"].iloc[n - 1]) if n else None for n in taken]


def ratio_percentile(over: str, under: str) -> float:
    ratio = (sample().total_return(over) / sample().total_return(under)).dropna()
    values_ = ratio.tolist()
    position = {stamp.date(): n for n, stamp in enumerate(ratio.index)}
    readings = [
        math.log(values_[n] / (sum(values_[n - 251 : n + 1]) / 252))
        for week in weeks_to(date(2026, 7, 31))
        if (n := position.get(week, -1)) >= 251
    ]
    return share_at_or_below(readings)


class TestAgainstPlainLoops:
    def test_quality(self) -> None:
        assert values(TODAY)["gauge.quality"] == pytest.approx(ratio_percentile("IJR", "IWM") * 100)
        assert values(TODAY)["gauge.quality"] == pytest.approx(74.2966, abs=1e-4)

    def test_slowdown(self) -> None:
        weeks = weeks_to(date(2026, 7, 31))
        claims = sample().macro_known("ICSA")
        mean = claims["value"].rolling(4).mean().tolist()
        published = [stamp.date() for stamp in claims["known"]]
        changes = []
        for week in weeks:
            n = bisect.bisect_right(published, week) - 1
            if n >= 55:
                changes.append(mean[n] / mean[n - 52] - 1)
        found = {row["input"]: row["percentile"] for row in rows(TODAY, "inputs")}
        assert found[says.input_names()["claims"]] == pytest.approx(share_at_or_below(changes))
        assert found[says.input_names()["staples"]] == pytest.approx(ratio_percentile("XLP", "XLY"))

    @pytest.mark.parametrize(("day", "leads"), [("2026-07-31", "inversion"), ("2008-03-14", "steepening")])
    def test_the_curve_counts_whichever_ranks_higher(self, day: str, leads: str) -> None:
        """The curve was below zero until June 2007 and until September 2024: steepening counts for two years."""
        until = date.fromisoformat(day)
        sessions = list(calendar.session_days(date(1990, 1, 1), until))
        pairs = zip(sessions, known_on("DGS10", sessions), known_on("DGS2", sessions), strict=True)
        slope = {day: a - b for day, a, b in pairs if a is not None and b is not None}
        days, weeks = list(slope), [week for week in weeks_to(until) if week in slope]
        steep = []
        for week in weeks:
            first = bisect.bisect_right(days, week - timedelta(days=730))
            low = min(slope[d] for d in days[first : bisect.bisect_right(days, week)])
            if low < 0:
                steep.append(slope[week] - low)
        ranks = {"inversion": share_at_or_below([-slope[w] for w in weeks]), "steepening": share_at_or_below(steep)}
        assert max(ranks, key=ranks.__getitem__) == leads
        assert rows(ask("risks", day), "inputs")[0]["percentile"] == pytest.approx(ranks[leads])

    def test_financing(self) -> None:
        weeks = weeks_to(date(2026, 7, 31))
        spread = [value for value in known_on("BAMLH0A0HYM2", weeks) if value is not None]
        found = {row["input"]: row["percentile"] for row in rows(TODAY, "inputs")}
        assert found[says.input_names()["high_yield"]] == pytest.approx(share_at_or_below(spread))
        assert found[says.input_names()["banks"]] == pytest.approx(ratio_percentile("SPY", "KRE"))
        parts = [found[says.input_names()[name]] for name in ("yield_2y", "high_yield", "banks")]
        assert values(TODAY)["gauge.financing"] == pytest.approx(sum(parts) / 3 * 100)


def test_the_card() -> None:
    found = values(TODAY)
    assert found["gauge.short_interest"] is None
    assert found["gauges.above_80"] == 0
    assert TODAY.headline == "Quality is the hottest of 3 gauges: 74, up 33 in a month; none above 80."
    assert TODAY.stat("gauge.short_interest").shown == "too few to say"
    assert len(TODAY.figures) == 5


def test_every_input_tells_where_its_record_begins() -> None:
    table = {row["input"]: row for row in rows(TODAY, "inputs")}
    assert table[says.input_names()["curve"]]["start"] == date(1990, 1, 5)
    assert table[says.input_names()["aggregate"]]["observations"] == 2
    assert table[says.input_names()["aggregate"]]["percentile"] is None
    assert any("2 observations since" in note and "(60 are needed)" in note for note in TODAY.notes)


def test_the_change_is_from_the_last_week_a_month_ago() -> None:
    """A month before 31 July is 30 June, a Tuesday: the week before it ended on Friday the 26th."""
    history = {row["week"]: row for row in rows(TODAY, "history")}
    now, then = history[date(2026, 7, 31)], history[date(2026, 6, 26)]
    assert values(TODAY)["gauge.slowdown.change_1m"] == pytest.approx(now["slowdown"] - then["slowdown"])


def test_a_week_that_runs_counts_with_todays_reading() -> None:
    wednesday = find(sample().at(date(2026, 7, 29)))
    assert wednesday.today == pd.Timestamp(2026, 7, 29)
    assert wednesday.gauges[0].readings.index[-2] == pd.Timestamp(2026, 7, 24)


def test_a_week_reads_the_same_later_as_on_its_day() -> None:
    then = find(sample().at(date(2020, 3, 20)))
    later = find(sample())
    for early, whole in zip(then.gauges, later.gauges, strict=True):
        known = early.readings.dropna()
        pd.testing.assert_series_equal(known, whole.readings.reindex(known.index))


def test_stress_of_october_2008() -> None:
    report = ask("risks", "2008-10-10")
    assert report.headline == "Slowdown is the hottest of 3 gauges: 96, up 12 in a month; the only one above 80."
    assert values(report)["gauges.above_80"] == 1


class TestMissing:
    def test_the_first_day(self) -> None:
        report = ask("risks", "1998-01-02")
        assert values(report)["gauge.quality"] is None
        assert values(report)["gauge.slowdown"] is not None
        assert any("nothing is stored for this day" in note for note in report.notes)

    def test_ten_years_of_spreads_are_needed(self) -> None:
        """The record begins on 31 December 1996: it counts from the first week of 2007 on."""
        before = {row["input"]: row for row in rows(ask("risks", "2006-12-15"), "inputs")}
        after = {row["input"]: row for row in rows(ask("risks", "2007-01-05"), "inputs")}
        name = says.input_names()["high_yield"]
        assert before[name]["percentile"] is None
        assert before[name]["observations"] > 60
        assert after[name]["percentile"] is not None
        assert any("it takes 10 years" in note for note in ask("risks", "2006-12-15").notes)


GRID = pd.date_range("2024-01-05", periods=130, freq="W-FRI")


def made(**now: float | None) -> Findings:
    """Make findings whose gauges stood at 50 a month ago and stand where named now."""
    gauges = []
    for name, value in now.items():
        readings = pd.Series(math.nan if value is None else 50.0, index=GRID)
        readings.iloc[-1] = math.nan if value is None else value
        gauges.append(Gauge(name, (measured("curve", pd.Series(np.arange(130.0), index=GRID)),), readings))
    return Findings(tuple(gauges), GRID[-1], GRID[-1] - pd.DateOffset(months=1))


HOTTEST = "Slowdown is the hottest of 2 gauges"


@pytest.mark.parametrize(
    ("now", "headline"),
    [
        ({"slowdown": 71.0, "financing": 40.0}, HOTTEST + ": 71, up 21 in a month; none above 80."),
        ({"slowdown": 30.0, "financing": 10.0}, HOTTEST + ": 30, down 20 in a month; none above 80."),
        ({"slowdown": 80.3, "financing": 10.0}, HOTTEST + ": 80.3, up 30 in a month; the only one above 80."),
        ({"slowdown": 79.6, "financing": 10.0}, HOTTEST + ": 79.6, up 30 in a month; none above 80."),
        ({"slowdown": 50.2, "financing": 10.0}, HOTTEST + ": 50, little changed in a month; none above 80."),
        (
            {"slowdown": 90.0, "financing": 85.0},
            HOTTEST + ": 90, up 40 in a month; Slowdown and Financing are above 80.",
        ),
        (
            {"slowdown": 80.0, "financing": 80.0},
            "Slowdown and Financing are the hottest of 2 gauges, at 80; none above 80.",
        ),
        (
            {"quality": 81.0, "short_interest": None},
            "Quality is the only gauge with enough history: 81, up 31 in a month; the only one above 80.",
        ),
        ({"quality": None}, "None of the four gauges can be measured: their inputs have too short a record."),
    ],
)
def test_headlines_follow_the_readings(now: dict[str, float | None], headline: str) -> None:
    assert says.headline(made(**now)) == headline


@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2026, 4, 3), date(2026, 7, 2), date(2026, 7, 29)])
def test_nothing_leaks_on_odd_days(day: date) -> None:
    assert_nothing_leaks("risks", day)


def test_an_input_that_stopped_drops_out_and_is_named() -> None:
    """Without claims since May the slowdown gauge is the mean of its other two inputs."""

    def late_claims(columns: Columns) -> NDArray[np.bool_]:
        return np.logical_and(columns["day"] > np.datetime64("2026-05-02"), columns["series"] == "ICSA")

    report = ask("risks", without("macro", late_claims))
    at = {row["input"]: row["percentile"] for row in rows(TODAY, "inputs") if row["gauge"] == "Slowdown"}
    others = [share for name, share in at.items() if not name.startswith("Initial")]
    assert values(report)["gauge.slowdown"] == pytest.approx(100 * np.mean(others))
    said = [note for note in report.notes if "Initial jobless claims" in note]
    assert len(said) == 1
    assert "nothing new since 2" in said[0]  # 28 or 29 May: three weeks after its last publication


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("day", ["2026-07-31", "2008-10-10", "1998-01-02"])
def test_the_picture_is_legible(day: str, theme: Theme) -> None:
    drawn(ask("risks", day), theme)


def test_the_picture_shows_the_readings() -> None:
    figure = drawn(TODAY)["gauges"]
    assert {"60", "31", "74", "–", "+33 in a month", "too few to say"} <= set(words(figure))
    line = labels(figure)["Quality"].get_ydata()  # type: ignore[attr-defined]
    assert line[-1] == pytest.approx(values(TODAY)["gauge.quality"])


@pytest.mark.parametrize("indicator", indicators(), ids=lambda i: i.id)
def test_indicators_are_the_gauges(indicator: object) -> None:
    series = indicator.series(sample())  # type: ignore[attr-defined]
    now = values(TODAY)["gauge." + indicator.id.removeprefix("risks.")]  # type: ignore[attr-defined]
    assert series.empty if now is None else series.iloc[-1] == now


def test_every_sentence_can_be_translated() -> None:
    with i18n.use("en_XA"):
        report = ask("risks")
        texts = (report.title, report.headline, *report.notes, *(c.alt for c in report.charts))
        assert all(text.startswith("⟦") for text in texts)
        assert all(stat.label.startswith("⟦") for stat in report.stats)
        assert all(str(row["input"]).startswith("⟦") for row in rows(report, "inputs"))
