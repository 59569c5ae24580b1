"""Valuation at its borders, in markets of a few companies: who counts in which multiple, signs, sentences."""

import json
import math
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from bot.errors import NotEnoughHistory
from bot.features.valuation import words
from bot.features.valuation.indicators import indicators
from bot.market.dataset import Dataset
from bot.report import Report, as_json
from tests.features.answers import ask, drawn, rows, sample, values
from tests.features.leaks import any_session
from tests.features.tiny import FILES, LARGE, LISTS, NAN, SESSIONS, Firm, market

PLAIN = Firm(symbol="ONE")  # 1 bn at $10: P/E 10, 8.3 next year, 20 trailing, P/S 2, P/B 4, EV/sales 2.4
KEYS = [
    ("pe_fy1", "all"), ("pe_fy1", "profitable"), ("pe_fy1", "without_health_care"), ("pe_fy2", "all"),
    ("pe_fy2", "profitable"), ("pe_trailing", "all"), ("pe_trailing", "profitable"),
    ("pe_trailing", "without_health_care"), ("price_to_sales", "without_financials"),
    ("ev_to_sales", "without_financials"), ("price_to_book", "all"), ("ev_to_ebit", "median_of_profitable"),
]  # fmt: skip


def card(folder: Path, *firms: Firm, **options: Any) -> Report:
    return ask("valuation", market(folder, [*firms, LARGE], **options))


def said(report: Report, part: str) -> bool:
    return any(part in note for note in report.notes)


def table(report: Report) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["multiple"], row["companies"]): row for row in rows(report, "multiples")}


def test_the_table_and_the_figures_are_one(tmp_path: Path) -> None:
    for report in (card(tmp_path, PLAIN), ask("valuation")):
        found = values(report)
        assert list(table(report)) == KEYS
        for (multiple, companies), row in table(report).items():
            key = f"{multiple}.{companies}"
            figures = (found[f"{key}.small"], found[f"{key}.large"], found[f"discount.{key}"])
            assert figures == (row["small"], row["large"], row["discount"])
            stat = report.stat(f"discount.{key}")
            assert stat.as_of == row["as_of"]
            assert stat.label == row["name"] == words.name_of(multiple, companies)
        json.dumps(as_json(report), allow_nan=False)
    metrics = [report.stat(f"{multiple}.{companies}.large").metric for multiple, companies in KEYS]
    kinds = ["pe_forward"] * 5 + ["pe_trailing"] * 3 + ["multiples"] * 4
    assert metrics == [f"valuation.{kind}" for kind in kinds]


# who counts in which multiple


