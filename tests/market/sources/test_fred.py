"""FRED's files: both header styles, checked against an independent reading."""

import csv
import io
from datetime import date

import pandas as pd
import pytest

from bot.market.sources.faults import BadAnswer, NotFound
from bot.market.sources.fred import Fred, parse
from tests.vendors import recorded
from tests.vendors.fixtures import Hours
from tests.vendors.server import LocalVendors
from tests.vendors.world import sample

FILES = [
    "old_DATE_header_DGS10.csv",
    "old_DATE_header_ICSA.csv",
    "old_DATE_header_BAMLC0A0CM_multi.csv",
    "new_observation_date_DGS10_daily_1962-2026-05-19.csv",
    "new_observation_date_FEDFUNDS_multi.csv",
    "new_observation_date_NFCI_quarterly.csv",
]


def independently(text: str) -> dict[str, dict[date, float]]:
    header, *rows = csv.reader(io.StringIO(text))
    return {
        name: {date.fromisoformat(row[0]): float(row[at]) for row in rows if row[at] not in ("", ".")}
        for at, name in enumerate(header)
        if at > 0
    }


@pytest.mark.parametrize("name", FILES)
def test_recorded_files(name: str) -> None:
    text = recorded.text(f"fred/{name}")
    expected = independently(text)
    found = parse(text)
    assert list(found) == list(expected)
    for series_id, values in expected.items():
        series = found[series_id]
        assert len(series) == len(values)
        assert series.sum() == pytest.approx(sum(values.values()), abs=1e-9)
        assert [day.date() for day in series.index] == list(values)
        assert series.index.tz is None


def test_both_styles_agree_where_they_overlap() -> None:
    old = parse(recorded.text("fred/old_DATE_header_DGS10.csv"))["DGS10"]
    new = parse(recorded.text("fred/new_observation_date_DGS10_daily_1962-2026-05-19.csv"))["DGS10"]
    shared = old.index.intersection(new.index)
    assert len(shared) == len(old)
    assert (old[shared] == new[shared]).all()


@pytest.mark.parametrize("missing", [".", ""])
def test_missing_values_are_dropped(missing: str) -> None:
    series = parse(f"DATE,DGS2\n2026-07-02,4.1\n2026-07-03,{missing}\n2026-07-06,4.2\n")["DGS2"]
    assert series.tolist() == [4.1, 4.2]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<!DOCTYPE html><html>",
        "observation_date\n2026-07-01\n",
        "observation_date,DGS2\n2026-07-01,4.1\n2026-07-02,4.",  # cut short: could have been 4.12
        "observation_date,DGS2\n2026-07-01,4.1\n2026-07-0\n",
        "observation_date,DGS2\n2026-07-01,a lot\n",
        "observation_date,DGS2\n01/07/2026,4.1\n",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(BadAnswer):
        parse(text)


def test_a_series_is_fetched_from_a_day_on(vendors: LocalVendors, hours: Hours) -> None:
    found = Fred(vendors.settings().fred, hours.timing).series("UNRATE", date(2026, 1, 1))
    stored = sample().macro("UNRATE")
    expected = stored[stored.index >= pd.Timestamp("2026-01-01")] * 100
    assert len(found) == len(expected) > 0
    assert found.sum() == pytest.approx(expected.sum())


def test_a_series_unknown_to_fred(vendors: LocalVendors, hours: Hours) -> None:
    with pytest.raises(NotFound):
        Fred(vendors.settings().fred, hours.timing).series("NOTASERIES")


@pytest.mark.parametrize("kind", ["wrong", "truncated", "empty", "consent"])
def test_spoilt_answers_are_refused(vendors: LocalVendors, hours: Hours, kind: str) -> None:
    vendors.fail("fred", kind)
    with pytest.raises(BadAnswer):
        Fred(vendors.settings().fred, hours.timing).series("DGS2", date(2026, 7, 1))
