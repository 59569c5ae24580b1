"""Valuation on the sample: levels, multiples, headlines for every outcome, pictures, leaks.

Multiples were computed once more from the recorded files, with the share classes of companies and the twelve
companies with accounts in another currency listed by hand.
"""

import dataclasses
import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import i18n, metrics
from bot.charts.theme import DARK, LIGHT, Theme
from bot.errors import NotEnoughHistory
from bot.features.consensus import consensus
from bot.features.valuation import words
from bot.features.valuation.chart import draw
from bot.features.valuation.findings import Findings, Multiples, Paired, Reading, find
from bot.features.valuation.indicators import discounts
from bot.features.valuation.picture import Level, Premiums
from bot.features.valuation.report import indicators
from bot.market import universe
from bot.market.dataset import Dataset
from tests.charts.legibility import check, labels, titled
from tests.charts.legibility import words as drawn_words
from tests.features import recount
from tests.features.answers import ask, drawn, rows, values
from tests.features.leaks import any_session, assert_same_without_the_future, sessions_of_files

LISTS = ("IWM_holdings_2026-05-05.csv.gz", "IWB_holdings_2026-07-17.csv.gz")


def test_the_relative_level_of_the_article() -> None:
    found = values(ask("valuation", "2025-12-11"))
    assert found["relative.level"] == pytest.approx(0.6822, abs=5e-5)
    assert found["relative.percentile"] == pytest.approx(0.0613, abs=5e-5)
    assert found["relative.sessions"] == 6425
    assert found["relative.low"] == pytest.approx(0.6292, abs=5e-5)
    assert found["relative.low_date"] == date(2025, 8, 1)
    assert found["relative.peak"] == pytest.approx(1.147, abs=5e-4)
    assert found["relative.peak_date"] == date(2011, 4, 5)


def test_the_percentile_counts_sessions_one_by_one(sample: Dataset) -> None:
    small, large = sample.closes("IWM"), sample.closes("IWB")
    ratios = [small[day] / large[day] for day in small.index.intersection(large.index)]
    found = values(ask("valuation"))
    assert found["relative.sessions"] == len(ratios)
    assert found["relative.level"] == pytest.approx(ratios[-1])
    assert found["relative.percentile"] == pytest.approx(sum(r <= ratios[-1] for r in ratios) / len(ratios))


@pytest.mark.parametrize(
    ("multiple", "companies", "small", "large", "members"),
    [
        ("pe_fy1", "all", 30.9251, 23.6098, (1421, 993)),
        ("pe_fy1", "profitable", 16.3570, 22.3335, (1070, 944)),
        ("pe_fy2", "all", 21.8528, 19.8097, (1414, 993)),
        ("pe_fy2", "profitable", 14.6029, 19.5727, None),
        ("pe_trailing", "all", 42.8653, 28.6736, (1214, 758)),
        ("pe_trailing", "profitable", 17.5749, 25.8573, (803, 668)),
        ("price_to_book", "all", 2.4514, 2.4689, (1293, 749)),
    ],
)
def test_multiples_agree_with_the_second_computation(
    multiple: str, companies: str, small: float, large: float, members: tuple[int, int] | None
) -> None:
    report = ask("valuation")
    row = next(r for r in rows(report, "multiples") if (r["multiple"], r["companies"]) == (multiple, companies))
    assert (row["small"], row["large"]) == pytest.approx((small, large), abs=1e-3)
    assert row["discount"] == pytest.approx(1 - small / large, abs=1e-4)
    assert members is None or (row["members_small"], row["members_large"]) == members
    assert values(report)[f"{multiple}.{companies}.small"] == row["small"]
    assert values(report)[f"discount.{multiple}.{companies}"] == row["discount"]


def test_sales_multiples_leave_financials_out(sample: Dataset) -> None:
    """Walk through the members of IWM's list alone and add up EV and sales of companies with revenue."""
    pair, file = universe.pair(sample), sample.fundamentals().frame
    value = sales = 0.0
    for issuer, classes in pair.small.classes().items():
        symbol = next((s for s in classes if s in file.index), None)
        if symbol is None or file.loc[symbol, "sector"] in {"Financial Services", "Real Estate"}:
            continue
        ev, multiple = file.loc[symbol, "enterprise_value"], file.loc[symbol, "ev_to_sales"]
        if ev / multiple > 0:
            value, sales = value + ev, sales + ev / multiple
        assert issuer
    row = next(r for r in rows(ask("valuation"), "multiples") if r["multiple"] == "ev_to_sales")
    assert row["small"] == pytest.approx(value / sales)


