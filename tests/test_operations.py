"""The operator's commands against the local vendors: typed as an operator would, with what is printed and returned."""

import json
import os
import pty
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from bot import cli, config, doctor, i18n
from bot.clock import SystemClock
from bot.market.dataset import Dataset
from bot.market.ingest import PARTS, run
from bot.market.sources.pace import Timing
from bot.market.store import Store, state
from bot.market.store.connection import head
from bot.market.store.state import Absence
from tests.vendors.fixtures import short_folder, vendors
from tests.vendors.proxy import environment
from tests.vendors.server import LocalVendors

__all__ = ["short_folder", "vendors"]

EVENING = datetime(2026, 7, 30, 22, 0, tzinfo=UTC)
NOWHERE = 'base_url = "http://127.0.0.1:9"\n'
VENDORS = ("yahoo", "finra", "ishares", "fred")


@dataclass
class Terminal:
    """A machine with the bot on it: ``type`` runs a command and returns its exit code and what it printed."""

    folder: Path
    vendors: LocalVendors
    type: Callable[..., tuple[int, str]]

    def at(self, moment: datetime) -> None:
        self.vendors.world.now = moment
        self.vendors.forget()

    def configure(self, *lines: str, **sections: str) -> None:
        """Write the settings: a year of history, no waiting between requests, and whatever is given."""
        written = dict.fromkeys(VENDORS, "requests_per_second = 50\n") | sections
        body = "".join(f"[vendors.{vendor}]\n{given}" for vendor, given in written.items())
        (self.folder / "config.toml").write_text(
            f'[data]\nfolder = "{self.folder / "data"}"\n[ingest]\nhistory_years = 1\nfacts_per_day = 4\n{body}'
            + "\n".join(lines)
        )

    def dump(self) -> dict[str, list[tuple[object, ...]]]:
        """Return all market data that is stored."""
        with Store(f"sqlite:///{self.folder / 'data' / 'market.db'}") as store, store.reading() as connection:
            return {
                name: [tuple(row) for row in connection.execute(text(f"SELECT * FROM {name} ORDER BY 1, 2"))]
                for name in ("bars", "macro", "holdings", "short_interest", "snapshots", "instruments")
            }


@pytest.fixture
def terminal(
    short_folder: Path, vendors: LocalVendors, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Terminal]:
    """Give a machine whose network leads to the local vendors, on their day."""
    monkeypatch.delenv(config.TOKEN_VARIABLE, raising=False)
    monkeypatch.setattr(SystemClock, "now", lambda _self: vendors.world.now)
    for module in (run, doctor):
        monkeypatch.setattr(module, "Timing", lambda clock: Timing(clock, sleep=lambda _seconds: None))
    vendors.world.copies["MDY"] = "RSP"  # not in the record
    vendors.world.at("2026-07-30")

    def typed(*words: str) -> tuple[int, str]:
        try:
            code = cli.main(["--config", str(short_folder / "config.toml"), *words])
        except SystemExit as stop:
            code = int(stop.code or 0)
        shown = capsys.readouterr()
        return code, shown.out + shown.err

    with environment(short_folder) as variables:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        made = Terminal(short_folder, vendors, typed)
        made.configure()
        yield made


def test_an_evening_and_the_next(terminal: Terminal) -> None:
    code, said = terminal.type("ingest", "--only", "prices", "--only", "macro", "--only", "holdings")
    assert code == 0, said
    assert re.search(r"^prices: done, 35 requests$", said, re.MULTILINE)
    assert re.search(r"^macro: done, 14 requests$", said, re.MULTILINE)
    assert re.search(r"^Published: store-2026-07-30-[0-9a-f]{10}\.$", said, re.MULTILINE)
    assert terminal.vendors.count("finra") == 0
    data = Dataset.open(terminal.folder / "data" / "versions")
    assert (data.as_of, len(data.symbols())) == (date(2026, 7, 30), 33)

    code, said = terminal.type("ingest", "--only", "prices")
    assert (code, said.splitlines()[-1]) == (0, "Nothing new to publish.")

    terminal.at(datetime(2026, 7, 31, 21, 0, tzinfo=UTC))
    code, said = terminal.type("ingest", "--only", "prices")
    assert (code, terminal.vendors.count("yahoo")) == (0, 35)
    assert "Published: store-2026-07-31-" in said
    code, said = terminal.type("status")
    assert code == 0
    assert "Data to the close of 31 Jul 2026" in said
    assert "Yahoo Finance: last answered less than a minute ago, newest 31 Jul 2026, breaker closed." in said
    assert "FRED: last answered 23 hours ago, newest 29 Jul 2026, breaker closed." in said
    assert "FINRA: never answered" in said
    assert "Next run about 1 Aug 2026, 02:15 UTC." in said


