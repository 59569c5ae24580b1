"""The scoreboard: it repeats what its sources say, judges by the printed rules, and invents nothing."""

from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from bot import features, i18n
from bot.analytics import verdicts
from bot.charts.theme import DARK, LIGHT, Theme
from bot.errors import DateInFuture
from bot.features.thesis import words
from bot.features.thesis.changes import changes
from bot.features.thesis.chart import draw
from bot.features.thesis.readings import Reading, measure, seven, spread
from bot.features.thesis.report import picture
from bot.market.archive import Columns
from bot.market.dataset import Dataset
from tests.charts.legibility import check
from tests.charts.legibility import words as drawn_words
from tests.features.answers import ask, assert_nothing_leaks, drawn, rows, values
from tests.truncation import without

ARTICLE = date(2025, 12, 4)


def readings(dataset: Dataset) -> dict[str, Reading]:
    return {reading.claim: reading for reading in measure(dataset)}


def test_every_claim_has_a_name_a_figure_of_then_a_rule_and_a_row() -> None:
    report = ask("thesis")
    table = report.table("scoreboard")
    assert [column.id for column in table.columns] == ["claim", "then", "now", "verdict", "since", "rule"]
    assert len(table.rows) == len(words.SCORED) == 11
    assert all(cell for row in table.rows for cell in row)
    assert set(words.names()) == set(words.then()) == set(words.rules()) == set(words.SCORED)


def test_counts_add_up() -> None:
    found = values(ask("thesis"))
    names = ("claims.supported", "claims.mixed", "claims.contradicted", "claims.unmeasured")
    assert sum(int(str(found[name])) for name in names) == 11


def test_readings_are_those_of_the_cards_they_sum_up(sample: Dataset) -> None:
    found = readings(sample)
    earnings, risks, rates = values(ask("earnings")), values(ask("risks")), values(ask("rates"))
    valuation, shorts, highs = values(ask("valuation")), values(ask("shortinterest")), values(ask("highs"))
    for name in ("eps_growth.small", "eps_growth.large", "eps_growth.small.median", "eps_growth.large.median"):
        assert found["earnings"].values[name] == earnings[name]
    assert found["revisions"].values["small"] == earnings["revision_breadth.small"]
    assert found["risks"].values["value"] == max(
        v for k, v in risks.items() if k.startswith("gauge.") and k.count(".") == 1 and isinstance(v, float)
    )
    assert found["rates"].values["change"] == rates["expected_change_12m_bp"]
    assert found["valuation"].values["percentile"] == valuation["relative.percentile"]
    assert found["shorts"].values["small"] == shorts["weighted_share_of_cap"]
    assert found["records"].values["drawdown"] == pytest.approx(highs["drawdown"], abs=1e-6)


def test_spreads_of_the_day_of_the_claim_by_hand(sample: Dataset) -> None:
    then = readings(sample.at(ARTICLE))
    small, large = sample.total_return("IWM"), sample.total_return("SPY")
    half = small["2025-12-04"] / small["2025-06-04"] - large["2025-12-04"] / large["2025-06-04"]
    year = small["2025-12-04"] / small["2024-12-04"] - large["2025-12-04"] / large["2024-12-04"]
    assert then["outrunning"].values["6m"] == pytest.approx(half)
    assert then["outrunning"].values["1y"] == pytest.approx(year)
    assert half > 0 > year
    assert then["outrunning"].verdict == "mixed"


def test_a_side_that_stopped_makes_its_claims_stale() -> None:
    """Without prices of SPY for a week no verdict rests on them, though IWM has all of its own."""

    def last_week(columns: Columns) -> NDArray[np.bool_]:
        return np.logical_and(columns["day"] > np.datetime64("2026-07-24"), columns["symbol"] == "SPY")

    found = readings(without("bars", last_week))
    for claim in ("outrunning", "comeback", "breadth", "cycle"):
        assert (found[claim].verdict, found[claim].stale) == (None, True), claim
        assert found[claim].as_of == date(2026, 7, 24)
        assert "(stale: 24 Jul 2026)" in words.now(found[claim])
    assert found["records"].verdict == "supports"


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2000-06-01", dict.fromkeys(("Ahead of large caps", "Comeback, relative"), "the record is too short")),
        ("2002-03-01", {"Comeback, relative": "−0.4 points in 2002; 1 of 1 years before"}),
        ("2008-10-10", {"Cheapest in decades": "price ratio: percentile 99.4"}),
        ("2026-07-31", {"Risks contained": "0 of 3 above 80; Quality 74",
                        "Cheapest in decades": "price ratio: percentile 10.4, P/E −27%"}),
    ],
)  # fmt: skip
def test_readings_in_words(day: str, told: dict[str, str]) -> None:
    now = {row["claim"]: row["now"] for row in rows(ask("thesis", day), "scoreboard")}
    assert {claim: now[claim] for claim in told} == told


def test_what_has_become_of_the_claim_since() -> None:
    told = {row["claim"]: row["since"] for row in rows(ask("thesis"), "scoreboard")}
    assert told["Ahead of large caps"] == "IWM +16.5%, SPY +10.1%"
    assert told["Record highs"] == "26 more record closes"
    assert str(told["Rate cuts ahead"]) == "was: −84 bp in 12 months"
    assert told["Earnings handoff"] == "no record of that day here"


