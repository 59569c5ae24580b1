from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import i18n
from bot.analytics.years import Tally
from bot.charts.theme import DARK, LIGHT, Theme
from bot.errors import BadInput, NotEnoughHistory, NoTotalReturn, StartAfterEnd
from bot.features.sides import Sides
from bot.features.years import words
from bot.features.years.chart import draw
from bot.features.years.findings import Findings, Year
from bot.features.years.report import Picture, indicators
from bot.market.dataset import Dataset
from tests.charts.legibility import check, labels, titled
from tests.charts.legibility import words as drawn_words
from tests.features.answers import ask, assert_nothing_leaks, drawn, rows, values

RECORDED = {  # fund, year: calendar-year total return as published with the recorded prices
    ("IWM", 2022): -0.2048, ("IWM", 2023): 0.1684, ("IWM", 2024): 0.1139, ("IWM", 2025): 0.1266,
    ("SPY", 2022): -0.1818, ("SPY", 2023): 0.2618, ("SPY", 2024): 0.2489, ("SPY", 2025): 0.1772,
}  # fmt: skip


def test_the_calendar_years_of_the_article() -> None:
    found = {row["year"]: row for row in rows(ask("years"), "calendar_years")}
    for (fund, year), recorded in RECORDED.items():
        within = 0.00005 if fund == "IWM" else 0.00015  # SPY's as published, from dividends to more decimals
        assert found[year]["small" if fund == "IWM" else "large"] == pytest.approx(recorded, abs=within)


def test_years_agree_with_closes_and_dividends_by_hand(sample: Dataset) -> None:
    closes, paid = sample.closes("IWM"), sample.dividends("IWM")
    for row in rows(ask("years", since=2001), "calendar_years"):
        ends = [closes[closes.index.year == year].index[-1] for year in (row["year"] - 1, row["year"])]
        inside = closes.loc[ends[0] : ends[1]]
        grown = 1.0
        for before, day in zip(inside.index, inside.index[1:], strict=False):
            grown *= (closes[day] + paid[day]) / closes[before]
        assert row["small"] == pytest.approx(grown - 1, rel=1e-9)


def test_the_card_of_the_samples_last_day() -> None:
    report = ask("years")
    assert (
        report.headline == "Small caps trailed in each of the 5 years 2021 to 2025; 2026 so far: ahead by 8.7 points."
    )
    assert report.table("calendar_years").columns[0].id == "year"
    assert [column.id for column in report.table("calendar_years").columns] == [
        "year", "small", "large", "spread", "partial"
    ]  # fmt: skip
    table = rows(report, "calendar_years")
    assert [row["year"] for row in table] == list(range(2016, 2027))
    assert [row["partial"] for row in table] == [False] * 10 + [True]
    found = values(report)
    assert found["year.spread"] == table[-1]["spread"] == table[-1]["small"] - table[-1]["large"]
    assert (found["years.ahead"], found["years.full"]) == (2, 10)
    assert found["best.spread"] == max(row["spread"] for row in table[:-1])
    assert found["worst.spread"] == min(row["spread"] for row in table[:-1])
    assert report.stat("years.ahead").shown == "2 of 10"
    assert report.stat("year.small").label == "IWM, 2026 to 31 Jul"
    assert len(report.figures) == 6


def test_the_headline_of_the_article_day() -> None:
    report = ask("years", "2025-12-04")
    assert report.headline == ("Small caps trailed in 2021, 2022, 2023, and 2024; 2025 so far: behind by 2.9 points.")
    assert values(report)["year.small"] == pytest.approx(0.1486, abs=5e-5)


@pytest.mark.parametrize(
    ("day", "partial"), [("2025-12-30", True), ("2025-12-31", False), ("2022-12-29", True), ("2022-12-30", False)]
)
def test_a_year_is_full_on_its_last_session(day: str, partial: bool) -> None:
    report = ask("years", day)
    assert rows(report, "calendar_years")[-1]["partial"] is partial
    assert values(report)["years.full"] == 10
    assert ("so far" in report.headline) is partial


def test_years_since_are_all_shown() -> None:
    assert [row["year"] for row in rows(ask("years", since=2001), "calendar_years")] == list(range(2001, 2027))
    only = ask("years", since=2026)
    assert only.headline == "IWM is ahead of SPY by 8.7 points in 2026 so far."
    assert values(only)["years.ahead"] is None


def test_early_days_show_the_years_there_are() -> None:
    assert [row["year"] for row in rows(ask("years", "2003-06-02"), "calendar_years")] == [2001, 2002, 2003]


def test_what_cannot_be_answered_is_said() -> None:
    with pytest.raises(NotEnoughHistory) as short:
        ask("years", since=2000)
    assert (short.value.symbol, short.value.first) == ("IWM", date(2000, 5, 26))
    with pytest.raises(NotEnoughHistory):
        ask("years", "2000-11-30")
    with pytest.raises(StartAfterEnd):
        ask("years", since=2027)
    with pytest.raises(BadInput):
        ask("years", small="SPY")
    with pytest.raises(NoTotalReturn):
        ask("years", small="RUT")


