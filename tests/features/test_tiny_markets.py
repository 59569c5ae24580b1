"""Questions on members asked of markets of a few companies: figures by hand, and nothing that breaks a card.

The markets are tiny on purpose: one member, only losers, no floats, two classes of one company, lists on either
side of a reconstitution, and whatever hypothesis thinks of.
"""

import json
import math
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.errors import MissingData, UnknownSymbol, UserError
from bot.market import universe
from bot.market.dataset import Dataset
from bot.report import Report, as_json
from tests.features.answers import ask, drawn, rows, values
from tests.features.tiny import LARGE, NAN, SESSIONS, Firm, market

QUESTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("shortinterest", {}),
    ("shortinterest", {"symbols": ("IWB",)}),
    ("squeeze", {"n": 5}),
    ("valuation", {}),
    ("earnings", {}),
    ("breadth", {"window": "1w"}),
    ("quote", {"window": "1w"}),
)


def figures(folder: Path, feature: str, firms: Sequence[Firm], **options: Any) -> dict[str, Any]:
    return values(ask(feature, market(folder, firms), **options))


# one member on each side


@pytest.fixture(scope="module")
def lonely(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """One small company: 100 million shares at $10, 10 million short, EPS from 1.00 to 1.20; and one large."""
    return market(tmp_path_factory.mktemp("lonely"), [Firm(symbol="ONE"), LARGE])


def test_one_member_is_weighted_median_and_mean_at_once(lonely: Dataset) -> None:
    found = values(ask("shortinterest", lonely))
    assert found["weighted_share_of_cap"] == found["median_share_of_shares"] == pytest.approx(0.1)
    assert found["mean_share_of_shares"] == pytest.approx(0.1)
    assert found["weighted_share_of_float"] == pytest.approx(1e7 / 8e7)
    assert found["notional_usd"] == pytest.approx(1e8)
    assert found["change"] == pytest.approx((1e7 - 8e6) / 1e8)
    assert (found["coverage.members"], found["coverage.weight"]) == (1, pytest.approx(1.0))
    assert found["weighted_share_of_cap.R1000"] == pytest.approx(2e7 / 2e9)


def test_one_member_is_its_own_multiple(lonely: Dataset) -> None:
    found = values(ask("valuation", lonely))
    assert found["pe_fy1.all.small"] == found["pe_fy1.profitable.small"] == pytest.approx(10.0)
    assert found["pe_fy2.all.small"] == pytest.approx(10 / 1.2)
    assert found["pe_fy1.all.large"] == pytest.approx(200.0)
    assert found["discount.pe_fy1.all"] == pytest.approx(0.95)
    assert found["pe_trailing.all.small"] == pytest.approx(1 / (0.1 / 2))
    assert found["price_to_sales.without_financials.small"] == pytest.approx(2.0)
    assert found["price_to_book.all.small"] == pytest.approx(4.0)
    assert found["ev_to_sales.without_financials.small"] == pytest.approx(2.4)
    assert found["ev_to_ebit.median_of_profitable.small"] == pytest.approx(1.2e9 / (0.15 * 5e8))


def test_one_member_grows_alike_in_every_form(lonely: Dataset) -> None:
    found = values(ask("earnings", lonely))
    forms = [found[f"eps_growth.small{form}"] for form in ("", ".positive_base", ".median")]
    assert forms == pytest.approx([0.2, 0.2, 0.2])
    assert found["revision_breadth.small"] == pytest.approx(1 / 3)
    assert found["revision_breadth.small.companies"] == 1.0
    assert found["eps_growth.seven"] is None  # the seven are not in this market's files


def test_one_member_takes_part_or_not(lonely: Dataset) -> None:
    found = values(ask("breadth", lonely, window="1w"))
    assert (found["above_50.small"], found["above_200.small"], found["at_high.small"]) == (1.0, 0.0, 0.0)
    assert (found["equal_vs_cap"], found["small_vs_seven"]) == (0.0, 0.0)
    assert ask("breadth", lonely, window="1w").headline == (
        "0% of small caps are above their 200-session average, 100% of large; "
        "equal weight and cap weight are level (1 week)."
    )


def test_one_member_is_the_most_crowded_of_one(lonely: Dataset) -> None:
    (row,) = rows(ask("squeeze", lonely), "squeeze")
    assert (row["symbol"], row["score"], row["confidence"]) == ("ONE", pytest.approx(100), pytest.approx(0.75))


def test_one_member_has_a_quote_without_a_picture(lonely: Dataset) -> None:
    report = ask("quote", lonely, symbol="ONE")
    found = values(report)
    assert (found["close"], found["cap_tier"], found["membership"]) == (10.0, "small", "Russell 2000")
    assert found["from_high_52w"] == pytest.approx(10 / 12 - 1)
    assert found["short.share_of_shares"] == pytest.approx(0.1)
    assert report.charts == ()


# what the figures of a company can be


@pytest.mark.parametrize(("eps", "margin"), [(0.0, 0.0), (-1.0, -0.2)])
def test_without_earnings_there_is_no_multiple_and_no_growth(tmp_path: Path, eps: float, margin: float) -> None:
    firms = [Firm(symbol="ONE", eps_fy1=eps, eps_fy2=eps, margin=margin), LARGE]
    dataset = market(tmp_path, firms)
    priced, grown = ask("valuation", dataset), ask("earnings", dataset)
    for form in ("pe_fy1.all", "pe_fy1.profitable", "pe_trailing.all"):
        assert values(priced)[f"{form}.small"] is None
        assert values(priced)[f"discount.{form}"] is None
    assert priced.headline.startswith("IWM costs 1.000 of IWB")
    assert values(grown)["eps_growth.small"] is None
    assert grown.headline.startswith("Small-cap EPS growth cannot be measured")
    assert values(grown)["loss_share.small.fy1"] == (1.0 if eps < 0 else 0.0)
    assert values(grown)["loss_share.small"] == (1.0 if margin < 0 else 0.0)


def test_losses_that_eat_most_of_the_base_make_growth_in_sum_meaningless(tmp_path: Path) -> None:
    firms = [Firm(symbol="GAIN"), Firm(symbol="LOSS", eps_fy1=-0.9, eps_fy2=0.1), LARGE]
    report = ask("earnings", market(tmp_path, firms))
    found = values(report)
    assert found["eps_growth.small"] is None  # 1.0 - 0.9 is a nineteenth of 1.0 + 0.9
    assert found["eps_growth.small.median"] == pytest.approx(0.2)
    assert report.stat("eps_growth.small").shown == "not meaningful (large +20%)"
    assert "means nothing" in report.headline
    drawn(report)


def test_losers_turn_a_discount_into_a_premium(tmp_path: Path) -> None:
    large = replace(LARGE, eps_fy1=10.0, eps_fy2=11.0)  # P/E 20
    firms = [Firm(symbol="GAIN"), Firm(symbol="LOSS", eps_fy1=-0.5, eps_fy2=-0.4), large]
    report = ask("valuation", market(tmp_path, firms))
    found = values(report)
    assert found["pe_fy1.profitable.small"] == pytest.approx(10.0)
    assert found["pe_fy1.all.small"] == pytest.approx(2e9 / 0.5e8)
    assert report.headline == (
        "Small caps are 50% cheaper than large if loss-makers are left out, 100% dearer if they are kept in."
    )


def test_earnings_above_the_price_are_another_currency(tmp_path: Path) -> None:
    firms = [Firm(symbol="GAIN"), Firm(symbol="REAIS", eps_fy1=11.0, eps_fy2=12.0), LARGE]
    report = ask("earnings", market(tmp_path, firms))
    assert values(report)["coverage.members.small"] == 1
    assert any("1 small, 0 large companies" in note for note in report.notes)


def test_an_exchange_rate_shared_by_two_companies_takes_both_out(tmp_path: Path) -> None:
    """The vendor's snapshot holds EPS FY2 of its own: here it is given as the same number for all but two."""
    dataset = market(tmp_path, [Firm(symbol="AAAX", eps_fy2=2.0), Firm(symbol="BBBX", eps_fy2=3.0), LARGE])
    assert values(ask("earnings", dataset))["coverage.members.small"] == 2  # 1.0 is no exchange rate


def test_missing_floats_leave_the_other_denominators(tmp_path: Path) -> None:
    firms = [Firm(symbol="ONE", floating=NAN), Firm(symbol="TWO", floating=0.0), LARGE]
    dataset = market(tmp_path, firms)
    found = values(ask("shortinterest", dataset))
    assert found["weighted_share_of_float"] is None
    assert found["coverage.float_members"] == 0
    assert found["weighted_share_of_cap"] == pytest.approx(0.1)
    screen = ask("squeeze", dataset)
    assert screen.headline.startswith("No member of the Russell 2000 can be listed")
    assert any("2 members without a stored float" in note for note in screen.notes)
    own = values(ask("shortinterest", dataset, symbols=("ONE",)))
    assert (own["share_of_float"], own["s3_share"], own["share_of_shares"]) == (None, None, pytest.approx(0.1))


def test_no_volume_is_no_days_to_cover(tmp_path: Path) -> None:
    report = ask("shortinterest", market(tmp_path, [Firm(symbol="ONE", days=999.99), LARGE]), symbols=("ONE",))
    assert values(report)["days_to_cover"] is None
    assert report.headline == "ONE: 10M shares short, 25.0% more than on 15 Jun 2026."
    assert any(note.startswith("No days to cover") for note in report.notes)


def test_a_split_between_the_dates_hides_the_change(tmp_path: Path) -> None:
    dataset = market(tmp_path, [Firm(symbol="ONE", split=True), Firm(symbol="TWO", before=1e7), LARGE])
    assert values(ask("shortinterest", dataset))["change"] == pytest.approx(0.0)  # TWO alone, unchanged
    single = ask("shortinterest", dataset, symbols=("ONE",))
    assert values(single)["change"] is None
    assert any("split" in note for note in single.notes)


def test_positions_without_a_predecessor_have_no_change(tmp_path: Path) -> None:
    report = ask("shortinterest", market(tmp_path, [Firm(symbol="ONE", before=NAN), LARGE]))
    assert values(report)["change"] is None
    assert ";" not in report.headline


def test_a_member_that_never_traded_is_counted_and_not_measured(tmp_path: Path) -> None:
    firms = [Firm(symbol="ONE"), Firm(symbol="GHOST", name="Ghost Works", covered=False, weight=0.3), LARGE]
    dataset = market(tmp_path, firms)
    for feature, options in QUESTIONS[:1] + QUESTIONS[3:4]:
        found = values(ask(feature, dataset, **options))
        assert found["coverage.members"] == 1
        assert found["coverage.weight"] == pytest.approx(0.25)
    assert values(ask("shortinterest", dataset))["members"] == 2
    assert values(ask("quote", dataset, symbol="GHOST"))["close"] == 10.0  # the fund's file has a price
    assert values(ask("quote", dataset, symbol="GHOST"))["cap_tier"] is None
    with pytest.raises(MissingData):
        ask("earnings", dataset, symbol="GHOST")
    with pytest.raises(MissingData):
        ask("shortinterest", dataset, symbols=("GHOST",))
    with pytest.raises(UnknownSymbol):
        ask("quote", dataset, symbol="NOBODY")


def test_nobody_covered_says_what_is_missing(tmp_path: Path) -> None:
    dataset = market(tmp_path, [Firm(symbol="ONE", covered=False), replace(LARGE, covered=False)])
    for feature in ("shortinterest", "squeeze", "earnings"):
        with pytest.raises(MissingData):
            ask(feature, dataset)
    assert rows(ask("valuation", dataset), "multiples") == []
    assert values(ask("breadth", dataset, window="1w"))["above_50.small"] is None


# companies and lists


def test_two_classes_of_a_company_count_once(tmp_path: Path) -> None:
    """Each class carries the whole company's cap: 1 bn, not 2; shorts are added up, 1 + 3 million of 100 million."""
    classes = [
        Firm(symbol="DUOA", name="Duo Holdings Class A", short=1e6, before=1e6, weight=0.2),
        Firm(symbol="DUOB", name="Duo Holdings Class B", short=3e6, before=3e6, weight=0.1),
    ]
    dataset = market(tmp_path, [*classes, LARGE])
    found = values(ask("shortinterest", dataset))
    assert (found["members"], found["coverage.members"]) == (1, 1)
    assert found["weighted_share_of_cap"] == pytest.approx(4e6 / 1e8)
    assert values(ask("earnings", dataset))["coverage.members.small"] == 1
    one = ask("shortinterest", dataset, symbols=("DUOB",))
    assert values(one)["short_shares"] == 3e6
    assert any("DUOA and DUOB are classes of one company" in note for note in one.notes)


def test_across_a_reconstitution_the_later_list_counts(tmp_path: Path) -> None:
    """MOVED is in IWM's list of May and in IWB's of July: it counts in the Russell 1000 alone."""
    lists = (date(2026, 5, 5), date(2026, 7, 6))
    firms = [Firm(symbol="STAYS"), Firm(symbol="MOVED", short=5e7)]
    alone = values(ask("shortinterest", market(tmp_path / "alone", firms, lists=lists)))
    assert alone["members"] == 2  # no list of large companies is stored here: nothing to hand over to
    with_large = market(tmp_path / "both", [*firms, Firm(symbol="MOVED", in_fund="IWB", covered=False)], lists=lists)
    report = ask("shortinterest", with_large)
    assert values(report)["members"] == 1
    assert values(report)["weighted_share_of_cap"] == pytest.approx(0.1)
    assert values(report)["weighted_share_of_cap.whole_list"] == pytest.approx((1e8 + 5e8) / 2e9)
    assert any("26 Jun 2026" in note for note in report.notes)
    assert universe.pair(with_large).small.handed_over == ("MOVED",)


def test_lists_of_one_epoch_keep_their_members(tmp_path: Path) -> None:
    dataset = market(tmp_path, [Firm(symbol="ONE"), LARGE])
    report = ask("shortinterest", dataset)
    assert "weighted_share_of_cap.whole_list" not in values(report)
    assert not any("reconstitution" in note.lower() for note in report.notes)


# prices


def test_flat_prices_make_flat_cards(tmp_path: Path) -> None:
    flat = [100.0] * SESSIONS
    dataset = market(tmp_path, [Firm(symbol="ONE"), LARGE], small_closes=flat, large_closes=flat)
    level = values(ask("valuation", dataset))
    assert (level["relative.level"], level["relative.percentile"]) == (1.0, 1.0)
    assert level["relative.low"] == level["relative.peak"] == 1.0
    report = ask("quote", dataset, window="1w")
    assert report.headline == "IWM closed at $100.00, its highest close on record."
    assert values(report)["return.1w"] == 0.0
    for card in (report, ask("valuation", dataset), ask("breadth", dataset, window="1w")):
        drawn(card)


def test_a_fall_is_measured_from_the_highest_close(tmp_path: Path) -> None:
    closes = [100.0, 200.0, *[150.0] * (SESSIONS - 2)]
    report = ask("quote", market(tmp_path, [Firm(symbol="ONE"), LARGE], small_closes=closes), window="1w")
    assert report.headline == "IWM closed at $150.00, 25.0% below its record of $200.00 (2 Jul 2026)."
    assert values(report)["drawdown"] == pytest.approx(-0.25)


# anything else


def edged(low: float, high: float) -> st.SearchStrategy[float]:
    """Return numbers of a range, with the missing and the awkward among them."""
    return st.one_of(st.just(NAN), st.just(0.0), st.floats(low, high).map(lambda x: round(x, 4)))


firms = st.builds(
    Firm,
    symbol=st.just("X"),
    in_fund=st.sampled_from(["IWM", "IWB"]),
    sector=st.sampled_from(["Health Care", "Financial Services", "Energy", ""]),
    weight=st.floats(0.0, 0.5).map(lambda x: round(x, 4)),
    price=edged(0.01, 5000),
    cap=edged(1e5, 4e12),
    floating=edged(1, 1e10),
    short=edged(0, 1e10),
    before=edged(0, 1e10),
    split=st.booleans(),
    volume=edged(0, 1e9),
    days=st.one_of(st.just(999.99), edged(1, 900)),
    eps_fy1=edged(-50, 50),
    eps_fy2=edged(-50, 50),
    eps_fy1_before=edged(-50, 50),
    up=edged(0, 40),
    down=edged(0, 40),
    margin=edged(-9, 3),
    price_to_sales=edged(0.01, 500),
    price_to_book=edged(-50, 50),
    enterprise_value=edged(-1e9, 1e12),
    average_50=edged(0.01, 5000),
    average_200=edged(0.01, 5000),
    high=edged(0.01, 5000),
    return_6m=edged(-0.99, 20),
    covered=st.booleans(),
)


@settings(
    max_examples=12, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate)
)  # shrinking takes minutes
@given(st.lists(firms, min_size=0, max_size=6), st.lists(st.floats(1, 500), min_size=2, max_size=SESSIONS))
def test_no_market_breaks_a_card(found: list[Firm], closes: list[float]) -> None:
    named = [
        replace(firm, symbol=f"{letter}CO", name=f"{letter} Company")
        for firm, letter in zip(found, "ABCDEF", strict=False)
    ]
    with tempfile.TemporaryDirectory() as folder:
        dataset = market(Path(folder), [*named, Firm(symbol="SURE"), LARGE], small_closes=[round(c, 2) for c in closes])
        for feature, options in QUESTIONS:
            answer = answered(feature, dataset, options)
            if isinstance(answer, str):
                assert len(answer) > 20  # a refusal in words
            else:
                assert_sound(answer)