def test_the_card() -> None:
    report = ask("valuation")
    assert report.headline == (
        "Small caps are 27% cheaper than large if loss-makers are left out, 31% dearer if they are kept in."
    )
    assert [stat.id for stat in report.figures] == [
        "discount.pe_fy1.all", "discount.pe_fy1.profitable", "loss_share.small", "loss_share.large",
        "relative.percentile", "relative.level",
    ]  # fmt: skip
    assert report.stat("discount.pe_fy1.profitable").shown == "16.4 against 22.3: 27% cheaper"
    found = values(report)
    assert found["loss_share.small"] == pytest.approx(342 / 1214)
    assert found["loss_share.large"] == pytest.approx(82 / 758)
    assert found["coverage.weight"] == pytest.approx(0.94352, abs=1e-5)


def test_what_cannot_be_measured_is_said() -> None:
    notes = " ".join(ask("valuation").notes)
    for said in (
        "Not measurable with free data",
        "388 small and 104 large companies",
        "26 Jun 2026",
        "not a valuation",
    ):
        assert said in notes
    assert "6 small, 6 large companies" in notes


def test_without_health_care_leaves_out_that_whole_sector() -> None:
    """Every company of the vendors' files that iShares files under health care: biotech, hospitals, insurers, all."""
    card = values(ask("valuation"))
    file, known = recount.latest("estimates", date(2026, 7, 31)), recount.caps(date(2026, 7, 31), date(2026, 7, 31))
    estimates = recount.column(file, "eps_fy1")
    for side, companies, name in zip(("small", "large"), recount.sides(), LISTS, strict=True):
        sectors = {symbol: row["sector"] for symbol, row in recount.listed(name).items()}
        cap = income = 0.0
        for issuer, symbols in companies.items():
            eps, owned = recount.first_of(symbols, estimates), recount.first_of(symbols, known)
            if sectors[issuer] == "Health Care" or issuer in recount.FOREIGN or None in {eps, owned}:
                continue
            cap, income = cap + owned[0], income + eps * owned[0] / owned[1]
        assert card[f"pe_fy1.without_health_care.{side}"] == pytest.approx(cap / income, rel=1e-9)


def test_health_care_is_never_called_biotech() -> None:
    """On the card, in its table, in its notes and in its definition."""
    report = ask("valuation")
    names = [row["name"] for row in rows(report, "multiples") if row["companies"] == "without_health_care"]
    assert names == ["P/E this year, no health care", "Trailing P/E, no health care"]
    assert any("biotech cannot be told from the rest of health care" in note for note in report.notes)
    for key in ("valuation.pe_forward", "valuation.pe_trailing"):
        assert any("industries, which are not stored" in caveat for caveat in metrics.catalogue()[key].caveats)


def test_accounts_in_another_currency_are_found_by_their_exchange_rate(sample: Dataset) -> None:
    """Brazilian reais (5.178 a dollar), Canadian dollars (1.421) and euros (0.876), by hand from both files."""
    pair = universe.pair(sample)
    assert consensus(pair.small, sample).foreign == ("CSTM", "DRUG", "EU", "NG", "PAGS", "STNE")
    assert consensus(pair.large, sample).foreign == ("ALM", "ASND", "BIRK", "GFL", "JBS", "XP")
    estimates, dollars = sample.estimates().frame["eps_fy2"], sample.snapshot().frame["eps_fy2"]
    for symbol in ("STNE", "PAGS", "XP", "JBS"):
        assert estimates[symbol] / dollars[symbol] == pytest.approx(5.1777, abs=1e-4)


def test_estimates_without_a_conversion_of_their_day_fall_back_on_the_price(sample: Dataset) -> None:
    """On 30 June the vendor's conversion is of 19 June: only earnings above the price give a company away."""
    early = sample.at(date(2026, 6, 30))
    found = consensus(universe.members(early, "R2000"), early).foreign
    assert "STNE" in found
    assert "NG" not in found


