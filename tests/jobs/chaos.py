"""The kill test at length, for ``make chaos``: ``python -m tests.jobs.chaos --posts 1000 --kills 50``."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from bot.community.database import migrate
from tests.databases import fresh_postgres, postgres_server
from tests.jobs.killing import Chaos, Plan
from tests.standin.process import StandIn, running


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=int(time.time()) % 10_000)
    chosen = parser.parse_args()
    posts, kills, seed = chosen.posts, chosen.kills, chosen.seed
    with tempfile.TemporaryDirectory() as folder, running() as standin, postgres_server() as server:
        for name, plan in (
            ("one process", Plan(posts, kills, seed=seed)),
            ("with faults on the wire", Plan(posts, kills, faults=0.05, seed=seed)),
        ):
            _run(name, f"sqlite:///{Path(folder) / name}.db", standin, plan)
        plan = Plan(posts, kills, processes=2, faults=0.05, drop_connections=True, seed=seed)
        _run("two processes on PostgreSQL, faults, dropped connections", fresh_postgres(server), standin, plan)


def _run(name: str, url: str, standin: StandIn, plan: Plan) -> None:
    migrate(url)
    standin.reset()
    outcome = Chaos(url, standin, plan).run()
    sys.stdout.write(f"{name} (seed {plan.seed}): {outcome.text()}\n")
    for line in outcome.wrong:
        sys.stdout.write(f"  {line}\n")
    if outcome.wrong:
        sys.exit(1)


if __name__ == "__main__":
    main()
