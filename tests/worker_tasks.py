"""Work for the pool's tests, run inside its processes."""

import os
import signal
import time
from pathlib import Path


def pid() -> int:
    return os.getpid()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_once(marker: str) -> str:
    """Kill the worker the first time, answer the second."""
    path = Path(marker)
    if not path.exists():
        path.touch()
        die()
    return "answered"


def hang() -> None:
    time.sleep(600)


def fail() -> None:
    raise RuntimeError("a fault of ours")
