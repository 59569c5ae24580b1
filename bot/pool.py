"""Worker processes: all started before the first question, replaced whole when one dies or hangs.

Nothing here imports pandas or matplotlib: work is named by text and looked up inside the worker.
"""

import asyncio
import importlib
import logging
import multiprocessing
import os
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing.connection import wait
from typing import Any

from bot import features
from bot.errors import Unavailable
from bot.i18n import gettext as _

log = logging.getLogger(__name__)

# Imported late by bot.analytics.estimators, but once for all workers, which then share their memory.
_SHARED = ("sklearn.covariance", "statsmodels.regression.linear_model")
_barrier: Any = None  # set in each worker process by _begin


def _begin(barrier: Any, data: str) -> None:
    global _barrier  # noqa: PLW0603  (a process's own state, set once before its first task)
    _barrier = barrier
    _end_with_parent()
    _call("bot.worker:warm", data)


def _end_with_parent() -> None:
    """End this worker once the process that it works for is gone, killed ones too: it would wait for work for ever."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, name="parent's end", daemon=True).start()


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
        self.replaced = 0
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
                if self._executor is None:
                    break  # it was closed
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
            self.replaced += 1
            await asyncio.to_thread(_stop, broken)

    async def _started(self) -> ProcessPoolExecutor:
        method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
        context = multiprocessing.get_context(method)
        if method == "forkserver":
            reports = [f"bot.features.{name}.report" for name in features.names()]
            context.set_forkserver_preload(["bot.worker", *reports, *_SHARED])
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
