"""The past on the sample: events found again in plain loops, what followed counted again by hand."""

import statistics
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from bot import i18n
from bot.charts.theme import DARK, LIGHT, Theme
from bot.errors import BadInput, MissingData, NoCloses, UnknownSymbol
from bot.features.history import chart
from bot.features.history.request import HistoryRequest
from tests.charts.legibility import labels, words
from tests.features.answers import ask, assert_nothing_leaks, drawn, rows, sample, values

TODAY = ask("history")
EVENTS = ("record", "regime", "mean", "cut", "spread")


def days_of(report: object) -> list[date]:
    return [row["date"] for row in rows(report, "events")]  # type: ignore[arg-type]


def index_of(symbol: str) -> pd.Series:
    closes, paid = sample().closes(symbol), sample().dividends(symbol)
    return ((closes + paid) / closes.shift()).fillna(1.0).cumprod()


class TestRecords:
    def test_the_six_that_took_a_year(self) -> None:
        """Found in the recorded closes by a loop; 2025-09-18 came 1,410 days after 2021-11-08."""
        closes = sample().closes("IWM")
        best, last, found = closes.iloc[0], closes.index[0], []
        for day, close in list(closes.items())[1:]:
            if close > best:
                if (day - last).days >= 365:  # type: ignore[operator]
                    found.append((day.date(), (day - last).days))  # type: ignore[attr-defined,operator]
                best, last = close, day
        assert days_of(TODAY) == [day for day, _gap in found]
        assert found[-1] == (date(2025, 9, 18), 1410)
        assert values(TODAY)["events"] == 6
        assert values(TODAY)["events.last"] == date(2025, 9, 18)

    def test_what_followed_counted_by_hand(self) -> None:
        index = index_of("IWM").tolist()
        sessions = [day.date() for day in sample().closes("IWM").index]
        at = [sessions.index(day) for day in days_of(TODAY)]
        first = next(n for n, day in enumerate(sessions) if (day - sessions[0]).days >= 365)
        for row in rows(TODAY, "forward_returns"):
            horizon = row["horizon_sessions"]
            after = [index[n + horizon] / index[n] - 1 for n in at if n + horizon < len(index)]
            base = [index[n + horizon] / index[n] - 1 for n in range(first, len(index) - horizon)]
            assert (row["events"], row["base_sessions"]) == (len(after), len(base))
            assert row["median"] == pytest.approx(statistics.median(after))
            assert row["share_positive"] == pytest.approx(sum(r > 1e-12 for r in after) / len(after))
            assert row["base_median"] == pytest.approx(statistics.median(base))
            assert row["base_share_positive"] == pytest.approx(sum(r > 1e-12 for r in base) / len(base))
            assert row["ci_low"] <= row["median"] <= row["ci_high"]

    def test_the_card(self) -> None:
        assert TODAY.headline == (
            "First record close of IWM in 365 days or more: 6 times since 29 May 2001. A year later IWM was +17.4% in "
            "the median, up in 4 of 5; from any day, +10.9%."
        )
        assert len(TODAY.figures) == 6

    def test_an_interval_without_width_is_called_that(self) -> None:
        year = rows(TODAY, "forward_returns")[-1]
        assert year["ci_low"] == year["ci_high"]
        assert year["remark"] == "no width: each draw holds all events"
        assert any("says nothing" in note for note in TODAY.notes)

    def test_a_shorter_wait_finds_more(self) -> None:
        assert set(days_of(TODAY)) <= set(days_of(ask("history", gap_days=180)))
        assert len(days_of(ask("history", gap_days=1000))) < 6

    def test_a_wait_longer_than_the_record(self) -> None:
        report = ask("history", gap_days=10_000)
        assert report.headline == (
            "First record close of IWM in 10,000 days or more: the record is too short for that on this day."
        )
        assert values(report)["events"] is None

    def test_funds_without_closes_have_no_records(self) -> None:
        with pytest.raises(NoCloses):
            ask("history", small="IWO")


