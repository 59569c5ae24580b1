from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import i18n
from bot.analytics.records import record_closes, records_in, standing
from bot.analytics.returns import drawdown
from bot.charts.theme import DARK, LIGHT, Theme
from bot.errors import NoCloses, UnknownSymbol
from bot.features.highs import words
from bot.features.highs.chart import draw
from bot.features.highs.findings import Findings
from bot.features.highs.picture import picture
from bot.features.highs.report import indicators
from bot.market.dataset import Dataset
from tests.charts.legibility import check, labels, titled
from tests.charts.legibility import words as drawn_words
from tests.features.answers import ask, assert_nothing_leaks, drawn, rows, values
from tests.features.answers import sample as ask_sample

IDS = {
    "close", "record.close", "record.date", "record.previous.close", "record.previous.date", "record.gap_days",
    "records.this_year", "drawdown",
}  # fmt: skip
DAYS = (None, "2025-12-04", "2025-09-18", "2009-03-09", "2000-05-26", "2000-06-01", "2003-10-10")


def test_the_record_of_the_article() -> None:
    found = values(ask("highs", "2025-12-04"))
    assert found["record.close"] == found["close"] == 251.82
    assert found["record.date"] == date(2025, 12, 4)
    assert found["record.previous.date"] == date(2025, 10, 15)
    assert round(found["record.previous.close"], 2) == 250.33
    assert found["records.this_year"] == 6
    assert found["drawdown"] == 0
    assert found["record.days_since"] == 0


def test_the_real_breakout() -> None:
    report = ask("highs", "2025-09-18")
    assert values(report)["record.gap_days"] == 1410
    assert report.headline == "IWM closed at a record 244.84 on 18 Sep 2025, the first in 1,410 days."
    assert "1,410 days without a record" in drawn_words(drawn(report)["highs"])


@pytest.mark.parametrize(("day", "record"), [("2025-12-10", 254.81), ("2025-12-11", 257.80)])
def test_the_records_that_followed(day: str, record: float) -> None:
    assert round(values(ask("highs", day))["record.close"], 2) == record


def test_the_card_of_the_samples_last_day() -> None:
    report = ask("highs")
    assert report.headline == "IWM closed 3.1% below its record of 300.45 (30 Jun 2026)."
    assert set(values(report)) >= IDS
    assert [stat.id for stat in report.figures] == [
        "close", "drawdown", "record.close", "records.this_year", "record.days_since"
    ]  # fmt: skip
    assert report.stat("record.close").shown == "$300.45 on 30 Jun 2026"
    assert report.stat("close").unit == "usd"
    assert report.notes[0].startswith("Closing, not intraday")
    assert any("RUT" in note for note in report.notes)


def test_the_index_answers_for_itself() -> None:
    report = ask("highs", fund="^RUT")
    assert report.title == "Record closes: Russell 2000 Index (RUT)"
    assert report.stat("close").unit == "ratio"
    assert report.stat("close").shown == "2,931.34"
    assert values(report)["record.close"] != values(ask("highs"))["record.close"]
    assert values(report) == values(ask("highs", fund="RUT"))


def test_series_without_closes_are_refused() -> None:
    with pytest.raises(NoCloses):
        ask("highs", fund="VB")
    with pytest.raises(UnknownSymbol):
        ask("highs", fund="NOPE")


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("fund", ["IWM", "SPY"])
def test_figures_agree_with_a_walk_through_all_closes(sample: Dataset, fund: str, day: str | None) -> None:
    closes = sample.at(date.fromisoformat(day) if day else None).closes(fund).map(lambda close: round(close, 4))
    best, best_day, before, before_day, this_year = -1.0, None, None, None, 0
    for count, (stamp, close) in enumerate(closes.items()):
        if close > best:
            before, before_day, best, best_day = (best if count else None), best_day, float(close), stamp.date()
            this_year += bool(count) and stamp.year == closes.index[-1].year
    found = values(ask("highs", day, fund=fund))
    assert (found["record.close"], found["record.date"]) == (best, best_day)
    assert (found["record.previous.close"], found["record.previous.date"]) == (before, before_day)
    assert found["records.this_year"] == this_year
    assert found["drawdown"] == pytest.approx(float(closes.iloc[-1]) / best - 1)
    assert found["record.days_since"] == (closes.index[-1].date() - best_day).days if best_day else False


