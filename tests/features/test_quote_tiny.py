"""Quotes of companies in markets where every figure is chosen: sizes, indices, ranges, short interest."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.errors import UnknownSymbol
from bot.features import indices
from bot.report import Report
from tests.features.answers import ask, rows, values
from tests.features.tiny import LARGE, LISTS, NAN, SESSIONS, Firm, market

SMALL = Firm(symbol="ACO", name="Aco Corp")


def quoted(folder: Path, *firms: Firm, symbol: str = "ACO", **closes: Any) -> Report:
    return ask("quote", market(folder, [*firms, LARGE], **closes), symbol=symbol)


@pytest.mark.parametrize(
    ("cap", "tier", "words"),
    [
        (2.0001e11, "mega", "mega cap"), (2e11, "large", "large cap"), (1e10, "large", "large cap"),
        (9.999e9, "mid", "mid cap"), (2e9, "mid", "mid cap"), (1.999e9, "small", "small cap"),
        (3e8, "small", "small cap"), (2.99e8, "micro", "micro cap"),
    ],
)  # fmt: skip
def test_a_size_is_told_in_headline_figure_and_list(tmp_path: Path, cap: float, tier: str, words: str) -> None:
    report = quoted(tmp_path, replace(SMALL, cap=cap))
    assert (values(report)["cap_tier"], values(report)["market_cap"]) == (tier, cap)
    assert report.headline == (
        f"ACO: $10.00 on 6 Jul 2026; on 2 Jul 2026, 16.7% below its 52-week high; a {words} in the Russell 2000."
    )
    assert str(report.stat("cap_tier").shown).startswith(f"{words}, $")


@pytest.mark.parametrize(
    ("price", "said"),
    [(12.0, "at its 52-week high"), (11.995, "at its 52-week high"), (11.99, "0.1% below its 52-week high"),
     (6.0, "50.0% below its 52-week high")],
)  # fmt: skip
def test_the_distance_from_the_high_of_the_year(tmp_path: Path, price: float, said: str) -> None:
    report = quoted(tmp_path, replace(SMALL, price=price))
    assert f"; on 2 Jul 2026, {said}; a small cap" in report.headline
    assert values(report)["from_high_52w"] == pytest.approx(price / 12 - 1)


def test_without_a_range_the_headline_leaves_it_out_and_a_note_says_so(tmp_path: Path) -> None:
    report = quoted(tmp_path, replace(SMALL, high=NAN))
    assert report.headline == "ACO: $10.00 on 6 Jul 2026; a small cap in the Russell 2000."
    assert values(report)["from_high_52w"] is None
    assert "No 52-week range of ACO is stored on this day." in report.notes


def test_without_a_cap_it_has_no_size(tmp_path: Path) -> None:
    report = quoted(tmp_path, replace(SMALL, cap=NAN, high=NAN))
    assert report.headline == "ACO: $10.00 on 6 Jul 2026; in the Russell 2000."
    assert (values(report)["cap_tier"], values(report)["market_cap"]) == (None, None)
    assert report.stat("cap_tier").shown is None
    assert "Market cap of ACO: not stored within 90 days, so no size." in report.notes


def test_a_company_without_short_interest_says_so(tmp_path: Path) -> None:
    report = quoted(tmp_path, replace(SMALL, short=NAN), replace(SMALL, symbol="BCO"))
    found = values(report)
    assert {found[f"short.{name}"] for name in ("shares", "share_of_shares", "days_to_cover")} == {None}
    assert "Short interest of ACO: not stored on this day." in report.notes


def test_short_interest_in_three_forms(tmp_path: Path) -> None:
    """Ten million short of a hundred million shares, at a million a day."""
    found = values(quoted(tmp_path, SMALL))
    assert (found["short.shares"], found["short.share_of_shares"], found["short.days_to_cover"]) == (1e7, 0.1, 10.0)


def test_positions_without_shares_and_volume_say_what_they_lack(tmp_path: Path) -> None:
    report = quoted(tmp_path, replace(SMALL, cap=NAN, days=NAN, volume=NAN))
    assert values(report)["short.shares"] == 1e7
    assert values(report)["short.share_of_shares"] is None
    assert values(report)["short.days_to_cover"] is None
    assert "Shares outstanding of ACO are not stored: no share of them is given." in report.notes
    assert "No days to cover: volume is not stored, or there was none." in report.notes


def test_a_member_known_from_its_list_alone_has_a_price_and_nothing_else(tmp_path: Path) -> None:
    """Listed yesterday: the fund holds it, no file of the market has seen it."""
    report = quoted(tmp_path, replace(SMALL, covered=False))
    found = values(report)
    assert (found["close"], report.stat("close").as_of, report.stat("close").source) == (10.0, LISTS, "iShares")
    assert report.headline == "ACO: $10.00 on 6 Jul 2026; in the Russell 2000."
    assert all(found[f"return.{window}"] is None for window in ("1d", "1w", "1m", "3m", "6m", "ytd", "1y"))
    assert "Changes not stored: 1 day, 1 week, 1 month, 3 months, 6 months, this year, and 1 year." in [
        note.replace("year to date", "this year") for note in report.notes
    ]
    assert not report.charts


def test_indices_that_hold_it_with_the_weight_of_all_its_classes(tmp_path: Path) -> None:
    """Two classes of a company in the list of large caps: each of them is quoted with the company's weight."""
    classes = [
        replace(SMALL, symbol="TWOA", name="Two Inc", in_fund="IWB", weight=0.2),
        replace(SMALL, symbol="TWOB", name="Two Inc", in_fund="IWB", weight=0.1),
    ]
    dataset = market(tmp_path, [SMALL, *classes, LARGE])
    for symbol in ("TWO.A", "TWO-B", "TWOA"):
        held = {row["index"]: row for row in rows(ask("quote", dataset, symbol=symbol), "membership")}
        assert set(held) == {indices.NAMES["R1000"]}
        assert held["Russell 1000"]["weight"] == pytest.approx(0.3)
        assert held["Russell 1000"]["list_date"] == LISTS
    other = ask("quote", dataset, symbol="ACO")
    assert [row["fund"] for row in rows(other, "membership")] == ["IWM"]
    assert "Member lists: IWM (6 Jul 2026)." in other.notes


