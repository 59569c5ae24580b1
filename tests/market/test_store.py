"""The market store, on SQLite and on a real PostgreSQL alike."""

import json
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from alembic.script import ScriptDirectory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, inspect, select, text
from sqlalchemy.exc import StatementError

from bot.market import migrations
from bot.market.store import Store, Written, connection, migrate, runs, schema, state
from tests.databases import database_url, postgres  # noqa: F401

NOW = datetime(2026, 7, 31, 21, 5, tzinfo=UTC)
NAN = float("nan")


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:  # noqa: F811
    migrate(database_url)
    with Store(database_url) as opened:
        yield opened


def bar(day: str, close: float, dividend: float | None = 0.0, symbol: str = "IWM") -> dict[str, object]:
    return {"symbol": symbol, "day": date.fromisoformat(day), "close": close, "dividend": dividend}


DAYS = [bar("2025-12-03", 249.630005), bar("2025-12-04", 251.820007), bar("2025-12-05", 250.77)]


def test_rows_come_back_as_they_were_written(store: Store) -> None:
    assert store.write("bars", DAYS) == Written(new=3)
    assert store.rows("bars") == DAYS
    assert store.rows("bars", day=date(2025, 12, 4)) == [DAYS[1]]
    assert store.newest("bars") == date(2025, 12, 5)
    assert store.newest("bars", symbol="SPY") is None


def test_writing_again_changes_nothing(store: Store) -> None:
    store.write("bars", DAYS)
    assert store.write("bars", DAYS) == Written(same=3)
    assert store.rows("bars") == DAYS
    assert runs.corrected(store) == []


def test_a_correction_replaces_the_row_and_is_logged(store: Store) -> None:
    store.write("bars", DAYS)
    run = runs.begin(store, "yahoo", NOW)
    corrected = bar("2025-12-04", 251.90, None)
    assert store.write("bars", [*DAYS[:1], corrected, bar("2025-12-08", 252.5)], run) == Written(
        new=1, changed=1, same=1
    )
    assert store.rows("bars", day=date(2025, 12, 4)) == [corrected]
    (entry,) = runs.corrected(store)
    assert (entry["run_id"], entry["table_name"]) == (run, "bars")
    assert json.loads(entry["key"]) == {"symbol": "IWM", "day": "2025-12-04"}
    assert json.loads(entry["old"]) == {"close": 251.820007, "dividend": 0.0}
    assert json.loads(entry["new"]) == {"close": 251.9, "dividend": None}
    assert entry["corrected_at"].tzinfo is not None


def test_missing_numbers_of_any_kind_are_one(store: Store) -> None:
    store.write("bars", [bar("2025-12-03", 1.0, NAN), bar("2025-12-04", 1.0, None), bar("2025-12-05", 1.0, np.nan)])
    assert [row["dividend"] for row in store.rows("bars")] == [None, None, None]
    assert store.write("bars", [bar("2025-12-03", 1.0, None)]) == Written(same=1)
    assert np.isnan(store.columns("bars")["dividend"]).all()


def test_what_pandas_and_numpy_hand_over_is_understood(store: Store) -> None:
    row = {
        "settlement": np.datetime64("2026-07-15"), "symbol": np.str_("NA"), "short_shares": np.float32(1093693),
        "previous_shares": np.int64(1093170), "average_volume": NAN, "days_to_cover": 30.84, "split": np.bool_(False),
        "published": pd.Timestamp("2026-07-27 18:00"),
    }  # fmt: skip
    assert store.write("short_interest", [row]) == Written(new=1)
    assert store.rows("short_interest") == [{
        "settlement": date(2026, 7, 15), "symbol": "NA", "short_shares": 1093693.0, "previous_shares": 1093170.0,
        "average_volume": None, "days_to_cover": 30.84, "split": False, "published": date(2026, 7, 27),
    }]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (bar("2025-12-04", float("inf")), "close is infinite"),
        ({"symbol": "IWM", "day": date(2025, 12, 4), "close": 1.0}, "dividend"),
        (bar("2025-12-04", 1.0, symbol=None), "symbol is no text"),  # type: ignore[arg-type]
        (bar("2025-12-04", 1.0, symbol="A\0B"), "symbol is no text"),
        (bar("2025-12-04", 1.0) | {"day": None}, "day is no day"),
        (bar("2025-12-04", 1.0) | {"day": pd.NaT}, "day is no day"),
        (bar("2025-12-04", 1.0) | {"close": "many"}, "many"),
    ],
)
def test_rows_that_cannot_be_kept_are_put_aside_with_the_reason(
    store: Store, row: dict[str, object], reason: str
) -> None:
    assert store.write("bars", [DAYS[0], row]) == Written(new=1, refused=1)
    assert store.rows("bars") == [DAYS[0]]
    (aside,) = runs.refused(store)
    assert reason in aside["reason"]
    assert json.loads(aside["row"])["close"] == row["close"]


