"""Composition: opens what the bot needs in order, hands it over by name, closes it in reverse. Nothing is global."""

import argparse
import asyncio
import ctypes
import logging
import multiprocessing
import signal
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, nullcontext, suppress
from datetime import timedelta
from pathlib import Path

from bot import config, i18n, log
from bot.client import Handoff
from bot.clock import Clock, SystemClock
from bot.community.database import migrate
from bot.community.store import Community
from bot.config import Settings
from bot.errors import ConfigError, NoData
from bot.i18n import gettext as _
from bot.jobs.ingesting import Ingesting, fetch, ingest_command
from bot.jobs.publishing import Publisher
from bot.jobs.scheduler import Job
from bot.jobs.service import Jobs
from bot.lock import Held, held
from bot.market.catalogue import SAMPLE
from bot.market.sources.vendor import switched_off
from bot.pool import Pool
from bot.workers import Reports

_log = logging.getLogger(__name__)
_ARENA_MAX = -8  # M_ARENA_MAX of glibc's malloc.h
_EVERY_MINUTE = timedelta(minutes=1)
_PULSE = 5.0  # seconds
ALIVE = "alive"  # the file in data.folder whose age says whether the bot is connected: see the Dockerfile


def run(settings: Settings, chosen: argparse.Namespace) -> int:
    """Start the bot and stay until it is told to stop; return the exit code."""
    _one_heap()
    log.configure(settings.log.level, settings.log.format)
    token = config.token(settings)
    with _alone(settings):
        prepare(settings)
        with suppress(asyncio.CancelledError):
            asyncio.run(_serve(settings, chosen, token.get_secret_value()))
    return 0


def sync(settings: Settings, _chosen: argparse.Namespace) -> int:
    """Tell Discord which slash commands there are; return the exit code."""
    log.configure(settings.log.level, settings.log.format)
    token = config.token(settings)
    prepare(settings)
    count = asyncio.run(_sync(settings, token.get_secret_value()))
    _log.info("Discord knows %d commands now", count)
    return 0


def prepare(settings: Settings) -> None:
    """Bring the databases up to date: after an update, readers find the tables they know. Blocks: no loop runs yet.

    In a process of its own: what migrating imports would stay in the gateway's memory for good.
    """
    if settings.data.community_url is None:
        config.data_folder(settings)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as apart:
        market = None if settings.data.source == SAMPLE else settings.market_url
        apart.submit(_migrated, settings.community_url, market).result()


