"""A run as a whole: the diary, what is told, no network, switched-off vendors, what an interruption leaves."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from bot import i18n
from bot.clock import SettableClock
from bot.errors import BadInput
from bot.market.freshness import standings
from bot.market.ingest import PARTS, ingest, run
from bot.market.ingest.job import ClockBehind
from bot.market.sources.vendor import FRED, YAHOO, Vendors, VendorSettings
from bot.market.standing import lines
from bot.market.store import runs, state
from bot.market.store.alone import AlreadyRunning
from bot.market.tables import WHOLE_MARKET
from bot.trouble import Full, Unwritable
from tests.databases import fresh_postgres
from tests.market.ingest.conftest import Bench


def nowhere(**changes: Any) -> Vendors:
    """Lead every vendor to a port that nobody listens on, as a machine without a network does."""
    settings = VendorSettings(base_url="http://127.0.0.1:9", requests_per_second=None, **changes)
    return Vendors(settings, settings, settings, settings)


def test_every_part_is_a_row_in_the_diary(bench: Bench) -> None:
    bench.at("2026-07-20")
    before = len(runs.latest(bench.store, count=1000))
    summary = bench.run()
    assert summary.ok
    diary = {row.source: row for row in runs.latest(bench.store, count=1000)[: -before or None]}
    assert set(diary) == {*PARTS, "publish"}
    for part in summary.parts:
        row = diary[part.part]
        assert (row.status, row.requests, row.rows_new) == ("done", part.requests, part.written.new)
        assert row.started_at <= bench.hours.clock.now()
    assert sum(row.requests for row in diary.values()) == bench.vendors.count() == summary.requests


@pytest.mark.parametrize("shown", [datetime(2026, 7, 17, 20, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)])
def test_a_clock_that_is_behind_stops_a_run_before_it_asks_anybody(bench: Bench, shown: datetime) -> None:
    """It would store today's market under an earlier day, and take back sessions that are shown."""
    before, published = bench.contents(), bench.dataset().version
    bench.vendors.forget()
    bench.hours.clock.set(shown)
    with pytest.raises(ClockBehind) as caught:
        bench.run()
    assert caught.value.text().startswith(f"This machine's clock shows {i18n.moment(shown)}, but there is data of ")
    assert caught.value.text().endswith(" already: set it, for instance with NTP.")
    assert bench.vendors.count() == 0
    assert (bench.contents(), bench.dataset().version) == (before, published)


def test_a_clock_of_before_all_calendars_is_told_on_a_fresh_machine_too(fresh: Bench) -> None:
    fresh.hours.clock.set(datetime(1970, 1, 1, tzinfo=UTC))
    with pytest.raises(ClockBehind):
        fresh.run()
    assert fresh.vendors.count() == 0


def test_only_the_named_parts_run(bench: Bench) -> None:
    bench.at("2026-07-20")
    summary = bench.run(["macro"])
    assert [part.part for part in summary.parts] == ["macro"]
    assert set(bench.vendors.counts()) == {"fred"}


def test_an_unknown_part_is_refused_with_the_names_there_are(bench: Bench) -> None:
    with pytest.raises(BadInput) as caught:
        bench.run(["price"])
    assert "“price”" in caught.value.text()
    assert "prices" in caught.value.text()


def test_without_a_network_every_vendor_is_told_in_one_sentence(bench: Bench) -> None:
    before, published = bench.contents(), bench.dataset().version
    bench.at("2026-07-27")
    summary = bench.run(vendors=nowhere())
    assert summary.exit_code == 1
    assert sorted(summary.sentences()) == [
        "FINRA could not be reached.",
        "FRED could not be reached.",
        "Yahoo Finance could not be reached.",
        "iShares could not be reached.",
    ]
    assert bench.contents() == before
    assert (bench.dataset().version, summary.version) == (published, None)


def test_without_a_network_the_first_run_leaves_the_store_empty(fresh: Bench) -> None:
    before = fresh.contents()
    summary = fresh.run(vendors=nowhere())
    assert summary.exit_code == 1
    assert fresh.contents() == before
    assert not (fresh.settings.folder / "current").exists()


