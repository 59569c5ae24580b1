"""Composition: opens what the bot needs in order, hands it over by name, closes it in reverse. Nothing is global."""

import argparse
import asyncio
import logging
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from bot import config, log
from bot.client import Handoff
from bot.clock import Clock, SystemClock
from bot.config import Settings
from bot.errors import NoData
from bot.workers import Pool, Reports

_log = logging.getLogger(__name__)


def run(settings: Settings, chosen: argparse.Namespace) -> int:
    """Start the bot and stay until it is told to stop; return the exit code."""
    log.configure(settings.log.level, settings.log.format)
    token = config.token(settings)
    with suppress(asyncio.CancelledError):
        asyncio.run(_serve(settings, chosen, token.get_secret_value()))
    return 0


def sync(settings: Settings, _chosen: argparse.Namespace) -> int:
    """Tell Discord which slash commands there are; return the exit code."""
    log.configure(settings.log.level, settings.log.format)
    token = config.token(settings)
    count = asyncio.run(_sync(settings, token.get_secret_value()))
    _log.info("Discord knows %d commands now", count)
    return 0


@asynccontextmanager
async def opened(settings: Settings, clock: Clock) -> AsyncIterator[Handoff]:
    """Open workers, reports and the bot; close them in reverse. The workers are all there before the bot is."""
    data = config.data_location(settings)
    async with Pool(data, workers=settings.workers.count, timeout=settings.workers.timeout) as pool:
        reports = Reports(
            pool,
            clock,
            lambda: config.data_location(settings),
            cache_bytes=settings.workers.cache_megabytes * 1024 * 1024,
        )
        async with Handoff(
            reports,
            clock,
            prefix=settings.discord.prefix,
            language=settings.cards.language,
            theme=settings.cards.theme,
            shard_count=settings.discord.shards,
        ) as bot:
            yield bot


async def _serve(settings: Settings, chosen: argparse.Namespace, token: str) -> None:
    await _first_data(settings, chosen)
    _stop_on_signal()
    async with opened(settings, SystemClock()) as bot:
        await bot.serve(token)


async def _sync(settings: Settings, token: str) -> int:
    async with opened(settings, SystemClock()) as bot:
        return await bot.sync_once(token)


async def _first_data(settings: Settings, chosen: argparse.Namespace) -> None:
    """Fetch data where there is none yet: in a process of its own, as later by schedule."""
    try:
        config.data_location(settings)
    except NoData:
        _log.info("there is no market data yet: fetching it, which takes some minutes")
        where = ["--config", str(chosen.config)] if chosen.config else []
        fetching = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", *where, "ingest")
        await fetching.wait()


def _stop_on_signal() -> None:
    task = asyncio.current_task()
    assert task is not None
    with suppress(NotImplementedError):  # Windows has no signal handlers; ctrl-C works there all the same
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
