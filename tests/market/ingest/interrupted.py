"""The small ingest in processes of its own, to be killed.

``python -m tests.market.ingest.interrupted FOLDER SOCKETS MOMENT URL`` answers each line of its input with a run: it
says the run's process id, then how it ended. A line names kinds of steps; with any, the run kills itself before the
first step of another kind, and leaves that kind in the file ``killed-before``. Steps are what makes something last:
transactions committed, files renamed. A kind is the pair of functions that made the step.
"""

import os
import signal
import sys
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event

from bot.clock import SettableClock
from bot.market.catalogue import POINTER
from bot.market.ingest import ingest
from bot.market.store import Store
from tests.market.ingest.small import small_settings
from tests.vendors.server import settings_for

MARKET = f"{os.sep}bot{os.sep}market{os.sep}"
PLUMBING = f"{MARKET}store{os.sep}rows.py"
KILLED = "killed-before"
NONE = "none"


def main(folder: str, sockets: str, moment: str, url: str) -> None:
    """Serve runs until nobody asks any more; an empty line asks for one that does not kill itself."""
    for line in sys.stdin:
        process = os.fork()
        if process == 0:
            os._exit(_run(Path(folder), Path(sockets), datetime.fromisoformat(moment), url, set(line.split())))
        _say(process)
        _say(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))


def _say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def _run(folder: Path, sockets: Path, moment: datetime, url: str, known: set[str]) -> int:
    settings = small_settings(folder, settings_for(sockets))
    with Store(url) as store:
        if known:
            _die_before_another(store, known, folder / KILLED)
        return ingest(settings, store, SettableClock(moment)).exit_code


def _die_before_another(store: Store, known: set[str], marker: Path) -> None:
    one_at_a_time = threading.Lock()  # the vendors' lanes come to their steps side by side

    def step(what: str = "") -> None:
        kind = _kind() + what
        if kind not in known:
            with one_at_a_time:
                marker.write_text(kind)
                os.kill(os.getpid(), signal.SIGKILL)

    def committed(connection: Connection) -> None:
        if connection.get_execution_options().get("writing"):
            step()

    def renamed(name: str, told: Any) -> None:
        if name == "os.rename":
            step(":pointer" if Path(told[1]).name == POINTER else "")

    event.listen(store.engine, "commit", committed)
    sys.addaudithook(renamed)


def _kind() -> str:
    """Return the two innermost functions of ours that led here, the store's own plumbing left out."""
    names: list[str] = []
    frame = sys._getframe(1)
    while frame is not None and len(names) < 2:
        code = frame.f_code
        if MARKET in code.co_filename and not code.co_filename.endswith(PLUMBING) and not code.co_name.startswith("<"):
            names.append(f"{Path(code.co_filename).stem}.{code.co_name}")
        frame = frame.f_back  # type: ignore[assignment]  # None at the end
    return "<".join(names)


if __name__ == "__main__":
    main(*sys.argv[1:])
