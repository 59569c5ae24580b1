"""Earnings on the sample: growth and revisions in every form, one company, headlines, pictures, leaks.

Figures of 2026-07-02 were computed once more from the recorded files: consensus times (market cap / price) over
1,413 companies of IWM's list that are not in IWB's, each company once, accounts in another currency left out.
"""

import atexit
import dataclasses
import functools
import math
import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import i18n
from bot.analytics.aggregates import Coverage
from bot.analytics.earnings import Growth
from bot.charts.theme import DARK, LIGHT, Theme
from bot.errors import MissingData, UnknownSymbol
from bot.features.earnings import words
from bot.features.earnings.chart import draw
from bot.features.earnings.company import Company
from bot.features.earnings.findings import Findings, find, side
from bot.features.earnings.picture import Bars
from bot.features.earnings.report import indicators
from bot.market import archive, universe
from bot.market.archive import Archive
from bot.market.dataset import Dataset
from bot.market.tables import COMPUTED, SPECS
from bot.market.version import files_of
from tests.charts.legibility import check, titled
from tests.charts.legibility import words as drawn_words
from tests.features.answers import ask, drawn, rows, values
from tests.features.leaks import any_session, assert_same_without_the_future, sessions_of_files


def test_growth_in_three_forms() -> None:
    found = values(ask("earnings"))
    assert found["eps_growth.small"] == pytest.approx(0.4154427, abs=1e-6)
    assert found["eps_growth.small.positive_base"] == pytest.approx(0.1393155, abs=1e-6)
    assert found["eps_growth.small.median"] == pytest.approx(0.1485752, abs=1e-6)
    assert found["eps_growth.large"] == pytest.approx(0.1918277, abs=1e-6)
    assert found["eps_growth.large.positive_base"] == pytest.approx(0.1757654, abs=1e-6)
    assert found["eps_growth.large.median"] == pytest.approx(0.1195332, abs=1e-6)


def test_revisions_losers_and_coverage() -> None:
    found = values(ask("earnings"))
    assert found["revision_breadth.small"] == pytest.approx((3212 - 2243) / 5455)
    assert found["revision_breadth.large"] == pytest.approx(0.4167084, abs=1e-6)
    assert found["loss_share.small"] == pytest.approx(342 / 1214)
    assert found["loss_share.large"] == pytest.approx(82 / 758)
    assert found["loss_share.small.fy1"] == pytest.approx(346 / 1413)
    assert (found["coverage.members.small"], found["coverage.members.large"]) == (1413, 993)
    assert found["coverage.weight.small"] == pytest.approx(0.9418395, abs=1e-6)
    assert found["coverage.weight.large"] == pytest.approx(0.9844720, abs=1e-6)


def test_the_seven_by_hand(sample: Dataset) -> None:
    """Alphabet counts once, by GOOGL: cap / price of the snapshot times consensus."""
    estimates, snapshot = sample.estimates().frame, sample.snapshot().frame
    first = second = 0.0
    for symbol in ("AAPL", "MSFT", "GOOGL", "AMZN", "NVDA", "META", "TSLA"):
        shares = snapshot.loc[symbol, "market_cap"] / snapshot.loc[symbol, "price"]
        first += estimates.loc[symbol, "eps_fy1"] * shares
        second += estimates.loc[symbol, "eps_fy2"] * shares
    assert values(ask("earnings"))["eps_growth.seven"] == pytest.approx(second / first - 1)


def test_the_contributors_add_up_from_their_own_lines(sample: Dataset) -> None:
    found = find(sample)
    frame = found.small.consensus.frame.dropna(subset=["eps_fy1", "eps_fy2", "shares"])
    base = float((frame["eps_fy1"] * frame["shares"]).sum())
    table = rows(ask("earnings"), "contributors")
    assert [row["side"] for row in table] == ["Small"] * 5 + ["Large"] * 5
    for row in table[:5]:
        own = frame.loc[row["symbol"]]
        assert row["contribution"] == pytest.approx((own["eps_fy2"] - own["eps_fy1"]) * own["shares"] / base)