class TestOtherEvents:
    def test_crossings_of_the_mean_in_a_loop(self) -> None:
        ratio = (index_of("IWM") / index_of("SPY")).dropna()
        mean = ratio.rolling(200).mean()
        above = (ratio > mean)[mean.notna()]
        crossed = [day for before, (day, now) in pairwise([(None, None), *above.items()])
                   if before[1] is False and now]  # fmt: skip
        position = {day: n for n, day in enumerate(ratio.index)}
        kept: list[pd.Timestamp] = []
        for day in crossed:
            if not kept or position[day] - position[kept[-1]] > 21:
                kept.append(day)
        assert days_of(ask("history", event="mean")) == [day.date() for day in kept]

    def test_leads_of_ten_points_in_six_months(self) -> None:
        small, large = index_of("IWM"), index_of("SPY")
        found = days_of(ask("history", event="spread"))
        for day in (found[0], found[-1]):
            stamp = pd.Timestamp(day)
            lead = []
            for end in (stamp, small.index[small.index.get_loc(stamp) - 1]):
                start = small.index[small.index <= end - pd.DateOffset(months=6)][-1]
                lead.append(small[end] / small[start] - large[end] / large[start])
            assert lead[0] > 0.10 >= lead[1]

    def test_regimes_of_either_side(self) -> None:
        small, large = (set(days_of(ask("history", event="regime", side=side))) for side in ("small", "large"))
        assert date(2025, 12, 24) in small
        assert not small & large

    def test_first_cuts_are_four_and_too_few(self) -> None:
        report = ask("history", event="cut")
        assert days_of(report) == [date(2001, 1, 3), date(2007, 9, 18), date(2019, 7, 31), date(2024, 9, 18)]
        assert report.headline.endswith("What followed in a year: too few to say.")
        for row in rows(report, "forward_relative"):
            assert (row["ci_low"], row["ci_high"], row["remark"]) == (None, None, "too few to say")
            assert row["base_median"] is not None
        assert report.stat("median.252").shown == "too few to say"

    def test_events_of_the_pair_are_measured_by_the_pair(self) -> None:
        report = ask("history", event="mean")
        year = rows(report, "forward_relative")[-1]
        assert values(report)["median.252"] == year["median"]
        assert "IWM against SPY was" in report.headline
        assert values(TODAY)["median.252"] == rows(TODAY, "forward_returns")[-1]["median"]

    def test_kept_events_lie_apart(self) -> None:
        sessions = [day.date() for day in sample().sessions]
        for event in EVENTS:
            at = [sessions.index(day) for day in days_of(ask("history", event=event))]
            assert all(later - earlier > 21 for earlier, later in pairwise(at))

    def test_a_lead_that_never_was(self) -> None:
        report = ask("history", event="spread", points=150)
        assert report.headline == "IWM ahead of SPY by 150 points in six months: never since 27 Nov 2000."
        assert values(report)["events"] == 0
        assert report.charts == ()
        assert rows(report, "forward_returns")[0]["base_median"] is not None


class TestCycles:
    REPORT = ask("history", event="cycles")

    def test_spells_follow_one_another(self) -> None:
        table = rows(self.REPORT, "cycles")
        assert all(earlier["end"] < later["start"] for earlier, later in pairwise(table))
        assert [row["open"] for row in table].count(True) == 1
        assert table[-1]["open"]

    def test_the_present_one(self) -> None:
        """IWM led from 2025-12-24: its index grew 15.71% to 2026-07-31, that of SPY 8.78%."""
        now = rows(self.REPORT, "cycles")[-1]
        small, large = (index_of(s)["2026-07-31"] / index_of(s)["2025-12-24"] for s in ("IWM", "SPY"))
        assert (now["leader"], now["start"]) == ("IWM", date(2025, 12, 24))
        assert now["gain"] == pytest.approx(small / large - 1)
        assert now["sessions"] == len(sample().closes("IWM")["2025-12-24":])
        assert self.REPORT.headline.endswith("Now IWM has led for 150 sessions: +6.4%.")

    def test_before_any_ended(self) -> None:
        report = ask("history", "2001-04-02", event="cycles")
        assert report.headline.startswith("No spell of leadership of IWM has ended yet.")

    def test_before_any_began(self) -> None:
        report = ask("history", "2000-06-30", event="cycles")
        assert report.headline == "No regime of IWM and SPY could be confirmed yet: it takes 200 common sessions."
        assert report.charts == ()


