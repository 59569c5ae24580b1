"""How each source stands, out of the ingester's own records, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from bot import i18n
from bot.market import standing
from bot.market.catalogue import Catalogue
from bot.market.freshness import VENDORS, standings
from bot.market.sources.vendor import FINRA, FRED, YAHOO
from bot.market.standing import SourceStanding
from bot.market.store import Store, Written, migrate, runs, state
from tests.databases import database_url, postgres

__all__ = ["database_url", "postgres"]

NOW = datetime(2026, 7, 31, 22, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    migrate(database_url)
    with Store(database_url) as opened:
        yield opened


def told(found: tuple[SourceStanding, ...]) -> dict[str, SourceStanding]:
    return {one.vendor: one for one in found}


def bar(symbol: str, day: date) -> dict[str, object]:
    return {"symbol": symbol, "day": day, "close": 1.0, "dividend": None}


def test_a_store_that_never_heard_of_a_vendor(store: Store, database_url: str) -> None:
    found = standings(database_url)
    assert tuple(one.vendor for one in found) == VENDORS
    assert {(one.last_success, one.last_failure, one.resume_at, one.newest, one.refused) for one in found} == {
        (None, None, None, None, 0)
    }


def test_success_failure_rest_and_the_newest_day(store: Store, database_url: str) -> None:
    state.note_health(store, YAHOO, last_success=NOW - HOUR)
    state.note_health(store, YAHOO, last_failure=NOW, error="HTTP 500", resume_at=NOW + HOUR)
    state.note_health(store, FRED, last_failure=NOW - HOUR)
    store.write("bars", [bar("IWM", date(2026, 7, 30)), bar("SPY", date(2026, 7, 29))])
    found = told(standings(database_url))
    assert found[YAHOO] == SourceStanding(YAHOO, NOW - HOUR, NOW, NOW + HOUR, date(2026, 7, 30), 0)
    assert (found[FRED].last_success, found[FRED].last_failure) == (None, NOW - HOUR)
    assert found[FINRA].last_success is None


def test_only_what_the_last_run_refused_counts(store: Store, database_url: str) -> None:
    for part, refused in (("prices", 7), ("prices", 2), ("snapshot", 3), ("shortinterest", 5), ("shortinterest", 0)):
        run = runs.begin(store, part, NOW)
        runs.finish(store, run, NOW, written=Written(refused=refused))
    found = told(standings(database_url))
    assert (found[YAHOO].refused, found[FINRA].refused) == (5, 0)


def line(**given: datetime | date | int | None) -> str:
    """Return the line of one source."""
    fields: dict[str, object] = {"last_success": None, "last_failure": None, "resume_at": None, "newest": None,
                                 "refused": 0, **given}  # fmt: skip
    one = SourceStanding("FRED", **fields)  # type: ignore[arg-type]
    return list(standing.lines([one], Catalogue.load(), NOW, None))[1]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "FRED: never answered, breaker closed."),
        ({"last_success": NOW}, "FRED: last answered less than a minute ago, breaker closed."),
        (
            {"last_success": NOW - 3 * HOUR, "newest": date(2026, 7, 30)},
            "FRED: last answered 3 hours ago, newest 30 Jul 2026, breaker closed.",
        ),
        (
            {"last_success": NOW - 3 * HOUR, "last_failure": NOW - 2 * HOUR},
            "FRED: last answered 3 hours ago, failed 2 hours ago, breaker closed.",
        ),
        (
            {"last_success": NOW - 2 * HOUR, "last_failure": NOW - 3 * HOUR},
            "FRED: last answered 2 hours ago, breaker closed.",
        ),
        ({"resume_at": NOW + HOUR / 2}, "FRED: never answered, breaker open: left alone for 30 minutes."),
        ({"resume_at": NOW - HOUR}, "FRED: never answered, breaker closed."),
        (
            {"last_success": NOW - 3 * HOUR, "refused": 1234},
            "FRED: last answered 3 hours ago, 1,234 rows refused, breaker closed.",
        ),
    ],
)
def test_a_line_tells_what_matters_now(given: dict[str, datetime | date | int], said: str) -> None:
    assert line(**given) == said


def test_lines_are_translated() -> None:
    with i18n.use("es"):
        assert line(last_success=NOW - 3 * HOUR, resume_at=NOW + HOUR / 2) == (
            "FRED: respondió por última vez hace 3 horas, disyuntor abierto: se deja en paz 30 minutos."
        )