def test_the_card() -> None:
    report = ask("earnings")
    assert report.headline == "Small-cap EPS +42% next year, but +15% at the median company (large: +19%, +12%)."
    assert [stat.id for stat in report.figures] == [
        "eps_growth.small", "eps_growth.small.positive_base", "eps_growth.small.median", "revision_breadth.small",
        "loss_share.small.fy1", "coverage.members.small",
    ]  # fmt: skip
    assert report.stat("eps_growth.small").shown == "+42% (large +19%)"
    assert report.stat("revision_breadth.small").shown == "+0.18 (large +0.42)"
    assert any("26 Jun 2026" in note for note in report.notes)
    assert any("not calendarised" in note for note in report.notes)
    assert any(note.startswith("Not stored: earnings surprises") for note in report.notes)


def test_the_forms_table_agrees_with_the_figures() -> None:
    report = ask("earnings")
    found = values(report)
    for row, name in zip(rows(report, "forms"), ("small", "large", "seven"), strict=True):
        assert row["aggregate"] == found[f"eps_growth.{name}"]
        assert row["counts"] == found[f"revision_breadth.{name}"]
        assert row["members"] == found[f"coverage.members.{name}"]


def test_before_member_lists_agree_ranks_stand_in_and_are_named() -> None:
    """On 13 July IWB's list is not known: ranks by market cap stand in for the Russell 1000."""
    report = ask("earnings", "2026-07-13")
    assert any("ranks" in note for note in report.notes)
    assert values(report)["loss_share.small"] is None  # fundamentals came on 31 July
    assert any("no fundamentals" in note for note in report.notes)


@pytest.mark.parametrize("day", ["2025-12-04", "2026-06-29"])
def test_before_the_first_estimates_their_day_is_named(day: str) -> None:
    for symbol in (None, "AAPL"):
        with pytest.raises(MissingData) as missing:
            ask("earnings", day, symbol=symbol)
        assert missing.value.first == date(2026, 6, 30)


def test_estimates_grow_stale_after_a_month() -> None:
    assert not ask("earnings").stat("eps_growth.small").stale  # 29 days
    assert ask("earnings").stat("eps_growth.small").as_of == date(2026, 7, 2)


def test_without_analysts_counts_two_files_are_compared(sample: Dataset) -> None:
    """The sample as if the vendor had left the counts out: consensus of 2 July against that of 30 June."""
    blind = without_counts()
    revised = side(universe.members(blind, "R2000"), blind)
    before = sample.estimates(before=date(2026, 7, 2)).frame["eps_fy1"]
    now = revised.consensus.frame["eps_fy1"].dropna()
    pairs = [(value, before[symbol]) for symbol, value in now.items() if symbol in before.index]
    assert not revised.counted
    assert sum(value > was for value, was in pairs) - revised.revisions.up in range(11)  # rolls are left out
    assert sum(value < was for value, was in pairs) - revised.revisions.down in range(11)
    assert any("two stored files" in note for note in ask("earnings", blind).notes)