def test_records_since_the_claim_counted_by_hand(sample: Dataset) -> None:
    highest, count = 0.0, 0
    for day, close in sample.closes("IWM").items():
        if close > highest:
            count += day.date() > ARTICLE
            highest = close
    assert count == 26


def test_claims_without_inputs_are_not_measured_and_never_judged(sample: Dataset) -> None:
    found = readings(sample.at(ARTICLE))
    for claim in ("earnings", "revisions", "shorts"):
        assert found[claim].verdict is None
        assert words.verdict(found[claim]) == "not measured today"
        assert words.now(found[claim]) == "nothing stored for this day"


def test_stale_inputs_get_no_verdict() -> None:
    stale = Reading("rates", None, {"change": 55.0, "months": 12.0}, ARTICLE, ("CME",), stale=True)
    assert words.verdict(stale) == "not measured today"
    assert words.now(stale) == "+55 bp in 12 months (stale: 4 Dec 2025)"


def test_a_change_is_a_verdict_that_became_another(sample: Dataset) -> None:
    report = ask("thesis", since=ARTICLE)
    changed = {row["claim"]: (row["before"], row["now"]) for row in rows(report, "changes")}
    assert changed["Rate cuts ahead"] == ("holds", "broken")
    assert changed["Broader participation"] == ("broken", "holds")
    assert "Earnings handoff" not in changed
    assert values(report)["claims.changed"] == len(changed)
    assert "changed since 4 Dec 2025: " in report.headline
    now = measure(sample)
    assert changes(now, now) == ()


def test_headlines_are_true_with_none_and_with_one() -> None:
    none = [Reading(claim, None) for claim in words.SCORED]
    assert words.headline(none, (), ARTICLE) == (
        "Of 0 claims measured today, 0 hold, 0 are mixed, 0 are broken; unchanged since 4 Dec 2025."
    )
    one = [Reading("rates", "supports"), Reading("risks", "mixed"), Reading("cycle", "contradicts")]
    assert words.headline(one, (), ARTICLE).startswith("Of 3 claims measured today, 1 holds, 1 is mixed, 1 is broken")


def test_the_seven_are_the_fund_where_it_has_the_window_else_the_basket(sample: Dataset) -> None:
    assert seven(sample).name == "MAGS"
    early = sample.at(date(2023, 6, 1))
    basket = seven(early)
    assert basket.iloc[0] == 1.0
    months = {day.strftime("%Y-%m"): day for day in basket.index}
    parts = [early.total_return(symbol) for symbol in ("AAPL", "MSFT", "GOOGL", "AMZN", "NVDA", "META", "TSLA")]
    start, end = months["2023-03"], months["2023-04"]
    by_hand = sum(float(part[end] / part[start]) for part in parts) / 7
    assert float(basket[end] / basket[start]) == pytest.approx(by_hand)


def test_a_spread_needs_the_whole_window(sample: Dataset) -> None:
    small, large = sample.total_return("IWM"), sample.total_return("SPY")
    assert spread(small.iloc[:50], large, "6m") is None


def test_the_printed_rules_name_the_borders_that_are_applied() -> None:
    rules = words.rules()
    assert str(verdicts.RECENT_SESSIONS) in rules["records"]
    assert i18n.percent(-verdicts.DEEP_DRAWDOWN, 0) in rules["records"]
    assert i18n.percent(verdicts.CHEAP_DISCOUNT, 0) in rules["valuation"]
    assert f"{verdicts.MOVE_BP:.0f} bp" in rules["rates"]
    assert f"{verdicts.HOT_GAUGE:.0f}" in rules["risks"]
    assert str(verdicts.CONFIRMED_SESSIONS) in rules["cycle"]


@pytest.mark.parametrize("look", [DARK, LIGHT], ids=lambda look: look.name)
@pytest.mark.parametrize("day", ["2026-07-31", "2025-12-04", "2001-03-02"])
def test_the_picture_is_legible(look: Theme, day: str) -> None:
    figure = drawn(ask("thesis", day), look)["scoreboard"]
    assert {"Record highs", "A lasting cycle"} <= set(drawn_words(figure))


def test_long_words_still_fit(sample: Dataset) -> None:
    with i18n.use("es"):
        check(draw(picture(measure(sample), sample, ("Yahoo Finance", "FRED")), DARK), DARK)


@pytest.mark.parametrize("day", [date(2026, 7, 17), ARTICLE])
def test_nothing_leaks(day: date) -> None:
    assert_nothing_leaks("thesis", day)


def test_a_comparison_with_a_day_ahead_is_refused() -> None:
    with pytest.raises(DateInFuture):
        ask("thesis", since=date(2030, 1, 1))


def test_it_is_one_of_the_questions() -> None:
    assert "thesis" in features.names()


def test_a_figure_that_decides_a_verdict_is_never_shown_as_nothing() -> None:
    """On 17 July 2026 equal weight was ahead of cap weight by less than a twentieth of a point, and the claim held."""
    found = {row["claim"]: row for row in rows(ask("thesis", "2026-07-17"), "scoreboard")}
    shown = found[words.names()["breadth"]]["now"]
    assert "RSP +0.0" in shown
    assert "RSP 0.0," not in shown
