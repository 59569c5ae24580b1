"""Real files broken as vendors break them: nothing of it is stored, the reason is kept, the true file repairs it."""

import csv
import io
from collections.abc import Callable
from datetime import date

import pandas as pd
import pytest

from bot import doctor
from bot.config import DataSettings, Settings
from bot.market.store import runs
from tests.market.ingest.conftest import Bench
from tests.vendors import recorded
from tests.vendors.world import sample

IWM = recorded.text("ishares/IWM_holdings_2026-05-05.csv")
SHORTS = recorded.text("finra/shrt20260715.csv")
HEADINGS = next(line for line in IWM.splitlines() if line.startswith("Ticker,"))


def cells(change: Callable[[dict[str, str]], object], rows: int | None = None) -> str:
    """Return the members' file with its first rows changed, all of them without a number."""
    before, table = IWM.split(HEADINGS, 1)
    names = HEADINGS.split(",")
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    for at, cell in enumerate(csv.reader(io.StringIO(table.lstrip("\n")))):
        if len(cell) != len(names):
            break
        row = dict(zip(names, cell, strict=True))
        if rows is None or at < rows:
            change(row)
        writer.writerow(row.values())
    return before + HEADINGS + "\n" + out.getvalue()


MEMBERS = {
    "another fund": (IWM.replace("Russell 2000 ETF", "Russell 2000 Growth ETF", 1), "asked for IWM, got"),
    "a renamed heading": (IWM.replace(",Sector,", ",GICS Sector,", 1), "columns missing: ['sector']"),
    "another renamed heading": (IWM.replace(",Exchange,", ",Market,", 1), "columns missing: ['exchange']"),
    "weights as fractions": (cells(lambda row: row.update({"Weight (%)": str(float(row["Weight (%)"]) / 100)})),
                             "weights add up to 1.0%"),
    "no weights": (cells(lambda row: row.update({"Weight (%)": "-"})), "weights add up to 0.0%"),
    "no market values": (cells(lambda row: row.update({"Market Value": "-"})), "weights and market values do not"),
    "a negative market value": (cells(lambda row: row.update({"Market Value": "-1.00"}), 1), "a figure is below zero"),
    "a class renamed": (cells(lambda row: row.update({"Asset Class": "Stock"}), 1000), "the members make up 8.6%"),
    "two under one symbol": (IWM.replace('"CRDO"', '"BE"', 1), "a symbol appears twice"),
    "a day ahead": (IWM.replace("May 05, 2026", "May 05, 2027", 1), "dated 2027-05-05, which is ahead of today"),
}  # fmt: skip


@pytest.mark.parametrize("kind", MEMBERS)
def test_members(bench: Bench, kind: str) -> None:
    body, reason = MEMBERS[kind]
    assert body != IWM
    before = bench.contents()
    bench.at("2026-07-20")
    bench.vendors.plan.replay("ishares", body)
    assert bench.run(["holdings"]).exit_code == 1
    assert bench.contents() == before
    [told] = [line for line in runs.latest(bench.store, "holdings")[0].detail.splitlines() if "IWM: " in line]
    assert reason in told
    bench.vendors.mend()
    assert bench.run(["holdings"]).ok
    assert bench.store.newest("holdings", fund="IWM") == date(2026, 5, 5)


def test_the_table_written_anew_is_the_same_file(bench: Bench) -> None:
    """So that what is refused above is refused for what was spoilt in it."""
    bench.at("2026-07-20")
    bench.vendors.plan.replay("ishares", cells(lambda row: None))
    bench.run(["holdings"])
    assert len(bench.store.rows("holdings", fund="IWM", day=date(2026, 5, 5))) == 1916


def column(name: str, change: Callable[[str], str]) -> str:
    """Return the file of short interest with one column changed."""
    head, *lines = SHORTS.splitlines()
    at = head.split("|").index(name)
    rows = [line.split("|") for line in lines]
    return "\n".join([head, *("|".join([*row[:at], change(row[at]), *row[at + 1 :]]) for row in rows)])


