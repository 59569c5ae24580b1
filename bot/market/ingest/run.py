"""One run of the ingest: every vendor in a lane of its own, a row in the diary for each part, one switch at the end."""

import gc
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from bot.clock import Clock
from bot.errors import BadInput, DatabaseUnusable
from bot.i18n import gettext as _
from bot.i18n import one_of
from bot.market import calendar
from bot.market.archive import current
from bot.market.ingest import companies, macro, members, prices, publishing, snapshot
from bot.market.ingest.job import ClockBehind, Job, Outcome, Progress, Status
from bot.market.ingest.publishing import Measure
from bot.market.ingest.settings import PARTS, IngestSettings
from bot.market.ingest.summary import PartSummary, RunSummary, detail
from bot.market.sources.faults import BadAnswer, Mishap
from bot.market.sources.finra import Finra
from bot.market.sources.fred import Fred
from bot.market.sources.ishares import IShares
from bot.market.sources.pace import Timing
from bot.market.sources.vendor import FINRA, FRED, ISHARES, YAHOO, Vendors, VendorSettings
from bot.market.sources.yahoo import Yahoo
from bot.market.store import Store, runs, state
from bot.market.store.alone import alone
from bot.trouble import as_unusable

_log = logging.getLogger(__name__)
PUBLISH = "publish"
Source = Yahoo | Finra | IShares | Fred
_MAKERS: Mapping[str, Callable[[VendorSettings, Timing], Source]] = {
    YAHOO: Yahoo, FINRA: Finra, ISHARES: IShares, FRED: Fred,
}  # fmt: skip
_WORK: Mapping[str, Callable[[Job, Any], Outcome]] = {
    "prices": prices.prices,
    "futures": prices.futures,
    "snapshot": snapshot.snapshot,
    "funds": companies.funds,
    "companies": companies.companies,
    "macro": macro.macro,
    "holdings": members.holdings,
    "shortinterest": members.short_interest,
}

_ENDED: Mapping[Status, runs.Status] = {"failed": "failed", "partial": "partial"}  # in the diary: all else is done


def vendor_settings(vendors: Vendors) -> dict[str, VendorSettings]:
    """Return each vendor's settings by its name."""
    return {YAHOO: vendors.yahoo, FINRA: vendors.finra, ISHARES: vendors.ishares, FRED: vendors.fred}


@dataclass(frozen=True, slots=True)
class Lane:
    """One vendor's part of a run: its source, kept open through all of its parts."""

    vendor: str
    source: Source
    job: Job

    def work(self, parts: Sequence[str]) -> list[PartSummary]:
        """Do the parts one after another and note how the vendor fared."""
        done = [self._part(part) for part in parts]
        if done and self.source.session.settings.enabled:
            self._note(done)
        return done

    def _part(self, part: str) -> PartSummary:
        if not self.source.session.settings.enabled:
            return PartSummary(part, self.vendor, "off")
        store, before = self.job.store, self.source.session.requests
        run = runs.begin(store, part, self.job.now)
        job = replace(self.job, part=part, run=run)
        try:
            with as_unusable():
                outcome = _WORK[part](job, self.source)
        except DatabaseUnusable:
            raise  # no other part could store anything either
        except Exception as error:  # noqa: BLE001  # a fault of ours in one part must not take the others with it
            _log.exception("the part %s failed", part)
            outcome = Outcome(asked=1)
            outcome.failed(part, Mishap(self.vendor, f"{type(error).__name__}: {error}"))
        asked = self.source.session.requests - before
        told = detail(outcome)
        ended = _ENDED.get(outcome.status, "done")
        runs.finish(store, run, job.now, status=ended, written=outcome.written, requests=asked, detail=told)
        if told:
            _log.warning("%s: %s", part, told.replace("\n", "; "))
        refusal = next(iter(outcome.refused.values()), None)
        telling = outcome.telling or (BadAnswer(self.vendor, refusal) if refusal else None)
        return PartSummary(
            part, self.vendor, outcome.status, asked, outcome.written, telling, told, tuple(outcome.news)
        )

    def _note(self, done: Sequence[PartSummary]) -> None:
        """Remember success and failure; where the breaker is open, when the vendor may be asked again."""
        now, left = self.job.now, self.source.session.breaker.left
        changes: dict[str, Any] = {"resume_at": now + timedelta(seconds=left) if left else None}
        if any(part.status in {"done", "partial", "waiting"} and part.requests for part in done):
            changes["last_success"] = now
        trouble = next((part for part in done if part.telling is not None), None)
        if trouble is not None:
            changes |= {"last_failure": now, "error": trouble.detail}
        state.note_health(self.job.store, self.vendor, **changes)