@pytest.mark.parametrize(
    ("added", "changed"),
    [
        # A second company like the first changes no multiple; each of these is left out of what it lacks.
        ({}, {}),
        ({"sector": "Financial Services", "price_to_sales": 8.0}, {
            "pe_trailing.all": 32.0, "pe_trailing.profitable": 32.0, "ev_to_ebit.median_of_profitable": (16 + 64) / 2}),
        ({"sector": "Real Estate", "enterprise_value": 9e9}, {"ev_to_ebit.median_of_profitable": (16 + 120) / 2}),
        ({"price_to_sales": 0.0}, {"pe_trailing.members": 1, "price_to_sales.members": 1}),
        ({"margin": NAN}, {"pe_trailing.members": 1, "ev_to_ebit.members": 1}),
        ({"margin": -0.1}, {"pe_trailing.all": None, "pe_trailing.profitable": 20.0, "ev_to_ebit.members": 1}),
        ({"margin": 2.1}, {"pe_trailing.members": 1, "ev_to_ebit.median_of_profitable": (16 + 1.2 / 1.575) / 2}),
        ({"price_to_book": -4.0}, {"price_to_book.all": None}),
        ({"price_to_book": 0.0}, {"price_to_book.members": 1}),
        ({"price_to_book": 1.0}, {"price_to_book.all": 2e9 / 1.25e9}),
        ({"enterprise_value": -1.2e9}, {"ev_to_sales.members": 1, "ev_to_ebit.members": 1}),
        ({"eps_fy1": NAN}, {"pe_fy1.members": 1}),
        ({"eps_fy1": 0.0}, {"pe_fy1.all": 20.0, "pe_fy1.profitable": 10.0}),
        ({"eps_fy1": -1.5}, {"pe_fy1.all": None, "pe_fy1.profitable": 10.0}),
        ({"eps_fy1": 10.0}, {"pe_fy1.all": 2e9 / 1.1e9, "pe_fy1.profitable": 2e9 / 1.1e9}),
        ({"eps_fy1": 10.01}, {"pe_fy1.members": 1, "pe_fy2.members": 1}),  # earns more than it costs: no dollars
        ({"cap": NAN}, {"pe_fy1.members": 1, "pe_trailing.members": 1, "price_to_book.members": 1}),
    ],
)  # fmt: skip
def test_a_second_company_counts_where_it_has_the_figures(
    tmp_path: Path, added: dict[str, Any], changed: dict[str, float | None]
) -> None:
    report = card(tmp_path, PLAIN, replace(PLAIN, symbol="TWO", **added))
    usual = {
        "pe_fy1.all": 10.0, "pe_fy1.profitable": 10.0, "pe_trailing.all": 20.0, "pe_trailing.profitable": 20.0,
        "price_to_sales.without_financials": 2.0, "price_to_book.all": 4.0, "ev_to_sales.without_financials": 2.4,
        "ev_to_ebit.median_of_profitable": 16.0,
    }  # fmt: skip
    usual |= {key: value for key, value in changed.items() if not key.endswith("members")}
    found = values(report)
    for key, value in usual.items():
        assert found[f"{key}.small"] == (None if value is None else pytest.approx(value)), key
    for key, count in changed.items():
        if key.endswith("members"):
            row = next(r for (multiple, _c), r in table(report).items() if multiple == key.removesuffix(".members"))
            assert row["members_small"] == count
            assert row["weight_small"] == pytest.approx(count / 2)


def test_losers_without_price_to_sales_are_no_losers(tmp_path: Path) -> None:
    """A margin of 0.0 without revenue is nothing known; a loss with revenue is a loss; a missing P/E proves nothing."""
    firms = [
        PLAIN, replace(PLAIN, symbol="NIL", margin=0.0, price_to_sales=NAN),
        replace(PLAIN, symbol="LOSS", margin=-0.2), replace(PLAIN, symbol="BLANK", margin=NAN, eps_fy1=-1.0),
    ]  # fmt: skip
    report = card(tmp_path, *firms)
    found = values(report)
    assert found["loss_share.small"] == pytest.approx(1 / 2)
    assert report.stat("loss_share.small").working == "companies that have the figure: 1 of 2"
    assert found["loss_share.small.fy1"] == pytest.approx(1 / 4)
    assert report.stat("loss_share.small.fy1").working == "companies that have the figure: 1 of 4"
    assert report.stat("loss_share.small").figure
    assert not report.stat("loss_share.small.fy1").figure


def test_health_care_is_left_out_and_counted(tmp_path: Path) -> None:
    care = replace(PLAIN, symbol="CARE", sector="Health Care", eps_fy1=-0.5, margin=-0.1)
    report = card(tmp_path, PLAIN, care)
    found = values(report)
    assert found["pe_fy1.all.small"] == pytest.approx(2e9 / 5e7)
    assert found["pe_fy1.without_health_care.small"] == pytest.approx(10.0)
    assert found["pe_trailing.without_health_care.small"] == pytest.approx(20.0)
    assert said(report, "leaves out that whole sector, 1 small and 0 large companies")
    assert table(report)["pe_fy1", "without_health_care"]["members_small"] == 1


def test_the_same_rate_of_exchange_takes_companies_out_and_counts_them(tmp_path: Path) -> None:
    report = card(tmp_path, PLAIN, replace(PLAIN, symbol="YEN", eps_fy1=1500.0, eps_fy2=1600.0))
    assert said(report, "Left out for accounts in another currency: 1 small, 0 large companies.")
    assert values(report)["pe_fy1.all.small"] == pytest.approx(10.0)
    assert values(report)["coverage.members"] == 1
    assert values(report)["coverage.weight"] == pytest.approx(0.5)


