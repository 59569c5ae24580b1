"""The kill test at length, for ``make chaos``: ``python -m tests.jobs.chaos --posts 1000 --kills 50``."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from bot.community.database import migrate
from tests.jobs.killing import Chaos, Plan
from tests.standin.process import running


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=int(time.time()) % 10_000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running() as standin:
        for faults in (0.0, 0.05):
            url = f"sqlite:///{Path(folder) / f'chaos-{faults}.db'}"
            migrate(url)
            standin.reset()
            plan = Plan(chosen.posts, chosen.kills, faults=faults, seed=chosen.seed)
            outcome = Chaos(url, standin, plan).run()
            sys.stdout.write(f"seed {chosen.seed}: {outcome.text()}\n")
            for line in outcome.wrong:
                sys.stdout.write(f"  {line}\n")
            if outcome.wrong:
                sys.exit(1)


if __name__ == "__main__":
    main()
