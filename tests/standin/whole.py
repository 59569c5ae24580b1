"""The whole bot as an operator starts it, ``handoff run``, in processes of its own, with Discord pretended."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.standin.gateway import CHANNEL
from tests.standin.process import StandIn

ROOT = Path(__file__).parent.parent.parent
LONGEST = 120.0  # seconds for starting or stopping, on a machine that does much else besides


@dataclass
class Whole:
    """A running bot and where its log goes."""

    process: "subprocess.Popen[bytes]"
    standin: StandIn
    log_path: Path

    @property
    def log(self) -> str:
        return self.log_path.read_text(encoding="utf-8")

    def online(self) -> dict[str, Any]:
        return self.standin.ask("/_/online")

    def wait_for(self, what: str, least: int = 1) -> None:
        """Wait until the stand-in has counted ``least`` of something. Fails with the log where that never happens."""
        self.until(lambda: int(self.online()[what]) >= least, what)

    def until(self, so: Any, what: str) -> None:
        end = time.monotonic() + LONGEST
        while not so():
            assert self.process.poll() is None, self.log
            assert time.monotonic() < end, f"{what} never came:\n{self.log}"
            time.sleep(0.05)

    def slash(self, name: str, channel: int = CHANNEL, **options: str) -> dict[str, Any]:
        """Let a person type a slash command; see ``tests.standin.gateway.slash``."""
        return self.standin.ask("/_/slash", {"name": name, "channel": channel, "options": options})

    def stop(self) -> int:
        """Ask it to end, as a service manager does; returns the exit code."""
        self.process.terminate()
        return self.process.wait(LONGEST)


def environment(folder: Path, **more: str) -> dict[str, str]:
    settings = {"DISCORD_TOKEN": "token", "HANDOFF_DATA__FOLDER": str(folder), "HANDOFF_DATA__SOURCE": "sample"}
    return {**os.environ, **settings, **more}


def command(port: int, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "tests.standin.bot_process", str(port), *(arguments or ("run",))]


@contextmanager
def started(standin: StandIn, folder: Path, **more: str) -> Iterator[Whole]:
    """Start the bot and wait until it is online; whatever happens, its processes end with the body."""
    log_path = folder / "log.txt"
    with log_path.open("ab") as log:
        process = subprocess.Popen(command(standin.port), cwd=ROOT, env=environment(folder, **more), stderr=log)
    whole = Whole(process, standin, log_path)
    try:
        whole.wait_for("connected")
        yield whole
    finally:
        if process.poll() is None:
            whole.stop()


def refused(standin_port: int, folder: Path, **more: str) -> "subprocess.CompletedProcess[str]":
    """Start a bot that is not to come up; returns how it ended."""
    return subprocess.run(
        command(standin_port), cwd=ROOT, env=environment(folder, **more), capture_output=True, text=True,
        timeout=LONGEST, check=False,
    )  # fmt: skip
