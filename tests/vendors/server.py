"""The server: every vendor's hosts behind one Unix socket, TLS, its own thread; counts requests, plays faults."""

import asyncio
import ssl
import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import trustme
from aiohttp import web

from bot.market.sources.vendor import Vendors, VendorSettings
from tests.vendors import faults
from tests.vendors.files import Files
from tests.vendors.world import World
from tests.vendors.yahoo import Yahoo

HOSTS = {
    "query1.finance.yahoo.com": "yahoo",
    "query2.finance.yahoo.com": "yahoo",
    "finance.yahoo.com": "yahoo",
    "fc.yahoo.com": "yahoo",
    "guce.yahoo.com": "yahoo",
    "consent.yahoo.com": "yahoo",
    "cdn.finra.org": "finra",
    "api.finra.org": "finra",
    "www.ishares.com": "ishares",
    "fred.stlouisfed.org": "fred",
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Asked:
    """One request that arrived."""

    vendor: str
    host: str
    path: str
    query: dict[str, str]


def settings_for(folder: Path, **changes: Any) -> Vendors:
    """Return settings that lead every vendor to the server in ``folder``, without limits unless told otherwise."""
    given: dict[str, Any] = {"requests_per_second": None, "timeout": 20.0, **changes}
    here = VendorSettings(socket=str(folder / "vendors.sock"), ca_file=str(folder / "authority.pem"), **given)
    return Vendors(here, here, here, here)


async def let_nobody_in(server: asyncio.Server) -> None:
    """Accept no more, before closing: who was accepted in the same moment would belong to nobody and stay open."""
    for listening in server.sockets:
        asyncio.get_running_loop().remove_reader(listening.fileno())
    await _turns()


async def nothing_left() -> None:
    """End all else in the running loop: who is still shaking hands is cut off, and every transport gets to close.

    Left to the garbage collector it would fail another test, by a warning in the middle of it.
    """
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await _turns()


async def _turns() -> None:
    """Let what is under way go on: opening and closing take a few turns of the loop, however long one of them lasts."""
    for _turn in range(10):
        await asyncio.sleep(0)


class LocalVendors:
    """``with LocalVendors(folder) as vendors:`` and hand ``vendors.settings()`` to the code under test.

    ``watch`` is told of every request as it arrives, in the server's thread.
    """

    def __init__(self, folder: Path, world: World | None = None, latency: float = 0.0) -> None:
        self.world = world or World()
        self.yahoo = Yahoo(self.world)
        self.latency = latency
        self.asked: list[Asked] = []
        self.watch: Callable[[Asked], None] = lambda _asked: None
        self.plan = faults.Plan()
        self._files = Files(self.world)
        self._socket = folder / "vendors.sock"
        self._authority = folder / "authority.pem"
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="local vendors", daemon=True)
        self._runner: web.AppRunner | None = None
        self._site: web.UnixSite | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(10)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def settings(self, **changes: Any) -> Vendors:
        """Return settings that lead every vendor here, without limits unless ``changes`` say otherwise."""
        return settings_for(self._socket.parent, **changes)

    def count(self, vendor: str | None = None) -> int:
        """Return how many requests arrived, at one vendor or at all."""
        return sum(vendor in (None, asked.vendor) for asked in self.asked)

    def counts(self) -> Counter[str]:
        """Return how many requests arrived by vendor."""
        return Counter(asked.vendor for asked in self.asked)

    def paths(self, vendor: str) -> list[str]:
        """Return the paths asked of a vendor, in order."""
        return [asked.path for asked in self.asked if asked.vendor == vendor]

    def fail(self, vendor: str, kind: str, *, after: int = 0, times: int | None = None) -> None:
        """Let a vendor's answers fail: the first ``after`` ones are good, then ``times`` (None: all) are not."""
        self.plan.add(vendor, kind, after, times)

    def mend(self) -> None:
        """End all faults."""
        self.plan.clear()

    def forget(self) -> None:
        """Forget what was asked so far."""
        self.asked.clear()

    async def _start(self) -> None:
        authority = trustme.CA()
        self._authority.write_bytes(authority.cert_pem.bytes())
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert(*HOSTS).configure_cert(context)
        app = web.Application(client_max_size=1 << 20)
        app.router.add_route("*", "/{tail:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        self._site = web.UnixSite(self._runner, str(self._socket), ssl_context=context)
        await self._site.start()

    async def _stop(self) -> None:
        assert self._runner is not None
        assert self._runner.server is not None
        assert self._site is not None
        assert isinstance(self._site._server, asyncio.Server)
        await let_nobody_in(self._site._server)
        for connection in list(self._runner.server.connections):
            if connection.transport is not None:
                connection.transport.abort()  # a polite TLS goodbye would wait for clients that are gone
        await self._runner.cleanup()
        await nothing_left()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        vendor = HOSTS.get(request.host)
        if vendor is None:
            return web.Response(status=421, text=f"nobody called {request.host} here")
        self.asked.append(Asked(vendor, request.host, request.path, dict(request.query)))
        self.watch(self.asked[-1])
        if self.latency:
            await asyncio.sleep(self.latency)
        kind = self.plan.due(vendor, request)
        if kind is not None:
            return await faults.play(self.plan, kind, vendor, request, self._answer(vendor, request))
        return await self._answer(vendor, request)(request)

    def _answer(self, vendor: str, request: web.Request) -> Handler:
        if vendor == "yahoo":
            return self.yahoo.handle
        if vendor == "finra":
            return self._files.finra_api if request.host == "api.finra.org" else self._files.finra_file
        return self._files.ishares if vendor == "ishares" else self._files.fred