def finding(spreads: list[float], *, partial: bool, by_size: bool = True) -> Findings:
    last = 2026
    first = last - len(spreads) + 1
    years = tuple(
        Year(spread, 0.0, first + i, partial=partial and i == len(spreads) - 1) for i, spread in enumerate(spreads)
    )
    full = [year for year in years if not year.partial]
    return Findings(
        pair=Sides("IWM", "SPY") if by_size else Sides("IWN", "QQQ"),
        years=years,
        full=Tally(len(full), sum(y.spread > 0 for y in full), sum(y.spread == 0 for y in full), None, None),
        end=date(2026, 7, 31),
    )


@pytest.mark.parametrize(
    ("spreads", "partial", "said"),
    [
        ([0.1, 0.2], False, "Small caps led in 2025 and 2026."),
        ([0.1, -0.2], False, "Small caps trailed in 2026."),
        ([0.1, 0.0], False, "Small and large caps were level in 2026."),
        ([-0.1, -0.1, 0.05], True, "Small caps trailed in 2024 and 2025; 2026 so far: ahead by 5.0 points."),
        ([0.1, -0.05], True, "Small caps led in 2025; 2026 so far: behind by 5.0 points."),
        ([0.1, 0.0], True, "Small caps led in 2025; 2026 so far: level."),
        ([0.0], True, "IWM and SPY are level in 2026 so far."),
        ([-0.02], True, "IWM is behind SPY by 2.0 points in 2026 so far."),
        ([0.1] * 6, False, "Small caps led in each of the 6 years 2021 to 2026."),
    ],
)
def test_headlines_by_case(spreads: list[float], partial: bool, said: str) -> None:
    assert words.headline(finding(spreads, partial=partial)) == said


@settings(max_examples=150)
@given(st.lists(st.sampled_from([-0.3, -0.01, 0.0, 0.02, 0.4]), min_size=1, max_size=15), st.booleans(), st.booleans())
def test_the_headline_is_true_for_every_run_of_years(spreads: list[float], partial: bool, by_size: bool) -> None:
    said = words.headline(finding(spreads, partial=partial, by_size=by_size))
    full = spreads[:-1] if partial else spreads
    assert said.endswith(".")
    assert said.count(";") == (1 if partial and full else 0)
    if full:
        verb = {1: " led ", -1: " trailed ", 0: " were level "}[(full[-1] > 0) - (full[-1] < 0)]
        assert verb in said
        run = 0
        for spread in reversed(full):
            if (spread > 0, spread < 0) != (full[-1] > 0, full[-1] < 0):
                break
            run += 1
        last = 2025 if partial else 2026
        assert str(last - run + 1) in said
        assert str(last - run) not in said


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("since", [None, 2001, 2008, 2015, 2016, 2020, 2024, 2025, 2026])
def test_the_picture_is_legible_for_every_span(since: int | None, theme: Theme) -> None:
    drawn(ask("years", since=since), theme)


@pytest.mark.parametrize(("small", "large"), [("GOOGL", "NVDA"), ("TSLA", "META"), ("IWN", "QQQ")])
def test_the_picture_is_legible_for_other_pairs(small: str, large: str) -> None:
    drawn(ask("years", small=small, large=large))


@pytest.mark.parametrize("size", [-0.99, 0.0, 12.5])
def test_the_picture_is_legible_for_extreme_years(size: float) -> None:
    found = finding([size] * 11, partial=True)
    check(draw(Picture(found.pair, found.years, words.title(found), found.end, found.end, "a source"), DARK), DARK)


def test_the_picture_draws_what_the_table_says() -> None:
    report = ask("years")
    figure = drawn(report)["years"]
    assert titled(figure) == "Small caps ahead in 2 of 10 full years"
    assert titled(figure, "subtitle") == "Total return in percent, spread in points; 2026* to 31 Jul 2026"
    shown = drawn_words(figure)
    for row in rows(report, "calendar_years"):
        assert str(row["year"]) + ("*" if row["partial"] else "") in shown
        for key in ("small", "large", "spread"):
            assert i18n.number(row[key] * 100, 1, signed=True) in shown
    bars = labels(figure)
    for fund, key in (("IWM", "small"), ("SPY", "large")):
        tops = [path.vertices[1][1] for path in bars[fund].get_paths()]
        assert tops == [row[key] for row in rows(report, "calendar_years")]


def test_many_years_get_a_panel_of_spreads_instead_of_the_table() -> None:
    report = ask("years", since=2001)
    figure = drawn(report)["years"]
    tops = [path.vertices[1][1] for path in labels(figure)["spread"].get_paths()]
    assert tops == [row["spread"] for row in rows(report, "calendar_years")]
    assert "Spread in points: IWM minus SPY" in drawn_words(figure)
    assert "2026*" in drawn_words(figure)


def test_the_alternative_text_tells_the_numbers() -> None:
    alt = ask("years").charts[0].alt
    for told in ("2022: −20.5% and −18.2%", "2023: +16.8% and +26.2%", "2026 to 31 Jul: +18.8% and +10.1%"):
        assert told in alt
    assert len(ask("years", since=2001).charts[0].alt) <= 1024


def test_the_picture_speaks_the_active_language() -> None:
    with i18n.use(i18n.PSEUDO):
        figure = drawn(ask("years", since=2001))["years"]
    assert titled(figure).startswith("[")
    assert "[Total return]" in drawn_words(figure)


@pytest.mark.parametrize("day", [date(2025, 12, 4), date(2025, 12, 31)])
def test_nothing_after_the_day_leaks(day: date) -> None:
    assert_nothing_leaks("years", day)


def test_what_changes_within_a_year_is_watched_by_the_rotation() -> None:
    assert indicators() == ()
