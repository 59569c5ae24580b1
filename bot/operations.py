"""What an operator does at a terminal: migrate, ingest, look how old the data is."""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot import log
from bot.clock import SystemClock
from bot.community.database import migrate as migrate_community
from bot.config import Settings, data_folder, data_location
from bot.errors import NoData
from bot.features.record import measure
from bot.i18n import gettext as _
from bot.jobs.ingesting import next_fetch
from bot.market import standing
from bot.market import store as market
from bot.market.catalogue import SAMPLE, Catalogue
from bot.market.freshness import standings
from bot.market.ingest.run import ingest as run_ingest
from bot.market.ingest.settings import IngestSettings
from bot.market.ingest.summary import PartSummary, RunSummary
from bot.market.sources.vendor import switched_off

Ticker = Callable[[str, int, int], None]


def migrate(settings: Settings, _chosen: argparse.Namespace) -> int:
    """Bring both databases up to date; return the exit code."""
    data_folder(settings)
    market.migrate(settings.market_url)
    migrate_community(settings.community_url)
    print(_("Both databases are up to date."))
    return 0


def ingest(settings: Settings, chosen: argparse.Namespace) -> int:
    """Fetch what is new, with a bar for each part; return 0, or 1 where something could not be had."""
    log.configure(settings.log.level, settings.log.format)
    data_folder(settings)
    market.migrate(settings.market_url)
    with market.Store(settings.market_url) as store, _bars() as tick:
        log.configure(settings.log.level, settings.log.format)  # anew: where there are bars, lines appear above them
        summary = run_ingest(
            IngestSettings.of(settings), store, SystemClock(), full=chosen.full, only=chosen.only, progress=tick,
            measure=measure,
        )  # fmt: skip
    print("\n".join(_told(summary)))
    return summary.exit_code


@contextmanager
def _bars() -> Iterator[Ticker]:
    """Show a bar for each part on a terminal; nothing where nobody watches."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description:<14}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not sys.stderr.isatty()) as progress, _stoppable(progress.stop):
        tasks = {}

        def tick(part: str, done: int, total: int) -> None:
            if part not in tasks:
                tasks[part] = progress.add_task(part, total=total)
            progress.update(tasks[part], completed=done, total=total)

        yield tick


@contextmanager
def _stoppable(tidy: Callable[[], None]) -> Iterator[None]:
    """End the process on Ctrl-C and SIGTERM at once: a run may be killed anywhere, and its threads wait for vendors."""

    def leave(number: int, _frame: FrameType | None) -> None:
        tidy()
        print(_("Stopped: what was stored stays, and the next run goes on from there."), file=sys.stderr, flush=True)
        os._exit(128 + number)  # as shells have it

    chosen = [n for n in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(n) is not signal.SIG_IGN]
    before = {number: signal.signal(number, leave) for number in chosen}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _told(summary: RunSummary) -> Iterator[str]:
    """Return a line for each part, one sentence for each vendor that failed, and what was published."""
    for part in summary.parts:
        yield _line(part)
    yield from summary.sentences()
    yield from summary.news()
    if summary.version:
        yield _("Published: {version}.").format(version=summary.version)
    else:
        yield _("Nothing new to publish.")


def _line(part: PartSummary) -> str:
    return _("{part}: {status}, {requests} requests").format(
        part=part.part, status=_statuses()[part.status], requests=part.requests
    )


def _statuses() -> dict[str, str]:
    return {
        "done": _("done"),
        "partial": _("partly done"),
        "waiting": _("not published yet"),
        "off": _("switched off"),
        "failed": _("failed"),
    }


def status(settings: Settings, _chosen: argparse.Namespace) -> int:
    """Show how old the data is, and how each vendor fared; return the exit code."""
    now, catalogue = SystemClock().now(), _catalogue(settings)
    if settings.data.source == SAMPLE:  # which nobody fetches anything for
        print("\n".join(standing.lines((), catalogue, now, None)))
        return 0
    data_folder(settings)
    market.migrate(settings.market_url)
    following = next_fetch(catalogue, now) if catalogue else None
    print("\n".join(standing.lines(standings(settings.market_url, switched_off(settings)), catalogue, now, following)))
    return 0


def _catalogue(settings: Settings) -> Catalogue | None:
    try:
        return Catalogue.load(data_location(settings))
    except NoData:
        return None