def ingest(
    settings: IngestSettings,
    store: Store,
    clock: Clock,
    *,
    full: bool = False,
    only: Sequence[str] | None = None,
    progress: Progress | None = None,
    timing: Timing | None = None,
    measure: Measure | None = None,
) -> RunSummary:
    """Fetch what is new (with ``full`` everything) of all parts or those named, store it, publish it.

    Vendors' failures never raise: they are in the summary, and what is stored stays. Interrupted at any moment, the
    next run goes on. ``progress(part, done, total)`` is called from several threads. ``measure`` gives the aggregates
    of new snapshots, which are kept for good. BadInput for an unknown part, AlreadyRunning during another run,
    ClockBehind where the clock cannot be right, DatabaseUnusable where nothing can be stored or published.
    """
    chosen = _chosen(only)
    job = Job("", 0, settings, store, timing or Timing(clock), full, progress or _silent)
    _warm(job)
    with as_unusable():
        _check_clock(job)
    with as_unusable(), alone(store), _collecting_seldom():
        done, version = _worked(job, chosen, measure)
    order = list(PARTS)
    return RunSummary(tuple(sorted(done, key=lambda part: order.index(part.part))), version)


def _worked(job: Job, chosen: Sequence[str], measure: Measure | None) -> tuple[list[PartSummary], str | None]:
    """Do the parts, all vendors at once; companies' pages, which take long, when the rest is published."""
    done: list[PartSummary] = []
    with _lanes(job, {PARTS[part] for part in chosen}) as lanes, _switching(job) as switch:
        # The snapshot takes its sectors from the members' files: from today's, not from whichever was there first.
        first = [part for part in chosen if part not in {"snapshot", "companies"}]
        with ThreadPoolExecutor(max(1, len(lanes)), thread_name_prefix="vendor") as pool:
            for found in pool.map(lambda lane: lane.work([p for p in first if PARTS[p] == lane.vendor]), lanes):
                done += found
        yahoo = next((lane for lane in lanes if lane.vendor == YAHOO), None)
        if yahoo and "snapshot" in chosen:
            done += yahoo.work(["snapshot"])
        version = switch(done)
        if version is not None and measure is not None:
            _record(job, measure)
        if yahoo and "companies" in chosen:
            done += yahoo.work(["companies"])
    return done, version


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Have the garbage collector look rarely: hundreds of thousands of rows pass through, none of them its business."""
    usual = gc.get_threshold()
    gc.set_threshold(200_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _record(job: Job, measure: Measure) -> None:
    try:
        publishing.record(job, measure)
    except Exception:  # noqa: BLE001  # a fault of ours in one figure must not take the rest of the run with it
        _log.exception("the aggregates of the day were not kept: the next run tries again")


def _silent(_part: str, _done: int, _total: int) -> None:
    """Tell nobody how far it is."""


def _warm(job: Job) -> None:
    """Make the calendars before threads ask for them: the libraries warn, and warnings are a process's, not a thread's.

    Silencing them in two threads at once would undo one or the other.
    """
    calendar.publication_date(job.today)
    macro.is_due("DGS2", job.today, job.today)


def _check_clock(job: Job) -> None:
    """Raise ClockBehind: by such a clock, prices of today would be stored as those of some day before."""
    final, newest = job.final, job.store.newest("bars")
    if newest is not None and newest > final:
        raise ClockBehind(job.now, newest)


def _chosen(only: Sequence[str] | None) -> list[str]:
    unknown = sorted(set(only or ()) - set(PARTS))
    if unknown:
        raise BadInput(
            _("There is no source called “{name}”. There are {names}.").format(
                name=unknown[0], names=one_of(list(PARTS))
            )
        )
    return [part for part in PARTS if only is None or part in only]


@contextmanager
def _lanes(job: Job, vendors: set[str]) -> Iterator[list[Lane]]:
    """Open the sources; a vendor that an earlier run left alone for a while stays so."""
    health = state.health(job.store)
    lanes = []
    for vendor, settings in vendor_settings(job.settings.vendors).items():
        if vendor not in vendors:
            continue
        source = _MAKERS[vendor](settings, job.timing)
        resume_at = health[vendor].resume_at if vendor in health else None
        if resume_at is not None and resume_at > job.now:
            source.session.breaker.rest((resume_at - job.now).total_seconds())
        lanes.append(Lane(vendor, source, job))
    try:
        yield lanes
    finally:
        for lane in lanes:
            lane.source.close()


@contextmanager
def _switching(job: Job) -> Iterator[Callable[[Sequence[PartSummary]], str | None]]:
    """Give what publishes once parts are done: when something was stored, or an earlier run did not come to it.

    The row in the diary is open from the start of the run: a run killed at any moment leaves it open, and tells the
    next one that what is stored may not be published.
    """
    last = runs.latest(job.store, PUBLISH, count=1)
    missed = bool(last) and last[0].status != "done"
    run = runs.begin(job.store, PUBLISH, job.now)

    def switch(done: Sequence[PartSummary]) -> str | None:
        fresh = any(part.written.new or part.written.changed for part in done)
        if not fresh and not missed and current(job.settings.folder) is not None:
            return None
        if job.store.newest("bars") is None:
            return None
        publishing.seed(job.store)
        return publishing.release(job)

    yield switch
    runs.finish(job.store, run, job.now)
