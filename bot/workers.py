"""The gateway's side of computing: a pool of worker processes, one computation per question, a cache.

Nothing here imports pandas or matplotlib: work is named by text and looked up inside the worker. Datasets
are files; a *version* is a folder (or "sample") and requests travel with the version they are to be answered on.
"""

import asyncio
import importlib
import logging
import multiprocessing
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot import features, i18n
from bot.clock import Clock
from bot.errors import BotError, Unavailable, WithId
from bot.i18n import gettext as _
from bot.market.catalogue import NEW_YORK, Catalogue
from bot.market.standing import SourceStanding
from bot.reading import Known, session_of
from bot.report import Report
from bot.request import Request

log = logging.getLogger(__name__)

_barrier: Any = None  # set in each worker process by _begin


@dataclass(frozen=True, slots=True)
class Task:
    """One computation: which question, on which day of which dataset version, for which reader."""

    feature: str
    request: str  # as JSON
    day: date
    data: str  # the folder of a dataset version, or "sample"
    language: str
    theme: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A report and its pictures (chart id to PNG bytes)."""

    report: Report
    images: dict[str, bytes]

    def size(self) -> int:
        """Return roughly how many bytes of memory this takes."""
        return 4096 + sum(len(picture) for picture in self.images.values())


def _begin(barrier: Any, data: str) -> None:
    global _barrier  # noqa: PLW0603  (a process's own state, set once before its first task)
    _barrier = barrier
    _call("bot.worker:warm", data)


def _meet(seconds: float) -> None:
    """Wait until every worker of the pool has started: none may start lazily later."""
    _barrier.wait(seconds)


def _call(function: str, *arguments: Any) -> Any:
    """Run ``module:name`` in the worker, so that the gateway need not import it."""
    module, _colon, name = function.partition(":")
    return getattr(importlib.import_module(module), name)(*arguments)


class Pool:
    """Worker processes that are started whole, watched, and replaced when one dies or hangs."""

    def __init__(self, data: str, *, workers: int = 2, timeout: float = 30.0, start_timeout: float = 60.0) -> None:
        self._data = data
        self._workers = workers
        self._timeout = timeout
        self._start_timeout = start_timeout
        self._executor: ProcessPoolExecutor | None = None
        self._replacing = asyncio.Lock()

    async def __aenter__(self) -> "Pool":
        self._executor = await self._started()
        return self

    async def __aexit__(self, *exc: object) -> None:
        executor, self._executor = self._executor, None
        if executor is not None:
            await asyncio.to_thread(_stop, executor)

    async def run(self, function: str, *arguments: Any, seconds: float | None = None) -> Any:
        """Run ``module:name`` in a worker. A died worker is tried once more on a fresh pool.

        Raises what the function raises, or Unavailable when the work hangs, or kills its worker twice.
        """
        for attempt in (1, 2):
            executor = self._executor
            if executor is None:
                break
            try:
                work = asyncio.wrap_future(executor.submit(_call, function, *arguments))
                return await asyncio.wait_for(work, seconds or self._timeout)
            except BrokenProcessPool:
                log.warning("a worker died during %s (attempt %d): replacing the pool", function, attempt)
                await self._replace(executor)
            except TimeoutError:
                log.error("%s took longer than %.0f s: replacing the pool", function, seconds or self._timeout)  # noqa: TRY400
                await self._replace(executor)
                break
        raise Unavailable(_("The calculation"))

    async def _replace(self, broken: ProcessPoolExecutor) -> None:
        async with self._replacing:
            if self._executor is not broken:
                return  # somebody else replaced it meanwhile
            self._executor = await self._started()
            await asyncio.to_thread(_stop, broken)

    async def _started(self) -> ProcessPoolExecutor:
        method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
        context = multiprocessing.get_context(method)
        if method == "forkserver":
            reports = [f"bot.features.{name}.report" for name in features.names()]
            context.set_forkserver_preload(["bot.worker", *reports])
        barrier = context.Barrier(self._workers)
        executor = ProcessPoolExecutor(
            self._workers, mp_context=context, initializer=_begin, initargs=(barrier, self._data)
        )
        loop = asyncio.get_running_loop()
        meetings = [loop.run_in_executor(executor, _meet, self._start_timeout) for _n in range(self._workers)]
        try:
            await asyncio.wait_for(asyncio.gather(*meetings), self._start_timeout)
        except (BrokenProcessPool, TimeoutError) as error:
            await asyncio.to_thread(_stop, executor)
            raise Unavailable(_("The calculation")) from error
        return executor


def _stop(executor: ProcessPoolExecutor) -> None:
    """End a pool at once: its processes hold nothing that could be lost."""
    processes = list((executor._processes or {}).values())  # the executor offers no public way to end a hung worker
    executor.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        with suppress(ProcessLookupError, ValueError):
            process.kill()
    for process in processes:
        with suppress(ValueError, AssertionError):
            process.join(5)


def _seen(work: asyncio.Task[Rendered]) -> None:
    if not work.cancelled():
        work.exception()


class Reports:
    """Answers requests: from the cache, from a computation under way, or from a worker.

    ``locate`` returns the newest dataset version's folder; it is asked by ``refresh`` alone. ``store_url`` is the
    market store, where vendors' health is noted; None for the bundled sample, which has no vendors.
    """

    def __init__(
        self,
        pool: Pool,
        clock: Clock,
        locate: Callable[[], str],
        *,
        cache_bytes: int = 64 * 1024 * 1024,
        store_url: str | None = None,
    ) -> None:
        self._store_url = store_url
        self._pool = pool
        self._clock = clock
        self._locate = locate
        self._limit = cache_bytes
        self._cache: OrderedDict[tuple[str, ...], Rendered] = OrderedDict()
        self._cached_bytes = 0
        self._under_way: dict[tuple[str, ...], asyncio.Task[Rendered]] = {}
        self._data = locate()
        self._catalogue = Catalogue.load(self._data)

    @property
    def catalogue(self) -> Catalogue:
        """What the current dataset version holds."""
        return self._catalogue

    def refresh(self) -> bool:
        """Switch to the newest dataset version; return whether there was a newer one."""
        data = self._locate()
        if data == self._data:
            return False
        catalogue = Catalogue.load(data)
        self._data, self._catalogue = data, catalogue
        return True

    def today(self) -> date:
        """Return the last session whose close both the clock has passed and the data holds."""
        return self._catalogue.last_known(self._clock.now())

    async def standings(self) -> tuple[SourceStanding, ...]:
        """Return how each vendor stands; nothing for the bundled sample."""
        if self._store_url is None:
            return ()
        found: tuple[SourceStanding, ...] = await self._pool.run("bot.market.freshness:standings", self._store_url)
        return found

    def day_of(self, request: Request) -> date:
        """Return the session a request is answered for. Raises DateInFuture beyond the last known one."""
        known = self.known()
        return known.last if request.as_of is None else session_of(request.as_of, known)[0]

    def known(self) -> Known:
        """Return what questions are read against at this moment."""
        return Known(self._catalogue, self.today(), self._clock.now().astimezone(NEW_YORK).date())

    async def get(self, request: Request, *, language: str = i18n.DEFAULT, theme: str = "dark") -> Rendered:
        """Answer a request. Raises the bot's own errors; any other fault is logged and raised as WithId."""
        task = Task(request.feature, request.model_dump_json(), self.day_of(request), self._data, language, theme)
        if request.private:
            return await self._compute(task, private=True)
        key = (task.feature, task.request, task.day.isoformat(), task.data, language, theme)
        if key in self._cache:
            self._cache.move_to_end(key)
            return self._cache[key]
        if key not in self._under_way:
            work = asyncio.create_task(self._compute_and_keep(key, task, request.pictured()))
            work.add_done_callback(_seen)  # everyone who asked may have gone by the time it fails
            self._under_way[key] = work
        return await asyncio.shield(self._under_way[key])

    async def work(self, function: str, *arguments: Any) -> Any:
        """Run ``module:name`` in a worker on the present dataset and day, which it is given first.

        Raises what the function raises, or Unavailable.
        """
        return await self._pool.run(function, self._data, self.today(), *arguments)

    async def prepare(self, *, language: str = i18n.DEFAULT, theme: str = "dark") -> None:
        """Answer every question on its usual settings once, so that nobody waits for those.

        One after another: the other workers stay free for people. Questions that need the asker's own figures, and
        those without an answer for the day, are passed over.
        """
        for name in features.names():
            kind = features.request_type(name)
            if kind.private or any(field.is_required() for field in kind.model_fields.values()):
                continue
            with suppress(BotError):
                await self.get(kind(), language=language, theme=theme)

    async def _compute_and_keep(self, key: tuple[str, ...], task: Task, pictured: Request) -> Rendered:
        try:
            if pictured.model_dump_json() == task.request:
                rendered = await self._compute(task, private=False)
            else:  # its picture is another answer's: that one is drawn once, this one only told
                drawn = await self.get(pictured, language=task.language, theme=task.theme)
                rendered = Rendered(await self._run("bot.worker:tell", task, private=False), drawn.images)
            self._keep(key, rendered)
            return rendered
        finally:
            del self._under_way[key]

    async def _compute(self, task: Task, *, private: bool) -> Rendered:
        rendered: Rendered = await self._run("bot.worker:answer", task, private=private)
        return rendered

    async def _run(self, function: str, task: Task, *, private: bool) -> Any:
        try:
            return await self._pool.run(function, task)
        except BotError:
            raise
        except Exception as fault:
            apology = WithId.new()
            what = "a private request" if private else task.request
            log.exception("error %s: %s of %s failed", apology.error_id, task.feature, what)
            raise apology from fault

    def _keep(self, key: tuple[str, ...], rendered: Rendered) -> None:
        self._cache[key] = rendered
        self._cached_bytes += rendered.size()
        while self._cached_bytes > self._limit and len(self._cache) > 1:
            self._cached_bytes -= self._cache.popitem(last=False)[1].size()