POSITIONS = {
    "no positions": (column("currentShortPositionQuantity", lambda _cell: ""), "a position is no number"),
    "zeros": (column("currentShortPositionQuantity", lambda _cell: "0"), "0 shares after"),
    "thousands": (column("currentShortPositionQuantity", lambda cell: cell[:-3] or "0"), "shares after"),
    "no volumes": (column("averageDailyVolumeQuantity", lambda _cell: ""), "average_volume is missing in 100%"),
}


@pytest.mark.parametrize("kind", POSITIONS)
def test_positions(bench: Bench, kind: str) -> None:
    body, reason = POSITIONS[kind]
    before = bench.contents()
    bench.at("2026-07-27")
    bench.vendors.plan.replay("finra", body)
    assert bench.run(["shortinterest"]).exit_code == 1
    assert bench.contents() == before
    [told] = runs.refusals(bench.store)
    assert (told["table_name"], reason in told["reason"]) == ("short_interest", True)
    bench.vendors.mend()
    assert bench.run(["shortinterest"]).part("shortinterest").written.new == 22_375


def test_a_position_told_twice_differently(bench: Bench) -> None:
    first = SHORTS.splitlines()[1]
    cells = first.split("|")
    cells[5] = "1"
    before = bench.contents()
    bench.at("2026-07-27")
    bench.vendors.plan.replay("finra", "\n".join([*SHORTS.splitlines(), "|".join(cells)]))
    assert bench.run(["shortinterest"]).exit_code == 1
    assert bench.contents() == before
    assert runs.refusals(bench.store)[0]["reason"] == "a symbol appears twice"
    bench.vendors.plan.replay(
        "finra", "\n".join([*SHORTS.splitlines(), first])
    )  # the same row twice tells nothing else
    bench.vendors.mend()
    assert bench.run(["shortinterest"]).part("shortinterest").written.new == 22_375


def test_positions_of_long_ago_are_no_measure(bench: Bench) -> None:
    """After a pause of months the market has other symbols and positions: what is stored says nothing against them."""
    with bench.store.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE short_interest SET settlement = '2026-03-31', short_shares = 100 * short_shares"
        )
    bench.at("2026-07-27")
    assert bench.run(["shortinterest"]).part("shortinterest").written.new == 22_375


def observations(bench: Bench, series: str) -> "pd.Series[float]":
    rows = bench.store.rows("macro", series=series)
    return pd.Series([row["value"] for row in rows], index=pd.DatetimeIndex([row["day"] for row in rows]))


def test_a_series_in_another_unit_is_refused(bench: Bench) -> None:
    before = bench.contents()
    bench.vendors.world.restated.update({"DGS2": 0.01, "DGS10": 100.0})
    bench.at("2026-07-20")
    bench.run(["macro"])
    assert observations(bench, "DGS2").index[-1] == pd.Timestamp("2026-07-16")
    assert bench.store.newest("macro", series="DGS5") == date(2026, 7, 17)
    assert {row for row in before["macro"] if row[0] in {"DGS2", "DGS10"}} <= bench.contents()["macro"]
    reasons = [row["reason"] for row in runs.refusals(bench.store)]
    assert "0.01 times what is stored: another unit or base" in reasons
    assert any(reason.endswith("cannot be right") for reason in reasons)
    bench.vendors.world.restated.clear()
    assert bench.run(["macro"]).ok
    assert bench.store.newest("macro", series="DGS2") == date(2026, 7, 17)