def test_the_status_of_the_bundled_sample_promises_no_run(terminal: Terminal) -> None:
    """Nobody fetches anything for it, and no vendor has anything to do with it."""
    (terminal.folder / "config.toml").write_text('[data]\nsource = "sample"\n')
    code, said = terminal.type("status")
    assert code == 0
    [line] = said.splitlines()
    assert line.startswith("Data to the close of 31 Jul 2026 (version sample-")


def test_full_fetches_the_whole_history_again(terminal: Terminal) -> None:
    first = terminal.type("ingest", "--only", "prices")[1]
    before = terminal.dump()
    terminal.vendors.forget()
    code, said = terminal.type("ingest", "--full", "--only", "prices")
    assert code == 0, said
    assert terminal.vendors.count("yahoo") == 33 + 2
    assert terminal.dump() == before
    assert said.splitlines()[-1] == first.splitlines()[-1]  # the version is named by its content


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["ingest", "--only", "price"], 1, "There is no source called “price”. There are prices, futures,"),
        (["ingest", "--only", "prices", "--only", "nasdaq"], 1, "There is no source called “nasdaq”."),
        (["ingest", "--only"], 2, "argument --only: expected one argument"),
        (["ingest", "prices"], 2, "unrecognized arguments: prices"),
        (["ingset"], 2, "invalid choice: 'ingset'"),
    ],
)
def test_what_is_mistyped_is_told_and_costs_no_request(
    terminal: Terminal, words: list[str], code: int, told: str
) -> None:
    found, said = terminal.type(*words)
    assert (found, told in said, "Traceback" in said) == (code, True, False), said
    assert terminal.vendors.count() == 0


def test_without_a_network_one_sentence_a_vendor(terminal: Terminal) -> None:
    terminal.type("ingest", "--only", "prices", "--only", "macro")
    before = terminal.dump()
    terminal.configure(**dict.fromkeys(VENDORS, NOWHERE))
    terminal.at(datetime(2026, 8, 12, 21, 0, tzinfo=UTC))  # when short interest is due too
    code, said = terminal.type("ingest")
    assert code == 1
    for vendor in ("Yahoo Finance", "FINRA", "iShares", "FRED"):
        assert said.splitlines().count(f"{vendor} could not be reached.") == 1
    assert all(f"{part}: failed, " in said for part in PARTS if part != "companies")
    assert "Nothing new to publish." in said
    assert terminal.dump() == before
    assert "breaker open: left alone for" in terminal.type("status")[1]


def test_each_vendor_can_be_switched_off(terminal: Terminal) -> None:
    for vendor, part in (("fred", "macro"), ("ishares", "holdings"), ("finra", "shortinterest"), ("yahoo", "prices")):
        terminal.configure(**{vendor: "enabled = false\n"})
        code, said = terminal.type("ingest", "--only", part)
        assert code == 0
        assert f"{part}: switched off, 0 requests" in said
    assert terminal.vendors.count() == 0


def test_a_proxy_of_ones_own_is_asked_instead(terminal: Terminal) -> None:
    """Another address for one vendor leaves the others alone; its path is kept in front."""
    terminal.configure(fred='base_url = "https://www.ishares.com/mirror"\n', ishares="requests_per_second = 50\n")
    code, said = terminal.type("ingest", "--only", "macro", "--only", "holdings")
    assert code == 1
    assert re.search(r"^holdings: done, 3 requests$", said, re.MULTILINE)
    assert {asked.path for asked in terminal.vendors.asked if asked.path.startswith("/mirror")} == {
        "/mirror/graph/fredgraph.csv"
    }
    assert terminal.vendors.count("fred") == 0


