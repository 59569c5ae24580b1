"""The doctor and the status: a line each, what to do, and an exit code that says whether anything failed."""

import argparse
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot import config, doctor, operations
from bot.clock import SettableClock
from bot.config import DataSettings, Settings, VendorSettings, VendorsSettings
from bot.discord_ui.portal import Portal
from bot.market.catalogue import Catalogue
from bot.market.sources.pace import Timing
from bot.market.standing import SourceStanding, duration, lines
from bot.market.store import Store, migrate, state

NOW = datetime(2026, 7, 31, 22, tzinfo=UTC)
SILENT = VendorsSettings(**{name: VendorSettings(enabled=False) for name in VendorsSettings.model_fields})
NOTHING = argparse.Namespace()


def settings_in(folder: Path, vendors: VendorsSettings = SILENT) -> Settings:
    return Settings(data=DataSettings(folder=folder), vendors=vendors)


@pytest.fixture(autouse=True)
def _no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(config.TOKEN_VARIABLE, raising=False)


def found(settings: Settings) -> dict[str, doctor.Check]:
    timing = Timing(SettableClock(NOW), sleep=lambda _seconds: None)
    return {check.name: check for check in doctor.checks(settings, timing)}


def test_a_fresh_machine_is_told_what_to_do(tmp_path: Path) -> None:
    checks = found(settings_in(tmp_path))
    assert config.TOKEN_VARIABLE in checks["Token"].todo
    assert checks["Market database"].todo == "Run “handoff migrate”."
    assert checks["Community database"].todo == "Run “handoff migrate”."
    assert checks["Data"].todo == "Run “handoff ingest”."
    assert checks["Yahoo Finance"].said == "switched off"
    assert not checks["Typeface"].todo
    assert not checks["Disk"].todo


def test_after_migrating_both_databases_are_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert operations.migrate(settings_in(tmp_path), NOTHING) == 0
    assert "up to date" in capsys.readouterr().out
    checks = found(settings_in(tmp_path))
    for name in ("Market database", "Community database"):
        assert not checks[name].todo
        assert "at revision" in checks[name].said


def test_both_parts_may_share_one_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/shared.db"
    settings = Settings(data=DataSettings(folder=tmp_path, market_url=url, community_url=url), vendors=SILENT)
    assert operations.migrate(settings, NOTHING) == 0
    assert operations.migrate(settings, NOTHING) == 0
    assert not found(settings)["Community database"].todo


def test_a_database_that_does_not_answer_is_named_without_its_password(tmp_path: Path) -> None:
    url = "postgresql+psycopg://handoff:hunter2@127.0.0.1:1/handoff"
    settings = Settings(data=DataSettings(folder=tmp_path, market_url=url), vendors=SILENT)
    check = found(settings)["Market database"]
    assert check.todo
    assert "hunter2" not in check.line()


def test_vendors_out_of_reach_are_one_sentence_each(tmp_path: Path) -> None:
    away = VendorSettings(base_url="http://127.0.0.1:1", timeout=1)
    checks = found(settings_in(tmp_path, VendorsSettings(yahoo=away, finra=away, ishares=away, fred=away)))
    for vendor in ("Yahoo Finance", "FINRA", "iShares", "FRED"):
        assert vendor in checks[vendor].said
        assert checks[vendor].todo
        assert "127.0.0.1" not in checks[vendor].line()


def test_what_discord_says_of_the_token() -> None:
    checks = {c.name: c for c in doctor._portal(Portal("Handoff", message_content=False, clock_off=75.0))}
    assert checks["Token"].said == "belongs to Handoff"
    assert checks["Message Content Intent"].todo
    assert checks["Clock"].todo
    checks = {c.name: c for c in doctor._portal(Portal("Handoff", message_content=True, clock_off=-1.2))}
    assert not any(check.todo for check in checks.values())
    assert checks["Clock"].said == "−1 seconds off"


def test_the_exit_code_says_whether_anything_failed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor.doctor(settings_in(tmp_path), NOTHING) == 1
    said = capsys.readouterr().out.splitlines()
    assert all(line.startswith(("✓", "✗")) for line in said)
    assert any("→" in line for line in said)


def test_status_before_and_after_a_vendor_answered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = settings_in(tmp_path)
    assert operations.status(settings, NOTHING) == 0
    said = capsys.readouterr().out
    assert "No data yet" in said
    assert said.count("switched off in the settings") == 4
    settings = settings_in(tmp_path, VendorsSettings())
    assert operations.status(settings, NOTHING) == 0
    assert capsys.readouterr().out.count("never answered") == 4
    with Store(settings.market_url) as store:
        state.note_health(store, "FRED", last_success=datetime.now(UTC) - timedelta(hours=5))
    operations.status(settings, NOTHING)
    assert "FRED: last answered 5 hours ago, breaker closed." in capsys.readouterr().out


def test_what_is_remembered_is_shown_and_fails_nothing(tmp_path: Path) -> None:
    """A symbol that has ended, and what was set aside: the same row for the same reason once, with its count."""
    settings = settings_in(tmp_path)
    migrate(settings.market_url)
    day = date(2026, 7, 24)
    with Store(settings.market_url) as store:
        state.note_absences(store, [state.Absence("MAGS", "gone", 5, date(2026, 7, 20), day, day)], [])
        for close in (700.0, 700.0, 710.0):
            store.refuse("bars", [{"symbol": "IWM", "day": day, "close": close}], "a jump")
    told = list(doctor.checks(settings, Timing(SettableClock(NOW))))
    assert [check.line() for check in told if check.name == "Ended"] == [
        "✓ Ended: MAGS has ended: Yahoo Finance has nothing under that name since 20 Jul 2026, "
        "asked last on 24 Jul 2026."
    ]
    said = [check.said.partition(", ")[2] for check in told if check.name == "Set aside"]
    assert said == ["bars IWM 2026-07-24: a jump", "bars IWM 2026-07-24: a jump (2 times)"]


def test_trouble_is_told_until_it_is_over() -> None:
    hour = timedelta(hours=1)
    standing = SourceStanding("FINRA", NOW - 3 * hour, NOW - hour, NOW + hour / 2, date(2026, 7, 15), 12)
    told = list(lines([standing], Catalogue.load(), NOW, NOW + 5 * hour))
    assert told[0] == f"Data to the close of 31 Jul 2026 (version {Catalogue.load().version})."
    assert told[1] == (
        "FINRA: last answered 3 hours ago, newest 15 Jul 2026, failed 60 minutes ago, 12 rows refused, "
        "breaker open: left alone for 30 minutes."
    )
    assert told[2] == "Next run about 1 Aug 2026, 03:00 UTC."
    over = SourceStanding("FINRA", NOW, NOW - hour, NOW - hour, None, 0)
    assert list(lines([over], None, NOW, None))[1] == "FINRA: last answered less than a minute ago, breaker closed."


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [
        (0, "less than a minute"),
        (1, "1 minute"),
        (119, "119 minutes"),
        (120, "2 hours"),
        (47 * 60, "47 hours"),
        (4321, "3 days"),
    ],
)
def test_spans_in_their_largest_unit(minutes: int, shown: str) -> None:
    assert duration(timedelta(minutes=minutes)) == shown
