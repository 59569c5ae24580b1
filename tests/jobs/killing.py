"""Kills the process that posts, again and again, at random points: each channel must get exactly one message.

``python -m tests.jobs.chaos --posts 1000 --kills 50`` runs it at length. A process is killed by the stand-in as soon as
a message arrives (before it is answered, or just after), or by the clock (while starting, sweeping, claiming). It
comes back at once, or minutes or an hour of pretended time later, when nonces are forgotten.
"""

import asyncio
import logging
import multiprocessing
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import time as time_of_day
from datetime import timedelta
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerProcess
from typing import Any

import psycopg
from sqlalchemy import select

from bot.community.records import Cadence, Destination
from bot.community.schedule_rows import write
from bot.community.store import Community
from bot.community.tables import deliveries
from bot.jobs.sweep import Sweep
from bot.market.catalogue import Catalogue
from tests.community.examples import schedule
from tests.jobs.support import Ahead, deliverer, markers, publisher
from tests.standin.process import StandIn

TEXT, FORUM = 0, 15
WAITING = 3  # a worker's exit code: nothing to do now, something later
FIRST_CHANNEL = 1000
HOURS = 5 * 3600.0  # of pretended time in all: less than after which posts are left out
NONCE_SECONDS = 300.0
_METHOD = "forkserver"


@dataclass(frozen=True)
class Plan:
    """How much, how often, and what goes wrong besides."""

    posts: int = 200
    kills: int = 10
    processes: int = 1
    faults: float = 0.0
    drop_connections: bool = False
    seed: int = 1


@dataclass
class Outcome:
    """What was done to get there, and what arrived."""

    kills: int = 0
    restarts: int = 0
    drops: int = 0
    seconds: float = 0.0
    pretended: float = 0.0
    counts: dict[str, Any] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def text(self) -> str:
        """Say it in a line."""
        faults = sum(n for name, n in self.counts.items() if name.startswith("fault_"))
        return (
            f"{self.counts['created']} messages in {self.counts['channels']} channels after {self.kills} kills, "
            f"{self.restarts} starts, {faults} faults, {self.drops} dropped connections, "
            f"{self.counts.get('deduplicated', 0)} doubles stopped by nonce, {self.counts.get('history', 0)} look-ups; "
            f"{self.pretended / 3600:.1f} h pretended, {self.seconds:.1f} s; wrong: {len(self.wrong)}"
        )


# the process that is killed


def work(url: str, standin: StandIn, ahead: float, holder: str, *, alone: bool) -> None:
    """Post what is due until nothing is left; runs in a process of its own."""
    logging.disable(logging.CRITICAL)
    sys.exit(asyncio.run(_work(url, standin, ahead, holder, alone=alone)))


async def _work(url: str, standin: StandIn, ahead: float, holder: str, *, alone: bool) -> int:
    clock, catalogue = Ahead(ahead), Catalogue.load()
    async with Community(url) as community, publisher(standin) as sender:
        worker = deliverer(community, sender, clock, holder=holder, places=24)
        sweep = Sweep(community, clock, lambda: catalogue)
        if alone:
            await _tried(worker.reclaim)
        for _try in range(1000):
            if await _tried(sweep.run) and await _tried(worker.drain):
                break
        counts: dict[str, int] = {}

        async def count() -> None:
            counts.update(await community.ledger.counts())

        await _tried(count)  # its connection may be cut too: then somebody has to look again
        open_rows = sum(counts.get(state, 0) for state in ("due", "claimed", "retry"))
        return WAITING if open_rows or not counts else 0


async def _tried(step: Callable[[], Any]) -> bool:
    """Do a step as the scheduler does: a fault is survived, and it is done again."""
    try:
        await step()
    except Exception:  # noqa: BLE001  (whatever a dropped connection turns into)
        return False
    return True


# the hand that kills


