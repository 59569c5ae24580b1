"""The command ``handoff`` on another day: ``python -m tests.vendors.evening MOMENT ARGUMENTS``.

The bot's own clock is the only thing that is another one here.
"""

import sys
from datetime import datetime

from bot import clock
from bot.cli import main


def on(moment: datetime, arguments: list[str]) -> int:
    """Run the command with the clock standing still; return its exit code."""
    clock.SystemClock.now = lambda _self: moment  # type: ignore[method-assign]
    return main(arguments)


if __name__ == "__main__":
    sys.exit(on(datetime.fromisoformat(sys.argv[1]), sys.argv[2:]))