def test_a_key_twice_in_one_answer_is_refused_unless_equal(store: Store) -> None:
    assert store.write("bars", [DAYS[0], DAYS[0], bar("2025-12-03", 1.0)]) == Written(new=1, refused=1)
    assert store.rows("bars") == [DAYS[0]]


def test_whole_numbers_and_flags_are_not_guessed(store: Store) -> None:
    futures = {"day": date(2026, 7, 31), "contract": 202707, "close": 95.82}
    assert store.write("futures", [futures, futures | {"contract": 202707.5}]) == Written(new=1, refused=1)
    assert store.columns("futures")["contract"].dtype == np.int64


def test_the_ingester_may_refuse_rows_itself(store: Store) -> None:
    run = runs.begin(store, "yahoo", NOW)
    assert store.refuse("bars", [bar("2025-12-04", -1.0)], "a close below zero", run) == 1
    (aside,) = runs.refused(store)
    assert (aside["run_id"], aside["table_name"], aside["reason"]) == (run, "bars", "a close below zero")


def test_a_failure_stores_nothing_of_the_transaction(store: Store) -> None:
    def rows() -> Iterator[dict[str, object]]:
        yield from DAYS
        raise ConnectionResetError

    def ingest() -> None:
        with store.writing() as open_transaction:
            store.write("bars", DAYS[:1], connection=open_transaction)
            store.write("bars", rows(), connection=open_transaction)

    with pytest.raises(ConnectionResetError):
        ingest()
    assert store.rows("bars") == []


def test_more_rows_than_one_chunk(store: Store) -> None:
    first = date(1990, 1, 1)
    many = [bar((first + timedelta(days=n)).isoformat(), float(n + 1), symbol=f"S{n % 3}") for n in range(11_000)]
    assert store.write("bars", iter(many)) == Written(new=11_000)
    assert store.write("bars", iter(many[::-1])) == Written(same=11_000)
    columns = store.columns("bars")
    assert columns["close"].sum() == sum(range(1, 11_001))
    assert columns["symbol"].tolist() == sorted(columns["symbol"].tolist())


def test_old_rows_can_be_forgotten(store: Store) -> None:
    store.write("bars", DAYS)
    other = bar(DAYS[0]["day"].isoformat(), 9.0, symbol="OTHER")
    store.write("bars", [other])
    assert store.forget_days("bars", [DAYS[0]["day"]], symbol=DAYS[0]["symbol"]) == 1
    assert store.rows("bars") == [*DAYS[1:], other]


def test_readers_see_one_state_while_the_ingester_writes(store: Store) -> None:
    store.write("bars", DAYS[:1])
    with store.reading() as reader:
        before = store.columns("bars", reader)["close"].tolist()
        with ThreadPoolExecutor(1) as other:
            other.submit(store.write, "bars", DAYS[1:]).result(30)
        assert store.columns("bars", reader)["close"].tolist() == before
    assert len(store.columns("bars")["close"]) == 3


def test_two_writers_take_turns(store: Store) -> None:
    rows = [[bar("2025-12-04", float(n), symbol=f"S{n}")] for n in range(1, 13)]
    with ThreadPoolExecutor(4) as pool:
        written = list(pool.map(lambda batch: store.write("bars", batch), rows))
    assert sum(written, Written()) == Written(new=12)
    with ThreadPoolExecutor(4) as pool:  # the same row at once: one of them stores it
        same = list(pool.map(lambda _n: store.write("bars", [DAYS[0]]), range(4)))
    assert sum(same, Written()) == Written(new=1, same=3)


def test_moments_are_utc_and_aware(store: Store) -> None:
    noon_in_tokyo = datetime(2026, 7, 31, 12, 0, tzinfo=timezone(timedelta(hours=9)))
    runs.begin(store, "finra", noon_in_tokyo)
    (run,) = runs.latest(store)
    assert run.started_at == noon_in_tokyo
    assert run.started_at.tzinfo is UTC
    assert run.finished_at is None
    with pytest.raises(StatementError, match="time zone"):
        runs.begin(store, "finra", datetime(2026, 7, 31, 12, 0))  # noqa: DTZ001  (the point)


