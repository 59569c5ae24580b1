"""Earnings at their borders, in markets of a few companies: bases, currencies, revisions, one company, sentences."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.features import record
from bot.features.earnings.indicators import indicators
from bot.market.dataset import Dataset
from bot.report import Report, as_json
from tests.features import recount
from tests.features.answers import ask, drawn, rows, sample, values
from tests.features.tiny import FILES, LARGE, NAN, Firm, market

PLAIN = Firm(symbol="ONE")  # 100 million shares, EPS from 1.00 to 1.20, two analysts up, one down
SIDES = ("small", "large", "seven")
BIG = replace(LARGE, eps_fy1=8.0, eps_fy2=8.8)


def card(folder: Path, *firms: Firm, **options: Any) -> Report:
    return ask("earnings", market(folder, [*firms, BIG]), **options)


def said(report: Report, part: str) -> bool:
    return any(part in note for note in report.notes)


def small(report: Report, figure: str) -> Any:
    return values(report)[figure.format("small")]


# growth


@pytest.mark.parametrize(
    ("losses", "aggregate"),
    [
        (-0.81, 0.29 / 0.19 - 1),  # 0.19 of 1.81 is a little over a tenth
        (-0.83, None),  # 0.17 of 1.83 is a little under
        (-1.0, None),
        (-3.0, None),
    ],
)
def test_the_thinnest_base_that_means_anything(tmp_path: Path, losses: float, aggregate: float | None) -> None:
    report = card(tmp_path, PLAIN, replace(PLAIN, symbol="LOSS", eps_fy1=losses, eps_fy2=-0.91))
    found = small(report, "eps_growth.{}")
    assert found == (None if aggregate is None else pytest.approx(aggregate))
    assert small(report, "eps_growth.{}.positive_base") == small(report, "eps_growth.{}.median") == pytest.approx(0.2)
    assert said(report, "Not meaningful: losses leave too small a base")  # the seven have no figures here either
    assert ("means nothing" in report.headline) == (aggregate is None)
    drawn(report)


@pytest.mark.parametrize(
    ("second", "headline"),
    [
        (1.2, "Small-cap EPS +20% next year, and +20% at the median company (large: +10%, +10%)."),
        (1.26, "Small-cap EPS +23% next year, and +23% at the median company (large: +10%, +10%)."),
        (3.0, "Small-cap EPS +110% next year, and +110% at the median company (large: +10%, +10%)."),
        (0.6, "Small-cap EPS −10% next year, and −10% at the median company (large: +10%, +10%)."),
    ],
)
def test_two_like_companies_grow_by_their_mean(tmp_path: Path, second: float, headline: str) -> None:
    report = card(tmp_path, PLAIN, replace(PLAIN, symbol="TWO", eps_fy2=second))
    mean = (1.2 + second) / 2 - 1
    grown = [small(report, "eps_growth.{}" + form) for form in ("", ".positive_base", ".median")]
    assert grown == pytest.approx([mean] * 3)
    assert report.headline == headline


def test_a_giant_makes_the_sum_tell_another_story(tmp_path: Path) -> None:
    giant = replace(PLAIN, symbol="GIANT", cap=1e11, eps_fy2=2.0)
    report = card(tmp_path, PLAIN, replace(PLAIN, symbol="TWO"), giant)
    assert report.headline == "Small-cap EPS +98% next year, but +20% at the median company (large: +10%, +10%)."
    first = rows(report, "contributors")[0]
    assert (first["side"], first["symbol"]) == ("Small", "GIANT")
    assert first["contribution"] == pytest.approx(1e10 / (1e10 + 2e8))
    assert [row["symbol"] for row in rows(report, "contributors") if row["side"] == "Small"] == ["GIANT", "ONE", "TWO"]


def test_five_contributors_a_side_and_no_more(tmp_path: Path) -> None:
    firms = [replace(PLAIN, symbol=f"{letter}CO", eps_fy2=1 + n / 10) for n, letter in enumerate("ABCDEFG", start=1)]
    listed = [row for row in rows(card(tmp_path, *firms), "contributors") if row["side"] == "Small"]
    assert [row["symbol"] for row in listed] == ["GCO", "FCO", "ECO", "DCO", "CCO"]
    assert [row["contribution"] for row in listed] == pytest.approx([0.1, 0.6 / 7, 0.5 / 7, 0.4 / 7, 0.3 / 7])


@pytest.mark.parametrize(
    ("changed", "matched"),
    [
        ({"eps_fy1": NAN}, 1), ({"eps_fy2": NAN}, 1), ({"cap": NAN}, 1), ({"price": NAN}, 1), ({"covered": False}, 1),
        ({"eps_fy1": 10.5}, 1), ({"eps_fy1": 10.0}, 2), ({"eps_fy1": 0.0}, 2),
    ],
)  # fmt: skip
def test_who_is_measured(tmp_path: Path, changed: dict[str, Any], matched: int) -> None:
    report = card(tmp_path, PLAIN, replace(PLAIN, symbol="EDGE", **changed))
    assert small(report, "coverage.members.{}") == matched
    assert report.stat("coverage.members.small").shown == f"{matched} of 2, {matched / 2:.0%} of weight"
    foreign = int(changed.get("eps_fy1", 0) > 10)
    assert said(report, f"Left out for accounts in another currency: {foreign} small, 0 large companies.")


def test_losers_of_the_year_and_of_the_last(tmp_path: Path) -> None:
    firms = (PLAIN, replace(PLAIN, symbol="LOSS", eps_fy1=-0.1), replace(PLAIN, symbol="LOST", margin=-0.3))
    report = card(tmp_path, *firms)
    assert small(report, "loss_share.{}.fy1") == small(report, "loss_share.{}") == pytest.approx(1 / 3)
    stat = report.stat("loss_share.small.fy1")
    assert (stat.shown, stat.working) == ("33% (large 0%)", "companies with estimates: 1 of 3")
    growth = report.stat("eps_growth.small.median")
    assert growth.working == "companies with earnings above zero this year: 2 of 3"


# revisions


def test_three_breadths_by_hand(tmp_path: Path) -> None:
    firms = (
        replace(PLAIN, symbol="RISE", up=5.0, down=1.0, cap=3e9),
        replace(PLAIN, symbol="FALL", up=0.0, down=2.0),
        replace(PLAIN, symbol="EVEN", up=1.0, down=1.0),
    )
    report = card(tmp_path, *firms)
    assert small(report, "revision_breadth.{}") == pytest.approx((6 - 4) / 10)
    assert report.stat("revision_breadth.small").working == "(6 up − 4 down) / 10"
    assert report.stat("revision_breadth.small").shown == "+0.20 (large +0.33)"
    assert small(report, "revision_breadth.{}.companies") == 0.0
    assert small(report, "revision_breadth.{}.cap_weighted") == pytest.approx((3 - 1) / 5)


@pytest.mark.parametrize(("count", "words"), [(1, "1 company whose"), (2, "2 companies whose")])
def test_estimates_that_stood_still_are_set_aside(tmp_path: Path, count: int, words: str) -> None:
    still = [replace(PLAIN, symbol=f"STILL{c}", eps_fy1_before=1.0, up=0.0, down=0.0) for c in "AB"[:count]]
    report = card(tmp_path, PLAIN, *still)
    assert small(report, "revision_breadth.{}.companies") == 1.0
    assert said(report, f"{words} estimates stood still for 90 days")


def test_nobody_revised_is_said(tmp_path: Path) -> None:
    report = card(tmp_path, replace(PLAIN, up=0.0, down=0.0))
    assert small(report, "revision_breadth.{}") is None
    assert report.stat("revision_breadth.small").shown == "none (large +0.33)"
    assert said(report, "No revision breadth where nobody revised")
    assert small(report, "revision_breadth.{}.companies") == 0.0
    drawn(report)


def test_without_counts_and_without_a_file_before_there_is_no_breadth(tmp_path: Path) -> None:
    report = card(tmp_path, replace(PLAIN, up=NAN, down=NAN))
    assert said(report, "No analysts' counts are stored")
    assert small(report, "revision_breadth.{}") is None
    assert small(report, "revision_breadth.{}.companies") is None


def test_two_classes_are_revised_once(tmp_path: Path) -> None:
    duo = (
        replace(PLAIN, symbol="DUOA", name="Duo Holdings Class A", up=1.0, down=0.0, weight=0.2),
        replace(PLAIN, symbol="DUOB", name="Duo Holdings Class B", up=1.0, down=0.0),
    )
    report = card(tmp_path, *duo, replace(PLAIN, symbol="FALL", up=0.0, down=1.0))
    assert small(report, "revision_breadth.{}") == 0.0
    assert small(report, "coverage.members.{}") == 2


# one company


def test_a_company_in_another_currency_has_no_dollars_and_no_multiple() -> None:
    """StoneCo: 10.62 reais a share at a price of $11.20 is no P/E of 1; found as on the card of all companies."""
    report = ask("earnings", symbol="STNE")
    found, own = values(report), recount.latest("estimates", date(2026, 7, 31))["STNE"]
    assert (found["eps_fy1"], found["pe_fy1"]) == (own["eps_fy1"], None)
    assert report.headline.startswith(f"STNE: {own['eps_fy1']:.2f} a share expected")
    assert said(report, "Accounts in another currency")
    texts = [report.headline, *(chart.alt for chart in report.charts), *(stat.working or "" for stat in report.stats)]
    assert not any("$" in text for text in texts)
    assert not any("$" in word for row in report.charts[0].data.words for word in row)
    assert "dollars" not in report.charts[0].data.subtitle
    assert {stat.unit for stat in report.stats} == {"ratio", "fraction", "count", "date"}
    drawn(report)


@pytest.mark.parametrize("symbol", sorted(recount.FOREIGN))
def test_every_company_left_out_of_the_sums_is_told_apart(symbol: str) -> None:
    assert said(ask("earnings", symbol=symbol), "Accounts in another currency")
    assert values(ask("earnings", symbol=symbol))["pe_fy1"] is None


@pytest.mark.parametrize("symbol", ["AAPL", "AAL", "BRK-B", "AZO", "GME", "NVDA"])
def test_dollars_are_dollars(symbol: str) -> None:
    report = ask("earnings", symbol=symbol)
    assert not said(report, "Accounts in another currency")
    assert "$" in report.headline
    assert report.stat("eps_fy1").unit == "usd"


@pytest.mark.parametrize(("eps", "foreign"), [(10.0, False), (10.01, True)])
def test_earnings_above_the_price_give_a_currency_away(tmp_path: Path, eps: float, foreign: bool) -> None:
    report = card(tmp_path, replace(PLAIN, eps_fy1=eps), symbol="ONE")
    assert said(report, "Accounts in another currency") == foreign
    assert values(report)["pe_fy1"] == (None if foreign else pytest.approx(1.0))


@pytest.mark.parametrize(
    ("changed", "missing", "other"),
    [
        ({}, (), ()),
        ({"eps_fy1": NAN}, ("this year's estimate",), ()),
        ({"eps_fy2": NAN}, ("next year's",), ()),
        ({"eps_fy1_before": NAN}, ("this year's of 30 days ago", "this year's of 90 days ago"), ()),
        ({"up": NAN}, ("analysts' revisions",), ()),
        ({"eps_fy1": 0.0}, (), ("No growth rate",)),
        ({"eps_fy1": -1.0}, (), ("No growth rate",)),
        ({"eps_fy1_before": 0.0}, (), ("No change is given from an estimate of zero.",)),
    ],
)
def test_what_a_company_lacks_is_named(
    tmp_path: Path, changed: dict[str, Any], missing: Sequence[str], other: Sequence[str]
) -> None:
    report = card(tmp_path, replace(PLAIN, **changed), symbol="ONE")
    lacking = next(note for note in report.notes if note.startswith("Not stored"))
    named = ("this year's estimate", "this year's of 30 days ago", "this year's of 90 days ago", "analysts' revisions")
    for one in named:
        assert (one in lacking) == (one in missing), one
    if "next year's" in missing:
        assert "next year's, " in lacking
    for sentence in ("No growth rate", "No change is given", "Accounts in another currency"):
        assert said(report, sentence) == any(one.startswith(sentence) for one in other), sentence
    json.dumps(as_json(report), allow_nan=False)


def test_the_picture_of_a_company_is_its_table() -> None:
    report = ask("earnings", symbol="AAL")
    now, month, quarter = rows(report, "estimates")
    assert report.charts[0].data.values == tuple((row["eps_fy1"], row["eps_fy2"]) for row in (quarter, month, now))
    assert report.stat("eps_growth").working == "from $0.27 to $2.30: +735.85%"


def test_without_estimates_there_is_no_picture(tmp_path: Path) -> None:
    report = card(tmp_path, replace(PLAIN, eps_fy1=NAN, eps_fy2=NAN), symbol="ONE")
    assert report.charts == ()
    assert report.headline == "ONE: no consensus for this fiscal year is stored."


# what is drawn and what is watched


@pytest.mark.parametrize("day", ["2026-06-30", "2026-07-13", "2026-07-31"])
def test_bars_are_the_figures(day: str) -> None:
    report = ask("earnings", day)
    found, (growth, revisions) = values(report), (chart.data for chart in report.charts)
    for picture, forms, figure in (
        (growth, ("", ".positive_base", ".median"), "eps_growth"),
        (revisions, ("", ".companies", ".cap_weighted"), "revision_breadth"),
    ):
        assert picture.values == tuple(tuple(found[f"{figure}.{side}{form}"] for side in SIDES) for form in forms)


def test_what_is_watched_is_the_cards_figure_on_the_day_of_each_file() -> None:
    """The companies of the card: those that went over to the other index are in neither."""
    figures = {
        "earnings.growth.median": "eps_growth.small.median", "earnings.revisions": "revision_breadth.small",
        "earnings.revisions.companies": "revision_breadth.small.companies",
        "earnings.revisions.cap_weighted": "revision_breadth.small.cap_weighted",
    }  # fmt: skip
    assert [one.id for one in indicators()] == list(figures)
    for one in indicators():
        series = one.series(sample())
        assert len(series) == 2
        for day, value in series.items():
            card = values(ask("earnings", sample().at(day.date())))
            assert value == pytest.approx(card[figures[one.id]], rel=1e-12)


def test_the_watched_companies_are_those_of_the_card_across_lists(tmp_path: Path) -> None:
    """MOVED is in IWB's later list: its growth of 900% is in neither the card's median nor the one that is watched."""
    moved = (replace(PLAIN, symbol="MOVED", eps_fy2=10.0), Firm(symbol="MOVED", in_fund="IWB", covered=False))
    dataset: Dataset = market(tmp_path, [PLAIN, *moved, BIG], lists=(date(2026, 5, 5), FILES))
    assert small(ask("earnings", dataset), "eps_growth.{}.median") == pytest.approx(0.2)
    series = indicators()[0].series(dataset)
    assert [day.date() for day in series.index] == [FILES]
    assert series.tolist() == pytest.approx([0.2])
    assert list(record.known_sessions(dataset, "estimates")) == list(series.index)