def test_days_without_multiples_answer_with_the_price_ratio() -> None:
    report = ask("valuation", "2025-12-11")
    assert report.headline == "IWM costs 0.682 of IWB: at or below that on 6% of 6,425 sessions since 26 May 2000."
    assert rows(report, "multiples") == []
    assert [chart.id for chart in report.charts] == ["relative"]
    assert "No multiples: Members of iShares Russell 2000 ETF: nothing is stored for 11 Dec 2025." in report.notes


def test_before_the_funds_traded_their_first_day_is_named() -> None:
    with pytest.raises(NotEnoughHistory) as early:
        ask("valuation", "1999-06-01")
    assert early.value.first == date(2000, 5, 26)


def test_the_first_day_of_all_is_its_own_history() -> None:
    found = values(ask("valuation", "2000-05-26"))
    assert (found["relative.percentile"], found["relative.sessions"]) == (1.0, 1)
    drawn(ask("valuation", "2000-05-26"))


def test_multiples_of_estimates_do_not_wait_for_fundamentals() -> None:
    """Fundamentals are known on 31 July, estimates, caps and both member lists since 17 July."""
    early, whole = ask("valuation", "2026-07-17"), ask("valuation", "2026-07-31")
    at = {(row["multiple"], row["companies"]): row for row in rows(whole, "multiples")}
    assert len(at) == 12
    found = rows(early, "multiples")
    assert {row["multiple"] for row in found} == {"pe_fy1", "pe_fy2"}
    for row in found:
        assert row == at[row["multiple"], row["companies"]]
    assert early.headline == whole.headline
    figures = values(early)
    assert figures["loss_share.small"] is None
    assert figures["loss_share.small.fy1"] == values(whole)["loss_share.small.fy1"]
    assert [stat.id for stat in early.figures][2:4] == ["loss_share.small.fy1", "loss_share.large.fy1"]
    assert any("no trailing, sales or book multiples" in note for note in early.notes)
    drawn(early)


@pytest.fixture(scope="module")
def on_sample(sample: Dataset) -> Findings:
    return find(sample)


def priced(found: Findings, without: float, kept: float) -> Findings:
    """Return the findings with other forward P/E of small caps against 20 of large."""
    assert found.multiples is not None

    def row(companies: str, small: float) -> Paired:
        return Paired("pe_fy1", companies, Reading(small, 5, 1.0), Reading(20.0, 5, 1.0), date(2026, 7, 2))

    changed: Multiples = dataclasses.replace(found.multiples, rows=(row("all", kept), row("profitable", without)))
    return dataclasses.replace(found, multiples=changed)


multiple = st.one_of(st.just(math.nan), st.floats(1, 100))


@settings(max_examples=200, deadline=None)
@given(without=multiple, kept=multiple)
def test_the_headline_is_true_for_every_outcome(on_sample: Findings, without: float, kept: float) -> None:
    said = words.headline(priced(on_sample, without, kept))
    assert said.endswith(".")
    if math.isnan(without) and math.isnan(kept):
        assert said.startswith("IWM costs")
        return
    assert ("cheaper than large" in said) == (without < 20 * 0.995)
    assert ("dearer than large" in said) == (without > 20 * 1.005)
    if not math.isnan(kept):
        assert ("cheaper if they are kept in" in said) == (kept <= 20 * 0.995)
        assert ("dearer if they are kept in" in said) == (kept >= 20 * 1.005)
    assert "-" not in said.replace("loss-makers", "")


@pytest.mark.parametrize(
    ("without", "kept", "said"),
    [
        (15.6, 23.0, "22% cheaper than large if loss-makers are left out, 15% dearer if they are kept in."),
        (20.0, 20.0, "priced like large caps if loss-makers are left out, priced the same if they are kept in."),
        (25.0, 30.0, "25% dearer than large if loss-makers are left out, 50% dearer if they are kept in."),
        (15.0, math.nan, "25% cheaper than large if loss-makers are left out; with them there are no earnings to "
                         "price."),
    ],
)  # fmt: skip
def test_headlines_by_case(on_sample: Findings, without: float, kept: float, said: str) -> None:
    assert words.headline(priced(on_sample, without, kept)) == "Small caps are " + said


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("day", ["2026-07-31", "2025-12-11", "2011-04-05", "2000-06-30"])
def test_the_pictures_are_legible(day: str, theme: Theme) -> None:
    drawn(ask("valuation", day), theme)


