"""Deliveries with everything real but the market data: SQLite or PostgreSQL, discord.py's client, the stand-in."""

import asyncio
import pickle
import struct
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
from discord.http import HTTPClient, Route

from bot.clock import Clock, SystemClock
from bot.community.deliveries import Delivery
from bot.community.store import Community
from bot.discord_ui.posts import post_card
from bot.discord_ui.publisher import RestPublisher
from bot.jobs.deliveries import Deliverer, Pace
from bot.jobs.publishing import Publisher
from bot.jobs.sweep import Sweep
from bot.market.catalogue import Catalogue
from bot.pool import Pool
from bot.report import Chart, Report, Stat
from bot.workers import Rendered, Reports, Task
from tests.standin.process import StandIn

CHANNEL, OTHER = 10, 11
FRIDAY = datetime(2026, 7, 17, 21, 30, tzinfo=UTC)  # after the close; the sample holds that day's bar


class Shifted:
    """A clock that stands where it is put."""

    def __init__(self, at: datetime = FRIDAY) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def forward(self, by: timedelta) -> None:
        self.at += by


class Ahead:
    """The computer's clock, moved: what separate processes can agree on."""

    def __init__(self, by: float) -> None:
        self._by = timedelta(seconds=by)

    def now(self) -> datetime:
        return SystemClock().now() + self._by


def picture(seed: int = 0) -> bytes:
    """Return a small PNG."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + bytes([(seed + x) % 256 for x in range(16)]) for _y in range(16))
    header = struct.pack(">IIBBBBB", 16, 16, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class Computing(Pool):
    """Stands where the worker processes are: answers at once, counts what it is asked, fails when told to."""

    def __init__(self) -> None:
        super().__init__("sample")
        self.tasks: list[Task] = []
        self.told: list[Task] = []  # those of the tasks for which nothing was drawn
        self.spread = 0.0412
        self.stale = False
        self.version = "v1"
        self.fault: Exception | None = None
        self.gate: Callable[[Task], Any] | None = None

    async def run(self, function: str, *arguments: Any, seconds: float | None = None) -> Any:
        task, *images = arguments
        self.tasks.append(task)
        await asyncio.sleep(0)
        if self.gate is not None:
            await self.gate(task)
        if self.fault is not None:
            raise self.fault
        if function == "bot.worker:retold":
            self.told.append(task)
            return pickle.dumps(Rendered(self.report(task), *images))
        return pickle.dumps(Rendered(self.report(task), {"lines": picture()}))

    def report(self, task: Task) -> Report:
        spread = Stat(
            id="spread", label="Spread", value=self.spread, unit="percentage_points", as_of=task.day,
            source="sample", figure=True, stale=self.stale,
        )  # fmt: skip
        return Report(
            feature=task.feature, request={}, title=f"Report {task.feature}", headline=f"Request {task.request}",
            as_of=task.day, stats=(spread,), charts=(Chart("lines", "Two lines."),), sources=("sample",),
            version=self.version,
        )  # fmt: skip


def reports(clock: Clock, pool: Pool | None = None) -> Reports:
    return Reports(pool or Computing(), clock, lambda: "sample")


@asynccontextmanager
async def publisher(standin: StandIn, **options: Any) -> AsyncIterator[RestPublisher]:
    """Log discord.py's own client in at the stand-in; no gateway."""
    Route.BASE = standin.base
    http = HTTPClient(asyncio.get_running_loop())
    await http.static_login("token")
    try:
        settings: dict[str, Any] = {"per_second": 10_000.0, "pauses": (0.01, 0.02, 0.04), **options}
        yield RestPublisher(http, post_card, **settings)
    finally:
        await http.close()


def deliverer(
    community: Community,
    sender: Publisher,
    clock: Clock,
    pool: Pool | None = None,
    *,
    holder: str = "test",
    **pace: Any,
) -> Deliverer:
    return Deliverer(community, reports(clock, pool), sender, clock, holder=holder, pace=replace(Pace(), **pace))


def markers(message: dict[str, Any]) -> list[str]:
    """Return the ids of the posts a message carries."""
    found: list[str] = []

    def look(part: Any) -> None:
        if isinstance(part, dict):
            if str(part.get("custom_id", "")).startswith("p1:"):
                found.append(part["custom_id"].removeprefix("p1:"))
            for inner in part.values():
                look(inner)
        elif isinstance(part, list):
            for inner in part:
                look(inner)

    look(message["components"])
    return found


def texts(message: dict[str, Any]) -> str:
    """Return all that a message says."""
    found: list[str] = []

    def look(part: Any) -> None:
        if isinstance(part, dict):
            if part.get("type") == discord.ComponentType.text_display.value:
                found.append(part["content"])
            for inner in part.values():
                look(inner)
        elif isinstance(part, list):
            for inner in part:
                look(inner)

    look(message["components"])
    return "\n".join(found)


async def row(community: Community, delivery_id: str) -> Delivery:
    found = await community.ledger.get(delivery_id)
    assert found is not None
    return found


class TwoChannels:
    """A community on a Friday, what makes its posts due, and two channels of a Discord that is never too busy."""

    def __init__(self, community: Community, sender: RestPublisher, standin: StandIn, catalogue: Catalogue) -> None:
        self.community = community
        self.sender = sender
        self.standin = standin
        self.clock = Shifted(FRIDAY)
        self.pool = Computing()
        self.sweep = Sweep(community, self.clock, lambda: catalogue)
        standin.set(channels=[{"id": CHANNEL}, {"id": OTHER}], limits={"per_second": 1000, "per_channel": 1000})