def test_a_member_of_both_lists_is_told_with_both(tmp_path: Path) -> None:
    both = [SMALL, replace(LARGE, symbol="ACO", name="Aco Corp", covered=False)]
    report = quoted(tmp_path, *both)
    assert values(report)["membership"] == "Russell 2000 and Russell 1000"
    assert "Member lists: IWM (6 Jul 2026) and IWB (6 Jul 2026)." in report.notes
    assert report.headline.endswith("a small cap in the Russell 2000 and Russell 1000.")


def test_what_no_list_holds_is_in_none(tmp_path: Path) -> None:
    report = quoted(tmp_path, SMALL, replace(SMALL, symbol="XCO", in_fund="NONE"), symbol="XCO")
    assert values(report)["membership"] is None
    assert "In none of the stored member lists." in report.notes
    assert report.headline == "XCO: $10.00 on 2 Jul 2026, 16.7% below its 52-week high; a small cap."


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (100.0, "IWM closed at $100.00, its highest close on record."),
        (99.96, "IWM closed at $99.96, just below its record of $100.00 (30 Jul 2026)."),
        (99.94, "IWM closed at $99.94, 0.1% below its record of $100.00 (30 Jul 2026)."),
        (50.0, "IWM closed at $50.00, 50.0% below its record of $100.00 (30 Jul 2026)."),
    ],
)
def test_a_fund_against_its_record(tmp_path: Path, last: float, said: str) -> None:
    """A record that is reached again is one: the last close is compared with the highest, not with the first of it."""
    closes = [*(50.0 + n for n in range(SESSIONS - 2)), 100.0, last]
    report = quoted(tmp_path, SMALL, symbol="IWM", small_closes=closes)
    assert report.headline == said
    assert values(report)["drawdown"] == pytest.approx(last / 100 - 1)
    assert values(report)["return.1d"] == pytest.approx(last / 100 - 1)
    assert "Too few sessions for a mean of 50 or 200 sessions." in report.notes
    assert (values(report)["average_50"], values(report)["average_200"]) == (None, None)


def test_the_picture_ends_in_the_cards_close_and_holds_the_window(tmp_path: Path) -> None:
    dataset = market(tmp_path, [SMALL, LARGE])
    for window, count in (("1w", 6), ("max", SESSIONS), ("1y", SESSIONS)):
        report = ask("quote", dataset, symbol="IWM", window=window)
        data = report.charts[0].data
        assert len(data.values) == len(data.days) == count
        assert data.values[-1] == values(report)["close"] == 121.0
        assert data.days[-1].item() == report.stat("close").as_of


def test_a_typing_error_is_led_to_the_nearest_fund(tmp_path: Path) -> None:
    with pytest.raises(UnknownSymbol) as refused:
        quoted(tmp_path, SMALL, symbol="IWMM")
    assert "IWM" in refused.value.text()