def test_the_table_lists_the_latest_records_newest_first() -> None:
    listed = rows(ask("highs", "2025-12-04"), "records")
    assert (listed[0]["date"], listed[0]["gap_days"]) == (date(2025, 12, 4), 50)
    assert listed[5]["gap_days"] == 1410
    assert [row["date"] for row in listed] == sorted((row["date"] for row in listed), reverse=True)
    assert rows(ask("highs", "2000-05-26"), "records") == []  # the first close has none before it to be above
    assert [row["gap_days"] for row in rows(ask("highs", "2000-06-01"), "records")] == [1, 1, 4]


@settings(max_examples=40, deadline=None)
@given(st.data(), st.sampled_from(["IWM", "SPY", "QQQ", "RUT"]))
def test_as_many_records_are_marked_as_are_counted_on_any_day(data: st.DataObject, fund: str) -> None:
    sessions = ask_sessions(fund)
    first_weeks = st.integers(0, 15)
    day = sessions[data.draw(first_weeks | st.integers(0, len(sessions) - 1))]
    report = ask("highs", day.isoformat(), fund=fund)
    found, drawn_data = values(report), report.charts[0].data
    years = [day.item().year for day in drawn_data.dates[drawn_data.records]]
    assert years.count(day.year) == found["records.this_year"]
    assert years.count(day.year - 1) == (found["records.last_year"] or 0)
    assert f"{len(years)} record close" in report.charts[0].alt
    told = [row["date"].year for row in rows(report, "underwater") if row["record"]]
    assert told.count(day.year) == found["records.this_year"]
    listed = [row["date"] for row in rows(report, "records")]
    assert set(listed[: len(years)]) <= {day.item() for day in drawn_data.dates[drawn_data.records]}
    assert drawn_data.dates[drawn_data.standing].item() == found["record.date"]


def ask_sessions(fund: str) -> list[date]:
    return [stamp.date() for stamp in ask_sample().closes(fund).index]


def test_three_records_followed_the_first_close_of_iwm() -> None:
    report = ask("highs", "2000-06-01")
    assert values(report)["records.this_year"] == 3 == len(report.charts[0].data.records)
    assert "3 record closes marked" in report.charts[0].alt


def test_the_csv_holds_derived_figures_and_no_prices() -> None:
    report = ask("highs")
    table = report.table("underwater")
    assert table.place == "csv"
    assert {column.id for column in table.columns} == {"date", "drawdown", "record"}
    series = rows(report, "underwater")
    assert series[-1]["drawdown"] == values(report)["drawdown"]
    assert sum(row["record"] for row in series if row["date"].year == 2026) == values(report)["records.this_year"]


def finding(levels: list[float], *, start: date = date(2025, 11, 3), is_level: bool = False) -> Findings:
    closes = pd.Series(levels, index=pd.bdate_range(start, periods=len(levels)))
    year = closes.index[-1].year
    return Findings(
        symbol="IWM",
        is_level=is_level,
        closes=closes,
        underwater=drawdown(closes),
        records=record_closes(closes),
        record=standing(closes),
        this_year=records_in(closes, year),
        last_year=records_in(closes, year - 1) if closes.index[0].year < year else None,
    )


@pytest.mark.parametrize(
    ("levels", "said"),
    [
        ([100, 110, 99], "IWM closed 10.0% below its record of 110.00 (4 Nov 2025)."),
        ([100, 110, 110], "IWM closed level with its record of 110.00 (4 Nov 2025)."),
        ([100, 110, 109.99], "IWM closed less than 0.1% below its record of 110.00 (4 Nov 2025)."),
        ([100], "IWM closed at 100.00 on 3 Nov 2025, the first close that is stored."),
        ([100, 101], "IWM closed at a record 101.00 on 4 Nov 2025, its first of 2025."),
        ([100, 101, 102], "IWM closed at a record 102.00 on 5 Nov 2025, number 2 of 2025."),
        ([100, 100, 100], "IWM closed level with its record of 100.00 (3 Nov 2025)."),
        ([101] + [100.0] * 66 + [102], "IWM closed at a record 102.00 on 4 Feb 2026, the first in 93 days."),
    ],
)
def test_headlines_by_case(levels: list[float], said: str) -> None:
    assert words.headline(finding(levels)) == said


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(1, 1000), min_size=1, max_size=120), st.booleans())
def test_headline_title_and_picture_are_true_for_any_closes(levels: list[float], is_level: bool) -> None:
    found = finding(levels, is_level=is_level)
    said, title = words.headline(found), words.title(found)
    assert ("below" in said) == (found.close < max(levels))
    assert ("closed at" in said) == (found.close > max(levels[:-1], default=0))
    assert ("at a record" in title) == found.is_record
    drawn_data = picture(found, title, found.day, "a source")
    assert drawn_data.closes[drawn_data.standing] == max(levels)
    assert (drawn_data.underwater <= 0).all()
    assert set(drawn_data.closes[drawn_data.records]) <= set(levels)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("fund", ["IWM", "RUT"])