def _migrated(community: str, market: str | None) -> None:
    migrate(community)
    if market is not None:
        from bot.market.store import migrate as migrate_market

        migrate_market(market)


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Let no second bot answer from the same SQLite file: everything would be said twice. Raises ConfigError."""
    folder = config.data_folder(settings)
    if not _unshared(settings):
        yield
        return
    try:
        with held(folder / "running"):
            yield
    except Held:
        told = _("A bot runs on {folder} already: end that one first.")
        raise ConfigError([told.format(folder=folder)]) from None


def _unshared(settings: Settings) -> bool:
    """Return whether this process has the community database to itself; on PostgreSQL another may be sending."""
    return settings.community_url.startswith("sqlite")


@asynccontextmanager
async def opened(
    settings: Settings, clock: Clock, *, ingest: Sequence[str] = (), by_hand: bool = False
) -> AsyncIterator[Handoff]:
    """Open workers, reports, servers' settings and the bot; close them in reverse.

    The workers are all there before the bot is, and nothing falls due before the bot is ready. ``ingest`` is the
    command that fetches data by the clock. ``by_hand``: whoever moves the clock calls ``bot.jobs.catch_up``.
    """
    data = config.data_location(settings)
    async with (
        Pool(data, workers=settings.workers.count, timeout=settings.workers.timeout) as pool,
        Community(settings.community_url) as community,
    ):
        for language in i18n.LANGUAGES:
            i18n.install(language, await pool.run("bot.i18n:compiled", language))
        reports = Reports(
            pool,
            clock,
            lambda: config.data_location(settings),
            cache_bytes=settings.workers.cache_megabytes * 1024 * 1024,
            store_url=None if settings.data.source == SAMPLE else settings.market_url,
            switched_off=switched_off(settings),
        )
        more = _data_jobs(settings, clock, reports, ingest)

        def jobs(publisher: Publisher) -> Jobs:
            return Jobs(community, reports, publisher, clock, alone=_unshared(settings), by_hand=by_hand, more=more)

        async with Handoff(
            reports,
            clock,
            community=community,
            jobs=jobs,
            prefix=settings.discord.prefix,
            language=settings.cards.language,
            theme=settings.cards.theme,
            shard_count=settings.discord.shards,
        ) as bot:
            yield bot


def _data_jobs(settings: Settings, clock: Clock, reports: Reports, ingest: Sequence[str]) -> list[Job]:
    """Return the jobs that bring new data: fetched here or by somebody else, it is noticed within a minute.

    Where data comes in by the clock, the usual answers on it are computed before anybody asks.
    """
    prepared = ""

    async def refresh() -> bool:
        nonlocal prepared
        switched = reports.refresh()
        if ingest and reports.catalogue.version != prepared:
            prepared = reports.catalogue.version
            count = await reports.prepare(language=settings.cards.language, theme=settings.cards.theme)
            _log.info("%d usual answers on %s are ready", count, prepared)
        return switched

    jobs = [Job("refresh", _EVERY_MINUTE, refresh)]
    if ingest and settings.data.source != SAMPLE:
        ingesting = Ingesting(ingest, clock, lambda: reports.catalogue)
        jobs.append(Job("ingest", _EVERY_MINUTE, ingesting.run))
    return jobs


def _one_heap() -> None:
    """Let all threads share one heap, where the C library can: they wait more than they work.

    Saves a megabyte. To be called before there are threads.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)


async def _serve(settings: Settings, chosen: argparse.Namespace, token: str) -> None:
    _stop_on_signal()  # the first data takes minutes, and the process that fetches it is not to outlive this one
    await _first_data(settings, chosen)
    async with opened(settings, SystemClock(), ingest=ingest_command(chosen.config)) as bot:
        beating = asyncio.create_task(_pulse(bot, settings.data.folder / ALIVE))
        try:
            with _counted(settings, bot):
                await bot.serve(token)
        finally:
            beating.cancel()


async def _pulse(bot: Handoff, file: Path) -> None:
    """Touch a file while the bot is connected and its loop runs: what watches a container looks at its age."""
    while True:
        if bot.connected:
            _touch(file)
        await asyncio.sleep(_PULSE)


def _touch(file: Path) -> None:
    with suppress(OSError):  # a full disk is told by whatever has more to write
        file.touch()


def _counted(settings: Settings, bot: Handoff) -> AbstractContextManager[object]:
    """Serve figures for Prometheus where a port is set; its library is not even imported elsewhere."""
    if settings.metrics.port is None:
        return nullcontext()
    from bot.prometheus import exposed

    return exposed(settings.metrics, bot)


async def _sync(settings: Settings, token: str) -> int:
    async with opened(settings, SystemClock()) as bot:
        return await bot.sync_once(token)


async def _first_data(settings: Settings, chosen: argparse.Namespace) -> None:
    """Fetch data where there is none yet: in a process of its own, as later by schedule."""
    try:
        config.data_location(settings)
    except NoData:
        _log.info("there is no market data yet: fetching it, which takes some minutes")
        with suppress(TimeoutError):  # what was stored by then may do; if not, the next step says what is missing
            await fetch(ingest_command(chosen.config))


def _stop_on_signal() -> None:
    task = asyncio.current_task()
    assert task is not None
    if sys.platform != "win32":  # there are no signal handlers there; ctrl-C works all the same
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
