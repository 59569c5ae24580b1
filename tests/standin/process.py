"""The stand-in in a process of its own: it outlives whoever posts to it, and counts what arrived."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.standin import API


class StandIn:
    """A running stand-in, steered over HTTP."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.base = f"http://127.0.0.1:{port}{API}"

    def set(self, **wanted: Any) -> None:
        self._call("/_/set", wanted)

    def reset(self) -> None:
        self._call("/_/reset", {})

    def say(self, channel: int, content: str) -> int:
        return int(self._call("/_/say", {"channel": channel, "content": content})["id"])

    def state(self) -> dict[str, Any]:
        return self._call("/_/state")

    def counts(self) -> dict[str, Any]:
        return self._call("/_/counts")

    def channel(self, channel_id: int) -> dict[str, Any]:
        found: dict[str, Any] = self.state()["channels"][str(channel_id)]
        return found

    def messages(self, channel_id: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.channel(channel_id)["messages"]
        return found

    def ask(self, path: str, data: Any = None) -> dict[str, Any]:
        """Steer or look at what has no method here."""
        return self._call(path, data)

    def _call(self, path: str, data: Any = None) -> dict[str, Any]:
        body = None if data is None else json.dumps(data).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", body)
        with urllib.request.urlopen(request, timeout=90) as answer:
            read: dict[str, Any] = json.load(answer)
        return read


@contextmanager
def running() -> Iterator[StandIn]:
    """Start a stand-in; it ends with the body."""
    command = [sys.executable, "-m", "tests.standin"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield StandIn(int(process.stdout.readline()))
        process.stdin.close()
        process.wait(10)


@pytest.fixture(scope="session")
def _standin_process() -> Iterator[StandIn]:
    with running() as standin:
        yield standin


@pytest.fixture
def standin(_standin_process: StandIn) -> StandIn:
    """Give a stand-in with nothing in it."""
    _standin_process.reset()
    return _standin_process