class Chaos:
    """Starts workers, has them killed, starts them again, until everything is posted."""

    def __init__(self, url: str, standin: StandIn, plan: Plan) -> None:
        self._url = url
        self._standin = standin
        self._plan = plan
        self._dice = random.Random(plan.seed)
        self._ahead = 0.0
        self._outcome = Outcome()
        self._context = multiprocessing.get_context(_METHOD)
        self._context.set_forkserver_preload(["tests.jobs.killing"])
        quiet = [self._dice.uniform(0, (HOURS - 3600) / max(1, plan.kills)) for _n in range(plan.kills)]
        self._absences = [3600.0, *(q if self._dice.random() < 0.6 else 0.0 for q in quiet[1:])]
        self._dice.shuffle(self._absences)

    def run(self) -> Outcome:
        """Do it all; returns what arrived."""
        asyncio.run(_set_up(self._url, self._plan.posts))
        self._standin.set(
            channels=[_channel(n) for n in range(self._plan.posts)],
            limits={"per_second": 100_000, "per_channel": 1000},
            nonce_seconds=NONCE_SECONDS,
            faults={"chance": self._plan.faults, "kinds": ["500", "503", "reset", "429"], "seed": self._plan.seed},
        )
        begun = time.monotonic()
        with self._dropping():
            self._until_done()
        self._outcome.seconds = time.monotonic() - begun
        self._outcome.pretended = self._ahead
        self._outcome.counts = self._standin.counts()
        self._outcome.wrong = asyncio.run(_wrong(self._url, self._standin, self._plan.posts))
        return self._outcome

    def _until_done(self) -> None:
        workers: dict[str, ForkServerProcess] = {}
        names = [f"worker-{n}" for n in range(self._plan.processes)]
        waiting: set[str] = set()
        for _round in range(40 * (self._plan.kills + 10)):
            for name in names:
                if name not in workers and name not in waiting:
                    workers[name] = self._start(name)
            victim = self._dice.choice(sorted(workers))
            struck = self._outcome.kills < self._plan.kills and self._strike(workers[victim])
            ended = victim if struck else _first_to_end(workers)
            code = workers.pop(ended).exitcode
            if code == 0:
                self._end(workers)
                if self._outcome.kills >= self._plan.kills:
                    return
                waiting.clear()
            elif code == WAITING:
                waiting.add(ended)
            elif code == -9 and self._plan.processes == 1:
                self._away(self._absences[(self._outcome.kills - 1) % len(self._absences)])
            if waiting and not workers:
                self._away(60.0)  # leases run out, pauses end
                waiting.clear()
        raise AssertionError("it does not come to an end")

    def _start(self, name: str) -> ForkServerProcess:
        self._outcome.restarts += 1
        alone = self._plan.processes == 1
        process = self._context.Process(
            target=work, args=(self._url, self._standin, self._ahead, name), kwargs={"alone": alone}, daemon=True
        )
        process.start()
        return process

    def _strike(self, process: ForkServerProcess) -> bool:
        """Have a process killed at a random point; False where it ended before."""
        assert process.pid is not None
        created = int(self._standin.counts()["created"])
        left = self._plan.kills - self._outcome.kills
        stride = max(1, (self._plan.posts - created) // left)
        how = self._dice.choice(("before", "before", "after", "clock")) if created < self._plan.posts else "clock"
        if how == "clock":
            process.join(self._dice.uniform(0.05, 0.4))
            process.kill()
        else:
            at = created + self._dice.randint(1, stride)
            self._standin.set(kill={"pid": process.pid, "at": at, "when": how})
        process.join(60)
        self._standin.set(kill=None)
        self._outcome.kills += process.exitcode == -9
        return True

    def _away(self, seconds: float) -> None:
        """Let pretended time pass."""
        self._ahead += seconds
        self._standin.set(ahead=self._ahead)

    def _end(self, workers: dict[str, ForkServerProcess]) -> None:
        for process in workers.values():
            process.join(60)
        workers.clear()

    @contextmanager
    def _dropping(self) -> Iterator[None]:
        """Cut every connection to the database now and then, from a process of its own."""
        if not self._plan.drop_connections:
            yield
            return
        drops = self._context.Value("i", 0)
        cutter = self._context.Process(target=_cut, args=(self._url, self._plan.seed, drops), daemon=True)
        cutter.start()
        try:
            yield
        finally:
            cutter.kill()
            cutter.join(10)
            self._outcome.drops = drops.value


def _channel(n: int) -> dict[str, Any]:
    """Every tenth is a forum, whose posts know no nonce."""
    return {"id": FIRST_CHANNEL + n, "guild_id": FIRST_CHANNEL + n, "kind": FORUM if n % 10 == 0 else TEXT}


def _first_to_end(workers: dict[str, ForkServerProcess]) -> str:
    sentinels = {process.sentinel: name for name, process in workers.items()}
    (ready, *_others) = wait(list(sentinels), timeout=60)
    name = sentinels[ready]  # type: ignore[index]  # the sentinels are what was given
    workers[name].join()
    return name


def _cut(url: str, seed: int, drops: Any) -> None:
    dice = random.Random(seed)
    statement = (
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with psycopg.connect(url, autocommit=True) as connection:
        while True:
            time.sleep(dice.uniform(0.3, 0.9))
            found = connection.execute(statement).fetchone()
            drops.value += found[0] if found else 0


async def _set_up(url: str, posts: int) -> None:
    """Store as many schedules as there are to be posts, each of a server of its own, all due a moment ago."""
    now = Ahead(0).now()
    in_three_days = ((now + timedelta(days=3)).weekday(),)  # no second time while the test pretends hours
    weekly = Cadence(kind="weekly", weekdays=in_three_days, at=time_of_day(12))
    due = {"next_due_at": now, "next_period": now.date().isoformat(), "created_at": now}
    async with Community(url) as community, community.database.write() as connection:
        for n in range(posts):
            here = FIRST_CHANNEL + n
            windows = {"window": ("1m", "6m", "1y")[n % 3]}
            places = (Destination(channel_id=here, kind="forum" if _channel(n)["kind"] == FORUM else "text"),)
            record = schedule(guild_id=here, destinations=places, content="rotation", cadence=weekly, request=windows)
            await write(connection, replace(record, **due), plan_at=None, new=True)


async def _wrong(url: str, standin: StandIn, posts: int) -> list[str]:
    """Compare the ledger with what stands in the channels; returns every difference in words."""
    channels = standin.state()["channels"]
    standing: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for channel in channels.values():
        standing[int(channel["parent_id"] or channel["id"])] += channel["messages"]
    ledger: dict[int, list[Any]] = defaultdict(list)
    async with Community(url) as community, community.database.read() as connection:
        for row in await connection.execute(select(deliveries)):
            ledger[row.channel_id].append(row)
    wrong = []
    for here in range(FIRST_CHANNEL, FIRST_CHANNEL + posts):
        rows, messages = ledger[here], standing[here]
        if [row.state for row in rows] != ["sent"]:
            wrong.append(f"channel {here}: the ledger says {[(row.state, row.reason) for row in rows]}")
        elif [markers(m) for m in messages] != [[rows[0].id]]:
            wrong.append(f"channel {here}: {len(messages)} messages")
        elif int(messages[0]["id"]) != rows[0].message_id:
            wrong.append(f"channel {here}: the ledger names another message")
    return wrong
