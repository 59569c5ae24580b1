"""The local vendors in a process of their own: for measurements, and for runs that are killed.

``python -m tests.vendors.apart FOLDER MOMENT LATENCY [NAME=SYMBOL ...]`` serves until its input closes.
"""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from bot.market.sources.vendor import Vendors
from tests.vendors.server import LocalVendors, settings_for
from tests.vendors.world import World

ROOT = Path(__file__).parent.parent.parent


def main(folder: str, moment: str, latency: str, *copies: str) -> None:
    """Serve until nobody listens any more."""
    world = World(now=datetime.fromisoformat(moment))
    world.copies.update(dict(copy.split("=") for copy in copies))
    with LocalVendors(Path(folder), world, float(latency)):
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.read()


@contextmanager
def apart(
    folder: Path, moment: datetime, latency: float = 0.0, copies: Mapping[str, str] | None = None
) -> Iterator[Vendors]:
    """Run them beside this process; yields the settings that lead there."""
    names = [f"{name}={symbol}" for name, symbol in (copies or {}).items()]
    command = [sys.executable, "-m", "tests.vendors.apart", str(folder), moment.isoformat(), str(latency), *names]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == "ready\n"
        yield settings_for(folder)
        server.communicate()


if __name__ == "__main__":
    main(*sys.argv[1:])