@functools.lru_cache(maxsize=1)
def without_counts() -> Dataset:
    """Return the sample published anew without the columns of analysts' revisions."""
    whole = Archive("sample")
    tables = {
        name: {
            column: whole.texts(name, column) if kind == "text" else whole.column(name, column)
            for column, kind in spec.columns.items()
        }
        for name, spec in SPECS.items()
        if name not in COMPUTED
    }
    nothing = np.full(len(tables["estimates"]["day"]), np.nan)
    tables["estimates"] |= {"revisions_up_30d": nothing, "revisions_down_30d": nothing}
    folder = Path(tempfile.mkdtemp(prefix="handoff-blind-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    archive.publish(folder, files_of(tables, label="blind"))
    return Dataset.open(folder)


@pytest.fixture(scope="module")
def on_sample(sample: Dataset) -> Findings:
    return find(sample)


def grown(aggregate: float, median: float) -> Growth:
    return Growth(aggregate, median, median, 0.5, 0.2, 5, (), Coverage(10, 12, 0.9))


rate = st.one_of(st.just(math.nan), st.floats(-3, 9))


@settings(max_examples=200, deadline=None)
@given(aggregate=rate, median=rate, large=st.tuples(rate, rate))
def test_the_headline_is_true_for_every_outcome(
    on_sample: Findings, aggregate: float, median: float, large: tuple[float, float]
) -> None:
    found = dataclasses.replace(
        on_sample,
        small=dataclasses.replace(on_sample.small, growth=grown(aggregate, median)),
        large=dataclasses.replace(on_sample.large, growth=grown(*large)),
    )
    said = words.headline(found)
    assert said.endswith(".")
    assert "nan" not in said
    if math.isnan(median):
        assert "cannot be measured" in said
    elif math.isnan(aggregate):
        assert "means nothing" in said
    else:
        assert i18n.percent(aggregate, 0, signed=True) in said
        assert (", but" in said) == (abs(aggregate - median) > 0.05)


def test_a_company_with_everything_stored() -> None:
    """AAL in the file of 2026-07-02: 0.27491 and 2.29784; 90 days before 0.87011; 4 up, 1 down, 24 analysts."""
    report = ask("earnings", symbol="AAL")
    found = values(report)
    assert (found["eps_fy1"], found["eps_fy2"]) == (0.27491, 2.29784)
    assert found["eps_growth"] == pytest.approx(2.29784 / 0.27491 - 1)
    assert found["revision.90d"] == pytest.approx(0.27491 / 0.87011 - 1)
    assert found["revision.previous_file"] == pytest.approx(0.27491 / 0.11143 - 1)
    assert (found["revisions_up"], found["revisions_down"], found["analysts"]) == (4, 1, 24)
    assert found["pe_fy1"] == pytest.approx(17.965 / 0.27491)
    assert found["next_report"] is None
    assert report.headline == (
        "AAL: $0.27 a share expected this fiscal year, $2.30 next; this year's cut 68.4% in 90 days."
    )


@pytest.mark.parametrize("symbol", ["BRK-B", "BRK.B", "GOOG"])
def test_share_classes_have_estimates_in_every_spelling(symbol: str) -> None:
    assert ask("earnings", symbol=symbol).headline.startswith(symbol.replace("-", "").replace(".", ""))


def test_what_has_no_estimates_is_refused_by_kind() -> None:
    with pytest.raises(MissingData, match="IWN"):
        ask("earnings", symbol="IWN")
    with pytest.raises(UnknownSymbol):
        ask("earnings", symbol="NOPE1")


def one(**changed: Any) -> Company:
    whole = {
        "symbol": "X", "name": "X Inc", "day": date(2026, 7, 2), "source": "Yahoo Finance", "fy1": 1.0, "fy1_30d": 1.0,
        "fy1_90d": 0.8, "fy2": 1.5, "fy2_90d": 1.4, "up": 3.0, "down": 1.0, "analysts": 5.0, "price": 20.0,
        "before_fy1": math.nan, "in_dollars": True,
    }  # fmt: skip
    return Company(**(whole | changed))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "X: $1.00 a share expected this fiscal year, $1.50 next; this year's raised 25.0% in 90 days."),
        ({"fy1_90d": 1.0}, "X: $1.00 a share expected this fiscal year, $1.50 next; unchanged in 90 days."),
        ({"fy1": -1.0, "fy1_90d": -0.5}, "X: −$1.00 a share expected this fiscal year, $1.50 next; this year's cut "
                                         "100.0% in 90 days."),
        ({"fy2": math.nan, "fy1_90d": math.nan}, "X: $1.00 a share expected this fiscal year."),
        ({"fy1_90d": 0.0}, "X: $1.00 a share expected this fiscal year, $1.50 next."),
        ({"fy1": math.nan}, "X: no consensus for this fiscal year is stored."),
    ],
)  # fmt: skip
def test_headlines_of_a_company_by_case(changed: dict[str, Any], said: str) -> None:
    assert words.company_headline(one(**changed)) == said