def all_shown(screen: int) -> str:
    """Read what a terminal shows until nobody writes to it any more: it comes in pieces, and is not kept for long."""
    pieces = []
    with suppress(OSError):  # how Linux says that the other end is closed
        while piece := os.read(screen, 1 << 16):
            pieces.append(piece)
    os.close(screen)
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", b"".join(pieces).decode())


def shown_on_a_terminal(terminal: Terminal, monkeypatch: pytest.MonkeyPatch, *words: str) -> tuple[int, str]:
    """Type a command where standard error is a terminal; return its exit code and what was shown there."""
    ours, theirs = pty.openpty()
    with ThreadPoolExecutor(1) as watcher, os.fdopen(theirs, "w") as screen:
        shown = watcher.submit(all_shown, ours)
        monkeypatch.setattr("sys.stderr", screen)
        code = terminal.type(*words)[0]
        screen.close()
        return code, shown.result()


def test_a_bar_for_each_part_on_a_terminal(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("ingest", "--only", "holdings", "--only", "shortinterest")
    code, plain = shown_on_a_terminal(terminal, monkeypatch, *words)
    assert code == 0
    assert re.search(r"holdings\s+━+ 3/3", plain)
    assert re.search(r"shortinterest\s+━+ 1/1", plain)


def test_what_goes_wrong_is_told_above_the_bars(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """On lines of its own that fit: written through a bar, neither could be read."""
    terminal.vendors.fail("ishares", "error")
    code, plain = shown_on_a_terminal(terminal, monkeypatch, "ingest", "--only", "holdings", "--only", "shortinterest")
    assert code == 1
    assert re.search(r"[\r\n]\d{4}-\d\d-\d\dT\S+ WARNING bot\.market\.ingest\.run: holdings: IWM:", plain)
    assert max(len(line) for line in re.split(r"[\r\n]", plain)) <= 80
    assert re.search(r"holdings\s+━+ 3/3", plain)


def test_the_doctor_on_a_machine_that_works_but_for_its_token(terminal: Terminal) -> None:
    terminal.type("migrate")
    terminal.type("ingest", "--only", "prices")
    code, said = terminal.type("doctor")
    assert code == 1
    failed = [line for line in said.splitlines() if line.startswith("✗")]
    assert len(failed) == 1, said
    assert failed[0].startswith("✗ Token: there is none → ")
    assert "✓ Data: to the close of 30 Jul 2026" in said
    assert "✓ Yahoo Finance: IWM: 9 daily bars to 30 Jul 2026" in said
    assert "✓ FINRA: 22,375 symbols of 15 Jul 2026" in said
    assert "✓ iShares: IWB: 1023 members of 17 Jul 2026" in said
    assert re.search(r"^✓ FRED: DGS2: \d+ observations$", said, re.MULTILINE)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("error", "could not be reached. → Check the network, the proxy settings and the vendor's base_url."),
        ("rate", "asks for fewer requests: next try in 7 seconds. → Lower requests_per_second for this vendor"),
        ("consent", "sent an answer that makes no sense; it was thrown away. → Look for a newer release"),
    ],
)
def test_the_doctor_advises_by_what_went_wrong(terminal: Terminal, kind: str, told: str) -> None:
    for vendor in ("finra", "ishares", "fred"):
        terminal.vendors.fail(vendor, kind)
    said = terminal.type("doctor")[1]
    for name in ("FINRA", "iShares", "FRED"):
        assert f"✗ {name}: {name} {told}" in said
    assert "✓ Yahoo Finance: IWM: 9 daily bars" in said
    assert "<html" not in said


def test_a_vendor_that_answers_with_nothing_is_not_well(terminal: Terminal) -> None:
    """To a clock that is years ahead every vendor has something, and nothing of late."""
    terminal.vendors.fail("finra", "delisted")
    terminal.at(datetime(2027, 2, 5, 21, 0, tzinfo=UTC))
    said = terminal.type("doctor")[1].splitlines()
    thrown = "sent an answer that makes no sense; it was thrown away. → "
    assert [line.partition(thrown)[0] for line in said if thrown in line] == [
        "✗ Yahoo Finance: Yahoo Finance ", "✗ FRED: FRED ",
    ]  # fmt: skip
    [line] = [line for line in said if "FINRA:" in line]
    assert line.startswith("✗ FINRA: FINRA refused the request. → Open the vendor's site from this machine")


