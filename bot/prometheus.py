"""What the bot counts, for Prometheus: answers, their seconds, posts by state, age of the data, Discord's latency.

Only imported where ``metrics.port`` is set. Scrapes are served by a thread of their own; what the event loop owns is
asked for on the loop.
"""

import asyncio
import logging
import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, time

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.client import Handoff
from bot.config import MetricsSettings
from bot.errors import ConfigError
from bot.i18n import gettext as _
from bot.market.catalogue import NEW_YORK

_log = logging.getLogger(__name__)
_SECONDS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 10.0, 30.0)
_LEDGER_PATIENCE = 5.0  # seconds a scrape waits for the database


@contextmanager
def exposed(settings: MetricsSettings, bot: Handoff) -> Iterator[int]:
    """Serve the metrics while the body runs; gives the port. Raises ConfigError where the port cannot be had."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(Standing(bot, asyncio.get_running_loop()))
    count = Counter("handoff_answers", "Questions answered", ["question", "how"], registry=registry)
    seconds = Histogram(
        "handoff_answer_seconds", "Until an answer was there", ["question"], registry=registry, buckets=_SECONDS
    )

    def watch(question: str, how: str, taken: float) -> None:
        count.labels(question, how).inc()
        seconds.labels(question).observe(taken)

    try:
        server, thread = start_http_server(settings.port or 0, settings.host, registry)
    except OSError as error:
        raise ConfigError([_("metrics.port: {reason}").format(reason=error.strerror or error)]) from None
    bot.reports.watch = watch
    _log.info("metrics on port %d", server.server_port)
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Standing(Collector):
    """What is read anew at every scrape."""

    def __init__(self, bot: Handoff, loop: asyncio.AbstractEventLoop) -> None:
        self._bot = bot
        self._loop = loop

    def describe(self) -> Iterable[Metric]:
        """Describe nothing: the loop is asked at scrapes only, not when this is registered."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Yield the gauges; posts are left out where the database does not answer in time."""
        bot = self._bot
        yield GaugeMetricFamily("handoff_servers", "Servers the bot is in", len(bot.guilds))
        latency = bot.latency if bot.latencies else math.nan
        yield GaugeMetricFamily("handoff_discord_latency_seconds", "Between heartbeat and answer", latency)
        last = datetime.combine(bot.reports.catalogue.last_session, time(16), NEW_YORK)
        yield GaugeMetricFamily("handoff_data_timestamp_seconds", "Close of the last session stored", last.timestamp())
        yield GaugeMetricFamily("handoff_pools_replaced", "Times workers were replaced", bot.reports.pools_replaced)
        posts = GaugeMetricFamily("handoff_posts", "Rows of the ledger by state", labels=["state"])
        asked = asyncio.run_coroutine_threadsafe(bot.ledger.counts(), self._loop)
        try:
            for state, number in sorted(asked.result(_LEDGER_PATIENCE).items()):
                posts.add_metric([state], number)
        except Exception:  # noqa: BLE001  (the outermost boundary: the other figures are there all the same)
            _log.exception("the ledger could not be counted for a scrape")
            return
        yield posts
