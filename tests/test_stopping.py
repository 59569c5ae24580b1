"""Ctrl-C and SIGTERM while a command waits for a vendor: it ends at once, says so, and the next run goes on."""

import argparse
import asyncio
import os
import pty
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psutil
import pytest

from bot import app, cli, config, operations
from bot.config import DataSettings, Settings
from bot.errors import NoData
from bot.market.store import Store, runs
from tests.vendors.fixtures import short_folder, vendors
from tests.vendors.proxy import environment
from tests.vendors.server import Asked, LocalVendors

__all__ = ["short_folder", "vendors"]

SOON = 20.0  # seconds, on a machine that does much else; a stalled vendor would hold it for two minutes
SAID = "Stopped: what was stored stays, and the next run goes on from there."
HOLDINGS = ("ingest", "--only", "holdings")


@pytest.fixture
def variables(short_folder: Path, vendors: LocalVendors) -> Iterator[dict[str, str]]:
    """Give the environment of a machine whose network leads to the local vendors."""
    with environment(short_folder) as found:
        yield {**os.environ, **found, "HANDOFF_DATA__FOLDER": str(short_folder / "data"), "PYTHONWARNINGS": "ignore",
               "HANDOFF_VENDORS__ISHARES__REQUESTS_PER_SECOND": "50"}  # fmt: skip


@pytest.fixture(autouse=True)
def as_from_a_terminal() -> Iterator[None]:
    """Have commands hear Ctrl-C: what runs in the background is deaf to it, and hands that on."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def started(variables: dict[str, str], words: Sequence[str], stderr: int = subprocess.PIPE) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "bot", *words], env=variables, stdout=subprocess.PIPE, stderr=stderr, text=True
    )


def stop_while_waiting(
    vendors: LocalVendors,
    process: "subprocess.Popen[str]",
    number: signal.Signals,
    asked: int,
    just_before: Callable[[], None] = lambda: None,
) -> tuple[int, str]:
    """Send a signal when so many requests have arrived; return how the process ended and what it printed."""
    arrived = threading.Event()

    def watch(_asked: Asked) -> None:
        if len(vendors.asked) == asked:
            arrived.set()

    vendors.watch = watch
    assert arrived.wait(60)
    just_before()
    process.send_signal(number)
    out, err = process.communicate(timeout=SOON)
    return process.returncode, out + (err or "")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_ingest_that_waits_for_a_vendor_ends_at_once(
    vendors: LocalVendors, variables: dict[str, str], short_folder: Path, number: signal.Signals, code: int
) -> None:
    vendors.fail("ishares", "stall", after=1)
    ended = stop_while_waiting(vendors, started(variables, HOLDINGS), number, asked=2)
    assert ended == (code, f"{SAID}\n")

    vendors.mend()
    vendors.watch = lambda _asked: None
    again = started(variables, HOLDINGS)
    out, err = again.communicate(timeout=SOON)
    assert (again.returncode, "holdings: done" in out, err) == (0, True, "")
    with Store(f"sqlite:///{short_folder / 'data' / 'market.db'}") as store:
        assert [row.status for row in runs.latest(store, "holdings")] == ["done", "interrupted"]
        assert {row["fund"] for row in store.rows("holdings")} == {"IWM", "IWB", "IVV"}


def test_the_terminal_gets_its_cursor_back(vendors: LocalVendors, variables: dict[str, str]) -> None:
    """The bars hide it."""
    ours, theirs = pty.openpty()
    vendors.fail("ishares", "stall", after=1)
    process = started(variables, HOLDINGS, theirs)
    os.close(theirs)
    assert stop_while_waiting(vendors, process, signal.SIGINT, asked=2)[0] == 130
    shown = b""
    while SAID.encode() not in shown:
        shown += os.read(ours, 1 << 16)
    os.close(ours)
    assert b"\x1b[?25l" in shown
    assert shown.rindex(b"\x1b[?25h") > shown.rindex(b"\x1b[?25l")


def test_whoever_ignores_ctrl_c_goes_on_ignoring_it(capsys: pytest.CaptureFixture[str]) -> None:
    """As commands in the background of a script do; and what was in force before is in force after."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with operations._stoppable(lambda: None):
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
            assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
    finally:
        signal.signal(signal.SIGINT, before)
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == (before, signal.SIG_DFL)
    assert capsys.readouterr().err == ""


def test_a_bot_that_waits_for_its_first_data_ends_with_all_its_processes(
    vendors: LocalVendors, variables: dict[str, str]
) -> None:
    """As the first process of a container it would otherwise not hear SIGTERM at all."""
    vendors.fail("finra", "stall")
    process = started({**variables, "DISCORD_TOKEN": "token"}, ("run",))
    found: list[psutil.Process] = []

    def fetching() -> None:
        found.extend(psutil.Process(process.pid).children(recursive=True))

    code, said = stop_while_waiting(vendors, process, signal.SIGTERM, asked=1, just_before=fetching)
    assert (code, "Traceback" in said) == (0, False), said
    assert found
    assert not psutil.wait_procs(found, timeout=SOON)[1]


def test_a_first_fetch_that_takes_too_long_lets_the_bot_start_with_what_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hangs(_command: Sequence[str]) -> int:
        raise TimeoutError

    monkeypatch.setattr(app, "fetch", hangs)
    settings = Settings(data=DataSettings(folder=tmp_path))
    asyncio.run(app._first_data(settings, argparse.Namespace(config=None)))
    with pytest.raises(NoData):  # here nothing is, and the next step says so
        config.data_location(settings)


@pytest.mark.parametrize(("command", "code"), [("run", 0), ("doctor", 130), ("status", 130), ("ingest", 130)])
def test_only_what_runs_until_it_is_stopped_is_done_by_ctrl_c(
    monkeypatch: pytest.MonkeyPatch, command: str, code: int
) -> None:
    """A check that was broken off has found nothing to be well."""

    def stopped(*_given: object) -> int:
        raise KeyboardInterrupt

    for module in ("app.run", "doctor.doctor", "operations.status", "operations.ingest"):
        monkeypatch.setattr(f"bot.{module}", stopped)
    assert cli.main([command]) == code