def test_the_pictures_draw_what_the_report_says() -> None:
    report = ask("valuation")
    found, figures = values(report), drawn(report)
    line = labels(figures["relative"])["IWM over IWB"].get_ydata()
    assert (len(line), line[-1]) == (found["relative.sessions"], pytest.approx(found["relative.level"]))
    assert "0.713" in drawn_words(figures["relative"])
    assert titled(figures["multiples"]) == "Small: 27% cheaper without losers, 31% dearer with them"
    assert {"16.4 against 22.3", "30.9 against 23.6", "Price to book"} <= set(drawn_words(figures["multiples"]))
    premiums = dict(zip(report.charts[0].data.names, report.charts[0].data.premiums, strict=True))
    assert premiums["P/E this year, no losers"] == pytest.approx(-found["discount.pe_fy1.profitable"])


def test_flat_and_missing_data_are_drawn_too() -> None:
    days = np.array(["2026-07-30", "2026-07-31"], dtype="datetime64[D]")
    named = {"title": "T", "subtitle": "S", "as_of": date(2026, 7, 31), "source": "X"}
    flat = Level(**named, name="IWM over IWB", days=days, values=np.array([1.0, 1.0]), bands=(1.0, 1.0, 1.0), words="p")
    check(draw(flat, DARK), DARK)
    nothing = Premiums(**named, names=("A", "B"), premiums=(None, 0.0), words=("not meaningful", "1.0 against 1.0"))
    check(draw(nothing, DARK), DARK)
    wide = Premiums(
        **named, names=("EV to operating income",) * 12, premiums=(9.99, -0.99) * 6,
        words=("123,456.7 against 0.1",) * 12,
    )  # fmt: skip
    check(draw(wide, DARK), DARK)


def test_the_pictures_speak_the_active_language() -> None:
    for language in (i18n.PSEUDO, "es"):
        with i18n.use(language):
            drawn(ask("valuation"))


def test_indicators_agree_with_the_card_on_any_day(sample: Dataset) -> None:
    series = {indicator.id: indicator.series(sample) for indicator in indicators()}
    for day in ("2026-07-31", "2025-12-11", "2011-04-05", "2000-05-26"):
        found = values(ask("valuation", day))
        assert series["valuation.relative"].loc[day] == pytest.approx(found["relative.level"])
        assert series["valuation.relative_percentile"].loc[day] == pytest.approx(found["relative.percentile"])
    found = values(ask("valuation", "2026-07-31"))
    discount = series["valuation.discount.pe_fy1.profitable"]
    assert discount.loc["2026-07-31"] == pytest.approx(found["discount.pe_fy1.profitable"])
    for indicator in indicators():
        early = indicator.series(sample.at(date(2015, 6, 1)))
        pd.testing.assert_series_equal(early, indicator.series(sample).loc[:"2015-06-01"])


def test_discounts_are_measured_when_a_file_comes_as_it_could_be_then(sample: Dataset) -> None:
    forward, trailing = discounts(sample, "pe_fy1", "profitable"), discounts(sample, "pe_trailing", "profitable")
    assert [str(day.date()) for day in forward.index] == ["2026-06-30", "2026-07-02", "2026-07-31"]
    assert [str(day.date()) for day in trailing.index] == ["2026-07-31"]  # no fundamentals before
    early = discounts(sample.at(date(2026, 7, 10)), "pe_fy1", "profitable")
    assert early.tolist() == pytest.approx(forward.iloc[:2].tolist())
    assert discounts(sample.at(date(2026, 6, 15)), "pe_fy1", "profitable").empty


@settings(max_examples=5, deadline=None)
@given(sessions_of_files)
def test_nothing_after_the_day_leaks(day: date) -> None:
    assert_same_without_the_future("valuation", day)


@settings(max_examples=4, deadline=None)
@given(any_session)
def test_nothing_leaks_on_older_days(day: date) -> None:
    assert_same_without_the_future("valuation", day)