def test_the_sentences_are_translated(bench: Bench) -> None:
    bench.at("2026-07-20")
    with i18n.use("en_XA"):
        for sentence in bench.run(["macro", "holdings"], vendors=nowhere()).sentences():
            assert sentence.startswith("⟦")
            assert sentence.endswith("⟧")


def test_a_vendor_switched_off_is_no_failure(bench: Bench) -> None:
    off = replace(bench.settings.vendors, yahoo=VendorSettings(enabled=False))
    bench.at("2026-07-20")
    summary = bench.run(vendors=off)
    assert summary.ok
    assert {part.part for part in summary.parts if part.status == "off"} == {p for p, v in PARTS.items() if v == YAHOO}
    assert bench.vendors.count("yahoo") == 0
    assert summary.part("macro").status == "done"


def test_health_remembers_success_failure_and_rest(bench: Bench) -> None:
    good = state.health(bench.store)[FRED]
    assert good.last_success == bench.hours.clock.now()
    assert (good.last_failure, good.resume_at) == (None, None)
    bench.at("2026-07-20")
    bench.vendors.fail("fred", "error")
    bench.run(["macro"])
    bad = state.health(bench.store)[FRED]
    assert (bad.last_success, bad.last_failure) == (good.last_success, bench.hours.clock.now())
    assert "HTTP 500" in bad.error
    assert bad.resume_at is not None
    assert bad.resume_at > bench.hours.clock.now()


def test_what_one_part_of_a_vendor_brought_hides_no_other_that_failed(bench: Bench) -> None:
    bench.at("2026-07-27")
    bench.vendors.world.unknown.add("QQQ")
    assert bench.run(["prices", "companies"]).exit_code == 1
    [found] = [one for one in standings(bench.url) if one.vendor == YAHOO]
    assert found.failed == {"prices": True}
    assert (
        "failed less than a minute ago (prices in part)" in list(lines([found], None, bench.hours.clock.now(), None))[1]
    )
    bench.vendors.world.unknown.clear()
    assert bench.run(["prices"]).ok
    assert not any(one.failed for one in standings(bench.url))


def test_a_vendor_left_alone_stays_so_in_the_next_run(bench: Bench) -> None:
    bench.at("2026-07-20")
    bench.vendors.fail("fred", "error")
    bench.run(["macro"])
    bench.vendors.mend()
    bench.vendors.forget()
    assert bench.run(["macro"]).sentences()[0].startswith("FRED failed too often")
    assert bench.vendors.count() == 0
    resume_at = state.health(bench.store)[FRED].resume_at
    assert resume_at is not None
    bench.hours.clock.set(resume_at + timedelta(seconds=1))
    assert bench.run(["macro"]).ok
    assert state.health(bench.store)[FRED].resume_at is None


