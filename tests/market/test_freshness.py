"""How each source stands, out of the ingester's own records, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot import i18n
from bot.config import Settings, VendorSettings, VendorsSettings
from bot.market import standing
from bot.market.catalogue import Catalogue
from bot.market.freshness import VENDORS, standings
from bot.market.sources.vendor import FINRA, FRED, ISHARES, YAHOO, switched_off
from bot.market.standing import SourceStanding
from bot.market.store import Store, Written, migrate, runs, state
from bot.market.store.state import Absence
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


def test_a_part_that_failed_stays_told_while_another_of_the_same_vendor_answers(
    store: Store, database_url: str
) -> None:
    """Companies' pages, read last of all, must not hide that there were no prices."""
    ends: tuple[tuple[str, runs.Status], ...] = (
        ("prices", "failed"), ("funds", "partial"), ("futures", "done"), ("companies", "done"),
    )  # fmt: skip
    for part, status in ends:
        runs.finish(store, runs.begin(store, part, NOW), NOW, status=status)
    state.note_health(store, YAHOO, last_failure=NOW - HOUR / 2, last_success=NOW)
    found = told(standings(database_url))
    assert (found[YAHOO].failed, found[FRED].failed) == ({"prices": False, "funds": True}, {})
    assert list(standing.lines([found[YAHOO]], None, NOW, None))[1] == (
        "Yahoo Finance: last answered less than a minute ago, failed 30 minutes ago (prices, funds in part), "
        "breaker closed."
    )
    for part in ("prices", "funds"):
        runs.finish(store, runs.begin(store, part, NOW), NOW)
    assert told(standings(database_url))[YAHOO].failed == {}


def test_what_the_settings_switch_off_is_told_from_what_never_answered(store: Store, database_url: str) -> None:
    state.note_health(store, FRED, last_success=NOW - 40 * 24 * HOUR, resume_at=NOW + HOUR)
    found = told(standings(database_url, (FRED, FINRA)))
    assert {vendor: one.enabled for vendor, one in found.items()} == {
        YAHOO: True, FINRA: False, ISHARES: True, FRED: False,
    }  # fmt: skip
    assert list(standing.lines([found[FRED], found[ISHARES]], None, NOW, None))[1:] == [
        "FRED: switched off in the settings.",
        "iShares: never answered, breaker closed.",
    ]


@pytest.mark.parametrize("off", [(), *((name,) for name in VendorsSettings.model_fields)])
def test_the_settings_name_who_is_switched_off(off: tuple[str, ...]) -> None:
    given = {name: VendorSettings(enabled=name not in off) for name in VendorsSettings.model_fields}
    names = {"yahoo": YAHOO, "finra": FINRA, "ishares": ISHARES, "fred": FRED}
    assert switched_off(Settings(vendors=VendorsSettings(**given))) == tuple(names[name] for name in off)


def test_symbols_that_have_ended_are_named_with_their_history(store: Store, database_url: str) -> None:
    """One that has been missing for a few days only is not among them; nor is it another vendor's."""
    store.write("bars", [bar("QQQ", date(2026, 7, 17)), bar("IWM", date(2026, 7, 30))])
    first, last = date(2026, 7, 20), date(2026, 7, 24)
    gone = [
        Absence("QQQ", "No data found, symbol may be delisted", 5, first, last, last),
        Absence("MAGS", "No data found, symbol may be delisted", 5, first, last, last),
        Absence("KRE", "No data found, symbol may be delisted", 4, first, last),
    ]
    state.note_absences(store, gone, [])
    found = told(standings(database_url))
    assert [one.symbol for one in found[YAHOO].ended] == ["MAGS", "QQQ"]
    assert not any(found[vendor].ended for vendor in (FINRA, ISHARES, FRED))
    assert list(standing.lines([found[YAHOO]], None, NOW, None))[2:] == [
        "MAGS has ended: Yahoo Finance has nothing under that name since 20 Jul 2026, asked last on 24 Jul 2026.",
        "QQQ has ended: Yahoo Finance has nothing under that name since 20 Jul 2026, asked last on 24 Jul 2026; "
        "its history ends on 17 Jul 2026.",
    ]
    state.note_absences(store, [replace(gone[0], asked=NOW.date())], ["MAGS", "KRE"])
    assert set(state.absences(store)) == {"QQQ"}
    assert state.absences(store)["QQQ"].asked == NOW.date()


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
        ({"enabled": False}, "FRED: switched off in the settings."),
        (
            {"enabled": False, "last_success": NOW - HOUR, "last_failure": NOW, "newest": date(2026, 7, 30)},
            "FRED: switched off in the settings, newest 30 Jul 2026.",
        ),
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