def test_a_fault_of_ours_with_one_vendor_hides_no_other(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_given: object) -> None:
        raise IndexError("list index out of range")

    monkeypatch.setattr("bot.market.sources.yahoo.Yahoo.bars", broken)
    code, said = terminal.type("doctor")
    assert code == 1
    assert "✗ Yahoo Finance: Something went wrong on my side while reading Yahoo Finance; the log tells more." in said
    assert "✓ FINRA: 22,375 symbols" in said
    assert "✓ FRED: DGS2:" in said
    [record] = [one for one in caplog.records if one.exc_info]
    assert "Yahoo Finance" in record.getMessage()


def test_the_doctor_tells_what_is_behind(terminal: Terminal) -> None:
    terminal.type("ingest", "--only", "prices")
    url = f"sqlite:///{terminal.folder / 'data' / 'market.db'}"
    with Store(url) as store, store.writing() as connection:
        connection.execute(text("UPDATE market_version SET version_num = '0001'"))
    terminal.at(datetime(2026, 8, 4, 21, 0, tzinfo=UTC))
    said = terminal.type("doctor")[1]
    assert f"✗ Market database: at revision 0001, this release needs {head()} → Run “handoff migrate”." in said
    assert "✗ Data: to the close of 30 Jul 2026 → Run “handoff ingest”: 3 Aug 2026 is missing." in said


@pytest.mark.parametrize("shown", [datetime(2026, 7, 28, 22, 0, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)])
def test_a_clock_that_is_behind_is_told_by_ingest_and_doctor(terminal: Terminal, shown: datetime) -> None:
    terminal.type("ingest", "--only", "prices")
    terminal.at(shown)
    code, said = terminal.type("ingest")
    assert code == 1
    [line] = said.splitlines()
    told = f"This machine's clock shows {i18n.moment(shown)}, but there is data of "
    assert line.startswith(told)
    assert terminal.vendors.count() == 0
    code, said = terminal.type("doctor")
    assert code == 1
    assert f"✗ Data: to the close of 30 Jul 2026 → {told}30 Jul 2026 already: set it, for instance with NTP." in said
    assert "FRED: " in said


def test_the_doctor_shows_what_was_set_aside(terminal: Terminal) -> None:
    terminal.type("ingest", "--only", "prices")
    terminal.vendors.world.flicker["IWM", date(2026, 7, 31)] = 700.0
    terminal.at(datetime(2026, 7, 31, 21, 0, tzinfo=UTC))
    terminal.type("ingest", "--only", "prices")
    said = terminal.type("doctor")[1]
    [line] = [line for line in said.splitlines() if "Set aside" in line]
    assert line.startswith("✓ Set aside: ")
    assert line.endswith("bars IWM 2026-07-31: a jump that a second fetch did not confirm: 2026-07-31")


def test_a_symbol_that_is_gone_for_good_is_told_once(terminal: Terminal) -> None:
    """The fifth day: exit code 0, one sentence; then status and doctor name it, and the next evening is quiet."""
    assert terminal.type("ingest", "--only", "prices")[0] == 0
    with Store(f"sqlite:///{terminal.folder / 'data' / 'market.db'}") as store:
        four = Absence("QQQ", "No data found", 4, date(2026, 7, 27), date(2026, 7, 30))
        state.note_absences(store, [four], [])
    terminal.vendors.world.unknown.add("QQQ")
    terminal.at(datetime(2026, 7, 31, 21, 0, tzinfo=UTC))
    code, said = terminal.type("ingest", "--only", "prices")
    assert code == 0
    assert [line for line in said.splitlines() if "QQQ" in line and "WARNING" not in line] == [
        "QQQ is marked as ended: Yahoo Finance had nothing under that name on 5 days. It is asked for once a week. "
        "Its history to 30 Jul 2026 stays."
    ]
    assert "Published: store-2026-07-31-" in said
    ended = (
        "QQQ has ended: Yahoo Finance has nothing under that name since 27 Jul 2026, asked last on 31 Jul 2026; "
        "its history ends on 30 Jul 2026."
    )
    assert ended in terminal.type("status")[1].splitlines()
    terminal.configure(**dict.fromkeys(VENDORS, "enabled = false\n"))
    assert f"✓ Ended: {ended}" in terminal.type("doctor")[1].splitlines()
    terminal.configure()
    terminal.at(datetime(2026, 7, 31, 23, 0, tzinfo=UTC))
    code, said = terminal.type("ingest", "--only", "prices")
    assert (code, said.splitlines()) == (0, ["prices: done, 0 requests", "Nothing new to publish."])


