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
from tests.standin.interactions import FORM, PRESS, SLASH
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

    def interact(self, kind: int, data: dict[str, Any], **about: Any) -> dict[str, Any]:
        """Let a person do something; see ``tests.standin.interactions``."""
        return self.standin.ask("/_/interact", {"type": kind, "data": data, **about})

    def slash(
        self, name: str, channel: int = CHANNEL, *, about: dict[str, Any] | None = None, **options: str
    ) -> dict[str, Any]:
        """Let a person type a slash command; ``about`` says where, who, in which language."""
        given = [{"name": option, "type": 3, "value": value} for option, value in options.items()]
        data = {"id": "1", "name": name, "type": 1, "options": given}
        return self.interact(SLASH, data, **{"channel": channel, **(about or {})})

    def press(self, message: dict[str, Any], custom_id: str, *values: str, **about: Any) -> dict[str, Any]:
        """Let a person press a button, or choose ``values`` in a select."""
        data = {"custom_id": custom_id, "component_type": 3 if values else 2, "values": list(values)}
        return self.interact(PRESS, data, message=message, **about)

    def fill(self, message: dict[str, Any], form: dict[str, Any], given: dict[str, str], **about: Any) -> Any:
        """Let a person fill in a form: ``given`` by the ids of its lines, what is not given stays as it stands."""
        lines: list[dict[str, Any]] = []
        for number, line in enumerate(form["components"]):
            asked = line["component"]
            text = given.get(asked["custom_id"], asked.get("value") or "")
            filled = {"values": [text]} if asked["type"] == 3 else {"value": text}
            component = {"type": asked["type"], "id": 2 * number + 2, "custom_id": asked["custom_id"], **filled}
            lines.append({"type": 18, "id": 2 * number + 1, "component": component})
        return self.interact(FORM, {"custom_id": form["custom_id"], "components": lines}, message=message, **about)

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