def test_classes_of_one_issuer_are_one_company(tmp_path: Path) -> None:
    duo = [
        replace(PLAIN, symbol="DUOA", name="Duo Holdings Class A", weight=0.2),
        replace(PLAIN, symbol="DUOB", name="Duo Holdings Class B", weight=0.1, eps_fy1=9.0, price_to_sales=1.0),
    ]
    report = card(tmp_path, *duo)
    found = values(report)
    assert found["coverage.members"] == 1
    assert found["pe_fy1.all.small"] == pytest.approx(10.0)  # the heavier class speaks
    assert found["price_to_sales.without_financials.small"] == pytest.approx(2.0)
    assert found["coverage.weight"] == pytest.approx(1.0)


# sentences


@pytest.mark.parametrize(
    ("eps", "large", "said"),
    [
        (1.0, 10.0, "50% cheaper than large if loss-makers are left out, 50% cheaper if they are kept in."),
        (1.0, 20.0, "priced like large caps if loss-makers are left out, priced the same if they are kept in."),
        (0.5, 20.0, "100% dearer than large if loss-makers are left out, 100% dearer if they are kept in."),
    ],
)
def test_headlines_of_whole_markets(tmp_path: Path, eps: float, large: float, said: str) -> None:
    firms = [replace(PLAIN, eps_fy1=eps), replace(LARGE, eps_fy1=large)]
    report = ask("valuation", market(tmp_path, firms))
    assert report.headline == "Small caps are " + said
    drawn(report)


def test_losses_without_a_profit_to_price_leave_the_ratio(tmp_path: Path) -> None:
    report = card(tmp_path, replace(PLAIN, eps_fy1=-1.0))
    assert report.headline.startswith("IWM costs 1.000 of IWB: at or below that on 100% of 22 sessions")
    assert report.stat("discount.pe_fy1.all").shown == "n.m. against 200.0: not comparable"
    assert report.stat("discount.pe_fy1.all").working is None
    assert said(report, "n.m., not meaningful")
    assert report.charts[0].data.premiums[:2] == (None, None)
    drawn(report)


def test_losers_that_outweigh_the_winners_leave_one_discount(tmp_path: Path) -> None:
    report = card(tmp_path, PLAIN, replace(PLAIN, symbol="LOSS", eps_fy1=-2.0))
    assert report.headline == (
        "Small caps are 95% cheaper than large if loss-makers are left out; with them there are no earnings to price."
    )


def test_notes_that_have_no_cause_are_not_said(tmp_path: Path) -> None:
    report = card(tmp_path, PLAIN)
    for part in ("n.m.", "reconstitution", "stand in", "No fundamentals", "No multiples"):
        assert not said(report, part), part
    assert said(report, "estimates of 2 Jul 2026 at caps of the same source, fundamentals of 2 Jul 2026.")


def test_before_the_lists_the_ratio_answers_alone(tmp_path: Path) -> None:
    dataset = market(tmp_path, [PLAIN, LARGE], lists=(date(2026, 7, 9), date(2026, 7, 9)))
    early = ask("valuation", dataset.at(date(2026, 7, 1)))  # before the files too
    assert rows(early, "multiples") == []
    assert said(early, "No multiples: ")
    assert [stat.id for stat in early.stats if not stat.id.startswith("relative.")] == []
    late = ask("valuation", dataset.at(date(2026, 7, 9)))
    assert list(table(late)) == KEYS


def test_inputs_grow_stale_after_a_month(tmp_path: Path) -> None:
    dataset = market(tmp_path, [PLAIN, LARGE])
    report = ask("valuation", dataset)
    assert dataset.as_of.toordinal() - FILES.toordinal() == 29
    assert not any(stat.stale for stat in report.stats)
    assert {stat.as_of for stat in report.stats} == {FILES, dataset.as_of}


