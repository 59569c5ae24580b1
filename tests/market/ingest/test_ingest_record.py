"""What snapshots came to is kept for good, whole-market snapshots for some time: measured on their own day."""

from datetime import date
from pathlib import Path

import pytest

from bot.features import names, report_module
from bot.features.record import measure
from bot.market.dataset import Dataset
from bot.market.store import runs
from bot.market.tables import WHOLE_MARKET
from tests.market.ingest.conftest import Bench

FIGURES = {
    "breadth.above_200.small", "breadth.above_50.small", "breadth.at_high.small", "breadth.losing.small",
    "earnings.growth.median", "earnings.revisions", "earnings.revisions.companies", "earnings.revisions.cap_weighted",
    "valuation.discount.pe_fy1.profitable", "valuation.discount.pe_fy1.all", "valuation.discount.pe_trailing.all",
    "valuation.discount.pe_trailing.profitable", "valuation.discount.price_to_sales.without_financials",
    "valuation.discount.ev_to_sales.without_financials", "thesis.earnings", "thesis.revisions",
}  # fmt: skip
SETTLED = {"shortinterest.weighted.r2000", "shortinterest.weighted.r1000"}
KEPT = {"breadth": "breadth.above_200.small"}  # companies that earn or lose are none of the largest here


def test_the_record_keeps_what_is_measured_by_file() -> None:
    offered = [one for name in names() for one in report_module(name).indicators()]
    assert {one.id for one in offered if one.measured is not None} == FIGURES
    assert {one.id for one in offered if one.kept} == SETTLED


def series(dataset: Dataset, feature: str) -> dict[date, float]:
    """Return what the feature's recorded indicator shows, by day."""
    [found] = [one for one in report_module(feature).indicators() if one.id == KEPT[feature]]
    return {day.date(): value for day, value in found.series(dataset).items()}


def evenings(bench: Bench, *days: str, keep_days: int = 400) -> None:
    """Run every part but companies' pages on some evenings."""
    for day in days:
        bench.at(day)
        parts = ["prices", "snapshot", "holdings", "shortinterest"]
        assert bench.run(parts, measure=measure, keep_days=keep_days).version, day


def test_each_figure_is_measured_once_on_its_day(bench: Bench) -> None:
    evenings(bench, "2026-07-20", "2026-07-21")
    rows = bench.store.rows("aggregates")
    days = {row["day"] for row in rows}
    assert days == {date(2026, 7, 17), date(2026, 7, 20), date(2026, 7, 21)}
    assert len(rows) == len({(row["indicator"], row["day"]) for row in rows})
    assert set(KEPT.values()) <= {row["indicator"] for row in rows} <= FIGURES | SETTLED
    assert [row for row in runs.corrected(bench.store) if row["table_name"] == "aggregates"] == []


@pytest.mark.parametrize("feature", sorted(KEPT))
def test_what_is_recorded_is_what_the_indicator_showed_that_evening(bench: Bench, feature: str) -> None:
    evenings(bench, "2026-07-20")
    shown = series(bench.dataset(), feature)
    kept = {row["day"]: row["value"] for row in bench.store.rows("aggregates", indicator=KEPT[feature])}
    assert kept == pytest.approx(shown)
    assert len(kept) == 2


@pytest.mark.parametrize("feature", sorted(KEPT))
def test_the_record_outlives_the_snapshots(bench: Bench, feature: str) -> None:
    """With snapshots kept for three days alone, an indicator still has all of its days."""
    evenings(bench, "2026-07-20")
    before = series(bench.dataset(), feature)
    evenings(bench, "2026-07-24", "2026-07-27", keep_days=3)
    assert bench.store.days("snapshots") == [date(2026, 7, 24), date(2026, 7, 27)]
    after = series(bench.dataset(), feature)
    assert {day: after[day] for day in before} == pytest.approx(before)
    assert sorted(after) == [*sorted(before), date(2026, 7, 24), date(2026, 7, 27)]
    assert min(series(bench.dataset().at(date(2026, 7, 20)), feature)) == min(before)


def shorts(dataset: Dataset, index: str = "r2000") -> dict[date, float]:
    """Return the aggregate of short interest by the day each settlement was published."""
    found = {one.id: one for one in report_module("shortinterest").indicators()}[f"shortinterest.weighted.{index}"]
    return {day.date(): value for day, value in found.series(dataset).items()}


def test_a_settlement_is_measured_once_and_outlives_the_caps_it_was_measured_with(bench: Bench) -> None:
    """Without the record it would be gone with the snapshots of its time, and no gauge ever reach sixty of them."""
    evenings(bench, "2026-07-27", "2026-07-28")
    rows = [row for row in bench.store.rows("aggregates") if row["indicator"] in SETTLED]
    published = set(bench.store.days("short_interest", "published"))
    shown = {index: shorts(bench.dataset(), index) for index in ("r2000", "r1000")}
    for index, values in shown.items():
        kept = {row["day"]: row["value"] for row in rows if row["indicator"].endswith(index)}
        assert kept == pytest.approx(values)
        assert {date(2026, 7, 27)} <= set(kept) <= published
        assert all(0.005 < value < 0.2 for value in kept.values())
    with bench.store.writing() as connection:
        for table in WHOLE_MARKET:
            connection.exec_driver_sql(f"DELETE FROM {table} WHERE day < '2026-07-30'")
    evenings(bench, "2026-07-30")
    assert {index: shorts(bench.dataset(), index) for index in shown} == shown
    assert [row for row in bench.store.rows("aggregates") if row["indicator"] in SETTLED] == rows
    assert not [row for row in runs.corrected(bench.store) if row["table_name"] == "aggregates"]


def test_a_figure_kept_is_not_measured_again(bench: Bench) -> None:
    evenings(bench, "2026-07-27", "2026-07-28")
    kept = {(row["indicator"], row["day"]) for row in bench.store.rows("aggregates")}
    days = bench.dataset().snapshot_dates()
    again = {(figure, day) for figure, day, _value in measure(bench.dataset(), days, kept)}
    assert not again & kept
    assert {(figure, day) for figure, day, _value in measure(bench.dataset(), days, set())} >= kept


def test_nothing_recorded_later_is_known_before(bench: Bench) -> None:
    evenings(bench, "2026-07-20", "2026-07-21")
    data = bench.dataset()
    for day in (date(2026, 7, 17), date(2026, 7, 20)):
        assert max(data.at(day).aggregates(KEPT["breadth"]).index).date() <= day
    assert data.aggregates("no.such.figure").empty


def test_a_figure_that_fails_takes_nothing_else_with_it(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.at("2026-07-20")

    def broken(*_asked: object) -> list[tuple[str, date, float]]:
        raise ZeroDivisionError("no members")

    summary = bench.run(["prices", "snapshot", "companies"], measure=broken)
    assert summary.ok
    assert summary.part("companies").requests > 0
    assert "the aggregates of the day were not kept" in caplog.text
    bench.at("2026-07-21")
    bench.run(["prices", "snapshot"], measure=measure)
    assert date(2026, 7, 20) in {row["day"] for row in bench.store.rows("aggregates")}  # made up for


def test_a_version_of_before_the_record_can_be_read(tmp_path: Path) -> None:
    """The bundled sample has no such table, as versions that an older release published."""
    sample = Dataset.open("sample")
    assert sample.aggregates(KEPT["breadth"]).empty
    [above] = [one for one in report_module("breadth").indicators() if one.id == KEPT["breadth"]]
    assert len(above.series(sample)) == len(sample.snapshot_dates()) == 2
