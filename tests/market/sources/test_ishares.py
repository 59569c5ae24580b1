"""Holdings files in three layouts, counted and summed from the files themselves."""

import csv
from datetime import date

import pytest

from bot.market.sources.faults import BadAnswer, NotFound
from bot.market.sources.ishares import IShares, parse
from tests.vendors import recorded
from tests.vendors.fixtures import Hours
from tests.vendors.server import LocalVendors

FILES = {
    "IVV_holdings_2023-04-06.csv": date(2023, 4, 6),
    "IWB_holdings_2026-07-17.csv": date(2026, 7, 17),
    "IWM_holdings_2025-05-13.csv": date(2025, 5, 13),
    "IWM_holdings_2026-05-05.csv": date(2026, 5, 5),
}


def rows(name: str) -> list[dict[str, str]]:
    """Read the table the plain way: from its heading to the first line that is no row."""
    lines = recorded.text(f"ishares/{name}").splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith("Ticker,"))
    end = next((at for at, line in enumerate(lines[start:], start) if not line.strip()), len(lines))
    return list(csv.DictReader(lines[start:end]))


def number(cell: str) -> float:
    return float(cell.replace(",", ""))


def listed(name: str) -> list[dict[str, str]]:
    return [
        row
        for row in rows(name)
        if row["Asset Class"] == "Equity"
        and row["Ticker"] != "-"
        and "NO MARKET" not in row["Exchange"]
        and "Non-Nms" not in row["Exchange"]
    ]


@pytest.mark.parametrize(("name", "day"), FILES.items())
def test_recorded_files(name: str, day: date) -> None:
    file, expected = parse(recorded.text(f"ishares/{name}")), listed(name)
    quantity = "Shares" if "Shares" in expected[0] else "Quantity"
    assert file.day == day
    assert len(file.frame) == len(expected)
    assert file.frame["symbol"].tolist() == [row["Ticker"] for row in expected]
    for column, heading in (("market_value", "Market Value"), ("shares", quantity), ("price", "Price")):
        assert file.frame[column].sum() == pytest.approx(sum(number(row[heading]) for row in expected), rel=1e-12)
    assert file.frame["weight"].sum() * 100 == pytest.approx(sum(number(row["Weight (%)"]) for row in expected))
    assert sum(file.dropped.values()) == len(rows(name)) - len(expected)
    assert file.weight_total * 100 == pytest.approx(sum(number(row["Weight (%)"]) for row in rows(name)))
    assert file.weight_total == pytest.approx(1.0, abs=0.002)


def test_what_is_dropped_is_counted_by_reason() -> None:
    dropped = parse(recorded.text("ishares/IWM_holdings_2026-05-05.csv")).dropped
    assert dropped == {
        "money market": 1, "cash": 2, "cash collateral and margins": 1, "futures": 1, "no ticker": 3, "not listed": 5,
    }  # fmt: skip


def test_exchanges_may_change_their_names() -> None:
    old = parse(recorded.text("ishares/IWM_holdings_2025-05-13.csv")).frame
    new = parse(recorded.text("ishares/IWM_holdings_2026-05-05.csv")).frame
    assert "New York Stock Exchange Inc." in set(old["exchange"])
    assert "NYSE" in set(new["exchange"])
    assert not old["symbol"].isin(["ADRO", "INH", "P5N994", "-"]).any()


HEAD = 'iShares Russell 2000 ETF\nFund Holdings as of,"May 05, 2026"\n\n'
TABLE = "Ticker,Name,Sector,Asset Class,Market Value,Weight (%),Quantity,Price,Exchange\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<!DOCTYPE html>",
        HEAD,
        TABLE + '"A","A","S","Equity","1","1","1","1","NYSE"\n',  # no date
        HEAD + "Ticker,Name\n",
        HEAD + TABLE + '"A","A","S","Equity","1","1","1","1","NYSE"\n"B","B","S","Equi',
        HEAD + TABLE + '"A","A","S","Equity","1","lots","1","1","NYSE"\n',
        HEAD.replace("May 05, 2026", "-") + TABLE,
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(BadAnswer):
        parse(text)


def test_a_fund_is_fetched(vendors: LocalVendors, hours: Hours) -> None:
    file = IShares(vendors.settings().ishares, hours.timing).holdings("IWB")
    assert len(file.frame) == len(listed("IWB_holdings_2026-07-17.csv"))
    assert vendors.asked[0].query == {"fileType": "csv", "fileName": "IWB_holdings", "dataType": "fund"}


def test_funds_it_does_not_have(vendors: LocalVendors, hours: Hours) -> None:
    source = IShares(vendors.settings().ishares, hours.timing)
    with pytest.raises(NotFound):
        source.holdings("QQQ")
    vendors.world.at("2023-01-03")
    with pytest.raises(NotFound):
        source.holdings("IWM")


def test_another_funds_file_is_refused(vendors: LocalVendors, hours: Hours) -> None:
    vendors.fail("ishares", "wrong")
    with pytest.raises(BadAnswer):
        IShares(vendors.settings().ishares, hours.timing).holdings("IWM")


@pytest.mark.parametrize("heading", ["Name", "Sector", "Market Value", "Quantity", "Price", "Exchange"])
def test_a_heading_that_is_renamed_is_told(heading: str) -> None:
    text = recorded.text("ishares/IWM_holdings_2026-05-05.csv")
    renamed = text.replace(f",{heading},", f",{heading} (new),", 1)
    assert renamed != text
    with pytest.raises(BadAnswer) as caught:
        parse(renamed)
    assert "columns missing" in caught.value.detail


def test_funds_whose_names_only_begin_alike_are_others(vendors: LocalVendors, hours: Hours) -> None:
    text = recorded.text("ishares/IWM_holdings_2026-05-05.csv")
    vendors.plan.replay("ishares", text.replace("Russell 2000 ETF", "Russell 2000 Value ETF", 1))
    with pytest.raises(BadAnswer):
        IShares(vendors.settings().ishares, hours.timing).holdings("IWM")


def test_what_has_no_number_has_none() -> None:
    text = recorded.text("ishares/IWM_holdings_2026-05-05.csv").replace('"1,532,594,919.50"', '"-"', 1)
    file = parse(text)
    assert file.frame["market_value"].isna().tolist() == [True] + [False] * 1915
    assert file.weight_total == pytest.approx(0.999, abs=1e-6)
