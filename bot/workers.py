"""The gateway's side of computing: one computation per question, a cache of answers.

Datasets are files; a *version* is a folder (or "sample") and requests travel with the version they are to be answered
on.
"""

import asyncio
import functools
import logging
import pickle
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot import features, i18n
from bot.clock import Clock
from bot.errors import BotError, UserError, WithId
from bot.market.catalogue import NEW_YORK, Catalogue
from bot.market.standing import SourceStanding
from bot.pool import Pool
from bot.reading import Known, session_of
from bot.report import Report
from bot.request import Request

log = logging.getLogger(__name__)

Watch = Callable[[str, str, float], object]
"""Told of every answer: the question, how it came (kept, computed, refused, failed), the seconds it took."""

_UNPACKED = 2  # answers kept as objects: a thousand people who ask the same at once share one


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


def _seen(work: asyncio.Task[bytes]) -> None:
    if not work.cancelled():
        work.exception()


class Reports:
    """Answers requests: from the cache, from a computation under way, or from a worker.

    ``locate`` returns the newest dataset version's folder; it is asked by ``refresh`` alone. ``store_url`` is the
    market store, where vendors' health is noted; None for the bundled sample, which has no vendors; ``switched_off``
    names the vendors that the settings have nobody ask. ``watch`` may be set to whoever counts.
    """

    def __init__(
        self,
        pool: Pool,
        clock: Clock,
        locate: Callable[[], str],
        *,
        cache_bytes: int = 64 * 1024 * 1024,
        store_url: str | None = None,
        switched_off: tuple[str, ...] = (),
    ) -> None:
        self._store_url, self._switched_off = store_url, switched_off
        self._pool = pool
        self._clock = clock
        self._locate = locate
        self._limit = cache_bytes
        self._cache: OrderedDict[Task, bytes] = OrderedDict()  # pickled: a quarter of the objects' memory
        self._cached_bytes = 0
        self._under_way: dict[Task, asyncio.Task[bytes]] = {}
        self._unpacked: Callable[[bytes], Rendered] = functools.lru_cache(_UNPACKED)(pickle.loads)  # a worker's bytes
        self.watch: Watch = lambda _feature, _how, _seconds: None
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

    @property
    def pools_replaced(self) -> int:
        """How often workers had to be replaced since the start."""
        return self._pool.replaced

    def today(self) -> date:
        """Return the last session whose close both the clock has passed and the data holds."""
        return self._catalogue.last_known(self._clock.now())

    async def standings(self) -> tuple[SourceStanding, ...]:
        """Return how each vendor stands; nothing for the bundled sample."""
        if self._store_url is None:
            return ()
        found: tuple[SourceStanding, ...] = await self._pool.run(
            "bot.market.freshness:standings", self._store_url, self._switched_off
        )
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
        task = self._task(request, language, theme)
        how, start = "kept" if task in self._cache else "computed", time.perf_counter()
        try:
            if request.private:  # nothing of it may stay
                private: Rendered = pickle.loads(await self._compute(task, private=True))  # noqa: S301  (a worker's bytes)
                return private
            return self._unpacked(await self._packed(request, task))
        except BotError as error:
            how = "refused" if isinstance(error, UserError) else "failed"
            raise
        finally:
            self.watch(request.feature, how, time.perf_counter() - start)

    async def work(self, function: str, *arguments: Any) -> Any:
        """Run ``module:name`` in a worker on the present dataset and day, which it is given first.

        Raises what the function raises, or Unavailable.
        """
        return await self._pool.run(function, self._data, self.today(), *arguments)

    async def prepare(self, *, language: str = i18n.DEFAULT, theme: str = "dark") -> int:
        """Answer every question on its usual settings once, so that nobody waits for those; return how many.

        One after another: the other workers stay free for people. Questions that need the asker's own figures, and
        those without an answer for the day, are passed over.
        """
        count = 0
        for name in features.names():
            kind = features.request_type(name)
            if kind.private or any(field.is_required() for field in kind.model_fields.values()):
                continue
            request = kind()
            with suppress(BotError):
                await self._packed(request, self._task(request, language, theme))
                count += 1
        return count

    def _task(self, request: Request, language: str, theme: str) -> Task:
        return Task(request.feature, request.model_dump_json(), self.day_of(request), self._data, language, theme)

    async def _packed(self, request: Request, task: Task) -> bytes:
        """Return an answer as bytes: kept ones, else one that is under way, else a new one."""
        if task in self._cache:
            self._cache.move_to_end(task)
            return self._cache[task]
        if task not in self._under_way:
            work = asyncio.create_task(self._compute_and_keep(request, task))
            work.add_done_callback(_seen)  # everyone who asked may have gone by the time it fails
            self._under_way[task] = work
        return await asyncio.shield(self._under_way[task])

    async def _compute_and_keep(self, request: Request, task: Task) -> bytes:
        pictured, images = request.pictured(), None
        try:
            if pictured != request:  # its picture is another answer's: that one is drawn once, this one only told
                images = (await self.get(pictured, language=task.language, theme=task.theme)).images
            packed = await self._compute(task, private=False, images=images)
            self._keep(task, packed)
            return packed
        finally:
            del self._under_way[task]

    async def _compute(self, task: Task, *, private: bool, images: dict[str, bytes] | None = None) -> bytes:
        work = ("bot.worker:packed", task) if images is None else ("bot.worker:retold", task, images)
        try:
            packed: bytes = await self._pool.run(*work)
        except BotError:
            raise
        except Exception as fault:
            apology = WithId.new()
            what = "a private request" if private else task.request
            log.exception("error %s: %s of %s failed", apology.error_id, task.feature, what)
            raise apology from fault
        return packed

    def _keep(self, task: Task, packed: bytes) -> None:
        self._cache[task] = packed
        self._cached_bytes += len(packed)
        while self._cached_bytes > self._limit and len(self._cache) > 1:
            self._cached_bytes -= len(self._cache.popitem(last=False)[1])
