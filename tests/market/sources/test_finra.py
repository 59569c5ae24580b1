"""Short interest in both forms, counted and summed from the files themselves."""

import json
from datetime import date

import pandas as pd
import pytest

from bot.market import calendar
from bot.market.sources.faults import BadAnswer, NotFound, Offline
from bot.market.sources.finra import Finra, parse_api, parse_file
from tests.vendors import recorded
from tests.vendors.files import SETTLEMENT
from tests.vendors.fixtures import Hours
from tests.vendors.server import LocalVendors

TEXT = "finra/shrt20260715.csv"


def lines() -> list[dict[str, str]]:
    header, *rows = (line.split("|") for line in recorded.text(TEXT).splitlines())
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_the_recorded_file() -> None:
    frame, expected = parse_file(recorded.text(TEXT)), lines()
    assert len(frame) == len(expected) == 22_375
    assert frame["symbol"].tolist() == [row["symbolCode"] for row in expected]
    for column, heading in (
        ("short_shares", "currentShortPositionQuantity"),
        ("previous_shares", "previousShortPositionQuantity"),
        ("average_volume", "averageDailyVolumeQuantity"),
    ):
        assert frame[column].sum() == sum(int(row[heading]) for row in expected)
    assert frame["days_to_cover"].sum() == pytest.approx(sum(float(row["daysToCoverQuantity"]) for row in expected))
    assert frame["split"].sum() == sum(row["stockSplitFlag"] == "S" for row in expected)
    assert frame["revised"].sum() == sum(row["revisionFlag"] == "R" for row in expected)
    assert (frame["settlement"] == pd.Timestamp("2026-07-15")).all()


def test_the_symbol_na_is_real() -> None:
    frame = parse_file(recorded.text(TEXT)).set_index("symbol")
    assert frame.loc["NA", "name"] == "Nano Labs Ltd Class A Ordinary"
    assert frame.loc["BRKB", "short_shares"] == 13_030_468


def test_days_to_cover_are_finras_own() -> None:
    frame = parse_file(recorded.text(TEXT))
    assert frame["days_to_cover"].min() >= 1.0
    assert (frame.loc[frame["average_volume"] == 0, "days_to_cover"] == 999.99).all()
    assert frame["name"].str.len().max() == 30


def test_the_recorded_exchange_with_the_api() -> None:
    for exchange in json.loads(recorded.text("finra/api_AAPL_BRKB.json")):
        frame, expected = parse_api(exchange["text"]), json.loads(exchange["text"])
        assert len(frame) == len(expected)
        assert frame["short_shares"].sum() == sum(row["currentShortPositionQuantity"] for row in expected)
        assert frame["split"].sum() == sum(row["stockSplitFlag"] == "S" for row in expected)
        assert set(frame["symbol"]) == {"AAPL", "BRKB"}


def test_file_and_api_agree() -> None:
    exchange = json.loads(recorded.text("finra/api_AAPL_BRKB.json"))[0]
    api = parse_api(exchange["text"])
    api = api[api["settlement"] == pd.Timestamp(SETTLEMENT)].set_index("symbol")
    file = parse_file(recorded.text(TEXT)).set_index("symbol")
    assert len(api) == 2
    for symbol in api.index:
        for column in ("short_shares", "previous_shares", "average_volume", "days_to_cover"):
            assert api.loc[symbol, column] == file.loc[symbol, column]


@pytest.mark.parametrize(
    "text",
    ["", "<html>", "a|b|c\n1|2|3\n", "\n".join(recorded.text(TEXT).splitlines()[:3])[:-20],
     "\n".join(recorded.text(TEXT).splitlines()[:2]).replace("7538437", "many")],
)  # fmt: skip
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(BadAnswer):
        parse_file(text)


@pytest.mark.parametrize("text", ["", "{}", '[{"symbolCode": "A"}]', "[1]"])
def test_other_answers_of_the_api_are_refused(text: str) -> None:
    with pytest.raises(BadAnswer):
        parse_api(text)


def settlements() -> list[date]:
    return list(calendar.settlement_dates(date(2026, 5, 1), date(2026, 8, 15)))


def test_the_newest_is_found_by_walking_back(vendors: LocalVendors, hours: Hours) -> None:
    found = Finra(vendors.settings().finra, hours.timing).newest(d for d in settlements() if d <= date(2026, 7, 31))
    assert found is not None
    assert (found.settlement, found.published) == (SETTLEMENT, date(2026, 7, 27))
    assert len(found.frame) == 22_375
    assert [asked.path[-16:] for asked in vendors.asked] == ["shrt20260731.csv", "shrt20260715.csv"]


def test_nothing_is_fetched_that_is_known(vendors: LocalVendors, hours: Hours) -> None:
    source = Finra(vendors.settings().finra, hours.timing)
    assert source.newest([SETTLEMENT], known=[SETTLEMENT]) is None
    assert vendors.count() == 0


def test_before_publication_there_is_nothing(vendors: LocalVendors, hours: Hours) -> None:
    vendors.world.at("2026-07-24")
    source = Finra(vendors.settings().finra, hours.timing)
    assert source.newest([SETTLEMENT]) is None
    with pytest.raises(NotFound):
        source.file(SETTLEMENT)


@pytest.mark.parametrize("kind", ["error", "consent", "truncated", "wrong", "reset", "empty"])
def test_the_api_stands_in_for_a_file_that_cannot_be_had(vendors: LocalVendors, hours: Hours, kind: str) -> None:
    attempts = 1 if kind in {"truncated", "wrong", "empty"} else 3
    vendors.fail("finra", kind, times=attempts)
    source = Finra(vendors.settings().finra, hours.timing)
    if kind == "wrong":  # sound, but of another date: refused, and no reason to trust anything else today
        with pytest.raises(BadAnswer):
            source.file(SETTLEMENT)
        return
    found = source.file(SETTLEMENT)
    expected = parse_file(recorded.text(TEXT))
    assert found.published is None
    assert len(found.frame) == len(expected)
    assert found.frame["short_shares"].sum() == expected["short_shares"].sum()


def test_when_both_fail_the_files_error_is_told(vendors: LocalVendors, hours: Hours) -> None:
    vendors.fail("finra", "error")
    with pytest.raises(Offline) as caught:
        Finra(vendors.settings().finra, hours.timing).file(SETTLEMENT)
    assert caught.value.detail == "HTTP 500"


def test_the_revision_flag_marks_a_changed_previous_position() -> None:
    """It tells of the position before: that is the one to replace."""
    api = parse_api(json.loads(recorded.text("finra/api_AAPL_BRKB.json"))[0]["text"])
    for _, rows in api.sort_values("settlement").groupby("symbol"):
        before = rows["short_shares"].shift(1)
        unlike = (before != rows["previous_shares"]) & before.notna()
        assert unlike.sum() >= 8
        assert rows.loc[unlike, "revised"].all()


def test_pages_of_the_api_that_slipped_are_no_whole_market(vendors: LocalVendors, hours: Hours) -> None:
    """Some rows come twice and others not at all, while their number is right."""
    vendors.world.slipped = 3
    vendors.fail("finra", "error", times=3)
    with pytest.raises(Offline):  # the file's own error: the API could not stand in
        Finra(vendors.settings().finra, hours.timing).file(SETTLEMENT)
    assert [asked.path for asked in vendors.asked].count("/data/group/otcMarket/name/consolidatedShortInterest") == 5