def test_a_fault_of_ours_in_one_part_leaves_the_others_alone(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.at("2026-07-20")
    with bench.store.writing() as connection:
        connection.exec_driver_sql("DROP TABLE company_pages")
    summary = bench.run()
    assert summary.part("prices").status == "done"
    assert summary.part("companies").status == "failed"
    assert summary.sentences() == ("Something went wrong on my side while reading Yahoo Finance; the log tells more.",)
    assert bench.dataset().as_of == date(2026, 7, 20)
    assert "the part companies failed" in caplog.text


def test_what_was_stored_but_not_published_is_published_by_the_next_run(bench: Bench) -> None:
    """As a run killed between storing and publishing leaves it: its row in the diary is still open."""
    bench.at("2026-07-20")
    bench.run(["prices"])
    published = bench.dataset().version
    rows = [{**row, "day": date(2026, 7, 21)} for row in bench.store.rows("bars", day=date(2026, 7, 20))]
    runs.begin(bench.store, run.PUBLISH, bench.hours.clock.now())
    bench.store.write("bars", rows)
    bench.at("2026-07-21")
    summary = bench.run(["prices"])
    assert (summary.requests, summary.version is not None) == (0, True)
    assert bench.dataset().as_of == date(2026, 7, 21)
    assert bench.dataset().version != published
    assert "interrupted" in {row.status for row in runs.latest(bench.store, run.PUBLISH)}


@pytest.mark.parametrize("part", ["prices", "snapshot"])
def test_one_ingest_at_a_time(either: Bench, part: str) -> None:
    """A second one does nothing and says so; the first goes on; once it has ended, another may begin."""
    either.at("2026-07-20")
    told: list[str] = []
    before = len(runs.latest(either.store, count=1000))

    def another(_part: str, done: int, _total: int) -> None:
        if done == 1 or not told:
            with pytest.raises(AlreadyRunning) as caught:
                either.run(["macro"])
            told.append(caught.value.text())

    assert either.run([part], progress=another).ok
    assert set(told) == {"Data is being fetched already: wait until that has ended."}
    assert either.vendors.count("fred") == 0
    assert len(runs.latest(either.store, count=1000)) == before + 2
    assert either.run(["macro"]).ok


def test_a_run_that_cannot_publish_leaves_nobody_locked_out_and_is_made_up_for(bench: Bench) -> None:
    bench.at("2026-07-20")
    with pytest.raises(Unwritable):
        bench.run(["prices"], folder=bench.folder / "market.db")  # a file stands where the folder should be
    assert bench.dataset().as_of == date(2026, 7, 17)
    assert bench.run(["macro"]).version is not None
    assert bench.dataset().as_of == date(2026, 7, 20)


def test_a_disk_that_fills_up_in_the_middle_stops_the_run_with_one_sentence(bench: Bench) -> None:
    """No part goes on against it; what was committed stays; with room again, the next run completes the day."""
    bench.at("2026-07-20")
    calm = bench.dataset().version

    def room(pages: int) -> Callable[[Any, Any], None]:
        def opened(connection: Any, _record: Any) -> None:
            connection.execute(f"PRAGMA max_page_count={pages}")

        return opened

    with bench.store.reading() as connection:
        used = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())
    bench.store.engine.dispose()
    small = room(used + 40)
    event.listen(bench.store.engine, "connect", small)
    with pytest.raises(Full) as caught:
        bench.run()
    assert caught.value.text() == "The disk is full. What was stored stays; make room, then run it again."
    assert bench.dataset().version == calm
    event.remove(bench.store.engine, "connect", small)
    bench.store.engine.dispose()
    assert bench.run().ok
    assert bench.dataset().as_of == date(2026, 7, 20)
    assert {len(bench.store.rows(table, day=date(2026, 7, 20))) > 0 for table in WHOLE_MARKET} == {True}


def test_nothing_new_publishes_nothing(bench: Bench) -> None:
    assert bench.run(["prices", "macro", "snapshot"]).version is None


def test_progress_and_pace_come_from_outside(bench: Bench) -> None:
    bench.at("2026-07-20")
    told: list[str] = []
    summary = ingest(
        replace(bench.settings, vendors=bench.vendors.settings(requests_per_second=2.0)),
        bench.store,
        SettableClock(bench.hours.clock.now()),
        only=["macro"],
        progress=lambda part, done, total: told.append(f"{part} {done}/{total}"),
        timing=bench.hours.timing,
    )
    assert told == [f"macro {n}/10" for n in range(1, 11)]
    assert bench.hours.elapsed == pytest.approx((summary.requests - 1) / 2)


@pytest.mark.slow
def test_a_first_run_and_the_day_after_end_the_same_on_postgresql(fresh: Bench, postgres: str) -> None:
    """The version's name holds a hash of all its content."""
    other = fresh.moved(fresh_postgres(postgres))
    for day in ("2026-07-29", "2026-07-30"):
        published = []
        for one in (fresh, other):
            one.at(day)
            summary = one.run()
            assert summary.ok, [part.detail for part in summary.parts]
            assert summary.requests == one.vendors.count()
            published.append((summary.version, [part.written for part in summary.parts]))
        assert published[0] == published[1], day
    other.store.close()


def test_datasets_that_are_gone_are_made_anew(bench: Bench) -> None:
    """As after a backup was put back: with nothing new from any vendor."""
    before = bench.dataset().version
    shutil.rmtree(bench.folder / "versions")
    assert bench.run(["macro"]).version == before
    assert bench.dataset().version == before
