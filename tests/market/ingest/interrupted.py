"""The small ingest in processes of its own, to be killed.

``python -m tests.market.ingest.interrupted FOLDER SOCKETS MOMENT URL`` answers each line of its input, a number of
steps, with a run that kills itself before that step: it says the run's process id, then how it ended. Steps are what
makes something last: transactions committed, files renamed.
"""

import itertools
import os
import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event

from bot.clock import SettableClock
from bot.market.ingest import ingest
from bot.market.store import Store
from tests.market.ingest.small import small_settings
from tests.vendors.server import settings_for


def main(folder: str, sockets: str, moment: str, url: str) -> None:
    """Serve runs until nobody asks any more; 0 steps are never reached."""
    for line in sys.stdin:
        process = os.fork()
        if process == 0:
            os._exit(_run(Path(folder), Path(sockets), datetime.fromisoformat(moment), url, int(line)))
        _say(process)
        _say(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))


def _say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def _run(folder: Path, sockets: Path, moment: datetime, url: str, steps: int) -> int:
    settings = small_settings(folder, settings_for(sockets))
    with Store(url) as store:
        _die_before(store, steps)
        return ingest(settings, store, SettableClock(moment)).exit_code


def _die_before(store: Store, steps: int) -> None:
    counted = itertools.count(1)

    def step(*_told: Any) -> None:
        if next(counted) == steps:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(store.engine, "commit", step)
    sys.addaudithook(lambda name, _args: step() if name == "os.rename" else None)


if __name__ == "__main__":
    main(*sys.argv[1:])