@pytest.mark.parametrize("fy1", [0.0, -2.0, math.nan])
def test_no_growth_rate_from_a_base_that_is_not_above_zero(fy1: float) -> None:
    company = one(fy1=fy1)
    assert math.isnan(company.growth)
    assert math.isnan(company.multiple)
    notes = words.company_notes(company)
    assert any("No growth rate" in note for note in notes) == (not math.isnan(fy1))
    assert any("this year's estimate" in note for note in notes) == math.isnan(fy1)  # else it is not stored


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("options", [{}, {"symbol": "AAL"}, {"symbol": "BRK-B"}, {"symbol": "AZO"}])
def test_the_pictures_are_legible(options: dict[str, str], theme: Theme) -> None:
    drawn(ask("earnings", **options), theme)


def test_the_pictures_draw_what_the_report_says() -> None:
    figures = drawn(ask("earnings"))
    assert titled(figures["growth"]) == "Small-cap EPS +42% next year, median +15%"
    assert {"+42%", "+19%", "+18%", "Median company", "Mega-cap seven"} <= set(drawn_words(figures["growth"]))
    assert titled(figures["revisions"]) == "Revision breadth: small +0.18, large +0.42"
    assert {"+0.18", "+0.42", "+0.85", "By companies"} <= set(drawn_words(figures["revisions"]))


def test_what_means_nothing_is_drawn_as_words() -> None:
    named = {"title": "T", "subtitle": "S", "as_of": date(2026, 7, 2), "source": "X", "heading": ""}
    mixed = Bars(
        **named, sides=("Small", "Large", "Mega-cap seven"), groups=("In sum", "Companies that earn", "Median company"),
        values=((None, 9.99, -1.5), (None, None, None), (0.0, -0.5, 0.2)),
        words=(("n.m.", "+999%", "−150%"), ("n.m.", "n.m.", "n.m."), ("0%", "−50%", "+20%")),
    )  # fmt: skip
    check(draw(mixed, DARK), DARK)
    nothing = Bars(**named, sides=("Small",), groups=("In sum",), values=((None,),), words=(("n.m.",),))
    check(draw(nothing, LIGHT), LIGHT)


def test_the_pictures_speak_the_active_language() -> None:
    for language in (i18n.PSEUDO, "es"):
        with i18n.use(language):
            drawn(ask("earnings"))
            drawn(ask("earnings", symbol="AAL"))


def test_alternative_texts_tell_the_numbers() -> None:
    growth, revisions = (chart.alt for chart in ask("earnings").charts)
    assert "small: +42% in sum, +14% of companies that earn, +15% at the median" in growth
    assert "large: +0.42 by revisions" in revisions


def test_indicators_hold_one_reading_a_file(sample: Dataset) -> None:
    for indicator in indicators():
        series = indicator.series(sample)
        assert [d.date() for d in series.index] == [date(2026, 6, 30), date(2026, 7, 2)]
        pd.testing.assert_series_equal(indicator.series(sample.at(date(2026, 7, 1))), series.iloc[:1])
        assert indicator.series(sample.at(date(2026, 6, 29))).empty


@settings(max_examples=6, deadline=None)
@given(sessions_of_files, st.sampled_from([None, "AAL"]))
def test_nothing_after_the_day_leaks(day: date, symbol: str | None) -> None:
    assert_same_without_the_future("earnings", day, symbol=symbol)


@settings(max_examples=3, deadline=None)
@given(any_session)
def test_nothing_leaks_on_older_days(day: date) -> None:
    assert_same_without_the_future("earnings", day)


@pytest.mark.parametrize("symbol", ["IWM", "IWB", "SPY"])
def test_the_fund_of_an_index_asks_for_its_companies(symbol: str) -> None:
    assert ask("earnings", symbol=symbol).headline == ask("earnings").headline