def test_across_the_reconstitution_the_later_list_prices_a_company(tmp_path: Path) -> None:
    moved = [replace(PLAIN, symbol="MOVED", eps_fy1=5.0), Firm(symbol="MOVED", in_fund="IWB", covered=False)]
    report = card(tmp_path, PLAIN, *moved, lists=(date(2026, 5, 5), LISTS))
    found = values(report)
    assert found["pe_fy1.all.small"] == pytest.approx(10.0)
    assert found["pe_fy1.all.large"] == pytest.approx((4e11 + 1e9) / (2e9 + 5e8))
    assert (found["coverage.members"], found["coverage.members.large"]) == (1, 2)
    assert said(report, "1 companies in both are counted in IWB alone")


# the relative price


@pytest.mark.parametrize(
    ("closes", "percentile", "low", "peak"),
    [
        ([1.0, 2.0, 3.0], 1.0, 1, 3),
        ([3.0, 2.0, 1.0], 1 / 3, 3, 1),
        ([2.0, 1.0, 2.0], 1.0, 2, 1),  # the first of equal peaks is named
        ([2.0, 3.0, 2.0, 1.0, 2.0], 4 / 5, 4, 2),
    ],
)
def test_the_place_in_history(tmp_path: Path, closes: list[float], percentile: float, low: int, peak: int) -> None:
    level = [100.0] * SESSIONS
    dataset: Dataset = market(tmp_path, [PLAIN, LARGE], small_closes=[100 * c for c in closes], large_closes=level)
    found = values(ask("valuation", dataset))
    history = rows(ask("valuation", dataset), "relative")
    assert found["relative.percentile"] == pytest.approx(percentile)
    assert found["relative.sessions"] == len(history) == len(closes)
    assert found["relative.low_date"] == history[low - 1]["date"]
    assert found["relative.peak_date"] == history[peak - 1]["date"]
    assert [row["level"] for row in history] == pytest.approx(closes)
    assert ask("valuation", dataset).stat("relative.level").stale  # the funds last traded weeks before the day


@settings(max_examples=12, deadline=None)
@given(any_session)
def test_the_watched_levels_are_those_of_the_card(day: date) -> None:
    if day < date(2000, 5, 26):  # the funds did not trade yet
        with pytest.raises(NotEnoughHistory):
            ask("valuation", sample().at(day))
        return
    report = ask("valuation", sample().at(day))
    found = values(report)
    for one in indicators()[:2]:
        key = {"valuation.relative": "relative.level"}.get(one.id, "relative.percentile")
        assert one.series(sample().at(day)).iloc[-1] == pytest.approx(found[key], rel=1e-12)
    picture = next(chart.data for chart in report.charts if chart.id == "relative")
    assert picture.values.tolist() == [row["level"] for row in rows(report, "relative")]
    assert picture.bands[1] == pytest.approx(found["relative.median"])
    below = sum(value < found["relative.level"] for value in picture.values) / len(picture.values)
    assert f"lower on {below:.0%} of days" in picture.title


def test_the_watched_discounts_are_those_of_the_card_on_the_day_of_each_file() -> None:
    for one in indicators()[2:]:
        key = one.id.removeprefix("valuation.")
        for day, value in one.series(sample()).items():
            assert value == pytest.approx(values(ask("valuation", sample().at(day.date())))[key], rel=1e-12)


@pytest.mark.parametrize("day", ["2026-06-30", "2026-07-17", "2026-07-31"])
def test_bars_are_premiums_of_the_table(day: str) -> None:
    report = ask("valuation", day)
    picture, named = report.charts[0].data, {row["name"]: row for row in rows(report, "multiples")}
    for name, premium, both in zip(picture.names, picture.premiums, picture.words, strict=True):
        row = named[name]
        assert premium == (None if row["discount"] is None else pytest.approx(row["small"] / row["large"] - 1))
        for side in (row["small"], row["large"]):
            assert ("n.m." if side is None or math.isnan(side) else f"{side:.1f}") in both