def answered(feature: str, dataset: Dataset, options: dict[str, Any]) -> Report | str:
    try:
        return ask(feature, dataset, **options)
    except UserError as refusal:
        return refusal.text()


def assert_sound(report: Report) -> None:
    """Assert what every card must be: JSON without NaN, sentences without it, no empty figure, a legible picture."""
    json.dumps(as_json(report), allow_nan=False)
    texts = [report.title, report.headline, *report.notes, *(chart.alt for chart in report.charts)]
    texts += [text for stat in report.stats for text in (stat.label, stat.shown or "", stat.working or "")]
    for text in texts:
        assert "nan" not in text.lower().replace("finance", "").replace("financial", ""), text
        assert "{" not in text
    assert report.headline.endswith(".")
    for stat in report.stats:
        share = stat.unit == "fraction" and stat.id.startswith(("loss_share", "above_", "at_high", "coverage.weight"))
        if share and stat.value is not None:
            assert isinstance(stat.value, float)
            assert 0 <= stat.value <= 1 + 1e-9
    drawn(report)


@settings(max_examples=10, deadline=None)
@given(st.lists(firms, min_size=1, max_size=5))
def test_figures_agree_with_plain_loops_on_any_market(found: list[Firm]) -> None:
    named = [
        replace(firm, symbol=f"{letter}CO", name=f"{letter} Company", in_fund="IWM", covered=True)
        for firm, letter in zip(found, "ABCDE", strict=False)
    ]
    with tempfile.TemporaryDirectory() as folder:
        dataset = market(Path(folder), [*named, LARGE])
        measured = [f for f in named if f.cap > 0 and f.price > 0 and not math.isnan(f.short)]
        if not measured:
            with pytest.raises(MissingData):
                ask("shortinterest", dataset)
            return
        answer = values(ask("shortinterest", dataset))
    assert answer["coverage.members"] == len(measured)
    dollars = sum(f.short * f.price for f in measured)
    assert answer["weighted_share_of_cap"] == pytest.approx(dollars / sum(f.cap for f in measured), rel=1e-9)
    shares = sorted(f.short / (f.cap / f.price) for f in measured)
    middle = (shares[(len(shares) - 1) // 2] + shares[len(shares) // 2]) / 2
    assert answer["median_share_of_shares"] == pytest.approx(middle, rel=1e-9)
