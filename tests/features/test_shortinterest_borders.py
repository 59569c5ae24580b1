"""Short interest at its borders, in markets of a few companies: dates, classes, zeros, who is matched, sentences."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.errors import MissingData
from bot.features.indices import NAMES
from bot.features.shortinterest.pictures import BIN, LAST_EDGE
from bot.features.shortinterest.report import indicators
from bot.market import calendar
from bot.market.dataset import Dataset
from bot.report import Report
from tests.features.answers import ask, drawn, rows, sample, values
from tests.features.tiny import LARGE, NAN, PUBLISHED, SETTLEMENT, Firm, market

EARLY = (date(2026, 5, 5), date(2026, 7, 6))  # the reconstitution of June lies between these lists


def card(folder: Path, *firms: Firm, **options: Any) -> Report:
    return ask("shortinterest", market(folder, [*firms, LARGE]), **options)


def note(report: Report, beginning: str) -> str | None:
    return next((said for said in report.notes if said.startswith(beginning)), None)


# dates


def test_positions_are_known_from_the_day_of_publication_on(tmp_path: Path) -> None:
    dataset = market(tmp_path, [Firm(symbol="ONE"), LARGE])
    eve = calendar.session_days(date(2026, 7, 1), PUBLISHED)[-2]
    for symbols in (("IWM",), ("ONE",), ("ONE", "BIGCO")):
        with pytest.raises(MissingData) as missing:
            ask("shortinterest", dataset.at(eve), symbols=symbols)
        assert missing.value.first == PUBLISHED
        assert values(ask("shortinterest", dataset.at(PUBLISHED), symbols=symbols))["settlement_date"] == SETTLEMENT


@pytest.mark.parametrize(
    ("day", "settlement", "published", "stale"),
    [
        (date(2026, 7, 13), date(2026, 7, 15), date(2026, 7, 27), False),
        (date(2026, 7, 24), date(2026, 7, 15), date(2026, 7, 27), False),
        # On the 27th the next positions are due and not stored: the ones at hand are stale, the following announced.
        (date(2026, 7, 27), date(2026, 7, 31), date(2026, 8, 12), True),
    ],
)
def test_what_comes_next_is_what_is_not_yet_due(
    tmp_path: Path, day: date, settlement: date, published: date, stale: bool
) -> None:
    report = ask("shortinterest", market(tmp_path, [Firm(symbol="ONE"), LARGE]).at(day))
    found = values(report)
    assert (found["next_settlement_date"], found["next_publication_date"]) == (settlement, published)
    assert {report.stat(one).stale for one in ("weighted_share_of_cap", "change", "settlement_date")} == {stale}
    single = ask("shortinterest", market(tmp_path / "again", [Firm(symbol="ONE"), LARGE]).at(day), symbols=("ONE",))
    assert single.stat("short_shares").stale is stale


@pytest.mark.parametrize("day", ["2026-06-09", "2026-07-13", "2026-07-24", "2026-07-27", "2026-07-31"])
def test_every_figure_is_of_the_settlement_date(day: str) -> None:
    report = ask("shortinterest", day)
    settlement = values(report)["settlement_date"]
    assert {stat.as_of for stat in report.stats} == {settlement}
    assert settlement < values(report)["publication_date"] <= date.fromisoformat(day)
    assert values(report)["next_publication_date"] > date.fromisoformat(day)


# the sentence on an index


@pytest.mark.parametrize(
    ("short", "before", "large", "said"),
    [
        (1.2e7, 1.2e7, 2e7, "12.0% of the market cap of IWM's members is sold short, over 12 times the Russell "
                            "1000's 1.0%; little changed since 15 Jun 2026."),
        (1e7, 8e6, 1.6e8, "10.0% of the market cap of IWM's members is sold short, more than the Russell 1000's 8.0%; "
                          "up 2.0 points since 15 Jun 2026."),
        (1e7, 1.3e7, 1.98e8, "10.0% of the market cap of IWM's members is sold short, about as much as the Russell "
                             "1000's 9.9%; down 3.0 points since 15 Jun 2026."),
        (1e6, 1.05e6, 2e8, "1.0% of the market cap of IWM's members is sold short, less than the Russell 1000's 10.0%; "
                           "little changed since 15 Jun 2026."),
        (1e7, NAN, 0.0, "10.0% of the market cap of IWM's members is sold short."),
        (0.0, 0.0, 2e7, "0.0% of the market cap of IWM's members is sold short, less than the Russell 1000's 1.0%; "
                        "little changed since 15 Jun 2026."),
    ],
)  # fmt: skip
def test_headlines_of_an_index_by_case(tmp_path: Path, short: float, before: float, large: float, said: str) -> None:
    firms = [Firm(symbol="ONE", short=short, before=before), replace(LARGE, short=large, before=large)]
    report = ask("shortinterest", market(tmp_path, firms))
    assert report.headline == said
    drawn(report)


def test_the_working_is_the_arithmetic(tmp_path: Path) -> None:
    report = card(tmp_path, Firm(symbol="ONE"))
    assert report.stat("weighted_share_of_cap").working == "$100M short / $1B market cap = 10.00%"
    change = report.stat("change")
    assert change.working == "10.00% − 8.00%, members known at both dates: 1"
    assert change.label == "Change since 15 Jun, same members"
    assert report.stat("coverage.members").shown == "1 of 1, 100% of weight"


def test_nothing_sold_short_has_no_working(tmp_path: Path) -> None:
    report = card(tmp_path, Firm(symbol="ONE", short=0.0, before=0.0))
    assert values(report)["weighted_share_of_cap"] == 0.0
    assert report.stat("weighted_share_of_cap").working is None
    assert values(report)["notional_usd"] == 0.0


def test_without_the_other_list_there_is_nothing_beside_it(tmp_path: Path) -> None:
    report = ask("shortinterest", market(tmp_path, [Firm(symbol="ONE")]))
    assert "Russell 1000" not in report.headline
    assert note(report, "No other index")
    assert report.table("indices").place == "page"
    assert report.charts[0].data.large is None
    drawn(report)


# who is measured


def test_the_change_is_of_members_known_at_both_dates(tmp_path: Path) -> None:
    """NEW had no position before and SPLIT another count of shares: STAYS alone moved, 8 to 10 of 100 million."""
    firms = (Firm(symbol="STAYS"), Firm(symbol="NEW", before=NAN, short=5e7), Firm(symbol="SPLIT", split=True))
    report = card(tmp_path, *firms)
    assert values(report)["change"] == pytest.approx(0.02)
    assert "members known at both dates: 1" in str(report.stat("change").working)
    assert values(report)["coverage.members"] == 3


def classes(**second: Any) -> Sequence[Firm]:
    named = {"name": "Duo Holdings Class B", "short": 3e6, "before": 3e6, "volume": 5e5, "weight": 0.1}
    first = Firm(symbol="DUOA", name="Duo Holdings Class A", short=1e6, before=1e6, volume=5e5, weight=0.2)
    return [first, Firm(symbol="DUOB", **(named | second))]


def test_a_class_without_a_position_before_is_no_gain_of_the_company(tmp_path: Path) -> None:
    """Three million of class B out of nowhere are not a rise by three points: nothing is known of two weeks before."""
    report = card(tmp_path, *classes(before=NAN))
    assert values(report)["weighted_share_of_cap"] == pytest.approx(0.04)
    assert values(report)["change"] is None
    assert note(report, "The positions of the settlement date before are not stored")
    screen = rows(ask("squeeze", market(tmp_path / "screen", [*classes(before=NAN), LARGE])), "inputs")
    assert screen[0]["short_change"] is None
    assert screen[0]["short_of_float"] == pytest.approx(4e6 / 8e7)


def test_days_of_a_company_are_those_of_all_its_classes(tmp_path: Path) -> None:
    (row,) = rows(card(tmp_path / "both", *classes()), "members")
    assert row["days_to_cover"] == pytest.approx(4e6 / 1e6)
    assert (row["short_shares"], row["share_of_shares"]) == (4e6, pytest.approx(0.04))
    (row,) = rows(card(tmp_path / "one", *classes(volume=NAN)), "members")
    assert row["days_to_cover"] is None  # four million over the volume of one class would be too long
    (row,) = rows(card(tmp_path / "busy", *classes(volume=1e9)), "members")
    assert row["days_to_cover"] == 1.0  # FINRA's floor


def test_a_class_that_nobody_sold_short_lacks_nothing(tmp_path: Path) -> None:
    report = card(tmp_path, *classes(short=NAN))
    assert values(report)["weighted_share_of_cap"] == pytest.approx(0.01)
    assert values(report)["change"] == pytest.approx(0.0)
    (row,) = rows(report, "members")
    assert row["days_to_cover"] == pytest.approx(2.0 if row["symbol"] == "DUOB" else 1e6 / 5e5)


@pytest.mark.parametrize(("days", "shown"), [(999.98, 999.98), (999.99, None), (999.5, 999.5), (1.0, 1.0), (NAN, None)])
def test_finras_number_for_none_is_told_in_every_table_alike(tmp_path: Path, days: float, shown: float | None) -> None:
    dataset = market(tmp_path, [Firm(symbol="ONE", days=days), LARGE])
    report, single = ask("shortinterest", dataset), ask("shortinterest", dataset, symbols=("ONE",))
    assert rows(report, "members")[0]["days_to_cover"] == shown
    assert rows(report, "members_top") == rows(report, "members")
    assert bool(note(report, "Days to cover are left out")) == (shown is None)
    assert values(single)["days_to_cover"] == rows(single, "symbols")[0]["days_to_cover"] == shown


def test_a_member_without_a_position_needs_no_word_about_its_days(tmp_path: Path) -> None:
    report = card(tmp_path, Firm(symbol="ONE"), Firm(symbol="CALM", short=NAN))
    assert [row["symbol"] for row in rows(report, "members")] == ["ONE"]
    assert not note(report, "Days to cover are left out")
    assert values(report)["coverage.members"] == 1
    assert values(report)["coverage.weight"] == pytest.approx(0.5)


def test_members_are_ordered_by_share_then_symbol(tmp_path: Path) -> None:
    firms = (Firm(symbol="BBBB"), Firm(symbol="AAAA"), Firm(symbol="MOST", short=3e7), Firm(symbol="NONE", short=0.0))
    assert [row["symbol"] for row in rows(card(tmp_path, *firms), "members")] == ["MOST", "AAAA", "BBBB", "NONE"]


def test_a_cap_without_a_price_has_no_shares_to_be_short_of(tmp_path: Path) -> None:
    report = card(tmp_path, Firm(symbol="ONE"), Firm(symbol="BARE", price=NAN))
    assert values(report)["coverage.members"] == 1
    single = ask(
        "shortinterest", market(tmp_path / "single", [Firm(symbol="BARE", price=NAN), LARGE]), symbols=("BARE",)
    )
    assert values(single)["share_of_shares"] is None
    assert single.stat("share_of_float").shown == "12.5% of float"
    assert single.stat("share_of_float").working is not None
    assert note(single, "Shares outstanding are not stored for BARE")
    assert not single.stat("rank").figure


# both sides of the reconstitution


def test_the_whole_list_and_the_handed_over_one_are_told_apart(tmp_path: Path) -> None:
    firms = [Firm(symbol="STAYS"), Firm(symbol="MOVED", short=5e7), Firm(symbol="MOVED", in_fund="IWB", covered=False)]
    dataset = market(tmp_path, [*firms, LARGE], lists=EARLY)
    report = ask("shortinterest", dataset)
    assert [row["members"] for row in rows(report, "indices")] == [1, 2]
    assert [row["list_date"] for row in rows(report, "indices")] == list(EARLY)
    assert [row["symbol"] for row in rows(report, "members")] == ["STAYS"]
    assert values(report)["members"] == 1
    (stored,) = rows(report, "history")
    assert stored["members"] == 1  # the history rests on the list without them
    mirrored = ask("shortinterest", dataset, symbols=("IWB",))
    assert values(mirrored)["weighted_share_of_cap"] == values(report)["weighted_share_of_cap.R1000"]
    assert "weighted_share_of_cap.whole_list" not in values(mirrored)
    moved = ask("shortinterest", dataset, symbols=("MOVED",))
    assert values(moved)["rank.index"] == "Russell 1000"  # of two lists the later one counts it


# pictures hold what the figures say


@pytest.mark.parametrize("day", ["2026-06-09", "2026-07-14", "2026-07-31"])
@pytest.mark.parametrize("symbol", ["IWM", "IWB"])
def test_bins_marks_and_names_are_those_of_the_figures(day: str, symbol: str) -> None:
    try:
        report = ask("shortinterest", day, symbols=(symbol,))
    except MissingData:
        pytest.fail("both indices are known or stand in for themselves on these days")
    picture = report.charts[0].data
    side = getattr(picture, "small", None)
    if side is None:  # the list of IWB came on 17 July: before, the fund answers for itself
        assert symbol == "IWB"
        assert picture.short_shares[-1] == values(report)["short_shares"]
        return
    found = values(report)
    assert (side.weighted, side.median) == (found["weighted_share_of_cap"], found["median_share_of_shares"])
    assert side.name in report.title
    shares = [row["share_of_shares"] for row in rows(report, "members")]
    for place, (edge, part) in enumerate(zip(picture.edges, side.shares, strict=True)):
        last = place == len(picture.edges) - 1
        inside = [edge - 1e-9 * BIN <= share and (last or share < edge + BIN - 1e-9 * BIN) for share in shares]
        assert part == pytest.approx(sum(inside) / len(shares))
    assert picture.edges[-1] == LAST_EDGE
    if picture.large is not None:
        other = next(row for row in rows(report, "indices") if row["index"] == picture.large.name)
        assert (picture.large.weighted, picture.large.median) == (
            other["weighted_share_of_cap"], other["median_share_of_shares"],
        )  # fmt: skip


@pytest.mark.parametrize(("short", "place"), [(0.0, 0), (999_999.0, 0), (1e6, 1), (2.5e7, 25), (9e7, 25), (2e8, 25)])
def test_a_share_on_an_edge_belongs_to_the_bin_above(tmp_path: Path, short: float, place: int) -> None:
    shares = card(tmp_path, Firm(symbol="ONE", short=short)).charts[0].data.small.shares
    assert [n for n, part in enumerate(shares) if part] == [place]


def test_the_picture_of_a_symbol_is_its_table() -> None:
    report = ask("shortinterest", symbols=("GME",))
    picture = report.charts[0].data
    assert list(zip(picture.days, picture.short_shares, strict=True)) == [
        (row["settlement"], row["short_shares"]) for row in rows(report, "history")
    ]
    assert picture.short_shares[-1] == values(report)["short_shares"]
    several = ask("shortinterest", symbols=("GME", "AMC", "SPY"))
    compared = several.charts[0].data
    assert dict(zip(compared.names, compared.values, strict=True)) == {
        row["symbol"]: row["days_to_cover"] for row in rows(several, "symbols")
    }


def test_the_share_of_the_index_on_the_samples_days_is_what_is_watched() -> None:
    """The record measures the whole list of the day: the card's figure, or that of its whole list where it has one."""
    for indicator, symbol in zip(indicators(), ("IWM", "IWB"), strict=True):
        for day, value in indicator.series(sample()).items():
            found = values(ask("shortinterest", sample().at(day.date()), symbols=(symbol,)))
            expected = found.get("weighted_share_of_cap.whole_list", found.get("weighted_share_of_cap"))
            assert expected is None or value == pytest.approx(expected, rel=1e-12)


def test_every_index_is_named_in_words(tmp_path: Path) -> None:
    dataset: Dataset = market(tmp_path, [Firm(symbol="ONE"), LARGE])
    for symbol, name in (("IWM", NAMES["R2000"]), ("RUT", NAMES["R2000"]), ("IWB", NAMES["R1000"])):
        assert ask("shortinterest", dataset, symbols=(symbol,)).title == f"Short interest of the {name}"