class TestMissing:
    def test_no_rally_falls_into_the_stored_positions(self) -> None:
        index = pd.Series(index_of("IWM"))
        gains = (index / index.shift(21) - 1).dropna()
        late = gains[gains.index > "2026-06-19"]  # with the first snapshot of members' prices
        assert late.max() < 0.10
        report = ask("history", event="rallies")
        assert values(report)["events"] == 0
        assert report.headline.endswith("rallies lies within the stored positions and prices of members.")
        assert (report.tables, report.charts) == ((), ())

    def test_short_interest_has_three_dates(self) -> None:
        report = ask("history", event="shorts")
        assert "too few to say, 3 of the 60 settlement dates" in report.headline
        assert any("15 May 2026 to 15 Jul 2026; a top tenth takes 60" in note for note in report.notes)
        assert report.tables == ()
        assert report.charts == ()

    def test_before_any_short_interest(self) -> None:
        for event in ("shorts", "rallies"):
            report = ask("history", "2020-01-31", event=event)
            assert any("No short interest is stored for this day" in note for note in report.notes)

    def test_other_events_do_not_speak_of_settlement_dates(self) -> None:
        report = ask("history", "2000-06-01")
        assert values(report) == {"events": None}
        assert not any("short interest" in note.lower() for note in report.notes)

    def test_before_the_fund(self) -> None:
        with pytest.raises(MissingData):
            ask("history", "1998-01-02")

    @pytest.mark.parametrize("event", [*EVENTS, "cycles"])
    def test_the_funds_first_session(self, event: str) -> None:
        report = ask("history", "2000-05-26", event=event)
        assert report.headline.endswith(".")
        assert rows(report, "events") == [] if any(t.id == "events" for t in report.tables) else True

    def test_unknown_and_equal_funds(self) -> None:
        with pytest.raises(UnknownSymbol):
            ask("history", small="ZZZZ")
        with pytest.raises(BadInput):
            ask("history", small="SPY")

    @pytest.mark.parametrize("options", [{"gap_days": 0}, {"points": 0}, {"points": -3}, {"event": "moon"}])
    def test_nonsense_is_refused(self, options: dict[str, object]) -> None:
        with pytest.raises(ValidationError):
            HistoryRequest(**options)  # type: ignore[arg-type]


@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2026, 4, 3), date(2025, 9, 18), date(2024, 9, 18)])
def test_nothing_leaks_on_odd_days(day: date) -> None:
    assert_nothing_leaks("history", day)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("event", [*EVENTS, "cycles"])
@pytest.mark.parametrize("day", ["2026-07-31", "2004-01-15"])
def test_pictures_are_legible(day: str, event: str, theme: Theme) -> None:
    drawn(ask("history", day, event=event), theme)


def test_the_fan_shows_the_card() -> None:
    figure = drawn(TODAY)["history"]
    assert {"Median", "+17.4%", "Any day", "+10.9%"} <= set(words(figure))
    median = labels(figure)["median"].get_ydata()  # type: ignore[attr-defined]
    assert median[252] == pytest.approx(values(TODAY)["median.252"] * 100)
    assert median[0] == 0


def test_many_events_are_shown_as_bands() -> None:
    figure = drawn(ask("history", event="spread"))["history"]
    assert {"10 to 90", "25 to 75"} <= labels(figure).keys()
    assert "path" not in labels(figure)


def test_an_event_of_yesterday_has_a_fan_of_one_session() -> None:
    report = ask("history", "2025-09-19", gap_days=1000)
    figure = drawn(report)["history"]
    assert np.isnan(labels(figure)["median"].get_ydata()[-1]) or len(days_of(report)) > 1  # type: ignore[attr-defined]


def test_what_draws_is_only_its_own_data() -> None:
    with pytest.raises(TypeError):
        chart.draw(3, DARK)


@pytest.mark.parametrize("event", [*EVENTS, "cycles", "shorts", "rallies"])
def test_every_sentence_can_be_translated(event: str) -> None:
    with i18n.use("en_XA"):
        report = ask("history", event=event)
        texts = (report.title, report.headline, *report.notes, *(c.alt for c in report.charts))
        assert all(text.startswith("⟦") for text in texts)
        assert all(stat.label.startswith("⟦") for stat in report.stats)