def test_a_series_restated_from_its_beginning_is_fetched_whole(bench: Bench) -> None:
    """An index that is estimated anew every week: two vintages in one series would be a step that nobody made."""
    earlier = {"series": "NFCI", "day": date(2024, 12, 27), "value": -0.5, "known": date(2025, 1, 1)}
    bench.store.write("macro", [earlier])
    before = observations(bench, "NFCI")
    bench.vendors.world.restated["NFCI"] = 1.02
    bench.at("2026-07-22")
    summary = bench.run(["macro"])
    assert summary.ok
    asked = [request.query.get("cosd") for request in bench.vendors.asked if request.query.get("id") == "NFCI"]
    assert (len(asked), asked[1]) == (2, None)
    after = observations(bench, "NFCI")
    assert len(after) == len(before) + 1
    assert after.iloc[0] == -0.5  # the publisher gives nothing so old any more
    assert (after[before.index[1:]] / before.iloc[1:]).tolist() == pytest.approx([1.02] * (len(before) - 1))
    [log] = [row for row in runs.corrected(bench.store) if '"NFCI"' in row["key"]]
    assert "restated by the publisher" in log["new"]
    bench.vendors.forget()
    assert bench.run(["macro"], full=True).ok
    assert observations(bench, "NFCI").equals(after)


def test_a_revision_of_the_newest_observations_asks_for_no_more(bench: Bench) -> None:
    with bench.store.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE macro SET value = value + 1000 WHERE series = 'ICSA' AND day >= '2026-07-01'"
        )
    bench.at("2026-07-23")
    assert bench.run(["macro"]).ok
    assert sum(request.query.get("id") == "ICSA" for request in bench.vendors.asked) == 1
    expected = sample().at(date(2026, 7, 23)).macro("ICSA")
    assert observations(bench, "ICSA").iloc[-3:].tolist() == expected.iloc[-3:].tolist()


def test_an_observation_that_is_withdrawn_goes(bench: Bench) -> None:
    wrong = date(2026, 7, 1)
    assert pd.Timestamp(wrong) in observations(bench, "DGS2").index
    bench.vendors.world.withdrawn.add(("DGS2", wrong))
    bench.at("2026-07-20")
    assert bench.run(["macro"]).ok
    found = observations(bench, "DGS2")
    expected = sample().at(date(2026, 7, 20)).macro("DGS2")["2025-01-01":].drop(pd.Timestamp(wrong))  # type: ignore[misc]
    assert found.index.equals(expected.index)
    assert found.tolist() == pytest.approx(expected.tolist())


def test_half_a_series_withdraws_nothing(bench: Bench) -> None:
    """A file with holes is no news of what never was."""
    days = observations(bench, "DGS2").index[-20:-1]
    bench.vendors.world.withdrawn.update(("DGS2", day.date()) for day in days)
    before = observations(bench, "DGS2")
    bench.at("2026-07-20")
    assert bench.run(["macro"]).exit_code == 1
    assert observations(bench, "DGS2").equals(before)
    assert runs.refusals(bench.store)[0]["reason"] == "19 observations that are stored are missing"


def test_the_doctor_shows_each_with_its_reason(bench: Bench) -> None:
    bench.vendors.plan.replay("ishares", MEMBERS["weights as fractions"][0])
    bench.vendors.plan.replay("finra", POSITIONS["zeros"][0])
    bench.vendors.world.restated["DGS2"] = 0.01
    bench.vendors.world.company_splits["NFLX"] = (1 / 7, False)
    bench.at("2026-07-27")
    bench.run(["snapshot", "macro", "holdings", "shortinterest"])
    settings = Settings(data=DataSettings(folder=bench.folder, market_url=bench.url))
    told = [check.said for check in doctor.checks(settings, bench.hours.timing) if check.name == "Set aside"]
    assert sorted(line.partition(", ")[2] for line in told) == [
        "holdings IWM 2026-05-05: weights add up to 1.0%",
        "macro DGS2 2026-07-24: 0.01 times what is stored: another unit or base",
        "short_interest ZZHGY 2026-07-15: 0 shares after 5.67e+10",
        "snapshots NFLX 2026-07-27: the market cap does not know of a split yet",
    ]