@pytest.mark.parametrize("command", ["ingest", "status", "migrate", "doctor"])
def test_a_damaged_database_is_one_sentence(terminal: Terminal, command: str) -> None:
    (terminal.folder / "data").mkdir()
    (terminal.folder / "data" / "market.db").write_bytes(b"what was left of it after the power failed " * 200)
    code, said = terminal.type(command)
    told = "The market database is damaged: put back a copy, or move the file away and begin anew."
    assert code == 1
    if command == "doctor":
        assert f"✗ Market database: cannot be used → {told}" in said
        assert "✗ Community database: has no tables yet" in said
    else:
        assert said.splitlines()[-1] == told
        assert terminal.vendors.count() == 0


def test_a_fresh_machine_without_prices(terminal: Terminal) -> None:
    """Other parts are stored and wait; nothing is shown before there are prices; then all of it is."""
    assert terminal.type("status") == (0, "No data yet: start with “handoff ingest”.\n" + "".join(
        f"{vendor}: never answered, breaker closed.\n" for vendor in ("Yahoo Finance", "FINRA", "iShares", "FRED")
    ))  # fmt: skip
    code, said = terminal.type("ingest", "--only", "macro")
    assert (code, said.splitlines()) == (0, ["macro: done, 14 requests", "Nothing new to publish."])
    assert not (terminal.folder / "data" / "versions" / "current").exists()
    code, said = terminal.type("report", "rotation")
    assert code == 1
    assert said.startswith("There is no market data yet.")
    code, said = terminal.type("ingest", "--only", "prices")
    assert (code, "Published: store-2026-07-30-" in said) == (0, True)
    assert len(Dataset.open(terminal.folder / "data" / "versions").macro("DGS2")) > 100


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("[vendors.yahoo]\nbase_url = 'ftp://x'\n", "vendors.yahoo.base_url"),
        ("[vendors.yahoo]\nbase_url = 'https://'\n", "vendors.yahoo.base_url"),
        ("[vendors.yahoo]\nbase_url = 'https://mirror.example/?of=yahoo'\n", "vendors.yahoo.base_url"),
        ("[vendors.yahoo]\nrequests_per_secnd = 2\n", "did you mean requests_per_second?"),
        ("[vendors.fred]\nrequests_per_second = 0\n", "vendors.fred.requests_per_second"),
        ("[ingest]\nfacts_per_day = -3\n", "ingest.facts_per_day"),
        ("[ingest\n", "not valid TOML"),
    ],
)
@pytest.mark.parametrize("command", ["doctor", "ingest", "status"])
def test_wrong_settings_are_told_before_anything_is_done(
    terminal: Terminal, command: str, body: str, told: str
) -> None:
    (terminal.folder / "config.toml").write_text(body)
    code, said = terminal.type(command)
    assert (code, told in said) == (2, True), said
    assert not (terminal.folder / "data").exists()
    assert terminal.vendors.count() == 0


def test_what_is_set_aside_is_json_whatever_it_was(terminal: Terminal) -> None:
    terminal.type("ingest", "--only", "holdings")
    terminal.vendors.fail("ishares", "half")
    terminal.at(datetime(2026, 7, 31, 21, 0, tzinfo=UTC))
    code, said = terminal.type("ingest", "--only", "holdings")
    assert code == 1
    assert "iShares sent an answer that makes no sense; it was thrown away." in said
    with Store(f"sqlite:///{terminal.folder / 'data' / 'market.db'}") as store, store.reading() as connection:
        rows = connection.execute(text("SELECT row, reason FROM refused_rows")).all()
    assert all(isinstance(json.loads(row), dict) and reason for row, reason in rows)