def test_the_picture_is_legible_on_every_day(day: str | None, fund: str, theme: Theme) -> None:
    drawn(ask("highs", day, fund=fund), theme)


@pytest.mark.parametrize(("fund", "day"), [("SPY", None), ("QQQ", "2010-03-10"), ("GSPC", "2002-10-09")])
def test_the_picture_is_legible_for_other_funds(fund: str, day: str | None) -> None:
    drawn(ask("highs", day, fund=fund))


@pytest.mark.parametrize("levels", [[100.0], [100.0, 100.0], [100.0, 50.0, 25.0], list(np.linspace(1, 9, 300))])
def test_the_picture_is_legible_for_odd_series(levels: list[float]) -> None:
    found = finding(levels)
    check(draw(picture(found, words.title(found), found.day, "a source"), DARK), DARK)


def test_the_picture_reaches_back_to_the_standing_record() -> None:
    data = ask("highs", "2010-03-10", fund="QQQ").charts[0].data
    assert data.dates[0].item() == date(2000, 3, 27) == data.dates[data.standing].item()
    usual = ask("highs").charts[0].data
    assert usual.dates[0].item() == date(2021, 7, 30)


def test_the_picture_draws_what_the_report_says(sample: Dataset) -> None:
    report = ask("highs")
    figure = drawn(report)["highs"]
    assert titled(figure) == "IWM 3.1% below its record close"
    assert titled(figure, "subtitle") == "Closes since 30 Jul 2021; every dot is a record close"
    assert {"Record", "300.45", "Close", "291.20", "Now", "−3.1%"} <= set(drawn_words(figure))
    series = labels(figure)
    assert series["IWM"].get_ydata()[-1] == values(report)["close"]
    assert series["drawdown"].get_ydata()[-1] == values(report)["drawdown"]
    assert series["records"].get_ydata()[-1] == values(report)["record.close"]
    closes = [(stamp.date(), round(close, 4)) for stamp, close in sample.closes("IWM").items()]
    highest = closes[0][1]
    marked = 0
    for day, close in closes[1:]:
        marked += close > highest and day >= date(2021, 7, 30)
        highest = max(highest, close)
    assert len(series["records"].get_xdata()) == marked == 36


def test_at_a_record_there_is_one_key_figure_above() -> None:
    figure = drawn(ask("highs", "2025-12-04"))["highs"]
    assert titled(figure) == "IWM at a record close"
    assert "Close" not in drawn_words(figure)


def test_the_alternative_text_tells_the_numbers() -> None:
    alt = ask("highs").charts[0].alt
    for told in (
        "30 Jul 2021",
        "36 record closes",
        "$291.20",
        "$300.45 on 30 Jun 2026",
        "−3.1%",
        "−33.1%",
        "27 Oct 2023",
    ):
        assert told in alt


def test_the_picture_speaks_the_active_language() -> None:
    with i18n.use(i18n.PSEUDO):
        figure = drawn(ask("highs"))["highs"]
    assert titled(figure).startswith("[")
    assert {"[Record]", "[Close]", "[Now]"} <= set(drawn_words(figure))


def test_nothing_after_the_day_leaks() -> None:
    assert_nothing_leaks("highs", date(2025, 12, 4))


def test_indicators_agree_with_the_card_on_any_day(sample: Dataset) -> None:
    series = {indicator.id: indicator.series(sample) for indicator in indicators()}
    for day in ("2026-07-31", "2025-12-04", "2025-09-17", "2009-03-09"):
        found = values(ask("highs", day))
        assert series["highs.drawdown"].loc[day] == pytest.approx(found["drawdown"])
        assert series["highs.records_ytd"].loc[day] == found["records.this_year"]
        sessions = sample.closes("IWM").loc[str(found["record.date"]) : day]
        assert series["highs.sessions_since_record"].loc[day] == len(sessions) - 1


def test_indicators_know_nothing_of_the_future(sample: Dataset) -> None:
    day = date(2025, 9, 17)
    for indicator in indicators():
        now, then = indicator.series(sample), indicator.series(sample.at(day))
        assert then.index[-1].date() == day
        pd.testing.assert_series_equal(now.loc[: str(day)], then)
        assert (now.index[-1].date() - day) > timedelta(days=300)