def test_the_diary_of_runs(store: Store) -> None:
    first = runs.begin(store, "yahoo", NOW)
    second = runs.begin(store, "yahoo", NOW + timedelta(hours=1))  # the first one was killed
    other = runs.begin(store, "finra", NOW)
    brought = Written(new=5, changed=1, same=2, refused=3)
    runs.finish(store, second, NOW + timedelta(hours=2), written=brought, requests=47)
    runs.finish(store, other, NOW, status="failed", detail="timed out")
    told = {run.id: run for run in runs.latest(store)}
    assert [told[n].status for n in (first, second, other)] == ["interrupted", "done", "failed"]
    assert (told[second].rows_new, told[second].rows_changed, told[second].rows_refused) == (5, 1, 3)
    assert (told[second].requests, told[other].detail) == (47, "timed out")
    assert [run.id for run in runs.latest(store, "yahoo", status="done")] == [second]
    assert len(runs.latest(store, count=2)) == 2


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False, width=64), min_size=1, max_size=10))
def test_any_number_survives_exactly(store: Store, numbers: list[float]) -> None:
    store.forget_days("bars", store.days("bars"))
    rows = [bar((date(2020, 1, 1) + timedelta(days=n)).isoformat(), number) for n, number in enumerate(numbers)]
    store.write("bars", rows)
    assert store.columns("bars")["close"].tolist() == numbers


# migrations and connections


def test_migrations_make_the_tables_the_code_expects(database_url: str) -> None:  # noqa: F811
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    migrate(database_url)
    engine = connection.connected(database_url)
    with engine.connect() as opened:
        context = MigrationContext.configure(opened, opts={"compare_type": True, "version_table": "market_version"})
        assert compare_metadata(context, schema.metadata) == []
    engine.dispose()


def test_migrating_twice_and_back(database_url: str) -> None:  # noqa: F811
    assert connection.revision(database_url) is None
    with ThreadPoolExecutor(2) as pool:  # two processes that start at once
        list(pool.map(lambda _n: migrate(database_url), range(2)))
    (head,) = ScriptDirectory(str(Path(migrations.__file__).parent)).get_heads()
    assert connection.revision(database_url) == head
    migrate(database_url, "base")
    engine = connection.connected(database_url)
    assert set(inspect(engine).get_table_names()) == {"market_version"}
    engine.dispose()


@pytest.mark.parametrize("older", ["0001", "0002", "0003"])
def test_a_database_of_an_older_release_keeps_what_it_holds(database_url: str, older: str) -> None:  # noqa: F811
    """What was stored under each revision is there after the update, and the update changes nothing twice."""
    migrate(database_url, older)
    with Store(database_url) as opened:
        opened.write("bars", DAYS)
        run = runs.begin(opened, "prices", NOW)
        runs.finish(opened, run, NOW, written=Written(new=3), detail="as it was")
        opened.refuse("bars", [bar("2025-12-08", -1.0)], "the close is not above zero", run)
    for _again in range(2):
        migrate(database_url)
        with Store(database_url) as opened:
            assert opened.rows("bars") == DAYS
            assert [(one.source, one.rows_new, one.detail) for one in runs.latest(opened)] == [
                ("prices", 3, "as it was")
            ]
            [aside] = runs.refusals(opened)
            assert (aside["reason"], aside["times"]) == ("the close is not above zero", 1)
            assert (state.absences(opened), state.health(opened), opened.rows("aggregates")) == ({}, {}, [])


def test_an_sqlite_file_is_made_with_its_folder_and_keeps_a_write_ahead_log(tmp_path: Path) -> None:
    path = tmp_path / "data" / "market.db"
    migrate(f"sqlite:///{path}")
    connected = sqlite3.connect(path)
    assert connected.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connected.close()


def test_other_databases_are_refused() -> None:
    with pytest.raises(ValueError, match="mysql"):
        connection.connected("mysql://somewhere/market")


def test_plain_urls_get_the_drivers_used_here() -> None:
    assert connection.driven("postgresql://db/handoff").drivername == "postgresql+psycopg"
    assert connection.driven("sqlite:///market.db").drivername == "sqlite+pysqlite"


def test_other_programs_read_the_store_as_sql(store: Store, database_url: str) -> None:  # noqa: F811
    store.write("bars", DAYS)
    engine = create_engine(connection.driven(database_url))
    with engine.connect() as opened:
        assert opened.execute(text("SELECT max(close) FROM bars WHERE symbol = 'IWM'")).scalar() == 251.820007
        assert opened.execute(select(schema.versions)).all() == []
    engine.dispose()
