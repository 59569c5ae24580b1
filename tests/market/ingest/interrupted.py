"""The small ingest as a program of its own, to be killed.

``python -m tests.market.ingest.interrupted FOLDER SOCKETS MOMENT``
"""

import sys
from datetime import datetime
from pathlib import Path

from bot.clock import SettableClock
from bot.market.ingest import ingest
from bot.market.store import Store
from tests.market.ingest.small import small_settings
from tests.vendors.server import settings_for


def main(folder: str, sockets: str, moment: str) -> int:
    """Ingest once; the exit code is the run's."""
    settings = small_settings(Path(folder), settings_for(Path(sockets)))
    with Store(f"sqlite:///{Path(folder) / 'market.db'}") as store:
        return ingest(settings, store, SettableClock(datetime.fromisoformat(moment))).exit_code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
